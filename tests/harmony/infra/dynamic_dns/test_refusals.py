from __future__ import annotations

import dns.exception
import dns.rcode
import dns.tsig
import pytest

from harmony.infra.dynamic_dns.refusals import (
    OVERTAKEN,
    Asked,
    clocks_apart,
    misread,
    refusal,
    unanswered,
    unsigned,
)
from harmony.infra.errors import (
    ClocksApartError,
    ServiceRefusedError,
    ServiceUnreachableError,
    ZoneKeyRefusedError,
    ZoneRefusedError,
)

pytestmark = pytest.mark.unit


def made(kind: type[Exception]) -> Exception:
    return kind()


UPDATE = Asked("10.7.0.53", "update", "home.example", "harmony")
TRANSFER = Asked("10.7.0.53", "transfer", "home.example", "harmony")
SAID = "10.7.0.53, asked for the update of zone home.example with key 'harmony'"
RCODES = {
    "REFUSED": (ZoneRefusedError, "the key may not. BIND: `allow-update { key harmony; };`"),
    "NOTAUTH": (ZoneRefusedError, "it is not the primary of that zone: create it there"),
    "NOTIMP": (ZoneRefusedError, "it knows no dynamic updates"),
    "NOTZONE": (ZoneRefusedError, "a name is outside the zone"),
    "SERVFAIL": (ServiceUnreachableError, "it has failed with it itself; its own log says why"),
    "FORMERR": (ServiceRefusedError, "it calls the message malformed"),
    "BADVERS": (ServiceRefusedError, "nothing that it should say to this"),
}


@pytest.mark.parametrize("name, expected", RCODES.items(), ids=RCODES)
def test_response_codes(name: str, expected: tuple[type[Exception], str]) -> None:
    error = refusal(UPDATE, dns.rcode.from_text(name))
    assert type(error) is expected[0]
    assert str(error).startswith(f"{SAID}, says {name}: {expected[1]}")


def test_each_code_has_an_error() -> None:
    for code in dns.rcode.Rcode:
        for asked in (UPDATE, TRANSFER):
            if code != dns.rcode.NOERROR and code not in OVERTAKEN:
                assert dns.rcode.to_text(code) in str(refusal(asked, code))


def test_a_transfer_needs_another_permission() -> None:
    error = refusal(TRANSFER, dns.rcode.REFUSED)
    assert "BIND: `allow-transfer { key harmony; };`" in str(error)
    assert "Knot: an acl with `key: harmony` and `action: transfer`" in str(error)


ABOUT_KEYS = {
    dns.tsig.PeerBadKey: "it knows no key of that name (BADKEY)",
    dns.tsig.PeerBadSignature: "its key of that name has another secret (BADSIG)",
    dns.tsig.PeerBadTruncation: "it wants longer signatures (BADTRUNC)",
    dns.tsig.BadSignature: "its answer is signed with another secret",
    dns.tsig.BadKey: "its answer is signed with another key",
    dns.tsig.BadAlgorithm: "its answer is signed another way",
}
OF_TIME = {dns.tsig.PeerBadTime, dns.tsig.BadTime}
"""`clocks_apart` is for these."""


@pytest.mark.parametrize("kind, words", ABOUT_KEYS.items())
def test_signatures(kind: type[Exception], words: str) -> None:
    error = misread(UPDATE, made(kind))
    assert isinstance(error, ZoneKeyRefusedError)
    assert words in str(error)


def test_every_error_of_signatures_has_words() -> None:
    known = {
        kind
        for kind in vars(dns.tsig).values()
        if isinstance(kind, type) and issubclass(kind, dns.exception.DNSException)
    }
    assert known == {*ABOUT_KEYS, *OF_TIME, dns.tsig.PeerError}
    assert isinstance(misread(UPDATE, made(dns.tsig.PeerError)), ServiceRefusedError)


@pytest.mark.parametrize("error", [made(dns.exception.FormError), ValueError("x"), KeyError("x")])
def test_what_is_no_answer(error: Exception) -> None:
    assert str(misread(UPDATE, error)).startswith(f"{SAID}: its answer can't be read")


CLOCKS = {600: "600 s ahead of ours", -600: "600 s behind ours", None: "too far from ours"}


@pytest.mark.parametrize("ahead, words", CLOCKS.items())
def test_clocks(ahead: int | None, words: str) -> None:
    error = clocks_apart(UPDATE, ahead)
    assert isinstance(error, ClocksApartError)
    assert str(error).startswith(
        f"{SAID}, says BADTIME: its clock is {words}. Run `date -u` on both"
    )


def test_no_answer_and_no_signature() -> None:
    assert "by TCP: Connection refused. Is the name server" in str(
        unanswered(UPDATE, "Connection refused")
    )
    assert "without a signature: anybody may have said it" in str(unsigned(UPDATE))
