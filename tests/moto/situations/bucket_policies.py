"""What the policy of the log bucket lets CloudTrail, strangers and everybody do."""

from scan import FAIL, PASS
from situations import situation
from world import CLOUDTRAIL, HOME, MANAGEMENT, ORGANIZATION_ID, allow, bucket_arn, deny

DELIVERY = "log-bucket-delivery-policy"
STRANGER = {"AWS": "arn:aws:iam::999999999999:root"}


def trail_arn(name, account=MANAGEMENT):
    return f"arn:aws:cloudtrail:{HOME}:{account}:trail/{name}"


def recommended(bucket, pin, *paths, prefix=""):
    """The policy of AWS's guide; `pin` is its condition, `paths` what stands behind `AWSLogs/`."""
    control = {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}}
    merged = {operator: {**control.get(operator, {}), **pin.get(operator, {})} for operator in (control | pin)}
    objects = [f"{bucket_arn(bucket)}/{prefix}AWSLogs/{path}/*" for path in paths]
    return [
        allow(CLOUDTRAIL, "s3:GetBucketAcl", bucket_arn(bucket), pin),
        allow(CLOUDTRAIL, "s3:PutObject", objects, merged),
    ]


def by_arn(name):
    return {"StringEquals": {"aws:SourceArn": trail_arn(name)}}


def bucket_with(world, name, statements, **options):
    """A bucket with a trail of its own, which has the bucket's name."""
    bucket = world.bucket(name)
    world.bucket_policy(bucket, *statements)
    world.trail(name, bucket, **options)
    return bucket_arn(bucket)


@situation("the policy of the guide lets the trail deliver and nobody else write")
def documented(world):
    arn = bucket_with(world, "logs", recommended("logs", by_arn("logs"), MANAGEMENT))
    return {
        trail_arn("logs"): {DELIVERY: PASS},
        arn: {
            "log-bucket-policy-scope": PASS,
            "log-bucket-write-access": PASS,
            "log-bucket-public-access": PASS,
            # It says nothing about encryption in transit.
            "log-bucket-transport": FAIL,
        },
    }


@situation("a grant to CloudTrail without source may be used by the trails of anybody")
def pins(world):
    # AWS's guide asks for aws:SourceArn; no other auditor looks (catalogue D7).
    by_account = {"StringEquals": {"aws:SourceAccount": MANAGEMENT}}
    by_other_account = {"StringEquals": {"aws:SourceAccount": "999999999999"}}
    bare = bucket_with(world, "bare", recommended("bare", {}, MANAGEMENT))
    account = bucket_with(world, "account", recommended("account", by_account, MANAGEMENT))
    bucket_with(world, "other", recommended("other", by_arn("another"), MANAGEMENT))
    bucket_with(world, "elsewhere", recommended("elsewhere", by_other_account, MANAGEMENT))
    return {
        bare: {"log-bucket-policy-scope": FAIL},
        account: {"log-bucket-policy-scope": PASS},
        trail_arn("bare"): {DELIVERY: PASS},
        trail_arn("account"): {DELIVERY: PASS},
        trail_arn("other"): {DELIVERY: FAIL},
        trail_arn("elsewhere"): {DELIVERY: FAIL},
    }


@situation("without a grant to CloudTrail nothing is delivered")
def no_grant(world):
    world.trail("none", world.bucket("none"))
    bucket_with(world, "no-acl", recommended("no-acl", by_arn("no-acl"), MANAGEMENT)[1:])
    bucket_with(world, "other", [allow(STRANGER, "s3:GetObject", bucket_arn("other") + "/*")])
    return {trail_arn(name): {DELIVERY: FAIL} for name in ("none", "no-acl", "other")}


@situation("of two trails with one bucket, each is told whether the policy lets it deliver")
def two_trails(world):
    bucket = world.bucket("logs")
    world.bucket_policy(bucket, *recommended(bucket, by_arn("named"), MANAGEMENT))
    return {
        world.trail("named", bucket): {DELIVERY: PASS},
        world.trail("forgotten", bucket): {DELIVERY: FAIL},
    }


@situation("the policy has to name the prefix of the trail")
def prefixes(world):
    for name, prefix in (("right", "audit/"), ("without", ""), ("wrong", "auditing/")):
        bucket_with(world, name, recommended(name, by_arn(name), MANAGEMENT, prefix=prefix), S3KeyPrefix="audit")
    verdicts = {"right": PASS, "without": FAIL, "wrong": FAIL}
    return {trail_arn(name): {DELIVERY: verdict} for name, verdict in verdicts.items()}


@situation("an organization trail needs the path of the organization beside that of the management account")
def organization_paths(world):
    # Log files of members lie under the id of the organization (AWS semantics 3.22).
    organization = world.organization("log-archive")
    archive = organization["log-archive"]

    def trail_for(name, *paths):
        bucket = world.bucket(name, archive)
        world.bucket_policy(bucket, *recommended(bucket, by_arn(name), *paths), account=archive)
        return world.organization_trail(name, bucket)

    return {
        trail_for("both", MANAGEMENT, organization.id): {DELIVERY: PASS},
        bucket_arn("both"): {"log-bucket-policy-scope": PASS},
        trail_for("home-only", MANAGEMENT): {DELIVERY: FAIL},
        trail_for("members-one-by-one", MANAGEMENT, archive): {DELIVERY: FAIL},
    }


@situation("a principal of another account that may write or delete is found, in the organization or not")
def writers(world):
    organization = world.organization("workload")
    member = {"AWS": f"arn:aws:iam::{organization['workload']}:role/ingest"}
    owner = {"AWS": f"arn:aws:iam::{MANAGEMENT}:role/janitor"}

    def bucket_for(name, *statements):
        return bucket_with(world, name, [*recommended(name, by_arn(name), MANAGEMENT), *statements])

    def objects(name):
        return bucket_arn(name) + "/*"

    verdict = "log-bucket-write-access"
    return {
        bucket_for("written", allow(STRANGER, "s3:PutObject", objects("written"))): {verdict: FAIL},
        bucket_for("emptied", allow(member, "s3:Delete*", objects("emptied"))): {verdict: FAIL},
        bucket_for("changed", allow(member, "s3:PutLifecycleConfiguration", bucket_arn("changed"))): {verdict: FAIL},
        bucket_for("read", allow(STRANGER, "s3:GetObject", objects("read"))): {verdict: PASS},
        bucket_for("own", allow(owner, "s3:DeleteObject", objects("own"))): {verdict: PASS},
        bucket_for("nothing", allow(STRANGER, "s3:PutObject", bucket_arn("nothing"))): {verdict: PASS},
    }


@situation("a Deny takes away what it names, and no more")
def denials(world):
    organization = world.organization("workload")
    outside = {"StringNotEqualsIfExists": {"aws:PrincipalOrgID": organization.id}}

    def bucket_for(name, *statements):
        grant = allow(STRANGER, ["s3:PutObject", "s3:DeleteObject"], bucket_arn(name) + "/*")
        return bucket_with(world, name, [*recommended(name, by_arn(name), MANAGEMENT), grant, *statements])

    def denied(name, actions, path="", **condition):
        return deny(STRANGER if not condition else "*", actions, f"{bucket_arn(name)}/{path}*", condition)

    verdict = "log-bucket-write-access"
    return {
        bucket_for("all", denied("all", "s3:*")): {verdict: PASS},
        bucket_for("one-action", denied("one-action", "s3:DeleteObject")): {verdict: FAIL},
        bucket_for("all-logs", denied("all-logs", "s3:*", path="AWSLogs/")): {verdict: PASS},
        # Digest files lie beside.
        bucket_for("some-logs", denied("some-logs", "s3:*", path=f"AWSLogs/{MANAGEMENT}/CloudTrail/")): {verdict: FAIL},
        # CloudTrail is no principal of an organization: the Deny would stop its delivery, were it for PutObject too.
        bucket_for("outsiders", denied("outsiders", ["s3:PutObject", "s3:DeleteObject"], **outside)): {verdict: PASS},
        trail_arn("outsiders"): {DELIVERY: FAIL},
    }


@situation("a Deny of everything but KMS stops a trail that encrypts with S3's own keys")
def kms_only(world):
    unencrypted = {"StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}}
    statements = [
        *recommended("logs", by_arn("logs"), MANAGEMENT),
        deny("*", "s3:PutObject", bucket_arn("logs") + "/*", unencrypted),
    ]
    bucket_with(world, "logs", statements)
    return {trail_arn("logs"): {DELIVERY: FAIL}}


@situation("a grant to everybody is public, and one to everybody in a network of the company is not")
def conditions_on_everybody(world):
    # Powerpipe calls every wildcard principal public, whatever its condition (catalogue D1).
    network = {"IpAddress": {"aws:SourceIp": "198.51.100.0/24"}}
    member = {"StringEquals": {"aws:PrincipalOrgID": ORGANIZATION_ID}}

    def bucket_for(name, condition=None, resource="/*"):
        return bucket_with(world, name, [allow("*", "s3:GetObject", bucket_arn(name) + resource, condition)])

    verdict = "log-bucket-public-access"
    return {
        bucket_for("open"): {verdict: FAIL},
        bucket_for("office", network): {verdict: PASS},
        bucket_for("members", member): {verdict: PASS},
    }


@situation("encryption in transit is required when a Deny refuses every other request, to the bucket and to its objects")
def transport(world):
    insecure = {"Bool": {"aws:SecureTransport": "false"}}
    secure = {"Bool": {"aws:SecureTransport": "true"}}

    def bucket_for(name, statement):
        return bucket_with(world, name, [*recommended(name, by_arn(name), MANAGEMENT), statement])

    def both(name):
        return [bucket_arn(name), bucket_arn(name) + "/*"]

    verdict = "log-bucket-transport"
    return {
        bucket_for("right", deny("*", "s3:*", both("right"), insecure)): {verdict: PASS},
        bucket_for("objects", deny("*", "s3:*", bucket_arn("objects") + "/*", insecure)): {verdict: FAIL},
        bucket_for("reads", deny("*", "s3:GetObject", both("reads"), insecure)): {verdict: FAIL},
        bucket_for("stranger", deny(STRANGER, "s3:*", both("stranger"), insecure)): {verdict: FAIL},
        # It stops those who do encrypt.
        bucket_for("reversed", deny("*", "s3:*", both("reversed"), secure)): {verdict: FAIL},
    }
