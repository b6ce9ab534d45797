//! What is missing where, in words.

use super::recorder::Missing;

/// What is certainly not recorded in one region.
pub(super) struct RegionLoss<'a> {
    pub(super) region: &'a str,
    pub(super) reads: Option<&'a Missing>,
    pub(super) writes: Option<&'a Missing>,
}

/// Regions with the same loss share a phrase: "write events in eu-west-1, eu-west-3".
///
/// `losses` has an element for every region that was looked at; `is_complete` says that there are no others.
pub(super) fn unrecorded(losses: &[RegionLoss<'_>], is_complete: bool) -> String {
    let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
    for loss in losses {
        for phrase in phrases(loss) {
            match groups.iter_mut().find(|(known, _)| *known == phrase) {
                Some((_, regions)) => regions.push(loss.region),
                None => groups.push((phrase, vec![loss.region])),
            }
        }
    }
    let all: Vec<&str> = losses.iter().map(|loss| loss.region).collect();
    let sentence = |(phrase, regions): (String, Vec<&str>)| {
        format!("{phrase} in {}", place(&regions, &all, is_complete))
    };
    groups.into_iter().map(sentence).collect::<Vec<_>>().join("; ")
}

fn phrases(loss: &RegionLoss<'_>) -> Vec<String> {
    match (loss.reads, loss.writes) {
        (Some(reads), Some(writes)) if reads == writes => vec![phrase("", reads, "all management events")],
        (reads, writes) => {
            let reads = reads.map(|missing| phrase("read ", missing, "read events"));
            let writes = writes.map(|missing| phrase("write ", missing, "write events"));
            reads.into_iter().chain(writes).collect()
        }
    }
}

fn phrase(kind: &str, missing: &Missing, everything: &str) -> String {
    match missing {
        Missing::Everything => everything.to_owned(),
        Missing::Sources(sources) => format!("{kind}events of {sources}"),
    }
}

fn place(regions: &[&str], all: &[&str], is_complete: bool) -> String {
    let spared: Vec<&str> = all.iter().filter(|region| !regions.contains(region)).copied().collect();
    if regions.len() > 1 && spared.is_empty() {
        let which = if is_complete { "" } else { " that were looked at" };
        return format!("all {} regions{which}", regions.len());
    }
    if regions.len() > 5 && spared.len() <= 3 {
        return format!("{} of {} regions (all but {})", regions.len(), all.len(), spared.join(", "));
    }
    regions.join(", ")
}
