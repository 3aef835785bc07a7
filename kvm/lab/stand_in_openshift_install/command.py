"""The command line, the log beside what it makes, and the exit codes."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from kvm.lab.stand_in_openshift_install import waiting
from kvm.lab.stand_in_openshift_install.creating import TARGETS
from kvm.lab.stand_in_openshift_install.install_config import RefusedInstallConfig

LOG = ".openshift_install.log"
_REFUSED, _FAILED = 3, 1
_RELEASE = "quay.io/okd/scos-release@sha256:stand-in"


def main(version: str, patience: float, arguments: Sequence[str]) -> int:
    """`version` is what it says that it is; `patience` in seconds, for what it waits for."""
    said = _parsed(arguments)
    words = " ".join(said.words)
    target = words.removeprefix("agent ")
    folder = Path(said.dir)
    if words == "version":
        return _version(version)
    if words in TARGETS:
        return _create(words, folder)
    if target.removeprefix("wait-for ") in waiting.PLACES and target.startswith("wait-for "):
        return _wait(target.removeprefix("wait-for "), folder, patience)
    print(f'Error: unknown command "{words}" for "openshift-install"', file=sys.stderr)
    return _FAILED


def _parsed(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("openshift-install", description="a stand-in")
    parser.add_argument("words", nargs="*", metavar="COMMAND")
    parser.add_argument("--dir", default=".")
    parser.add_argument("--log-level", default="info")
    return parser.parse_intermixed_args(arguments)


def _version(version: str) -> int:
    image = os.environ.get("OPENSHIFT_INSTALL_RELEASE_IMAGE_OVERRIDE", _RELEASE)
    print(f"{sys.argv[0]} {version}")
    print("built from commit stand-in")
    print(f"release image {image}")
    print("release architecture amd64")
    return 0


def _create(words: str, folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    try:
        TARGETS[words](folder, datetime.now(UTC))
    except RefusedInstallConfig as refused:
        _log(folder, "fatal", f"failed to fetch {words}: {refused}")
        return _REFUSED
    _log(folder, "info", f"{words} made in: {folder}")
    return 0


def _wait(target: str, folder: Path, patience: float) -> int:
    kubeconfig = folder / "auth/kubeconfig"
    if not kubeconfig.exists():
        _log(folder, "fatal", f"loading kubeconfig: open {kubeconfig}: no such file or directory")
        return _FAILED
    _log(folder, "info", f"Waiting up to {patience:g}s for {target}...")
    if not waiting.waited(target, waiting.by_kubeconfig(kubeconfig), time.monotonic() + patience):
        _log(folder, "error", f"{target}: timed out waiting for the condition")
        return waiting.GAVE_UP[target]
    if target == "install-complete":
        password = (folder / "auth/kubeadmin-password").read_text()
        login = f'Login to the console with user: "kubeadmin", and password: "{password}"'
        _log(folder, "info", f"Install complete! {login}")
    else:
        _log(folder, "info", "It is now safe to remove the bootstrap resources")
    return 0


def _log(folder: Path, level: str, words: str) -> None:
    quoted = words.replace('"', '\\"')
    line = f'time="{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}" level={level} msg="{quoted}"'
    print(f"level={level} msg={words}", file=sys.stderr)
    if folder.exists():
        with (folder / LOG).open("a") as log:
            print(line, file=log)
