//! What is missing where, in words.

use super::missing::Missing;

/// What is certainly not recorded in one region.
pub(super) struct RegionLoss<'a> {
    pub(super) region: &'a str,
    pub(super) reads: Option<&'a Missing>,
    pub(super) writes: Option<&'a Missing>,
}

/// What the events are called that a loss is about.
pub(super) struct Nouns {
    both: &'static str,
    reads: &'static str,
    writes: &'static str,
    everything: &'static str,
}

pub(super) const MANAGEMENT_EVENTS: Nouns = Nouns {
    both: "events",
    reads: "read events",
    writes: "write events",
    everything: "all management events",
};

pub(super) const S3_OBJECT_EVENTS: Nouns = Nouns {
    both: "S3 object events",
    reads: "S3 object reads",
    writes: "S3 object writes",
    everything: "all S3 object events",
};

/// Regions with the same loss share a phrase: "write events in eu-west-1, eu-west-3".
///
/// `losses` has an element for every region that was looked at; `is_complete` says that there are no others.
pub(super) fn unrecorded(losses: &[RegionLoss<'_>], is_complete: bool, nouns: &Nouns) -> String {
    let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
    for (at, loss) in losses.iter().enumerate() {
        let last = at.checked_sub(1).and_then(|at| losses.get(at));
        if let Some(last) = last.filter(|last| last.reads == loss.reads && last.writes == loss.writes) {
            // As in the region before, mostly.
            let same = groups.iter_mut().filter(|(_, regions)| regions.last() == Some(&last.region));
            same.for_each(|(_, regions)| regions.push(loss.region));
            continue;
        }
        for phrase in phrases(loss, nouns) {
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

fn phrases(loss: &RegionLoss<'_>, nouns: &Nouns) -> Vec<String> {
    match (loss.reads, loss.writes) {
        (Some(Missing::Everything), Some(Missing::Everything)) => vec![nouns.everything.to_owned()],
        (Some(reads), Some(writes)) if reads == writes => vec![phrase(nouns.both, reads)],
        (reads, writes) => {
            let reads = reads.map(|missing| phrase(nouns.reads, missing));
            let writes = writes.map(|missing| phrase(nouns.writes, missing));
            reads.into_iter().chain(writes).collect()
        }
    }
}

fn phrase(noun: &str, missing: &Missing) -> String {
    match missing {
        Missing::Everything => noun.to_owned(),
        Missing::Something => format!("some {noun}"),
        Missing::Of { what, partly: false } => format!("{noun} of {what}"),
        Missing::Of { what, partly: true } => format!("some {noun} of {what}"),
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
