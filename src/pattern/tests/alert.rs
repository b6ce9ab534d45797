//! The table of alerts and its events.

use std::collections::BTreeSet;

use super::*;

#[test]
fn ids_are_unique_and_event_names_too() {
    let ids: BTreeSet<_> = AlertKind::all().iter().map(|kind| kind.id).collect();
    assert_eq!((ids.len(), AlertKind::all().len()), (16, 16));
    for kind in AlertKind::all() {
        let names: Vec<_> = kind.events().collect();
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "{}", kind.id);
    }
    let count = |id| kind(id).events().count();
    let counts =
        ["iam-policy-changes", "bucket-policy-changes", "organizations-changes", "vpc-changes"].map(count);
    assert_eq!(counts, [16, 9, 18, 11]);
}

#[test]
fn the_events_of_a_kind_are_few_and_cover_the_scope() {
    for kind in AlertKind::all() {
        let samples = kind.samples(&scope());
        assert!(samples.len() <= 60, "{}: {}", kind.id, samples.len());
        let accounts: BTreeSet<_> = samples.iter().map(|sample| sample.account.as_str()).collect();
        assert_eq!(accounts.len(), 2, "{}", kind.id);
        for name in kind.events() {
            let of_name: Vec<_> = samples.iter().filter(|sample| sample.event == name).collect();
            assert!(of_name.len() >= 3, "{name}");
        }
    }
}

#[test]
fn every_event_of_a_regional_service_happens_in_several_regions_accounts_and_hands() {
    for id in ["cloudtrail-changes", "vpc-changes", "key-disabling-or-deletion", "bucket-policy-changes"] {
        let samples = kind(id).samples(&scope());
        for group in samples.chunk_by(|a, b| a.event == b.event) {
            let distinct =
                |value: fn(&Sample) -> &str| group.iter().map(value).collect::<BTreeSet<_>>().len();
            let name = &group[0].event;
            assert_eq!(distinct(|sample| &sample.region), 3, "{name}");
            assert_eq!(distinct(|sample| &sample.account), 2, "{name}");
            assert!(distinct(|sample| sample.identity) >= 3, "{name}");
        }
    }
}

#[test]
fn twenty_regions_are_all_visited() {
    let regions: Vec<_> = (0..20).map(|number| format!("eu-test-{number}")).collect();
    let scope = Scope { regions, ..scope() };
    for id in ["tamper", "vpc-changes", "key-disabling-or-deletion", "console-login-without-mfa"] {
        let visited: BTreeSet<_> = kind(id).samples(&scope).into_iter().map(|sample| sample.region).collect();
        assert!(visited.len() >= 20, "{id}");
    }
}

#[test]
fn global_services_record_in_one_region_of_their_partition() {
    for (region, home) in
        [("eu-west-1", "us-east-1"), ("cn-northwest-1", "cn-north-1"), ("us-gov-east-1", "us-gov-west-1")]
    {
        let scope = Scope { regions: vec![region.to_owned()], ..scope() };
        for id in ["iam-policy-changes", "organizations-changes"] {
            assert!(kind(id).samples(&scope).iter().all(|sample| sample.region == home));
        }
        let visited: BTreeSet<_> = kind("console-login-without-mfa")
            .samples(&scope)
            .into_iter()
            .map(|sample| sample.region)
            .collect();
        assert_eq!(visited, BTreeSet::from([home.to_owned(), region.to_owned()]));
    }
}

#[test]
fn records_agree_with_what_is_said_of_them() {
    for kind in AlertKind::all() {
        for sample in kind.samples(&scope()) {
            let record = sample.record();
            assert_eq!(record["awsRegion"], sample.region.as_str());
            assert_eq!(record["recipientAccountId"], sample.account.as_str());
            assert_eq!(record["userIdentity"]["accountId"], sample.account.as_str());
            assert_eq!(record["readOnly"], sample.is_read_only);
            assert_eq!(sample.envelope()["region"], sample.region.as_str());
            assert!(sample.event.starts_with(record["eventName"].as_str().unwrap()));
            assert_ne!(record["sourceIPAddress"], "delivery.logs.amazonaws.com");
        }
    }
}

#[test]
fn denied_calls_have_both_forms_of_the_code_and_some_only_read() {
    let samples = kind("unauthorized-calls").samples(&scope());
    let codes: BTreeSet<_> =
        samples.iter().map(|sample| sample.record()["errorCode"].as_str().unwrap()).collect();
    assert_eq!(
        codes,
        BTreeSet::from(["AccessDenied", "AccessDeniedException", "Client.UnauthorizedOperation"])
    );
    assert!(
        samples.iter().any(|sample| sample.is_read_only) && samples.iter().any(|sample| !sample.is_read_only)
    );
    assert!(samples.iter().all(|sample| sample.identity != "the root user"));
}

#[test]
fn one_whole_record() {
    let sample = kind("tamper").samples(&scope()).swap_remove(1);
    let mut record = sample.record().clone();
    record["userIdentity"].take();
    assert_eq!(
        record,
        json!({
            "eventVersion": "1.11",
            "userIdentity": null,
            "eventTime": "2026-01-15T09:30:00Z",
            "eventSource": "cloudtrail.amazonaws.com",
            "eventName": "StopLogging",
            "awsRegion": "eu-west-1",
            "sourceIPAddress": "198.51.100.7",
            "userAgent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
            "requestParameters": { "name": "main1" },
            "responseElements": null,
            "requestID": "a1b2c3d4-5678-4000-8000-000000000001",
            "eventID": "0f1e2d3c-4b5a-4000-8000-000000000001",
            "readOnly": false,
            "eventType": "AwsApiCall",
            "managementEvent": true,
            "recipientAccountId": "444455556666",
            "eventCategory": "Management",
            "tlsDetails": {
                "tlsVersion": "TLSv1.3",
                "cipherSuite": "TLS_AES_128_GCM_SHA256",
                "clientProvidedHostHeader": "cloudtrail.eu-west-1.amazonaws.com",
            },
        })
    );
}

#[test]
fn an_outline_has_every_event_of_the_samples_in_every_place() {
    for kind in AlertKind::all() {
        let place = |sample: &Sample| (sample.event.clone(), sample.region.clone(), sample.account.clone());
        let source = |sample: &Sample| sample.record()["eventSource"].clone();
        let outline = kind.outline(&scope());
        let places: BTreeSet<_> = outline.iter().map(place).collect();
        assert_eq!(places.len(), outline.len(), "{}", kind.id);
        for sample in kind.samples(&scope()) {
            let same = outline.iter().find(|one| place(one) == place(&sample)).unwrap();
            assert_eq!((source(same), same.is_read_only), (source(&sample), sample.is_read_only));
        }
    }
}
