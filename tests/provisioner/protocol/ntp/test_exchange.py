from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scapy.layers.ntp import NTPHeader

from provisioner.protocol.errors import MalformedNtpPacket
from provisioner.protocol.ntp.exchange import Told, question, told
from provisioner.protocol.ntp.packet import Mode, Packet, decode, encode, to_timestamp

pytestmark = pytest.mark.unit

COOKIE, NOW = 0x0123_4567_89AB_CDEF, 1_764_000_000.0


def answer(
    *,
    received: float = NOW,
    sent: float = NOW,
    leap: int = 0,
    stratum: int = 3,
    mode: int = Mode.SERVER,
    origin: int = COOKIE,
    reference_id: bytes = b"\x0a\x07\0\x02",
) -> bytes:
    return encode(
        Packet(
            leap=leap,
            mode=mode,
            stratum=stratum,
            reference_id=reference_id,
            origin=origin,
            receive=to_timestamp(received),
            transmit=to_timestamp(sent),
        )
    )


def test_scapy_reads_the_question() -> None:
    asked = NTPHeader(question(COOKIE))
    assert (asked.mode, asked.version, asked.stratum, len(question(COOKIE))) == (3, 4, 0, 48)
    assert decode(question(COOKIE)).transmit == COOKIE


@given(
    st.floats(-2e9, 2e9),
    st.floats(0, 3),
    st.floats(0, 3),
    st.floats(0, 1),
)
def test_the_offset_is_within_half_of_the_delay(
    ahead: float, way: float, back: float, taken: float
) -> None:
    """RFC 5905, section 8: whatever share of the delay each way has."""
    received = NOW + way + ahead
    heard = NOW + way + taken + back
    said = told(answer(received=received, sent=received + taken), COOKIE, NOW, heard)
    assert said is not None
    assert said.delay == pytest.approx(way + back, abs=1e-4)
    assert abs(said.offset - ahead) <= said.delay / 2 + 1e-4


@pytest.mark.parametrize(
    ("payload", "synchronized", "kiss"),
    [
        (answer(), True, ""),
        (answer(leap=1), True, ""),
        (answer(leap=3), False, ""),
        (answer(stratum=16), False, ""),
        (answer(stratum=0), False, ""),
        (answer(stratum=0, reference_id=b"INIT"), False, ""),
        (answer(stratum=0, reference_id=b"DENY"), False, "DENY"),
        (answer(stratum=0, reference_id=b"RATE"), False, "RATE"),
        (answer(stratum=1, reference_id=b"DENY"), True, ""),
    ],
)
def test_who_knows_the_time(payload: bytes, synchronized: bool, kiss: str) -> None:
    said = told(payload, COOKIE, NOW, NOW)
    assert said is not None
    assert (said.synchronized, said.kiss) == (synchronized, kiss)


@pytest.mark.parametrize("payload", [answer(origin=COOKIE + 1), answer(mode=Mode.CLIENT)])
def test_what_is_no_answer_to_us(payload: bytes) -> None:
    assert told(payload, COOKIE, NOW, NOW) is None


def test_an_answer_without_a_time() -> None:
    payload = encode(Packet(mode=Mode.SERVER, stratum=3, origin=COOKIE))
    with pytest.raises(MalformedNtpPacket, match="without a time"):
        told(payload, COOKIE, NOW, NOW)


@given(st.binary(max_size=100))
def test_any_bytes(payload: bytes) -> None:
    try:
        said = told(payload, COOKIE, NOW, NOW)
    except MalformedNtpPacket:
        return
    assert said is None or isinstance(said, Told)
