//! The YAML of a world: what is refused, and that the sample organization is in order.

use trailproof_replica::{Replica, World};

fn complaint(yaml: &str) -> String {
    World::from_yaml(yaml).unwrap_err().to_string()
}

#[test]
fn an_unknown_field_is_named_with_its_place() {
    let message = complaint("accounts:\n  - { name: a, colour: red }\ncallers: []\n");
    assert!(message.starts_with("line 2, column ") && message.contains("colour"), "{message}");
}

#[test]
fn every_unresolved_name_is_named_with_its_place() {
    let yaml = "accounts: [{ name: a }]\ncallers: []\nbuckets:\n  - { name: b, account: nobody }\n  - { name: c, account: noone }\n";
    assert_eq!(
        complaint(yaml),
        "line 4, column 25: there is no account `nobody`\nline 5, column 25: there is no account `noone`"
    );
}

#[test]
fn an_account_id_has_twelve_digits() {
    assert!(complaint("accounts: [{ name: a, id: \"12\" }]\ncallers: []").contains("`12` is no account id"));
}

#[test]
fn a_trail_has_one_kind_of_selectors() {
    let yaml = "accounts: [{ name: a }]\ncallers: []\ntrails:\n  - { name: t, account: a, bucket: b, event_selectors: [{}], advanced_event_selectors: [{ FieldSelectors: [] }] }\n";
    assert!(complaint(yaml).contains("classic and advanced"), "{}", complaint(yaml));
}

#[test]
fn names_around_alarms_are_resolved_or_named_with_their_place() {
    let yaml = r"accounts: [{ name: a }]
callers: []
log_groups: [{ name: g, account: a, kms_key: no-key }]
log_resource_policies: [{ name: p, account: a, document: '{}', log_group: no-group }]
alarms:
  - { name: one, account: a, metric: m, actions: [no-topic] }
  - { name: two, account: a }
  - { name: three, account: a, metric: m, rule: ALARM(one) }
topics: [{ name: t, account: nobody, subscriptions: [{ protocol: sms, endpoint: e, owner: noone }] }]
event_rules: [{ name: r, account: a, targets: [{ id: i, arn: no-topic }] }]
event_data_stores: [{ name: s, account: a, organization: true }]
organization: { management: b }
";
    let complaint = complaint(yaml);
    let said: Vec<&str> = complaint.lines().map(|line| line.split_once(": ").unwrap().1).collect();
    for expected in [
        "there is no account `b`",
        "there is no account `nobody`",
        "there is no account `noone`",
        "event data store `s` is the organization's: it belongs to the management account",
        "there is no key `no-key`",
        "there is no topic `no-topic`",
        "alarm `two` needs one of `metric`, `metrics` and `rule`",
        "alarm `three` needs one of `metric`, `metrics` and `rule`",
        "rule `r` needs a `pattern` or a `schedule`",
        "there is no log group `no-group`",
    ] {
        assert!(said.contains(&expected), "{expected} is missing in {complaint}");
    }
    assert!(complaint.contains("line 6, column 51: there is no topic `no-topic`"), "{complaint}");
}

#[test]
fn a_policy_with_targets_needs_its_type_enabled() {
    let policy = |kind: &str, targets: &str| {
        format!(
            "accounts: [{{ name: a }}]\ncallers: []\norganization:\n  policies: [{{ name: p, type: {kind}, targets: {targets}, document: {{}} }}]\n"
        )
    };
    assert_eq!(
        complaint(&policy("RESOURCE_CONTROL_POLICY", "[a]")),
        "line 4, column 66: policy `p` has targets, but `policy_types` is without RESOURCE_CONTROL_POLICY"
    );
    assert!(World::from_yaml(&policy("RESOURCE_CONTROL_POLICY", "[]")).is_ok());
    assert!(complaint(&policy("RCP", "[]")).contains("`RCP` is no policy type"));
}

#[tokio::test]
async fn the_sample_organization_starts_and_gives_its_caller_an_environment() {
    let text = include_str!("../../../../examples/acme-org/world.yaml");
    let world = World::from_yaml(text).unwrap();
    assert_eq!(world.account_ids().count(), 14);
    let replica = Replica::start(world).await.unwrap();
    let environment = replica.environment("audit-runner");
    assert!(environment.contains(&("AWS_ACCESS_KEY_ID".into(), "AKIAREPLICADEMO00001".into())));
    assert!(environment.contains(&("AWS_ENDPOINT_URL".into(), replica.endpoint())));
    let address = replica.endpoint().trim_start_matches("http://").to_owned();
    replica.stop().await;
    assert!(std::net::TcpStream::connect(address).is_err(), "stopping closes the port");
}

#[test]
fn the_world_in_the_readme_is_one() {
    let readme = include_str!("../../README.md");
    let (_, yaml) = readme.split_once("```yaml\n").unwrap();
    let (yaml, _) = yaml.split_once("```").unwrap();
    assert_eq!(World::from_yaml(yaml).map(|_| ()).map_err(|error| error.to_string()), Ok(()));
}
