"""The Ignition files among what the installer made: read strictly, and passed on byte for byte."""

from __future__ import annotations

from collections.abc import Mapping

from harmony.domain.capability.cluster_installer import InstallationAssets
from harmony.modules.ignition.errors import ConfigRefused
from harmony.modules.ignition.reading import read
from harmony.modules.okd.release import Release
from inventory.errors import OperatorError

_SUFFIX = ".ign"


class OutputRefused(OperatorError):
    """The message names the file and its fields, nothing of what they hold."""


def ignition_files(assets: InstallationAssets, release: Release) -> Mapping[str, bytes]:
    """By their names, such as `master.ign`. Raises OutputRefused if a machine of `release` would not boot."""
    found = {name: text for name, text in assets.files.items() if name.endswith(_SUFFIX)}
    for name, document in found.items():
        where = f"{name} of generation {assets.generation} of {assets.cluster}"
        try:
            version = read(document, where).version.text
        except ConfigRefused as error:
            raise OutputRefused(f"{error}\nis the declared installer one of {release}?") from None
        if _numbers(version) > _numbers(release.ignition):
            raise OutputRefused(
                f"{where} is of Ignition's spec {version}, and {release} reads {release.ignition}"
                " at most: its machines would stop in their first boot"
            )
    return found


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))
