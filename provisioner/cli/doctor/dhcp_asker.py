"""Asks for an address as several kinds of machines at once, and hears every answer. To be used in a
thread that is in the station."""

from __future__ import annotations

import secrets
import socket
import time
from collections.abc import Iterator
from itertools import pairwise

from scapy.layers.l2 import ARP, Ether

from provisioner.cli.doctor.observation import NOWHERE, Asked, Offer
from provisioner.cli.doctor.questions import (
    ACK,
    EVERYBODY,
    NAK,
    OFFER,
    discover,
    release,
    reply,
    request,
)

_AGAIN_AT = (0.0, 1.0, 3.0, 6.0)
_LATECOMERS = 1.5
"""Seconds for another server, once every question has an answer."""
_ACK_WITHIN = 4.0
_ARP_WITHIN = 0.7
_IPV4, _ARP_TYPE = 0x0800, 0x0806


class DhcpAsker:
    """On one card, as one MAC."""

    def __init__(self, card: str, mac: str) -> None:
        self._card = card
        self._mac = mac
        self._xids = {secrets.randbits(32): asked for asked in Asked}

    def offers(self, wait: float) -> tuple[Offer, ...]:
        """Every offer that came within `wait` seconds, or soon after all questions were answered."""
        found: list[Offer] = []
        with _frames(self._card, _IPV4) as frames:
            begun = time.monotonic()
            end = begun + wait
            times = [begun + at for at in _AGAIN_AT if at < wait] + [end]
            for at, until in pairwise(times):
                answered = {offer.asked for offer in found}
                for xid, asked in self._xids.items():
                    if asked not in answered:
                        frames.send(discover(asked, self._mac, xid, int(at - begun)))
                for kind, offer in self._replies(frames, begun, until):
                    if kind == OFFER and offer not in found:
                        found.append(offer)
                    if {one.asked for one in found} == set(Asked):
                        return self._latecomers(frames, begun, found)
        return tuple(found)

    def _latecomers(
        self, frames: socket.socket, begun: float, found: list[Offer]
    ) -> tuple[Offer, ...]:
        until = time.monotonic() + _LATECOMERS
        late = [one for kind, one in self._replies(frames, begun, until) if kind == OFFER]
        return (*found, *late)

    def takes(self, offer: Offer) -> bool:
        """Whether the server acknowledges that we take its offer."""
        (xid,) = [xid for xid, asked in self._xids.items() if asked is offer.asked]
        with _frames(self._card, _IPV4) as frames:
            begun = time.monotonic()
            for until in (begun + _ACK_WITHIN / 2, begun + _ACK_WITHIN):
                frames.send(request(offer, self._mac, xid))
                for kind, answer in self._replies(frames, begun, until):
                    if answer.server == offer.server and kind in (ACK, NAK):
                        return kind == ACK
        return False

    def gives_back(self, offer: Offer) -> None:
        """A RELEASE: nobody answers it (RFC 2131, 4.4.6)."""
        (xid,) = [xid for xid, asked in self._xids.items() if asked is offer.asked]
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own:
            own.bind((offer.address, 68))
            own.sendto(release(offer, self._mac, xid), (offer.server, 67))

    def owner_of(self, address: str) -> str:
        """The MAC of who says by ARP that the address is his, empty if nobody (RFC 5227, 2.1.1)."""
        probe = Ether(src=self._mac, dst=EVERYBODY) / ARP(
            op=1, hwsrc=self._mac, psrc=NOWHERE, pdst=address
        )
        with _frames(self._card, _ARP_TYPE) as frames:
            for _ in range(2):
                frames.send(bytes(probe))
                for frame in _heard(frames, time.monotonic() + _ARP_WITHIN):
                    answer = Ether(frame)
                    if ARP in answer and answer[ARP].psrc == address:
                        return str(answer[ARP].hwsrc)
        return ""

    def _replies(
        self, frames: socket.socket, begun: float, until: float
    ) -> Iterator[tuple[int, Offer]]:
        for frame in _heard(frames, until):
            told = reply(frame, self._xids, time.monotonic() - begun)
            if told is not None:
                yield told


def _frames(card: str, ethertype: int) -> socket.socket:
    opened = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    opened.bind((card, ethertype))
    return opened


def _heard(frames: socket.socket, until: float) -> Iterator[bytes]:
    while (left := until - time.monotonic()) > 0:
        frames.settimeout(left)
        try:
            yield frames.recv(65_535)
        except TimeoutError:
            return
