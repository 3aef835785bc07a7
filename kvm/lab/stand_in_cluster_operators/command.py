"""The command line: passes one after the other, for as long as it runs."""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from kvm.lab.stand_in_cluster_operators.api import KubernetesApi, Unanswered
from kvm.lab.stand_in_cluster_operators.cluster import Declared, Member
from kvm.lab.stand_in_cluster_operators.members import UnreadableMembers, members
from kvm.lab.stand_in_cluster_operators.one_pass import one_pass

_SECONDS = 10.0


def main(arguments: Sequence[str]) -> int:
    """With `--passes`, 1 if the last one couldn't be made."""
    said = _parsed(arguments)
    declared = Declared(
        tuple(said.control_plane), tuple(said.worker), said.version, said.bootstrap_member
    )
    made = 0
    while True:
        well = _passed(said.kubeconfig, declared, said.members)
        made += 1
        if made == said.passes:
            return 0 if well else 1
        time.sleep(said.pause)


def _parsed(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("stand-in-cluster-operators")
    parser.add_argument(
        "--kubeconfig", type=Path, required=True, help="in JSON, an administrator's"
    )
    parser.add_argument("--control-plane", action="append", required=True, metavar="NODE")
    parser.add_argument("--worker", action="append", default=[], metavar="NODE")
    parser.add_argument("--version", required=True, help="what ClusterVersion is to say")
    parser.add_argument("--bootstrap-member", default="etcd-bootstrap", metavar="NAME")
    parser.add_argument("--pause", type=float, default=2.0, metavar="SECONDS")
    parser.add_argument("--passes", type=int, help="end after so many")
    parser.add_argument(
        "members", nargs="+", help="a command that prints etcd's members in JSON, as etcdctl does"
    )
    return parser.parse_args(arguments)


def _passed(kubeconfig: Path, declared: Declared, command: Sequence[str]) -> bool:
    # On a node that boots, the file and its certificates may come, and be renewed, later.
    try:
        api = KubernetesApi(kubeconfig)
        for place in one_pass(api, declared, _members(command), datetime.now(UTC)):
            print(f"wrote {place}", flush=True)
    except (Unanswered, UnreadableMembers) as waiting:
        print(f"waiting: {waiting}", file=sys.stderr, flush=True)
        return False
    return True


def _members(command: Sequence[str]) -> tuple[Member, ...]:
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as failed:
        raise UnreadableMembers(f"{command[0]}: {failed}") from failed
    if done.returncode:
        raise UnreadableMembers(f"{command[0]} ended with {done.returncode}: {done.stderr.strip()}")
    return members(done.stdout)
