"""The edge: carries out what the conversation says, on this very machine."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import assert_never

from provisioner.agent import conversation as talk
from provisioner.agent.block_devices import read_disks
from provisioner.agent.boot_partition import KernelDisk
from provisioner.agent.clock import date_header_seconds, set_clocks
from provisioner.agent.console import kernel_log_tail, say
from provisioner.agent.daemon_client import Answer, DaemonClient, Download
from provisioner.agent.errors import AgentError, DaemonRefused, DaemonUnreachable, InstallFailed
from provisioner.agent.hardware import Roots, read_hardware
from provisioner.agent.installation import Installation
from provisioner.agent.messages import Begun, DiskReport, Failed, Install, Progress
from provisioner.agent.mounting import restart
from provisioner.agent.wire import Said, decode_order, decode_server_time, encode

PROGRESS_SECONDS = 2.0
EVIDENCE_LINES = 10


@dataclass(slots=True)
class Machine:
    """`act` is one step; the conversation tells which."""

    client: DaemonClient
    boot_mac: str
    roots: Roots = field(default_factory=Roots)
    say: Callable[[str], None] = say
    last_reason: str = ""

    def act(self, state: talk.State) -> talk.Event:
        """Does what `state` asks for and says what came of it."""
        match state:
            case talk.Surveying():
                return talk.Surveyed(read_hardware(self.boot_mac, self.roots))
            case talk.Reporting(report):
                return self._send("/agent/report", report)
            case talk.CorrectingClock(ahead):
                self.say(f"the clock is {ahead:+.1f} s off; setting it")
                set_clocks(time.time() - ahead)
                return talk.ClockSet()
            case talk.Asking():
                return self._asked(self._order)
            case talk.Pausing(seconds, reason):
                self._pause(seconds, reason)
                return talk.Rested()
            case talk.Installing(order):
                return self._install(order)
            case talk.Confirming(written):
                return self._send("/agent/written", written)
            case talk.Complaining(failed):
                self.say(f"failed: {failed.reason}")
                return self._send("/agent/failed", failed)
            case talk.Restarting(reason):
                self.say(f"restarting: {reason}")
                restart()
                return talk.Rested()
            case _:
                assert_never(state)

    def disks(self) -> tuple[DiskReport, ...]:
        return read_disks(self.roots.sys, self.roots.dev)

    def open_disk(self, name: str) -> KernelDisk:
        return KernelDisk(self.roots.dev / name)

    def fetch(self, url: str) -> bytes:
        return self.client.fetch(url)

    def download(self, url: str) -> AbstractContextManager[Download]:
        return self.client.download(url)

    def begin(self, order: str) -> None:
        self.client.insist("/agent/begun", encode(Begun(order)))

    def _pause(self, seconds: float, reason: str) -> None:
        """A reason is said once, however long it lasts."""
        if reason != self.last_reason:
            self.say(reason)
        self.last_reason = reason
        time.sleep(seconds)

    def _order(self) -> talk.Event:
        return talk.Ordered(decode_order(self.client.get("/agent/order").body))

    def _send(self, path: str, message: Said) -> talk.Event:
        return self._asked(lambda: talk.Accepted(_ahead(self.client.post(path, encode(message)))))

    def _asked(self, ask: Callable[[], talk.Event]) -> talk.Event:
        try:
            return ask()
        except DaemonRefused as error:
            return talk.Refused(str(error))
        except DaemonUnreachable as error:
            return talk.Unreachable(str(error))

    def _install(self, order: Install) -> talk.Event:
        self.say(f"installing on {order.disk.name} {order.disk.serial} (order {order.order})")
        try:
            written = Installation(order, self, _Teller(self.client, self.say).tell).carry_out()
        except InstallFailed as error:
            return talk.GaveUp(Failed(order.order, error.reason, _evidence(error, *error.evidence)))
        except Exception as error:  # a machine must not fall silent over a bug of ours
            reason = f"{type(error).__name__}: {error}"
            return talk.GaveUp(Failed(order.order, reason, _evidence(error)))
        self.say("written and verified")
        return talk.Installed(written)


@dataclass(slots=True)
class _Teller:
    """Tells the daemon of progress, but not more often than every two seconds of a phase.

    Progress that doesn't arrive is no reason to stop.
    """

    client: DaemonClient
    say: Callable[[str], None]
    phase: str = ""
    told: float = 0.0

    def tell(self, progress: Progress) -> None:
        now = time.monotonic()
        if progress.phase == self.phase and now - self.told < PROGRESS_SECONDS:
            return
        self.phase, self.told = progress.phase, now
        percent = 100 * progress.done // max(1, progress.total)
        self.say(f"{progress.phase}, {percent} %")
        try:
            self.client.post("/agent/progress", encode(progress))
        except AgentError as error:
            self.say(f"progress not told: {error}")


def _evidence(error: BaseException, *known: str) -> tuple[str, ...]:
    """What is known, where in the agent it happened, and what the kernel said last."""
    root = error
    while root.__cause__ is not None:
        root = root.__cause__
    places: list[str] = []
    trace = root.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"at {code.co_name}, {code.co_filename}:{trace.tb_lineno}")
        trace = trace.tb_next
    return (*known, *places[-3:], *kernel_log_tail(EVIDENCE_LINES))


def _ahead(answer: Answer) -> float | None:
    """By how many seconds our clock is ahead of the daemon's, by its own word or its Date header."""
    theirs = decode_server_time(answer.body)
    if theirs is None:
        theirs = date_header_seconds(answer.date)
    return None if theirs is None else time.time() - theirs
