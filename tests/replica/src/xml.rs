//! Writes the XML of the query and REST protocols, and nothing else: no reading, no namespaces beyond the root's.

use std::fmt::{Display, Write};

/// An XML document under construction; every text is escaped on its way in.
pub(crate) struct Xml {
    out: String,
}

impl Xml {
    /// A whole document with one root element.
    pub(crate) fn document(root: &str, namespace: Option<&str>, fill: impl FnOnce(&mut Self)) -> String {
        let mut xml = Self { out: String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n") };
        match namespace {
            Some(namespace) => xml.element(root, &[("xmlns", namespace)], fill),
            None => xml.element(root, &[], fill),
        }
        xml.out
    }

    /// An element with children.
    pub(crate) fn node(&mut self, tag: &str, fill: impl FnOnce(&mut Self)) {
        self.element(tag, &[], fill);
    }

    /// An element with attributes and children.
    pub(crate) fn element(&mut self, tag: &str, attributes: &[(&str, &str)], fill: impl FnOnce(&mut Self)) {
        self.out.push('<');
        self.out.push_str(tag);
        for (name, value) in attributes {
            let _ = write!(self.out, " {name}=\"{}\"", escape(value));
        }
        self.out.push('>');
        fill(self);
        let _ = write!(self.out, "</{tag}>");
    }

    /// An element that holds one text.
    pub(crate) fn text(&mut self, tag: &str, value: impl Display) {
        let _ = write!(self.out, "<{tag}>{}</{tag}>", escape(&value.to_string()));
    }

    /// An element that is left out when there is no value.
    pub(crate) fn maybe(&mut self, tag: &str, value: Option<impl Display>) {
        if let Some(value) = value {
            self.text(tag, value);
        }
    }

    /// Bare text inside the current element.
    pub(crate) fn content(&mut self, value: &str) {
        self.out.push_str(&escape(value));
    }
}

/// Markup becomes entities, control characters become numeric references (as S3 writes them).
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            c if c.is_control() => {
                let _ = write!(out, "&#x{:X};", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_quotes_and_control_characters_are_escaped() {
        let xml = Xml::document("R", None, |xml| xml.text("N", "<script>\"'&\n\u{1}"));
        assert!(xml.ends_with("<R><N>&lt;script&gt;&quot;&apos;&amp;&#xA;&#x1;</N></R>"), "{xml}");
    }
}
