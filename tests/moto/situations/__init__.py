"""States of AWS, each with the verdicts that AWS semantics ask for, written by hand.

A situation is a function from a world to `{subject id: {rule: status}}`. It lists what it is about, not every verdict.
"Peer thread N" is an issue or pull request of another auditor that got this state wrong.
"""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass

from scan import TWO_REGIONS


@dataclass(frozen=True)
class Situation:
    name: str
    build: Callable
    arguments: tuple[str, ...]


SITUATIONS: list[Situation] = []


def situation(name, *arguments):
    """`arguments` go to `trailproof scan`; `{account name}` in one of them becomes that account's id."""

    def register(build):
        SITUATIONS.append(Situation(name, build, arguments or TWO_REGIONS))
        return build

    return register


def register_all():
    """Importing a module of this package registers its situations."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
