"""The key that encrypts the log files, and their delivery."""

from datetime import UTC, datetime, timedelta

from moto.kms.models import kms_backends

from scan import FAIL, PASS, TWO_REGIONS
from situations import situation
from world import HOME, MANAGEMENT


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
    # moto calls every key customer-managed, those of AWS too; this is the one thing said to moto behind its interface.
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
