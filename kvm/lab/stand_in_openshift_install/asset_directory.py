"""The directory that the installer reads, writes and consumes, as the real one does.

install-config.yaml             read, then removed
manifests/, openshift/          written by `create manifests`; read, then removed by what comes after
.openshift_install_state.json   what was made so far: with an old one, old certificates come back
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from kvm.lab.stand_in_openshift_install import authority, install_config
from kvm.lab.stand_in_openshift_install.install_config import InstallConfig, RefusedInstallConfig

STATE = ".openshift_install_state.json"
_FOLDERS = ("manifests", "openshift")


@dataclass(frozen=True, slots=True)
class State:
    """`text` is the install-config's; `tls` are PEM texts by file name."""

    text: str = field(repr=False)
    tls: Mapping[str, str] = field(repr=False)
    password: str = field(repr=False)

    @property
    def config(self) -> InstallConfig:
        return install_config.read(self.text)


def begun(folder: Path, now: datetime) -> State:
    """What the directory's state says, or a new one by its install-config, which is then removed.

    Raises RefusedInstallConfig."""
    kept = folder / STATE
    if kept.exists():
        found: dict[str, Any] = json.loads(kept.read_text())
        return State(found["install-config"], found["tls"], found["password"])
    source = folder / install_config.FILE
    if not source.exists():
        raise RefusedInstallConfig(
            f'failed to load asset "Install Config": open {source}: no such file or directory'
        )
    text = source.read_text()
    tls = authority.made(install_config.read(text).domain, now)
    state = State(text, tls, authority.password())
    content = {"install-config": state.text, "tls": state.tls, "password": state.password}
    put(folder, STATE, json.dumps(content, indent=4))
    source.unlink()
    return state


def take_manifests(folder: Path) -> dict[str, str]:
    """The manifests by their paths, whoever put them there; then they are gone."""
    found = {
        str(path.relative_to(folder)): path.read_text()
        for name in _FOLDERS
        for path in sorted((folder / name).glob("*"))
    }
    for path in found:
        (folder / path).unlink()
    for name in _FOLDERS:
        if (folder / name).exists():
            (folder / name).rmdir()
    return found


def put(folder: Path, name: str, text: str) -> None:
    """0640, as the real one writes."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    path.touch(0o640)
    path.write_text(text)
