"""What each release of OKD reads and allows, a row each. It is the installer in use that has the last word
about images (`openshift-install coreos print-stream-json`): a row says only which system they hold.

Sources, for all rows:
- Ignition: the spec version that Butane's `openshift` variant of that release writes, which is what the
  release's Machine Config Operator reads (coreos/butane, docs/specs.md: 4.14 to 4.18 are 3.4, 4.19 to 4.22
  are 3.5). A newer one stops the machine in its first boot.
- Control planes: the installer takes 3, or 1; from 4.18 on also 4 and 5 (openshift/installer pull requests
  8082 and 9154; openshift-docs pull request 98342: "4.18+"). Two are never a quorum.
- Images: Fedora CoreOS until 4.15; from 4.16 to 4.18 machines boot it and move to CentOS Stream CoreOS in
  their first boot; from 4.19 on they boot the latter (okd-project/okd issues 2077 and 2186).
- Kubernetes: beside each row.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from typing_extensions import override

from inventory.codes import Code
from inventory.diagnostic import Diagnostic
from inventory.errors import OperatorError

_VERSION = re.compile(r"4\.(0|[1-9][0-9]{0,2})(\.(0|[1-9][0-9]*)([-.][0-9A-Za-z.-]+)?)?")
_THREE = (1, 3)
_FIVE = (1, 3, 4, 5)


class System(StrEnum):
    FEDORA = "Fedora CoreOS"
    CENTOS_STREAM = "CentOS Stream CoreOS"


@dataclass(frozen=True, slots=True)
class Release:
    """OKD 4.`minor`. `boots` is the system of its boot images, `runs` the one that its nodes end up with;
    `control_planes` are the numbers of control-plane machines that it can be installed with."""

    minor: int
    ignition: str
    kubernetes: str
    boots: System
    runs: System
    control_planes: tuple[int, ...]

    @override
    def __str__(self) -> str:
        return f"OKD 4.{self.minor}"


RELEASES = {
    row.minor: row
    for row in (
        # openshift-docs pull request 61364
        Release(14, "3.4.0", "1.27", System.FEDORA, System.FEDORA, _THREE),
        # release notes of 4.15
        Release(15, "3.4.0", "1.28", System.FEDORA, System.FEDORA, _THREE),
        # openshift/release pull request 53206
        Release(16, "3.4.0", "1.29", System.FEDORA, System.CENTOS_STREAM, _THREE),
        # openshift-docs pull request 80258
        Release(17, "3.4.0", "1.30", System.FEDORA, System.CENTOS_STREAM, _THREE),
        # openshift/kubernetes pull requests 2418, 2411, 2666, 2772 and 2773
        Release(18, "3.4.0", "1.31", System.FEDORA, System.CENTOS_STREAM, _FIVE),
        Release(19, "3.5.0", "1.32", System.CENTOS_STREAM, System.CENTOS_STREAM, _FIVE),
        Release(20, "3.5.0", "1.33", System.CENTOS_STREAM, System.CENTOS_STREAM, _FIVE),
        Release(21, "3.5.0", "1.34", System.CENTOS_STREAM, System.CENTOS_STREAM, _FIVE),
        Release(22, "3.5.0", "1.35", System.CENTOS_STREAM, System.CENTOS_STREAM, _FIVE),
    )
}


class UnknownRelease(OperatorError):
    """This product doesn't know what that version reads and allows."""


def release_of(version: str) -> Release:
    """The row of a version such as `4.19.0-okd-scos.19` or `4.19`. Raises UnknownRelease."""
    written = _VERSION.fullmatch(version)
    row = RELEASES.get(int(written[1])) if written else None
    if row is None:
        raise _unknown(version, None if written is None else int(written[1]))
    return row


def _unknown(version: str, minor: int | None) -> UnknownRelease:
    known = f"4.{min(RELEASES)} to 4.{max(RELEASES)}"
    if minor is None:
        words = f"{version!r} is no version of OKD"
        help = "write it as its release is called, such as 4.19.0-okd-scos.19"
    elif minor < min(RELEASES):
        words = f"OKD {version} is older than what this product installs"
        help = f"install one of {known}"
    else:
        words = f"this product doesn't know what OKD {version} reads and allows"
        help = f"install one of {known}, or a newer version of this product"
    return UnknownRelease(
        words, (Diagnostic(Code.UNKNOWN_RELEASE, words, notes=(f"known: {known}",), help=(help,)),)
    )
