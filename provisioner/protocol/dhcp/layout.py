"""How the options of a reply are laid out: in which order, and where when there are too many.

What every client needs first comes first, then what the client asks for in its order (RFC 2132, 9.8),
then the rest, and the relay's information last (RFC 3046, 2.2). What doesn't fit into the size that the
client takes (9.10) goes into the fields `file` and `sname` where they are free (9.3); what doesn't fit
there is left out, the least needed first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from provisioner.protocol.dhcp.message import Message, Options
from provisioner.protocol.dhcp.options import OptionCode

_FIRST = (
    OptionCode.MESSAGE_TYPE,
    OptionCode.SERVER_IDENTIFIER,
    OptionCode.LEASE_TIME,
    OptionCode.RENEWAL_TIME,
    OptionCode.REBINDING_TIME,
    OptionCode.SUBNET_MASK,  # before the router: RFC 2132, 3.3
)
_MOST_NEEDED = (
    OptionCode.MESSAGE_TYPE,
    OptionCode.SERVER_IDENTIFIER,
    OptionCode.LEASE_TIME,
    OptionCode.SUBNET_MASK,
    OptionCode.RELAY_AGENT_INFORMATION,
    OptionCode.BOOT_FILE_NAME,
    OptionCode.VENDOR_CLASS,
    OptionCode.VENDOR_SPECIFIC,
    OptionCode.TFTP_SERVER_NAME,
    OptionCode.ETHERBOOT,
    OptionCode.ROUTER,
    OptionCode.DOMAIN_NAME_SERVER,
    OptionCode.HOST_NAME,
    OptionCode.RENEWAL_TIME,
    OptionCode.REBINDING_TIME,
    OptionCode.CLIENT_MACHINE_IDENTIFIER,
    OptionCode.CLIENT_IDENTIFIER,
)
_NEED = {int(code): at for at, code in enumerate(_MOST_NEEDED)}
_LEAST_SIZE = 576
_LARGEST_SIZE = 1500
_IP_AND_UDP = 28
_BEFORE_OPTIONS = 240
_END = 1
_LEAST_ROOM = _LEAST_SIZE - _IP_AND_UDP - _BEFORE_OPTIONS - _END
_MOST_AROUND = 4  # bytes of codes and lengths, of an option of at most two pieces
_OVERLOAD = 3
_FILE, _SNAME = 1, 2
_FIELDS = ((_FILE, 128), (_SNAME, 64))


class Layout(NamedTuple):
    """The options of the reply, and its fields `file` and `sname`."""

    options: Options
    file: bytes
    sname: bytes = b""


def laid_out(options: Options, file: bytes, asked: Message, mtu: int | None) -> Layout:
    """The layout of a reply to `asked` with these options and this boot file."""
    wanted = asked.option(OptionCode.PARAMETER_REQUEST_LIST) or b""
    ordered = _order(wanted, tuple([code for code, _ in options]))(options)
    values = len(b"".join([value for _, value in options]))
    if values + _MOST_AROUND * len(options) <= _LEAST_ROOM:
        return Layout(ordered, file)
    room = _room(asked, mtu)
    if sum(map(_size, ordered)) <= room:
        return Layout(ordered, file)
    return _spread(ordered, file, room - _OVERLOAD)


@lru_cache(maxsize=1024)
def _order(wanted: bytes, codes: tuple[int, ...]) -> Callable[[Options], Options]:
    """Puts options with these codes in order. There are few different lists of codes."""
    ranks = _ranks(wanted)
    places = sorted(range(len(codes)), key=lambda place: ranks[codes[place]])
    if len(places) < 2:
        return tuple
    return itemgetter(*places)


def _ranks(wanted: bytes) -> tuple[int, ...]:
    """The place of each option, by its code."""
    ranks = [len(wanted) + len(_FIRST)] * 256
    for at, code in reversed(tuple(enumerate(wanted, len(_FIRST)))):
        ranks[code] = at
    for at, code in enumerate(_FIRST):
        ranks[code] = at
    ranks[OptionCode.RELAY_AGENT_INFORMATION] = len(wanted) + len(_FIRST) + 1
    return tuple(ranks)


def _room(asked: Message, mtu: int | None) -> int:
    """Bytes for options: what the client takes, and no more than goes unfragmented."""
    said = int.from_bytes(asked.option(OptionCode.MAXIMUM_MESSAGE_SIZE) or b"")
    largest = max(_LEAST_SIZE, min(said, mtu or _LARGEST_SIZE))
    return largest - _IP_AND_UDP - _BEFORE_OPTIONS - _END


def _size(option: tuple[int, bytes]) -> int:
    """On the wire, in pieces of 255 bytes (RFC 3396)."""
    length = len(option[1])
    return length + 2 * max(1, -(-length // 255))


def _spread(ordered: Options, file: bytes, room: int) -> Layout:
    """Places are given by need, and kept in order within each field."""
    free = {field: size - _END for field, size in _FIELDS if not (field == _FILE and file)}
    free = {0: room, **free}
    placed: dict[int, int] = {}
    for option in sorted(ordered, key=lambda option: _NEED.get(option[0], len(_NEED))):
        place = next((at for at, left in free.items() if _size(option) <= left), None)
        if place is not None:
            free[place] -= _size(option)
            placed[option[0]] = place
    in_field = [tuple(one for one in ordered if placed.get(one[0]) == at) for at in (0, 1, 2)]
    overload = (_FILE if in_field[_FILE] else 0) | (_SNAME if in_field[_SNAME] else 0)
    if not overload:
        return Layout(in_field[0], file)
    said = (OptionCode.OVERLOAD, bytes([overload]))
    head = (*in_field[0][:1], said, *in_field[0][1:])
    names = file if file else _field(in_field[_FILE])
    return Layout(head, names, _field(in_field[_SNAME]))


def _field(options: Sequence[tuple[int, bytes]]) -> bytes:
    """One of the overloaded fields; short options only, in one piece each."""
    if not options:
        return b""
    pieces = (bytes((code, len(value))) + value for code, value in options)
    return b"".join(pieces) + bytes([OptionCode.END])
