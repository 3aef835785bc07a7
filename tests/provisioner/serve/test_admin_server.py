from __future__ import annotations

import asyncio
import stat
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from provisioner.serve.admin_server import AdminServer
from provisioner.serve.errors import SocketNotBound

pytestmark = pytest.mark.protocol


def test_it_answers_on_a_socket_of_its_own_and_takes_it_away(tmp_path: Path) -> None:
    path = tmp_path / "admin.sock"
    path.write_text("left by a killed daemon")

    async def story() -> int:
        server = AdminServer(path, FastAPI())
        server.bind()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        transport = httpx.AsyncHTTPTransport(uds=str(path))
        async with asyncio.TaskGroup() as tasks:
            serving = tasks.create_task(server.serve())
            async with httpx.AsyncClient(transport=transport, base_url="http://daemon") as client:
                answer = await client.get("/openapi.json")
            serving.cancel()
        server.close()
        return answer.status_code

    assert asyncio.run(story()) == 200
    assert not path.exists()


def test_its_group_is_let_in_where_that_is_wanted(tmp_path: Path) -> None:
    server = AdminServer(tmp_path / "admin.sock", FastAPI(), 0o660)
    server.bind()
    assert stat.S_IMODE((tmp_path / "admin.sock").stat().st_mode) == 0o660
    server.close()


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    server = AdminServer(tmp_path / "missing" / "admin.sock", FastAPI())
    with pytest.raises(SocketNotBound):
        server.bind()
    server.close()
