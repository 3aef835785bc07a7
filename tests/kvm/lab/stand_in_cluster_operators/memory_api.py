"""An API server in memory, which can fail at any write: before it, or after it with the answer lost."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field

from kvm.lab.stand_in_cluster_operators.api import Document, Unanswered
from kvm.lab.stand_in_cluster_operators.kinds import DEFINITIONS
from kvm.lab.stand_in_cluster_operators.observing import API_SERVERS, NODES

ESTABLISHED: Document = {"conditions": [{"type": "Established", "status": "True"}]}


@dataclass
class MemoryApi:
    """`writes` are the places that were written to. Of the writes to come, that of number `cut` fails."""

    objects: dict[str, Document] = field(default_factory=dict[str, Document])
    writes: list[str] = field(default_factory=list[str])
    cut: int | None = None
    cut_is_written: bool = False
    _version: int = 0

    def cluster(self, nodes: list[Document], *serving: str) -> None:
        """What its kubelets and API servers say."""
        self.objects[NODES] = {"items": nodes}
        self.objects[API_SERVERS] = {"subsets": [{"addresses": [{"ip": one} for one in serving]}]}

    def read(self, place: str) -> Document | None:
        found = deepcopy(self.objects.get(place))
        if found is not None and place.startswith(DEFINITIONS):
            found["status"] = ESTABLISHED
        return found

    def create(self, place: str, document: Document) -> Document:
        one = f"{place}/{document['metadata']['name']}"
        if one in self.objects:
            raise Unanswered(f"{one}: 409 already exists")
        # A status isn't taken where it has a place of its own; a definition is served a little later.
        return self._write(
            one, one, {key: kept for key, kept in document.items() if key != "status"}
        )

    def replace(self, place: str, document: Document) -> Document:
        one = place.removesuffix("/status")
        kept = self.objects[one]
        if document["metadata"]["resourceVersion"] != kept["metadata"]["resourceVersion"]:
            raise Unanswered(f"{one}: 409 the object has been modified")
        changed = {**kept, "status": document["status"]} if place != one else document
        return self._write(place, one, changed)

    def _write(self, place: str, one: str, document: Document) -> Document:
        cut = self.cut == 0
        self.cut = None if self.cut is None or cut else self.cut - 1
        if not cut or self.cut_is_written:
            self._version += 1
            metadata = {**document["metadata"], "resourceVersion": str(self._version)}
            self.objects[one] = {**deepcopy(document), "metadata": metadata}
            self.writes.append(place)
        if cut:
            raise Unanswered(f"{place}: connection reset")
        return deepcopy(self.objects[one])
