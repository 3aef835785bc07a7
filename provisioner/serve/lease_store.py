"""One network's leases in the store, as the DHCP server wants them kept."""

from __future__ import annotations

from collections.abc import Sequence

from provisioner.ports import ChangeLeases, Store, StoreFailed
from provisioner.protocol.dhcp.lease import DurableChange
from provisioner.serve.errors import LeasesNotCommitted


class NetworkLeaseStore:
    def __init__(self, network: str, store: Store) -> None:
        self._network = network
        self._store = store

    async def commit(self, changes: Sequence[DurableChange]) -> None:
        """All or nothing, durable when it returns. Raises LeasesNotCommitted."""
        try:
            await self._store.commit([ChangeLeases(self._network, tuple(changes))])
        except StoreFailed as error:
            raise LeasesNotCommitted(str(error)) from error
