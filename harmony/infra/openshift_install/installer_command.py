"""openshift-install's command lines, and what its exit codes mean. Nothing is run here.

The environment is whole: nothing is inherited. A proxy of the person at the keyboard would take the calls
to the cluster's own API, a KUBECONFIG another cluster. Sources: OKD's documentation of installing on bare
metal and with the agent-based installer; openshift/installer, cmd/openshift-install/main.go.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    """The words of each command, in the order in which a cluster meets them."""

    MANIFESTS = "create manifests"
    IGNITION_CONFIGS = "create ignition-configs"
    SINGLE_NODE_IGNITION = "create single-node-ignition-config"
    BOOTSTRAP_COMPLETE = "wait-for bootstrap-complete"
    INSTALL_COMPLETE = "wait-for install-complete"
    AGENT_PXE_FILES = "agent create pxe-files"
    AGENT_BOOTSTRAP_COMPLETE = "agent wait-for bootstrap-complete"
    AGENT_INSTALL_COMPLETE = "agent wait-for install-complete"


_WAITING = frozenset(
    {
        Step.BOOTSTRAP_COMPLETE,
        Step.INSTALL_COMPLETE,
        Step.AGENT_BOOTSTRAP_COMPLETE,
        Step.AGENT_INSTALL_COMPLETE,
    }
)
_MEANINGS = {
    1: "it gave a reason on its standard error",
    3: "the install-config is refused",
    4: "the infrastructure could not be made",
    5: "bootstrap is not complete",
    6: "the installation is not complete",
    7: "operators are not stable yet",
    8: "it was interrupted",
}
_IMPATIENT = frozenset({5, 6, 7, 8})


@dataclass(frozen=True, slots=True)
class Command:
    """What is executed, and all of its environment."""

    arguments: tuple[str, ...]
    environment: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Installer:
    """The `executable` of the cluster's version. `home` keeps its cache; `path` has nmstatectl, which the
    agent's steps run; `release_image` replaces the release that is built in, such as by a mirror's."""

    executable: str
    home: str
    path: str = "/usr/sbin:/usr/bin:/sbin:/bin"
    release_image: str | None = None

    def command(self, step: Step, directory: str) -> Command:
        """`directory` is the asset directory: it is read and written, and what is consumed is deleted."""
        level = ("--log-level", "debug") if step in _WAITING else ()
        return Command(
            (self.executable, *step.split(), "--dir", directory, *level), self._environment()
        )

    def version(self) -> Command:
        """Prints of which release it is, in its first line."""
        return Command((self.executable, "version"), self._environment())

    def images(self) -> Command:
        """Prints which CoreOS images belong to this installer, as JSON."""
        return Command((self.executable, "coreos", "print-stream-json"), self._environment())

    def _environment(self) -> dict[str, str]:
        whole = {"HOME": self.home, "LC_ALL": "C.UTF-8", "PATH": self.path}
        if self.release_image is not None:
            whole["OPENSHIFT_INSTALL_RELEASE_IMAGE_OVERRIDE"] = self.release_image
        return whole


@dataclass(frozen=True, slots=True)
class Done:
    """The step is done."""


@dataclass(frozen=True, slots=True)
class Late:
    """The installer's patience ended, which says nothing of the cluster: it is asked again."""

    reason: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The step has to be mended before it is run again."""

    reason: str


Verdict = Done | Late | Failed


def verdict(step: Step, code: int) -> Verdict:
    """What it means that `step` ended with the exit `code` (negative: by that signal)."""
    if code == 0:
        return Done()
    meaning = f"signal {-code}" if code < 0 else _MEANINGS.get(code, "of unknown meaning")
    reason = f"openshift-install {step} ended with {code}: {meaning}"
    impatient = code < 0 or code in _IMPATIENT
    return Late(reason) if step in _WAITING and impatient else Failed(reason)
