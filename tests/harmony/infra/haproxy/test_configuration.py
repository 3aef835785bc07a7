from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from harmony.domain.capability.load_balancer import Balance, Frontend
from harmony.infra.haproxy.configuration import Place, render, sources_text, structure_of
from tests.harmony.infra.haproxy.frontends import DOOR, PLACE, WEB

pytestmark = pytest.mark.unit

GOLDEN = """\
global
  description STRUCTURE
  stats socket /state/admin.sock mode 600 level admin expose-fd listeners
  hard-stop-after 5m
  chroot /state/empty
  user nobody
  group nogroup
defaults
  mode tcp
  timeout connect 3s
  timeout check 3s
  timeout client 1h
  timeout server 1h
  option clitcpka
  option srvtcpka
  retries 3
  option redispatch 1
frontend door
  bind 10.7.0.5:22623
  bind [fd00::5]:22623
  tcp-request connection reject unless { src -f /state/sources-door }
  default_backend door
backend door
  balance leastconn
  option httpchk
  http-check send meth GET uri /healthz
  http-check expect status 200
  # each 0.0.0.0:0 weight 1 check inter 5s fastinter 1s fall 3 rise 2 check-ssl verify none \
on-marked-down shutdown-sessions
  server cp1 10.7.0.11:22623 weight 1 check inter 5s fastinter 1s fall 3 rise 2 check-ssl verify none \
on-marked-down shutdown-sessions
  server cp2 [fd00::12]:22623 weight 0 check inter 5s fastinter 1s fall 3 rise 2 check-ssl verify none \
on-marked-down shutdown-sessions
frontend web
  bind 0.0.0.0:80
  default_backend web
backend web
  balance source
  hash-type consistent
  option httpchk
  http-check send meth GET uri /healthz/ready
  http-check expect status 200
  # each 0.0.0.0:0 weight 1 check inter 10s fastinter 1s fall 2 rise 3 port 1936 \
on-marked-down shutdown-sessions
  server w1 10.7.0.21:80 weight 1 check inter 10s fastinter 1s fall 2 rise 3 port 1936 \
on-marked-down shutdown-sessions
"""


def test_the_whole_file() -> None:
    structure = structure_of((DOOR, WEB), PLACE)
    assert render((DOOR, WEB), PLACE) == GOLDEN.replace("STRUCTURE", structure)


def test_who_is_not_root_has_nothing_to_give_up() -> None:
    text = render((), Place(Path("/state"), unprivileged=False))
    assert "chroot" not in text
    assert "user" not in text


def test_sources_are_a_file() -> None:
    assert sources_text(DOOR) == "10.7.0.11\n10.7.0.12\n"
    assert sources_text(replace(DOOR, sources=())) == ""


@pytest.mark.parametrize(
    ("changed", "same"),
    [
        (replace(DOOR, servers=()), True),
        (replace(DOOR, servers=(replace(DOOR.servers[0], drained=True),)), True),
        (replace(DOOR, sources=()), True),
        (replace(DOOR, sources=None), False),
        (replace(DOOR, port=1), False),
        (replace(DOOR, addresses=("10.7.0.5",)), False),
        (replace(DOOR, balance=Balance.SOURCE), False),
        (replace(DOOR, health=replace(DOOR.health, fall=9)), False),
    ],
)
def test_what_a_reload_is_for(changed: Frontend, same: bool) -> None:
    assert (structure_of((changed,), PLACE) == structure_of((DOOR,), PLACE)) is same
