"""Why a machine does not get on: the last thing it did, the next it should do, the usual causes.

Pure: a host's view and events in, a diagnosis out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a machine's way: the event that shows it, in words, why it may fail to come."""

    kind: str
    words: str
    usual_causes: tuple[str, ...]


WAY = (
    Step(
        "DiscoverHeard",
        "send a DHCP DISCOVER",
        (
            "it is not powered on, or its firmware does not boot from the network",
            "the cable is in another switch port, VLAN or NIC than declared",
            "the port waits for spanning tree (30 s) or for an LACP partner",
        ),
    ),
    Step(
        "Acknowledged",
        "take the address it was offered",
        (
            "another DHCP server answered first: `provisioner status` names it",
            "the MAC in SITE.py is not that of the NIC which boots",
        ),
    ),
    Step(
        "ScriptServed",
        "fetch its iPXE script over HTTP",
        (
            "UDP port 69 or the HTTP port is filtered between it and the jump host",
            "its firmware could not start the network boot program it was given",
        ),
    ),
    Step(
        "ReportStored",
        "boot the ramdisk and report its hardware",
        (
            "the ramdisk has no driver for the NIC (its console log ends without an address)",
            "it has less than 1 GiB of memory",
        ),
    ),
    Step(
        "HostAssigned",
        "be recognised as a declared host",
        (
            "no host in SITE.py has its MAC, serial number or UUID: `provisioner hosts` shows them",
            "it fits more than one rule, or may be a machine that is a host already: `provisioner hosts`"
            " shows which; `provisioner hosts approve MACHINE --as HOST`",
        ),
    ),
    Step(
        "InstallOrdered",
        "be told to install",
        (
            "its image or Ignition config is not ready: the Score's row says what it waits for",
            "no disk that may be written: AnyBlank() takes only an empty one; DiskBySerial(), DiskByWwn()"
            " and MayWipe() take one with data",
        ),
    ),
    Step(
        "ImageWritten",
        "write the image to its disk and read it back",
        ("the disk is failing or too small", "the link is much slower than the image is large"),
    ),
    Step(
        "FirstBootReported",
        "boot from its disk and report in",
        (
            "its firmware does not try the disk after the network boot hands over",
            "Ignition failed: its messages are on the console",
            "the installed system gets no address or does not reach the jump host",
            "its /boot partition did not show up in time (the console says [ TIME ] or [DEPEND]): it"
            " never reports, though its node may have joined",
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """`last` and `next` in words; `console` is the end of the console log, oldest line first."""

    host: str
    state: str
    last: str
    waits_for: str
    next: str
    usual_causes: tuple[str, ...]
    console: tuple[str, ...]

    def text(self) -> str:
        """The diagnosis for a terminal."""
        lines = [f"{self.host} is stuck in state {self.state}", f"  last:  {self.last}"]
        if self.waits_for:
            lines.append(f"  waits: for {self.waits_for}")
        lines.append(f"  next:  it should {self.next}")
        lines += [f"  cause: {cause}" for cause in self.usual_causes]
        lines += [f"  console| {line}" for line in self.console]
        return "\n".join(lines)


def diagnose(
    view: Mapping[str, Any], events: Sequence[Mapping[str, Any]], console: Sequence[str]
) -> Diagnosis:
    """What is known of a host that got stuck.

    `view` is the daemon's view of the host, `events` the host's own, oldest first.
    """
    seen = {event["kind"] for event in events}
    reached = max((at for at, step in enumerate(WAY) if step.kind in seen), default=-1)
    due = WAY[min(reached + 1, len(WAY) - 1)]
    return Diagnosis(
        host=view["host"],
        state=view.get("state") or "unseen",
        last=_last(view, events),
        waits_for=view.get("waiting_for") or "",
        next=due.words,
        usual_causes=due.usual_causes,
        console=tuple(console),
    )


def _last(view: Mapping[str, Any], events: Sequence[Mapping[str, Any]]) -> str:
    if view.get("reason"):
        return str(view["reason"])
    if not events:
        return "nothing was heard of it"
    detail = " ".join(f"{key}={value}" for key, value in events[-1]["detail"].items())
    return f"{events[-1]['kind']} {detail}".strip()
