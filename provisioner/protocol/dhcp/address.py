"""Rules about which address a client gets: the first that knows one wins, and a REQUEST must
agree with it.

Addresses are by MAC alone: firmware, iPXE and the installed system of one machine send different
client identifiers, and the machine must keep its address through all of them.
"""

from __future__ import annotations

from hashlib import sha256
from ipaddress import IPv4Address

from provisioner.protocol.dhcp.decision import Drop, Reason
from provisioner.protocol.dhcp.link import Pool
from provisioner.protocol.dhcp.question import Question, Refusal, ReplyDraft, Stage


def renewal(question: Question, draft: ReplyDraft) -> ReplyDraft:
    """A running client keeps its address, also when a reservation for it has been declared since:
    it may be in the middle of its installation. It gets the reserved one when it next boots."""
    record = question.record
    if (
        question.stage is Stage.RENEWING
        and record is not None
        and record.address == question.claim
        and _could_have(question, record.address)
    ):
        return draft.with_address(record.address, Reason.RENEWED)
    return draft


def reservation(question: Question, draft: ReplyDraft) -> ReplyDraft | Drop:
    """The declared address, unless it was just found in use by somebody else."""
    declared = question.reservation
    if draft.address is not None or declared is None or declared.address is None:
        return draft
    if question.stage is Stage.INFORMING:
        return draft
    if question.leases.declined_until(declared.address) > question.now:
        return Drop(Reason.ADDRESS_DISPUTED, str(declared.address))
    return draft.with_address(declared.address, Reason.RESERVED)


def address_before(question: Question, draft: ReplyDraft) -> ReplyDraft:
    """The address on record for the MAC, while the pool still has it and nobody else does."""
    record, pool = question.record, question.link.pool
    if draft.address is not None or record is None or pool is None:
        return draft
    if question.stage is Stage.INFORMING or record.address not in pool:
        return draft
    if not _could_have(question, record.address):
        return draft
    return draft.with_address(record.address, Reason.LEASED_BEFORE)


def pool(question: Question, draft: ReplyDraft) -> ReplyDraft | Drop:
    """A free address: the one wished for, else one that nobody has had, else the longest
    expired."""
    addresses = question.link.pool
    if draft.address is not None or question.stage is Stage.INFORMING:
        return draft
    if addresses is None:
        return Drop(Reason.NO_POOL)
    wish = question.claim
    if wish is not None and wish in addresses and _is_fresh(question, wish):
        return draft.with_address(wish, Reason.FROM_POOL)
    found = _search(question, addresses)
    if found is None:
        return Drop(Reason.POOL_EXHAUSTED)
    return draft.with_address(found, Reason.FROM_POOL)


def agreement(question: Question, draft: ReplyDraft) -> ReplyDraft | Refusal | Drop:
    """A REQUEST must name the address that the rules before came to. A client of which nothing is
    declared or on record, and that didn't choose us, gets silence (RFC 2131, 4.3.2,
    INIT-REBOOT)."""
    if question.stage in (Stage.DISCOVERING, Stage.INFORMING):
        return draft
    on_record = question.reservation is not None or question.record is not None
    if question.stage is not Stage.SELECTING and not on_record:
        return Drop(Reason.NOTHING_ON_RECORD, str(question.claim))
    if question.claim != draft.address:
        return Refusal(Reason.NOT_ITS_ADDRESS)
    return draft


def _search(question: Question, addresses: Pool) -> IPv4Address | None:
    """From a place in the pool that follows from the MAC, so that a machine tends to get the same
    address even from a server that has forgotten everything."""
    size = len(addresses)
    start = int.from_bytes(sha256(question.client.mac.encode()).digest()[:8]) % size
    oldest: tuple[float, IPv4Address] | None = None
    for step in range(size):
        candidate = addresses.first + (start + step) % size
        if not _could_have(question, candidate):
            continue
        holder = question.leases.holder(candidate)
        if holder is None:
            return candidate
        if oldest is None or (holder.expires, candidate) < oldest:
            oldest = (holder.expires, candidate)
    return oldest[1] if oldest is not None else None


def _is_fresh(question: Question, address: IPv4Address) -> bool:
    """Whether the address could be had without taking it from anybody's record."""
    return question.leases.holder(address) is None and _could_have(question, address)


def _could_have(question: Question, address: IPv4Address) -> bool:
    own = question.reservation.address if question.reservation is not None else None
    return (
        address in question.link.subnet
        and (address == own or address not in question.link.never_leased)
        and question.leases.is_free(address, question.client.mac, question.now)
    )
