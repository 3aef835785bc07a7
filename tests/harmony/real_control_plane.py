"""A real control plane on loopback: etcd, kube-apiserver and kube-controller-manager as processes,
started with the very command lines and files of a rendered Ignition config, moved under a folder.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from harmony.domain.capability.kubeconfig_store import Kubeconfig
from harmony.domain.capability.kubernetes_api import ObjectQuery
from harmony.infra.file_vault import FileVault
from harmony.infra.kubeconfig_files import KubeconfigFiles
from harmony.infra.kubernetes_api import KubernetesClient
from harmony.modules.ignition.model import Config
from harmony.modules.kubernetes.assets import BIN
from harmony.modules.kubernetes.cluster_interpret import kubeconfig
from harmony.modules.kubernetes.node_ignition import node_ignition
from harmony.modules.kubernetes.plan import API_PORT, ClusterPlan
from harmony.modules.kubernetes.secrets import ClusterSecrets, cluster_secrets
from inventory.errors import PeerError
from provisioner.cli.places import cache_folder
from tests.harmony.modules.kubernetes.examples import assets, plan_of

_PROGRAMS = ("etcd.service", "kube-apiserver.service", "kube-controller-manager.service")
_ROOT = Path(__file__).parents[2]
_BOUND = 240.0


@dataclass(frozen=True, slots=True)
class RealCluster:
    """A way into it, as the product would have made it."""

    plan: ClusterPlan
    secrets: ClusterSecrets
    way: Kubeconfig
    server: str

    def client(self, folder: Path) -> KubernetesClient:
        """A client that keeps its kubeconfig in `folder`."""
        files = KubeconfigFiles(folder)
        asyncio.run(files.ensure_kubeconfig(self.way))
        return KubernetesClient(files)


@contextmanager
def real_control_plane(folder: Path) -> Generator[RealCluster]:
    """Up and answering inside the block; its processes are gone after it."""
    plan = plan_of()
    secrets = asyncio.run(cluster_secrets(FileVault(folder / "vault", time.time), plan))
    node = plan.control_plane[0]
    config = node_ignition(
        plan, node, assets(), secrets.bootstrap(node.name), secrets.control_plane
    )
    moved = _Moved(
        folder / "root", {2379: _free_port(), 2380: _free_port(), API_PORT: _free_port()}
    )
    moved.place(config)
    server = f"https://{plan.api_name}:{moved.ports[API_PORT]}"
    made = kubeconfig(plan, secrets)
    way = Kubeconfig(
        made.cluster,
        server,
        ("127.0.0.1",),
        made.ca_certificate,
        made.client_certificate,
        made.client_key,
    )
    with _running(moved, config, folder):
        cluster = RealCluster(plan, secrets, way, server)
        _wait_for_default_namespace(cluster, folder / "waiting")
        yield cluster


@dataclass(frozen=True, slots=True)
class _Moved:
    """Paths and ports of a config as they are for this test."""

    root: Path
    ports: dict[int, int]

    def text(self, original: str) -> str:
        moved = original
        for path in ("/etc/kubernetes", "/var/lib/etcd"):
            moved = moved.replace(path, f"{self.root}{path}")
        for port, other in self.ports.items():
            moved = moved.replace(f":{port}", f":{other}").replace(f"port={port}", f"port={other}")
        return moved

    def place(self, config: Config) -> None:
        for directory in config.storage.directories:
            Path(f"{self.root}{directory.path}").mkdir(parents=True, mode=directory.mode)
        for file in config.storage.files:
            if file.contents.source.startswith("data:,"):
                path = Path(f"{self.root}{file.path}")
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(self.text(unquote(file.contents.source.removeprefix("data:,"))))
                path.chmod(file.mode)

    def command(self, config: Config, unit: str) -> list[str]:
        text = next(one.contents for one in config.systemd.units if one.name == unit)
        assert text is not None
        joined = text.replace("\\\n", " ")
        line = next(line for line in joined.splitlines() if line.startswith("ExecStart="))
        words = self.text(line.removeprefix("ExecStart=")).split()
        return [str(_program(words[0])), *words[1:]]


@contextmanager
def _running(moved: _Moved, config: Config, folder: Path) -> Generator[None]:
    processes: list[subprocess.Popen[bytes]] = []
    try:
        for unit in _PROGRAMS:
            with (folder / f"{unit}.log").open("wb") as log:
                command = moved.command(config, unit)
                if unit == "kube-controller-manager.service":
                    command.append(f"--secure-port={_free_port()}")
                processes.append(
                    subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
                )
        yield
    finally:
        for process in reversed(processes):
            process.kill()
            process.wait()


def _wait_for_default_namespace(cluster: RealCluster, folder: Path) -> None:
    """The API server makes it last of what it makes by itself; the client retries until then."""
    client = cluster.client(folder)

    async def wait() -> None:
        query = ObjectQuery("v1", "Endpoints", "default", "kubernetes")
        until = time.monotonic() + _BOUND
        while True:
            try:
                if await client.observe_objects(query):
                    break
            except PeerError:
                if time.monotonic() > until:
                    raise
            await asyncio.sleep(0.2)
        await client.aclose()

    asyncio.run(wait())


def _program(path: str) -> Path:
    name = Path(path).name
    if name == "etcd":
        return Path(_images("unpack", "etcd-server")["path"]) / "usr/bin/etcd"
    assert path == f"{BIN}/{name}"
    built = _images("build", "kubernetes")
    found = {artifact["name"]: artifact["path"] for artifact in built["artifacts"]}
    return Path(found[f"kubernetes/{name}"])


def _images(*arguments: str) -> dict[str, Any]:
    """What a builder says in its last line; it builds what isn't in the cache yet."""
    done = subprocess.run(
        [sys.executable, "-m", "provisioner.images", *arguments, "--cache", str(cache_folder())],
        check=True,
        capture_output=True,
        text=True,
        cwd=_ROOT,
        env=os.environ,
    )
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
