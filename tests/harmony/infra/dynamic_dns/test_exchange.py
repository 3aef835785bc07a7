"""Against servers that misbehave; good ones are in test_server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, TypeVar

import dns.message
import dns.name
import dns.rcode
import dns.tsig
import dns.update
import dns.zone
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmony.infra.dynamic_dns.exchange import Exchange
from harmony.infra.dynamic_dns.refusals import OVERTAKEN
from harmony.infra.errors import (
    ClocksApartError,
    ServiceRefusedError,
    ServiceUnreachableError,
    ZoneKeyRefusedError,
    ZoneRefusedError,
)
from inventory.errors import HarmonyError
from tests.harmony.infra.dynamic_dns.odd_server import KEY, RING, Say, answer, framed, odd_server

pytestmark = pytest.mark.protocol

T = TypeVar("T")
OTHER = dns.tsig.Key("harmony", b"another secret", KEY.algorithm)
UNKNOWN = dns.tsig.Key("other", KEY.secret, KEY.algorithm)
Asking = Callable[[Exchange], Coroutine[Any, Any, T]]


async def update(exchange: Exchange) -> bool:
    message = dns.update.UpdateMessage("home.example.")
    message.add("api.home.example.", 60, "A", "10.7.0.10")
    return await exchange.update(message)


async def transfer(exchange: Exchange) -> None:
    await exchange.transfer(dns.zone.Zone(dns.name.from_text("home.example."), relativize=False))


def asked(asking: Asking[T], say: Say, seconds: float = 20.0) -> T:
    async def ask() -> T:
        async with odd_server(say) as port:
            return await asking(Exchange("127.0.0.1", port, KEY, seconds))

    return asyncio.run(ask())


ODD: dict[str, tuple[Say, type[HarmonyError], str]] = {
    "nothing": (lambda _: b"", ServiceUnreachableError, "it closed the connection"),
    "half a length": (lambda _: b"\0", ServiceUnreachableError, "it closed the connection"),
    "half a message": (
        lambda it: answer(it, key=RING)[:-9], ServiceUnreachableError, "it closed the connection",
    ),
    "an empty message": (lambda _: b"\0\0", ServiceRefusedError, "can't be read"),
    "something else": (lambda _: b"HTTP/1.1 400 Bad Request", HarmonyError, "127.0.0.1"),
    "the question": (lambda it: framed(it.wire or b""), HarmonyError, "harmony"),
    "unsigned": (lambda it: answer(it), ZoneKeyRefusedError, "without a signature"),
    "overtaken, unsigned": (
        lambda it: answer(it, dns.rcode.NXRRSET), ZoneKeyRefusedError, "without a signature",
    ),
    "another secret": (
        lambda it: answer(it, key=OTHER), ZoneKeyRefusedError, "signed with another secret",
    ),
    "another key": (lambda it: answer(it, key=UNKNOWN), ZoneKeyRefusedError, "signed with another key"),
    "REFUSED": (lambda it: answer(it, dns.rcode.REFUSED, key=RING), ZoneRefusedError, "says REFUSED"),
    "REFUSED, unsigned": (lambda it: answer(it, dns.rcode.REFUSED), ZoneRefusedError, "says REFUSED"),
    "NOTAUTH": (lambda it: answer(it, dns.rcode.NOTAUTH), ZoneRefusedError, "not the primary"),
    "SERVFAIL": (
        lambda it: answer(it, dns.rcode.SERVFAIL, key=RING), ServiceUnreachableError, "its own log says why",
    ),
    "BADKEY": (
        lambda it: answer(it, dns.rcode.NOTAUTH, key=RING, error=dns.rcode.BADKEY),
        ZoneKeyRefusedError, "no key of that name",
    ),
    "BADTIME": (
        lambda it: answer(it, dns.rcode.NOTAUTH, key=RING, error=dns.rcode.BADTIME),
        ClocksApartError, "its clock is 0 s",
    ),
}  # fmt: skip


@pytest.mark.parametrize("asking", [update, transfer])
@pytest.mark.parametrize("say, kind, words", ODD.values(), ids=ODD)
def test_what_is_no_good_answer(
    asking: Asking[object], say: Say, kind: type[HarmonyError], words: str
) -> None:
    with pytest.raises(kind, match=words):
        asked(asking, say)


def test_an_update_that_was_taken_and_one_that_was_overtaken() -> None:
    assert asked(update, lambda it: answer(it, key=RING))
    for rcode in OVERTAKEN:
        assert not asked(update, partial(answer, rcode=rcode, key=RING))


def test_a_transfer_that_has_no_records() -> None:
    with pytest.raises(ServiceRefusedError, match="can't be read"):
        asked(transfer, lambda it: answer(it, key=RING))


def test_silence() -> None:
    with pytest.raises(ServiceUnreachableError, match="nothing for 0"):
        asked(update, lambda _: None, seconds=0.2)


def test_nobody() -> None:
    with pytest.raises(ServiceUnreachableError, match="Connection refused"):
        asyncio.run(update(Exchange("127.0.0.1", 1, KEY)))


@given(said=st.binary(max_size=80), framed_too=st.booleans())
def test_any_bytes_are_an_error_of_ours(said: bytes, framed_too: bool) -> None:
    asking: Asking[object]
    for asking in (update, transfer):
        with pytest.raises(HarmonyError):
            asked(asking, lambda _: framed(said) if framed_too else said)


@given(at=st.integers(0, 29), bit=st.integers(0, 7))
def test_a_bit_that_flipped(at: int, bit: int) -> None:
    """In the header or the question: all that a signature is of."""

    def flipped(message: dns.message.Message) -> bytes:
        said = bytearray(answer(message, key=RING))
        said[2 + at] ^= 1 << bit
        return bytes(said)

    with pytest.raises(HarmonyError):
        asked(update, flipped)


def test_a_key_is_not_shown() -> None:
    shown = repr(Exchange("127.0.0.1", 53, KEY))
    assert "0123456789" not in shown
    with pytest.raises(HarmonyError) as refused:
        asked(update, lambda it: answer(it, key=OTHER))
    assert "0123456789" not in str(refused.value)
