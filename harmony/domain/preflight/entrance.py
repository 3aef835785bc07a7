"""How a cluster is reached: the names and addresses that have to lead to it before it exists."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address
from typing import Protocol, runtime_checkable


class Balancer(StrEnum):
    """Who answers at a cluster's API and ingress addresses, and passes on to its nodes."""

    SITE = "the site's load balancer"
    JUMP_HOST = "the jump host"
    NODES = "the nodes"


@dataclass(frozen=True, slots=True)
class ClusterEntrance:
    """`domain` is the cluster's own: its API is `api.DOMAIN`; `base_domain` the one above, where that is
    the operator's too. `ingress` is where `*.apps.DOMAIN` leads, None where nothing of the kind is wanted.
    `hosts` are those that have a name in `domain`."""

    name: str
    domain: str
    api: IPv4Address
    balancer: Balancer
    ingress: IPv4Address | None = None
    base_domain: str = ""
    hosts: frozenset[str] = frozenset()

    @property
    def api_name(self) -> str:
        return f"api.{self.domain}"

    @property
    def api_int_name(self) -> str:
        return f"api-int.{self.domain}"

    @property
    def apps_domain(self) -> str:
        return f"apps.{self.domain}"


@runtime_checkable
class HasClusterEntrance(Protocol):
    """A companion of a Score: the way into its cluster is looked at before anything is powered on."""

    @abstractmethod
    def cluster_entrance(self) -> ClusterEntrance: ...
