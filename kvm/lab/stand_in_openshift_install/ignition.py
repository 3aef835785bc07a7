"""The Ignition files, spec 3.2, as released installers write them: `replace`, `proxy` and other sections that
say nothing included. Source: openshift/installer, pkg/asset/ignition/{machine,bootstrap}."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping

from kvm.lab.stand_in_openshift_install.install_config import InstallConfig

_NOTHING: dict[str, object] = {}
_OF_ROOT: dict[str, object] = {"group": _NOTHING, "user": {"name": "root"}}
_UNIT = """\
[Unit]
Description={description}
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/local/bin/{script}

[Install]
WantedBy=multi-user.target
"""


def pointer(domain: str, role: str, root_ca: str) -> str:
    """What a machine of `role` begins with: the rest is the machine-config server's."""
    source = f"https://api-int.{domain}:22623/config/{role}"
    trusted = {"source": _plain(root_ca.encode()), "verification": _NOTHING}
    return _text(
        {
            "config": {
                "merge": [{"source": source, "verification": _NOTHING}],
                "replace": {"verification": _NOTHING},
            },
            "proxy": _NOTHING,
            "security": {"tls": {"certificateAuthorities": [trusted]}},
            "timeouts": _NOTHING,
            "version": "3.2.0",
        },
        _NOTHING,
        _NOTHING,
        _NOTHING,
    )


def bootstrap(config: InstallConfig, files: Mapping[str, str]) -> str:
    """The whole of the bootstrap machine; `files` by their paths below /opt/openshift."""
    return _whole(config, files, "bootkube", "Bootstrap a Kubernetes cluster")


def in_place(config: InstallConfig, files: Mapping[str, str]) -> str:
    """The same for a single machine's live system, which then installs itself to its disk."""
    found = {**files, "installation-disk": config.disk + "\n"}
    return _whole(config, found, "install-to-disk", "Install to disk")


def _whole(config: InstallConfig, files: Mapping[str, str], name: str, description: str) -> str:
    script = f"#!/bin/sh\nexec /usr/local/lib/stand-in/{name}\n"
    below = [_file(f"/opt/openshift/{path}", text, 0o600) for path, text in sorted(files.items())]
    pull = _file("/root/.docker/config.json", config.pull_secret, 0o600)
    user = {"name": "core", "sshAuthorizedKeys": [config.ssh_key.strip()]}
    unit = {
        "contents": _UNIT.format(description=description, script=f"{name}.sh"),
        "enabled": True,
        "name": f"{name}.service",
    }
    return _text(
        {
            "config": {"replace": {"verification": _NOTHING}},
            "proxy": _NOTHING,
            "security": {"tls": _NOTHING},
            "timeouts": _NOTHING,
            "version": "3.2.0",
        },
        {"users": [user]} if config.ssh_key else _NOTHING,
        {"files": [*below, pull, _file(f"/usr/local/bin/{name}.sh", script, 0o555)]},
        {"units": [unit]},
    )


def _file(path: str, text: str, mode: int) -> dict[str, object]:
    contents = {"source": _plain(text.encode()), "verification": _NOTHING}
    return {"contents": contents, "mode": mode, "overwrite": True, "path": path, **_OF_ROOT}


def _plain(content: bytes) -> str:
    return "data:text/plain;charset=utf-8;base64," + base64.b64encode(content).decode()


def _text(
    ignition: Mapping[str, object],
    passwd: Mapping[str, object],
    storage: Mapping[str, object],
    systemd: Mapping[str, object],
) -> str:
    sections = {"ignition": ignition, "passwd": passwd, "storage": storage, "systemd": systemd}
    return json.dumps(sections, separators=(",", ":"))
