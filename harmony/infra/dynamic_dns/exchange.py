"""One message to a name server and what it answers, always by TCP and always signed.

By TCP even what would fit a datagram: an update that got lost isn't sent twice, no answer is truncated,
and a transfer needs it anyway.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import struct
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass

import dns.message
import dns.rcode
import dns.rdatatype
import dns.tsig
import dns.update
import dns.xfr
import dns.zone
from dns.rdtypes.ANY.TSIG import TSIG

from harmony.infra.dynamic_dns.refusals import (
    OVERTAKEN,
    UNREADABLE,
    Asked,
    clocks_apart,
    misread,
    refusal,
    unanswered,
    unsigned,
)
from harmony.infra.dynamic_dns.tsig_key import TsigKey

SECONDS = 30.0
"""For a whole exchange: a transfer of a hundred thousand records takes two or three."""
DNS_PORT = 53


@dataclass(frozen=True, slots=True)
class Exchange:
    """With the server at `address`. Every method raises what `refusals` make of the answer."""

    address: str
    port: int
    key: TsigKey
    seconds: float = SECONDS

    async def transfer(self, zone: dns.zone.Zone) -> None:
        """Makes the copy what the server has: whole if it is empty (AXFR), else by what is new (IXFR).
        After an error the copy is to be thrown away."""
        query, serial = dns.xfr.make_query(zone, keyring=self._keyring())
        kind = query.question[0].rdtype
        asked = self._asked("transfer", zone)
        async with self._asking(asked, query) as stream:
            with dns.xfr.Inbound(zone, kind, serial) as copy:
                answer, done = None, False
                while not done:
                    answer = _read(asked, query, await _next(stream), answer)
                    done = copy.process_message(answer)
            if answer is None or not answer.had_tsig:
                raise unsigned(asked)

    async def update(self, message: dns.update.UpdateMessage) -> bool:
        """False if a prerequisite didn't hold: nothing has changed then."""
        message.use_tsig(self._keyring())
        asked = self._asked("update", message)
        async with self._asking(asked, message) as stream:
            answer = _read(asked, message, await _next(stream), None)
        return answer.rcode() not in OVERTAKEN

    def _asked(self, verb: str, about: dns.zone.Zone | dns.update.UpdateMessage) -> Asked:
        zone = "" if about.origin is None else about.origin.to_text(omit_final_dot=True)
        port = "" if self.port == DNS_PORT else f":{self.port}"
        return Asked(f"{self.address}{port}", verb, zone, self.key.name)

    def _keyring(self) -> dns.tsig.Key:
        """Made where it is used: this class shows its secret to whoever prints it."""
        return dns.tsig.Key(self.key.name, self.key.secret, self.key.algorithm)

    @contextlib.asynccontextmanager
    async def _asking(
        self, asked: Asked, message: dns.message.Message
    ) -> AsyncGenerator[asyncio.StreamReader]:
        """The message is sent; what goes wrong until the block ends is told as an error of ours."""
        try:
            async with asyncio.timeout(self.seconds):
                reader, writer = await asyncio.open_connection(self.address, self.port)
                with contextlib.closing(writer):
                    writer.write(message.to_wire(prepend_length=True, max_size=65535))
                    await writer.drain()
                    yield reader
        except TimeoutError:
            raise unanswered(asked, f"nothing for {self.seconds:.0f} s") from None
        except OSError as error:
            raise unanswered(
                asked, os.strerror(error.errno) if error.errno else str(error)
            ) from error
        except EOFError:
            raise unanswered(asked, "it closed the connection") from None
        except UNREADABLE as error:
            raise misread(asked, error) from error


async def _next(stream: asyncio.StreamReader) -> bytes:
    """Raises EOFError."""
    (length,) = struct.unpack("!H", await stream.readexactly(2))
    return await stream.readexactly(length)


def _read(
    asked: Asked, query: dns.message.Message, wire: bytes, before: dns.message.Message | None
) -> dns.message.Message:
    """The answer, or one of its messages after `before`; it is the server's own, and not a refusal."""
    if before is None:
        _expect_signature(asked, wire)
    try:
        answer = _parsed(query, wire, before)
    except (dns.tsig.PeerBadTime, dns.tsig.BadTime):
        raise clocks_apart(asked, _ahead(wire)) from None
    if not query.is_response(answer) and not (before and answer.id == query.id):
        raise ValueError("it is one to something else")
    rcode = answer.rcode()
    if rcode != dns.rcode.NOERROR and not (asked.verb == "update" and rcode in OVERTAKEN):
        raise refusal(asked, rcode)
    return answer


def _expect_signature(asked: Asked, wire: bytes) -> None:
    """Of many messages the first and the last must have one. A refusal is taken at its word without."""
    answer = dns.message.from_wire(wire, keyring=False, ignore_trailing=True)
    if answer.tsig is None:
        rcode = answer.rcode()
        failed = rcode != dns.rcode.NOERROR and rcode not in OVERTAKEN
        raise refusal(asked, rcode) if failed else unsigned(asked)


def _parsed(
    query: dns.message.Message, wire: bytes, before: dns.message.Message | None
) -> dns.message.Message:
    update = isinstance(query, dns.update.UpdateMessage)
    return dns.message.from_wire(
        wire,
        keyring=query.keyring,
        request_mac=query.mac,
        xfr=not update,
        tsig_ctx=None if before is None else before.tsig_ctx,
        multi=not update,
        one_rr_per_rrset=not update and query.question[0].rdtype == dns.rdatatype.IXFR,
    )


def _ahead(wire: bytes) -> int | None:
    """By how much the server's clock is: it says its time in such an answer (RFC 8945, 5.2.3)."""
    try:
        answer = dns.message.from_wire(wire, keyring=False, ignore_trailing=True)
    except UNREADABLE:
        return None
    if answer.tsig is None:
        return None
    told: list[object] = list(answer.tsig)
    if not told or not isinstance(told[0], TSIG):
        return None
    said = int.from_bytes(told[0].other) if told[0].other else told[0].time_signed
    return said - int(time.time())
