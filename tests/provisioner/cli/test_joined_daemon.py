"""A daemon that comes and goes as systemd wants."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from provisioner.cli.daemon_keeper import DaemonStoppedError
from provisioner.cli.joined_daemon import JoinedDaemon

pytestmark = pytest.mark.unit

PERIOD = 0.001
SOCKET = Path("/state/daemon/admin.sock")


class Outside:
    """What the daemon answers, one look after the other, and the last of it for ever."""

    def __init__(self, *answers: bool) -> None:
        self._answers = list(answers)
        self.said: list[str] = []

    async def answers(self) -> bool:
        return self._answers[0] if len(self._answers) == 1 else self._answers.pop(0)


def test_it_is_waited_for_at_the_start() -> None:
    async def run() -> list[str]:
        outside = Outside(False, False, True)
        daemon = JoinedDaemon(SOCKET, outside.answers, outside.said.append, period=PERIOD)
        await daemon.ensure_serving()
        return outside.said

    assert asyncio.run(run()) == [f"joined the daemon at {SOCKET}"]


def test_one_that_never_answers_is_said_to_be_systemds() -> None:
    async def run() -> None:
        outside = Outside(False)
        daemon = JoinedDaemon(SOCKET, outside.answers, print, patience=0.05, period=PERIOD)
        await daemon.ensure_serving()

    with pytest.raises(DaemonStoppedError) as told:
        asyncio.run(run())
    assert str(told.value) == (
        f"no daemon answers at {SOCKET};"
        " `systemctl status harmony-provisioner-daemon.service` says more"
    )


def test_it_is_waited_for_when_it_is_away_and_never_stopped() -> None:
    async def run() -> list[str]:
        outside = Outside(True, False, False, True)
        daemon = JoinedDaemon(SOCKET, outside.answers, outside.said.append, period=PERIOD)
        async with asyncio.TaskGroup() as group:
            keeping = group.create_task(daemon.keep())
            while len(outside.said) < 2:  # noqa: ASYNC110 - it says so in its own time
                await asyncio.sleep(PERIOD)
            keeping.cancel()
        await daemon.stop()
        await daemon.stop_own()
        return outside.said

    assert asyncio.run(run()) == [
        "the daemon does not answer; waiting for it to be started again",
        "the daemon answers again",
    ]
