"""The command line: what each subcommand prints, how errors end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from inventory.errors import ProvisionerBug
from provisioner.cli.main import app, main
from tests.peers.daemon_child import DaemonChild
from tests.provisioner.images.official_binaries import official_binaries

EXAMPLES = Path(__file__).parents[3] / "examples"


def told(served: DaemonChild, *arguments: str) -> str:
    """What the subcommand prints, with the state of the daemon that serves."""
    result = CliRunner().invoke(app, [*arguments, "--state", str(served.state.parent)])
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.mark.unit
@pytest.mark.parametrize("verb", ["rehearse", "serve", "install-service"])
def test_a_folder_that_lacks_a_program_of_kubernetes_is_refused_first(
    verb: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (official_binaries(tmp_path / "official") / "kubelet").unlink()
    with pytest.raises(SystemExit) as ended:
        main([verb, "site.py", "--kubernetes-binaries", str(tmp_path / "official")])
    assert ended.value.code == 1
    assert capsys.readouterr().err == f"error: {tmp_path / 'official'} lacks kubelet\n"


@pytest.mark.unit
def test_a_service_whose_programs_are_lost_is_left_to_say_so(tmp_path: Path) -> None:
    given = ("--kubernetes-binaries", str(tmp_path / "lost"))
    arguments = ["serve", str(EXAMPLES / "broken_site.py"), "--state", str(tmp_path / "state")]
    joined = CliRunner().invoke(app, [*arguments, "--join", *given])
    assert joined.exit_code == 1
    assert "error[HP" in joined.stdout  # it came as far as the declaration


@pytest.mark.protocol
def test_status(served: DaemonChild) -> None:
    first, https, *hosts = told(served, "status").splitlines()
    assert first.startswith("site small · provisioner ")
    assert https.startswith("HTTPS by the site's own CA (/ca.crt), sha256 ")
    assert hosts == [
        "  cp1              unseen                 10.7.0.11        its first network boot",
        "  w1               unseen                 10.7.0.12        its first network boot",
    ]
    example = str(EXAMPLES / "first_boot.py")
    asked = told(served, "status", example).splitlines()
    assert asked[2].startswith("this declaration ")
    document = json.loads(told(served, "status", "--json"))
    assert document["status"]["site"] == "small"
    assert [host["host"] for host in document["hosts"]] == ["cp1", "w1"]


@pytest.mark.protocol
def test_hosts(served: DaemonChild) -> None:
    assert told(served, "hosts").splitlines() == [
        "  cp1              unseen                 10.7.0.11        its first network boot",
        "  w1               unseen                 10.7.0.12        its first network boot",
    ]
    document = json.loads(told(served, "hosts", "--json"))
    assert [host["host"] for host in document["hosts"]] == ["cp1", "w1"]
    assert document["machines"] == []


@pytest.mark.protocol
def test_log_and_render(served: DaemonChild) -> None:
    (line,) = [line for line in told(served, "log").splitlines() if "ContributionPut" in line]
    assert "owner=site" in line
    events = [json.loads(line) for line in told(served, "log", "--json").splitlines()]
    assert events == served.events()
    assert told(served, "log", "--tail", "1").splitlines() == told(served, "log").splitlines()[-1:]
    assert told(served, "log", "w1") == ""
    assert told(served, "render", "cp1").startswith("#!ipxe\n")


@pytest.mark.protocol
@pytest.mark.parametrize(
    "arguments",
    [
        ("hosts", "approve", "52:54:00:00:00:99", "--as", "w1"),
        ("hosts", "reinstall", "w1"),
        ("hosts", "retry", "w1"),
        ("render", "w9"),
    ],
)
def test_the_daemons_refusal_is_one_line(
    served: DaemonChild,
    arguments: tuple[str, ...],
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*arguments, "--state", str(served.state.parent)])
    assert ended.value.code == 1
    out, err = capsys.readouterr()
    assert (out, err[:7], err.count("\n")) == ("", "error: ", 1)


@pytest.mark.unit
def test_check_and_explain() -> None:
    sound = CliRunner().invoke(app, ["check", str(EXAMPLES / "first_boot.py")])
    assert (sound.exit_code, "nothing found" in sound.stdout) == (0, True)
    broken = CliRunner().invoke(app, ["check", "--json", str(EXAMPLES / "broken_site.py")])
    assert broken.exit_code == 1
    assert len(json.loads(broken.stdout)["diagnostics"]) >= 8
    explained = CliRunner().invoke(app, ["explain", "HP0001"])
    assert (explained.exit_code, "HP0001" in explained.stdout) == (0, True)


@pytest.mark.unit
def test_every_command_says_what_it_is_for() -> None:
    help_text = CliRunner().invoke(app, ["--help"]).stdout
    for command in (
        "check",
        "explain",
        "serve",
        "rehearse",
        "status",
        "log",
        "render",
        "hosts",
        "leases",
        "doctor",
        "install-service",
    ):
        assert f" {command} " in help_text


@pytest.mark.unit
def test_no_daemon_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["status", "--state", str(tmp_path)])
    assert ended.value.code == 1
    assert capsys.readouterr().err.startswith("error: no daemon answers at ")


@pytest.mark.unit
def test_a_bug_is_a_traceback() -> None:
    def broken() -> None:
        raise ProvisionerBug("a rule was broken")

    app.command("broken", hidden=True)(broken)
    try:
        with pytest.raises(ProvisionerBug):
            main(["broken"])
    finally:
        app.registered_commands.pop()
