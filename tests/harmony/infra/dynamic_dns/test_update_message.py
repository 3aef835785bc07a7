from __future__ import annotations

from collections.abc import Sequence

import dns.message
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmony.infra.dynamic_dns.claim import Claim
from harmony.infra.dynamic_dns.name_plan import NameChange
from harmony.infra.dynamic_dns.update_message import update_messages
from harmony.infra.dynamic_dns.zone_copy import Standing
from tests.harmony.infra.dynamic_dns.test_claim import CLAIMS

pytestmark = pytest.mark.unit

TEN, ELEVEN = frozenset({"10.7.0.10"}), frozenset({"10.7.0.11"})
BEFORE, AFTER = (frozenset({Claim("us", "A", 60, values)}) for values in (TEN, ELEVEN))
NOBODY, NOTHING = frozenset[Claim](), frozenset[str]()
API, NODE = "api.home.example", "11.0.7.10.in-addr.arpa"
MOST = 65535


def test_a_name_is_made() -> None:
    change = NameChange(API, "A", None, NOBODY, NOTHING, TEN, 60, BEFORE)
    assert _text("home.example", change) == (
        """\
;ZONE
home.example. IN SOA
;PREREQ
_harmony.api.home.example. NONE TXT
api.home.example. NONE A
api.home.example. NONE CNAME
api.home.example. NONE AAAA
;UPDATE
api.home.example. 60 IN A 10.7.0.10
_harmony.api.home.example. 60 IN TXT "harmony=1" "owner=us" "type=A" "ttl=60" "value=10.7.0.10"
;ADDITIONAL
"""
    )


def test_a_name_is_changed() -> None:
    change = NameChange(API, "A", Standing(60, TEN), BEFORE, TEN, ELEVEN, 60, AFTER)
    assert _text("home.example", change) == (
        """\
;ZONE
home.example. IN SOA
;PREREQ
_harmony.api.home.example. 0 IN TXT "harmony=1" "owner=us" "type=A" "ttl=60" "value=10.7.0.10"
api.home.example. 0 IN A 10.7.0.10
api.home.example. NONE CNAME
api.home.example. NONE AAAA
;UPDATE
api.home.example. 0 NONE A 10.7.0.10
api.home.example. 60 IN A 10.7.0.11
_harmony.api.home.example. 0 NONE TXT "harmony=1" "owner=us" "type=A" "ttl=60" "value=10.7.0.10"
_harmony.api.home.example. 60 IN TXT "harmony=1" "owner=us" "type=A" "ttl=60" "value=10.7.0.11"
;ADDITIONAL
"""
    )


def test_a_pointer_goes() -> None:
    name = frozenset({"cp1.home.example"})
    claims = frozenset({Claim("us", "PTR", 60, name)})
    change = NameChange(NODE, "PTR", Standing(60, name), claims, name, NOTHING, 0, NOBODY)
    claim = '"harmony=1" "owner=us" "type=PTR" "ttl=60" "value=cp1.home.example"'
    assert _text("10.in-addr.arpa", change) == (
        f"""\
;ZONE
10.in-addr.arpa. IN SOA
;PREREQ
_harmony.11.0.7.10.in-addr.arpa. 0 IN TXT {claim}
11.0.7.10.in-addr.arpa. 0 IN PTR cp1.home.example.
;UPDATE
11.0.7.10.in-addr.arpa. 0 NONE PTR cp1.home.example.
_harmony.11.0.7.10.in-addr.arpa. 0 NONE TXT {claim}
;ADDITIONAL
"""
    )


def test_nothing_comes_to_no_message() -> None:
    assert list(update_messages("home.example", ())) == []


@given(claims=st.lists(CLAIMS, min_size=1, max_size=40))
def test_any_claim_crosses_the_wire(claims: Sequence[Claim]) -> None:
    changes = [
        NameChange(f"n{at}.home.example", one.kind, None, NOBODY, NOTHING, one.values, 1, frozenset({one}))
        for at, one in enumerate(claims)
    ]  # fmt: skip
    for message, _ in update_messages("home.example", changes):
        wire = message.to_wire(max_size=MOST)
        assert dns.message.from_wire(wire).to_wire(max_size=MOST) == wire


def test_thousands_of_names_in_messages_that_fit_and_no_name_in_two() -> None:
    changes = [
        NameChange(f"n{at}.home.example", "A", Standing(60, TEN), BEFORE, TEN, ELEVEN, 60, AFTER)
        for at in range(3000)
    ]
    messages = list(update_messages("home.example", changes))
    assert [change for _, within in messages for change in within] == changes
    assert 20 < len(messages) < 200
    assert max(len(message.to_wire(max_size=MOST)) for message, _ in messages) < MOST // 2


def _text(zone: str, change: NameChange) -> str:
    """What is in a message, without its number and flags."""
    ((message, within),) = update_messages(zone, (change,))
    assert within == (change,)
    text = message.to_text()
    return text[text.index(";ZONE") :] + "\n"
