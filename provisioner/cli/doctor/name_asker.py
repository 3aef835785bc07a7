"""Asks a name server by scapy's codec (RFC 1035). To be used in a thread that is in the station."""

from __future__ import annotations

import secrets
import socket
import struct
import time
from ipaddress import IPv4Address
from typing import Any

from scapy.layers.dns import DNS, DNSQR

from provisioner.cli.doctor.observation import NameAnswer

_TRIES = 3
_TIMEOUT = 1.0
_CODES = ("NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED")


def ask(server: str, name: str, wanted: str = "") -> NameAnswer:
    """The IPv4 addresses of the name, which should be `wanted`; any answer, where that is empty."""
    query: Any = DNS(id=secrets.randbits(16), rd=1, qd=DNSQR(qname=name, qtype="A"))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own:
        for _ in range(_TRIES):
            try:
                own.connect((server, 53))
                own.send(bytes(query))
                answer = _answer_to(query.id, own)
            except OSError:
                time.sleep(_TIMEOUT / 4)  # refused, or no route
                continue
            if answer is not None:
                code = _code(int(answer.rcode))
                return NameAnswer(server, name, code, _addresses(answer), wanted)
    return NameAnswer(server, name, "", (), wanted)


def own_name(server: str) -> str:
    """A name that every name server has some answer to: the reverse one of its own address."""
    return IPv4Address(server).reverse_pointer


def _code(number: int) -> str:
    return _CODES[number] if number < len(_CODES) else str(number)


def _answer_to(query_id: int, own: socket.socket) -> Any:
    """None if none came in time."""
    until = time.monotonic() + _TIMEOUT
    while (left := until - time.monotonic()) > 0:
        own.settimeout(left)
        try:
            answer: Any = DNS(own.recv(65_535))
        except TimeoutError:
            return None
        except (ValueError, IndexError, struct.error):
            continue
        if answer.qr and answer.id == query_id:
            return answer
    return None


def _addresses(answer: Any) -> tuple[str, ...]:
    records: list[Any] = list(answer.an or ())
    return tuple(str(one.rdata) for one in records if getattr(one, "type", 0) == 1)
