from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from provisioner.cli.check import check_file, judged
from provisioner.cli.known import KINDS, TOPOLOGIES
from tests.typing.cast import Bare

pytestmark = pytest.mark.unit

EXAMPLES = Path(__file__).parents[3] / "examples"


def checked(path: Path, *, as_json: bool = False) -> tuple[int, str]:
    out = io.StringIO()
    return check_file(path, as_json=as_json, out=out), out.getvalue()


@pytest.mark.parametrize(
    ("example", "words"),
    [
        ("first_boot.py", "nothing found in site 'first-boot' (1 network, 1 host, 1 Score)"),
        ("home_office.py", "nothing found in site 'home-office' (1 network, 3 hosts, 3 Scores)"),
    ],
)
def test_examples_are_sound(example: str, words: str) -> None:
    code, text = checked(EXAMPLES / example)
    first, second = text.splitlines()
    assert (code, first) == (0, f"{EXAMPLES / example}: {words}")
    assert second.startswith("declaration ")


def test_the_broken_example_gives_many_different_diagnostics_at_once() -> None:
    path = EXAMPLES / "broken_site.py"
    code, text = checked(path, as_json=True)
    found = json.loads(text)
    diagnostics = found["diagnostics"]
    assert code == 1
    assert len({diagnostic["code"] for diagnostic in diagnostics}) >= 15
    assert all(d["place"]["file"] == str(path) and d["help"] for d in diagnostics)
    assert found["digest"] is None
    printed = checked(path)[1]
    assert printed.count("error[HP") == len(diagnostics)
    assert printed.count(f"--> {path}:") == len(diagnostics)
    assert printed.count("= help: ") == len(diagnostics)


def test_a_sound_declaration_as_data() -> None:
    code, text = checked(EXAMPLES / "first_boot.py", as_json=True)
    found = json.loads(text)
    assert (code, found["diagnostics"], len(found["digest"])) == (0, [], 64)


def test_a_topology_that_lacks_capabilities_is_told_with_the_line() -> None:
    _, _, found = judged(EXAMPLES / "first_boot.py", Bare, KINDS, TOPOLOGIES)
    (finding,) = found
    assert finding.code == "HP0101"
    assert finding.message == "InstalledHosts cannot run on topology Bare"
    assert (
        finding.label == "needs ArtifactStore, InstalledMachines and PowerControl, which Bare lacks"
    )
    assert finding.help == (
        "BareMetalSite and LabSite have ArtifactStore, InstalledMachines and PowerControl",
    )
    assert finding.place
    line = (
        (EXAMPLES / "first_boot.py")
        .read_text(encoding="utf-8")
        .splitlines()[finding.place.line - 1]
    )
    assert line[finding.place.column - 1 : finding.place.end_column - 1] == "InstalledHosts"


def test_a_cluster_that_nobody_makes(tmp_path: Path) -> None:
    path = tmp_path / "site.py"
    path.write_text(
        """\
from harmony import Namespace
from inventory import Network, Site
site = Site("home", [Network("lan", "10.7.0.0/24", "eth1", "10.7.0.1")], [])
def deploy(maestro):
    maestro.register(Namespace("web"))
""",
        encoding="utf-8",
    )
    assert checked(path) == (
        1,
        f"""\
error[HP0102]: nothing makes KubernetesApi available
 --> {path}:5:22
  |
5 |     maestro.register(Namespace("web"))
  |                      ^^^^^^^^^ needs KubernetesApi
  = help: register one that provides it: KubernetesCluster

1 error
""",
    )


def declared(tmp_path: Path, imports: str, deploy: str) -> Path:
    """A site of two hosts whose `deploy` registers that."""
    path = tmp_path / "site.py"
    path.write_text(
        f"""\
from harmony import {imports}
from inventory import AnyBlank, Host, Network, Nic, Site
cp1 = Host("cp1", [Nic("52:54:00:07:00:11")], address="10.7.0.11", install_on=AnyBlank())
w1 = Host("w1", [Nic("52:54:00:07:00:12")], address="10.7.0.12", install_on=AnyBlank())
site = Site("home", [Network("lan", "10.7.0.0/24", "eth1", "10.7.0.1")], [cp1, w1])
def deploy(maestro):
    maestro.register({deploy})
""",
        encoding="utf-8",
    )
    return path


@pytest.mark.parametrize(
    ("imports", "deploy", "expected"),
    [
        ("Namespace", '[Namespace("web")]', [("HP0110", '[Namespace("web")]')]),
        ("Namespace", "Namespace", [("HP0110", "Namespace")]),
        ("InstalledHosts", "InstalledHosts([])", [("HP0009", "[]")]),
        (
            "InstalledHosts, KubernetesCluster",
            'KubernetesCluster("a", "a.example", [cp1], [w1]), InstalledHosts([w1])',
            [("HP0107", "[w1]")],
        ),
        (
            "KubernetesCluster",
            'KubernetesCluster("a", "x.example", [cp1]), KubernetesCluster("b", "x.example", [w1])',
            [("HP0108", "KubernetesCluster")],
        ),
        (
            "KubernetesCluster, Namespace",
            'KubernetesCluster("a", "a.example", [cp1]), Namespace("web", cluster="nosuch")',
            [("HP0102", "Namespace")],
        ),
        (
            "Deployment, KubernetesCluster, Namespace",
            'KubernetesCluster("a", "a.example", [cp1]), KubernetesCluster("b", "b.example", [w1]), '
            'Namespace("web", "a"), Namespace("web", "b"), Deployment("x", "web", "image")',
            [("HP0109", "Deployment")],
        ),
    ],
)
def test_what_scores_can_have_wrong(
    tmp_path: Path, imports: str, deploy: str, expected: list[tuple[str, str]]
) -> None:
    path = declared(tmp_path, imports, deploy)
    lines = path.read_text(encoding="utf-8").splitlines()
    code, text = checked(path, as_json=True)
    found = json.loads(text)["diagnostics"]
    told: list[tuple[str, str]] = []
    for one in found:
        at = one["place"]
        line = lines[int(at["line"]) - 1]
        told.append((one["code"], line[int(at["column"]) - 1 : int(at["end_column"]) - 1]))
    assert told == expected
    assert code == 1


def test_a_warning_is_no_error(tmp_path: Path) -> None:
    """The declaration has its digest all the same."""
    path = declared(tmp_path, "InstalledHosts", "InstalledHosts([cp1])")
    source = path.read_text(encoding="utf-8").replace("AnyBlank,", "AnyBlank, MatchRule,")
    rule = 'Host("r1", match=MatchRule(min_nics=1), install_on=AnyBlank())'
    source = source.replace("[cp1, w1]", f"[cp1, {rule}]")
    source = source.replace('"10.7.0.1")', '"10.7.0.1", pool=("10.7.0.100", "10.7.0.199"))')
    path.write_text(source, encoding="utf-8")
    code, text = checked(path)
    assert (code, text.count("warning["), text.count("error[")) == (0, 1, 0), text
    digest = json.loads(checked(path, as_json=True)[1])["digest"]
    assert text.splitlines()[-1] == f"declaration {digest}"


def test_a_host_to_install_must_say_on_which_disk(tmp_path: Path) -> None:
    path = tmp_path / "site.py"
    source = (EXAMPLES / "first_boot.py").read_text(encoding="utf-8")
    path.write_text(source.replace(", install_on=AnyBlank()", ""), encoding="utf-8")
    code, text = checked(path)
    assert code == 1
    assert text.splitlines()[0] == (
        "error[HP0106]: InstalledHosts \"m1\" installs host 'm1', which doesn't say on which disk"
    )
    assert "   |      ^^^^ needs install_on" in text.splitlines()


def test_refused_values_cause_no_further_noise(tmp_path: Path) -> None:
    path = tmp_path / "site.py"
    path.write_text(
        (EXAMPLES / "home_office.py").read_text(encoding="utf-8").replace("domain=", "domian="),
        encoding="utf-8",
    )
    _, text = checked(path, as_json=True)
    found = json.loads(text)["diagnostics"]
    assert [(d["code"], d["help"]) for d in found] == [("HP0007", ["did you mean 'domain'?"])]
