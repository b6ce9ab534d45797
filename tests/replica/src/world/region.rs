//! The regions of each partition, and which of them an account starts with.

use serde::Deserialize;

/// The separate clouds of AWS; an organization lives in exactly one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub(crate) enum Partition {
    #[default]
    #[serde(rename = "aws")]
    Aws,
    #[serde(rename = "aws-cn")]
    China,
    #[serde(rename = "aws-us-gov")]
    UsGov,
}

impl Partition {
    /// The word in an ARN.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::China => "aws-cn",
            Self::UsGov => "aws-us-gov",
        }
    }

    /// Regions that every account has.
    pub(crate) const fn default_regions(self) -> &'static [&'static str] {
        match self {
            Self::Aws => &DEFAULT_REGIONS,
            Self::China => &["cn-north-1", "cn-northwest-1"],
            Self::UsGov => &["us-gov-west-1", "us-gov-east-1"],
        }
    }

    /// Regions that an account must ask for.
    pub(crate) const fn opt_in_regions(self) -> &'static [&'static str] {
        match self {
            Self::Aws => &OPT_IN_REGIONS,
            Self::China | Self::UsGov => &[],
        }
    }
}

const DEFAULT_REGIONS: [&str; 17] = [
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "ap-south-1",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "eu-north-1",
    "sa-east-1",
];

const OPT_IN_REGIONS: [&str; 15] = [
    "af-south-1",
    "ap-east-1",
    "ap-south-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-7",
    "ca-west-1",
    "eu-central-2",
    "eu-south-1",
    "eu-south-2",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
];
