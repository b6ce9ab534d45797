//! Rules of composite alarms.
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html>

/// The alarms, by name or ARN, of which any one sets the rule off; `None` for any other logic.
pub(super) fn any_of(rule: &str) -> Option<Vec<&str>> {
    let mut alarms = Vec::new();
    let mut rest = rule;
    // Where only OR joins, grouping has no meaning: an operand, then OR and an operand, again and again.
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '(');
        rest = rest.strip_prefix("ALARM")?.trim_start().strip_prefix('(')?.trim_start();
        let (name, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"')?,
            None => rest.split_at(rest.find(|c: char| c == ')' || c.is_whitespace())?),
        };
        if name.is_empty() {
            return None;
        }
        alarms.push(name);
        rest = after.trim_start().strip_prefix(')')?;
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ')');
        if rest.is_empty() {
            return Some(alarms);
        }
        rest = rest.strip_prefix("OR")?;
        if !rest.starts_with(|c: char| c.is_whitespace() || c == '(') {
            return None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::any_of;

    #[test]
    fn alarms_that_or_joins_are_named_and_any_other_logic_is_not_understood() {
        let understood: [(&str, &[&str]); 5] = [
            (r#"ALARM("a")"#, &["a"]),
            ("ALARM(a)", &["a"]),
            (r#"(ALARM("a b") OR (ALARM( c ))) OR ALARM("arn:x")"#, &["a b", "c", "arn:x"]),
            ("ALARM(a)\nOR(ALARM(b))", &["a", "b"]),
            (r#"ALARM("a) AND (b")"#, &["a) AND (b"]),
        ];
        for (rule, names) in understood {
            assert_eq!(any_of(rule).as_deref(), Some(names), "{rule}");
        }
        let others = [
            "",
            "TRUE",
            "ALARM(a) AND ALARM(b)",
            "ALARM(a) OR OK(b)",
            "ALARM(a) OR TRUE",
            "NOT ALARM(a)",
            "ALARM(a) OR",
            "ALARM(a) ORALARM(b)",
            "ALARM(",
            "ALARM()",
            "ALARM(\"a",
            "AT_LEAST(1, ALARM, (a, b))",
        ];
        for rule in others {
            assert_eq!(any_of(rule), None, "{rule}");
        }
    }
}
