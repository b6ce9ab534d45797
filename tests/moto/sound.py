"""An organization that lacks nothing of what the baseline asks for."""

from situations.alerting import alarm, log_group, metric_filter, topic, trail_with_group
from situations.bucket_policies import recommended
from situations.keys import CONTEXT, encrypting, key_id
from situations.organizations import TRAIL_CHANGES, attach, control_policies, delegate
from situations.selectors import MANAGEMENT_EVENTS
from world import AWAY, HOME, MANAGEMENT, allow, bucket_arn, deny, equals

BUCKET = "central-logs"
TRAIL = f"arn:aws:cloudtrail:{HOME}:{MANAGEMENT}:trail/everything"
BY_TRAIL = {"StringEquals": {"aws:SourceArn": TRAIL}}


def sound_organization(world):
    """Returns the organization, the bucket and the ARN of the trail."""
    organization = world.organization("log-archive", "workload")
    archive = organization["log-archive"]
    guard(world, organization)
    hardened_bucket(world, organization)
    log_group(world, "trail", kmsKeyId=world.key())
    world.client("logs").put_retention_policy(logGroupName="trail", retentionInDays=365)
    trail = trail_with_group(
        world,
        name="everything",
        bucket=BUCKET,
        IsOrganizationTrail=True,
        EnableLogFileValidation=True,
        KmsKeyId=rotating_key(world, archive),
        TagsList=[{"Key": "owner", "Value": "security"}],
    )
    network = {"eventCategory": equals("NetworkActivity"), "eventSource": equals("kms.amazonaws.com")}
    world.select_advanced(trail, MANAGEMENT_EVENTS, network)
    kinds = [{"InsightType": kind} for kind in ("ApiCallRateInsight", "ApiErrorRateInsight")]
    world.client("cloudtrail").put_insight_selectors(TrailName=trail, InsightSelectors=kinds)
    # An alarm on every event is one on every kind of event.
    metric_filter(world, "{ $.eventName = * }")
    alarm(world)
    topic(world)
    return organization, BUCKET, trail


def guard(world, organization):
    client, root = control_policies(world)
    attach(client, "guard", root, deny(None, [*TRAIL_CHANGES, "s3:*", "kms:*"], "*"))
    client.enable_aws_service_access(ServicePrincipal="cloudtrail.amazonaws.com")
    delegate(world, organization["log-archive"])


def rotating_key(world, account):
    owner = allow({"AWS": f"arn:aws:iam::{account}:root"}, "kms:*", "*")
    key = world.key(account, statements=[owner, encrypting({**BY_TRAIL, **CONTEXT})])
    world.client("kms", account).enable_key_rotation(KeyId=key_id(key))
    return key


def hardened_bucket(world, organization):
    archive = organization["log-archive"]
    bucket = world.bucket(BUCKET, archive, object_lock=True)
    insecure = {"Bool": {"aws:SecureTransport": "false"}}
    transport = deny("*", "s3:*", [bucket_arn(bucket), bucket_arn(bucket) + "/*"], insecure)
    paths = recommended(bucket, BY_TRAIL, MANAGEMENT, organization.id)
    world.bucket_policy(bucket, *paths, transport, account=archive)
    world.default_retention(bucket, archive, Mode="COMPLIANCE", Days=365)
    world.block_public_access(bucket, archive)
    s3 = world.client("s3", archive)
    s3.put_bucket_ownership_controls(
        Bucket=bucket, OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    )
    world.access_logs(bucket, world.bucket("access-logs", archive), archive)
    copies = world.bucket("copies", archive, region=AWAY)
    world.client("s3", archive, AWAY).put_bucket_versioning(Bucket=copies, VersioningConfiguration={"Status": "Enabled"})
    world.replicate(bucket, copies, archive)
