"""Debian packages for the builders, without touching what the machine has installed.

Apt runs with lists, caches and sources of its own under the cache. Packages are downloaded with what they
depend on and this machine lacks, and unpacked (never installed: nothing is configured or started) into a
folder from which they run.
"""

from __future__ import annotations

import fcntl
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from inventory.errors import OperatorError
from provisioner.images.apt_sources import (
    Source,
    debian_sources,
    parse_deb822,
    parse_list,
    with_source_packages,
)
from provisioner.images.built import Product
from provisioner.images.cache import Recipe
from provisioner.images.commands import Commands

CONFIGURATION = """\
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
Dir::Etc::sourcelist "{folder}/debian.sources";
Dir::Etc::sourceparts "/dev/null";
Dir::State::lists "{folder}/lists";
Dir::Cache "{folder}/cache";
Dir::Cache::pkgcache "pkgcache.bin";
Dir::Cache::srcpkgcache "srcpkgcache.bin";
Acquire::Languages "none";
APT::Sandbox::User "root";
"""
REACHING = ("Acquire::http", "Acquire::https", "Acquire::Retries")
INSTALLED = Path("/var/lib/dpkg/status")


@dataclass(frozen=True, slots=True)
class Package:
    """A package as the mirror offers it."""

    name: str
    version: str


@dataclass(frozen=True, slots=True)
class Packages:
    """A private apt in `folder`."""

    folder: Path
    commands: Commands
    etc_apt: Path = Path("/etc/apt")

    @property
    def sources(self) -> Path:
        """The mirrors in use, a deb822 file."""
        return self.folder / "debian.sources"

    @contextmanager
    def unchanging(self) -> Generator[None]:
        """No other process refreshes the lists in the block: what is looked up in them is found again."""
        with self._locked(fcntl.LOCK_SH):
            yield

    def refresh(self) -> None:
        """Read the machine's sources and fetch the mirrors' lists (seconds; one process at a time)."""
        for part in ("lists/partial", "cache/archives/partial"):
            (self.folder / part).mkdir(parents=True, exist_ok=True)
        with self._locked(fcntl.LOCK_EX):
            sources = with_source_packages(machine_sources(self.etc_apt))
            self.sources.write_text("\n".join(map(str, sources)))
            (self.folder / "apt.conf").write_text(
                CONFIGURATION.format(folder=self.folder.absolute())
            )
            self.commands.run(*self._apt("update"), "-qq", "--error-on=any")

    def binary_sources(self) -> Path:
        """The mirrors without source packages, a deb822 file (for mmdebstrap)."""
        path = self.folder / "binary.sources"
        binary = (source for source in machine_sources(self.etc_apt) if "deb" in source.types)
        path.write_text("\n".join(map(str, binary)))
        return path

    def acquire_options(self) -> list[str]:
        """How this machine reaches its mirrors (proxies and such), as lines of configuration."""
        dump = self.commands.read("apt-config", "dump")
        return [
            line for line in dump.splitlines() if line.startswith(REACHING) and line[-3:] != '"";'
        ]

    def resolve(self, names: Sequence[str]) -> tuple[Package, ...]:
        """The packages and what they need that this machine lacks."""
        listed = self.commands.read(
            *self._apt("install"),
            *("-qq", "--yes", "--print-uris", "--reinstall", "--no-install-recommends"),
            *names,
        )
        return tuple(
            _package(line.split()[1]) for line in listed.splitlines() if line.startswith("'")
        )

    def unpack(self, names: Sequence[str], downloads: Path, tree: Path) -> tuple[Package, ...]:
        """Download into `downloads` (emptied again) and unpack into `tree`; what it was, in versions."""
        downloads.mkdir(parents=True, exist_ok=True)
        tree.mkdir(parents=True, exist_ok=True)
        with self.unchanging():
            found = self.resolve(names)
            exact = [f"{package.name}={package.version}" for package in found]
            self.commands.run(*self._apt("download"), "-qq", *exact, folder=downloads)
        for archive in sorted(downloads.glob("*.deb")):
            self.commands.run("dpkg-deb", "--extract", archive, tree)
            archive.unlink()
        return found

    def download_source(self, name: str, downloads: Path) -> tuple[str, Path]:
        """Download a source package; its version and the upstream tarball in `downloads`."""
        downloads.mkdir(parents=True, exist_ok=True)
        source = (*self._apt("source"), "-qq", "--download-only", name)
        with self.unchanging():
            self.commands.run(*source, folder=downloads)
        description = next(downloads.glob("*.dsc")).read_text()
        version = next(
            line.removeprefix("Version: ")
            for line in description.splitlines()
            if line.startswith("Version: ")
        )
        return version, next(downloads.glob("*.orig.tar.*"))

    @contextmanager
    def _locked(self, how: int) -> Generator[None]:
        with (self.folder / "refreshing").open("w") as lock:
            fcntl.flock(lock, how)
            yield

    def _apt(self, verb: str) -> tuple[str, ...]:
        return ("apt-get", "-c", str(self.folder / "apt.conf"), verb)


def machine_sources(etc_apt: Path) -> tuple[Source, ...]:
    """The Debian mirrors this machine uses."""
    lists = (etc_apt / "sources.list", *sorted(etc_apt.glob("sources.list.d/*.list")))
    found: list[Source] = []
    for file in lists:
        found += parse_list(file.read_text()) if file.exists() else ()
    for file in sorted(etc_apt.glob("sources.list.d/*.sources")):
        found += parse_deb822(file.read_text())
    sources = debian_sources(found)
    if not sources:
        raise OperatorError(f"no source of Debian 12's packages (bookworm, main) in {etc_apt}")
    return sources


def tree_recipe(names: Iterable[str], installed: Path = INSTALLED) -> Recipe:
    """What an unpacked tree depends on: the names, and what the machine has already."""
    wanted = sorted(set(names))
    have = sorted(
        line.removeprefix("Package: ")
        for line in installed.read_text(errors="replace").splitlines()
        if line.startswith("Package: ")
    )
    return Recipe.of("packages", {"names": wanted, "installed": have})


def build_tree(packages: Packages, names: Sequence[str], work: Path, output: Path) -> Product:
    """Unpack `names` into `output/tree`: no artifact to serve, a folder to run programs from."""
    packages.refresh()
    found = packages.unpack(names, work / "downloads", output / "tree")
    return Product({}, {package.name: package.version for package in found})


def _package(file: str) -> Package:
    name, version, _ = unquote(file).removesuffix(".deb").split("_")
    return Package(name, version)
