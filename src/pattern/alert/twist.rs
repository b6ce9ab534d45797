//! Events made to slip through: a pattern that leaves out one user must not pass because no sample is of that user.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Exclusion, Sample};

/// Exclusions that are tried.
const MAX_EXCLUSIONS: usize = 64;

/// Fields whose value is up to whoever makes the call.
const FREE: &[&str] = &[
    "sourceIPAddress",
    "userAgent",
    "userIdentity.accessKeyId",
    "userIdentity.arn",
    "userIdentity.principalId",
    "userIdentity.userName",
    "userIdentity.sessionContext.sessionIssuer.arn",
    "userIdentity.sessionContext.sessionIssuer.principalId",
    "userIdentity.sessionContext.sessionIssuer.userName",
];

/// Of each event name one variant for each exclusion that can be met.
pub(super) fn twisted(
    samples: &[Sample],
    exclusions: impl Iterator<Item = Exclusion>,
    spared: &[&str],
) -> Vec<Sample> {
    let regions: BTreeSet<&str> = samples.iter().map(|sample| sample.region.as_str()).collect();
    let is_free = |path: &str, value: &str| match path {
        "awsRegion" => regions.contains(value),
        _ => FREE.contains(&path) || path.starts_with("requestParameters."),
    };
    let exclusions: BTreeSet<Exclusion> = exclusions
        .filter(|Exclusion { path, value }| {
            is_free(&path.join("."), value) && !spared.contains(&value.as_str())
        })
        .take(MAX_EXCLUSIONS)
        .collect();
    let mut twisted = Vec::new();
    for exclusion in &exclusions {
        for group in samples.chunk_by(|a, b| a.event == b.event) {
            // An event that has one region only cannot happen in another.
            if exclusion.path == ["awsRegion"] && group.iter().all(|sample| sample.region == group[0].region)
            {
                continue;
            }
            twisted.extend(group.iter().find_map(|sample| twist(sample, exclusion)));
        }
    }
    twisted
}

/// The same event with the value that is left out, if it has such a field.
fn twist(sample: &Sample, exclusion: &Exclusion) -> Option<Sample> {
    let mut sample = sample.clone();
    let detail = sample.envelope.get_mut("detail")?;
    let field = exclusion.path.iter().try_fold(detail, |value, name| value.get_mut(name))?;
    if !field.is_string() {
        return None;
    }
    *field = Value::String(exclusion.value.clone());
    if exclusion.path == ["awsRegion"] {
        sample.region.clone_from(&exclusion.value);
        *sample.envelope.get_mut("region")? = Value::String(exclusion.value.clone());
    }
    sample.event = format!("{} where {} is {:?}", sample.event, exclusion.path.join("."), exclusion.value);
    Some(sample)
}
