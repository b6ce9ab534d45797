//! Whole questions, with policies as AWS documents them and as people get them wrong.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Document, Finding, Findings, Owner, Reach};

mod bucket;
mod control;
mod delivery;
mod key;
mod laws;
mod parse;
mod request;
mod topic;

/// Owns the bucket and the key.
const ARCHIVE: &str = "222233334444";
/// Owns the trail.
const MANAGEMENT: &str = "111122223333";
/// Outside the organization.
const STRANGER: &str = "999988887777";
const ORGANIZATION: &str = "o-exampleorg";
const TRAIL: &str = "arn:aws:cloudtrail:us-east-1:111122223333:trail/org";
const BUCKET: &str = "arn:aws:s3:::logs";
const OBJECTS: &str = "arn:aws:s3:::logs/AWSLogs/*";

fn document(statements: Value) -> Document {
    Document::parse(&json!({"Version": "2012-10-17", "Statement": statements}).to_string()).unwrap()
}

/// The archive account, in an organization with the management account.
fn owner(members: &BTreeSet<String>) -> Owner<'_> {
    Owner { account: ARCHIVE, organization: Some(ORGANIZATION), members: Some(members) }
}

fn members() -> BTreeSet<String> {
    [ARCHIVE, MANAGEMENT].map(str::to_owned).into()
}

fn ask(statements: Value, actions: &[&str], resources: &str) -> Findings {
    super::bucket::ask(&document(statements), actions, resources, owner(&members()))
}

fn only(findings: &Findings) -> &Finding {
    assert_eq!(findings.findings.len(), 1, "{findings:#?}");
    &findings.findings[0]
}

fn reaches(findings: &Findings) -> Vec<Reach> {
    findings.findings.iter().map(|finding| finding.reach).collect()
}
