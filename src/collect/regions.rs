//! Which regions an account has, and which a partition has before anybody opts in to more.
//!
//! <https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html>

use aws_sdk_account::types::RegionOptStatus;

use super::caller::{observe, origin, pages};
use super::session::{Session, Sessions};
use crate::inventory::Observed;

/// Enabled in every account of the partition, the first being where its global endpoints are.
const DEFAULTS: &[(&str, &[&str])] = &[
    (
        "aws",
        &[
            "us-east-1",
            "us-east-2",
            "us-west-1",
            "us-west-2",
            "ap-northeast-1",
            "ap-northeast-2",
            "ap-northeast-3",
            "ap-south-1",
            "ap-southeast-1",
            "ap-southeast-2",
            "ca-central-1",
            "eu-central-1",
            "eu-north-1",
            "eu-west-1",
            "eu-west-2",
            "eu-west-3",
            "sa-east-1",
        ],
    ),
    ("aws-cn", &["cn-northwest-1", "cn-north-1"]),
    ("aws-us-gov", &["us-gov-west-1", "us-gov-east-1"]),
];

/// The regions that are enabled by default; those of `aws` for a partition not known here.
pub(super) fn defaults(partition: &str) -> Vec<String> {
    let regions = DEFAULTS
        .iter()
        .find(|(name, _)| *name == partition)
        .or(DEFAULTS.first())
        .map_or(&[][..], |(_, all)| all);
    regions.iter().map(|region| (*region).to_owned()).collect()
}

/// The region of the partition's global endpoints.
pub(super) fn global(partition: &str) -> String {
    defaults(partition).into_iter().next().unwrap_or_default()
}

/// Whether this could be the name of a region of the partition: new ones appear between releases.
pub(super) fn is_plausible(partition: &str, region: &str) -> bool {
    let mut parts = region.split('-').collect::<Vec<_>>();
    let number =
        parts.pop().is_some_and(|last| !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit()));
    let words =
        parts.iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase()));
    let ours = match partition {
        "aws-cn" => region.starts_with("cn-"),
        "aws-us-gov" => region.starts_with("us-gov-"),
        _ => !region.starts_with("cn-") && !region.starts_with("us-gov-"),
    };
    number && words && ours && parts.len() >= 2
}

/// The account's enabled regions, sorted.
pub(super) async fn enabled(
    sessions: &Sessions<'_>,
    session: &Session,
    region: &str,
) -> Observed<Vec<String>> {
    let asked = origin("account:ListRegions", &session.account, region, "");
    let client = session.account_management(region);
    let request = |token| {
        let request = client
            .list_regions()
            .region_opt_status_contains(RegionOptStatus::Enabled)
            .region_opt_status_contains(RegionOptStatus::EnabledByDefault)
            .region_opt_status_contains(RegionOptStatus::Disabling)
            .max_results(50);
        request.set_next_token(token).send()
    };
    let listed = pages(sessions.caller, &asked, request, |page| (page.regions, page.next_token)).await;
    observe(asked, listed, |regions| {
        let names = regions.into_iter().map(|region| region.region_name);
        let mut names: Vec<String> =
            names.collect::<Option<_>>().ok_or("a region in the answer has no name")?;
        names.sort();
        names.dedup();
        if names.is_empty() { Err("the answer names no region") } else { Ok(names) }
    })
}

#[cfg(test)]
mod tests {
    use super::{defaults, is_plausible};

    #[test]
    fn every_default_region_is_plausible_in_its_partition_and_in_no_other() {
        for partition in ["aws", "aws-cn", "aws-us-gov"] {
            for region in defaults(partition) {
                for other in ["aws", "aws-cn", "aws-us-gov"] {
                    assert_eq!(is_plausible(other, &region), other == partition, "{region} in {other}");
                }
            }
        }
    }

    #[test]
    fn words_that_name_no_region_are_not_plausible() {
        for word in ["", "europe", "eu-west", "eu-west-", "EU-WEST-1", "eu west 1", "1", "-1", "eu--1"] {
            assert!(!is_plausible("aws", word), "{word}");
        }
    }
}
