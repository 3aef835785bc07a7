"""Asks a name server one question from the jump host (RFC 1035), and says why where there is no answer.

By dnspython's codec on a connected socket: only that hears that the port is closed.
"""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Iterable, Sequence

import dns.asyncquery
import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
from dns.rdata import Rdata

from harmony.modules.preflight.name_answer import NameAnswer, Resolver, Silence
from harmony.modules.preflight.name_checks import RecordType

_TRIES = 3
_TRY_SECONDS = 1.2
_LARGEST = 65_535
_NO_ROUTE = (errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ENETDOWN)


async def ask_all(
    resolvers: Sequence[Resolver], names: Sequence[str], record: RecordType, port: int = 53
) -> tuple[NameAnswer, ...]:
    """Each resolver's answer to each name, in their order; all are asked at the same time."""
    asked = (ask(one, name, record, port) for name in names for one in resolvers)
    return tuple(await asyncio.gather(*asked))


async def ask(resolver: Resolver, name: str, record: RecordType, port: int = 53) -> NameAnswer:
    """Ends within four seconds."""
    silence = Silence.TIMED_OUT
    for _ in range(_TRIES):
        try:
            async with asyncio.timeout(_TRY_SECONDS):
                response = await _response(str(resolver), name, record, port)
        except TimeoutError:
            silence = Silence.TIMED_OUT
            continue
        except ConnectionRefusedError:
            return NameAnswer(resolver, name, silence=Silence.PORT_CLOSED)
        except dns.exception.DNSException:
            silence = Silence.NO_DNS
            continue
        except OSError as error:
            if error.errno not in _NO_ROUTE:
                raise
            return NameAnswer(resolver, name, silence=Silence.UNREACHABLE)
        return NameAnswer(
            resolver, name, dns.rcode.to_text(response.rcode()), _values(response, record)
        )
    return NameAnswer(resolver, name, silence=silence)


async def _response(server: str, name: str, record: RecordType, port: int) -> dns.message.Message:
    query = dns.message.make_query(name, record, use_edns=0, payload=1232)
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own:
        own.setblocking(False)
        await loop.sock_connect(own, (server, port))
        await loop.sock_sendall(own, query.to_wire())
        while True:
            response = dns.message.from_wire(await loop.sock_recv(own, _LARGEST))
            if query.is_response(response):
                break
            await asyncio.sleep(0)  # somebody else's: the others have their turn all the same
    if response.flags & dns.flags.TC:
        return await dns.asyncquery.tcp(query, server, port=port)
    return response


def _values(response: dns.message.Message, record: RecordType) -> tuple[str, ...]:
    wanted = dns.rdatatype.from_text(record)
    texts = (str(rdata) for one in response.answer if one.rdtype == wanted for rdata in _each(one))
    return tuple(sorted(text.removesuffix(".") for text in texts))


def _each(records: Iterable[Rdata]) -> Iterable[Rdata]:
    """An RRset is one of Rdata, and isn't typed so."""
    return records
