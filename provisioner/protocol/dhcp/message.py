"""The DHCP message and its codec (RFC 2131, section 2; options RFC 2132, long ones RFC 3396).

Decoding is total: any bytes give a `Message` or raise `MalformedDhcpMessage`. Encoding writes
what was given, in its order, pads to 300 bytes (BOOTP relays and old ROMs drop less) and never
overloads.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import IPv4Address

from provisioner.protocol.dhcp.options import MessageType, Operation, OptionCode
from provisioner.protocol.errors import MalformedDhcpMessage

_HEADER = struct.Struct("!BBBBIHH4s4s4s4s16s64s128s")
_MAGIC = b"\x63\x82\x53\x63"
_SMALLEST = 300
_LONGEST_PIECE = 255
BROADCAST_FLAG = 0x8000
_PAD, _END = int(OptionCode.PAD), int(OptionCode.END)
_FILE_HAS_OPTIONS = 1
_SNAME_HAS_OPTIONS = 2
ETHERNET = 1
UNSPECIFIED = IPv4Address(0)

# Options that are of one size in every RFC. A wrong one makes the whole message malformed, so
# that no decision ever reads half an address.
_FIXED_SIZES = {
    OptionCode.REQUESTED_ADDRESS: 4,
    OptionCode.LEASE_TIME: 4,
    OptionCode.MESSAGE_TYPE: 1,
    OptionCode.SERVER_IDENTIFIER: 4,
    OptionCode.MAXIMUM_MESSAGE_SIZE: 2,
}

Options = tuple[tuple[int, bytes], ...]


@dataclass(frozen=True, slots=True)
class Message:
    """A DHCP message. `options` has every code once, in the order of its first piece. `sname` and
    `file` end at their first NUL; `chaddr` is as long as `hlen` said."""

    op: Operation
    xid: int
    chaddr: bytes
    options: Options
    htype: int = ETHERNET
    hops: int = 0
    secs: int = 0
    flags: int = 0
    ciaddr: IPv4Address = UNSPECIFIED
    yiaddr: IPv4Address = UNSPECIFIED
    siaddr: IPv4Address = UNSPECIFIED
    giaddr: IPv4Address = UNSPECIFIED
    sname: bytes = b""
    file: bytes = b""
    _values: dict[int, bytes] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_values", dict(self.options))

    def option(self, code: int) -> bytes | None:
        """The option's value, whole."""
        return self._values.get(code)

    def address_option(self, code: int) -> IPv4Address | None:
        """The value of an option that is one address; None if absent or of another size."""
        value = self._values.get(code)
        return IPv4Address(value) if value is not None and len(value) == 4 else None

    @property
    def message_type(self) -> MessageType | None:
        """Option 53; None for BOOTP and for numbers that RFC 2132 doesn't have."""
        return _MESSAGE_TYPES.get(self._values.get(OptionCode.MESSAGE_TYPE))

    @property
    def wants_broadcast(self) -> bool:
        """The BROADCAST flag (RFC 2131, figure 2)."""
        return bool(self.flags & BROADCAST_FLAG)

    @property
    def mac(self) -> str | None:
        """`chaddr` in the project's spelling; None when it is no Ethernet address."""
        if self.htype != ETHERNET or len(self.chaddr) != 6:
            return None
        return self.chaddr.hex(":")


_MESSAGE_TYPES: dict[bytes | None, MessageType] = {bytes([kind]): kind for kind in MessageType}
_OPERATIONS = {int(operation): operation for operation in Operation}


def decode(data: bytes) -> Message:
    """The message in a datagram's payload. Raises MalformedDhcpMessage for anything else."""
    start = _HEADER.size + len(_MAGIC)
    if len(data) < start:
        raise MalformedDhcpMessage(f"{len(data)} bytes are too few for a DHCP message")
    if data[_HEADER.size : start] != _MAGIC:
        raise MalformedDhcpMessage("the magic cookie of RFC 2131 is missing")
    op, htype, hlen, hops, xid, secs, flags, ci, yi, si, gi, chaddr, sname, file = (
        _HEADER.unpack_from(data)
    )
    if op not in (Operation.BOOTREQUEST, Operation.BOOTREPLY):
        raise MalformedDhcpMessage(f"op is {op}")
    if hlen > len(chaddr):
        raise MalformedDhcpMessage(f"hlen is {hlen}")
    options, sname, file = _all_options(data[start:], sname, file)
    return Message(
        op=_OPERATIONS[op],
        xid=xid,
        chaddr=chaddr[:hlen],
        options=options,
        htype=htype,
        hops=hops,
        secs=secs,
        flags=flags,
        ciaddr=_address(ci),
        yiaddr=_address(yi),
        siaddr=_address(si),
        giaddr=_address(gi),
        sname=sname.partition(b"\0")[0],
        file=file.partition(b"\0")[0],
    )


@lru_cache(1024)
def _address(packed: bytes) -> IPv4Address:
    """Few are met often: none, a relay's, our own."""
    return IPv4Address(packed)


def _all_options(field: bytes, sname: bytes, file: bytes) -> tuple[Options, bytes, bytes]:
    """The options of the three fields that can hold them, in RFC 3396's order, and the fields
    that don't."""
    pieces: dict[int, bytes] = {}
    _collect(field, pieces)
    overload = pieces.pop(OptionCode.OVERLOAD, b"\0")
    if len(overload) != 1 or overload[0] > (_FILE_HAS_OPTIONS | _SNAME_HAS_OPTIONS):
        raise MalformedDhcpMessage(f"option 52 is {overload.hex()}")
    if overload[0] & _FILE_HAS_OPTIONS:
        _collect(file, pieces)
        file = b""
    if overload[0] & _SNAME_HAS_OPTIONS:
        _collect(sname, pieces)
        sname = b""
    pieces.pop(OptionCode.OVERLOAD, None)
    for code, size in _FIXED_SIZES.items():
        if code in pieces and len(pieces[code]) != size:
            raise MalformedDhcpMessage(f"option {code} is {len(pieces[code])} bytes long")
    return tuple(pieces.items()), sname, file


def _collect(data: bytes, pieces: dict[int, bytes]) -> None:
    """Add the field's options; pieces of one option are one value (RFC 3396, section 7)."""
    at, end = 0, len(data)
    while at < end:
        code = data[at]
        at += 1
        if code == _PAD:
            continue
        if code == _END:
            return
        if at == end or at + 1 + data[at] > end:
            raise MalformedDhcpMessage(f"option {code} runs past the end")
        after = at + 1 + data[at]
        value = data[at + 1 : after]
        pieces[code] = pieces[code] + value if code in pieces else value
        at = after


def encode(message: Message) -> bytes:
    """The datagram's payload. `sname`, `file` and `chaddr` must fit their fields."""
    header = _HEADER.pack(
        message.op,
        message.htype,
        len(message.chaddr),
        message.hops,
        message.xid,
        message.secs,
        message.flags,
        _packed(message.ciaddr),
        _packed(message.yiaddr),
        _packed(message.siaddr),
        _packed(message.giaddr),
        message.chaddr,
        message.sname,
        message.file,
    )
    written = bytearray(header + _MAGIC)
    for code, value in message.options:
        _write_option(code, value, written)
    written.append(OptionCode.END)
    return bytes(written.ljust(_SMALLEST, b"\0"))


def _packed(address: IPv4Address) -> bytes:
    return int(address).to_bytes(4)


def _write_option(code: int, value: bytes, to: bytearray) -> None:
    """One option, in as many pieces as RFC 3396 needs."""
    rest = value
    while len(rest) > _LONGEST_PIECE:
        to += bytes((code, _LONGEST_PIECE)) + rest[:_LONGEST_PIECE]
        rest = rest[_LONGEST_PIECE:]
    to.append(code)
    to.append(len(rest))
    to += rest
