"""A lease taken by a real client, listed and ended from the command line, for good."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from provisioner.cli.main import app, main
from tests.dhcp_clients import Udhcpc
from tests.namespaces import Segment
from tests.peers.daemon_child import DaemonChild
from tests.peers.served_site import CP1, served_on

pytestmark = pytest.mark.protocol


def told(state: Path, *arguments: str) -> str:
    result = CliRunner().invoke(app, ["leases", *arguments, "--state", str(state)])
    assert result.exit_code == 0, result.output
    return result.stdout


def listed(state: Path) -> dict[str, Any]:
    return {lease["address"]: lease for lease in json.loads(told(state, "--json"))}


def test_a_lease_from_its_client_to_its_end(
    wire: Segment, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with served_on(wire, tmp_path) as daemon:
        assert {one["state"] for one in listed(tmp_path).values()} == {"reserved"}
        mac = CP1.nics[0].mac
        client = Udhcpc(wire.station("eth0", mac=mac), tmp_path)
        running = client.start()
        client.wait_for_note("bound 10.7.0.11 cp1")
        running.kill()
        running.wait()
        lease = listed(tmp_path)["10.7.0.11"]
        assert (lease["state"], lease["mac"], lease["host"]) == ("leased", mac, "cp1")
        assert "10.7.0.11  52:54:00:07:00:11  cp1   lan      leased    in 60 min" in told(tmp_path)
        assert f"lan,10.7.0.11,{mac},cp1,leased,20" in told(tmp_path, "export")
        assert json.loads(told(tmp_path, "export", "--format", "json"))[0] == lease

        with pytest.raises(SystemExit):
            main(["leases", "release", mac, "--state", str(tmp_path)])
        assert "10.7.0.11 is in use: cp1 was heard" in capsys.readouterr().err
        ended = told(tmp_path, "release", "10.7.0.11", "--yes")
        assert ended == "10.7.0.11 of cp1 is free\n"
        with pytest.raises(SystemExit):
            main(["leases", "release", mac, "--state", str(tmp_path)])
        assert capsys.readouterr().err == f"error: {mac} is not leased: it is expired\n"

        daemon.restart()
        assert listed(tmp_path)["10.7.0.11"]["state"] == "expired"
        (event,) = daemon.events("LeaseReleased")
        assert (event["host"], event["detail"]["address"]) == ("cp1", "10.7.0.11")


def test_what_is_not_leased(served: DaemonChild, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["leases", "release", "10.7.0.150", "--state", str(served.state.parent)])
    assert ended.value.code == 1
    assert capsys.readouterr().err == "error: 10.7.0.150 is not leased\n"


def test_without_a_daemon_it_says_how_to_start_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["leases", "--state", str(tmp_path)])
    assert ended.value.code == 1
    assert "is `provisioner serve SITE.py` running" in capsys.readouterr().err
