from __future__ import annotations

import pytest
from pydantic import TypeAdapter

from inventory.name_server import NameServer

pytestmark = pytest.mark.unit

SERVER = NameServer("10.7.0.53", ["home.example", "7.10.in-addr.arpa"], "dns/home")


def test_a_list_of_zones_is_as_good_as_a_tuple() -> None:
    assert NameServer("10.7.0.53", ("home.example", "7.10.in-addr.arpa"), "dns/home") == SERVER
    assert hash(SERVER) == hash(NameServer("10.7.0.53", list(SERVER.zones), "dns/home"))


def test_it_comes_back_out_of_its_document() -> None:
    adapter = TypeAdapter(NameServer)
    assert adapter.validate_json(adapter.dump_json(SERVER)) == SERVER
