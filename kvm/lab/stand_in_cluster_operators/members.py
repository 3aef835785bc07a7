"""etcd's members as `etcdctl member list --write-out=json` prints them, and as etcd's own JSON gateway
answers to a POST of `{}` to `/v3/cluster/member/list`, for which a node without etcdctl has curl."""

from __future__ import annotations

import json
from typing import Any, cast

from kvm.lab.stand_in_cluster_operators.cluster import Member


class UnreadableMembers(Exception):
    """What came isn't a list of members."""


def members(text: str) -> tuple[Member, ...]:
    """Raises UnreadableMembers. An etcd has always one member at least: itself."""
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError):
        raise UnreadableMembers("the list of etcd's members isn't JSON") from None
    listed = cast("dict[str, Any]", found).get("members") if isinstance(found, dict) else None
    if not isinstance(listed, list) or not listed:
        raise UnreadableMembers("the list of etcd's members is none, or is empty")
    return tuple(_member(one) for one in cast("list[object]", listed))


def _member(one: object) -> Member:
    if not isinstance(one, dict):
        raise UnreadableMembers("a member of etcd isn't an object")
    told = cast("dict[str, Any]", one)
    # Absent is what etcd prints of an empty name and of a member that votes.
    name, learns = told.get("name", ""), told.get("isLearner", False)
    if not isinstance(name, str) or not isinstance(learns, bool):
        raise UnreadableMembers("a member of etcd has no readable name or isLearner")
    return Member(name, not learns and name != "")
