"""The admin API's part about leases: all of them, and the end of one."""

from __future__ import annotations

from fastapi import FastAPI

from provisioner.serve.lease_desk import LeaseDesk
from provisioner.serve.lease_views import LeaseView


def add_leases(api: FastAPI, desk: LeaseDesk) -> None:
    @api.get("/v1/leases")
    async def leases() -> list[LeaseView]:
        return desk.leases()

    @api.delete("/v1/leases/{which}")
    async def release(which: str, although_alive: bool = False) -> LeaseView:
        """The lease of an address or a MAC, as it was before it ended."""
        return await desk.release(which, although_alive=although_alive)

    _ = leases, release
