//! Pages of a list: small ones, opaque tokens that fit one operation only, and now and then an empty page that is not the last.

use crate::answer::Failure;
use std::fmt::Write;

/// How a list is cut.
pub(crate) struct Cut {
    /// Elements on a page.
    pub(crate) size: usize,
    /// Whether an empty page follows the first when there are several.
    pub(crate) empty: bool,
}

/// One page and the token of the next.
pub(crate) fn page<'a, T>(
    operation: &str,
    items: &'a [T],
    token: Option<&str>,
    cut: &Cut,
) -> Result<(&'a [T], Option<String>), Failure> {
    let (empty_now, start) = match token {
        None => (false, 0),
        Some(token) => read(operation, token).ok_or_else(|| {
            Failure::new(400, "InvalidInputException", "You provided an invalid value for NextToken.")
        })?,
    };
    if empty_now {
        return Ok((&[], Some(write(operation, false, start))));
    }
    let start = start.min(items.len());
    let end = (start + cut.size.max(1)).min(items.len());
    let next = (end < items.len()).then(|| write(operation, cut.empty && start == 0, end));
    Ok((&items[start..end], next))
}

fn write(operation: &str, empty: bool, start: usize) -> String {
    let plain = format!("{operation} {empty} {start}");
    plain.bytes().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

fn read(operation: &str, token: &str) -> Option<(bool, usize)> {
    let bytes: Option<Vec<u8>> =
        (0..token.len()).step_by(2).map(|at| u8::from_str_radix(token.get(at..at + 2)?, 16).ok()).collect();
    let plain = String::from_utf8(bytes?).ok()?;
    let (empty, start) = plain.strip_prefix(operation)?.trim_start().split_once(' ')?;
    Some((empty.parse().ok()?, start.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_may_be_empty_and_still_have_a_next_token() {
        let cut = Cut { size: 2, empty: true };
        let (first, token) = page("List", &[1, 2, 3], None, &cut).unwrap();
        let (second, token) = page("List", &[1, 2, 3], token.as_deref(), &cut).unwrap();
        let (third, end) = page("List", &[1, 2, 3], token.as_deref(), &cut).unwrap();
        assert_eq!((first, second, third, end), (&[1, 2][..], &[][..], &[3][..], None));
    }

    #[test]
    fn a_token_of_another_operation_is_refused() {
        let cut = Cut { size: 1, empty: false };
        let (_, token) = page("ListAccounts", &[1, 2], None, &cut).unwrap();
        assert_eq!(
            page("ListRoots", &[1, 2], token.as_deref(), &cut).unwrap_err().code,
            "InvalidInputException"
        );
    }
}
