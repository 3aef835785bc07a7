"""The machine that figures were measured on, as far as they depend on it."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

_PACKAGES = ("dnsmasq-base", "kea-admin", "curl", "atftp", "wrk", "dnsperf")


def described(sync_seconds: float, unpacked: Mapping[str, str]) -> dict[str, object]:
    """JSON values; `sync_seconds` is how long its disk takes for an fdatasync, `unpacked` has the
    versions of peers that aren't installed."""
    return {
        "cpu": cpu_model(Path("/proc/cpuinfo").read_text()),
        "cores": os.cpu_count(),
        "memory_gib": memory_gib(Path("/proc/meminfo").read_text()),
        "kernel": platform.release(),
        "system": platform.freedesktop_os_release()["PRETTY_NAME"],
        "debian": Path("/etc/debian_version").read_text().strip(),
        "python": platform.python_version(),
        "fdatasync_ms": round(sync_seconds * 1000, 3),
        "load_before": round(os.getloadavg()[0], 2),
        "packages": {**installed(_PACKAGES), **unpacked},
    }


def cpu_model(cpuinfo: str) -> str:
    """Out of /proc/cpuinfo."""
    found = re.search(r"^model name\s*:\s*(.+)$", cpuinfo, re.MULTILINE)
    return found.group(1) if found else platform.machine()


def memory_gib(meminfo: str) -> float:
    """All there is, out of /proc/meminfo."""
    found = re.search(r"^MemTotal:\s*(\d+) kB$", meminfo, re.MULTILINE)
    return round(int(found.group(1)) / (1 << 20), 1) if found else 0.0


def installed(packages: tuple[str, ...]) -> dict[str, str]:
    """Their versions."""
    shown = ("dpkg-query", "-W", "-f=${Package} ${Version}\n", *packages)
    listed = subprocess.run(shown, capture_output=True, text=True, check=True).stdout
    return dict(line.split(" ", 1) for line in listed.splitlines())
