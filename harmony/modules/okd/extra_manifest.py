"""A manifest beside the installer's own, such as a MachineConfig; it lies there between its two commands."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from harmony.modules.okd.document import Part, finding
from harmony.modules.okd.yaml_text import NotYaml, read_yaml
from inventory.codes import Code
from inventory.diagnostic import Diagnostic

_PATH = re.compile(r"(manifests|openshift)/[A-Za-z0-9][A-Za-z0-9._-]*\.(yaml|yml|json)")


class ExtraManifest(Part):
    """`path` as in `openshift/99-chrony.yaml`; one of the installer's own takes that one's place."""

    path: str
    text: str


def check_manifests(manifests: Sequence[ExtraManifest]) -> Iterator[Diagnostic]:
    times = Counter(one.path for one in manifests)
    for path in (path for path, count in times.items() if count > 1):
        words = "two manifests have this path"
        yield finding(Code.INVALID_OKD_FILE, path, words, "give each a name of its own")
    for one in manifests:
        if not _PATH.fullmatch(one.path):
            words = "the installer reads no manifest at that path"
            help = "such as openshift/99-chrony.yaml or manifests/cluster-network-03-config.yml"
            yield finding(Code.INVALID_OKD_FILE, one.path, words, help)
        if problem := _problem(one.text):
            help = "apiVersion, kind and metadata.name make an object"
            yield finding(Code.INVALID_OKD_FILE, one.path, problem, help)


def _problem(text: str) -> str:
    try:
        document = read_yaml(text)
    except NotYaml as error:
        return str(error)
    if not isinstance(document, dict) or not {"apiVersion", "kind"} <= document.keys():
        return "it is no object of Kubernetes"
    return ""
