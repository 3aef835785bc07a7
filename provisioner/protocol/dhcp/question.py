"""What a rule sees: the question that one message asks of one link, and the draft of its reply."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum, auto
from ipaddress import IPv4Address
from typing import TypeAlias

from provisioner.protocol.dhcp.client import Client
from provisioner.protocol.dhcp.decision import Drop, Reason
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
    """Everything the answer may depend on. `now` in epoch seconds."""

    message: Message
    stage: Stage
    client: Client
    link: Link
    leases: LeaseTable
    now: float

    @property
    def reservation(self) -> Reservation | None:
        """What is declared of the client's MAC; None when it isn't declared."""
        return self.link.reservations.get(self.client.mac)

    @property
    def record(self) -> Lease | None:
        """What the lease table has on the client's MAC, be it expired."""
        return self.leases.lease_of(self.client.mac)

    @property
    def has_running_lease(self) -> bool:
        return self.record is not None and self.record.expires > self.now

    @property
    def claim(self) -> IPv4Address | None:
        """The address the client says it has or wants."""
        if self.message.ciaddr != UNSPECIFIED:
            return self.message.ciaddr
        return self.message.address_option(OptionCode.REQUESTED_ADDRESS)

    def asks_for(self, code: OptionCode) -> bool:
        """Whether the client wants the option; one without a parameter request list wants all."""
        wanted = self.message.option(OptionCode.PARAMETER_REQUEST_LIST)
        return wanted is None or code in wanted


@dataclass(frozen=True, slots=True)
class ReplyDraft:
    """The reply as far as the rules before have written it."""

    address: IPv4Address | None = None
    reason: Reason = Reason.INFORMED
    next_server: IPv4Address = UNSPECIFIED
    boot_file: bytes = b""
    options: Options = ()

    def with_address(self, address: IPv4Address, reason: Reason) -> ReplyDraft:
        return replace(self, address=address, reason=reason)

    def with_option(self, code: OptionCode, value: bytes) -> ReplyDraft:
        return replace(self, options=(*self.options, (code, value)))


@dataclass(frozen=True, slots=True)
class Refusal:
    """The client must not use the address it claims: a DHCPNAK, where one may be sent."""

    reason: Reason


Rule: TypeAlias = Callable[[Question, ReplyDraft], ReplyDraft | Refusal | Drop]
