"""Fetches a boot program as firmware does, by tftpy, and hears what the network says meanwhile. To be
used in a thread that is in the station."""

from __future__ import annotations

import io
import logging
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import tftpy  # type: ignore[import-untyped]  # pyright: ignore[reportMissingTypeStubs]
from scapy.layers.inet import ICMP, IP, UDP
from scapy.layers.l2 import Ether

from provisioner.cli.doctor.observation import TftpEnd, TftpFetch
from provisioner.cli.doctor.tftp_trace import Came, Heard, Unreachable, end_of

_LARGE_BLOCKS = {"blksize": 1468, "tsize": 0}
"""As EDK2 and iPXE ask: what a packet of 1,500 bytes carries."""
_TIMEOUT = 1
_TRIES = 3
_LONGEST = 30.0
_SO_RCVBUFFORCE = 33
_ROOM = 2**22


class _TooLong(Exception):
    """Something came again and again, and the transfer got no further."""


def fetch(card: str, server: str, file: str) -> tuple[TftpFetch, ...]:
    """In large blocks; if that gets stuck also in small ones."""
    first = _fetched(card, server, file, plain=False)
    if first.end is not TftpEnd.CUT_OFF:
        return (first,)
    return first, _fetched(card, server, file, plain=True)


def _fetched(card: str, server: str, file: str, *, plain: bool) -> TftpFetch:
    logging.getLogger("tftpy").setLevel(logging.CRITICAL)  # what it says, the findings say
    content, end = io.BytesIO(), time.monotonic() + _LONGEST

    def hook(_: object) -> None:
        if time.monotonic() > end:
            raise _TooLong

    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0) as frames:
        frames.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, _ROOM)
        frames.bind((card, 0x0800))
        try:
            client: Any = tftpy.TftpClient(server, 69, {} if plain else dict(_LARGE_BLOCKS))
            client.download(file, content, packethook=hook, timeout=_TIMEOUT, retries=_TRIES)
        except (tftpy.TftpException, _TooLong, OSError) as error:
            found, words = end_of(_heard(frames, server), neighbour=_is_neighbour(server))
            return TftpFetch(server, file, found, words or _last_words(error, found), plain=plain)
    got = content.getvalue()
    return TftpFetch(server, file, TftpEnd.DONE, size=len(got), begins=got[:16], plain=plain)


def _last_words(error: Exception, end: TftpEnd) -> str:
    """An error that nothing on the wire explains."""
    return str(error) if end is TftpEnd.REFUSED or isinstance(error, OSError) else ""


def _heard(frames: socket.socket, server: str) -> Iterator[Heard]:
    """What has come meanwhile: TFTP packets of the server, ICMP of anybody."""
    frames.setblocking(False)
    while True:
        try:
            packet = Ether(frames.recv(65_535))
        except BlockingIOError:
            return
        if ICMP in packet and packet[ICMP].type == 3:
            yield Unreachable(packet[ICMP].code, packet[IP].src)
        elif UDP in packet and packet[IP].src == server and packet[UDP].sport not in (53, 67):
            yield _came(bytes(packet[UDP].payload))


def _came(payload: bytes) -> Came:
    opcode, code = (int.from_bytes(payload[at : at + 2], "big") for at in (0, 2))
    return Came(opcode, code, payload[4:].split(b"\0")[0].decode("ascii", "replace"))


def _is_neighbour(server: str) -> bool:
    """Whether anybody has answered for the address, or for the router's on the way there."""
    lines = Path("/proc/thread-self/net/arp").read_text().splitlines()[1:]
    known = {line.split()[0]: line.split()[2] != "0x0" for line in lines}
    return known.get(server, any(known.values()))
