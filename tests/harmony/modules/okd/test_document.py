from __future__ import annotations

import pytest
from pydantic import JsonValue

from harmony.modules.okd.document import (
    NotOfItsForm,
    Part,
    as_document,
    finding,
    installers_name,
    read_document,
)
from inventory.codes import Code
from inventory.diagnostic import Diagnostic

pytestmark = pytest.mark.unit


class Inner(Part):
    host_prefix: int


class Outer(Part):
    base_domain: str
    inner: tuple[Inner, ...] = ()
    empty: dict[str, JsonValue] | None = None


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("base_domain", "baseDomain"),
        ("rendezvous_ip", "rendezvousIP"),
        ("cluster_network_mtu", "clusterNetworkMTU"),
        ("additional_ntp_sources", "additionalNTPSources"),
        ("boot_artifacts_base_url", "bootArtifactsBaseURL"),
        ("wwn_with_extension", "wwnWithExtension"),
        ("ipv4", "ipv4"),
        ("no_proxy", "noProxy"),
    ],
)
def test_fields_are_written_as_the_installer_calls_them(name: str, written: str) -> None:
    assert installers_name(name) == written


def test_only_what_is_said_is_written() -> None:
    assert as_document(Outer(base_domain="x")) == {"baseDomain": "x"}
    said = Outer(base_domain="", inner=(Inner(host_prefix=0),), empty={})
    assert as_document(said) == {"baseDomain": "", "inner": [{"hostPrefix": 0}], "empty": {}}


@pytest.mark.parametrize(
    ("document", "message", "help"),
    [
        ({}, "x.yaml: baseDomain: field required", "see the installer's documentation"),
        (
            {"baseDomain": "a", "iner": []},
            "x.yaml: iner: the installer knows no such key, or this product doesn't",
            "did you mean 'inner'?",
        ),
        (
            {"base_domain": "a", "baseDomain": "a"},
            "x.yaml: base_domain: the installer knows no such key, or this product doesn't",
            "did you mean 'baseDomain'?",
        ),
        (
            {"baseDomain": "a", "inner": [{"hostPrefix": "x"}]},
            "x.yaml: inner[0].hostPrefix: input should be a valid integer",
            "see the installer's documentation",
        ),
        (
            [],
            "x.yaml: the whole: input should be an object",
            "see the installer's documentation",
        ),
    ],
)
def test_what_is_not_of_its_form_is_told(document: JsonValue, message: str, help: str) -> None:
    with pytest.raises(NotOfItsForm) as refused:
        read_document(Outer, document, "x.yaml")
    (found,) = refused.value.diagnostics
    assert (found.code, found.message) == ("HP0221", message)
    assert found.help[0].startswith(help)


def test_a_finding_says_where() -> None:
    assert finding(Code.INVALID_OKD_FILE, "a.b", "is bad", "do c", notes=["d"]) == Diagnostic(
        "HP0221", "a.b: is bad", notes=("d",), help=("do c",)
    )
