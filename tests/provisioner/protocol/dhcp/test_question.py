from __future__ import annotations

from ipaddress import IPv4Address

import pytest

from provisioner.protocol.dhcp.decision import Reason
from provisioner.protocol.dhcp.options import OptionCode
from provisioner.protocol.dhcp.question import ReplyDraft
from tests.provisioner.protocol.dhcp.samples import (
    CP1,
    CP1_ADDRESS,
    DISCOVER,
    LINK,
    REQUEST,
    STRANGER,
    message,
    question,
    table,
)

pytestmark = pytest.mark.unit

ADDRESS = IPv4Address("10.7.0.100")


def test_the_claim_is_the_address_it_has_or_else_the_one_it_wants() -> None:
    assert question(message(DISCOVER)).claim is None
    assert question(message(DISCOVER, requested=ADDRESS)).claim == ADDRESS
    assert question(message(REQUEST, ciaddr=ADDRESS, requested=CP1_ADDRESS)).claim == ADDRESS


def test_what_is_known_of_a_client() -> None:
    declared = question(message(DISCOVER, CP1))
    assert declared.reservation == LINK.reservations[CP1]
    assert declared.record is None
    leased = question(message(DISCOVER), leases=table((STRANGER, "10.7.0.100", 1.0)))
    assert leased.reservation is None
    assert leased.has_running_lease
    expired = question(message(DISCOVER), leases=table((STRANGER, "10.7.0.100", 0.0)))
    assert expired.record is not None
    assert not expired.has_running_lease


def test_a_draft_grows() -> None:
    draft = ReplyDraft().with_address(ADDRESS, Reason.FROM_POOL)
    draft = draft.with_option(OptionCode.HOST_NAME, b"a").with_option(OptionCode.ROUTER, b"b")
    assert draft == ReplyDraft(ADDRESS, Reason.FROM_POOL, options=((12, b"a"), (3, b"b")))
