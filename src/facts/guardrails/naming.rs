//! Which accounts a policy document tells apart from all others.

use std::collections::BTreeSet;

use serde_json::Value;

/// The accounts that a document names. Of all others it says the same, so that one answer serves them all.
#[derive(Clone, Debug, Default)]
pub(super) struct Naming {
    accounts: BTreeSet<String>,
    /// It may tell any account from any other.
    is_open: bool,
}

impl Naming {
    /// Accounts are told apart by twelve digits, by fewer beside a wildcard, and by numbers.
    pub(super) fn of(document: &str) -> Self {
        let mut naming = Self::default();
        match serde_json::from_str::<Value>(document) {
            Ok(value) => naming.read(&value),
            Err(_) => naming.is_open = true,
        }
        naming
    }

    pub(super) fn extend(&mut self, other: &Self) {
        self.accounts.extend(other.accounts.iter().cloned());
        self.is_open |= other.is_open;
    }

    pub(super) fn tells_apart(&self, account: &str) -> bool {
        let is_id = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
        self.is_open || !is_id || self.accounts.contains(account)
    }

    fn read(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.scan(text),
            Value::Number(number) if number.is_f64() => self.is_open = true,
            Value::Number(number) => self.scan(&number.to_string()),
            Value::Array(items) => items.iter().for_each(|item| self.read(item)),
            Value::Object(members) => {
                self.is_open |= members.keys().any(|name| name.to_ascii_lowercase().contains("numeric"));
                members.values().for_each(|item| self.read(item));
            }
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn scan(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let mut at = 0;
        for run in bytes.chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit()) {
            let (start, end) = (at, at + run.len());
            at = end;
            if !run[0].is_ascii_digit() || run.len() > 12 {
                continue;
            }
            if run.len() == 12 {
                self.accounts.insert(String::from_utf8_lossy(run).into_owned());
                continue;
            }
            let beside = [start.checked_sub(1).and_then(|before| bytes.get(before)), bytes.get(end)];
            // An id stands alone or between colons: digits beside another letter are no part of one.
            let may_be_part =
                beside.iter().flatten().all(|byte| matches!(byte, b':' | b'*' | b'?' | b'$' | b'}'));
            self.is_open |= may_be_part && beside.iter().flatten().any(|byte| **byte != b':');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Naming;

    const ONE: &str = "111111111111";
    const OTHER: &str = "222222222222";

    fn told_apart(value: &str) -> [bool; 2] {
        let naming = Naming::of(&serde_json::json!({"Version": "2012-10-17", "x": [value]}).to_string());
        [ONE, OTHER].map(|account| naming.tells_apart(account))
    }

    #[test]
    fn an_account_is_told_apart_by_its_whole_id_only() {
        assert_eq!(told_apart("arn:aws:iam::111111111111:role/Admin"), [true, false]);
        assert_eq!(told_apart("arn:aws:iam::1111111111110:role/Admin"), [false, false]);
        assert_eq!(told_apart("arn:aws:iam::*:role/AWSControlTowerExecution"), [false, false]);
    }

    #[test]
    fn digits_of_names_dates_and_regions_tell_no_account_apart() {
        for text in
            ["arn:aws:iam::*:role/Break1*", "eu-west-1", "o-12ab3/r-1*", "10.0.0.0/8", "logs-2024*", "30"]
        {
            assert_eq!(told_apart(text), [false, false], "{text}");
        }
    }

    #[test]
    fn part_of_an_id_beside_a_wildcard_may_tell_any_account_apart() {
        for text in ["1*", "*1*", "arn:aws:iam::1111*:root", "arn:aws:iam::*0:root", "?1??????????", "11${x}"]
        {
            assert_eq!(told_apart(text), [true, true], "{text}");
        }
    }

    #[test]
    fn escaped_digits_and_numbers_are_read() {
        assert!(
            Naming::of(
                r#"{"x": "\u0031\u0031\u0031\u0031\u0031\u0031\u0031\u0031\u0031\u0031\u0031\u0031"}"#
            )
            .tells_apart(ONE)
        );
        assert!(Naming::of(r#"{"x": 111111111111}"#).tells_apart(ONE));
        assert!(Naming::of(r#"{"x": 2.22222222222e11}"#).tells_apart(OTHER));
        assert!(Naming::of(r#"{"NumericLessThan": {"aws:PrincipalAccount": "5"}}"#).tells_apart(ONE));
    }
}
