from __future__ import annotations

import asyncio

import httpx
import pytest
from fastapi import FastAPI

from provisioner.serve.lease_api import add_leases
from provisioner.serve.lease_desk import LeaseDesk
from tests.provisioner.protocol.boot.values import MAC
from tests.provisioner.serve.world import World

pytestmark = pytest.mark.unit


def test_leases_are_listed_and_ended() -> None:
    async def story() -> None:
        world = await World().open()
        api = FastAPI()
        add_leases(api, LeaseDesk(world.ledger, world.store))
        world.lease(seconds=3600)
        transport = httpx.ASGITransport(api)
        async with httpx.AsyncClient(transport=transport, base_url="http://daemon") as client:
            (lease,) = (await client.get("/v1/leases")).json()
            assert lease == {
                "network": "lan",
                "mac": MAC,
                "address": "10.7.0.11",
                "expires": world.now + 3600,
                "running": True,
                "state": "leased",
                "host": "cp1",
            }
            ended = await client.delete(f"/v1/leases/{MAC}", params={"although_alive": True})
            assert (ended.status_code, ended.json()) == (200, lease)
            (lease,) = (await client.get("/v1/leases")).json()
            assert (lease["state"], lease["expires"]) == ("expired", world.now)

    asyncio.run(story())
