//! Pages of a list: small ones, opaque tokens that fit one operation only, and now and then an empty page that is not the last.

use crate::answer::{Answer, Failure};
use crate::dispatch::Call;
use crate::operations::Service;
use serde_json::{Map, Value};
use std::fmt::Write;

/// How a service asks for pages, and what it calls a mistake in asking.
struct Manner {
    token: &'static str,
    size: &'static str,
    most: usize,
    bad_token: &'static str,
    bad_size: &'static str,
}

const fn manner(service: Service) -> Manner {
    let usual = Manner {
        token: "NextToken",
        size: "MaxResults",
        most: 1000,
        bad_token: "InvalidInputException",
        bad_size: "InvalidInputException",
    };
    match service {
        Service::CloudTrail => {
            Manner { bad_token: "InvalidNextTokenException", bad_size: "InvalidMaxResultsException", ..usual }
        }
        Service::Logs => Manner {
            token: "nextToken",
            size: "limit",
            most: 50,
            bad_token: "InvalidParameterException",
            bad_size: "InvalidParameterException",
        },
        Service::CloudWatch => Manner {
            size: "MaxRecords",
            most: 100,
            bad_token: "InvalidNextToken",
            bad_size: "ValidationError",
            ..usual
        },
        Service::Events => Manner {
            size: "Limit",
            most: 100,
            bad_token: "InvalidToken",
            bad_size: "ValidationException",
            ..usual
        },
        Service::Organizations => Manner { most: 20, ..usual },
        Service::Account => Manner { most: 50, ..usual },
        Service::Sns => Manner { bad_token: "InvalidParameter", ..usual },
        _ => usual,
    }
}

impl Call<'_> {
    /// A page of a list, in the manner of the service.
    pub(crate) fn page<'t, T>(&self, items: &'t [T]) -> Result<(&'t [T], Option<String>), Failure> {
        self.page_of(items, self.world.page_size)
    }

    /// A page of at most this size.
    pub(crate) fn page_of<'t, T>(
        &self,
        items: &'t [T],
        size: usize,
    ) -> Result<(&'t [T], Option<String>), Failure> {
        let manner = manner(self.operation.service);
        let asked = match &self.input[manner.size] {
            Value::Null => size,
            asked => {
                let asked = asked.as_u64().and_then(|asked| usize::try_from(asked).ok());
                let fits = asked.filter(|asked| (1..=manner.most).contains(asked));
                let message = format!("{} must be from 1 to {}.", manner.size, manner.most);
                fits.ok_or_else(|| Failure::new(400, manner.bad_size, message))?
            }
        };
        let empty = self.world.empty_pages && self.operation.service == Service::Organizations;
        let cut = Cut { size: asked.min(size), empty };
        page(self.operation.name, items, self.text(manner.token), &cut).map_err(|BadToken| {
            let message = format!("You provided an invalid value for {}.", manner.token);
            Failure::new(400, manner.bad_token, message)
        })
    }

    /// An answer of JSON with a page of a list under its name; only what is on the page is written.
    pub(crate) fn listed<T>(
        &self,
        name: &str,
        items: &[T],
        write: impl Fn(&T) -> Value,
    ) -> Result<Answer, Failure> {
        let (page, next) = self.page(items)?;
        let mut answer = Map::new();
        answer.insert(name.into(), page.iter().map(write).collect());
        if let Some(next) = next {
            answer.insert(manner(self.operation.service).token.into(), next.into());
        }
        Ok(Answer::json(&Value::Object(answer)))
    }
}

/// How a list is cut.
pub(crate) struct Cut {
    /// Elements on a page.
    pub(crate) size: usize,
    /// Whether an empty page follows the first when there are several.
    pub(crate) empty: bool,
}

/// A token that is not one of the operation's.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct BadToken;

/// One page and the token of the next.
pub(crate) fn page<'a, T>(
    operation: &str,
    items: &'a [T],
    token: Option<&str>,
    cut: &Cut,
) -> Result<(&'a [T], Option<String>), BadToken> {
    let (empty_now, start) = match token {
        None => (false, 0),
        Some(token) => read(operation, token).ok_or(BadToken)?,
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
        assert_eq!(page("ListRoots", &[1, 2], token.as_deref(), &cut), Err(BadToken));
    }
}
