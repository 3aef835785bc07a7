"""What a rule sees: the question that one message asks of one link, and the draft of its reply."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from ipaddress import IPv4Address
from typing import NamedTuple, TypeAlias

from provisioner.protocol.dhcp.client import Client
from provisioner.protocol.dhcp.decision import Drop, Reason
from provisioner.protocol.dhcp.identity import reservation_of
from provisioner.protocol.dhcp.lease import Lease, LeaseTable
from provisioner.protocol.dhcp.link import Link, Reservation
from provisioner.protocol.dhcp.message import UNSPECIFIED, Message, Options
from provisioner.protocol.dhcp.options import OptionCode


class Stage(Enum):
    """What the client is at (RFC 2131, 4.3.2; INFORM 4.3.5). RENEWING includes REBINDING."""

    DISCOVERING = auto()
    SELECTING = auto()
    REBOOTING = auto()
    RENEWING = auto()
    INFORMING = auto()


@dataclass(frozen=True, slots=True)
class Question:
    """Everything the answer may depend on. `now` in epoch seconds. `reservation` is what is declared of
    the client; `record` what the lease table has on it, be it expired."""

    message: Message
    stage: Stage
    client: Client
    link: Link
    leases: LeaseTable
    now: float
    reservation: Reservation | None = field(init=False)
    record: Lease | None = field(init=False)

    def __post_init__(self) -> None:
        client = self.client
        declared = reservation_of(self.message, client, self.link, self.leases, self.now)
        object.__setattr__(self, "reservation", declared)
        object.__setattr__(self, "record", self.leases.lease_of(client.mac))

    @property
    def has_running_lease(self) -> bool:
        return self.record is not None and self.record.expires > self.now

    @property
    def claim(self) -> IPv4Address | None:
        """The address the client says it has or wants."""
        if self.message.ciaddr != UNSPECIFIED:
            return self.message.ciaddr
        return self.message.address_option(OptionCode.REQUESTED_ADDRESS)


class ReplyDraft(NamedTuple):
    """The reply as far as the rules before have written it."""

    address: IPv4Address | None = None
    reason: Reason = Reason.INFORMED
    next_server: IPv4Address = UNSPECIFIED
    boot_file: bytes = b""
    options: Options = ()

    def with_address(self, address: IPv4Address, reason: Reason) -> ReplyDraft:
        return ReplyDraft(address, reason, self.next_server, self.boot_file, self.options)

    def with_option(self, code: OptionCode, value: bytes) -> ReplyDraft:
        return self.with_options(((code, value),))

    def with_options(self, more: Options) -> ReplyDraft:
        options = self.options + more
        return ReplyDraft(self.address, self.reason, self.next_server, self.boot_file, options)


@dataclass(frozen=True, slots=True)
class Refusal:
    """The client must not use the address it claims: a DHCPNAK, where one may be sent."""

    reason: Reason


Rule: TypeAlias = Callable[[Question, ReplyDraft], ReplyDraft | Refusal | Drop]
