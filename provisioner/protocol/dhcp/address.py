"""Rules about which address a client gets: the first that knows one wins, and a REQUEST must
agree with it.

Addresses are by MAC alone: firmware, iPXE and the installed system of one machine send different
client identifiers, and the machine must keep its address through all of them.
"""

from __future__ import annotations

from hashlib import sha256
from ipaddress import IPv4Address

from provisioner.protocol.dhcp.decision import Drop, Reason
from provisioner.protocol.dhcp.identity import is_left
from provisioner.protocol.dhcp.link import Pool
from provisioner.protocol.dhcp.question import Question, Refusal, ReplyDraft, Stage

_TRIED_BY_MAC = 4


def renewal(question: Question, draft: ReplyDraft) -> ReplyDraft:
    """A running client keeps its address, also when a reservation for it has been declared since:
    it may be in the middle of its installation. It gets the reserved one when it next boots."""
    record = question.record
    if (
        question.stage is Stage.RENEWING
        and record is not None
        and record.address == question.claim
        and _could_have(question, int(record.address))
    ):
        return draft.with_address(record.address, Reason.RENEWED)
    return draft


def reservation(question: Question, draft: ReplyDraft) -> ReplyDraft | Drop:
    """The declared address, unless it was just found in use by somebody else. While another MAC goes on
    with it (the declaration was changed, or a card replaced), an address of the pool has to do."""
    declared = question.reservation
    if draft.address is not None or declared is None or declared.address is None:
        return draft
    if question.stage is Stage.INFORMING:
        return draft
    if question.leases.declined_until(int(declared.address)) > question.now:
        return Drop(Reason.ADDRESS_DISPUTED, str(declared.address))
    number, link = int(declared.address), question.link
    if not is_left(number, question.client.mac, link, question.leases, question.now):
        return draft if link.pool is not None else Drop(Reason.STILL_LEASED, str(declared.address))
    return draft.with_address(declared.address, Reason.RESERVED)


def address_before(question: Question, draft: ReplyDraft) -> ReplyDraft:
    """The address on record for the MAC, while the pool still has it and nobody else does."""
    record, pool = question.record, question.link.pool
    if draft.address is not None or record is None or pool is None:
        return draft
    if question.stage is Stage.INFORMING or record.address not in pool:
        return draft
    if not _could_have(question, int(record.address)):
        return draft
    return draft.with_address(record.address, Reason.LEASED_BEFORE)


def pool(question: Question, draft: ReplyDraft) -> ReplyDraft | Drop:
    """A free address: the one wished for, else one that nobody has had, else the one that is free
    the longest. A REQUEST of what it can't have gets none here: nothing is set aside for it."""
    addresses = question.link.pool
    if draft.address is not None or question.stage is Stage.INFORMING:
        return draft
    if addresses is None:
        return Drop(Reason.NO_POOL) if question.stage is Stage.DISCOVERING else draft
    wish = question.claim
    if wish is not None and wish in addresses and _is_fresh(question, int(wish)):
        return draft.with_address(wish, Reason.FROM_POOL)
    if question.stage is not Stage.DISCOVERING:
        return draft
    found = _search(question, addresses)
    if found is None:
        return Drop(Reason.POOL_EXHAUSTED)
    return draft.with_address(IPv4Address(found), Reason.FROM_POOL)


def agreement(question: Question, draft: ReplyDraft) -> ReplyDraft | Refusal | Drop:
    """A REQUEST must name the address that the rules before came to. A client of which nothing is
    declared or on record, and that didn't choose us, gets silence (RFC 2131, 4.3.2, INIT-REBOOT), except
    where no other server can have given it the address."""
    if question.stage in (Stage.DISCOVERING, Stage.INFORMING):
        return draft
    on_record = question.reservation is not None or question.record is not None
    sure = question.stage is Stage.SELECTING or question.link.authoritative
    if not (sure or on_record):
        return Drop(Reason.NOTHING_ON_RECORD, str(question.claim))
    if question.claim != draft.address:
        return Refusal(Reason.NOT_ITS_ADDRESS)
    return draft


def _search(question: Question, addresses: Pool) -> int | None:
    """First at places in the pool that follow from the MAC, so that a machine tends to get the same
    address even from a server that has forgotten everything."""
    size = len(addresses.numbers)
    start = int.from_bytes(sha256(question.client.mac.encode()).digest()[:8])
    for step in range(min(_TRIED_BY_MAC, size)):
        number = addresses.numbers[(start + step) % size]
        if _is_fresh(question, number):
            return number
    leases = question.leases
    return leases.vacancies(addresses).take(
        lambda number: _could_have(question, number), leases.busy_until, question.now
    )


def _is_fresh(question: Question, number: int) -> bool:
    """Whether the address could be had without taking it from anybody's record."""
    return question.leases.holder_of(number) is None and _could_have(question, number)


def _could_have(question: Question, number: int) -> bool:
    if number in question.link.never_leased:
        declared = question.reservation
        own = None if declared is None else declared.address
        if own is None or number != int(own):
            return False
    return number in question.link.numbers and question.leases.is_free(
        number, question.client.mac, question.now
    )
