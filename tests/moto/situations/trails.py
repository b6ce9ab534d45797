"""Whether a trail exists, is an organization's, is multi-region, and logs."""

from scan import ABSENT, FAIL, NOT_APPLICABLE, PASS, TWO_REGIONS
from situations import situation
from world import AWAY, HOME, MANAGEMENT, bucket_arn


@situation("an organization trail covers every account, with its bucket in a member account")
def organization_trail(world):
    # Peer threads 1, 2, 18, 39: members of an organization trail reported as uncovered. moto does not show the trail in the
    # members; AWS does. A logging multi-region organization trail covers each active member either way.
    organization = world.organization("log-archive", "workload")
    bucket = world.bucket("central-logs", organization["log-archive"])
    trail = world.organization_trail("everything", bucket)
    covered = {"multi-region-trail": PASS, "management-event-coverage": PASS, "global-service-events": PASS}
    return {
        organization.id: {"organization-trail": PASS},
        organization["management"]: covered,
        organization["log-archive"]: covered,
        organization["workload"]: covered,
        # Peer threads 3, 4, 38: a bucket of another account is read with that account's role, not called missing or public.
        bucket_arn(bucket): {"log-bucket-exists": PASS, "log-bucket-account": PASS, "log-bucket-public-access": PASS},
        trail: {"trail-logging": PASS, "log-delivery": PASS},
    }


@situation("a stopped organization trail covers nobody")
def stopped_organization_trail(world):
    organization = world.organization("workload")
    trail = world.organization_trail("everything", world.bucket("logs"), logging=False)
    uncovered = {"multi-region-trail": FAIL, "management-event-coverage": FAIL, "global-service-events": FAIL}
    return {
        organization.id: {"organization-trail": FAIL},
        organization["management"]: uncovered,
        organization["workload"]: uncovered,
        trail: {"trail-logging": FAIL, "log-delivery": NOT_APPLICABLE},
    }


@situation("a trail that was stopped again is stopped, although it has delivered")
def trail_stopped_again(world):
    # Peer thread 23: the state lost on the way. LatestDeliveryTime stays when logging stops, so it must not count as life.
    trail = world.trail("local", world.bucket("logs"))
    world.client("cloudtrail").stop_logging(Name=trail)
    return {
        trail: {"trail-logging": FAIL, "log-delivery": NOT_APPLICABLE},
        MANAGEMENT: {"multi-region-trail": FAIL, "management-event-coverage": FAIL},
    }


@situation("an organization trail of one region is not enough for the organization")
def single_region_organization_trail(world):
    organization = world.organization("workload")
    trail = world.organization_trail("home-only", world.bucket("logs"), multi_region=False)
    return {
        organization.id: {"organization-trail": FAIL},
        organization["workload"]: {"multi-region-trail": FAIL, "management-event-coverage": FAIL},
        trail: {"trail-logging": PASS},
    }


@situation("a trail of one region leaves the other region uncovered")
def single_region_trail(world):
    # A region's own single-region trail does not make the account covered (a peer passes such a region under that title).
    trail = world.trail("home-only", world.bucket("logs"), multi_region=False)
    return {
        # Homed in us-east-1, where IAM and STS record since 2021-11 (AWS semantics 3.19).
        MANAGEMENT: {"multi-region-trail": FAIL, "management-event-coverage": FAIL, "global-service-events": PASS},
        trail: {"trail-logging": PASS},
    }


@situation("a trail of one region is full coverage when the scan is of that region", "--regions", AWAY)
def single_region_in_scope(world):
    # `--regions` sets the scope of the coverage verdict; it does not turn a single-region trail into a multi-region one.
    world.trail("away-only", world.bucket("logs"), region=AWAY, multi_region=False)
    return {MANAGEMENT: {"management-event-coverage": PASS, "multi-region-trail": FAIL}}


@situation("a trail of one region outside us-east-1 records no global services, whatever it claims")
def global_services_elsewhere(world):
    # IncludeGlobalServiceEvents is true by default, and has been without effect outside us-east-1 since 2021-11 (3.19).
    world.trail("away-only", world.bucket("logs"), region=AWAY, multi_region=False, IncludeGlobalServiceEvents=True)
    return {MANAGEMENT: {"global-service-events": FAIL}}


@situation("a trail in us-east-1 that leaves out global services does not record them")
def global_services_left_out(world):
    world.trail("home-only", world.bucket("logs"), multi_region=False, IncludeGlobalServiceEvents=False)
    return {MANAGEMENT: {"global-service-events": FAIL}}


@situation("an account without any trail fails and its organization too")
def no_trail(world):
    organization = world.organization("workload")
    uncovered = {"multi-region-trail": FAIL, "management-event-coverage": FAIL, "global-service-events": FAIL}
    return {
        organization.id: {"organization-trail": FAIL},
        organization["management"]: uncovered,
        organization["workload"]: uncovered,
    }


@situation("a member's own trail covers that member only, and its own bucket is no separate account")
def member_trail(world):
    organization = world.organization("workload", "bystander")
    bucket = world.bucket("workload-logs", organization["workload"])
    trail = world.trail("local", bucket, account=organization["workload"])
    return {
        organization.id: {"organization-trail": FAIL},
        organization["workload"]: {"multi-region-trail": PASS, "management-event-coverage": PASS},
        organization["bystander"]: {"multi-region-trail": FAIL, "management-event-coverage": FAIL},
        trail: {"trail-logging": PASS},
        bucket_arn(bucket): {"log-bucket-account": FAIL},
    }


@situation("an account without an organization is judged alone")
def standalone_account(world):
    bucket = world.bucket("logs")
    world.trail("local", bucket)
    return {
        MANAGEMENT: {"multi-region-trail": PASS, "management-event-coverage": PASS},
        bucket_arn(bucket): {"log-bucket-account": NOT_APPLICABLE},
    }


@situation("an account is judged alone on request although it belongs to an organization", "--account-only", *TWO_REGIONS)
def account_only(world):
    organization = world.organization("workload")
    world.trail("local", world.bucket("logs"))
    return {organization["management"]: {"multi-region-trail": PASS}, organization["workload"]: {"multi-region-trail": ABSENT}}


@situation("validation, delivery to CloudWatch Logs and their absence are told apart")
def validation_and_logs(world):
    group = f"arn:aws:logs:{HOME}:{MANAGEMENT}:log-group:trail:*"
    role = f"arn:aws:iam::{MANAGEMENT}:role/delivery"
    bucket = world.bucket("logs")
    wired = world.trail(
        "wired", bucket, EnableLogFileValidation=True, CloudWatchLogsLogGroupArn=group, CloudWatchLogsRoleArn=role
    )
    bare = world.trail("bare", bucket)
    # Peer thread 7: two trails, and the wrong one's log group was looked at.
    return {
        wired: {"log-file-validation": PASS, "cloudwatch-logs-integration": PASS},
        bare: {"log-file-validation": FAIL, "cloudwatch-logs-integration": FAIL},
    }


@situation("trails of one name in two regions are two trails")
def same_name_twice(world):
    # Peer threads 9, 10, 35: calls by name reach the wrong trail, or none; ARNs do not.
    bucket = world.bucket("logs")
    home = world.trail("audit", bucket, multi_region=False)
    away = world.trail("audit", bucket, region=AWAY, multi_region=False, logging=False)
    return {home: {"trail-logging": PASS}, away: {"trail-logging": FAIL}}
