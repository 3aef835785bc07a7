from __future__ import annotations

import pytest

from harmony.modules.ignition.model import Unit
from harmony.modules.kubernetes.systemd_unit import once, service

pytestmark = pytest.mark.unit

SERVICE = service(
    "a.service",
    "A program",
    ("/bin/a", "--b=c"),
    after=("b.service",),
    wants=("b.service", "c.service"),
    awaits="https://127.0.0.1/readyz",
)
ONCE = once("once.service", "Something once", ("/bin/one", "/bin/two"))


def test_whole_service() -> None:
    asking = (
        "curl --silent --fail --output /dev/null --max-time 20 "
        "--cacert /etc/kubernetes/pki/ca.crt https://127.0.0.1/readyz"
    )
    assert SERVICE.contents == (
        "[Unit]\n"
        "Description=A program\n"
        "Wants=b.service c.service\n"
        "After=b.service\n"
        "StartLimitIntervalSec=0\n"
        "\n"
        "[Service]\n"
        "Type=simple\n"
        f"ExecStartPre=/bin/sh -c 'until {asking}; do sleep 4; done'\n"
        "ExecStart=/bin/a \\\n"
        "  --b=c\n"
        "Restart=always\n"
        "RestartSec=3\n"
        "TimeoutStartSec=infinity\n"
        "\n"
        "[Install]\n"
        "WantedBy=multi-user.target\n"
    )
    assert SERVICE.enabled


@pytest.mark.parametrize("unit", [SERVICE, ONCE], ids=["service", "once"])
def test_it_never_gives_up(unit: Unit) -> None:
    lines = (unit.contents or "").splitlines()
    assert "StartLimitIntervalSec=0" in lines
    assert "TimeoutStartSec=infinity" in lines
    assert any(line.startswith("Restart=") for line in lines)


def test_commands_run_in_order_once() -> None:
    lines = (ONCE.contents or "").splitlines()
    assert [line for line in lines if line.startswith("ExecStart")] == [
        "ExecStart=/bin/one",
        "ExecStart=/bin/two",
    ]
    assert "Type=oneshot" in lines
