"""What the organization sets up around its trails: features, trust, delegates and control policies."""

from moto.organizations.models import FakeDelegatedAdministrator

from scan import FAIL, NOT_APPLICABLE, PASS, TWO_REGIONS
from situations import situation
from world import MANAGEMENT, allow, bucket_arn, deny, policy

TRUST, DELEGATE, GUARD = "trusted-access", "delegated-administrator", "service-control-policy-guard"
BUCKET_GUARD, KEY_GUARD = "log-bucket-guard", "log-key-guard"

# What keeps a trail from being stopped, deleted, changed or blinded, and an event data store too.
TRAIL_CHANGES = [
    "cloudtrail:StopLogging",
    "cloudtrail:DeleteTrail",
    "cloudtrail:UpdateTrail",
    "cloudtrail:PutEventSelectors",
    "cloudtrail:PutInsightSelectors",
    "cloudtrail:PutEventConfiguration",
    "cloudtrail:PutResourcePolicy",
    "cloudtrail:StopEventDataStoreIngestion",
    "cloudtrail:DeleteEventDataStore",
    "cloudtrail:UpdateEventDataStore",
    "cloudtrail:DeregisterOrganizationDelegatedAdmin",
    "cloudtrail:RemoveTags",
]

KEY_CHANGES = [
    "kms:PutKeyPolicy",
    "kms:ScheduleKeyDeletion",
    "kms:DisableKey*",
    "kms:DeleteImportedKeyMaterial",
    "kms:*Grant",
    "kms:UpdatePrimaryRegion",
]


@situation("CloudTrail is trusted once the organization says so")
def trusted(world):
    organization = world.organization("workload")
    world.client("organizations").enable_aws_service_access(ServicePrincipal="cloudtrail.amazonaws.com")
    return {organization.id: {TRUST: PASS, "all-features": PASS}}


@situation("trust in another service is no trust in CloudTrail")
def trusts_another(world):
    organization = world.organization("workload")
    world.client("organizations").enable_aws_service_access(ServicePrincipal="config.amazonaws.com")
    return {organization.id: {TRUST: FAIL}}


@situation("an organization for consolidated billing cannot have organization trails")
def billing_only(world):
    made = world.client("organizations").create_organization(FeatureSet="CONSOLIDATED_BILLING")["Organization"]
    return {made["Id"]: {"all-features": FAIL, TRUST: NOT_APPLICABLE}}


# moto knows the services that could be delegated years ago, and CloudTrail is not among them.
FakeDelegatedAdministrator.SUPPORTED_SERVICES.append("cloudtrail.amazonaws.com")


def delegate(world, account, service="cloudtrail.amazonaws.com"):
    world.client("organizations").register_delegated_administrator(AccountId=account, ServicePrincipal=service)


@situation("an account that administers CloudTrail for the organization is one that administers this service")
def delegated(world):
    organization = world.organization("security", "workload")
    world.organization_trail("everything", world.bucket("logs"))
    delegate(world, organization["security"])
    delegate(world, organization["workload"], "guardduty.amazonaws.com")
    return {organization.id: {DELEGATE: PASS}}


@situation("an account that administers another service administers no trails")
def delegated_for_another(world):
    organization = world.organization("security")
    world.organization_trail("everything", world.bucket("logs"))
    delegate(world, organization["security"], "guardduty.amazonaws.com")
    return {organization.id: {DELEGATE: FAIL}}


@situation("no delegated administrator is missed where there is no organization trail")
def nothing_to_delegate(world):
    return {world.organization("security").id: {DELEGATE: NOT_APPLICABLE}}


@situation(
    "a delegated administrator has to be one of the security accounts that are named",
    "--set",
    "security_accounts={security}",
    *TWO_REGIONS,
)
def delegated_elsewhere(world):
    organization = world.organization("security", "workload")
    world.organization_trail("everything", world.bucket("logs"))
    delegate(world, organization["security"])
    delegate(world, organization["workload"])
    return {organization.id: {DELEGATE: FAIL}}


def control_policies(world):
    client = world.client("organizations")
    root = client.list_roots()["Roots"][0]["Id"]
    client.enable_policy_type(RootId=root, PolicyType="SERVICE_CONTROL_POLICY")
    return client, root


def attach(client, name, target, *statements):
    made = client.create_policy(
        Name=name, Description=name, Type="SERVICE_CONTROL_POLICY", Content=policy(*statements)
    )
    client.attach_policy(PolicyId=made["Policy"]["PolicySummary"]["Id"], TargetId=target)


def unit(client, parent, name, *accounts):
    made = client.create_organizational_unit(ParentId=parent, Name=name)["OrganizationalUnit"]["Id"]
    for account in accounts:
        here = client.list_parents(ChildId=account)["Parents"][0]["Id"]
        client.move_account(AccountId=account, SourceParentId=here, DestinationParentId=made)
    return made


@situation("without a control policy every member may stop its trail")
def no_guard(world):
    organization = world.organization("workload")
    control_policies(world)
    return {organization["workload"]: {GUARD: FAIL}, MANAGEMENT: {GUARD: NOT_APPLICABLE}}


@situation("a control policy at the root guards every member and not the management account")
def guard_at_the_root(world):
    organization = world.organization("workload", "other")
    client, root = control_policies(world)
    attach(client, "guard", root, deny(None, TRAIL_CHANGES, "*"))
    return {
        organization["workload"]: {GUARD: PASS},
        organization["other"]: {GUARD: PASS},
        MANAGEMENT: {GUARD: NOT_APPLICABLE},
    }


@situation("a control policy at a unit guards the units below it, and one at an account that account")
def guards_below(world):
    organization = world.organization("in-unit", "below", "named", "bare")
    client, root = control_policies(world)
    prod = unit(client, root, "Prod", organization["in-unit"])
    unit(client, prod, "Deep", organization["below"])
    attach(client, "unit-guard", prod, deny(None, "cloudtrail:*", "*"))
    attach(client, "account-guard", organization["named"], deny(None, TRAIL_CHANGES, "*"))
    guarded = {organization[name]: {GUARD: PASS} for name in ("in-unit", "below", "named")}
    return {**guarded, organization["bare"]: {GUARD: FAIL}}


@situation("two control policies that each deny a half guard together")
def two_halves(world):
    organization = world.organization("workload", "half")
    client, root = control_policies(world)
    prod = unit(client, root, "Prod", organization["workload"])
    attach(client, "one", root, deny(None, TRAIL_CHANGES[:3], "*"))
    attach(client, "two", prod, deny(None, TRAIL_CHANGES[3:], "*"))
    return {organization["workload"]: {GUARD: PASS}, organization["half"]: {GUARD: FAIL}}


@situation("a control policy that forgets the event selectors lets a trail be blinded")
def forgotten_selectors(world):
    organization = world.organization("workload")
    client, root = control_policies(world)
    remaining = [action for action in TRAIL_CHANGES if action != "cloudtrail:PutEventSelectors"]
    attach(client, "guard", root, deny(None, remaining, "*"))
    return {organization["workload"]: {GUARD: FAIL}}


@situation("a control policy that is attached nowhere guards nobody")
def unattached(world):
    organization = world.organization("workload")
    client, _ = control_policies(world)
    client.create_policy(
        Name="guard", Description="guard", Type="SERVICE_CONTROL_POLICY", Content=policy(deny(None, TRAIL_CHANGES, "*"))
    )
    return {organization["workload"]: {GUARD: FAIL}}


@situation("a role that may change trails all the same does not spoil the guard, and all roles do")
def exempted_roles(world):
    organization = world.organization("one", "all")
    client, root = control_policies(world)
    ones = unit(client, root, "One", organization["one"])
    everyone = unit(client, root, "All", organization["all"])

    def sparing(role):
        return {"ArnNotLike": {"aws:PrincipalArn": f"arn:aws:iam::*:role/{role}"}}

    attach(client, "one-role", ones, deny(None, TRAIL_CHANGES, "*", sparing("trail-admin")))
    attach(client, "all-roles", everyone, deny(None, TRAIL_CHANGES, "*", sparing("*")))
    return {organization["one"]: {GUARD: PASS}, organization["all"]: {GUARD: FAIL}}


def guarded_by(world, actions):
    """The organization's trail in an archive, below a control policy at the root that denies these actions."""
    organization = world.organization("archive", "workload")
    archive = organization["archive"]
    key = world.key(archive)
    world.organization_trail("everything", world.bucket("logs", archive), KmsKeyId=key)
    client, root = control_policies(world)
    attach(client, "guard", root, deny(None, actions, "*"))
    return organization, bucket_arn("logs"), key


@situation("what guards trails guards neither the log bucket nor its key")
def guard_of_the_store(world):
    organization, bucket, key = guarded_by(world, TRAIL_CHANGES)
    return {
        organization["workload"]: {GUARD: PASS},
        organization["archive"]: {GUARD: PASS},
        bucket: {BUCKET_GUARD: FAIL},
        key: {KEY_GUARD: FAIL},
    }


@situation("a control policy that denies everything on buckets and keys guards the log bucket and its key")
def guarded_store(world):
    organization, bucket, key = guarded_by(world, ["s3:*", "kms:*"])
    return {
        organization["workload"]: {GUARD: FAIL},
        bucket: {BUCKET_GUARD: PASS},
        key: {KEY_GUARD: PASS},
    }


@situation("a bucket policy is no guard against who may replace it, and the policy of a key is one")
def own_policies(world):
    organization = world.organization("archive")
    archive = organization["archive"]
    control_policies(world)
    key_admin = {"ArnNotLike": {"aws:PrincipalArn": f"arn:aws:iam::{archive}:role/key-admin"}}
    owner = allow({"AWS": f"arn:aws:iam::{archive}:root"}, "kms:*", "*")
    key = world.key(archive, statements=[owner, deny("*", KEY_CHANGES, "*", key_admin)])
    bucket = world.bucket("logs", archive)
    everything = [bucket_arn(bucket), bucket_arn(bucket) + "/*"]
    world.bucket_policy(bucket, deny("*", "s3:*", everything), account=archive)
    world.organization_trail("everything", bucket, KmsKeyId=key)
    return {bucket_arn(bucket): {BUCKET_GUARD: FAIL}, key: {KEY_GUARD: PASS}}


@situation("no control policy guards a log bucket or a key of the management account")
def store_of_the_management_account(world):
    world.organization("workload")
    key = world.key()
    world.organization_trail("everything", world.bucket("logs"), KmsKeyId=key)
    client, root = control_policies(world)
    attach(client, "guard", root, deny(None, ["s3:*", "kms:*"], "*"))
    return {bucket_arn("logs"): {BUCKET_GUARD: NOT_APPLICABLE}, key: {KEY_GUARD: FAIL}}


@situation("without an organization there is no guard to ask for")
def store_of_a_single_account(world):
    key = world.key()
    world.trail("everything", world.bucket("logs"), KmsKeyId=key)
    return {bucket_arn("logs"): {BUCKET_GUARD: NOT_APPLICABLE}, key: {KEY_GUARD: NOT_APPLICABLE}}
