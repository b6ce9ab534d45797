//! S3: whether a bucket exists, who owns it, and how the owner keeps it.

mod configuration;
mod filters;
mod rules;

use std::collections::BTreeMap;

use super::caller::{observe, origin, pages};
use super::failure::Failure;
use super::session::Sessions;
use crate::inventory::{Bucket, Gap, GapReason, Observed, Origin, WatchedBucket};

/// The accounts that may own a bucket.
pub(super) struct Candidates {
    /// Those that can be asked, likeliest first.
    pub(super) active: Vec<String>,
    /// Those that answer no calls, and may own it all the same.
    pub(super) silent: Vec<String>,
}

/// Reads a bucket that trails deliver to; `region` is where to ask first.
pub(super) async fn read(
    sessions: &Sessions<'_>,
    name: &str,
    candidates: &Candidates,
    region: &str,
) -> Bucket {
    let place = place(sessions, name, candidates, region).await;
    let gap = match &place.owner {
        Observed::Gap(gap) => gap.clone(),
        Observed::Known { value: None, origin } => Gap {
            origin: origin.clone(),
            reason: GapReason::NotCollected,
            detail: "no account that was asked owns the bucket".to_owned(),
        },
        Observed::Known { value: Some(account), .. } => match (&place.region, sessions.open(account).await) {
            // S3 only answers where the bucket is.
            (Observed::Gap(gap), _) => gap.clone(),
            (Observed::Known { value: region, .. }, Ok(session)) => {
                let region = region.clone();
                let bucket = unread(place, &pending());
                return configuration::read(sessions, &session, &region, bucket).await;
            }
            (Observed::Known { .. }, Err(gap)) => gap,
        },
    };
    unread(place, &gap)
}

/// Whether a bucket exists, where it is and whose; `region` is where to ask first.
pub(super) async fn place(
    sessions: &Sessions<'_>,
    name: &str,
    candidates: &Candidates,
    region: &str,
) -> WatchedBucket {
    let (exists, bucket_region) = head(sessions, name, region).await;
    let (owner, unasked) = if exists.value() == Some(&false) {
        let gap = Gap {
            origin: head_origin(sessions, name, region),
            reason: GapReason::NotCollected,
            detail: "there is no such bucket".to_owned(),
        };
        (Observed::Gap(gap), BTreeMap::new())
    } else if let Err(refused) = sessions.caller.check(&origin("s3:ListBuckets", "", region, name)) {
        // Asking everybody would open sessions for nothing.
        let all = candidates.active.iter().chain(&candidates.silent);
        let unasked = all.map(|account| (account.clone(), refused.gap.clone())).collect();
        (Observed::Gap(refused.gap), unasked)
    } else {
        owner(sessions, name, candidates, region).await
    };
    WatchedBucket { name: name.to_owned(), exists, region: bucket_region, owner, unasked }
}

fn pending() -> Gap {
    Gap {
        origin: Origin::Stated("collection".to_owned()),
        reason: GapReason::NotCollected,
        detail: String::new(),
    }
}

/// A bucket of which nothing more is known, for this reason.
fn unread(place: WatchedBucket, gap: &Gap) -> Bucket {
    let WatchedBucket { name, exists, region, owner, .. } = place;
    Bucket {
        name,
        exists,
        region,
        owner,
        policy: Observed::Gap(gap.clone()),
        policy_is_public: Observed::Gap(gap.clone()),
        acl: Observed::Gap(gap.clone()),
        public_access_block: Observed::Gap(gap.clone()),
        account_public_access_block: Observed::Gap(gap.clone()),
        object_lock: Observed::Gap(gap.clone()),
        versioning: Observed::Gap(gap.clone()),
        lifecycle: Observed::Gap(gap.clone()),
        access_logging: Observed::Gap(gap.clone()),
        object_ownership: Observed::Gap(gap.clone()),
        replication: Observed::Gap(gap.clone()),
        encryption: Observed::Gap(gap.clone()),
    }
}

fn head_origin(sessions: &Sessions<'_>, name: &str, region: &str) -> Origin {
    origin("s3:HeadBucket", &sessions.own().account, region, name)
}

/// Any answer but 404 shows that the bucket exists; all but a few carry its region.
async fn head(sessions: &Sessions<'_>, name: &str, region: &str) -> (Observed<bool>, Observed<String>) {
    let asked = head_origin(sessions, name, region);
    let answer =
        sessions.caller.make(&asked, sessions.own().s3_head(region).head_bucket().bucket(name).send()).await;
    let known = |exists| Observed::known(exists, asked.clone());
    match answer {
        Ok(answer) => {
            if let Some(region) = answer.bucket_region {
                (known(true), Observed::known(region, asked.clone()))
            } else {
                let gap = Failure::of(
                    &asked,
                    GapReason::Unreadable,
                    "the answer does not name the bucket's region",
                )
                .gap;
                (Observed::Gap(gap.clone()), Observed::Gap(gap))
            }
        }
        // Only S3's own headers make an answer S3's: a proxy says 403 and 404 too.
        Err(failure) => match (failure.status, failure.bucket_region.clone()) {
            (Some(404), _) if failure.is_of_service => {
                let gap = Failure::of(&asked, GapReason::NotCollected, "there is no such bucket").gap;
                (known(false), Observed::Gap(gap))
            }
            (Some(301 | 400 | 403), Some(region)) => (known(true), Observed::known(region, asked.clone())),
            (Some(404), None) => {
                let gap = Gap { reason: GapReason::Unreadable, ..failure.gap };
                (Observed::Gap(gap.clone()), Observed::Gap(gap))
            }
            _ => (Observed::Gap(failure.gap.clone()), Observed::Gap(failure.gap)),
        },
    }
}

/// The account that lists the bucket among its own, and those that did not tell whether they do.
async fn owner(
    sessions: &Sessions<'_>,
    name: &str,
    candidates: &Candidates,
    region: &str,
) -> (Observed<Option<String>>, BTreeMap<String, Gap>) {
    const AT_ONCE: usize = 16;
    let mut first_gap = None;
    let mut unasked = BTreeMap::new();
    let mut asked = head_origin(sessions, name, region);
    // The likeliest alone, then whole groups: what is asked depends on the organization, not on who answers first.
    let (likeliest, others) = candidates.active.split_at(candidates.active.len().min(1));
    for group in std::iter::once(likeliest).chain(others.chunks(AT_ONCE)) {
        let answers = futures_util::future::join_all(
            group.iter().map(|account| lists(sessions, account, name, region)),
        )
        .await;
        for (account, listed) in group.iter().zip(answers) {
            match listed {
                Observed::Known { value: true, origin } => {
                    return (Observed::known(Some(account.clone()), origin), BTreeMap::new());
                }
                Observed::Known { value: false, origin } => asked = origin,
                Observed::Gap(gap) => {
                    first_gap.get_or_insert_with(|| gap.clone());
                    unasked.insert(account.clone(), gap);
                }
            }
        }
    }
    for account in &candidates.silent {
        let detail = format!("account {account} is suspended and cannot be asked");
        let gap = Failure::of(&asked, GapReason::NotCollected, &detail).gap;
        first_gap.get_or_insert_with(|| gap.clone());
        unasked.insert(account.clone(), gap);
    }
    match first_gap {
        Some(gap) => (Observed::Gap(gap), unasked),
        None => (Observed::known(None, asked), unasked),
    }
}

async fn lists(sessions: &Sessions<'_>, account: &str, name: &str, region: &str) -> Observed<bool> {
    let session = match sessions.open(account).await {
        Ok(session) => session,
        Err(gap) => return Observed::Gap(gap),
    };
    let asked = origin("s3:ListBuckets", account, region, name);
    let client = session.s3(region);
    let request =
        |token| client.list_buckets().prefix(name).max_buckets(1000).set_continuation_token(token).send();
    let listed =
        pages(sessions.caller, &asked, request, |page| (page.buckets, page.continuation_token)).await;
    observe(asked, listed, |buckets| Ok(buckets.iter().any(|bucket| bucket.name() == Some(name))))
}
