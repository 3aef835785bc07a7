from __future__ import annotations

import pytest

from harmony.modules.okd.release import RELEASES, System, UnknownRelease, release_of

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("version", "minor"),
    [
        ("4.19.0-okd-scos.19", 19),
        ("4.20.0-okd-scos.ec.1", 20),
        ("4.15.0-0.okd-2024-03-10-010116", 15),
        ("4.18", 18),
        ("4.22.3", 22),
    ],
)
def test_a_version_has_a_row(version: str, minor: int) -> None:
    assert release_of(version) == RELEASES[minor]


@pytest.mark.parametrize(
    ("version", "message", "help"),
    [
        (
            "4.23.0-okd-scos.1",
            "this product doesn't know what OKD 4.23.0-okd-scos.1 reads and allows",
            "install one of 4.14 to 4.22, or a newer version of this product",
        ),
        (
            "4.11.0",
            "OKD 4.11.0 is older than what this product installs",
            "install one of 4.14 to 4.22",
        ),
        *(
            (
                version,
                f"{version!r} is no version of OKD",
                "write it as its release is called, such as 4.19.0-okd-scos.19",
            )
            for version in ("latest", "5.0.0", "4", "4.19 ", "4.019", "v4.19.0", "", "4.19.0\n")
        ),
    ],
)
def test_an_unknown_version_says_what_to_do(version: str, message: str, help: str) -> None:
    with pytest.raises(UnknownRelease) as refused:
        release_of(version)
    (found,) = refused.value.diagnostics
    assert (found.code, found.message, found.help) == ("HP0220", message, (help,))


def test_what_facts_hang_together() -> None:
    assert list(RELEASES) == list(range(14, 23))
    for minor, row in RELEASES.items():
        assert row.kubernetes == f"1.{minor + 13}"  # of all releases so far
        assert row.ignition == ("3.4.0" if minor < 19 else "3.5.0")
        assert (5 in row.control_planes) == (minor >= 18)
        assert 2 not in row.control_planes
        assert (row.boots is System.CENTOS_STREAM) == (minor >= 19)
        assert (row.runs is System.CENTOS_STREAM) == (minor >= 16)
    assert str(RELEASES[19]) == "OKD 4.19"
