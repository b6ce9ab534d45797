"""The key that encrypts the log files, and their delivery."""

from datetime import UTC, datetime, timedelta

from moto.kms.models import kms_backends

from scan import FAIL, NOT_APPLICABLE, PASS, TWO_REGIONS
from situations import situation
from situations.bucket_policies import STRANGER, by_arn
from world import AWAY, CLOUDTRAIL, HOME, MANAGEMENT, allow


def key_id(arn):
    return arn.rsplit("/", 1)[1]


def hours_from_now(hours):
    return (datetime.now(UTC) + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")


@situation("only a customer-managed key protects the log files")
def keys(world):
    bucket, kms = world.bucket("logs"), world.client("kms")
    enabled, disabled, dying, of_aws = (world.key() for _ in range(4))
    kms.disable_key(KeyId=key_id(disabled))
    kms.schedule_key_deletion(KeyId=key_id(dying), PendingWindowInDays=7)
    # moto calls every key customer-managed, those of AWS too; so it is told behind its interface.
    kms_backends[MANAGEMENT][HOME].keys[key_id(of_aws)].key_manager = "AWS"
    return {
        world.trail("enabled", bucket, KmsKeyId=enabled): {"log-encryption": PASS},
        # A disabled key ends the delivery of logs (AWS semantics 3.23), which is judged of the key, by log-key-state.
        world.trail("disabled", bucket, KmsKeyId=disabled): {"log-encryption": PASS},
        world.trail("dying", bucket, KmsKeyId=dying): {"log-encryption": PASS},
        disabled: {"log-key-state": FAIL},
        dying: {"log-key-state": FAIL},
        world.trail("of-aws", bucket, KmsKeyId=of_aws): {"log-encryption": FAIL},
        # Encrypted by S3 all the same (peer thread 40): the rule asks for a key of one's own.
        world.trail("none", bucket): {"log-encryption": FAIL},
    }


# moto delivers nothing; it reports "delivered just now" on every status call of a logging trail, and never an error.


@situation("a logging trail that delivered half a day ago delivers", "--as-of", hours_from_now(12), *TWO_REGIONS)
def recent_delivery(world):
    return {world.trail("audit", world.bucket("logs")): {"log-delivery": PASS}}


@situation("a logging trail that delivered nothing for three days does not", "--as-of", hours_from_now(72), *TWO_REGIONS)
def stale_delivery(world):
    return {world.trail("audit", world.bucket("logs")): {"log-delivery": FAIL, "trail-logging": PASS}}


OWNER = allow({"AWS": f"arn:aws:iam::{MANAGEMENT}:root"}, "kms:*", "*")
CONTEXT = {"StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": f"arn:aws:cloudtrail:*:{MANAGEMENT}:trail/*"}}


def encrypting(pin):
    return allow(CLOUDTRAIL, "kms:GenerateDataKey*", "*", pin)


@situation("the key policy of the guide lets CloudTrail encrypt for this trail and nobody else decrypt")
def documented_key_policy(world):
    # No other auditor reads what the key policy grants to CloudTrail (catalogue E4).
    describing = allow(CLOUDTRAIL, "kms:DescribeKey", "*", by_arn("right"))
    right = world.key(statements=[OWNER, encrypting({**by_arn("right"), **CONTEXT}), describing])
    bare = world.key(statements=[OWNER, encrypting(None)])
    other = world.key(statements=[OWNER, encrypting(by_arn("another"))])
    none = world.key()
    bucket = world.bucket("logs")
    serves, pinned, exposed = "log-key-delivery-policy", "log-key-policy-scope", "log-key-exposure"
    return {
        world.trail("right", bucket, KmsKeyId=right): {serves: PASS},
        right: {pinned: PASS, exposed: PASS},
        world.trail("bare", bucket, KmsKeyId=bare): {serves: PASS},
        bare: {pinned: FAIL, exposed: PASS},
        world.trail("other", bucket, KmsKeyId=other): {serves: FAIL},
        # KMS's own default: the account and nobody else, so not CloudTrail.
        world.trail("none", bucket, KmsKeyId=none): {serves: FAIL},
        none: {exposed: PASS},
        world.trail("without-key", bucket): {serves: NOT_APPLICABLE},
    }


@situation("a key is exposed to whom its policy names, unless a condition keeps him out")
def exposed_keys(world):
    organization = world.organization("workload")
    member = {"AWS": f"arn:aws:iam::{organization['workload']}:root"}
    inside = {"StringEquals": {"aws:PrincipalOrgID": organization.id}}
    bucket = world.bucket("logs")

    def key_for(name, *statements):
        key = world.key(statements=[OWNER, *statements])
        world.trail(name, bucket, KmsKeyId=key)
        return key

    verdict = "log-key-exposure"
    return {
        key_for("everybody", allow("*", "kms:Decrypt", "*")): {verdict: FAIL},
        key_for("stranger", allow(STRANGER, "kms:Decrypt", "*")): {verdict: FAIL},
        key_for("member", allow(member, "kms:Decrypt", "*")): {verdict: PASS},
        key_for("members", allow("*", "kms:Decrypt", "*", inside)): {verdict: PASS},
        key_for("member-disables", allow(member, "kms:DisableKey", "*")): {verdict: FAIL},
    }


@situation("automatic rotation is asked of keys that have it")
def rotation(world):
    kms, bucket = world.client("kms"), world.bucket("logs")
    rotating, still, imported, dying = world.key(), world.key(), world.key(Origin="EXTERNAL"), world.key()
    kms.enable_key_rotation(KeyId=key_id(rotating))
    kms.enable_key_rotation(KeyId=key_id(dying))
    kms.schedule_key_deletion(KeyId=key_id(dying), PendingWindowInDays=7)
    for name, key in (("rotating", rotating), ("still", still), ("imported", imported), ("dying", dying)):
        world.trail(name, bucket, KmsKeyId=key)
    verdict = "log-key-rotation"
    return {
        rotating: {verdict: PASS, "log-key-state": PASS},
        still: {verdict: FAIL},
        imported: {verdict: NOT_APPLICABLE},
        dying: {verdict: NOT_APPLICABLE, "log-key-state": FAIL},
    }


@situation("the key has to live in the region of the bucket")
def key_elsewhere(world):
    # AWS semantics 3.23: otherwise nothing can be delivered.
    key, verdict = world.key(statements=[OWNER, encrypting(None)]), "log-key-delivery-policy"
    return {
        world.trail("near", world.bucket("near"), KmsKeyId=key): {verdict: PASS},
        world.trail("far", world.bucket("far", region=AWAY), KmsKeyId=key): {verdict: FAIL},
        key: {"log-key-state": PASS},
    }


@situation("a key that is gone is found, and nothing more is said of it")
def missing_key(world):
    gone = f"arn:aws:kms:{HOME}:{MANAGEMENT}:key/00000000-0000-4000-8000-000000000000"
    trail = world.trail("audit", world.bucket("logs"), KmsKeyId=gone)
    return {
        trail: {"log-encryption": FAIL, "log-key-delivery-policy": NOT_APPLICABLE},
        gone: {"log-key-state": FAIL, "log-key-exposure": NOT_APPLICABLE, "log-key-rotation": NOT_APPLICABLE},
    }


@situation("a key belongs in an account that is neither the trail's nor the management account")
def account_of_the_key(world):
    organization = world.organization("log-archive")
    archive = organization["log-archive"]
    near, far = world.key(), world.key(archive)
    world.organization_trail("near", world.bucket("near", archive), KmsKeyId=near)
    world.organization_trail("far", world.bucket("far", archive), KmsKeyId=far)
    return {near: {"log-key-account": FAIL}, far: {"log-key-account": PASS, "log-key-state": PASS}}
