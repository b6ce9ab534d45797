//! One self-contained page for auditors: no network, a content security policy by hash, complete without JavaScript.
//!
//! The template is compiled in. Every value it prints goes through one formatter that makes hidden characters visible and escapes
//! HTML; there is no other way out of the template, except for the style sheet, the script and snippets escaped here.

mod finding;
mod framework;
mod matrix;
mod page;
mod tail;

use std::io::Write;
use std::sync::LazyLock;

use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior, Value};
use sha2::{Digest, Sha256};

use super::{RenderError, escape};
use crate::report::Report;

/// Line endings as the browser hashes them, whatever the checkout did.
static STYLE: LazyLock<String> =
    LazyLock::new(|| include_str!("../../templates/report.css").replace('\r', ""));
static SCRIPT: LazyLock<String> =
    LazyLock::new(|| include_str!("../../templates/report.js").replace('\r', ""));
const PAGE: &str = include_str!("../../templates/report.html");

pub(super) fn write(report: &Report, out: &mut dyn Write) -> Result<(), RenderError> {
    let mut engine = Environment::empty();
    engine.set_undefined_behavior(UndefinedBehavior::Strict);
    engine.set_auto_escape_callback(|_| AutoEscape::Html);
    engine.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    engine.set_formatter(print);
    engine.add_filter("lines", |text: String| Value::from_safe_string(lines(&text)));
    engine.add_filter("length", |list: Value| list.len());
    engine.add_filter("plain", |text: String| text.replace('_', " "));
    engine.add_template("report.html", PAGE)?;
    let page = minijinja::context! {
        csp => policy(),
        style => Value::from_safe_string(STYLE.clone()),
        script => Value::from_safe_string(SCRIPT.clone()),
        ..page::context(report)?
    };
    out.write_all(engine.get_template("report.html")?.render(page)?.as_bytes())?;
    Ok(())
}

/// Prints a value of the template. Nothing but text and numbers may be printed.
fn print(out: &mut Output<'_>, _: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    let written = if value.is_safe() {
        out.write_str(value.as_str().unwrap_or_default())
    } else if let Some(text) = value.as_str() {
        out.write_str(&escape::html(&escape::visible(text)))
    } else if value.is_number() {
        write!(out, "{value}")
    } else {
        return Err(Error::new(
            ErrorKind::BadEscape,
            format!("the template prints a value of type {}", value.kind()),
        ));
    };
    written.map_err(Error::from)
}

/// A snippet to copy, with its line breaks.
fn lines(text: &str) -> String {
    escape::html(&escape::visible_lines(text.trim())).into_owned()
}

/// Nothing is loaded or run but the style sheet and the script of this page, and no string can become markup.
fn policy() -> String {
    format!(
        "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'; \
         require-trusted-types-for 'script'; trusted-types 'none'",
        hash(&SCRIPT),
        hash(&STYLE)
    )
}

fn hash(text: &str) -> String {
    aws_smithy_types::base64::encode(Sha256::digest(text))
}
