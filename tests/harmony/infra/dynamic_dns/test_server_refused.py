"""What a real name server refuses, and what becomes of who asked."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from harmony.domain.capability.dns_server import DnsQuery
from harmony.domain.outcome import Change
from harmony.infra.errors import ServiceUnreachableError, ZoneKeyRefusedError, ZoneRefusedError
from inventory.contribution import DnsRecord
from tests.harmony.infra.dynamic_dns.asking import asked, ensure
from tests.peers.name_servers import ELSEWHERE, FORWARD, KEY, SECRET, NameServerChild
from tests.systemd_machine import unpacked

pytestmark = pytest.mark.protocol

_Kinds = type[Exception] | tuple[type[Exception], ...]

REFUSED: dict[str, tuple[Callable[[NameServerChild], object], _Kinds, str]] = {
    "a key that it doesn't know": (
        lambda it: _looked(it, key=KEY.replace('"harmony"', '"other"')),
        ZoneKeyRefusedError, r"with key 'other': it knows no key of that name \(BADKEY\)",
    ),
    "another secret": (
        lambda it: _looked(it, key=KEY.replace(SECRET[:4], "AAAA")),
        ZoneKeyRefusedError, r"its key of that name has another secret \(BADSIG\)",
    ),
    "another algorithm": (
        lambda it: _looked(it, key=KEY.replace("sha256", "sha512")), ZoneKeyRefusedError, "BADKEY|BADSIG",
    ),
    "a zone that it hasn't": (
        lambda it: _looked(it, zones=(FORWARD, "1.10.in-addr.arpa")),
        ZoneRefusedError, r"transfer of zone 1\.10\.in-addr\.arpa .* says NOTAUTH: it is not the primary",
    ),
    "a zone that the key may not": (
        lambda it: _looked(it, zones=(ELSEWHERE,)),
        (ZoneRefusedError, ZoneKeyRefusedError), r"elsewhere\.example .*(key may not|no acl)",
    ),
    "no key in the vault": (
        lambda it: _looked(it, secret="lost"), ZoneKeyRefusedError, "the vault has no secret lost",
    ),
}  # fmt: skip


@pytest.mark.parametrize("looking, kind, words", REFUSED.values(), ids=REFUSED)
def test_what_it_refuses(
    server: NameServerChild,
    looking: Callable[[NameServerChild], object],
    kind: _Kinds,
    words: str,
) -> None:
    with pytest.raises(kind, match=words) as refused:
        looking(server)
    assert SECRET[:10] not in str(refused.value)


CLOCKS = {"+600s": "600 s behind ours", "-600s": "600 s ahead of ours"}


@pytest.mark.parametrize("skew, words", CLOCKS.items(), ids=CLOCKS)
def test_clocks_that_differ(server: NameServerChild, skew: str, words: str) -> None:
    (library,) = unpacked("libfaketime").rglob("libfaketime.so.1")
    said = server.namespace.run(
        "env", f"LD_PRELOAD={library}", f"FAKETIME={skew}", "FAKETIME_DONT_FAKE_MONOTONIC=1",
        sys.executable, "-m", "tests.harmony.infra.dynamic_dns.lone_client", "53",
    ).stdout  # fmt: skip
    assert said.startswith("ClocksApartError: ")
    assert f"says BADTIME: its clock is {words}" in said


def test_gone_and_back(server: NameServerChild) -> None:
    """What it was told is still so."""
    assert ensure(server, "back", ("gone", "10.7.0.80")).changed
    server.stop()
    with pytest.raises(ServiceUnreachableError, match="Connection refused"):
        ensure(server, "back", ("gone", "10.7.0.80"))
    server.start()
    assert ensure(server, "back", ("gone", "10.7.0.80")) == Change(False)
    assert ensure(server, "back").changed


def _looked(
    server: NameServerChild,
    zones: tuple[str, ...] = (FORWARD,),
    key: str = KEY,
    secret: str = "name-server",
) -> tuple[DnsRecord, ...]:
    every = DnsQuery()
    return asked(
        server, lambda it: it.observe_dns_records(every), zones=zones, key=key, secret=secret
    )
