"""`provisioner install-service SITE.py`: systemd serves a site, now and after a reboot.

Two units: the daemon under a user of its own, and the command that carries the Scores out. Running it
again changes nothing, or replaces what differs and starts that again.
"""

from __future__ import annotations

import json
import os
import pwd
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import provisioner
from harmony.domain.asset import Asset
from harmony.domain.order import AnyScore
from harmony.infra.asset_download import AssetDownload
from harmony.infra.asset_downloads import folder_in
from harmony.infra.file_source import FileSource
from inventory.errors import OperatorError
from provisioner.cli import daemon_unit, service_unit
from provisioner.cli.image_builds import BUILDER, binaries_option
from provisioner.cli.places import (
    StatePlace,
    cache_folder,
    service_cache_folder,
    state_folder,
)
from provisioner.cli.unit_file import DAEMON, SERVICE, USER, Service
from provisioner.images import compiled, kubernetes
from provisioner.images.builders import builder
from provisioner.images.cache import Cache

UNITS = Path("/etc/systemd/system")
Run = Callable[[Sequence[str]], None]


def install(site_file: Path, kubernetes_binaries: Path | None = None) -> None:
    """Builds what the site needs, then writes, enables and starts the units, and says what it did.

    Raises OperatorError without root or systemd, for a declaration with errors, if an image can't be
    built, and if a unit does not start (its words are in the journal).
    """
    from provisioner.cli.known import assets_of, builds_of

    _refuse_without_root_and_systemd()
    scores = _scores_of_sound(site_file)
    builds = builds_of(scores)
    given = kubernetes_binaries if kubernetes.NAME in builds else None
    service = Service(
        python=Path(sys.executable),
        code=code_folders(),
        site_file=site_file.resolve(),
        state=state_folder().absolute(),
        cache=service_cache_folder(),
        kubernetes_binaries=given and binaries_in(service_cache_folder(), given),
    )
    os.umask(0o022)  # the daemon's user is to read the images
    adopt_built((*builds, compiled.NAME), service.cache, given)
    adopt_assets(assets_of(scores), service.cache)
    ensure_built(builds, service.cache, given)
    _run(("systemd-sysusers", "--inline", f'u {USER} - "Harmony Provisioner boot services"'))
    user = pwd.getpwnam(USER)
    ensure_state(StatePlace(service.state), user.pw_uid, user.pw_gid)
    changed = ensure_units(service, UNITS, _run)
    print(f"{SERVICE}: {'installed, enabled and started' if changed else 'as it was, and running'}")


def code_folders() -> tuple[Path, ...]:
    """Where Python and this program lie, as far as that is not /usr."""
    found = {Path(sys.prefix), Path(sys.base_prefix), Path(provisioner.__file__).parents[1]}
    return tuple(
        folder
        for folder in sorted(found)
        if not folder.is_relative_to("/usr") and found.isdisjoint(folder.parents)
    )


def binaries_in(cache: Path, given: Path) -> Path:
    """Where the service finds what it was given as official binaries: `given` may be gone by then."""
    return Cache(cache).folder_of(builder(kubernetes.NAME, given).recipe)


def adopt_built(names: Sequence[str], cache: Path, kubernetes_binaries: Path | None) -> None:
    """Takes over what the caller's own cache has: what was rehearsed is what is served."""
    for name in names:
        recipe = builder(name, kubernetes_binaries).recipe
        Cache(cache).adopt(recipe, Cache(cache_folder().absolute()))


def adopt_assets(assets: Sequence[Asset], cache: Path) -> None:
    """Takes over what the caller's own store has: the service fetches only what is lacking then. Raises
    OperatorError if there are any and the cache can't be written."""
    store = folder_in(cache)
    try:
        store.root.mkdir(parents=True, exist_ok=True)  # its unit may write there, if it is there
    except OSError as error:
        if not assets:
            return
        raise OperatorError(f"no place for assets: {store.root}: {error.strerror}") from error
    for asset in assets:
        found = folder_in(cache_folder().absolute()).find(asset)
        if found is not None:
            copied = FileSource(Path(found.path).as_uri())
            AssetDownload(asset, [copied], store, lambda step: None).run()


def ensure_built(names: Sequence[str], cache: Path, kubernetes_binaries: Path | None) -> None:
    """The service may not build: it finds everything here. OperatorError with a builder's words."""
    given = binaries_option(kubernetes_binaries) if kubernetes_binaries else ()
    command = (*BUILDER, "build", *names, "--cache", str(cache), *given)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        said = dict(map(_percent_or_error, child.stdout))
    if child.returncode:
        words = "; ".join(f"{name}: {words}" for name, words in said.items() if words)
        raise OperatorError(f"what the site needs can't be built: {words or 'no reason was given'}")


def _percent_or_error(line: str) -> tuple[str, str]:
    """Shows how far a builder is; its name, and its error or nothing."""
    told = json.loads(line)
    name, error = str(told["name"]), str(told.get("error", ""))
    if not error:
        percent = 100 if "artifacts" in told else round(float(told["percent"]))
        print(f"{name}: {percent} %", flush=True)
    return name, error


def ensure_state(place: StatePlace, user: int, group: int) -> None:
    """The caller's state folder, closed to all others; the daemon's part of it is that user's, also
    what an earlier daemon of another user has left there."""
    place.root.mkdir(mode=0o700, parents=True, exist_ok=True)
    place.root.chmod(0o700)
    place.daemon.mkdir(exist_ok=True)
    if place.daemon.stat().st_uid != user:
        for path in (*place.daemon.rglob("*"), place.daemon):
            os.chown(path, user, group, follow_symlinks=False)
    place.daemon.chmod(0o750)


def ensure_units(service: Service, folder: Path, run: Run) -> bool:
    """Whether a unit file had to be written; enabled and running as it says afterwards in any case.

    What runs out of a file that differs is stopped before that is replaced: killed at any point, the
    next run starts what it finds stopped, and never takes an old unit for the new one.
    """
    wanted = {DAEMON: daemon_unit.render(service), SERVICE: service_unit.render(service)}
    changed = [name for name in wanted if _text(folder / name) != wanted[name]]
    for name in reversed(changed):  # an older service may have the daemon as its child
        if (folder / name).exists():
            run(("systemctl", "stop", name))
    for name in changed:
        unfinished = (folder / name).with_suffix(".unfinished")
        unfinished.write_text(wanted[name])
        unfinished.replace(folder / name)
    run(("systemctl", "daemon-reload"))
    run(("systemctl", "enable", "--quiet", DAEMON, SERVICE))
    run(("systemctl", "start", DAEMON))
    run(("systemctl", "start", SERVICE))
    return bool(changed)


def _text(path: Path) -> str | None:
    return path.read_text() if path.exists() else None


def _refuse_without_root_and_systemd() -> None:
    if os.geteuid() != 0:
        raise OperatorError("a service is installed by root: run it under sudo")
    if not Path("/run/systemd/system").is_dir():
        raise OperatorError("systemd did not start this machine: run `provisioner serve` itself")


def _scores_of_sound(site_file: Path) -> tuple[AnyScore, ...]:
    from inventory.diagnostic import Severity
    from inventory.render import render_all
    from provisioner.cli.check import judged
    from provisioner.cli.known import KINDS, PRODUCTION, TOPOLOGIES

    declaration, scores, found = judged(site_file, PRODUCTION, KINDS, TOPOLOGIES)
    if found:
        print(render_all(found, declaration.sources, colour=sys.stderr.isatty()), file=sys.stderr)
    if declaration.site is None or any(one.severity is Severity.ERROR for one in found):
        raise OperatorError(f"{site_file} has errors: nothing was installed")
    return scores


def _run(command: Sequence[str]) -> None:
    try:
        subprocess.run(command, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise OperatorError(f"`{' '.join(command)}` failed: {error}") from error
