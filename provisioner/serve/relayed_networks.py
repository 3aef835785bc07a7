"""The networks behind one interface's relays: each message to the leases of the network it is about."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from provisioner.protocol.dhcp.link import Link
from provisioner.protocol.dhcp.message import Message
from provisioner.protocol.dhcp.relay import link_of_message
from provisioner.serve.lease_pipeline import LeasePipeline


@dataclass(frozen=True, slots=True)
class RelayedNetwork:
    """One of them: as it is served now, and where its messages are decided."""

    link: Callable[[], Link]
    pipeline: LeasePipeline


Sorted = tuple[LeasePipeline, Sequence[Message]]


def by_network(
    messages: Sequence[Message], local: RelayedNetwork, behind: Sequence[RelayedNetwork]
) -> Iterator[Sorted]:
    """The messages about each network, in their order."""
    if not behind:
        yield local.pipeline, messages
        return
    networks = (local, *behind)
    links = [network.link() for network in networks]
    about = [link_of_message(message, links[0], links[1:]) for message in messages]
    for network, link in zip(networks, links, strict=True):
        its = [one for one, found in zip(messages, about, strict=True) if found is link]
        if its:
            yield network.pipeline, its
