//! Whether the policy of a bucket lets a trail deliver its files.
//!
//! <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html>

use super::context::{Context, Value, is};
use super::document::{Document, Effect};
use super::principal::{Who, account_of};
use super::truth::Answer;
use super::{service, words};

/// A trail, as far as its delivery goes.
#[derive(Clone, Copy, Debug)]
pub struct Delivery<'a> {
    /// Name of the bucket.
    pub bucket: &'a str,
    /// Prefix of the object keys, without the slash at its end; empty without one.
    pub prefix: &'a str,
    /// ARN of the trail.
    pub trail: &'a str,
    /// Organization id of an organization trail, whose files of all accounts lie below `AWSLogs/<id>/`.
    pub organization_trail: Option<&'a str>,
    /// Organization that the owner of the trail belongs to; `None`: none, or not known.
    pub organization: Option<&'a str>,
    /// ARN of the key that the trail names.
    pub key: Option<&'a str>,
    /// The trail writes digest files.
    pub validates: bool,
}

/// Accounts by which CloudTrail asked before it had a name, one for each region; AWS advises against naming them.
///
/// <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-set-bucket-policy-for-multiple-regions.html>
const FORMER_ACCOUNTS: &[&str] = &[
    "034638983726",
    "035351147821",
    "086441151436",
    "113285607260",
    "119688915426",
    "193415116832",
    "216624486486",
    "262312530599",
    "282025262664",
    "284668455005",
    "388731089494",
    "475085895292",
    "492519147666",
    "608710470296",
    "669305197877",
    "681348832753",
    "765225791966",
    "814480443879",
    "819402241893",
    "829690693026",
    "859597730677",
    "903692715234",
    "977081816279",
];

/// One kind of request that CloudTrail makes.
struct Errand {
    action: &'static str,
    resource: String,
    what: &'static str,
    encryption: Option<&'static str>,
}

/// The policy lets CloudTrail look at the bucket and write every file of this trail.
///
/// A grant that names the accounts CloudTrail used formerly leaves the answer open: it serves only the regions it names. Digest files
/// were written with `AES256` whatever key the trail has, and newer documentation says that they use the key: where only one of the
/// two passes, the answer for a trail with a key is open. Log files of a trail with a key are written with `aws:kms`, of one without
/// a key with `AES256`. An organization trail writes below `AWSLogs/<organization>/`; the path of the owner's account matters only
/// should it become a trail of one account.
#[must_use]
pub fn delivery(policy: &Document, trail: &Delivery<'_>) -> Answer {
    let mut answer = Answer { value: Some(true), notes: Vec::new() };
    for errand in trail.errands() {
        let (value, notes) = policy.lets(trail, &errand);
        let value = match value {
            // Which of both encryptions a digest file has is documented both ways.
            Some(false) if errand.what == "digest files" && trail.key.is_some() => {
                let other = Errand { encryption: Some("aws:kms"), ..errand };
                let (with_key, _) = policy.lets(trail, &other);
                if with_key == Some(false) { Some(false) } else { None }
            }
            value => value,
        };
        answer.value = super::truth::both(answer.value, value);
        answer.notes.extend(notes);
    }
    if answer.value == Some(false) && policy.names_former_accounts() {
        answer.value = None;
        answer
            .notes
            .push("it names accounts that CloudTrail used formerly, which serve single regions".to_owned());
    }
    answer.notes = words::distinct(answer.notes);
    answer
}

impl Delivery<'_> {
    fn errands(&self) -> Vec<Errand> {
        let partition = self.trail.split(':').nth(1).unwrap_or("aws");
        let bucket = format!("arn:{partition}:s3:::{}", self.bucket);
        let start = if self.prefix.is_empty() { String::new() } else { format!("{}/", self.prefix) };
        let whose = match self.organization_trail {
            // Files of each account of the organization, in a folder of its own.
            Some(organization) => format!("{organization}/????????????"),
            None => account_of(self.trail).unwrap_or("????????????").to_owned(),
        };
        let objects = |folder: &str| format!("{bucket}/{start}AWSLogs/{whose}/{folder}/*.json.gz");
        let of_logs = if self.key.is_some() { "aws:kms" } else { "AES256" };
        let mut errands = vec![
            Errand {
                action: "s3:GetBucketAcl",
                resource: bucket.clone(),
                what: "the bucket's ACL",
                encryption: None,
            },
            Errand {
                action: "s3:PutObject",
                resource: objects("CloudTrail"),
                what: "log files",
                encryption: Some(of_logs),
            },
        ];
        if self.validates {
            let resource = objects("CloudTrail-Digest");
            errands.push(Errand {
                action: "s3:PutObject",
                resource,
                what: "digest files",
                encryption: Some("AES256"),
            });
        }
        errands
    }

    /// What CloudTrail's requests say of themselves.
    fn context(&self, errand: &Errand) -> Context {
        let mut context = service::context(self.trail, self.organization.or(self.organization_trail));
        context.set("s3:TlsVersion", Value::Either(vec![is("1.2"), is("1.3")]));
        if let Some(encryption) = errand.encryption {
            context.set("s3:x-amz-acl", is("bucket-owner-full-control"));
            context.set("s3:x-amz-server-side-encryption", is(encryption));
            let key = match (encryption, self.key) {
                ("AES256", _) => Value::Absent,
                (_, Some(key)) => is(key),
                (_, None) => Value::Unknown,
            };
            context.set("s3:x-amz-server-side-encryption-aws-kms-key-id", key);
        }
        context
    }
}

impl Document {
    fn lets(&self, trail: &Delivery<'_>, errand: &Errand) -> (Option<bool>, Vec<String>) {
        let with = errand.encryption.map_or(String::new(), |with| format!(" with {with}"));
        let what = format!("{}{with}", errand.what);
        self.serves(errand.action, &errand.resource, &trail.context(errand), &what)
    }

    fn names_former_accounts(&self) -> bool {
        let is_former = |who: &Who| who.account().is_some_and(|account| FORMER_ACCOUNTS.contains(&account));
        self.with(Effect::Allow).any(|statement| statement.listed().iter().any(is_former))
    }
}
