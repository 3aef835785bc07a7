"""NetworkManager's own reading of kernel arguments: the generator that CoreOS' initramfs has."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from configparser import ConfigParser
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from provisioner.images.unpacked_tools import environment
from tests.systemd_machine import unpacked

_PART = re.compile(r"^\*\*\* (Connection|Configuration|Hostname) '(.*)' \*\*\*$", re.MULTILINE)
_OF_THE_GENERATOR = (
    "autoconnect",
    "multi-connect",
    "dhcp-",
    "may-fail",
    "required-",
    "wait-device-",
)
_ITS_NAMES = ("uuid", "id")

Profile = dict[str, dict[str, str]]
"""A connection's sections, without what the generator adds of itself. `master` is the bond's name."""


@dataclass(frozen=True, slots=True)
class Understood:
    hostname: str | None
    profiles: Mapping[str, Profile]


def understood(*arguments: str) -> Understood:
    """What it makes of the arguments; AssertionError with its words where it complains."""
    tree = _network_manager()
    program = tree / "usr/lib/NetworkManager/nm-initrd-generator"
    done = subprocess.run(
        (program, "-s", "--", *arguments),
        env=environment(tree, {}),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == "", done.stderr
    parts = _PART.split(done.stdout)[1:]
    told = list(zip(parts[::3], parts[1::3], parts[2::3], strict=True))
    hostname = next((name for kind, name, _ in told if kind == "Hostname"), None)
    read = {name: _keyfile(text) for kind, name, text in told if kind == "Connection"}
    names = {one["connection"]["uuid"]: name for name, one in read.items()}
    return Understood(hostname, {name: _our_part(one, names) for name, one in read.items()})


@cache
def _network_manager() -> Path:
    return unpacked("network-manager")


def _keyfile(text: str) -> ConfigParser:
    parser = ConfigParser(interpolation=None, delimiters=("=",), strict=True)
    parser.read_string(text)
    return parser


def _our_part(keyfile: ConfigParser, names: Mapping[str, str]) -> Profile:
    sections = {
        section: {
            key: names.get(value, value)
            for key, value in keyfile[section].items()
            if not key.startswith(_OF_THE_GENERATOR)
            and not (section == "connection" and key in _ITS_NAMES)
        }
        for section in keyfile.sections()
        if section != "user"
    }
    return {section: told for section, told in sections.items() if told}
