"""The situations can be made, and moto still behaves as their comments say. Needs no binary."""

import pytest
from botocore.exceptions import ClientError

from situations import SITUATIONS, register_all
from world import AWAY, classic, equals

register_all()


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda situation: situation.name)
def test_this_state_can_be_made(situation, world):
    assert situation.build(world)


def test_every_situation_has_a_name_of_its_own():
    names = [situation.name for situation in SITUATIONS]
    assert len(names) == len(set(names))


def test_moto_shows_a_multi_region_trail_in_other_regions_but_an_organization_trail_in_no_member(world):
    organization = world.organization("workload")
    world.organization_trail("everything", world.bucket("logs"))
    assert len(world.client("cloudtrail", region=AWAY).describe_trails()["trailList"]) == 1
    assert world.client("cloudtrail", organization["workload"]).describe_trails()["trailList"] == []


def test_moto_reports_a_delivery_of_just_now_for_a_logging_trail(world):
    trail = world.trail("audit", world.bucket("logs"))
    status = world.client("cloudtrail").get_trail_status(Name=trail)
    assert status["LatestDeliveryTime"] >= status["StartLoggingTime"]
    assert "LatestDeliveryError" not in status


def test_moto_returns_two_empty_lists_for_a_trail_without_selectors(world):
    trail = world.trail("audit", world.bucket("logs"))
    answer = world.client("cloudtrail").get_event_selectors(TrailName=trail)
    assert (answer["EventSelectors"], answer["AdvancedEventSelectors"]) == ([], [])


def test_moto_keeps_advanced_selectors_beside_classic_ones_so_no_situation_sets_both_on_a_trail(world):
    trail = world.trail("audit", world.bucket("logs"))
    world.select_advanced(trail, {"eventCategory": equals("Management")})
    world.select(trail, classic())
    answer = world.client("cloudtrail").get_event_selectors(TrailName=trail)
    assert answer["EventSelectors"] and answer["AdvancedEventSelectors"]


def test_a_request_that_expects_another_owner_of_a_bucket_is_refused(world):
    organization = world.organization("log-archive")
    bucket = world.bucket("logs", organization["log-archive"])
    s3 = world.client("s3")
    s3.head_bucket(Bucket=bucket, ExpectedBucketOwner=organization["log-archive"])
    with pytest.raises(ClientError):
        s3.head_bucket(Bucket=bucket, ExpectedBucketOwner=organization["management"])
