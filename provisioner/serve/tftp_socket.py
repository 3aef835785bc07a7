"""The sockets of the TFTP server: one for requests, one connected to each client."""

from __future__ import annotations

import contextlib
import socket
from ipaddress import IPv4Address

from provisioner.serve.bound_socket import bound_socket

_SO_SNDBUFFORCE, _SO_RCVBUFFORCE = 32, 33  # asm-generic/socket.h; Python has no names for them
_IP_MTU = 14  # linux/in.h
_RECEIVED = 4 << 20
"""Bytes of kernel memory: some thousands of requests that come at once."""
_SENT = 1 << 19
"""Several windows of the largest size."""
_LARGEST_DATAGRAM = 65_535


def request_socket(interface: str, address: IPv4Address, port: int) -> socket.socket:
    """For requests. Raises SocketNotBound or InterfaceMissing."""
    opened = bound_socket(socket.SOCK_DGRAM, interface, address, port, "TFTP")
    with contextlib.suppress(PermissionError):
        opened.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, _RECEIVED)
    return opened


def transfer_socket(
    interface: str,
    address: IPv4Address,
    peer: tuple[str, int],
    shared: socket.socket | None,
) -> tuple[socket.socket, list[tuple[bytes, tuple[str, int]]]]:
    """Connected to the client, on a port of its own or on that of the `shared` request socket, and what
    had come to it before it was connected. The kernel gives a connected socket what comes from its
    client, and the request socket the rest. Raises SocketNotBound, InterfaceMissing or OSError."""
    port = _opened_to_others(shared) if shared is not None else 0
    opened = bound_socket(
        socket.SOCK_DGRAM, interface, address, port, "TFTP", shared=shared is not None
    )
    try:
        opened.connect(peer)
        with contextlib.suppress(PermissionError):
            opened.setsockopt(socket.SOL_SOCKET, _SO_SNDBUFFORCE, _SENT)
        strays = _already_there(opened) if shared is not None else []
    except OSError:
        opened.close()
        raise
    return opened, strays


def mtu_of(connected: socket.socket) -> int:
    """Bytes of the largest IP packet on the path to the client, as far as the kernel knows it."""
    return connected.getsockopt(socket.IPPROTO_IP, _IP_MTU)


def _opened_to_others(requests: socket.socket) -> int:
    """Its port, to which others may be bound from now on. Not from the start: that would hide another
    server on it."""
    requests.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    port: int = requests.getsockname()[1]
    return port


def _already_there(opened: socket.socket) -> list[tuple[bytes, tuple[str, int]]]:
    found: list[tuple[bytes, tuple[str, int]]] = []
    with contextlib.suppress(BlockingIOError):
        while True:
            data, sender = opened.recvfrom(_LARGEST_DATAGRAM)
            found.append((data, sender))
    return found
