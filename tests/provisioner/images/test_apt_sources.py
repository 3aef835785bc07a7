"""The machine's own mirrors are found in both of apt's formats; other people's repositories are not ours."""

from __future__ import annotations

import pytest

from provisioner.images.apt_sources import (
    Source,
    debian_sources,
    parse_deb822,
    parse_list,
    with_source_packages,
)

pytestmark = pytest.mark.unit

KEYS = "/usr/share/keyrings/debian-archive-keyring.gpg"
DEB822 = f"""\
# as Debian's container images have it
Types: deb
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates bookworm-backports
Components: main contrib
Signed-By: {KEYS}

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main
# a comment inside a stanza
Signed-By: {KEYS}

Enabled: no
Types: deb
URIs: http://off.example/debian
Suites: bookworm
Components: main
"""
ONE_LINE = """\
# deb http://commented.example/debian bookworm main
deb [arch=amd64 signed-by=/usr/share/keyrings/vendor.gpg] https://vendor.example/apt bookworm main
deb http://mirror.example/debian bookworm main non-free-firmware # ours
deb-src http://mirror.example/debian bookworm main
deb https://cloud.example/apt cloud-sdk-bookworm main
"""


def _deb(uri: str, *suites: str, key: str = "") -> Source:
    return Source(("deb",), (uri,), suites, ("main",), key)


def test_deb822_sources_keep_main_of_the_release_and_its_updates() -> None:
    assert debian_sources(parse_deb822(DEB822)) == (
        _deb("http://mirror.example/debian", "bookworm", "bookworm-updates", key=KEYS),
        _deb("http://mirror.example/debian-security", "bookworm-security", key=KEYS),
    )


def test_one_line_sources_without_a_vendors() -> None:
    assert debian_sources(parse_list(ONE_LINE)) == (
        _deb("http://mirror.example/debian", "bookworm"),
    )


def test_a_mirror_that_signs_with_its_own_key_is_taken_where_it_is_the_only_one() -> None:
    own = _deb("https://mirror.example/debian", "bookworm", key="/etc/apt/keyrings/corp.gpg")
    assert debian_sources([own]) == (own,)


def test_source_packages_come_from_the_mirrors_of_the_release_itself() -> None:
    debian = debian_sources(parse_deb822(DEB822))
    added = with_source_packages(debian)[len(debian) :]
    assert [(s.types, s.suites) for s in added] == [(("deb-src",), ("bookworm",))]


@pytest.mark.parametrize("source", debian_sources(parse_deb822(DEB822)))
def test_what_is_written_is_read_back(source: Source) -> None:
    assert tuple(parse_deb822(str(source))) == (source,)


def test_a_key_written_into_the_source_is_kept() -> None:
    block = (
        "\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n mDMEZ\n -----END PGP PUBLIC KEY BLOCK-----"
    )
    text = "Types: deb\nURIs: http://m.example\nSuites: bookworm\nComponents: main\n"
    (source,) = parse_deb822(f"{text}Signed-By:{block}\n")
    assert tuple(parse_deb822(str(source))) == (source,)
    assert "mDMEZ" in str(source)
