from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scapy.layers.ntp import NTPHeader

from provisioner.protocol.errors import MalformedNtpPacket
from provisioner.protocol.ntp.packet import (
    Mode,
    Packet,
    decode,
    encode,
    from_timestamp,
    to_timestamp,
)

pytestmark = pytest.mark.unit

small, words, timestamps = (
    st.integers(-128, 127),
    st.integers(0, 2**32 - 1),
    st.integers(0, 2**64 - 1),
)
packets = st.builds(
    Packet,
    leap=st.integers(0, 3),
    version=st.integers(0, 7),
    mode=st.integers(0, 7),
    stratum=st.integers(0, 255),
    poll=small,
    precision=small,
    root_delay=words,
    root_dispersion=words,
    reference_id=st.binary(min_size=4, max_size=4),
    reference=timestamps,
    origin=timestamps,
    receive=timestamps,
    transmit=timestamps,
)
unix = st.floats(-2_000_000_000, 20_000_000_000)


@given(packets)
def test_a_packet_comes_back_as_it_went(packet: Packet) -> None:
    assert decode(encode(packet)) == packet


@given(st.binary(max_size=120))
def test_any_bytes_are_a_packet_or_malformed(payload: bytes) -> None:
    try:
        packet = decode(payload)
    except MalformedNtpPacket:
        assert len(payload) < 48
    else:
        assert encode(packet) == payload[:48]


def test_scapy_reads_the_same() -> None:
    packet = Packet(
        leap=1,
        mode=Mode.SERVER,
        stratum=2,
        poll=6,
        precision=-23,
        root_delay=0x8000,
        reference_id=bytes([10, 7, 0, 2]),
        transmit=to_timestamp(1_700_000_000.5),
    )
    read = NTPHeader(encode(packet))
    assert (read.leap, read.version, read.mode, read.stratum, read.poll) == (1, 4, 4, 2, 6)
    assert (read.precision, read.delay, read.id) == (-23, 0.5, "10.7.0.2")
    assert read.sent == 1_700_000_000.5 + 2_208_988_800


@pytest.mark.parametrize(
    ("time", "timestamp"),
    [
        # RFC 5905, figure 4: the beginnings of Unix time and of era 1.
        (0.0, 2_208_988_800 << 32),
        (2_085_978_496.0, 0),
        (2_085_978_496.5, 1 << 31),
    ],
)
def test_timestamps(time: float, timestamp: int) -> None:
    assert to_timestamp(time) == timestamp
    assert from_timestamp(timestamp, near=time + 3600) == time


@given(unix, st.floats(-1_000_000_000, 1_000_000_000))
def test_a_time_comes_back_in_its_own_era(time: float, away: float) -> None:
    assert from_timestamp(to_timestamp(time), time + away) == pytest.approx(time, abs=1e-5)
