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
