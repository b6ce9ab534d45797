//! From text to syntax tree, within limits, with places for messages.

use std::ops::Range;

use cel::IdedExpr;
use cel::common::ast::{Expr, SourceInfo, operators};
use cel::parser::{ParseError, Parser};

use super::check::{Macro, is_operator, recognise};
use super::{MAX_LENGTH, MAX_NESTING, Mistake};

/// Where the nodes of a syntax tree are in the text.
#[derive(Debug)]
pub(super) struct Places {
    info: SourceInfo,
}

impl Places {
    pub(super) fn text(&self) -> &str {
        &self.info.source
    }

    /// The token that CEL places a node at: the operator, the opening bracket of a call, the dot of a selection.
    pub(super) fn token(&self, node: &IdedExpr) -> Range<usize> {
        let (start, last) = self.info.offset_for(node.id).unwrap_or((0, 0));
        let start = start as usize;
        let word = self.word_from(start);
        let end = (last as usize + 1).max(word.end);
        start..end.min(self.text().len())
    }

    /// The field name of a selection.
    pub(super) fn field(&self, node: &IdedExpr) -> Range<usize> {
        let dot = self.token(node).start;
        let after = self.text().get(dot + 1..).unwrap_or_default();
        self.word_from(dot + 1 + (after.len() - after.trim_start().len()))
    }

    /// The function name before the opening bracket of a call.
    pub(super) fn function(&self, node: &IdedExpr) -> Range<usize> {
        let bracket = self.token(node).start;
        let before = self.text().get(..bracket).unwrap_or_default().trim_end();
        let name = before.len() - before.chars().rev().take_while(|c| is_word(*c)).count();
        if name < before.len() { name..before.len() } else { bracket..bracket + 1 }
    }

    /// The text at a place.
    pub(super) fn snippet(&self, range: &Range<usize>) -> &str {
        self.text().get(range.clone()).unwrap_or_default()
    }

    /// An expression from its first token to its last, with the brackets that open or close in it.
    pub(super) fn whole(&self, e: &IdedExpr) -> Range<usize> {
        let Range { mut start, mut end } = self.extent(e);
        let (mut open, mut missing) = (0_usize, 0_usize);
        for c in self.snippet(&(start..end)).chars() {
            match c {
                '(' => open += 1,
                ')' if open == 0 => missing += 1,
                ')' => open -= 1,
                _ => {}
            }
        }
        for _ in 0..missing {
            let before = self.text().get(..start).unwrap_or_default().trim_end();
            start = if before.ends_with('(') { before.len() - 1 } else { start };
        }
        for _ in 0..open {
            let after = self.text().get(end..).unwrap_or_default();
            let blank = after.len() - after.trim_start().len();
            end = if after.trim_start().starts_with(')') { end + blank + 1 } else { end };
        }
        start..end
    }

    /// From the first token of an expression to its last, as far as the tokens are its own.
    fn extent(&self, e: &IdedExpr) -> Range<usize> {
        let mut range = match &e.expr {
            Expr::Select(_) => self.field(e),
            Expr::Call(call) if !is_operator(&call.func_name) => self.function(e),
            _ => self.token(e),
        };
        let mut include = |inner: &IdedExpr| {
            let inner = self.extent(inner);
            range = range.start.min(inner.start)..range.end.max(inner.end);
        };
        match &e.expr {
            Expr::Select(select) => include(&select.operand),
            Expr::Call(call) => {
                call.target.iter().map(|target| &**target).chain(&call.args).for_each(include);
            }
            Expr::List(list) => list.elements.iter().for_each(include),
            Expr::Comprehension(comprehension) => {
                include(&comprehension.iter_range);
                match recognise(comprehension) {
                    Some(Macro::All(body) | Macro::Exists(body) | Macro::ExistsOne(body)) => include(body),
                    Some(Macro::Collect(condition, collected)) => {
                        condition.into_iter().chain([collected]).for_each(include);
                    }
                    None => {}
                }
            }
            _ => {}
        }
        let text = self.text().get(range.end..).unwrap_or_default();
        let is_bracketed = matches!(&e.expr, Expr::Comprehension(_) | Expr::List(_))
            || matches!(&e.expr, Expr::Call(call) if !is_operator(&call.func_name) || call.func_name == operators::INDEX);
        let closing = text.trim_start().starts_with([')', ']']) && is_bracketed;
        let end = if closing { range.end + (text.len() - text.trim_start().len()) + 1 } else { range.end };
        range.start..end
    }

    fn word_from(&self, start: usize) -> Range<usize> {
        let rest = self.text().get(start..).unwrap_or_default();
        let length = rest.chars().take_while(|c| is_word(*c)).count();
        start..start + length.max(usize::from(!rest.is_empty()))
    }
}

/// What strings start and end with.
const QUOTES: [char; 2] = ['\'', '"'];

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// Parses `text`; the caller sees to it that the stack is large enough (see [`crate::pack`]).
pub(super) fn parse(text: &str) -> Result<(IdedExpr, Places), Vec<Mistake>> {
    within_limits(text).map_err(|mistake| vec![mistake])?;
    match Parser::new().parse_with_source_info(text) {
        Ok((ast, info)) => Ok((ast, Places { info })),
        Err(errors) => Err(errors.errors.iter().take(1).map(|error| syntax_mistake(text, error)).collect()),
    }
}

fn within_limits(text: &str) -> Result<(), Mistake> {
    if text.trim().is_empty() {
        return Err(Mistake::new(0..text.len(), "the expression is empty"));
    }
    if text.len() > MAX_LENGTH {
        let title = format!("the expression has {} bytes, {MAX_LENGTH} are allowed", text.len());
        return Err(Mistake::new(0..text.len(), title).help("split the rule in two"));
    }
    // Brackets in strings count too: telling them apart would take a lexer, and strings rarely open what they do not close.
    let mut open = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '(' | '[' | '{' => open += 1,
            ')' | ']' | '}' => open = open.saturating_sub(1),
            _ => {}
        }
        if open > MAX_NESTING {
            let title = format!("more than {MAX_NESTING} brackets are open at one place");
            return Err(Mistake::new(at..at + 1, title).help("split the rule in two"));
        }
    }
    Ok(())
}

fn syntax_mistake(text: &str, error: &ParseError) -> Mistake {
    let (line, column) = error.pos;
    let at = crate::source::Source::new("", text)
        .offset(usize::try_from(line).unwrap_or(1).max(1), usize::try_from(column).unwrap_or(1).max(1));
    let message = error.msg.strip_prefix("Syntax error: ").unwrap_or(&error.msg);
    let quoted = match message.strip_prefix("token recognition error at: '") {
        Some(quoted) => quoted.strip_suffix('\'').unwrap_or(quoted),
        None => message.split('\'').nth(1).unwrap_or_default(),
    };
    let quoted = quoted.trim_end();
    let (title, end) = if message.contains("Recursion limit") {
        ("the expression is nested too deeply".to_owned(), text.len())
    } else if message.starts_with("token recognition error") && quoted.starts_with(QUOTES) {
        ("a string is never closed".to_owned(), at + quoted.len())
    } else if message.starts_with("token recognition error") {
        (format!("unexpected character `{quoted}`"), at + quoted.len())
    } else if let Some((missing, _)) = message.strip_prefix("missing '").and_then(|it| it.split_once('\'')) {
        (format!("a `{missing}` is missing"), at + 1)
    } else if quoted == "<EOF>" {
        ("the expression ends too early".to_owned(), at + 1)
    } else if message.contains("input") && !quoted.is_empty() {
        (format!("unexpected `{quoted}`"), at + 1)
    } else {
        (message.to_owned(), at + 1)
    };
    let end = text.len().min(text.ceil_char_boundary(end.max(at)));
    Mistake { help: syntax_help(text, at, quoted).map(str::to_owned), ..Mistake::new(at..end, title) }
}

/// What to do about a text that is no expression, by what stands at the place and before it.
fn syntax_help(text: &str, at: usize, quoted: &str) -> Option<&'static str> {
    let (before, rest) = text.split_at_checked(at)?;
    let word = |c: char| !is_word(c);
    let is_connective =
        |word: &str| ["and", "or", "not"].iter().any(|known| word.eq_ignore_ascii_case(known));
    let next = rest.split(word).next().unwrap_or_default();
    let last = before.trim_end().rsplit(word).next().unwrap_or_default();
    if rest.starts_with('=') || quoted.starts_with('=') {
        Some("to compare, write `==`")
    } else if is_connective(next) || is_connective(last) || rest.starts_with(['&', '|']) {
        Some("write `&&` for and, `||` for or, `!` for not")
    } else if rest.starts_with(QUOTES) && quoted.starts_with(QUOTES) {
        Some("close it with the quote that it starts with; in YAML, ` #` ends a value that is not in quotes")
    } else {
        None
    }
}

impl Mistake {
    pub(super) fn new(span: Range<usize>, title: impl Into<String>) -> Self {
        Self { span, title: title.into(), label: String::new(), help: None }
    }

    pub(super) fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}
