//! Lines, indents, wrapping and colour. Everything that reaches the terminal goes through here, and is made visible here.

use std::io::{self, Write};

use super::super::{Style, escape, view};

/// Columns when the terminal's width is not known.
const COLUMNS: usize = 100;

/// What a piece of text is, rather than which colour it has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    Plain,
    Strong,
    Quiet,
    Critical,
    Medium,
    Unknown,
    Help,
    Good,
}

impl Ink {
    fn code(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Strong => "1",
            Self::Quiet => "2",
            Self::Critical => "1;31",
            Self::Medium => "1;33",
            Self::Unknown => "1;35",
            Self::Help => "1;36",
            Self::Good => "1;32",
        }
    }
}

/// A terminal of some width.
pub(super) struct Page<'a> {
    out: &'a mut dyn Write,
    style: &'a Style,
    columns: usize,
}

impl<'a> Page<'a> {
    pub(super) fn new(out: &'a mut dyn Write, style: &'a Style) -> Self {
        let columns = if style.width == 0 { COLUMNS } else { style.width.clamp(40, 160) };
        Self { out, style, columns }
    }

    /// True when lists are shown whole.
    pub(super) fn unfolded(&self) -> bool {
        self.style.verbose
    }

    /// The head of a list, or all of it when nothing is folded.
    pub(super) fn folded<'b, T>(&self, items: &'b [T], named: usize) -> &'b [T] {
        let shown = if self.unfolded() { items.len() } else { named.min(items.len()) };
        items.get(..shown).unwrap_or(items)
    }

    /// Says what [`Page::folded`] left out.
    pub(super) fn more(&mut self, indent: usize, count: usize, named: usize) -> io::Result<()> {
        if self.unfolded() || count <= named {
            return Ok(());
        }
        let line = format!("and {} more; see --verbose or --format json", view::number(count - named));
        self.text(indent, Ink::Quiet, &line)
    }

    pub(super) fn blank(&mut self) -> io::Result<()> {
        self.out.write_all(b"\n")
    }

    /// `label: title`.
    pub(super) fn heading(&mut self, ink: Ink, label: &str, title: &str) -> io::Result<()> {
        let title = if title.is_empty() { String::new() } else { format!(": {title}") };
        self.spans(0, 2, &[(ink, label), (Ink::Strong, &title)])
    }

    /// A marked line: what stands out, then what qualifies it.
    pub(super) fn pair(&mut self, indent: usize, mark: &str, strong: &str, rest: &str) -> io::Result<()> {
        self.spans(
            indent,
            indent + 2,
            &[(Ink::Plain, mark), (Ink::Plain, " "), (Ink::Strong, strong), (Ink::Plain, rest)],
        )
    }

    /// `label text`, the text hanging under itself.
    pub(super) fn labelled(&mut self, indent: usize, ink: Ink, label: &str, text: &str) -> io::Result<()> {
        self.spans(indent, indent + label.chars().count(), &[(ink, label), (Ink::Plain, text)])
    }

    /// Wrapped text.
    pub(super) fn text(&mut self, indent: usize, ink: Ink, text: &str) -> io::Result<()> {
        self.spans(indent, indent + 2, &[(ink, text)])
    }

    /// A line to copy: never wrapped.
    pub(super) fn line(&mut self, indent: usize, ink: Ink, text: &str) -> io::Result<()> {
        write!(self.out, "{:indent$}", "")?;
        self.ink(ink, &escape::visible(text))?;
        self.blank()
    }

    fn spans(&mut self, indent: usize, hanging: usize, spans: &[(Ink, &str)]) -> io::Result<()> {
        write!(self.out, "{:indent$}", "")?;
        let mut column = indent;
        for (ink, text) in spans {
            let text = escape::visible(text);
            let mut pending = String::new();
            for word in text.split_inclusive(' ') {
                let length = word.trim_end().chars().count();
                if column + length > self.columns && column > hanging {
                    self.ink(*ink, pending.trim_end())?;
                    pending.clear();
                    write!(self.out, "\n{:hanging$}", "")?;
                    column = hanging;
                }
                pending.push_str(word);
                column += word.chars().count();
            }
            self.ink(*ink, &pending)?;
        }
        self.blank()
    }

    fn ink(&mut self, ink: Ink, text: &str) -> io::Result<()> {
        if text.is_empty() {
            Ok(())
        } else if self.style.color && ink != Ink::Plain {
            write!(self.out, "\u{1b}[{}m{text}\u{1b}[0m", ink.code())
        } else {
            self.out.write_all(text.as_bytes())
        }
    }
}
