"""Networks that answer everybody, and those where no other server is."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address

import pytest

from provisioner.protocol.dhcp.decision import Broadcast, Drop, Reason
from provisioner.protocol.dhcp.options import MessageType
from tests.provisioner.protocol.dhcp.samples import (
    CP1,
    DISCOVER,
    LINK,
    NETBOOTS,
    REQUEST,
    message,
    table,
)
from tests.provisioner.protocol.dhcp.test_engine import A, answered, dropped

pytestmark = pytest.mark.unit

AUTHORITY = replace(LINK, answers_everyone=True, authoritative=True)
FORGETFUL = replace(LINK, answers_everyone=True)


def test_an_authority_that_has_forgotten_everything_lets_a_client_keep_a_free_address() -> None:
    confirming = message(REQUEST, requested=A)
    assert answered(confirming, AUTHORITY).reply.message_type is MessageType.ACK
    assert dropped(confirming, FORGETFUL) == Drop(Reason.NOTHING_ON_RECORD, str(A))


def test_an_authority_refuses_a_client_that_comes_from_another_network() -> None:
    roaming = message(REQUEST, requested=IPv4Address("192.0.2.7"))
    refused = answered(roaming, AUTHORITY)
    assert (refused.reply.message_type, refused.destination) == (MessageType.NAK, Broadcast())
    assert dropped(roaming, FORGETFUL).reason is Reason.NOTHING_ON_RECORD


def test_an_authority_without_a_pool_refuses_it_too() -> None:
    roaming = message(REQUEST, requested=IPv4Address("192.0.2.7"), options=NETBOOTS)
    refused = answered(roaming, replace(AUTHORITY, pool=None))
    assert refused.reply.message_type is MessageType.NAK
    silent = dropped(roaming, replace(FORGETFUL, pool=None))
    assert silent.reason is Reason.NOTHING_ON_RECORD


def test_everybody_gets_an_address_but_none_that_is_excluded() -> None:
    own = int(A)
    link = replace(FORGETFUL, excluded=frozenset(range(own, own + 3)))
    assert answered(message(DISCOVER), link).reply.yiaddr == A + 3
    taken = table((CP1, str(A + 3), 60.0))
    assert dropped(message(DISCOVER), link, taken) == Drop(Reason.POOL_EXHAUSTED)
