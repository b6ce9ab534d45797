//! Patterns with `*` and `?`, compared with texts and with each other.

use super::truth::Truth;

/// Longer patterns are not compared; no ARN of AWS has more than 2048 characters.
const LONGEST: usize = 4096;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    Letter(char),
    One,
    Many,
}

/// A set of texts: a literal, or one with `*` (any text) and `?` (any character).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    tokens: Vec<Token>,
    /// It holds a policy variable, whose value is not known; the tokens have a `*` in its place.
    is_open: bool,
}

impl Pattern {
    /// The text itself, wildcards included.
    pub(super) fn literal(text: &str) -> Self {
        Self { tokens: text.chars().map(Token::Letter).collect(), is_open: false }
    }

    /// `*` and `?` are wildcards, `$` is a letter.
    pub(super) fn glob(text: &str) -> Self {
        let tokens = text.chars().map(|letter| match letter {
            '*' => Token::Many,
            '?' => Token::One,
            letter => Token::Letter(letter),
        });
        Self { tokens: float(&tokens.collect::<Vec<_>>()), is_open: false }
    }

    /// Also reads policy variables; `${*}`, `${?}` and `${$}` are letters, others leave the pattern open.
    ///
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>
    pub(super) fn with_variables(text: &str, has_wildcards: bool) -> Self {
        let mut tokens = Vec::new();
        let mut is_open = false;
        let mut rest = text;
        while let Some(letter) = rest.chars().next() {
            if let Some(inside) = rest.strip_prefix("${") {
                let (name, after) = inside.split_once('}').unwrap_or((inside, ""));
                rest = after;
                tokens.push(match name {
                    "*" | "?" | "$" => Token::Letter(name.chars().next().unwrap_or('$')),
                    _ => {
                        is_open = true;
                        Token::Many
                    }
                });
                continue;
            }
            rest = &rest[letter.len_utf8()..];
            tokens.push(match letter {
                '*' if has_wildcards => Token::Many,
                '?' if has_wildcards => Token::One,
                letter => Token::Letter(letter),
            });
        }
        Self { tokens: float(&tokens), is_open }
    }

    /// A cost of comparing it with another one: the product of both.
    pub(super) fn cost(&self) -> usize {
        self.tokens.len() + 1
    }

    /// The only text it holds.
    pub(super) fn text(&self) -> Option<String> {
        self.tokens
            .iter()
            .map(|token| if let Token::Letter(letter) = token { Some(*letter) } else { None })
            .collect()
    }

    /// How many texts of `set` it holds: all, some, none.
    pub(super) fn holds(&self, set: &Self) -> Truth {
        if self.tokens.len().max(set.tokens.len()) > LONGEST {
            return Truth::UNCLEAR;
        }
        let is_covered = covers(&self.tokens, &set.tokens);
        let is_one_text = !set.tokens.iter().any(|token| is_wild(*token));
        if !is_covered && (is_one_text || !overlap(&self.tokens, &set.tokens)) {
            return Truth::NEVER;
        }
        match (is_covered, self.is_open || set.is_open) {
            (_, true) => Truth::UNCLEAR,
            (true, false) => Truth::ALWAYS,
            (false, false) => Truth::SOMETIMES,
        }
    }

    /// Capital letters made small.
    pub(super) fn lowercase(mut self) -> Self {
        for token in &mut self.tokens {
            if let Token::Letter(letter) = token {
                *letter = letter.to_ascii_lowercase();
            }
        }
        self
    }

    /// Cut at the first `count - 1` colons; fewer parts when it has fewer colons.
    pub(super) fn parts(&self, count: usize) -> Vec<Self> {
        let part = |tokens: &[Token]| Self { tokens: float(tokens), is_open: self.is_open };
        self.tokens.splitn(count, |token| *token == Token::Letter(':')).map(part).collect()
    }
}

/// In a run of wildcards with a `*` each `?` may be anywhere: `a?*b` and `a*?b` become `a*?*b`.
fn float(tokens: &[Token]) -> Vec<Token> {
    let mut done: Vec<Token> = Vec::with_capacity(tokens.len());
    for run in tokens.chunk_by(|a, b| is_wild(*a) && is_wild(*b)) {
        if !run.contains(&Token::Many) {
            done.extend(run);
            continue;
        }
        done.push(Token::Many);
        for _ in run.iter().filter(|token| **token == Token::One) {
            done.extend([Token::One, Token::Many]);
        }
    }
    done
}

fn is_wild(token: Token) -> bool {
    !matches!(token, Token::Letter(_))
}

/// Every text of `set` matches `pattern`; exact, because the alphabet is larger than any pattern.
///
/// The hardest text of `set` has a letter of its own for each `?` and, for each `*`, as many or as few of them as hurts most. So
/// `set` is read like a text in which only a `*` of `pattern` takes a `*`. Greedy, at most the product of both lengths.
fn covers(pattern: &[Token], set: &[Token]) -> bool {
    let takes = |token: Token, symbol: Token| match token {
        Token::Letter(_) => token == symbol,
        Token::One => symbol != Token::Many,
        Token::Many => true,
    };
    let (mut at, mut read) = (0, 0);
    let mut last_many = None;
    while read < set.len() {
        if pattern.get(at) == Some(&Token::Many) {
            at += 1;
            last_many = Some((at, read));
        } else if pattern.get(at).is_some_and(|token| takes(*token, set[read])) {
            at += 1;
            read += 1;
        } else if let Some((after, from)) = last_many {
            at = after;
            read = from + 1;
            last_many = Some((after, read));
        } else {
            return false;
        }
    }
    pattern[at..].iter().all(|token| *token == Token::Many)
}

/// Some text matches both.
fn overlap(a: &[Token], b: &[Token]) -> bool {
    let literal = a.iter().zip(b).take_while(|(a, b)| !is_wild(**a) && !is_wild(**b));
    if literal.into_iter().any(|(a, b)| a != b) {
        return false;
    }
    // reached[j]: some text matches the tokens of `a` read so far and the first j of `b`.
    let mut reached = vec![false; b.len() + 1];
    reached[0] = true;
    skip_many(&mut reached, b);
    for token in a {
        let mut next = vec![false; b.len() + 1];
        for (j, _) in reached.iter().enumerate().filter(|(_, is_reached)| **is_reached) {
            match token {
                Token::Many => next[j..].fill(true),
                token => match b.get(j) {
                    Some(Token::Letter(_)) if is_wild(*token) || *token == b[j] => next[j + 1] = true,
                    Some(Token::One) => next[j + 1] = true,
                    Some(Token::Many) => next[j] = true,
                    _ => {}
                },
            }
            if *token == Token::Many {
                break;
            }
        }
        skip_many(&mut next, b);
        reached = next;
    }
    reached[b.len()]
}

/// A `*` of `b` may stand for nothing.
fn skip_many(reached: &mut [bool], b: &[Token]) {
    for (j, token) in b.iter().enumerate() {
        if reached[j] && *token == Token::Many {
            reached[j + 1] = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Pattern, Truth};

    fn holds(pattern: &str, set: &str) -> Truth {
        Pattern::glob(pattern).holds(&Pattern::glob(set))
    }

    #[test]
    fn a_prefix_pattern_covers_a_longer_prefix_and_touches_a_shorter_one() {
        assert_eq!(holds("arn:aws:s3:::logs/*", "arn:aws:s3:::logs/AWSLogs/*"), Truth::ALWAYS);
        assert_eq!(holds("arn:aws:s3:::logs/AWSLogs/*", "arn:aws:s3:::logs/*"), Truth::SOMETIMES);
        assert_eq!(holds("arn:aws:s3:::other/*", "arn:aws:s3:::logs/*"), Truth::NEVER);
    }

    #[test]
    fn a_pattern_without_slash_also_holds_buckets_that_share_the_prefix() {
        assert_eq!(holds("arn:aws:s3:::logs*", "arn:aws:s3:::logs-of-others/x"), Truth::ALWAYS);
    }

    #[test]
    fn question_marks_beside_a_star_may_float_but_not_vanish() {
        assert_eq!(holds("a?*b", "a*?b"), Truth::ALWAYS);
        assert_eq!(holds("a?*", "a*"), Truth::SOMETIMES);
        assert_eq!(holds("?*", "*"), Truth::SOMETIMES);
    }

    #[test]
    fn a_policy_variable_leaves_open_what_its_surroundings_do_not_rule_out() {
        let open = Pattern::with_variables("logs/${aws:PrincipalAccount}/*", true);
        assert_eq!(open.holds(&Pattern::glob("logs/1/x")), Truth::UNCLEAR);
        assert_eq!(open.holds(&Pattern::glob("other/1/x")), Truth::NEVER);
    }

    #[test]
    fn escaped_wildcards_are_letters() {
        let star = Pattern::with_variables("a${*}${?}${$}", true);
        assert_eq!(star.text().as_deref(), Some("a*?$"));
    }

    #[test]
    fn a_hostile_pattern_takes_no_exponential_time() {
        let pattern = "a*".repeat(2000) + "b";
        assert_eq!(holds(&pattern, &"a".repeat(4000)), Truth::NEVER);
    }

    /// All texts over `a`, `b` and a letter that no pattern has.
    fn texts(longest: usize) -> Vec<String> {
        let mut all = vec![String::new()];
        let mut last = all.clone();
        for _ in 0..longest {
            last = last
                .iter()
                .flat_map(|text| ["a", "b", "#"].map(|letter| format!("{text}{letter}")))
                .collect();
            all.extend(last.clone());
        }
        all
    }

    /// By definition, without cleverness.
    fn matches(pattern: &[u8], text: &[u8]) -> bool {
        match (pattern.first(), text.first()) {
            (None, None) => true,
            (Some(b'*'), _) => {
                matches(&pattern[1..], text) || (!text.is_empty() && matches(pattern, &text[1..]))
            }
            (Some(b'?'), Some(_)) => matches(&pattern[1..], &text[1..]),
            (Some(a), Some(b)) => a == b && matches(&pattern[1..], &text[1..]),
            _ => false,
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        // Texts of 7 letters are long enough to tell patterns of 4 and 5 tokens apart.
        #[test]
        fn covering_and_touching_are_what_they_are_text_by_text(p in "[ab*?]{0,4}", set in "[ab*?]{0,5}") {
            let texts: Vec<String> =
                texts(7).into_iter().filter(|text| matches(set.as_bytes(), text.as_bytes())).collect();
            let hit = texts.iter().filter(|text| matches(p.as_bytes(), text.as_bytes())).count();
            let expected = match hit {
                0 => Truth::NEVER,
                hit if hit == texts.len() => Truth::ALWAYS,
                _ => Truth::SOMETIMES,
            };
            prop_assert_eq!(holds(&p, &set), expected);
        }

        #[test]
        fn a_pattern_holds_a_text_exactly_when_it_matches(p in "[ab*?]{0,8}", text in "[ab]{0,8}") {
            let expected = Truth::from(matches(p.as_bytes(), text.as_bytes()));
            prop_assert_eq!(Pattern::glob(&p).holds(&Pattern::literal(&text)), expected);
        }
    }
}
