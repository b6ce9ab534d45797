"""How long and how safely the log files are kept, and whether anybody can see who read them."""

from scan import ABSENT, FAIL, NOT_APPLICABLE, PASS, TWO_REGIONS
from situations import situation
from situations.buckets import bucket_of_a_trail
from situations.selectors import MANAGEMENT_EVENTS, S3_OBJECTS
from world import AWAY, MANAGEMENT, bucket_arn, classic


def rule(prefix="", status="Enabled", **what):
    return {"ID": "rule", "Status": status, "Filter": {"Prefix": prefix}, **what}


def lifecycle(world, bucket, *rules):
    configuration = {"Rules": [{**rule, "ID": str(number)} for number, rule in enumerate(rules)]}
    world.client("s3").put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration=configuration)
    return bucket


def expires(days):
    return {"Expiration": {"Days": days}}


RETENTION = "log-bucket-retention"


@situation("the lifecycle rule that deletes log files first decides how long they are kept")
def lifecycles(world):
    def bucket_for(name, *rules):
        return bucket_arn(lifecycle(world, bucket_of_a_trail(world, name), *rules))

    to_glacier = {"Transitions": [{"Days": 30, "StorageClass": "GLACIER"}]}
    return {
        bucket_arn(bucket_of_a_trail(world, "none")): {RETENTION: PASS},
        bucket_for("year", rule(**expires(365))): {RETENTION: PASS},
        bucket_for("nearly", rule(**expires(364))): {RETENTION: FAIL},
        bucket_for("two", rule(**expires(400)), rule(**expires(90))): {RETENTION: FAIL},
        bucket_for("disabled", rule(status="Disabled", **expires(90))): {RETENTION: PASS},
        bucket_for("elsewhere", rule(prefix="tmp/", **expires(1))): {RETENTION: PASS},
        bucket_for("inside", rule(prefix="AWSLogs/", **expires(90))): {RETENTION: FAIL},
        bucket_for("archive", rule(**to_glacier)): {RETENTION: PASS},
    }


@situation("where versions are kept, an expired log file is gone when its version is")
def noncurrent_versions(world):
    def bucket_for(name, *rules):
        bucket = bucket_of_a_trail(world, name)
        world.versioning(bucket, "Enabled")
        return bucket_arn(lifecycle(world, bucket, *rules))

    versions = {"NoncurrentVersionExpiration": {"NoncurrentDays": 30}}
    return {
        bucket_for("kept", rule(**expires(90))): {RETENTION: PASS},
        bucket_for("gone", rule(**expires(90)), rule(**versions)): {RETENTION: FAIL},
        bucket_for("late", rule(**expires(350)), rule(**versions)): {RETENTION: PASS},
    }


@situation("the days that are asked for can be set", "--set", "retention_days=90", *TWO_REGIONS)
def fewer_days(world):
    bucket = lifecycle(world, bucket_of_a_trail(world), rule(**expires(90)))
    return {bucket_arn(bucket): {RETENTION: PASS}, MANAGEMENT: {"durable-retention": PASS}}


@situation("management events are kept as long as the longest of the trails that record all of them keeps its files")
def durable(world):
    lifecycle(world, bucket_of_a_trail(world, "short"), rule(**expires(30)))
    long = lifecycle(world, bucket_of_a_trail(world, "long"), rule(**expires(400)))
    return {MANAGEMENT: {"durable-retention": PASS}, bucket_arn(long): {RETENTION: PASS}}


@situation("a region without a trail keeps its events for the 90 days of the event history")
def event_history(world):
    world.trail("home-only", world.bucket("logs"), multi_region=False)
    return {MANAGEMENT: {"durable-retention": FAIL}}


def with_access_logs(world, name, target):
    bucket = bucket_of_a_trail(world, name)
    if target:
        world.access_logs(bucket, target)
    return bucket_arn(bucket)


ACCESS = "log-bucket-access-logging"


@situation("access logs belong in another bucket")
def access_logs(world):
    world.bucket("access-logs")
    return {
        with_access_logs(world, "logged", "access-logs"): {ACCESS: PASS},
        with_access_logs(world, "itself", None): {ACCESS: FAIL},
        # The target is no bucket of a trail, and no subject.
        bucket_arn("access-logs"): {ACCESS: ABSENT},
    }


@situation("a bucket that logs access to itself can be emptied together with its access logs")
def access_logs_to_itself(world):
    bucket = bucket_of_a_trail(world)
    world.access_logs(bucket, bucket)
    return {bucket_arn(bucket): {ACCESS: FAIL}}


def recorded_bucket(world):
    # Peer thread 30 (ScoutSuite 622): data events tell the same as access logs, and more.
    bucket = world.bucket("logs")
    named = {"resources.ARN": {"StartsWith": [bucket_arn(bucket) + "/"]}}
    world.select_advanced(world.trail("audit", bucket), MANAGEMENT_EVENTS, {**S3_OBJECTS, **named})
    return bucket_arn(bucket)


@situation("data events of the log bucket stand in for access logs")
def data_events_for_access_logs(world):
    return {recorded_bucket(world): {ACCESS: PASS}}


@situation("access logs to the letter", "--set", "data_events_replace_access_logs=false", *TWO_REGIONS)
def access_logs_to_the_letter(world):
    return {recorded_bucket(world): {ACCESS: FAIL}}


@situation("data events of writes alone do not show who read the log files")
def writes_for_access_logs(world):
    bucket = world.bucket("logs")
    named = [("AWS::S3::Object", [bucket_arn(bucket) + "/"])]
    world.select(world.trail("audit", bucket), classic("WriteOnly", data=named))
    return {bucket_arn(bucket): {ACCESS: FAIL}}


@situation("only an enforced owner puts access control lists out of force")
def ownership(world):
    def bucket_for(name, ownership):
        bucket = bucket_of_a_trail(world, name)
        if ownership:
            controls = {"Rules": [{"ObjectOwnership": ownership}]}
            world.client("s3").put_bucket_ownership_controls(Bucket=bucket, OwnershipControls=controls)
        return bucket_arn(bucket)

    verdict = "log-bucket-ownership"
    return {
        bucket_for("enforced", "BucketOwnerEnforced"): {verdict: PASS},
        bucket_for("preferred", "BucketOwnerPreferred"): {verdict: FAIL},
        bucket_for("writer", "ObjectWriter"): {verdict: FAIL},
        # S3 calls a bucket without controls one of its writers.
        bucket_for("unset", None): {verdict: FAIL},
    }


@situation("replication counts while it is enabled")
def replication(world):
    world.bucket("copies", region=AWAY)
    world.client("s3", region=AWAY).put_bucket_versioning(Bucket="copies", VersioningConfiguration={"Status": "Enabled"})

    def bucket_for(name, status="Enabled"):
        bucket = bucket_of_a_trail(world, name)
        world.versioning(bucket, "Enabled")
        world.replicate(bucket, "copies", status=status)
        return bucket_arn(bucket)

    verdict = "log-bucket-replication"
    return {
        bucket_for("everything"): {verdict: PASS},
        bucket_for("off", status="Disabled"): {verdict: FAIL},
        bucket_arn(bucket_of_a_trail(world, "alone")): {verdict: FAIL},
    }


@situation("MFA delete is not asked for where a lifecycle rule or a lock that nobody lifts forbids it or makes it needless")
def mfa_delete(world):
    # S3 does not combine it with lifecycle rules (AWS semantics 3.27). moto keeps no MFADelete, so none can be on.
    plain = bucket_of_a_trail(world, "plain")
    world.versioning(plain, "Enabled")
    with_rules = lifecycle(world, bucket_of_a_trail(world, "rules"), rule(**expires(400)))
    locked, briefly = (bucket_of_a_trail(world, name, object_lock=True) for name in ("locked", "briefly"))
    world.default_retention(locked, Mode="COMPLIANCE", Days=365)
    world.default_retention(briefly, Mode="COMPLIANCE", Days=30)
    verdict = "log-bucket-mfa-delete"
    return {
        bucket_arn(plain): {verdict: FAIL},
        bucket_arn(with_rules): {verdict: NOT_APPLICABLE},
        bucket_arn(locked): {verdict: NOT_APPLICABLE},
        bucket_arn(briefly): {verdict: FAIL},
    }


@situation("Block Public Access has four switches, and the account's count for its buckets")
def public_access_block(world):
    full, half, none = (bucket_of_a_trail(world, name) for name in ("full", "half", "none"))
    world.block_public_access(full)
    world.client("s3").put_public_access_block(
        Bucket=half, PublicAccessBlockConfiguration={"BlockPublicAcls": True, "IgnorePublicAcls": True}
    )
    verdict = "log-bucket-public-access-block"
    return {bucket_arn(full): {verdict: PASS}, bucket_arn(half): {verdict: FAIL}, bucket_arn(none): {verdict: FAIL}}
