//! `%…%`: the regular expressions of filter patterns.
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html#regex-expressions>

use ::regex::bytes::{Regex, RegexBuilder};

use super::super::ParseError;
use super::cursor::Cursor;

/// Symbols and operators that AWS takes besides letters and digits. Spaces are not in its list, only in its examples.
const SYMBOLS: &str = ":_#=@/;,-^$?[]{}|\\*+. ";
/// Bytes that a compiled expression may take.
const SIZE_LIMIT: usize = 1 << 16;

/// Reads an expression whose opening `%` is taken already.
pub(super) fn regex(cursor: &mut Cursor<'_>) -> Result<Regex, ParseError> {
    let start = cursor.at();
    let source = cursor.take_until('%', "The regular expression")?;
    if source.is_empty() {
        return Err(ParseError::new(start, "The regular expression is empty."));
    }
    if let Some(odd) = source.chars().find(|&c| !c.is_ascii_alphanumeric() && !SYMBOLS.contains(c)) {
        return Err(ParseError::new(
            start,
            format!("Regular expressions of filter patterns have no {odd:?}."),
        ));
    }
    let built = RegexBuilder::new(source).unicode(false).size_limit(SIZE_LIMIT).build();
    built.map_err(|_| ParseError::new(start, "The regular expression is not understood."))
}
