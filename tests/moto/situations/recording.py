"""What a trail records beside management events, what it leaves out, and what is recorded twice."""

from scan import ABSENT, FAIL, NOT_APPLICABLE, PASS, TWO_REGIONS
from situations import situation
from situations.selectors import KMS, MANAGEMENT_EVENTS, RDS_DATA, S3_OBJECTS
from world import AWAY, HOME, MANAGEMENT, classic, equals

READS, WRITES = "s3-object-read-events", "s3-object-write-events"
# A pack that asks for the data events of all buckets.
ALL_OBJECTS = ("--policy", "cis-aws-7.0", *TWO_REGIONS)


def objects(reads, writes):
    return {MANAGEMENT: {READS: reads, WRITES: writes}}


def objects_with(world, *selectors):
    world.select_advanced(world.trail("audit", world.bucket("logs")), MANAGEMENT_EVENTS, *selectors)


@situation("the baseline does not ask for the events of all objects")
def not_asked(world):
    world.trail("audit", world.bucket("logs"))
    return objects(ABSENT, ABSENT)


@situation("CIS does, and a trail of management events has none", *ALL_OBJECTS)
def no_objects(world):
    world.trail("audit", world.bucket("logs"))
    return objects(FAIL, FAIL)


@situation("a classic selector of all buckets records all objects", *ALL_OBJECTS)
def all_objects(world):
    # AWS semantics 3.11; Powerpipe knows one of the two forms (catalogue B3).
    world.select(world.trail("audit", world.bucket("logs")), classic(data=[("AWS::S3::Object", ["arn:aws:s3:::"])]))
    return objects(PASS, PASS)


@situation("a classic selector of writes records no reads of objects", *ALL_OBJECTS)
def object_writes(world):
    world.select(world.trail("audit", world.bucket("logs")), classic("WriteOnly", data=[("AWS::S3::Object", ["arn:aws:s3"])]))
    return objects(FAIL, PASS)


@situation("an advanced selector of all objects records all objects", *ALL_OBJECTS)
def all_objects_advanced(world):
    # Powerpipe looks at classic selectors only (catalogue B3).
    objects_with(world, S3_OBJECTS)
    return objects(PASS, PASS)


@situation("an advanced selector that names an event, a bucket or one access does not record all objects", *ALL_OBJECTS)
def narrowed_objects(world):
    # Peer thread 16 (Prowler 10858): any selector of the type S3 object passed.
    bucket = world.bucket("logs")
    for name, narrowing in (
        ("event", {"eventName": equals("DeleteObject")}),
        ("bucket", {"resources.ARN": {"StartsWith": ["arn:aws:s3:::payroll/"]}}),
        ("access", {"readOnly": equals("false"), "eventName": equals("PutObject")}),
    ):
        world.select_advanced(world.trail(name, bucket), MANAGEMENT_EVENTS, {**S3_OBJECTS, **narrowing})
    return objects(FAIL, FAIL)


@situation("the bucket of the log files may be left out, which keeps a trail from recording itself", *ALL_OBJECTS)
def all_but_the_logs(world):
    objects_with(world, {**S3_OBJECTS, "resources.ARN": {"NotStartsWith": ["arn:aws:s3:::logs/"]}})
    return objects(PASS, PASS)


@situation("a stopped trail records no objects", *ALL_OBJECTS)
def stopped(world):
    # Prowler asks neither whether it logs nor where it does (catalogue B3).
    trail = world.trail("audit", world.bucket("logs"), logging=False)
    world.select_advanced(trail, S3_OBJECTS)
    return objects(FAIL, FAIL)


@situation("a trail of one region records no objects in the other", *ALL_OBJECTS)
def objects_of_one_region(world):
    world.select_advanced(world.trail("audit", world.bucket("logs"), multi_region=False), S3_OBJECTS)
    return objects(FAIL, FAIL)


CRITICAL = ("--set", "critical_buckets=payroll", *TWO_REGIONS)
BUCKETS = "critical-bucket-data-events"


def critical_bucket(world, **narrowing):
    world.bucket("payroll")
    objects_with(world, {**S3_OBJECTS, **narrowing})


@situation("a critical bucket that a selector names is recorded", *CRITICAL)
def critical_named(world):
    critical_bucket(world, **{"resources.ARN": {"StartsWith": ["arn:aws:s3:::payroll/"]}})
    return {MANAGEMENT: {BUCKETS: PASS}}


@situation("a selector for a bucket whose name begins alike records another bucket", *CRITICAL)
def critical_alike(world):
    # Powerpipe compares with LIKE (catalogue B3).
    critical_bucket(world, **{"resources.ARN": {"StartsWith": ["arn:aws:s3:::payroll-archive/"]}})
    return {MANAGEMENT: {BUCKETS: FAIL}}


@situation("a critical bucket whose reads are not recorded fails", *CRITICAL)
def critical_writes(world):
    critical_bucket(world, readOnly=equals("false"))
    return {MANAGEMENT: {BUCKETS: FAIL}}


@situation("a critical bucket that nobody owns fails, for its name may be wrong", *CRITICAL)
def critical_missing(world):
    objects_with(world, S3_OBJECTS)
    return {MANAGEMENT: {BUCKETS: FAIL}}


@situation("a critical bucket is judged in the account that owns it", *CRITICAL)
def critical_of_a_member(world):
    organization = world.organization("workload")
    world.bucket("payroll", organization["workload"])
    trail = world.organization_trail("everything", world.bucket("logs"))
    world.select_advanced(trail, MANAGEMENT_EVENTS, S3_OBJECTS)
    return {organization["workload"]: {BUCKETS: PASS}, MANAGEMENT: {BUCKETS: NOT_APPLICABLE}}


FUNCTION = f"arn:aws:lambda:{HOME}:{MANAGEMENT}:function:pay"
FUNCTIONS = "critical-function-data-events"
INVOKED = ("--set", f"critical_functions={FUNCTION}", *TWO_REGIONS)


@situation("the short form for every function records a critical one", *INVOKED)
def critical_function(world):
    # Peer thread 6 (Prowler 1973).
    every = classic(data=[("AWS::Lambda::Function", ["arn:aws:lambda"])])
    world.select(world.trail("audit", world.bucket("logs")), every)
    return {MANAGEMENT: {FUNCTIONS: PASS}}


@situation("another function's selector does not record a critical one", *INVOKED)
def another_function(world):
    other = classic(data=[("AWS::Lambda::Function", [FUNCTION + "-2"])])
    world.select(world.trail("audit", world.bucket("logs")), other)
    return {MANAGEMENT: {FUNCTIONS: FAIL}}


@situation("Insights have two types, and need the events they watch")
def insights(world):
    bucket = world.bucket("logs")

    def trail(name, *types):
        made = world.trail(name, bucket)
        selectors = [{"InsightType": kind} for kind in types]
        if selectors:
            world.client("cloudtrail").put_insight_selectors(TrailName=name, InsightSelectors=selectors)
        return made

    calls, errors = "ApiCallRateInsight", "ApiErrorRateInsight"
    reads = trail("reads", calls, errors)
    world.select(reads, classic("ReadOnly"))
    return {
        trail("both", calls, errors): {"insights": PASS},
        # Prowler is content with the first one (catalogue B8).
        trail("one", calls): {"insights": FAIL},
        trail("none"): {"insights": FAIL},
        # The rate of calls is counted of calls that change something.
        reads: {"insights": NOT_APPLICABLE},
    }


@situation("a trail needs tags of its own")
def tags(world):
    bucket = world.bucket("logs")
    tagged = world.trail("tagged", bucket, TagsList=[{"Key": "owner", "Value": "security"}])
    return {tagged: {"trail-tags": PASS}, world.trail("bare", bucket): {"trail-tags": FAIL}}


@situation("a tag that is asked for has to be there", "--set", "required_tags=owner,cost-center", *TWO_REGIONS)
def required_tags(world):
    bucket = world.bucket("logs")

    def trail(name, *keys):
        return world.trail(name, bucket, TagsList=[{"Key": key, "Value": "x"} for key in keys])

    return {
        trail("both", "owner", "cost-center", "more"): {"trail-tags": PASS},
        trail("one", "owner"): {"trail-tags": FAIL},
        trail("other-case", "Owner", "Cost-Center"): {"trail-tags": FAIL},
    }


@situation("events that are left out by source are told from those left out by access")
def exclusions(world):
    bucket, verdict = world.bucket("logs"), "management-event-exclusions"

    def trail(name, selector):
        made = world.trail(name, bucket)
        world.select(made, selector)
        return made

    return {
        trail("all", classic()): {verdict: PASS},
        trail("reads", classic("ReadOnly")): {verdict: PASS},
        trail("no-kms", classic(exclude=[KMS])): {verdict: FAIL},
        trail("neither", classic(exclude=[KMS, RDS_DATA])): {verdict: FAIL},
        trail("none", classic(management=False, data=[("AWS::S3::Object", ["arn:aws:s3"])])): {verdict: NOT_APPLICABLE},
    }


@situation("network activity events are recorded on request only")
def network_activity(world):
    bucket, verdict = world.bucket("logs"), "network-activity-events"
    with_them = world.trail("network", bucket)
    denied = {"eventCategory": equals("NetworkActivity"), "eventSource": equals("kms.amazonaws.com")}
    world.select_advanced(with_them, MANAGEMENT_EVENTS, denied)
    return {with_them: {verdict: PASS}, world.trail("plain", bucket): {verdict: FAIL}}


@situation("a trail that records what another one records anyway is a copy that is paid for")
def redundant(world):
    bucket, verdict = world.bucket("logs"), "redundant-management-trails"
    world.trail("everywhere", bucket)
    here = world.trail("here", bucket, region=AWAY, multi_region=False)
    stopped = world.trail("stopped", bucket, logging=False)
    objects_only = world.trail("objects", bucket)
    world.select(objects_only, classic(management=False, data=[("AWS::S3::Object", ["arn:aws:s3:::payroll/"])]))
    return {
        "arn:aws:cloudtrail:us-east-1:123456789012:trail/everywhere": {verdict: PASS},
        here: {verdict: FAIL},
        stopped: {verdict: NOT_APPLICABLE},
        objects_only: {verdict: NOT_APPLICABLE},
        # A profile for CIS demands that every trail be multi-region; one that is suffices.
        MANAGEMENT: {"multi-region-trail": PASS, "management-event-coverage": PASS},
    }


@situation("the trail of an organization is no copy of itself in its members")
def organization_trail_alone(world):
    # Peer thread 24 (steampipe-mod-aws-thrifty 119): copies in members were counted as redundant.
    organization = world.organization("workload")
    trail = world.organization_trail("everything", world.bucket("logs"))
    local = world.trail("local", world.bucket("local", organization["workload"]), account=organization["workload"])
    verdict = "redundant-management-trails"
    return {trail: {verdict: PASS}, local: {verdict: FAIL}}
