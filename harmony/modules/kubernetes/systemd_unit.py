"""systemd units for programs that must come up however slow their machine is.

A start never times out, a program that ends is started again for ever, and there is no limit to how
often: on an emulated or overloaded machine every part waits for another one for minutes.
"""

from __future__ import annotations

from harmony.modules.ignition.model import Unit


def service(
    name: str,
    description: str,
    command: tuple[str, ...],
    *,
    after: tuple[str, ...] = (),
    wants: tuple[str, ...] = (),
    settings: tuple[str, ...] = ("Type=simple",),
) -> Unit:
    """A service that runs `command` (program and arguments) for ever; `after` orders its start."""
    lines = [
        "[Unit]",
        f"Description={description}",
        *_list("Wants", wants),
        *_list("After", after),
        "StartLimitIntervalSec=0",
        "",
        "[Service]",
        *settings,
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


def _list(key: str, names: tuple[str, ...]) -> tuple[str, ...]:
    return (f"{key}={' '.join(names)}",) if names else ()
