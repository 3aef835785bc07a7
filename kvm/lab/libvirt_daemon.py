"""The lab's own libvirtd: started in the foreground as our child, with its own configuration.

virtlogd is not needed: QEMU writes consoles into their files itself (`stdio_handler = "file"`).
"""

from __future__ import annotations

import contextlib
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from kvm.errors import LabDidNotStart, LabLacksTool

START_SECONDS = 60.0
"""The bound for libvirtd's socket; it takes 0.3 s on an idle machine."""

STOP_SECONDS = 15.0

_SOCKET = Path("/run/libvirt/libvirt-sock")
_CONFIGURATION = Path("/etc/libvirt")

_QEMU = {
    # As another user, libvirt finds /dev/kvm unusable anew at every action, ten seconds each.
    "user": '"root"',
    "group": '"root"',
    # Files belong to whoever made them: nothing is chowned, labelled or remembered.
    "dynamic_ownership": "0",
    "remember_owner": "0",
    "security_driver": '"none"',
    # The lab's namespaces are the fence; libvirt's own need cgroups and /dev to itself.
    "namespaces": "[ ]",
    "cgroup_controllers": "[ ]",
    "seccomp_sandbox": "0",
    "stdio_handler": '"file"',
}


class LibvirtDaemon:
    """A context: libvirtd answers on its socket inside, and has ended after it."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._daemon: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self._log.parent.mkdir(parents=True, exist_ok=True)
        (_CONFIGURATION / "qemu.conf").write_text(_lines(_QEMU))
        configuration = _CONFIGURATION / "libvirtd.conf"
        configuration.write_text(_lines(self._settings()))
        with self._log.open("ab") as words:
            try:
                self._daemon = subprocess.Popen(
                    ["libvirtd", "--config", str(configuration)],
                    stdin=subprocess.DEVNULL,
                    stdout=words,
                    stderr=words,
                    # Ctrl-C at the terminal is for the command, which then stops us in order.
                    start_new_session=True,
                )
            except FileNotFoundError as missing:
                raise LabLacksTool(
                    "libvirtd is missing (Debian package libvirt-daemon)"
                ) from missing
        try:
            self._wait_for_socket(self._daemon)
        except LabDidNotStart:
            self._stop(self._daemon)
            raise
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if self._daemon is not None:
            self._stop(self._daemon)
            self._daemon = None

    def _settings(self) -> dict[str, str]:
        return {
            "unix_sock_group": '"root"',
            "auth_unix_ro": '"none"',
            "auth_unix_rw": '"none"',
            "log_outputs": f'"2:file:{self._log}"',
        }

    def _wait_for_socket(self, daemon: subprocess.Popen[bytes]) -> None:
        give_up = time.monotonic() + START_SECONDS
        while not _answers():
            if daemon.poll() is not None:
                raise LabDidNotStart(
                    f"libvirtd ended with status {daemon.returncode}: {self._last_words()}"
                )
            if time.monotonic() > give_up:
                raise LabDidNotStart(
                    f"libvirtd did not answer within {START_SECONDS:.0f} s: {self._last_words()}"
                )
            time.sleep(0.02)

    def _last_words(self) -> str:
        lines = self._log.read_text(errors="replace").splitlines()
        return " / ".join(lines[-3:]) or f"no word in {self._log}"

    @staticmethod
    def _stop(daemon: subprocess.Popen[bytes]) -> None:
        daemon.terminate()
        try:
            daemon.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            daemon.kill()
            daemon.wait()


def _answers() -> bool:
    with contextlib.closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as attempt:
        try:
            attempt.connect(str(_SOCKET))
        except OSError:
            return False
    return True


def _lines(settings: dict[str, str]) -> str:
    return "".join(f"{name} = {value}\n" for name, value in settings.items())
