//! The patterns that CIS prescribes, as its texts have them, catch all events of their kind.

use super::*;

/// Kind and pattern; several of one kind are of different versions.
const PRESCRIBED: &[(&str, &str)] = &[
    (
        "unauthorized-calls",
        r#"{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") }"#,
    ),
    (
        "unauthorized-calls",
        r#"{ ($.errorCode ="*UnauthorizedOperation") || ($.errorCode ="AccessDenied*") && ($.sourceIPAddress!="delivery.logs.amazonaws.com") && ($.eventName!="HeadBucket") }"#,
    ),
    (
        "unauthorized-calls",
        r#"{(($.errorCode="*UnauthorizedOperation") || ($.errorCode="AccessDenied*")) && (($.sourceIPAddress!="delivery.logs.amazonaws.com") && ($.eventName!="HeadBucket"))}"#,
    ),
    (
        "console-login-without-mfa",
        r#"{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") }"#,
    ),
    (
        "console-login-without-mfa",
        r#"{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && ($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success") }"#,
    ),
    (
        "root-usage",
        r#"{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }"#,
    ),
    (
        "iam-policy-changes",
        "{($.eventName=DeleteGroupPolicy)||($.eventName=DeleteRolePolicy)||($.eventName=DeleteUserPolicy)||($.eventName=PutGroupPolicy)||($.eventName=PutRolePolicy)||($.eventName=PutUserPolicy)||($.eventName=CreatePolicy)||($.eventName=DeletePolicy)||($.eventName=CreatePolicyVersion)||($.eventName=DeletePolicyVersion)||($.eventName=AttachRolePolicy)||($.eventName=DetachRolePolicy)||($.eventName=AttachUserPolicy)||($.eventName=DetachUserPolicy)||($.eventName=AttachGroupPolicy)||($.eventName=DetachGroupPolicy)}",
    ),
    (
        "cloudtrail-changes",
        "{ ($.eventName = CreateTrail) || ($.eventName = UpdateTrail) || ($.eventName = DeleteTrail) || ($.eventName = StartLogging) || ($.eventName = StopLogging) }",
    ),
    (
        "console-login-failures",
        r#"{ ($.eventName = ConsoleLogin) && ($.errorMessage = "Failed authentication") }"#,
    ),
    (
        "key-disabling-or-deletion",
        "{($.eventSource = kms.amazonaws.com) && (($.eventName=DisableKey)||($.eventName=ScheduleKeyDeletion)) }",
    ),
    (
        "bucket-policy-changes",
        "{ ($.eventSource = s3.amazonaws.com) && (($.eventName = PutBucketAcl) || ($.eventName = PutBucketPolicy) || ($.eventName = PutBucketCors) || ($.eventName = PutBucketLifecycle) || ($.eventName = PutBucketReplication) || ($.eventName = DeleteBucketPolicy) || ($.eventName = DeleteBucketCors) || ($.eventName = DeleteBucketLifecycle) || ($.eventName = DeleteBucketReplication)) }",
    ),
    (
        "config-changes",
        "{ ($.eventSource = config.amazonaws.com) && (($.eventName=StopConfigurationRecorder)||($.eventName=DeleteDeliveryChannel)||($.eventName=PutDeliveryChannel)||($.eventName=PutConfigurationRecorder)) }",
    ),
    (
        "security-group-changes",
        "{ ($.eventName = AuthorizeSecurityGroupIngress) || ($.eventName = AuthorizeSecurityGroupEgress) || ($.eventName = RevokeSecurityGroupIngress) || ($.eventName = RevokeSecurityGroupEgress) || ($.eventName = CreateSecurityGroup) || ($.eventName = DeleteSecurityGroup) }",
    ),
    (
        "network-acl-changes",
        "{ ($.eventName = CreateNetworkAcl) || ($.eventName = CreateNetworkAclEntry) || ($.eventName = DeleteNetworkAcl) || ($.eventName = DeleteNetworkAclEntry) || ($.eventName = ReplaceNetworkAclEntry) || ($.eventName = ReplaceNetworkAclAssociation) }",
    ),
    (
        "network-gateway-changes",
        "{ ($.eventName = CreateCustomerGateway) || ($.eventName = DeleteCustomerGateway) || ($.eventName = AttachInternetGateway) || ($.eventName = CreateInternetGateway) || ($.eventName = DeleteInternetGateway) || ($.eventName = DetachInternetGateway) }",
    ),
    (
        "route-table-changes",
        "{($.eventSource = ec2.amazonaws.com) && ($.eventName = CreateRoute) || ($.eventName = CreateRouteTable) || ($.eventName = ReplaceRoute) || ($.eventName = ReplaceRouteTableAssociation) || ($.eventName = DeleteRouteTable) || ($.eventName = DeleteRoute) || ($.eventName = DisassociateRouteTable) }",
    ),
    (
        "vpc-changes",
        "{ ($.eventName = CreateVpc) || ($.eventName = DeleteVpc) || ($.eventName = ModifyVpcAttribute) || ($.eventName = AcceptVpcPeeringConnection) || ($.eventName = CreateVpcPeeringConnection) || ($.eventName = DeleteVpcPeeringConnection) || ($.eventName = RejectVpcPeeringConnection) || ($.eventName = AttachClassicLinkVpc) || ($.eventName = DetachClassicLinkVpc) || ($.eventName = DisableVpcClassicLink) || ($.eventName = EnableVpcClassicLink) }",
    ),
    (
        "organizations-changes",
        r#"{ ($.eventSource = organizations.amazonaws.com) && (($.eventName = "AcceptHandshake") || ($.eventName = "AttachPolicy") || ($.eventName = "CreateAccount") || ($.eventName = "CreateOrganizationalUnit") || ($.eventName = "CreatePolicy") || ($.eventName = "DeclineHandshake") || ($.eventName = "DeleteOrganization") || ($.eventName = "DeleteOrganizationalUnit") || ($.eventName = "DeletePolicy") || ($.eventName = "DetachPolicy") || ($.eventName = "DisablePolicyType") || ($.eventName = "EnablePolicyType") || ($.eventName = "InviteAccountToOrganization") || ($.eventName = "LeaveOrganization") || ($.eventName = "MoveAccount") || ($.eventName = "RemoveAccountFromOrganization") || ($.eventName = "UpdatePolicy") || ($.eventName = "UpdateOrganizationalUnit")) }"#,
    ),
];

fn yes() -> Answer {
    Answer { every: Some(true), missed: Vec::new(), notes: Vec::new() }
}

#[test]
fn every_pattern_that_cis_prescribes_fires_on_all_events_of_its_kind() {
    for (id, pattern) in PRESCRIBED {
        assert_eq!(answer_of_filters(id, &[pattern]), yes(), "{id}: {pattern}");
    }
}

#[test]
fn every_kind_of_cis_is_tried() {
    let tried: std::collections::BTreeSet<_> = PRESCRIBED.iter().map(|(id, _)| *id).collect();
    let numbered: Vec<_> = AlertKind::all().iter().filter(|kind| kind.cis.is_some()).collect();
    assert_eq!(numbered.iter().filter_map(|kind| kind.cis).collect::<Vec<_>>(), (1..=15).collect::<Vec<_>>());
    assert!(numbered.iter().all(|kind| tried.contains(kind.id)));
}

#[test]
fn a_prescribed_pattern_does_not_fire_on_another_kind() {
    for (id, pattern) in PRESCRIBED {
        // Wrong passwords come without a second factor too.
        let is_other = |other: &&AlertKind| {
            other.id != *id && !(other.cis == Some(6) && *id == "console-login-without-mfa")
        };
        for other in AlertKind::all().iter().filter(is_other) {
            let answer = fires(&filters(&[pattern]), other, &scope());
            assert_eq!(answer.every, Some(false), "{pattern} on {}", other.id);
        }
    }
}

/// Powerpipe, and Prowler where it still uses an ordered expression, want the names in the order of CIS; users reported it for years.
#[test]
fn the_order_of_the_terms_does_not_matter() {
    let pattern = "{ ($.eventName = StopLogging) || ($.eventName = StartLogging) || ($.eventName = DeleteTrail) || ($.eventName = UpdateTrail) || ($.eventName = CreateTrail) }";
    assert_eq!(answer_of_filters("cloudtrail-changes", &[pattern]), yes());
    let pattern = r#"{ ($.eventType != "AwsServiceEvent") && ($.userIdentity.invokedBy NOT EXISTS) && ($.userIdentity.type = Root) }"#;
    assert_eq!(answer_of_filters("root-usage", &[pattern]), yes());
    let pattern = "{ (($.eventName = ScheduleKeyDeletion) || ($.eventName = DisableKey)) && ($.eventSource = kms.amazonaws.com) }";
    assert_eq!(answer_of_filters("key-disabling-or-deletion", &[pattern]), yes());
}

/// Trivy compares the text without spaces, `InSpec` the exact text.
#[test]
fn quotes_spaces_lines_and_more_parentheses_do_not_matter() {
    for pattern in [
        "{$.eventName=CreateTrail||$.eventName=UpdateTrail||$.eventName=DeleteTrail||$.eventName=StartLogging||$.eventName=StopLogging}",
        "\n  {\n ( ( $.eventName =\"CreateTrail\" ) ||\n ( ( $.eventName= UpdateTrail ) ) || $.eventName = \"DeleteTrail\" || ($.eventName=StartLogging||$.eventName=StopLogging)) }\n",
        "{ $.['eventName'] = CreateTrail || $.eventName = UpdateTrail || $.eventName = DeleteTrail || $.eventName = StartLogging || $.eventName = StopLogging }",
        "{ ($.eventSource = \"cloudtrail.amazonaws.com\") && ($.eventName = CreateTrail || $.eventName = UpdateTrail || $.eventName = DeleteTrail || $.eventName = StartLogging || $.eventName = StopLogging) }",
    ] {
        assert_eq!(answer_of_filters("cloudtrail-changes", &[pattern]), yes(), "{pattern}");
    }
}

/// No peer adds filters up.
#[test]
fn one_filter_for_each_event_name_adds_up() {
    let names = ["CreateTrail", "UpdateTrail", "DeleteTrail", "StartLogging", "StopLogging"];
    let texts: Vec<_> = names.iter().map(|name| format!("{{ $.eventName = {name} }}")).collect();
    let texts: Vec<_> = texts.iter().map(String::as_str).collect();
    assert_eq!(answer_of_filters("cloudtrail-changes", &texts), yes());
    assert_eq!(answer_of_filters("cloudtrail-changes", &texts[1..]).missed, ["CreateTrail"]);
}

#[test]
fn wildcards_regular_expressions_and_broader_patterns_are_as_good_as_names() {
    for pattern in [
        r#"{ $.eventName = "*Trail" || $.eventName = "St*" }"#,
        "{ $.eventName = *Trail || $.eventName = *Logging }",
        "{ $.eventName = %Trail$|Logging$% }",
        "{ $.eventSource = cloudtrail.amazonaws.com }",
        "{ $.eventSource = cloudtrail* && $.readOnly IS FALSE }",
        "{ $.eventName = * }",
        "{ $.eventSource != kms.amazonaws.com }",
        "",
        "\" \"",
        "?CreateTrail ?UpdateTrail ?DeleteTrail ?StartLogging ?StopLogging",
        "\"cloudtrail.amazonaws.com\" eventName",
    ] {
        assert_eq!(answer_of_filters("cloudtrail-changes", &[pattern]), yes(), "{pattern}");
    }
}

#[test]
fn the_prescribed_pattern_on_cloudtrail_misses_the_calls_that_cis_forgot() {
    let pattern = PRESCRIBED.iter().find(|(id, _)| *id == "cloudtrail-changes").unwrap().1;
    let answer = answer_of_filters("tamper", &[pattern]);
    let missed = [
        "PutEventSelectors",
        "PutInsightSelectors",
        "PutEventConfiguration",
        "StopEventDataStoreIngestion",
        "DeleteEventDataStore",
        "UpdateEventDataStore",
    ];
    assert_eq!((answer.every, answer.missed), (Some(false), missed.map(String::from).to_vec()));
    assert_eq!(answer_of_filters("tamper", &["{ $.eventSource = cloudtrail.amazonaws.com }"]), yes());
}
