"""One question and its answer, by which two clocks are compared (RFC 5905, 8 and, for SNTP, 14)."""

from __future__ import annotations

from dataclasses import dataclass

from provisioner.protocol.errors import MalformedNtpPacket
from provisioner.protocol.ntp.packet import (
    NOT_SYNCHRONIZED,
    UNSYNCHRONIZED_STRATUM,
    Mode,
    Packet,
    decode,
    encode,
    from_timestamp,
)

_REFUSALS = (b"DENY", b"RSTR", b"RATE")
"""Of the codes of RFC 5905, figure 13: others, such as INIT, say that its clock isn't set yet."""


@dataclass(frozen=True, slots=True)
class Told:
    """`offset` is by how many seconds the server is ahead of us, give or take half of `delay`. `kiss` is
    the code of a server that refuses (RFC 5905, 7.4), such as DENY or RATE: its times mean nothing then,
    as they do if it is not `synchronized`."""

    offset: float
    delay: float
    stratum: int
    synchronized: bool
    kiss: str = ""


def question(cookie: int) -> bytes:
    """What is asked. The answer repeats the cookie, 64 random bits: our time is nobody's business."""
    return encode(Packet(transmit=cookie))


def told(payload: bytes, cookie: int, asked: float, heard: float) -> Told | None:
    """What an answer says; None if it is to another question. The times, by our clock, are those at which
    we asked and heard. Raises MalformedNtpPacket."""
    packet = decode(payload)
    if packet.mode != Mode.SERVER or packet.origin != cookie:
        return None
    if packet.stratum == 0 and packet.reference_id in _REFUSALS:
        kiss = packet.reference_id.decode("ascii")
        return Told(0.0, heard - asked, 0, synchronized=False, kiss=kiss)
    if not packet.transmit:
        raise MalformedNtpPacket("an answer without a time")
    received = from_timestamp(packet.receive, asked)
    sent = from_timestamp(packet.transmit, heard)
    return Told(
        ((received - asked) + (sent - heard)) / 2,
        max(0.0, (heard - asked) - (sent - received)),
        packet.stratum,
        packet.leap != NOT_SYNCHRONIZED and 0 < packet.stratum < UNSYNCHRONIZED_STRATUM,
    )
