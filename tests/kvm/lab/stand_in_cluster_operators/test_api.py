from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kvm.lab.stand_in_cluster_operators.api import KubernetesApi, Unanswered

pytestmark = pytest.mark.protocol

MAPS = "/api/v1/namespaces/default/configmaps"


def changed(kubeconfig: Path, part: str, **to: object) -> Path:
    document = json.loads(kubeconfig.read_text())
    document[f"{part}s"][0][part] |= to
    kubeconfig.write_text(json.dumps(document))
    return kubeconfig


def config_map(name: str, **content: str) -> dict[str, Any]:
    metadata = {"name": name, "namespace": "default"}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": content}


def test_objects_are_created_read_and_replaced(kubeconfig: Path) -> None:
    api = KubernetesApi(kubeconfig)
    assert api.read(f"{MAPS}/colour") is None
    made = api.create(MAPS, config_map("colour", of="red"))
    assert api.replace(f"{MAPS}/colour", {**made, "data": {"of": "blue"}})["data"]["of"] == "blue"
    assert (api.read(f"{MAPS}/colour") or {})["data"] == {"of": "blue"}
    with pytest.raises(Unanswered, match=r"409 .*already exists"):
        api.create(MAPS, config_map("colour"))
    with pytest.raises(Unanswered, match=r"409 .*the object has been modified"):
        api.replace(f"{MAPS}/colour", {**made, "data": {"of": "green"}})


def test_what_the_api_server_refuses(kubeconfig: Path) -> None:
    api = KubernetesApi(kubeconfig)
    with pytest.raises(Unanswered, match=r"422 .*Invalid value"):
        api.create(MAPS, config_map("NOT A NAME"))


@pytest.mark.parametrize(
    "place", ["/apis/nobody.home.example/v1/nothings", "/apis/apps/v9/nothings", "/api/v1/nothings"]
)
def test_what_is_not_served_is_not_taken_for_absent(kubeconfig: Path, place: str) -> None:
    api = KubernetesApi(kubeconfig)
    with pytest.raises(Unanswered, match="404 "):
        api.read(f"{place}/thing")
    with pytest.raises(Unanswered, match="404 "):
        api.create(place, config_map("thing"))


def test_an_api_server_by_another_name_is_not_trusted(kubeconfig: Path) -> None:
    api = KubernetesApi(changed(kubeconfig, "cluster", **{"tls-server-name": "api.other.example"}))
    with pytest.raises(Unanswered, match="certificate verify failed"):
        api.read(MAPS)


def test_nobody_answers(kubeconfig: Path) -> None:
    api = KubernetesApi(changed(kubeconfig, "cluster", server="https://127.0.0.1:1"))
    with pytest.raises(Unanswered, match="Connection refused"):
        api.read(MAPS)


@pytest.mark.parametrize(
    ("part", "to"),
    [
        ("cluster", {"certificate-authority-data": ""}),
        ("cluster", {"certificate-authority-data": "?"}),
        ("cluster", {"certificate-authority-data": 1}),
        ("cluster", {"server": "https://api.home.example:port"}),
        ("user", {"client-key-data": ""}),
    ],
)
def test_a_kubeconfig_that_cannot_be_used(
    kubeconfig: Path, part: str, to: dict[str, object]
) -> None:
    with pytest.raises(Unanswered, match="kubeconfig"):
        KubernetesApi(changed(kubeconfig, part, **to))


@pytest.mark.parametrize("text", [None, "", "[]", "{}", '{"clusters": [], "users": []}', "a: b"])
def test_a_kubeconfig_that_is_not_there_or_not_whole(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "kubeconfig"
    if text is not None:
        path.write_text(text)
    with pytest.raises(Unanswered, match=str(path)):
        KubernetesApi(path)
