"""Which events the trails of an account record, as a union."""

from scan import FAIL, NOT_APPLICABLE, PASS
from situations import situation
from world import AWAY, MANAGEMENT, bucket_arn, classic, equals

KMS, RDS_DATA = "kms.amazonaws.com", "rdsdata.amazonaws.com"
MANAGEMENT_EVENTS = {"eventCategory": equals("Management")}
S3_OBJECTS = {"eventCategory": equals("Data"), "resources.type": equals("AWS::S3::Object")}


def coverage(status):
    return {MANAGEMENT: {"management-event-coverage": status}}


@situation("a trail of reads and a trail of writes add up")
def halves(world):
    # Peer thread 28: coverage is a union over trails; AWS's own guide shows exactly this split.
    bucket = world.bucket("logs")
    world.select(world.trail("reads", bucket), classic("ReadOnly"))
    world.select(world.trail("writes", bucket), classic("WriteOnly"))
    return {
        **coverage(PASS),
        # Two trails, one bucket: one subject.
        bucket_arn(bucket): {"log-bucket-exists": PASS},
    }


@situation("a trail of reads here and a trail of writes there do not add up")
def halves_apart(world):
    bucket = world.bucket("logs")
    world.select(world.trail("reads", bucket, multi_region=False), classic("ReadOnly"))
    world.select(world.trail("writes", bucket, region=AWAY, multi_region=False), classic("WriteOnly"))
    return coverage(FAIL)


@situation("a stopped half adds nothing")
def stopped_half(world):
    bucket = world.bucket("logs")
    world.select(world.trail("reads", bucket), classic("ReadOnly"))
    world.select(world.trail("writes", bucket, logging=False), classic("WriteOnly"))
    return coverage(FAIL)


@situation("an organization trail of writes and a local trail of reads cover only the account that has both")
def halves_of_two_owners(world):
    organization = world.organization("workload", "bystander")
    world.select(world.organization_trail("writes", world.bucket("logs")), classic("WriteOnly"))
    local = world.trail("reads", world.bucket("local-logs", organization["workload"]), account=organization["workload"])
    world.select(local, classic("ReadOnly"))
    return {
        organization["workload"]: {"management-event-coverage": PASS},
        organization["bystander"]: {"management-event-coverage": FAIL},
        organization["management"]: {"management-event-coverage": FAIL},
    }


@situation("an unnamed advanced selector of management events is full coverage")
def unnamed_advanced(world):
    # Peers count an advanced selector by its free-text name (catalogue B1), or look at classic ones only (threads 19, 27, 37).
    world.select_advanced(world.trail("audit", world.bucket("logs")), MANAGEMENT_EVENTS)
    return coverage(PASS)


@situation("advanced selectors of reads and of writes add up within a trail")
def advanced_halves(world):
    # A peer disqualifies any selector that has a readOnly field (catalogue B1).
    trail = world.trail("audit", world.bucket("logs"))
    reads, writes = ({**MANAGEMENT_EVENTS, "readOnly": equals(value)} for value in ("true", "false"))
    world.select_advanced(trail, reads, writes)
    return coverage(PASS)


@situation("an advanced selector of writes alone is not full coverage")
def advanced_writes(world):
    trail = world.trail("audit", world.bucket("logs"))
    world.select_advanced(trail, {**MANAGEMENT_EVENTS, "readOnly": equals("false")})
    return coverage(FAIL)


@situation("a trail of data events alone records no management events")
def data_only(world):
    # A peer passes any advanced selector whose text lacks "readOnly", this one too (catalogue B1).
    trail = world.trail("data", world.bucket("logs"))
    world.select_advanced(trail, S3_OBJECTS)
    return {
        MANAGEMENT: {"management-event-coverage": FAIL, "multi-region-trail": PASS},
        trail: {"data-events-scoped": FAIL},
    }


@situation("classic selectors without management events record none")
def classic_data_only(world):
    # A peer tests ReadWriteType alone (catalogue B1).
    trail = world.trail("data", world.bucket("logs"))
    world.select(trail, classic(management=False, data=[("AWS::S3::Object", ["arn:aws:s3:::payroll/"])]))
    return {**coverage(FAIL), trail: {"data-events-scoped": PASS}}


@situation("an advanced selector that leaves out KMS is a hole")
def advanced_without_kms(world):
    # A peer ignores eventSource NotEquals (catalogue B1).
    trail = world.trail("audit", world.bucket("logs"))
    world.select_advanced(trail, {**MANAGEMENT_EVENTS, "eventSource": {"NotEquals": [KMS]}})
    return coverage(FAIL)


@situation("a classic selector that leaves out KMS is a hole")
def classic_without_kms(world):
    world.select(world.trail("audit", world.bucket("logs")), classic(exclude=[KMS]))
    return coverage(FAIL)


@situation("a trail without KMS and a trail without RDS Data fill each other's hole")
def holes_that_add_up(world):
    bucket = world.bucket("logs")
    world.select(world.trail("no-kms", bucket), classic(exclude=[KMS]))
    world.select_advanced(world.trail("no-rds", bucket), {**MANAGEMENT_EVENTS, "eventSource": {"NotEquals": [RDS_DATA]}})
    return coverage(PASS)


@situation("a trail without data events has nothing to scope")
def no_data_events(world):
    trail = world.trail("audit", world.bucket("logs"))
    return {trail: {"data-events-scoped": NOT_APPLICABLE}}


@situation("classic data events of every bucket or function are account-wide, of a named one scoped")
def classic_data_events(world):
    bucket = world.bucket("logs")

    def trail(name, kind, *values):
        made = world.trail(name, bucket)
        world.select(made, classic(data=[(kind, values)]))
        return made

    function = f"arn:aws:lambda:us-east-1:{MANAGEMENT}:function:pay"
    return {
        trail("every-bucket", "AWS::S3::Object", "arn:aws:s3"): {"data-events-scoped": FAIL},
        trail("every-bucket-too", "AWS::S3::Object", "arn:aws:s3:::"): {"data-events-scoped": FAIL},
        # Peer thread 6: the account-wide form for Lambda was not recognised.
        trail("every-function", "AWS::Lambda::Function", "arn:aws:lambda"): {"data-events-scoped": FAIL},
        trail("one-bucket", "AWS::S3::Object", "arn:aws:s3:::payroll/"): {"data-events-scoped": PASS},
        trail("one-function", "AWS::Lambda::Function", function): {"data-events-scoped": PASS},
        # One account-wide value among named ones makes the whole trail account-wide.
        trail("mixed", "AWS::S3::Object", "arn:aws:s3:::payroll/", "arn:aws:s3"): {"data-events-scoped": FAIL},
    }


@situation("advanced data events are scoped by a resource they name, not by one they leave out")
def advanced_data_events(world):
    bucket = world.bucket("logs")

    def trail(name, **narrowing):
        made = world.trail(name, bucket)
        world.select_advanced(made, MANAGEMENT_EVENTS, {**S3_OBJECTS, **narrowing})
        return made

    payroll = "arn:aws:s3:::payroll/"
    return {
        trail("everything"): {"data-events-scoped": FAIL},
        trail("writes-of-everything", readOnly=equals("false")): {"data-events-scoped": FAIL},
        trail("one", **{"resources.ARN": {"StartsWith": [payroll]}}): {"data-events-scoped": PASS},
        trail("all-but-one", **{"resources.ARN": {"NotStartsWith": [payroll]}}): {"data-events-scoped": FAIL},
    }
