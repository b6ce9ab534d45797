//! Patterns that look right and are too narrow.

use super::*;

const ALL: &str = "$.eventSource = cloudtrail.amazonaws.com";

#[test]
fn narrowing_to_a_region_is_seen() {
    let answer =
        answer_of_filters("cloudtrail-changes", &[&format!("{{ {ALL} && $.awsRegion = \"us-east-1\" }}")]);
    assert_eq!(answer.every, Some(false));
    assert_eq!(answer.missed[4], "StopLogging outside us-east-1");
    assert_eq!(answer.missed.len(), 5);
}

#[test]
fn leaving_out_a_region_is_seen() {
    let answer =
        answer_of_filters("cloudtrail-changes", &[&format!("{{ {ALL} && $.awsRegion != \"eu-west-1\" }}")]);
    assert_eq!(answer.missed[2], "DeleteTrail in eu-west-1");
}

#[test]
fn narrowing_to_an_account_is_seen() {
    for field in ["recipientAccountId", "userIdentity.accountId"] {
        let text = format!("{{ {ALL} && $.{field} = \"111122223333\" }}");
        assert_eq!(
            answer_of_filters("tamper", &[&text]).missed[0],
            "StopLogging in account 444455556666",
            "{field}"
        );
    }
}

#[test]
fn narrowing_to_a_type_of_identity_is_seen() {
    let answer = answer_of_filters("tamper", &[&format!("{{ {ALL} && $.userIdentity.type = IAMUser }}")]);
    assert_eq!(answer.missed[0], "StopLogging by others than an IAM user");
    let answer = answer_of_filters("tamper", &[&format!("{{ {ALL} && $.userIdentity.type != Root }}")]);
    assert_eq!(answer.missed[0], "StopLogging by the root user");
}

#[test]
fn narrowing_to_a_user_an_address_or_a_client_is_seen() {
    for condition in [
        "$.userIdentity.userName = alice",
        "$.userIdentity.arn = \"*alice*\"",
        "$.sourceIPAddress = 203.0.113.*",
        "$.sourceIPAddress != 203.0.113.*",
        "$.userAgent = \"aws-cli*\"",
        "$.userAgent != \"*Terraform*\"",
        "$.userIdentity.sessionContext.sessionIssuer.userName = \"*\"",
        "$.requestParameters.name = \"main0\"",
        "$.userIdentity.invokedBy NOT EXISTS",
        "$.userIdentity.sessionContext.attributes.mfaAuthenticated = \"false\"",
        "$.userIdentity.sessionContext.attributes.mfaAuthenticated != \"true\"",
        "$.errorCode = \"*\"",
    ] {
        let answer = answer_of_filters("tamper", &[&format!("{{ {ALL} && {condition} }}")]);
        assert_eq!(answer.every, Some(false), "{condition}");
    }
}

#[test]
fn two_narrow_filters_that_add_up_are_enough() {
    let inside = format!("{{ {ALL} && $.awsRegion = \"us-*\" }}");
    let outside = format!("{{ {ALL} && $.awsRegion != \"us-*\" }}");
    assert_eq!(answer_of_filters("tamper", &[&inside, &outside]).every, Some(true));
}

/// `CreateRouteTable` has `CreateRoute` in it: a substring is not an event name.
#[test]
fn a_name_inside_another_one_does_not_stand_for_it() {
    let text = "{ ($.eventName = CreateRouteTable) || ($.eventName = ReplaceRoute) || ($.eventName = ReplaceRouteTableAssociation) || ($.eventName = DeleteRouteTable) || ($.eventName = DisassociateRouteTable) }";
    assert_eq!(answer_of_filters("route-table-changes", &[text]).missed, ["CreateRoute", "DeleteRoute"]);
}

/// A text match finds all names here too.
#[test]
fn negated_names_and_impossible_conjunctions_catch_nothing() {
    let negated = "{ ($.eventName != DisableKey) && ($.eventName != ScheduleKeyDeletion) && ($.eventSource = kms.amazonaws.com) }";
    let both = "{ ($.eventSource = kms.amazonaws.com) && ($.eventName = DisableKey) && ($.eventName = ScheduleKeyDeletion) }";
    for text in [negated, both] {
        let answer = answer_of_filters("key-disabling-or-deletion", &[text]);
        assert_eq!(answer.missed, ["DisableKey", "ScheduleKeyDeletion"], "{text}");
    }
    let inverted = r#"{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType = "AwsServiceEvent" }"#;
    assert_eq!(answer_of_filters("root-usage", &[inverted]).every, Some(false));
}

#[test]
fn names_are_compared_with_their_case() {
    assert_eq!(
        answer_of_filters("tamper", &["{ $.eventSource = CloudTrail.amazonaws.com }"]).every,
        Some(false)
    );
    assert_eq!(answer_of_filters("tamper", &["stoplogging"]).every, Some(false));
    assert_eq!(
        answer_of_filters("tamper", &["{ $.eventsource = cloudtrail.amazonaws.com }"]).every,
        Some(false)
    );
}

#[test]
fn only_one_form_of_the_error_code_is_not_enough() {
    let answer = answer_of_filters("unauthorized-calls", &[r#"{ $.errorCode = "AccessDenied" }"#]);
    assert_eq!(
        answer.missed,
        [
            "DescribeInstances with Client.UnauthorizedOperation",
            "RunInstances with Client.UnauthorizedOperation",
            "GetParameter with AccessDeniedException",
            "StopLogging with AccessDeniedException",
        ]
    );
    let answer = answer_of_filters(
        "unauthorized-calls",
        &[r#"{ $.errorCode = "UnauthorizedOperation" || $.errorCode = "AccessDenied*" }"#],
    );
    assert_eq!(answer.every, Some(false), "EC2 writes `Client.` before it");
}

#[test]
fn what_aws_does_not_document_is_unclear_and_says_so() {
    let answer = answer_of_filters("tamper", &[&format!("{{ {ALL} && $.errorCode != \"*\" }}")]);
    assert_eq!((answer.every, answer.missed.len()), (None, 0));
    assert_eq!(
        answer.notes,
        [
            "It is not clear whether these are always caught: StopLogging, DeleteTrail, UpdateTrail, PutEventSelectors, \
             PutInsightSelectors, PutEventConfiguration, StopEventDataStoreIngestion, DeleteEventDataStore, UpdateEventDataStore.",
            "Not clear, because AWS does not document `!=` on a field that the record does not have.",
        ]
    );
    for text in [
        "[a, b]",
        "%StopLogging%",
        "\"eventName\\\":\\\"StopLogging\"",
        "{ $.eventName = \"St*p*\" || $.eventName != \"x\" && $.managementEvent = true }",
    ] {
        assert_ne!(answer_of_filters("tamper", &[text]).every, Some(true), "{text}");
    }
}

#[test]
fn a_filter_that_is_sure_settles_one_that_is_unclear() {
    assert_eq!(answer_of_filters("tamper", &["[a, b]", &format!("{{ {ALL} }}")]).every, Some(true));
}

#[test]
fn no_patterns_catch_nothing_and_no_scope_settles_nothing() {
    let none: &[Pattern] = &[];
    let answer = fires(none, kind("key-disabling-or-deletion"), &scope());
    assert_eq!((answer.every, answer.missed.len()), (Some(false), 2));
    let answer = fires(&filters(&[""]), kind("tamper"), &Scope::default());
    assert_eq!((answer.every, answer.notes.len()), (None, 1));
}

/// No made-up event is of the user or the tool that a pattern spares; so one is made.
#[test]
fn sparing_one_user_tool_or_address_is_seen() {
    let answer = answer_of_filters("tamper", &[&format!("{{ {ALL} && $.userAgent != \"*pulumi*\" }}")]);
    assert_eq!(answer.missed[0], "StopLogging where userAgent is \"pulumi\"");
    assert_eq!(answer.missed.len(), 9);
    for condition in [
        "$.sourceIPAddress != 192.0.2.*",
        "$.requestParameters.name != \"sandbox\"",
        "($.readOnly IS FALSE || $.userAgent != \"x\") && $.userAgent != y",
    ] {
        assert_eq!(
            answer_of_filters("tamper", &[&format!("{{ {ALL} && {condition} }}")]).every,
            Some(false),
            "{condition}"
        );
    }
    assert_eq!(answer_of_filters("tamper", &["\"cloudtrail.amazonaws.com\" -pulumi"]).every, Some(false));
    for field in ["arn", "userName"] {
        let spared = json!({ "source": ["aws.cloudtrail"], "detail": { "userIdentity": { "sessionContext": { "sessionIssuer": { field: [{ "anything-but": "break-glass" }] } } } } });
        let everybody = json!({ "source": ["aws.cloudtrail"], "detail": { "userIdentity": { "type": ["IAMUser", "Root"] } } });
        let patterns = [spared, everybody].map(|pattern| Pattern::rule(&pattern.to_string()).unwrap());
        let answer = fires(&patterns, kind("tamper"), &scope());
        assert_eq!(
            answer.missed[0],
            format!("StopLogging where userIdentity.sessionContext.sessionIssuer.{field} is \"break-glass\"")
        );
    }
}

#[test]
fn what_one_pattern_spares_another_may_catch() {
    let spared = format!("{{ {ALL} && $.userAgent != \"*pulumi*\" }}");
    assert_eq!(answer_of_filters("tamper", &[&spared, "pulumi"]).every, Some(true));
}

/// Of thirty regions an event name visits some; the one that is left out for one name is always among them.
#[test]
fn sparing_one_region_for_one_event_is_seen() {
    let regions: Vec<_> = (10..40).map(|number| format!("eu-test-{number}")).collect();
    for region in &regions {
        let scope = Scope { regions: regions.clone(), ..scope() };
        let others = format!("{{ {ALL} && $.eventName != StopLogging }}");
        let stop = format!("{{ $.eventName = StopLogging && $.awsRegion != {region} }}");
        let answer = fires(&filters(&[&others, &stop]), kind("tamper"), &scope);
        assert_eq!(answer.every, Some(false), "{region}");
        assert!(answer.missed.iter().all(|missed| missed.starts_with("StopLogging ")), "{:?}", answer.missed);
    }
}
