from __future__ import annotations

import pytest
from pydantic import TypeAdapter

from inventory.name_server import NameServer, zone_of

pytestmark = pytest.mark.unit

SERVER = NameServer("10.7.0.53", ["home.example", "7.10.in-addr.arpa"], "dns/home")


def test_a_list_of_zones_is_as_good_as_a_tuple() -> None:
    assert NameServer("10.7.0.53", ("home.example", "7.10.in-addr.arpa"), "dns/home") == SERVER
    assert hash(SERVER) == hash(NameServer("10.7.0.53", list(SERVER.zones), "dns/home"))


def test_it_comes_back_out_of_its_document() -> None:
    adapter = TypeAdapter(NameServer)
    assert adapter.validate_json(adapter.dump_json(SERVER)) == SERVER


HOME, APPS, TEN = "home.example", "apps.home.example", "10.in-addr.arpa"
NAMES = {
    "home.example": HOME,
    "a.home.example": HOME,
    "b.apps.home.example": APPS,
    "ahome.example": None,
    "example": None,
    "1.7.10.in-addr.arpa": TEN,
    "1.7.110.in-addr.arpa": None,
}


@pytest.mark.parametrize("name, zone", NAMES.items(), ids=NAMES)
def test_the_nearest_zone(name: str, zone: str | None) -> None:
    assert zone_of(name, (HOME, APPS, TEN)) == zone
