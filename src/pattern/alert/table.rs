//! The kinds of alerts and their events.
//!
//! Names are those of the prescribed filter patterns, CIS 3.0 to 6.0, which the CIS texts share since 1.4.

use super::identity::Who;
use super::{AlertKind, Call, Outcome, Place};

const fn call(service: &'static str, name: &'static str, parameter: (&'static str, &'static str)) -> Call {
    Call {
        service,
        name,
        parameter,
        is_read_only: false,
        place: Place::Regional,
        who: Who::Anyone,
        outcome: Outcome::Success,
    }
}

const fn ec2(name: &'static str, parameter: &'static str, value: &'static str) -> Call {
    call("ec2", name, (parameter, value))
}

const fn global(
    service: &'static str,
    name: &'static str,
    parameter: &'static str,
    value: &'static str,
) -> Call {
    Call { place: Place::Global, ..call(service, name, (parameter, value)) }
}

const fn iam(name: &'static str, parameter: &'static str, value: &'static str) -> Call {
    global("iam", name, parameter, value)
}

const fn bucket(name: &'static str) -> Call {
    call("s3", name, ("bucketName", "amzn-s3-demo-bucket"))
}

const fn trail(name: &'static str) -> Call {
    call("cloudtrail", name, ("name", "main"))
}

const fn store(name: &'static str) -> Call {
    call("cloudtrail", name, ("eventDataStore", "EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE"))
}

/// A call of the management account.
const fn owner(name: &'static str, parameter: &'static str, value: &'static str) -> Call {
    Call { place: Place::GlobalOfOwner, ..call("organizations", name, (parameter, value)) }
}

/// A call that a member account makes too.
const fn member(name: &'static str, parameter: &'static str, value: &'static str) -> Call {
    global("organizations", name, parameter, value)
}

const fn denied(code: &'static str, is_read_only: bool, call: Call) -> Call {
    Call { outcome: Outcome::Denied(code), who: Who::UserOrRole, is_read_only, ..call }
}

const fn by_root(is_read_only: bool, call: Call) -> Call {
    Call { who: Who::Root, is_read_only, ..call }
}

const fn sign_in(who: Who, outcome: Outcome) -> Call {
    Call { place: Place::SignIn, who, outcome, ..call("signin", "ConsoleLogin", ("", "")) }
}

const fn kind(
    cis: u8,
    id: &'static str,
    title: &'static str,
    what: &'static str,
    calls: &'static [Call],
) -> AlertKind {
    AlertKind { id, title, cis: Some(cis), what, calls, spared: &[] }
}

/// In the order of CIS.
pub(super) static KINDS: &[AlertKind] = &[
    AlertKind {
        spared: &["delivery.logs.amazonaws.com"],
        ..kind(1, "unauthorized-calls", "Unauthorized API calls", "calls that were denied", UNAUTHORIZED)
    },
    kind(
        2,
        "console-login-without-mfa",
        "Console sign-in without MFA",
        "sign-ins of IAM users to the console without a second factor",
        &[sign_in(Who::User, Outcome::SignIn { used_mfa: false })],
    ),
    kind(3, "root-usage", "Usage of the root user", "anything the root user does", ROOT),
    kind(
        4,
        "iam-policy-changes",
        "IAM policy changes",
        "changes of IAM policies and of what they are attached to",
        IAM,
    ),
    kind(
        5,
        "cloudtrail-changes",
        "CloudTrail configuration changes",
        "changes of trails and of their logging",
        &[
            trail("CreateTrail"),
            trail("UpdateTrail"),
            trail("DeleteTrail"),
            trail("StartLogging"),
            trail("StopLogging"),
        ],
    ),
    kind(
        6,
        "console-login-failures",
        "Console authentication failures",
        "sign-ins to the console with wrong credentials",
        &[sign_in(Who::UserOrRoot, Outcome::SignInFailed)],
    ),
    kind(
        7,
        "key-disabling-or-deletion",
        "Disabling or scheduled deletion of KMS keys",
        "keys that are disabled or about to be deleted",
        &[
            call("kms", "DisableKey", ("keyId", "1234abcd-12ab-34cd-56ef-1234567890a")),
            call("kms", "ScheduleKeyDeletion", ("keyId", "1234abcd-12ab-34cd-56ef-1234567890a")),
        ],
    ),
    kind(
        8,
        "bucket-policy-changes",
        "S3 bucket policy changes",
        "changes of who may use a bucket and what it keeps",
        BUCKET,
    ),
    kind(
        9,
        "config-changes",
        "AWS Config configuration changes",
        "changes of the recorder and its delivery",
        CONFIG,
    ),
    kind(
        10,
        "security-group-changes",
        "Security group changes",
        "changes of security groups",
        SECURITY_GROUP,
    ),
    kind(11, "network-acl-changes", "Network ACL changes", "changes of network ACLs", NETWORK_ACL),
    kind(
        12,
        "network-gateway-changes",
        "Network gateway changes",
        "changes of customer and internet gateways",
        GATEWAY,
    ),
    kind(13, "route-table-changes", "Route table changes", "changes of routes and route tables", ROUTE),
    kind(14, "vpc-changes", "VPC changes", "changes of VPCs and of their peerings", VPC),
    kind(
        15,
        "organizations-changes",
        "AWS Organizations changes",
        "changes of accounts, units and policies",
        ORGANIZATIONS,
    ),
    AlertKind {
        id: "tamper",
        title: "Tampering with the audit trail",
        cis: None,
        what: "calls that stop, delete or narrow what is recorded",
        calls: TAMPER,
        spared: &[],
    },
];

/// The two forms of the code that CIS asks for. Not those that CIS lets one leave out: `HeadBucket`, and deliveries of logs.
static UNAUTHORIZED: &[Call] = &[
    denied("Client.UnauthorizedOperation", true, ec2("DescribeInstances", "maxResults", "10")),
    denied("Client.UnauthorizedOperation", false, ec2("RunInstances", "imageId", "ami-0a1b2c3d4e5f6071")),
    denied("AccessDenied", true, iam("ListUsers", "maxItems", "10")),
    denied("AccessDenied", false, iam("CreateUser", "userName", "mallory")),
    denied("AccessDenied", true, call("s3", "GetBucketPolicy", ("bucketName", "amzn-s3-demo-bucket"))),
    denied("AccessDeniedException", true, call("ssm", "GetParameter", ("name", "/db/password"))),
    denied("AccessDeniedException", false, call("cloudtrail", "StopLogging", ("name", "main"))),
];

/// CIS leaves out what a service does on root's behalf (`invokedBy`) and service events.
static ROOT: &[Call] = &[
    sign_in(Who::Root, Outcome::SignIn { used_mfa: true }),
    by_root(false, iam("CreateAccessKey", "userName", "alice")),
    by_root(false, bucket("DeleteBucketPolicy")),
    by_root(true, ec2("DescribeRegions", "", "")),
];

static IAM: &[Call] = &[
    iam("DeleteGroupPolicy", "groupName", "admins"),
    iam("DeleteRolePolicy", "roleName", "deploy"),
    iam("DeleteUserPolicy", "userName", "alice"),
    iam("PutGroupPolicy", "groupName", "admins"),
    iam("PutRolePolicy", "roleName", "deploy"),
    iam("PutUserPolicy", "userName", "alice"),
    iam("CreatePolicy", "policyName", "everything"),
    iam("DeletePolicy", "policyArn", "arn:aws:iam::111122223333:policy/everything"),
    iam("CreatePolicyVersion", "policyArn", "arn:aws:iam::111122223333:policy/everything"),
    iam("DeletePolicyVersion", "policyArn", "arn:aws:iam::111122223333:policy/everything"),
    iam("AttachRolePolicy", "roleName", "deploy"),
    iam("DetachRolePolicy", "roleName", "deploy"),
    iam("AttachUserPolicy", "userName", "alice"),
    iam("DetachUserPolicy", "userName", "alice"),
    iam("AttachGroupPolicy", "groupName", "admins"),
    iam("DetachGroupPolicy", "groupName", "admins"),
];

/// `PutBucketLifecycleConfiguration` is recorded as `PutBucketLifecycle`.
static BUCKET: &[Call] = &[
    bucket("PutBucketAcl"),
    bucket("PutBucketPolicy"),
    bucket("PutBucketCors"),
    bucket("PutBucketLifecycle"),
    bucket("PutBucketReplication"),
    bucket("DeleteBucketPolicy"),
    bucket("DeleteBucketCors"),
    bucket("DeleteBucketLifecycle"),
    bucket("DeleteBucketReplication"),
];

static CONFIG: &[Call] = &[
    call("config", "StopConfigurationRecorder", ("configurationRecorderName", "default")),
    call("config", "DeleteDeliveryChannel", ("deliveryChannelName", "default")),
    call("config", "PutDeliveryChannel", ("deliveryChannelName", "default")),
    call("config", "PutConfigurationRecorder", ("configurationRecorderName", "default")),
];

static SECURITY_GROUP: &[Call] = &[
    ec2("AuthorizeSecurityGroupIngress", "groupId", "sg-0a1b2c3d4e5f6071"),
    ec2("AuthorizeSecurityGroupEgress", "groupId", "sg-0a1b2c3d4e5f6071"),
    ec2("RevokeSecurityGroupIngress", "groupId", "sg-0a1b2c3d4e5f6071"),
    ec2("RevokeSecurityGroupEgress", "groupId", "sg-0a1b2c3d4e5f6071"),
    ec2("CreateSecurityGroup", "groupName", "web"),
    ec2("DeleteSecurityGroup", "groupId", "sg-0a1b2c3d4e5f6071"),
];

static NETWORK_ACL: &[Call] = &[
    ec2("CreateNetworkAcl", "vpcId", "vpc-0a1b2c3d4e5f6071"),
    ec2("CreateNetworkAclEntry", "networkAclId", "acl-0a1b2c3d4e5f6071"),
    ec2("DeleteNetworkAcl", "networkAclId", "acl-0a1b2c3d4e5f6071"),
    ec2("DeleteNetworkAclEntry", "networkAclId", "acl-0a1b2c3d4e5f6071"),
    ec2("ReplaceNetworkAclEntry", "networkAclId", "acl-0a1b2c3d4e5f6071"),
    ec2("ReplaceNetworkAclAssociation", "networkAclId", "acl-0a1b2c3d4e5f6071"),
];

static GATEWAY: &[Call] = &[
    ec2("CreateCustomerGateway", "ipAddress", "198.51.100.1"),
    ec2("DeleteCustomerGateway", "customerGatewayId", "cgw-0a1b2c3d4e5f6071"),
    ec2("AttachInternetGateway", "internetGatewayId", "igw-0a1b2c3d4e5f6071"),
    ec2("CreateInternetGateway", "", ""),
    ec2("DeleteInternetGateway", "internetGatewayId", "igw-0a1b2c3d4e5f6071"),
    ec2("DetachInternetGateway", "internetGatewayId", "igw-0a1b2c3d4e5f6071"),
];

static ROUTE: &[Call] = &[
    ec2("CreateRoute", "routeTableId", "rtb-0a1b2c3d4e5f6071"),
    ec2("CreateRouteTable", "vpcId", "vpc-0a1b2c3d4e5f6071"),
    ec2("ReplaceRoute", "routeTableId", "rtb-0a1b2c3d4e5f6071"),
    ec2("ReplaceRouteTableAssociation", "routeTableId", "rtb-0a1b2c3d4e5f6071"),
    ec2("DeleteRouteTable", "routeTableId", "rtb-0a1b2c3d4e5f6071"),
    ec2("DeleteRoute", "routeTableId", "rtb-0a1b2c3d4e5f6071"),
    ec2("DisassociateRouteTable", "associationId", "rtbassoc-0a1b2c3d4e5f6071"),
];

static VPC: &[Call] = &[
    ec2("CreateVpc", "ipv4IpamPoolId", "ipam-pool-0a1b2c3d4e5f6071"),
    ec2("DeleteVpc", "vpcId", "vpc-0a1b2c3d4e5f6071"),
    ec2("ModifyVpcAttribute", "vpcId", "vpc-0a1b2c3d4e5f6071"),
    ec2("AcceptVpcPeeringConnection", "vpcPeeringConnectionId", "pcx-0a1b2c3d4e5f6071"),
    ec2("CreateVpcPeeringConnection", "vpcId", "vpc-0a1b2c3d4e5f6071"),
    ec2("DeleteVpcPeeringConnection", "vpcPeeringConnectionId", "pcx-0a1b2c3d4e5f6071"),
    ec2("RejectVpcPeeringConnection", "vpcPeeringConnectionId", "pcx-0a1b2c3d4e5f6071"),
    ec2("AttachClassicLinkVpc", "vpcId", "vpc-0a1b2c3d4e5f6071"),
    ec2("DetachClassicLinkVpc", "vpcId", "vpc-0a1b2c3d4e5f6071"),
    ec2("DisableVpcClassicLink", "vpcId", "vpc-0a1b2c3d4e5f6071"),
    ec2("EnableVpcClassicLink", "vpcId", "vpc-0a1b2c3d4e5f6071"),
];

/// The 18 calls of the pattern that CIS prescribes. `CancelHandshake`, `CreateOrganization` and `EnableAllFeatures`, which some
/// tools want besides, are not among them: an alert as prescribed is a whole one.
static ORGANIZATIONS: &[Call] = &[
    member("AcceptHandshake", "handshakeId", "h-examplehandshakeid111"),
    owner("AttachPolicy", "policyId", "p-examplepolicyid111"),
    owner("CreateAccount", "accountName", "shop"),
    owner("CreateOrganizationalUnit", "parentId", "r-exam"),
    owner("CreatePolicy", "name", "deny-all"),
    member("DeclineHandshake", "handshakeId", "h-examplehandshakeid111"),
    owner("DeleteOrganization", "", ""),
    owner("DeleteOrganizationalUnit", "organizationalUnitId", "ou-exam-1111111"),
    owner("DeletePolicy", "policyId", "p-examplepolicyid111"),
    owner("DetachPolicy", "policyId", "p-examplepolicyid111"),
    owner("DisablePolicyType", "rootId", "r-exam"),
    owner("EnablePolicyType", "rootId", "r-exam"),
    owner("InviteAccountToOrganization", "notes", "welcome"),
    member("LeaveOrganization", "", ""),
    owner("MoveAccount", "destinationParentId", "ou-exam-1111111"),
    owner("RemoveAccountFromOrganization", "accountId", "44445555666"),
    owner("UpdatePolicy", "policyId", "p-examplepolicyid111"),
    owner("UpdateOrganizationalUnit", "organizationalUnitId", "ou-exam-1111111"),
];

/// What takes something away from the record. Not `CreateTrail` and `StartLogging`, which add to it, nor `PutResourcePolicy`,
/// which lets others read an event data store or send to it but removes nothing.
static TAMPER: &[Call] = &[
    trail("StopLogging"),
    trail("DeleteTrail"),
    trail("UpdateTrail"),
    call("cloudtrail", "PutEventSelectors", ("trailName", "main")),
    call("cloudtrail", "PutInsightSelectors", ("trailName", "main")),
    call("cloudtrail", "PutEventConfiguration", ("trailName", "main")),
    store("StopEventDataStoreIngestion"),
    store("DeleteEventDataStore"),
    store("UpdateEventDataStore"),
];
