//! What may explain changes besides the audited configuration.

use std::collections::BTreeSet;

use super::Side;
use super::side::Pack;

/// Rules named in one note.
const NAMED: usize = 5;

pub(super) fn of(old: &Side<'_>, new: &Side<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    let moments = [old, new].map(|side| side.as_of.parse::<jiff::Timestamp>().ok());
    if let [Some(then), Some(now)] = moments
        && then > now
    {
        notes.push(format!(
            "the old results, of {}, are later than the new ones, of {}",
            old.as_of, new.as_of
        ));
    }
    if old.tool != new.tool {
        notes.push(format!("trailproof {} made the old results, {} the new ones", old.tool, new.tool));
    }
    packs(old, new, &mut notes);
    parameters(old, new, &mut notes);
    notes.extend(old.renamed.iter().map(|(alias, id)| format!("rule {alias} is called {id} now")));
    if old.scope != new.scope {
        notes.push(
            "the scopes of the runs differ: what is gone, or new, may have been out of scope".to_owned(),
        );
    }
    for (side, name) in [(old, "old"), (new, "new")] {
        if side.interrupted {
            notes.push(format!("the collection of the {name} results was stopped before its end"));
        }
        let hidden = side.hidden.values().flatten().map(|hidden| (hidden.account, hidden.region));
        let places = hidden.collect::<BTreeSet<_>>().len();
        if places > 0 {
            let places = if places == 1 { "1 place".to_owned() } else { format!("{places} places") };
            notes.push(format!("{places} could not be read for the {name} results"));
        }
    }
    notes
}

/// Packs that are not the same on both sides.
fn packs(old: &Side<'_>, new: &Side<'_>, notes: &mut Vec<String>) {
    let find = |packs: &[Pack<'_>], id: &str| packs.iter().position(|pack| pack.id == id);
    let named = |pack: &Pack<'_>| {
        let digest: String = pack.digest.chars().take(12).collect();
        format!("{} ({digest})", pack.version)
    };
    for pack in &old.packs {
        match find(&new.packs, pack.id).and_then(|at| new.packs.get(at)) {
            None => notes.push(format!("pack {} is not among those of the new results", pack.id)),
            Some(now) if now.digest != pack.digest => {
                notes.push(format!(
                    "pack {} changed from {} to {}: rules may judge otherwise, or be gone",
                    pack.id,
                    named(pack),
                    named(now)
                ));
            }
            Some(_) => {}
        }
    }
    for pack in new.packs.iter().filter(|pack| find(&old.packs, pack.id).is_none()) {
        notes.push(format!("pack {} is not among those of the old results", pack.id));
    }
}

/// Rules that were given other parameters.
fn parameters(old: &Side<'_>, new: &Side<'_>, notes: &mut Vec<String>) {
    let changed = new.rules.iter().filter(|(id, rule)| {
        let known_as = old.renamed.iter().find(|(_, now)| now == *id).map_or(**id, |(alias, _)| alias);
        old.rules.get(known_as).is_some_and(|before| before.parameters != rule.parameters)
    });
    let changed: Vec<&str> = changed.map(|(id, _)| *id).collect();
    if !changed.is_empty() {
        let named = changed.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
        let more = changed.len().saturating_sub(NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        notes.push(format!("parameters differ of {named}{more}"));
    }
}
