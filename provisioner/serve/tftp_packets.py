"""Sends the datagrams of a transfer: a whole window by one system call where the kernel and the network
card can cut it into datagrams (UDP generic segmentation offload, Linux 4.18)."""

from __future__ import annotations

import errno
import socket
from collections.abc import Sequence

_SOL_UDP, _UDP_SEGMENT = 17, 103  # linux/udp.h; Python has no names for them
_MOST_SEGMENTS = 64
_MOST_BYTES = 65_000
_CANT_SEGMENT = frozenset(
    {errno.EINVAL, errno.EIO, errno.EMSGSIZE, errno.ENOPROTOOPT, errno.EOPNOTSUPP}
)
_NO_ROOM = frozenset({errno.EAGAIN, errno.ENOBUFS, errno.ENOMEM})


class Packets:
    """`segment` is the length of a full DATA packet. What there is no room for is lost, as on any
    network, and sent again in its time; any other hindrance is an OSError."""

    __slots__ = ("_at_once", "_udp")

    def __init__(self, udp: socket.socket, segment: int, window: int) -> None:
        self._udp = udp
        self._at_once = 1
        most = min(_MOST_SEGMENTS, _MOST_BYTES // segment, window)
        if most > 1:
            try:
                udp.setsockopt(_SOL_UDP, _UDP_SEGMENT, segment)
                self._at_once = most
            except OSError as error:
                if error.errno not in _CANT_SEGMENT:
                    raise

    def send(self, datagrams: Sequence[bytes]) -> None:
        """In this order. All but the last have the length of a full DATA packet."""
        try:
            if self._at_once > 1 and len(datagrams) > 1:
                self._send_segmented(datagrams)
            else:
                for datagram in datagrams:
                    self._udp.send(datagram, socket.MSG_DONTWAIT)
        except OSError as error:
            if error.errno not in _NO_ROOM:
                raise

    def _send_segmented(self, datagrams: Sequence[bytes]) -> None:
        for first in range(0, len(datagrams), self._at_once):
            part = datagrams[first : first + self._at_once]
            try:
                self._udp.sendmsg(part, (), socket.MSG_DONTWAIT)
            except OSError as error:
                if error.errno not in _CANT_SEGMENT:
                    raise
                self._at_once = 1
                self._udp.setsockopt(_SOL_UDP, _UDP_SEGMENT, 0)
                self.send(datagrams[first:])
                return
