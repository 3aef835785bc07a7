"""What holds for every test: exactly one layer, a time limit by layer, and no skips.

`unit`: values and pure functions. `protocol`: sockets, namespaces, processes. `boot`: machines that
boot.
"""

from __future__ import annotations

import os
from collections.abc import Generator

import hypothesis
import pytest

# A property holds or not; how long one example takes hangs on what else the machine does. CI tries the
# same examples every time, so that its verdict is on the change and not on luck; elsewhere each run explores.
hypothesis.settings.register_profile("explore", deadline=None)
hypothesis.settings.register_profile("repeat", deadline=None, derandomize=True)
hypothesis.settings.load_profile("repeat" if os.environ.get("CI") else "explore")

SECONDS = {"unit": 120, "protocol": 300, "boot": 2400}


WAITS_FOR_A_BUILD = "real_cluster"
"""The fixture that needs Kubernetes: in an empty cache it is built for minutes, beside the tests."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse a test without its layer and give the others the limit of theirs."""
    items.sort(key=_waits)
    for item in items:
        layers = [layer for layer in SECONDS if item.get_closest_marker(layer)]
        if len(layers) != 1:
            raise pytest.UsageError(f"{item.nodeid}: needs one of the marks {', '.join(SECONDS)}")
        if item.get_closest_marker("timeout") is None:
            limit = SECONDS["boot" if _waits(item) else layers[0]]
            item.add_marker(pytest.mark.timeout(limit))
        item.add_marker(pytest.mark.xdist_group(_together(item)))


def _together(item: pytest.Item) -> str:
    """Where several processes test side by side, the tests of a group are one's, in turn: those of a file,
    which share what they set up, and all those of the one real cluster."""
    return WAITS_FOR_A_BUILD if _waits(item) else str(item.path)


def _waits(item: pytest.Item) -> bool:
    return isinstance(item, pytest.Function) and WAITS_FOR_A_BUILD in item.fixturenames


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A skipped test is a failed one: what it needs is installed by ./dev, or it is wrong."""
    report = yield
    if report.skipped:
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped or expected to fail: {report.longrepr}"
    return report
