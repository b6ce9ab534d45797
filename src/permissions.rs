//! The least that trailproof has to be allowed, for the calls that selected packs need: as IAM policy, CloudFormation and Terraform.
//!
//! Knows the table of calls and nothing about packs.

use std::collections::BTreeSet;

use minijinja::{Environment, UndefinedBehavior, context};
use serde_json::json;

use crate::collect::{CALLS, CallSpec, Place};

/// Whose permissions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holder {
    /// What it is called on the command line.
    pub name: &'static str,
    /// For headings.
    pub title: &'static str,
    /// In a sentence or two.
    pub text: &'static str,
    places: &'static [Place],
    cloudformation: &'static str,
    terraform: &'static str,
}

/// The identity that a scan starts with.
pub const START: Holder = Holder {
    name: "start",
    title: "Where the scan starts",
    text: "The management account or a delegated administrator. `sts:AssumeRole` is limited to the audit role of the members.",
    places: &[Place::Caller, Place::Organization],
    cloudformation: include_str!("../templates/permissions/start.yaml"),
    terraform: include_str!("../templates/permissions/start.tf"),
};

/// The role in each account.
pub const MEMBERS: Holder = Holder {
    name: "members",
    title: "In every account",
    text: "The role `trailproof-audit` (`--role-name`) in each member, and the same for the identity that the scan starts with.",
    places: &[Place::Account, Place::BucketOwner, Place::KeyOwner, Place::LogGroupOwner, Place::TopicOwner],
    cloudformation: include_str!("../templates/permissions/members.yaml"),
    terraform: include_str!("../templates/permissions/members.tf"),
};

/// A language that permissions can be written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Language {
    /// IAM policy document
    Iam,
    /// CloudFormation template, for a stack set
    Cloudformation,
    /// Terraform
    Terraform,
}

/// The calls, of those in `calls`, that `holder` makes.
pub fn made_by<'a>(
    holder: &Holder,
    calls: &'a BTreeSet<&'static str>,
) -> impl Iterator<Item = &'static CallSpec> + use<'a> {
    let places = holder.places;
    CALLS.iter().filter(move |call| places.contains(&call.place) && calls.contains(call.operation))
}

/// What `holder` has to be allowed for `calls`, the audit role being `role` with its path before the name.
pub fn document(
    holder: &Holder,
    language: Language,
    calls: &BTreeSet<&'static str>,
    role: &str,
) -> Result<String, minijinja::Error> {
    let template = match language {
        Language::Iam => return Ok(policy(holder, calls, role)),
        Language::Cloudformation => holder.cloudformation,
        Language::Terraform => holder.terraform,
    };
    let (path, name) = role.rsplit_once('/').map_or(("", role), |(path, name)| (path, name));
    let path = if path.is_empty() { String::new() } else { format!("/{path}/") };
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let values = context! { actions => actions(holder, calls), role, role_name => name, role_path => path };
    environment.render_str(template, values).map(|text| format!("{}\n", text.trim_end()))
}

/// Actions to be granted, sorted; what everybody may do, or is granted apart, is left out.
fn actions(holder: &Holder, calls: &BTreeSet<&'static str>) -> BTreeSet<&'static str> {
    // HeadBucket tells what is asked of it also where it is refused.
    let is_left_out = ["sts:GetCallerIdentity", "sts:AssumeRole", "s3:ListBucket"];
    made_by(holder, calls).map(|call| call.action).filter(|action| !is_left_out.contains(action)).collect()
}

fn policy(holder: &Holder, calls: &BTreeSet<&'static str>, role: &str) -> String {
    let mut statements =
        vec![json!({ "Effect": "Allow", "Action": actions(holder, calls), "Resource": "*" })];
    if holder.places.contains(&Place::Caller) {
        let role = format!("arn:*:iam::*:role/{role}");
        statements.push(json!({ "Effect": "Allow", "Action": "sts:AssumeRole", "Resource": role }));
    }
    let policy = json!({ "Version": "2012-10-17", "Statement": statements });
    format!("{policy:#}\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::{every_call, wanted};

    #[test]
    fn no_permission_changes_anything() {
        for call in CALLS {
            let verb = call.action.split(':').nth(1).unwrap();
            let reads = ["Get", "List", "Describe"].iter().any(|start| verb.starts_with(start));
            assert!(reads || verb == "AssumeRole", "{}", call.action);
        }
    }

    #[test]
    fn a_small_pack_needs_a_small_role() {
        let few = document(&MEMBERS, Language::Iam, &wanted([]), "audit").unwrap();
        assert!(few.contains("cloudtrail:GetTrailStatus") && !few.contains("kms:"), "{few}");
        let key = document(&MEMBERS, Language::Iam, &wanted(["kms:GetKeyPolicy"]), "audit").unwrap();
        assert!(key.contains("kms:GetKeyPolicy") && !key.contains("kms:DescribeKey"), "{key}");
    }

    #[test]
    fn a_path_before_the_name_of_the_role_is_its_path() {
        for language in [Language::Cloudformation, Language::Terraform] {
            let members = document(&MEMBERS, language, &every_call(), "security/audit").unwrap();
            assert!(members.contains("/security/") && !members.contains("security/audit"), "{members}");
            let start = document(&START, language, &every_call(), "security/audit").unwrap();
            assert!(start.contains("iam::*:role/security/audit"), "{start}");
        }
    }
}
