//! Units and control policies, as a large organization has them.

use trailproof::inventory::{Inventory, Observed, OrganizationPolicy, OrganizationalUnit, Origin};

const ROOT: &str = "r-exam";
const UNITS: usize = 50;
/// Besides full access, which is attached to everything.
const POLICIES: usize = 19;
const FULL_ACCESS: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}"#;

/// Spreads the accounts over units and attaches policies to the root and to all units: some guard names that Control Tower gives,
/// some fence regions and services.
pub(crate) fn install(inventory: &mut Inventory, origin: &Origin) {
    let accounts: Vec<String> = inventory.accounts.keys().cloned().collect();
    let Some(organization) = &mut inventory.organization else { return };
    let unit = |at: usize| format!("ou-exam-{at:08}");
    let root = OrganizationalUnit {
        id: ROOT.to_owned(),
        name: "Root".to_owned(),
        parent: None,
        accounts: Vec::new(),
    };
    let units = (0..UNITS).map(|at| OrganizationalUnit {
        id: unit(at),
        name: format!("unit-{at}"),
        parent: Some(if at < 10 { ROOT.to_owned() } else { unit(at % 10) }),
        accounts: accounts.iter().skip(at).step_by(UNITS).cloned().collect(),
    });
    let policy = |name: String, document: String, targets: Vec<String>| OrganizationPolicy {
        id: format!("p-{name}"),
        name,
        aws_managed: false,
        document: Observed::known(document, origin.clone()),
        targets: Observed::known(targets, origin.clone()),
    };
    let everything: Vec<String> = std::iter::once(ROOT.to_owned())
        .chain((0..UNITS).map(unit))
        .chain(accounts.iter().cloned())
        .collect();
    let full = || policy("FullAWSAccess".to_owned(), FULL_ACCESS.to_owned(), everything.clone());
    let guards = (0..POLICIES).map(|at| {
        let targets = if at < 4 {
            vec![ROOT.to_owned()]
        } else {
            (0..UNITS).skip(at % 4).step_by(4).map(unit).collect()
        };
        policy(format!("guard-{at}"), document(at), targets)
    });
    organization.units = Observed::known(std::iter::once(root).chain(units).collect(), origin.clone());
    organization.service_control_policies =
        Observed::known(std::iter::once(full()).chain(guards).collect(), origin.clone());
    organization.resource_control_policies = Observed::known(vec![full()], origin.clone());
}

/// About 2 KB each, as the limits of AWS suggest.
fn document(at: usize) -> String {
    let spare = r#"{"ArnNotLike":{"aws:PrincipalARN":"arn:aws:iam::*:role/AWSControlTowerExecution"}}"#;
    let deny = |actions: &str, resource: &str, condition: &str| {
        format!(
            r#"{{"Effect":"Deny","Action":[{actions}],"Resource":["{resource}"],"Condition":{condition}}}"#
        )
    };
    let noise: Vec<String> = (0..40).map(|number| format!(r#""service{number}:Delete{at}*""#)).collect();
    let statements = [
        deny(&noise.join(","), "*", spare),
        match at % 4 {
            0 => deny(r#""cloudtrail:StopLogging","cloudtrail:DeleteTrail""#, "*", spare),
            1 => deny(r#""cloudtrail:*""#, "arn:aws:cloudtrail:*:*:trail/aws-controltower-*", spare),
            2 => deny(r#""s3:DeleteBucket","s3:PutBucketPolicy""#, "arn:aws:s3:::aws-controltower*", spare),
            _ => deny(
                r#""ec2:*","rds:*""#,
                "*",
                r#"{"StringNotEquals":{"aws:RequestedRegion":["eu-west-1","us-east-1"]}}"#,
            ),
        },
    ];
    format!(r#"{{"Version":"2012-10-17","Statement":[{}]}}"#, statements.join(","))
}
