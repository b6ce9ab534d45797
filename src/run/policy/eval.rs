//! `policy eval`: an expression tried on real evidence, on every subject that it can speak of.

use std::fmt::Write as _;
use std::io::Write;
use std::sync::Arc;

use super::super::{load_evidence, moment};
use super::tree;
use crate::cli::PolicyEval;
use crate::diagnostic::{Diagnostic, printable};
use crate::error::Error;
use crate::expr::{Came, Mistake, Probe, Vocabulary};
use crate::facts::schema::{RecordType, SUBJECT_KINDS, subject_type};
use crate::facts::{Critical, Facts, Record, SubjectRecord};
use crate::report::SubjectKind;
use crate::source::Source;

/// A kind of subject that the expression can speak of.
struct Fit<'v> {
    kind: SubjectKind,
    probe: Probe<'v>,
}

pub(super) fn run(options: &PolicyEval) -> Result<u8, Error> {
    let parameters = RecordType::default();
    let fits = fitting(options, &parameters)?;
    let inventory = load_evidence(&options.evidence)?;
    let as_of = moment(&inventory, options.as_of)?;
    let facts = Facts::derive(&inventory, as_of, &Critical::default());
    let mut page = Page { text: String::new(), verbose: options.verbose };
    for fit in &fits {
        match fit.kind {
            SubjectKind::Organization => page.subjects(fit, &facts.organizations),
            SubjectKind::Account => page.subjects(fit, &facts.accounts),
            SubjectKind::Trail => page.subjects(fit, &facts.trails),
            SubjectKind::EventDataStore => page.subjects(fit, &facts.event_data_stores),
            SubjectKind::LogBucket => page.subjects(fit, &facts.log_buckets),
            SubjectKind::LogKey => page.subjects(fit, &facts.log_keys),
            SubjectKind::LogGroup => page.subjects(fit, &facts.log_groups),
        }
    }
    std::io::stdout().write_all(page.text.as_bytes()).map_err(Error::Stdout)?;
    Ok(0)
}

/// Every kind of subject for which the expression has no mistake; if there is none, the mistakes.
fn fitting<'v>(options: &PolicyEval, parameters: &'v RecordType) -> Result<Vec<Fit<'v>>, Error> {
    let kinds: Vec<SubjectKind> = match options.subject {
        Some(kind) => vec![kind],
        None => SUBJECT_KINDS.to_vec(),
    };
    let (mut fits, mut refused) = (Vec::new(), Vec::new());
    for kind in kinds {
        let vocabulary = Vocabulary { subject: kind.name(), record: subject_type(kind), parameters };
        match Probe::compile(&options.expression, vocabulary) {
            Ok(probe) => fits.push(Fit { kind, probe }),
            Err(mistakes) => refused.push((kind, mistakes)),
        }
    }
    if fits.is_empty() { Err(mistakes(options, refused)) } else { Ok(fits) }
}

/// The mistakes with regard to the subject that was probably meant.
fn mistakes(options: &PolicyEval, refused: Vec<(SubjectKind, Vec<Mistake>)>) -> Error {
    let source = Arc::new(Source::new("-e", options.expression.as_str()));
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let words: Vec<&str> = options.expression.split(|c| !is_word(c)).collect();
    let is_only = refused.len() == 1;
    let meant = refused.into_iter().find(|(kind, _)| is_only || words.contains(&kind.name()));
    let Some((_, mistakes)) = meant else {
        let kinds = SUBJECT_KINDS.map(|kind| format!("`{kind}`")).join(", ");
        let diagnostic = Diagnostic::error("the expression speaks of no kind of subject");
        let diagnostic = diagnostic.at(&source, 0..source.text.len(), "");
        let help = format!("start facts with one of {kinds}; `trailproof policy facts` lists them");
        return Error::Diagnostics { diagnostics: vec![diagnostic.help(help)] };
    };
    let diagnostic = |mistake: Mistake| {
        let diagnostic = Diagnostic::error(mistake.title).at(&source, mistake.span, mistake.label);
        diagnostic.maybe_help(mistake.help)
    };
    Error::Diagnostics { diagnostics: mistakes.into_iter().map(diagnostic).collect() }
}

struct Page {
    text: String,
    verbose: bool,
}

impl Page {
    fn subjects<R: SubjectRecord>(&mut self, fit: &Fit<'_>, subjects: &[R]) {
        let count = subjects.len();
        let counted = if count == 1 { "1 subject".to_owned() } else { format!("{count} subjects") };
        // Writing to a string cannot fail.
        let _ = writeln!(self.text, "{}: {counted}", fit.kind);
        let parameters = serde_json::json!({});
        for facts in subjects {
            let subject = facts.subject();
            let record = Record::of(facts);
            let trace = fit.probe.trace(&record.values, &parameters);
            let id = if subject.id == subject.name { String::new() } else { format!(" ({})", subject.id) };
            let name = printable(&subject.name).into_owned() + &printable(&id);
            let _ = writeln!(self.text, "  {name} → {}", tree::value(&trace.value));
            if self.verbose {
                let parts = trace.parts.iter().map(|part| tree::lines(part, 6));
                self.text.extend(parts);
            }
            if let Came::Unknown(paths) = &trace.value {
                self.reasons(&record, paths);
            }
        }
    }

    fn reasons(&mut self, record: &Record, paths: &[String]) {
        let mut told = Vec::new();
        for gap in paths.iter().filter_map(|path| record.gaps_at(path)).flat_map(|gaps| gaps.iter()) {
            let reason = gap.to_string();
            if !told.contains(&reason) {
                let _ = writeln!(self.text, "      because {}", printable(&reason));
                told.push(reason);
            }
        }
    }
}
