//! One sample report through every format.

mod sample;

use trailproof::render::{Format, Style, render};
use trailproof::report::Report;

/// The bytes of a format, as text.
fn rendered(report: &Report, format: Format) -> String {
    styled(report, format, &Style::default())
}

fn styled(report: &Report, format: Format, style: &Style) -> String {
    let mut out = Vec::new();
    render(report, format, style, &mut out).expect("renders");
    String::from_utf8(out).expect("UTF-8")
}

#[test]
fn dump() {
    for (format, name) in [
        (Format::Text, "txt"),
        (Format::Json, "json"),
        (Format::Sarif, "sarif"),
        (Format::Html, "html"),
        (Format::Markdown, "md"),
    ] {
        std::fs::write(format!("/tmp/rtools/sample.{name}"), rendered(&sample::report(), format)).unwrap();
    }
    std::fs::write(
        "/tmp/rtools/sample.color.txt",
        styled(
            &sample::report(),
            Format::Text,
            &Style { color: true, width: 80, verbose: true, quiet: false },
        ),
    )
    .unwrap();
}
