"""Each situation, scanned by the built binary."""

import pytest

from scan import scan
from situations import SITUATIONS, register_all
from world import World

register_all()


def arguments_for(situation, world: World):
    if not any("{" in argument for argument in situation.arguments):
        return situation.arguments
    ids = {account["Name"]: account["Id"] for account in world.client("organizations").list_accounts()["Accounts"]}
    return tuple(argument.format(**ids) for argument in situation.arguments)


def code_that_fits(statuses):
    if "fail" in statuses:
        return 1
    return 3 if "unknown" in statuses else 0


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda situation: situation.name)
def test_situation(situation, world, server):
    expected = situation.build(world)
    done = scan(server, *arguments_for(situation, world))
    assert done.out, f"no report, exit code {done.code}: {done.err}"

    shown = {subject: done.statuses(subject) for subject in expected}
    seen = {subject: {rule: shown[subject].get(rule) for rule in rules} for subject, rules in expected.items()}
    assert seen == expected, gaps_of(done)

    told = [(verdict["rule"], verdict["subject"]["id"]) for verdict in done.verdicts]
    assert len(told) == len(set(told)), "one verdict per rule and subject"
    assert done.code == code_that_fits({verdict["status"] for verdict in done.verdicts})


def gaps_of(done):
    return "gaps: " + "; ".join(str(gap) for gap in done.report["gaps"][:5])
