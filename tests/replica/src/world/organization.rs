//! The organization: its units, its policies with their targets, delegated administrators and trusted services.

use super::{Partition, Ref, fingerprint};
use serde::Deserialize;
use serde_json::{Value, json};

/// The organization as the world file writes it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Organization {
    #[serde(default = "organization_id")]
    pub(crate) id: String,
    #[serde(default = "root_id")]
    pub(crate) root: String,
    /// Name or id of the management account; the first account when absent.
    pub(crate) management: Option<Ref>,
    #[serde(default)]
    pub(crate) units: Vec<Unit>,
    #[serde(default)]
    pub(crate) policies: Vec<Policy>,
    #[serde(default)]
    pub(crate) delegated_administrators: Vec<Delegation>,
    #[serde(default = "trusted_access")]
    pub(crate) trusted_access: Vec<String>,
    #[serde(default = "policy_types")]
    pub(crate) policy_types: Vec<String>,
    /// The tree in one list, parents first; filled by the resolving pass.
    #[serde(skip)]
    pub(crate) nodes: Vec<Node>,
}

fn organization_id() -> String {
    "o-replica001".into()
}

fn root_id() -> String {
    "r-repl".into()
}

fn trusted_access() -> Vec<String> {
    vec!["account.amazonaws.com".into(), "cloudtrail.amazonaws.com".into()]
}

fn policy_types() -> Vec<String> {
    vec!["SERVICE_CONTROL_POLICY".into()]
}

/// The types of policies that AWS knows.
/// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListPolicies.html>
pub(crate) const POLICY_TYPES: [&str; 15] = [
    "SERVICE_CONTROL_POLICY",
    "RESOURCE_CONTROL_POLICY",
    "TAG_POLICY",
    "BACKUP_POLICY",
    "AISERVICES_OPT_OUT_POLICY",
    "CHATBOT_POLICY",
    "DECLARATIVE_POLICY_EC2",
    "SECURITYHUB_POLICY",
    "SECURITYHUB_CSPM_POLICY",
    "INSPECTOR_POLICY",
    "UPGRADE_ROLLOUT_POLICY",
    "BEDROCK_POLICY",
    "S3_POLICY",
    "NETWORK_SECURITY_DIRECTOR_POLICY",
    "GUARDDUTY_POLICY",
];

/// An organizational unit and what is below it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Unit {
    pub(crate) name: String,
    pub(crate) id: Option<String>,
    #[serde(default)]
    pub(crate) units: Vec<Unit>,
}

/// A policy of the organization, attached to the targets it names.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Policy {
    pub(crate) name: String,
    pub(crate) id: Option<String>,
    #[serde(default)]
    pub(crate) description: String,
    #[serde(rename = "type", default = "service_control")]
    pub(crate) kind: String,
    #[serde(default)]
    pub(crate) aws_managed: bool,
    pub(crate) document: Value,
    /// `root`, unit names or paths, account names or ids; ids after the resolving pass.
    #[serde(default)]
    pub(crate) targets: Vec<Ref>,
}

fn service_control() -> String {
    "SERVICE_CONTROL_POLICY".into()
}

impl Policy {
    /// The policy id, derived from the name unless given.
    pub(crate) fn id(&self) -> String {
        self.id.clone().unwrap_or_else(|| format!("p-{}", &fingerprint(&self.name)[..8]))
    }

    /// The policy that AWS itself attaches to everything when a policy type is enabled.
    pub(crate) fn attached_everywhere(kind: &str) -> Option<Self> {
        let name = match kind {
            "SERVICE_CONTROL_POLICY" => "FullAWSAccess",
            "RESOURCE_CONTROL_POLICY" => "RCPFullAWSAccess",
            _ => return None,
        };
        let mut statement = json!({"Effect": "Allow", "Action": "*", "Resource": "*"});
        if kind == "RESOURCE_CONTROL_POLICY" {
            statement["Principal"] = json!("*");
        }
        Some(Self {
            name: name.into(),
            id: Some(format!("p-{name}")),
            description: "Allows access to every operation".into(),
            kind: kind.into(),
            aws_managed: true,
            document: json!({"Version": "2012-10-17", "Statement": [statement]}),
            targets: Vec::new(),
        })
    }

    /// Whether this is the policy that AWS attaches to everything.
    pub(crate) fn is_everywhere(&self) -> bool {
        self.aws_managed && self.targets.is_empty()
    }

    /// The document as the JSON text that `DescribePolicy` returns.
    pub(crate) fn content(&self) -> String {
        match &self.document {
            Value::String(text) => text.clone(),
            document => document.to_string(),
        }
    }
}

/// An account that administers some services for the organization.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Delegation {
    pub(crate) account: Ref,
    pub(crate) services: Vec<String>,
}

/// The root or a unit, flattened.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) path: String,
    pub(crate) parent: Option<String>,
}

impl Organization {
    /// The management account's id, once resolved.
    pub(crate) fn management(&self) -> &str {
        self.management.as_ref().map_or("", |account| &account.value)
    }

    /// Whether the account is registered for the service.
    pub(crate) fn delegates(&self, account: &str, service: &str) -> bool {
        self.delegated_administrators
            .iter()
            .any(|d| d.account.value == account && d.services.iter().any(|s| s == service))
    }

    /// Lists the tree and adds the policy that AWS attaches everywhere.
    pub(crate) fn flatten(&mut self) {
        let root = Node { id: self.root.clone(), name: "Root".into(), path: String::new(), parent: None };
        let mut nodes = vec![root];
        let suffix = self.root.trim_start_matches("r-").to_owned();
        let mut waiting: Vec<(&Unit, usize)> = self.units.iter().rev().map(|unit| (unit, 0)).collect();
        while let Some((unit, parent)) = waiting.pop() {
            let above = &nodes[parent];
            let path = if above.path.is_empty() {
                unit.name.clone()
            } else {
                format!("{}/{}", above.path, unit.name)
            };
            let id = unit.id.clone().unwrap_or_else(|| format!("ou-{suffix}-{}", &fingerprint(&path)[..8]));
            let parent_id = above.id.clone();
            nodes.push(Node { id, name: unit.name.clone(), path, parent: Some(parent_id) });
            let index = nodes.len() - 1;
            waiting.extend(unit.units.iter().rev().map(|below| (below, index)));
        }
        self.nodes = nodes;
    }

    /// The node with this id, name or path; `root` is the root.
    pub(crate) fn node(&self, wanted: &str) -> Option<&Node> {
        self.nodes.iter().find(|node| {
            node.id == wanted
                || node.path == wanted && !wanted.is_empty()
                || node.name == wanted
                || wanted == "root" && node.parent.is_none()
        })
    }

    /// The ARN of the root or of a unit.
    pub(crate) fn node_arn(&self, partition: Partition, node: &Node) -> String {
        let kind = if node.parent.is_none() { "root" } else { "ou" };
        format!(
            "arn:{}:organizations::{}:{kind}/{}/{}",
            partition.name(),
            self.management(),
            self.id,
            node.id
        )
    }
}
