"""Reservations of a client whose MAC nobody declared: by what it says, or by where it is plugged in.

| known by          | option | gets                                            |
| ----------------- | ------ | ----------------------------------------------- |
| MAC               |        | its address and name                            |
| client identifier | 61     | its address and name                            |
| system UUID       | 97     | its address and name                            |
| switch port       | 82     | its address: the machine may be another one     |
| its own record    |        | the address that one of the three above got it  |

The first that fits counts. Several clients can say the same (clones), or share a port (a BMC and its
machine): what another MAC has, and has not missed to renew, is not given. By its record a machine keeps
the address through the stages of its boot: its firmware says a UUID, its operating system doesn't.
"""

from __future__ import annotations

from collections.abc import Iterator

from provisioner.protocol.dhcp.client import Client
from provisioner.protocol.dhcp.lease import LeaseTable
from provisioner.protocol.dhcp.link import Identities, Link, Reservation
from provisioner.protocol.dhcp.message import Message
from provisioner.protocol.dhcp.options import OptionCode
from provisioner.protocol.dhcp.relay_information import SubOption, sub_option


def reservation_of(
    message: Message, client: Client, link: Link, leases: LeaseTable, now: float
) -> Reservation | None:
    """What is declared of the client, by whatever it is known."""
    by_mac = link.reservations.get(client.mac)
    if by_mac is not None or link.identities is None:
        return by_mac
    for found in _found(message, client, link.identities, leases):
        if found.address is None or is_left(int(found.address), client.mac, link, leases, now):
            return found
    return None


def _found(
    message: Message, client: Client, identities: Identities, leases: LeaseTable
) -> Iterator[Reservation]:
    client_id = message.option(OptionCode.CLIENT_IDENTIFIER)
    if client_id is not None and client_id in identities.by_client_id:
        yield identities.by_client_id[client_id]
    if client.uuid is not None and client.uuid in identities.by_uuid:
        yield identities.by_uuid[client.uuid]
    circuit = sub_option(message, SubOption.CIRCUIT_ID)
    if circuit is not None:
        for port in ((circuit, sub_option(message, SubOption.REMOTE_ID)), (circuit, None)):
            if port in identities.by_port:
                yield identities.by_port[port]
    record = leases.lease_of(client.mac)
    if record is not None and int(record.address) in identities.by_number:
        yield identities.by_number[int(record.address)]


def is_left(number: int, mac: str, link: Link, leases: LeaseTable, now: float) -> bool:
    """Whether no other MAC goes on with the address: it renews at half of its lease (RFC 2131, 4.4.5)."""
    holder, offer = leases.holder_of(number), leases.offer_of(number)
    if offer is not None and offer.mac != mac and offer.expires > now:
        return False
    return holder is None or holder.mac == mac or holder.expires - now < link.lease_time / 2
