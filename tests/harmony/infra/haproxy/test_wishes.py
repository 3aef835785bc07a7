from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmony.domain.capability.load_balancer import Frontend, Frontends, Server
from harmony.infra.errors import BalancerUnusableError, BalancingRefusedError
from harmony.infra.haproxy.wishes import frontends_of, read_wishes, with_wish, write_wishes
from tests.harmony.infra.haproxy.frontends import DOOR, WEB

pytestmark = pytest.mark.unit


def test_what_was_written_is_read(tmp_path: Path) -> None:
    file = tmp_path / "wishes.json"
    assert read_wishes(file) == {}
    wishes = {"a": (DOOR,), "b": (WEB,)}
    write_wishes(file, wishes)
    assert read_wishes(file) == wishes


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"a": [{"name": 1}]}', b"\xff"])
def test_what_cant_be_read_is_said(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "wishes.json"
    file.write_bytes(content)
    with pytest.raises(BalancerUnusableError, match="remove it"):
        read_wishes(file)


def test_an_owner_replaces_what_it_wanted() -> None:
    both = with_wish(with_wish({}, Frontends("a", (WEB,))), Frontends("b", (DOOR,)))
    assert frontends_of(both) == (DOOR, WEB)
    moved = replace(WEB, port=81)
    assert frontends_of(with_wish(both, Frontends("a", (moved,)))) == (DOOR, moved)
    assert with_wish(both, Frontends("a", ())) == {"b": (DOOR,)}


REFUSED: dict[str, Frontend] = {
    "'two words' can't name": replace(WEB, name="two words"),
    "'../up' can't name": replace(WEB, name="../up"),
    "'a\\\\n  bind' can't name": replace(WEB, servers=(Server("a\n  bind", "10.0.0.1", 1),)),
    "'home.example' is no address": replace(WEB, addresses=("home.example",)),
    "'fe80::1%eth0' is no address": replace(WEB, sources=("fe80::1%eth0",)),
    "'' is no address": replace(WEB, servers=(Server("a", "", 1),)),
    "0 is no port": replace(WEB, port=0),
    "65536 is no port": replace(WEB, health=replace(WEB.health, port=65536)),
    "'/a b' is no path": replace(WEB, health=replace(WEB.health, path="/a b")),
    "has a number below 1": replace(WEB, health=replace(WEB.health, fall=0)),
    "listens at no address": replace(WEB, addresses=()),
    "two servers of web have one name": replace(WEB, servers=WEB.servers * 2),
    "both want a frontend door": replace(WEB, name="door"),
    "both listen at port 22623": replace(WEB, port=22623),
}


@pytest.mark.parametrize(("words", "frontend"), REFUSED.items(), ids=[*REFUSED])
def test_what_is_refused(words: str, frontend: Frontend) -> None:
    with pytest.raises(BalancingRefusedError, match=words):
        with_wish({"other": (DOOR,)}, Frontends("mine", (frontend,)))


@given(st.text())
def test_no_name_reaches_the_configuration_that_could_end_its_line(name: str) -> None:
    try:
        with_wish({}, Frontends("mine", (replace(WEB, name=name),)))
    except BalancingRefusedError:
        return
    assert not set(name) & set(" \t\r\n\"'\\#{}/;,")
    assert name.isascii()
