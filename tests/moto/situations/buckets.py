"""The bucket that the log files lie in."""

from scan import FAIL, PASS, TWO_REGIONS
from situations import situation
from world import AWAY, MANAGEMENT, bucket_arn


def bucket_of_a_trail(world, name="logs", **options):
    bucket = world.bucket(name, **options)
    world.trail("audit-" + name, bucket)
    return bucket


@situation("a bucket that its access control list opens to everybody is public")
def public_by_acl(world):
    bucket = bucket_of_a_trail(world)
    world.client("s3").put_bucket_acl(Bucket=bucket, ACL="public-read")
    return {bucket_arn(bucket): {"log-bucket-public-access": FAIL}}


@situation("a bucket opened to every authenticated AWS user is public")
def public_by_authenticated_users(world):
    bucket = bucket_of_a_trail(world)
    world.client("s3").put_bucket_acl(Bucket=bucket, ACL="authenticated-read")
    return {bucket_arn(bucket): {"log-bucket-public-access": FAIL}}


@situation("a bucket that its policy opens to everybody is public")
def public_by_policy(world):
    bucket = bucket_of_a_trail(world)
    world.public_policy(bucket)
    return {bucket_arn(bucket): {"log-bucket-public-access": FAIL}}


@situation("Block Public Access closes what a policy and an access control list open")
def public_but_blocked(world):
    bucket = bucket_of_a_trail(world)
    world.client("s3").put_bucket_acl(Bucket=bucket, ACL="public-read")
    world.public_policy(bucket)
    world.block_public_access(bucket)
    return {bucket_arn(bucket): {"log-bucket-public-access": PASS}}


@situation("blocking new public policies leaves a public policy that is there in force")
def half_blocked(world):
    # BlockPublicPolicy and BlockPublicAcls refuse new ones; only RestrictPublicBuckets and IgnorePublicAcls close old ones.
    bucket = bucket_of_a_trail(world)
    world.public_policy(bucket)
    world.client("s3").put_public_access_block(
        Bucket=bucket, PublicAccessBlockConfiguration={"BlockPublicAcls": True, "BlockPublicPolicy": True}
    )
    return {bucket_arn(bucket): {"log-bucket-public-access": FAIL}}


@situation("a bucket deleted after the trail was made does not exist")
def deleted_bucket(world):
    # Peer thread 38 and AWS semantics 3.40: NoSuchBucket is a finding, neither an error nor a gap.
    # On AWS the trail would also report LatestDeliveryError; moto never does, so log-delivery is left out here.
    bucket = bucket_of_a_trail(world)
    world.client("s3").delete_bucket(Bucket=bucket)
    return {bucket_arn(bucket): {"log-bucket-exists": FAIL}}


@situation("a bucket of another account in another region is read there")
def far_bucket_of_a_member(world):
    # Peer thread 38 (mondoohq/mql 7217, cnspec 3161): PermanentRedirect and AccessDenied were scored as failures.
    organization = world.organization("log-archive")
    archive = organization["log-archive"]
    bucket = world.bucket("far", archive, region=AWAY)
    world.block_public_access(bucket, archive)
    world.organization_trail("everything", bucket)
    return {
        bucket_arn(bucket): {
            "log-bucket-exists": PASS,
            "log-bucket-account": PASS,
            "log-bucket-public-access-block": PASS,
            "log-bucket-versioning": FAIL,
        }
    }


@situation("versioning counts only while it is enabled")
def versioning(world):
    enabled, suspended, never = (bucket_of_a_trail(world, name) for name in ("enabled", "suspended", "never"))
    world.versioning(enabled, "Enabled")
    world.versioning(suspended, "Enabled")
    world.versioning(suspended, "Suspended")
    return {
        bucket_arn(enabled): {"log-bucket-versioning": PASS},
        bucket_arn(suspended): {"log-bucket-versioning": FAIL},
        bucket_arn(never): {"log-bucket-versioning": FAIL},
    }


def locked_buckets(world):
    compliance, governance, by_year, unset = (
        bucket_of_a_trail(world, name, object_lock=True) for name in ("compliance", "governance", "by-year", "unset")
    )
    world.default_retention(compliance, Mode="COMPLIANCE", Days=30)
    world.default_retention(governance, Mode="GOVERNANCE", Days=400)
    world.default_retention(by_year, Mode="COMPLIANCE", Years=1)
    return compliance, governance, by_year, unset, bucket_of_a_trail(world, "unlocked")


def lock_verdicts(buckets, *statuses):
    return {bucket_arn(bucket): {"log-bucket-object-lock": status} for bucket, status in zip(buckets, statuses, strict=True)}


@situation("Object Lock counts with a default retention of either mode")
def object_lock(world):
    # Object Lock without a default retention protects no log file: CloudTrail sets no retention on what it writes.
    return lock_verdicts(locked_buckets(world), PASS, PASS, PASS, FAIL, FAIL)


@situation("Object Lock in governance mode is not compliance", "--set", "object_lock_mode=compliance", *TWO_REGIONS)
def object_lock_compliance(world):
    return lock_verdicts(locked_buckets(world), PASS, FAIL, PASS, FAIL, FAIL)


@situation("Object Lock has to last long enough, and a year is 365 days", "--set", "object_lock_days=365", *TWO_REGIONS)
def object_lock_days(world):
    return lock_verdicts(locked_buckets(world), FAIL, PASS, PASS, FAIL, FAIL)


@situation("a bucket of the management account is no separate account for an organization trail")
def bucket_beside_the_trail(world):
    world.organization("log-archive")
    bucket = world.bucket("logs")
    world.organization_trail("everything", bucket)
    return {bucket_arn(bucket): {"log-bucket-account": FAIL}}


SECURITY = ("--set", "security_accounts={log-archive}", *TWO_REGIONS)


@situation("named security accounts decide whose bucket is right", *SECURITY)
def named_security_accounts(world):
    organization = world.organization("log-archive", "workload")
    right = world.bucket("right", organization["log-archive"])
    wrong = world.bucket("wrong", organization["workload"])
    world.organization_trail("right", right)
    world.organization_trail("wrong", wrong)
    return {bucket_arn(right): {"log-bucket-account": PASS}, bucket_arn(wrong): {"log-bucket-account": FAIL}}


@situation(
    "a standalone account may name itself the security account", "--set", f"security_accounts={MANAGEMENT}", *TWO_REGIONS
)
def standalone_security_account(world):
    return {bucket_arn(bucket_of_a_trail(world)): {"log-bucket-account": PASS}}
