"""The two TFTP servers that are nothing else: tftpd-hpa and atftpd. Each serves `folder`."""

from __future__ import annotations

import contextlib
from collections.abc import Generator
from pathlib import Path

from bench.peers.listening import wait_until_bound
from bench.peers.unpacked import Unpacked
from bench.subject import Place, Running, Subject, ended
from bench.wire import SERVER

HPA = "tftpd-hpa"
ATFTPD = "atftpd"
_PORT = 69


def hpa(package: Unpacked, folder: Path) -> Subject:
    """It forks for every transfer."""
    listening = ("--listen", "--foreground", "--address", f"{SERVER}:{_PORT}", "--user", "root")
    return _subject(HPA, package.command("usr/sbin/in.tftpd", *listening, "--secure", str(folder)))


def atftpd(package: Unpacked, folder: Path) -> Subject:
    """A thread for every transfer; the only one of the peers that has a windowsize."""
    listening = ("--daemon", "--no-fork", "--bind-address", str(SERVER), "--port", str(_PORT))
    owner = ("--user", "root", "--group", "root", "--maxthread", "1000")
    command = package.command("usr/sbin/atftpd", *listening, *owner, str(folder))
    return _subject(ATFTPD, command)


def _subject(name: str, command: tuple[str, ...]) -> Subject:
    @contextlib.contextmanager
    def start(place: Place) -> Generator[Running]:
        with (place.folder / f"{name}.log").open("w") as log:
            process = place.wire.server.start(*command, output=log)
        try:
            wait_until_bound(process, "udp", _PORT)
            yield Running((process.pid,))
        finally:
            ended(process)

    return Subject(name, start)
