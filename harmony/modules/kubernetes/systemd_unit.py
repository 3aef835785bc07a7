"""systemd units for programs that must come up however slow their machine is.

A start never times out, a program that ends is started again for ever, and there is no limit to how
often: on an emulated or overloaded machine every part waits for another one for minutes.
"""

from __future__ import annotations

from harmony.modules.ignition.model import Unit
from harmony.modules.kubernetes.assets import CA


def service(
    name: str,
    description: str,
    command: tuple[str, ...],
    *,
    after: tuple[str, ...] = (),
    wants: tuple[str, ...] = (),
    settings: tuple[str, ...] = ("Type=simple",),
    awaits: str | None = None,
) -> Unit:
    """A service that runs `command` (program and arguments) for ever; `after` orders its start.

    With `awaits` (an https URL) it starts when that answers 200, and what is ordered after it
    starts then too. Programs that find no API server keep asking ten times a second, and on an
    emulated machine that is what keeps it from starting.
    """
    lines = [
        "[Unit]",
        f"Description={description}",
        *_list("Wants", wants),
        *_list("After", after),
        "StartLimitIntervalSec=0",
        "",
        "[Service]",
        *settings,
        *((_until_answered(awaits),) if awaits else ()),
        "ExecStart=" + " \\\n  ".join(command),
        "Restart=always",
        "RestartSec=3",
        "TimeoutStartSec=infinity",
        "",
        "[Install]",
        "WantedBy=multi-user.target",
        "",
    ]
    return Unit(name=name, contents="\n".join(lines), enabled=True)


def once(
    name: str,
    description: str,
    commands: tuple[str, ...],
    *,
    after: tuple[str, ...] = (),
    wants: tuple[str, ...] = (),
) -> Unit:
    """A unit that runs `commands` once a boot, and again after a while if one fails."""
    lines = [
        "[Unit]",
        f"Description={description}",
        *_list("Wants", wants),
        *_list("After", after),
        "StartLimitIntervalSec=0",
        "",
        "[Service]",
        "Type=oneshot",
        "RemainAfterExit=yes",
        *(f"ExecStart={command}" for command in commands),
        "Restart=on-failure",
        "RestartSec=3",
        "TimeoutStartSec=infinity",
        "",
        "[Install]",
        "WantedBy=multi-user.target",
        "",
    ]
    return Unit(name=name, contents="\n".join(lines), enabled=True)


def _until_answered(url: str) -> str:
    asking = f"curl --silent --fail --output /dev/null --max-time 20 --cacert {CA} {url}"
    return f"ExecStartPre=/bin/sh -c 'until {asking}; do sleep 4; done'"


def _list(key: str, names: tuple[str, ...]) -> tuple[str, ...]:
    return (f"{key}={' '.join(names)}",) if names else ()
