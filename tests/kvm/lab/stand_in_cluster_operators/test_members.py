from __future__ import annotations

from contextlib import suppress

import hypothesis.strategies as some
import pytest
from hypothesis import given

from kvm.lab.stand_in_cluster_operators.cluster import Member
from kvm.lab.stand_in_cluster_operators.members import UnreadableMembers, members

pytestmark = pytest.mark.unit

# What etcdctl 3.4.23 printed of a bootstrap's etcd to which `m0` was added as a learner, not started yet.
PRINTED = (
    '{"header":{"cluster_id":12419417797570985050,"member_id":1520713267247070721,"raft_term":2},'
    '"members":[{"ID":1520713267247070721,"name":"etcd-bootstrap",'
    '"peerURLs":["http://127.0.0.1:29380"],"clientURLs":["http://127.0.0.1:29379"]},'
    '{"ID":2969301110585221314,"peerURLs":["http://127.0.0.1:29381"],"isLearner":true}]}\n'
)
# The same of the same etcd, by its JSON gateway.
ANSWERED = (
    '{"header":{"cluster_id":"12419417797570985050","member_id":"1520713267247070721","raft_term":"2"},'
    '"members":[{"ID":"1520713267247070721","name":"etcd-bootstrap",'
    '"peerURLs":["http://127.0.0.1:29380"],"clientURLs":["http://127.0.0.1:29379"]},'
    '{"ID":"6473975647636421411","peerURLs":["http://127.0.0.1:29381"],"isLearner":true}]}'
)


@pytest.mark.parametrize("text", [PRINTED, ANSWERED], ids=["etcdctl", "gateway"])
def test_as_etcd_tells_them(text: str) -> None:
    assert members(text) == (Member("etcd-bootstrap", voting=True), Member("", voting=False))


@pytest.mark.parametrize(
    ("member", "read"),
    [
        ('{"ID":1,"name":"m0"}', Member("m0", voting=True)),
        ('{"ID":1,"name":"m0","isLearner":true}', Member("m0", voting=False)),
        ('{"ID":1,"name":"m0","isLearner":false}', Member("m0", voting=True)),
        # Added with a vote, and not started yet.
        ('{"ID":1,"peerURLs":["http://10.7.0.11:2380"]}', Member("", voting=False)),
    ],
)
def test_who_votes(member: str, read: Member) -> None:
    assert members(f'{{"members":[{member}]}}') == (read,)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "connection refused",
        "[" * 100_000,
        "[]",
        "{}",
        '{"members": []}',
        '{"members": {"name": "m0"}}',
        '{"members": ["m0"]}',
        '{"members": [{"name": 1}]}',
        '{"members": [{"name": "m0", "isLearner": "yes"}]}',
    ],
)
def test_what_isnt_a_list_of_members(text: str) -> None:
    with pytest.raises(UnreadableMembers):
        members(text)


@given(some.text() | some.text().map(lambda text: PRINTED.replace("m", text)))
def test_anything_is_read_or_refused(text: str) -> None:
    with suppress(UnreadableMembers):
        assert members(text)
