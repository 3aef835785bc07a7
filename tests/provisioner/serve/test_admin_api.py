"""The admin API over its own application, without a socket."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from pydantic import TypeAdapter

from inventory.codes import Code
from inventory.contribution import Contribution, DnsRecord, Installation
from inventory.host import (
    AnyBlank,
    DiskBySerial,
    DiskByWwn,
    Host,
    MatchRule,
    MayWipe,
    RehearsedMachine,
    WakeOnLan,
)
from inventory.rack import Cable, Rack, Switch, SwitchPort
from inventory.site import Site
from provisioner.serve.admin_api import AdminDesk, StatusView, admin_api, etag_of
from provisioner.serve.event_log import EventLog
from provisioner.serve.lease_desk import LeaseDesk
from tests.provisioner.protocol.boot.values import HOST, LAN, MAC, SITE
from tests.provisioner.serve.world import IGNITION, World, file

pytestmark = pytest.mark.unit

CONTRIBUTION = TypeAdapter(Contribution)
STATUS = StatusView("1", 2, 3.0, None, (), (), (), 0, 0, "of the CA", "0" * 64)
Story = Callable[[httpx.AsyncClient, World], Awaitable[None]]


def play(story: Story) -> None:
    async def played() -> None:
        world = await World().open()
        events = EventLog()
        events.attach(world.store)
        desk = AdminDesk(
            ledger=world.ledger,
            contributions=world.contributions,
            operator=world.operator,
            leases=LeaseDesk(world.ledger, world.store),
            scripts=world.scripts,
            events=events,
            status=lambda: STATUS,
        )
        transport = httpx.ASGITransport(admin_api(desk, "1"))
        async with httpx.AsyncClient(transport=transport, base_url="http://daemon") as client:
            await story(client, world)

    asyncio.run(played())


async def put(client: httpx.AsyncClient, contribution: Contribution) -> httpx.Response:
    owner = quote(contribution.owner, safe="")
    return await client.put(
        f"/v1/contributions/{owner}",
        content=CONTRIBUTION.dump_json(contribution),
        headers={"Content-Type": "application/json"},
    )


def test_contributions(tmp_path: Path) -> None:
    async def story(client: httpx.AsyncClient, _: World) -> None:
        image = file(tmp_path, "node-image")
        wish = Contribution("a/b", installations=(Installation("cp1", image, IGNITION),))
        answer = await put(client, wish)
        assert answer.json() == {"changed": True, "etag": etag_of(wish)}
        assert (await put(client, wish)).json()["changed"] is False
        assert {"owner": "a/b", "etag": etag_of(wish)} in (
            await client.get("/v1/contributions")
        ).json()
        shown = await client.get("/v1/contributions/a%2Fb")
        assert shown.json()["installations"][0]["ignition"].startswith("sha256:")
        assert IGNITION not in shown.text
        assert (await client.delete("/v1/contributions/a%2Fb")).status_code == 204
        assert (await client.get("/v1/contributions/a%2Fb")).status_code == 404
        assert (await client.delete("/v1/contributions/a%2Fb")).status_code == 404

    play(story)


def test_a_refused_contribution_has_its_diagnostics() -> None:
    async def story(client: httpx.AsyncClient, world: World) -> None:
        await put(client, Contribution("one", records=(DnsRecord("x", "10.7.0.1"),)))
        refused = await put(client, Contribution("two", records=(DnsRecord("x", "10.7.0.2"),)))
        assert refused.status_code == 409
        assert [one["code"] for one in refused.json()["diagnostics"]] == [Code.COLLIDING_RECORDS]
        wrong = await client.put(
            "/v1/contributions/other", json=CONTRIBUTION.dump_python(Contribution("one"))
        )
        assert wrong.status_code == 409
        world.store.full = True
        assert (await put(client, Contribution("three"))).status_code == 503

    play(story)


def test_what_is_not_understood_is_not_repeated(tmp_path: Path) -> None:
    async def story(client: httpx.AsyncClient, _: World) -> None:
        wish = Contribution(
            "a", installations=(Installation("cp1", file(tmp_path, "node-image"), IGNITION),)
        )
        document = CONTRIBUTION.dump_python(wish)
        document["installations"][0]["image"]["size"] = "much"
        refused = await client.put("/v1/contributions/a", json=document)
        assert refused.status_code == 422
        assert refused.json() == {
            "message": "body.installations.0.image.size: Input should be a valid integer, unable to"
            " parse string as an integer",
            "diagnostics": [],
        }
        del document["installations"][0]["host"]
        refused = await client.put("/v1/contributions/a", json=document)
        assert "body.installations.0.host: Field required" in refused.json()["message"]
        assert IGNITION not in refused.text
        assert IGNITION not in repr(wish)

    play(story)


def test_every_kind_of_declared_value_comes_back_as_it_was() -> None:
    hosts = [
        Host("a", [], serial="S", install_on=DiskBySerial("X"), bmc=WakeOnLan()),
        Host("b", [], system_uuid="6f6b1c0e-0000-4000-8000-000000000001", install_on=MayWipe(9)),
        Host("c", match=MatchRule(2, 4, rehearse_as=RehearsedMachine(2)), install_on=AnyBlank(9)),
        Host("d", serial="T", install_on=DiskByWwn("0x5"), rack="r1", bay="4"),
        HOST,
    ]
    site = Site(
        "home",
        [LAN],
        hosts,
        [Rack("r1")],
        [Switch("s1")],
        [Cable("cp1", 1, SwitchPort("s1", "1/1"))],
    )
    contribution = Contribution("site", site=site)
    assert CONTRIBUTION.validate_json(CONTRIBUTION.dump_json(contribution)) == contribution


def test_what_an_operator_orders() -> None:
    async def story(client: httpx.AsyncClient, world: World) -> None:
        await world.reported()
        approval = {"host": "cp1"}
        written = MAC.upper().replace(":", "-")
        for path, body, status in (
            (f"/v1/machines/{written}/approval", approval, 204),
            ("/v1/machines/nonsense/approval", approval, 404),
            ("/v1/machines/02:00:00:00:00:01/approval", approval, 404),
            (f"/v1/machines/{MAC}/approval", {}, 422),
            ("/v1/hosts/cp1/retry", None, 409),
            ("/v1/hosts/cp1/reinstall", None, 204),
            ("/v1/hosts/w9/reinstall", None, 404),
        ):
            answer = await client.post(path, json=body)
            assert answer.status_code == status, (path, answer.text)

    play(story)


def test_what_is_shown() -> None:
    async def story(client: httpx.AsyncClient, world: World) -> None:
        await world.reported()
        assert (await client.get("/v1/status")).json()["version"] == "1"
        assert (await client.get("/v1/hosts")).json()[0]["state"] == "assigned"
        assert (await client.get("/v1/machines")).json()[0]["mac"] == MAC
        assert (await client.get("/v1/leases")).json()[0]["address"] == "10.7.0.11"
        assert (await client.get("/v1/hosts/cp1/script")).text.startswith("#!ipxe\n")
        assert (await client.get("/v1/hosts/w9/script")).status_code == 404
        of_host = (await client.get("/v1/events", params={"host": "cp1", "limit": 2})).json()
        assert [event["host"] for event in of_host] == ["cp1", "cp1"]
        after = of_host[0]["seq"]
        later = (await client.get("/v1/events", params={"host": "cp1", "after": after})).json()
        assert later[0] == of_host[1]
        assert (await client.get("/v1/events", params={"limit": 0})).status_code == 422
        assert (await client.get("/v1/events", params={"host": "w9"})).json() == []
        paths = (await client.get("/openapi.json")).json()["paths"]
        assert {"/v1/hosts", "/v1/contributions/{owner}", "/v1/events/stream"} <= paths.keys()

    play(story)


def test_preparations_are_words_for_those_who_wait() -> None:
    async def story(client: httpx.AsyncClient, world: World) -> None:
        await world.reported()
        told = {"percent": 61, "remaining_seconds": 120}
        assert (await client.put("/v1/preparations/node-image", json=told)).status_code == 204
        host = (await client.get("/v1/hosts")).json()[0]
        assert host["waiting_for"] == "node image, 61 %, about 2 min"
        assert (await client.delete("/v1/preparations/node-image")).status_code == 204
        host = (await client.get("/v1/hosts")).json()[0]
        assert host["waiting_for"].startswith("an installation")

    play(story)


def test_the_etag_is_of_the_whole_document_secrets_and_all(tmp_path: Path) -> None:
    image = file(tmp_path, "node-image")
    one = Contribution("x", installations=(Installation("cp1", image, "a"),))
    other = Contribution("x", installations=(Installation("cp1", image, "b"),))
    assert etag_of(one) != etag_of(other)
    assert etag_of(Contribution("site", site=SITE)) == etag_of(Contribution("site", site=SITE))


def test_what_a_command_has_found_out_is_logged() -> None:
    async def story(client: httpx.AsyncClient, world: World) -> None:
        told = {
            "kind": "CheckChanged",
            "host": "cp1",
            "detail": {"check": "ntp-synced", "late": None},
        }
        assert (await client.post("/v1/events", json=told)).status_code == 204
        for refused in ("{}", '{"kind": "ImageWritten"}', '{"kind": "CheckDropped", "host": []}'):
            answer = await client.post("/v1/events", content=refused)
            assert answer.status_code == 422
        *_, logged = (await client.get("/v1/events")).json()
        assert (logged["kind"], logged["host"], logged["detail"]) == tuple(told.values())

    play(story)
