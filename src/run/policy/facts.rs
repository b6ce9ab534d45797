//! `policy facts`: what expressions can read, in the terminal.

use std::fmt::Write as _;
use std::io::Write;

use super::super::{colored, terminal_width};
use super::wrap::wrapped;
use crate::cli::{Color, PolicyFacts};
use crate::error::Error;
use crate::facts::schema::{Field, RecordType, SUBJECT_KINDS, Type, subject_calls, subject_type};

pub(super) fn run(options: &PolicyFacts, color: Color) -> Result<u8, Error> {
    let mut out = std::io::stdout();
    let (bold, plain) = if colored(color, &out) { ("\u{1b}[1m", "\u{1b}[0m") } else { ("", "") };
    let mut page = Page { text: String::new(), width: terminal_width(), bold, plain };
    for kind in SUBJECT_KINDS.into_iter().filter(|kind| options.subject.is_none_or(|only| only == *kind)) {
        if !page.text.is_empty() {
            page.text.push('\n');
        }
        let _ = writeln!(page.text, "{bold}{kind}{plain}");
        if !subject_calls(kind).is_empty() {
            page.text.push_str(&wrapped(&format!("needs {}", subject_calls(kind).join(", ")), 4, page.width));
        }
        page.fields(kind.name(), subject_type(kind));
    }
    out.write_all(page.text.as_bytes()).map_err(Error::Stdout)?;
    Ok(0)
}

struct Page {
    text: String,
    width: usize,
    bold: &'static str,
    plain: &'static str,
}

impl Page {
    fn fields(&mut self, prefix: &str, record: &RecordType) {
        for (name, field) in &record.fields {
            let path = format!("{prefix}.{name}");
            let (bold, plain) = (self.bold, self.plain);
            let _ = writeln!(self.text, "  {bold}{path}{plain}: {}{}", field.ty, mark(field));
            self.text.push_str(&wrapped(&field.doc, 6, self.width));
            if !field.calls.is_empty() {
                self.text.push_str(&wrapped(&format!("needs {}", field.calls.join(", ")), 6, self.width));
            }
            match &field.ty {
                Type::Record(record) => self.fields(&path, record),
                Type::List { item, .. } => {
                    if let Type::Record(record) = item.as_ref() {
                        self.fields(&format!("{path}[]"), record);
                    }
                }
                _ => {}
            }
        }
    }
}

/// What an author has to know about a fact besides its type.
fn mark(field: &Field) -> &'static str {
    match &field.ty {
        Type::List { may_be_incomplete: true, .. } => ", may be incomplete: ask `all` or `exists` of it",
        _ if field.is_for_messages => ", for messages only",
        _ if field.may_be_unknown => ", may be unknown",
        _ => "",
    }
}
