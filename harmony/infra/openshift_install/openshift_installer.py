"""ClusterInstaller: what openshift-install makes, in a plain folder, is sealed whole or not at all.

Killed at any point, it begins again: what counts is what is sealed, and plain folders of runs that ended are
removed by the next. An installer that outlived its run holds the lock, so nothing is done beside it.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from typing_extensions import override

from harmony.domain.capability.cluster_installer import (
    ClusterInstaller,
    InstallationAssets,
    InstallationAssetsQuery,
    InstallationAssetsSpec,
    InstallerManifest,
    ObservedInstallationAssets,
    SettledInstallation,
)
from harmony.domain.outcome import Change
from harmony.infra.openshift_install.errors import (
    AssetsKeptError,
    AssetsUnusableError,
    InstallerAtWorkError,
    InstallerFailedError,
)
from harmony.infra.openshift_install.installation_store import InstallationStore, Kept
from harmony.infra.openshift_install.installer_command import Installer, Step
from harmony.infra.openshift_install.installer_run import InstallerRun
from harmony.infra.openshift_install.plain_folder import contents, plain_folder, put, sweep
from harmony.infra.openshift_install.program import executable
from inventory.errors import ProvisionerBug

_MANIFEST = re.compile(r"(manifests|openshift)/[A-Za-z0-9][A-Za-z0-9._-]*\.(yaml|yml|json)")
_WAYS_IN = ("auth/kubeadmin-password", "auth/kubeconfig", "metadata.json")
_EXPECTED = {
    Step.IGNITION_CONFIGS: ("bootstrap.ign", "master.ign", "worker.ign", *_WAYS_IN),
    Step.SINGLE_NODE_IGNITION: ("bootstrap-in-place-for-live-iso.ign", *_WAYS_IN),
}


@dataclass(frozen=True, slots=True)
class InstallerSettings:
    """`folder` keeps what is made and copies of programs; `scratch` has plain folders, if possible in memory.
    A command is ended after `patience` seconds."""

    folder: Path
    scratch: Path
    patience: float = 900.0


def _nobody(_: str) -> None:
    """Hears nothing."""


class OpenshiftInstaller(ClusterInstaller):
    """`clock` gives epoch seconds; `tell` hears each step that is done."""

    def __init__(
        self,
        settings: InstallerSettings,
        clock: Callable[[], float],
        tell: Callable[[str], None] = _nobody,
    ) -> None:
        self._settings = settings
        self._store = InstallationStore(settings.folder / "clusters")
        self._clock = clock
        self._tell = tell

    @override
    async def ensure_installation_assets(self, spec: InstallationAssetsSpec) -> Change:
        """Raises the errors of this package."""
        what = f"installation assets of {spec.cluster}, generation {spec.generation}"
        with self._store.locked(spec.cluster) as lock:
            self._tell("lock held")
            sweep(self._settings.scratch, self._owner(spec.cluster))
            self._tell("left-overs removed")
            kept = await asyncio.to_thread(self._store.read, spec.cluster, spec.generation)
            if kept is None:
                self._store.refuse_unless_next(spec.cluster, spec.generation)
                await self._make(spec, lock)
            elif kept.inputs_sha256 != spec.inputs_sha256:
                raise AssetsKeptError(f"{what} were made of something else, and are kept")
        return Change(kept is None, what)

    @override
    async def observe_installation_assets(
        self, query: InstallationAssetsQuery
    ) -> ObservedInstallationAssets:
        """Raises AssetsUnusableError."""
        with suppress(InstallerAtWorkError), self._store.locked(query.cluster):
            sweep(self._settings.scratch, self._owner(query.cluster))
        kept = await asyncio.to_thread(self._store.latest, query.cluster)
        latest = None if kept is None else self._assets(query.cluster, kept)
        return ObservedInstallationAssets(_time(self._clock()), latest)

    @override
    async def ensure_settled_installation(self, spec: SettledInstallation) -> Change:
        """Raises AssetsKeptError, AssetsUnusableError."""
        what = f"{spec.cluster} came out of its generation {spec.generation}"
        with self._store.locked(spec.cluster):
            if self._store.is_settled(spec.cluster, spec.generation):
                return Change(False, what)
            self._store.settle(spec.cluster, spec.generation)
        return Change(True, what)

    async def _make(self, spec: InstallationAssetsSpec, lock: int) -> None:
        made_at = self._clock()
        with plain_folder(self._settings.scratch, self._owner(spec.cluster)) as plain:
            self._tell("plain folder made")
            run = await self._run(spec, plain, lock)
            files = await self._files(spec, run, plain / "assets")
            kept = Kept(spec.generation, spec.version, spec.inputs_sha256, made_at, files)
            # In no thread: one that outlived its cancelled caller would write beside the next.
            self._store.keep(spec.cluster, kept)
            self._tell("sealed")
        self._tell("plain folder removed")

    async def _run(self, spec: InstallationAssetsSpec, plain: Path, lock: int) -> InstallerRun:
        """An installer that is of the declared release."""
        programs = self._settings.folder / "programs"
        try:
            program = await asyncio.to_thread(executable, spec.program, programs)
        except OSError as error:
            raise AssetsUnusableError(
                f"the installer {spec.program.path}: {error.strerror}"
            ) from error
        installer = Installer(str(program), home=str(plain / "home"))
        run = InstallerRun(installer, plain, lock, self._settings.patience, spec.secrets)
        await run.check_version(spec.version)
        self._tell("version checked")
        return run

    async def _files(
        self, spec: InstallationAssetsSpec, run: InstallerRun, directory: Path
    ) -> Mapping[str, bytes]:
        put(directory, "install-config.yaml", spec.configuration)
        self._tell("install-config written")
        await run.step(Step.MANIFESTS, directory)
        self._tell("manifests made")
        for manifest in spec.manifests:
            put(directory, _path(manifest), manifest.text)
        self._tell("manifests added")
        last = Step.SINGLE_NODE_IGNITION if spec.in_place else Step.IGNITION_CONFIGS
        await run.step(last, directory)
        self._tell("ignition configs made")
        files = contents(directory)
        if missing := [name for name in _EXPECTED[last] if not files.get(name)]:
            raise InstallerFailedError(f"openshift-install {last} made no {', '.join(missing)}")
        return files

    def _owner(self, cluster: str) -> str:
        """Whose plain folders are swept: a rehearsal of the same cluster may be at work beside."""
        of = hashlib.sha256(bytes(self._settings.folder.absolute())).hexdigest()
        return f"{of[:12]}@{cluster}"

    def _assets(self, cluster: str, kept: Kept) -> InstallationAssets:
        return InstallationAssets(
            cluster,
            kept.generation,
            kept.version,
            kept.inputs_sha256,
            _time(kept.made_at),
            self._store.is_settled(cluster, kept.generation),
            kept.files,
        )


def _path(manifest: InstallerManifest) -> str:
    if not _MANIFEST.fullmatch(manifest.path):
        raise ProvisionerBug(f"{manifest.path!r} is no place for a manifest")
    return manifest.path


def _time(epoch: float) -> datetime:
    return datetime.fromtimestamp(epoch, UTC)
