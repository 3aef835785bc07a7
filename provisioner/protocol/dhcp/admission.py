"""Rules about who is answered at all. The default does no harm: a machine that neither is
declared nor boots over the network nor has had an address from us is somebody else's."""

from __future__ import annotations

from provisioner.protocol.dhcp.decision import Drop, Reason
from provisioner.protocol.dhcp.message import UNSPECIFIED
from provisioner.protocol.dhcp.options import OptionCode
from provisioner.protocol.dhcp.question import Question, Refusal, ReplyDraft, Stage
from provisioner.protocol.dhcp.relay import server_identifier_of


def only_this_network(question: Question, draft: ReplyDraft) -> ReplyDraft | Drop:
    """A relay may forward to us, but only from the network that the link is; where relays are declared,
    only one of these. The answer to an INFORM goes to the address that it names: not to any in the world."""
    relay, link = question.message.giaddr, question.link
    if relay != UNSPECIFIED and relay not in (link.relays or link.subnet):
        return Drop(Reason.OTHER_NETWORK, str(relay))
    own = question.message.ciaddr
    if question.stage is Stage.INFORMING and own not in link.subnet:
        return Drop(Reason.ADDRESS_ELSEWHERE, str(own))
    return draft


def only_our_choice(question: Question, draft: ReplyDraft) -> ReplyDraft | Drop:
    """A client that names another server has chosen it (RFC 2131, 3.1, step 4)."""
    chosen = question.message.address_option(OptionCode.SERVER_IDENTIFIER)
    own = server_identifier_of(question.message, question.link)
    if chosen is not None and chosen not in (own, question.link.address):
        return Drop(Reason.OTHER_SERVER, str(chosen))
    return draft


def only_running_leases(question: Question, draft: ReplyDraft) -> ReplyDraft | Drop:
    """While addresses are withheld, only who holds one of ours goes on with it: a cluster that runs
    must not lose its addresses because this server was started again."""
    if not question.link.withholds or _goes_on_with_its_lease(question):
        return draft
    if question.link.foreign_servers:
        return Drop(Reason.FOREIGN_SERVER_FIRST, _names(question))
    return Drop(Reason.NOT_PROBED_YET)


def only_our_clients(question: Question, draft: ReplyDraft) -> ReplyDraft | Refusal | Drop:
    """Declared machines always; while another DHCP server is present, of the others only those that
    hold an address of ours; else also what boots over the network or ever had an address of
    ours, and everybody where the network is declared so."""
    if question.reservation is not None:
        return draft
    if question.link.foreign_servers and not question.has_running_lease:
        return Drop(Reason.FOREIGN_SERVER, _names(question))
    if question.client.kind.boots_over_the_network or question.record is not None:
        return draft
    if question.link.answers_everyone:
        return draft
    if question.link.authoritative and _claims_what_is_wrong(question):
        return Refusal(Reason.NOT_ITS_ADDRESS)
    return Drop(Reason.UNKNOWN_CLIENT, question.client.vendor_class)


def may_refuse(question: Question) -> bool:
    """Whether a DHCPNAK may be sent: to nobody while another server is present, or may be, that may
    have given the address; else to anybody where the network is declared authoritative, and elsewhere
    never to a client that isn't ours. A plain client that had an address of ours is ours while it
    speaks of that one or has chosen us; one that starts up with another address may have it of a server
    that no probe has found yet."""
    if question.link.foreign_servers or question.link.withholds:
        return False
    if question.link.authoritative:
        return True
    if question.reservation is not None or question.client.kind.boots_over_the_network:
        return True
    record = question.record
    if record is None or question.stage is Stage.REBOOTING:
        return False
    return question.stage is Stage.SELECTING or record.address == question.claim


def _claims_what_is_wrong(question: Question) -> bool:
    """Of a client that isn't ours: it starts up with, or goes on with, an address of another network or
    one that is somebody else's."""
    claim = question.claim
    if claim is None or question.stage in (Stage.DISCOVERING, Stage.INFORMING):
        return False
    number, link = int(claim), question.link
    if number not in link.numbers or number in link.never_leased:
        return True
    return not question.leases.is_free(number, question.client.mac, question.now)


def _goes_on_with_its_lease(question: Question) -> bool:
    """Renews, rebinds, confirms or asks about the address it has. A DISCOVER gives up what it had."""
    record = question.record
    return (
        question.stage is not Stage.DISCOVERING
        and record is not None
        and question.has_running_lease
        and question.claim == record.address
    )


def _names(question: Question) -> str:
    return ", ".join(str(server) for server in sorted(question.link.foreign_servers))
