"""nginx, as a server of files."""

from __future__ import annotations

import contextlib
from collections.abc import Generator
from pathlib import Path

from bench.peers.listening import wait_until_bound
from bench.peers.unpacked import Unpacked
from bench.subject import Place, Running, Subject, stopped
from bench.wire import SERVER

NAME = "nginx"
PACKAGE = "nginx-light"
_PORT = 80
_TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def subject(package: Unpacked, files: Path) -> Subject:
    """It serves the folder."""

    @contextlib.contextmanager
    def start(place: Place) -> Generator[Running]:
        with running(package, files, place) as started:
            yield started

    return Subject(NAME, start)


@contextlib.contextmanager
def running(package: Unpacked, files: Path, place: Place) -> Generator[Running]:
    """A worker for each core, sendfile, an access log."""
    own = place.folder / NAME
    own.mkdir()
    (own / "nginx.conf").write_text(configuration(own, files))
    arguments = ("-p", str(own), "-c", "nginx.conf", "-e", str(own / "error.log"))
    command = package.command("usr/sbin/nginx", *arguments)
    with (own / "log").open("w") as log:
        process = place.wire.server.start(*command, output=log)
    try:
        wait_until_bound(process, "tcp", _PORT)
        yield Running((process.pid,))
    finally:
        stopped(process)


def configuration(own: Path, files: Path) -> str:
    """Everything it writes lies in the folder `own`."""
    temporary = "\n".join(f"  {name}_temp_path {own}/{name};" for name in _TEMPORARY)
    return f"""\
daemon off;
user root;
worker_processes auto;
worker_rlimit_nofile 16384;
pid {own}/pid;
events {{ worker_connections 8192; }}
http {{
  sendfile on;
  tcp_nopush on;
  access_log {own}/access.log;
{temporary}
  server {{
    listen {SERVER}:{_PORT} backlog=4096;
    root {files};
  }}
}}
"""
