"""A cluster as it is to be, and as it was seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Declared:
    """Names of nodes, which are those of their etcd members too; `bootstrap` is its member's name."""

    control_planes: tuple[str, ...]
    workers: tuple[str, ...]
    version: str
    bootstrap: str = "etcd-bootstrap"


@dataclass(frozen=True, slots=True)
class Member:
    """Of etcd. It has no name until it is started, and no vote while it is a learner."""

    name: str
    voting: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """`nodes` are Ready or not, by name; `api_servers` are the nodes that run one.

    `complete` and `removed`: whether the cluster has been told already that its bootstrap is complete, and
    that the bootstrap's member is removed. Neither is taken back because a control plane dies later.
    """

    nodes: Mapping[str, bool]
    api_servers: frozenset[str]
    members: tuple[Member, ...]
    complete: bool = False
    removed: bool = False
