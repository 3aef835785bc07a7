"""Where the command keeps its things: resolved once here, passed on as values everywhere else."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

NAME = "harmony-provisioner"
ROOTS_STATE = Path("/var/lib") / NAME


@dataclass(frozen=True, slots=True)
class StatePlace:
    """One site's state. The vault lies beside the daemon's folder: as a service, where the daemon has
    a user of its own, it can't read it."""

    root: Path

    @property
    def daemon(self) -> Path:
        return self.root / "daemon"

    @property
    def admin_socket(self) -> Path:
        return self.daemon / "admin.sock"

    @property
    def vault(self) -> Path:
        return self.root / "vault"

    @property
    def secrets(self) -> Path:
        return self.vault / "secrets"

    @property
    def log(self) -> Path:
        return self.root / "provisioner.log"

    @property
    def daemon_log(self) -> Path:
        return self.root / "daemon.log"

    @property
    def build_log(self) -> Path:
        return self.root / "build.log"

    @property
    def kubeconfigs(self) -> Path:
        return self.root / "kubeconfigs"

    @property
    def installations(self) -> Path:
        """What clusters' installers made, sealed."""
        return self.root / "installations"

    @property
    def machines(self) -> Path:
        """A rehearsal's virtual machines: disks and consoles."""
        return self.root / "machines"

    @property
    def report(self) -> Path:
        return self.root / "report.json"

    @property
    def preflight(self) -> Path:
        """The last report of each stage of preflight."""
        return self.root / "preflight"

    @property
    def site_file(self) -> Path:
        """Says where the SITE.py is that was served last."""
        return self.root / "site-file"

    @property
    def command_lock(self) -> Path:
        return self.root / "command.lock"


def cache_folder() -> Path:
    """`$HARMONY_CACHE`, or the XDG cache folder: what can be made again."""
    if given := os.environ.get("HARMONY_CACHE"):
        return Path(given)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / NAME


def service_cache_folder() -> Path:
    """`$HARMONY_CACHE`, or a place that belongs to no person's home: a service reads its images there."""
    given = os.environ.get("HARMONY_CACHE")
    return Path(given).absolute() if given else Path("/var/cache") / NAME


def state_folder(user: int | None = None) -> Path:
    """`$HARMONY_STATE`; else /var/lib for root, the XDG state folder for a user. `user` is a uid; by
    default the one who runs this."""
    if given := os.environ.get("HARMONY_STATE"):
        return Path(given)
    if (os.geteuid() if user is None else user) == 0:
        return ROOTS_STATE
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local/state") / NAME


def credentials_files(place: StatePlace) -> tuple[Path, ...]:
    """Where keys of object stores are looked for: a service sees no home, only the first."""
    given = os.environ.get("AWS_SHARED_CREDENTIALS_FILE")
    users = Path(given) if given else Path.home() / ".aws" / "credentials"
    return place.vault / "s3-credentials", users
