//! Where a finding is: GitHub demands a file, so each subject gets a path that no repository has.

use super::{escape, model};
use crate::report::{Subject, SubjectKind};

/// The path depends on the kind and id only, never on what access or a rename could change: an alert whose path changes is closed
/// and opened anew. Bucket ARNs name no account, so a bucket is `global` even when its owner is known.
pub(super) fn of<'a>(partition: &str, subject: &'a Subject) -> model::Location<'a> {
    let id = subject.id.as_str();
    let parts: Vec<&str> = id.splitn(6, ':').collect();
    let (account, region, name) = match (parts.as_slice(), subject.kind) {
        (["arn", _, _, region, account, resource], _) => {
            (*account, *region, resource.split_once('/').map_or(*resource, |(_, name)| name))
        }
        (_, SubjectKind::Account) => (id, "", id),
        _ => ("", "", id),
    };
    let or_global = |segment: &'a str| if segment.is_empty() { "global" } else { segment };
    let mut path = vec![partition, or_global(account)];
    if !account.is_empty() {
        path.push(or_global(region));
    }
    path.extend([subject.kind.name(), name]);
    let uri = path.into_iter().map(escape::uri_segment).collect::<Vec<_>>().join("/");
    model::Location {
        physical_location: model::PhysicalLocation {
            artifact_location: model::ArtifactLocation { uri },
            region: model::Region { start_line: 1, start_column: None, end_line: None, end_column: None },
        },
        logical_locations: vec![model::LogicalLocation {
            name: &subject.name,
            fully_qualified_name: &subject.id,
            kind: "resource",
        }],
    }
}
