"""What a caller can rely on: exit codes, the calls that are made, and answers that cannot be read."""

import json
import re

import pytest

from scan import FAIL, NOT_APPLICABLE, PASS, TWO_REGIONS, UNKNOWN, run, scan
from sound import sound_organization
from world import bucket_arn

READ = re.compile(r"^(Get|List|Describe|Head)[A-Z]|^AssumeRole$")
READ_REST = re.compile(r"^(GET|HEAD) |^POST /listRegions$")


# moto forgets that copies of encrypted files were asked for, so that a sound organization fails one rule of severity info.
FROM_LOW = ("--fail-on", "low", *TWO_REGIONS)


def test_a_sound_organization_exits_with_0(world, server):
    sound_organization(world)
    done = scan(server, *FROM_LOW)
    bad = [verdict["rule"] for verdict in done.verdicts if verdict["status"] not in (PASS, NOT_APPLICABLE)]
    assert (done.code, bad) == (0, ["log-bucket-replication"])


def test_a_failure_exits_with_1_and_with_0_on_request(world, server):
    world.trail("stopped", world.bucket("logs"), logging=False)
    assert scan(server, *TWO_REGIONS).code == 1
    assert scan(server, "--exit-zero", *TWO_REGIONS).code == 0


def test_an_unknown_exits_with_3_and_with_0_when_allowed(world, server):
    organization, bucket, trail = sound_organization(world)
    server.denied.add("GetEventSelectors")
    done = scan(server, *FROM_LOW)
    assert done.statuses(trail)["data-events-scoped"] == UNKNOWN
    assert done.statuses(organization["workload"])["management-event-coverage"] == UNKNOWN
    # The denial touches nothing beside it.
    assert done.statuses(trail)["trail-logging"] == PASS
    assert done.statuses(bucket_arn(bucket))["log-bucket-object-lock"] == PASS
    assert any("GetEventSelectors" in json.dumps(gap) for gap in done.report["gaps"])
    assert done.code == 3
    assert scan(server, "--allow-unknown", *FROM_LOW).code == 0


def test_a_failure_outweighs_an_unknown(world, server):
    world.trail("stopped", world.bucket("logs"), logging=False)
    server.denied.add("GetEventSelectors")
    assert scan(server, "--allow-unknown", *TWO_REGIONS).code == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("scan", "--no-such-flag"),
        ("scan", "--format", "no-such-format"),
        ("scan", "--set", "no_such_parameter=1"),
        ("scan", "--set", "object_lock_mode=sometimes"),
        ("scan", "--policy", "no-such-pack"),
        ("scan", "--as-of", "yesterday-ish"),
    ],
    ids=" ".join,
)
def test_a_mistake_on_the_command_line_exits_with_2_and_no_report(arguments, world, server):
    done = run(server, *arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err.strip()


def test_missing_credentials_exit_with_2_and_say_so(world, server):
    done = run(server, "scan", *TWO_REGIONS, credentials=False)
    assert (done.code, done.out) == (2, "")
    assert "credential" in done.err.lower()


def test_a_region_list_that_cannot_be_read_is_a_gap_and_the_default_regions_are_scanned(world, server):
    # moto answers account:ListRegions with a page of HTML.
    stopped = world.trail("stopped", world.bucket("logs"), region="ap-northeast-1", multi_region=False, logging=False)
    done = scan(server)
    assert done.statuses(stopped)["trail-logging"] == FAIL
    assert any("ListRegions" in json.dumps(gap) for gap in done.report["gaps"])
    assert done.code == 1


def test_named_regions_need_no_region_list(world, server):
    sound_organization(world)
    server.calls.clear()
    scan(server, *TWO_REGIONS)
    assert not [call for call in server.calls if call.service == "account"]


def test_only_reading_calls_are_made(world, server):
    sound_organization(world)
    server.calls.clear()
    scan(server)
    assert server.calls
    writes = [call for call in server.calls if not (READ.match(call.name) or READ_REST.match(call.name))]
    assert writes == []


def test_a_trail_seen_everywhere_is_read_once(world, server):
    sound_organization(world)
    server.calls.clear()
    done = scan(server, *TWO_REGIONS)
    assert len([call for call in server.calls if call.name == "GetEventSelectors"]) == 1
    assert len({verdict["subject"]["id"] for verdict in done.verdicts if verdict["subject"]["kind"] == "trail"}) == 1


def test_chosen_accounts_are_the_only_members_that_are_judged(world, server):
    organization, _, _ = sound_organization(world)
    done = scan(server, "--accounts", organization["workload"], *TWO_REGIONS)
    judged = {verdict["subject"]["id"] for verdict in done.verdicts if verdict["subject"]["kind"] == "account"}
    assert organization["workload"] in judged
    assert organization["log-archive"] not in judged


def test_every_report_is_written_beside_the_one_on_standard_output(world, server, tmp_path):
    sound_organization(world)
    formats = ("text", "json", "sarif", "html", "markdown")
    outputs = [part for name in formats for part in ("--output", f"{name}={tmp_path / name}")]
    done = scan(server, *outputs, *FROM_LOW)
    assert done.code == 0
    assert all((tmp_path / name).read_text() for name in formats)
    assert json.loads((tmp_path / "json").read_text()) == done.report
