"""Sockets that serve one interface and no other."""

from __future__ import annotations

import errno
import socket
from ipaddress import IPv4Address

from provisioner.serve.errors import InterfaceMissing, SocketNotBound

_BACKLOG = 4096
"""A rack that powers on at once; the kernel keeps to net.core.somaxconn."""
_NAMES = {socket.SOCK_DGRAM: "UDP", socket.SOCK_STREAM: "TCP"}


def bound_socket(
    kind: socket.SocketKind,
    interface: str,
    address: IPv4Address,
    port: int,
    service: str,
    *,
    shared: bool = False,
) -> socket.socket:
    """A non-blocking IPv4 socket on the interface only, bound to the address and port; TCP ones
    listen. Several UDP ones may be bound to one port if each is `shared`.

    `service` names it in errors. Raises SocketNotBound or InterfaceMissing, in one line each.
    """
    opened = socket.socket(socket.AF_INET, kind)
    try:
        opened.setblocking(False)
        if shared or kind is socket.SOCK_STREAM:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, interface.encode() + b"\0")
        opened.bind((str(address), port))
        if kind is socket.SOCK_STREAM:
            opened.listen(_BACKLOG)
    except OSError as error:
        opened.close()
        where = f"{service}: {_NAMES[kind]} port {port} of {address} on {interface}"
        raise _named(error, where, interface) from None
    return opened


def _named(error: OSError, where: str, interface: str) -> SocketNotBound | InterfaceMissing:
    if error.errno == errno.ENODEV:
        return InterfaceMissing(f"{where}: interface {interface} doesn't exist")
    if error.errno == errno.EADDRINUSE:
        return SocketNotBound(f"{where} is in use by another program")
    if error.errno == errno.EADDRNOTAVAIL:
        return SocketNotBound(f"{where}: no interface of this machine has that address")
    if error.errno in (errno.EACCES, errno.EPERM):
        return SocketNotBound(f"{where}: opening it isn't permitted (root opens it)")
    return SocketNotBound(f"{where}: {error.strerror}")
