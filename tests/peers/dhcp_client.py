"""A DHCP client made of scapy: it asks until it is answered, as firmware does."""

from __future__ import annotations

import random
import socket
import time
from dataclasses import dataclass
from typing import Any

from scapy.layers.dhcp import BOOTP, DHCP
from scapy.layers.inet import IP, UDP
from scapy.layers.l2 import Ether

_TRIES = 120
_WAIT_SECONDS = 0.5
_PARAMETERS = [1, 3, 6, 12, 15, 26, 43, 60, 66, 67, 175]
_KINDS = {"discover": 2, "request": 5}


@dataclass(frozen=True, slots=True)
class Leased:
    """`server` is where the boot file is; `router` is empty where none is told."""

    address: str
    server: str
    boot_file: str
    router: str = ""


class DhcpClient:
    """To be used in a thread that is in the machine's namespace. `arch` is option 93."""

    def __init__(
        self, interface: str, mac: str, options: dict[str, bytes], arch: int | None
    ) -> None:
        self._interface = interface
        self._mac = mac
        self._xid = random.getrandbits(32)
        self._options: list[Any] = [*options.items(), ("param_req_list", _PARAMETERS)]
        if arch is not None:
            self._options += [(93, arch.to_bytes(2, "big")), (97, bytes(17))]

    def discover(self) -> Any:
        """The offer."""
        return self._answer_to("discover", [])

    def request(self, offer: Any) -> Leased:
        """Takes the offer."""
        chosen = [
            ("requested_addr", offer[BOOTP].yiaddr),
            ("server_id", _option(offer, "server_id")),
        ]
        ack = self._answer_to("request", chosen)
        boot_file = ack[BOOTP].file.rstrip(b"\0").decode()
        return Leased(
            address=ack[BOOTP].yiaddr,
            server=ack[BOOTP].siaddr,
            boot_file=boot_file or _text(_option(ack, "boot-file-name")),
            router=_text(_option(ack, "router")),
        )

    def _answer_to(self, kind: str, more: list[Any]) -> Any:
        own = bytes.fromhex(self._mac.replace(":", ""))
        question = (
            Ether(src=self._mac, dst="ff:ff:ff:ff:ff:ff")
            / IP(src="0.0.0.0", dst="255.255.255.255")
            / UDP(sport=68, dport=67)
            / BOOTP(chaddr=own + bytes(10), xid=self._xid, flags=0x8000)
            / DHCP(options=[("message-type", kind), *more, *self._options, "end"])
        )
        with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0800)) as frames:
            frames.bind((self._interface, 0x0800))
            for _ in range(_TRIES):
                frames.send(bytes(question))
                answer = self._heard(frames, _KINDS[kind])
                if answer is not None:
                    return answer
        raise AssertionError(f"no answer to the {kind} of {self._mac}")

    def _heard(self, frames: socket.socket, kind: int) -> Any:
        deadline = time.monotonic() + _WAIT_SECONDS
        while (remaining := deadline - time.monotonic()) > 0:
            frames.settimeout(remaining)
            try:
                frame = Ether(frames.recv(4096))
            except TimeoutError:
                return None
            if BOOTP not in frame or frame[BOOTP].op != 2 or frame[BOOTP].xid != self._xid:
                continue
            if _option(frame, "message-type") == kind:
                return frame
        return None


def _option(frame: Any, name: str) -> Any:
    return next((one[1] for one in frame[DHCP].options if one[0] == name), None)


def _text(value: Any) -> str:
    return value.rstrip(b"\0").decode() if isinstance(value, bytes) else str(value or "")
