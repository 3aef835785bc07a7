"""One JSON line per change on standard output: what a build's caller reads.

{"name": "node-image", "percent": 61, "remaining_seconds": 120}
{"name": "node-image", "artifacts": [{"name": …, "sha256": …, "size": …, "path": …}], "versions": {…}}
{"name": "node-image", "error": "…"}
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import asdict

from provisioner.images.built import Built
from provisioner.images.progress import Estimate, Steps

INTERVAL_SECONDS = 2.0
Say = Callable[[str], None]


def progress_line(name: str, estimate: Estimate) -> str:
    """How far `name` is."""
    return json.dumps(
        {"name": name, "percent": estimate.percent, "remaining_seconds": estimate.remaining}
    )


def built_line(built: Built) -> str:
    """What came out."""
    artifacts = [asdict(artifact) for artifact in built.artifacts]
    return json.dumps(
        {"name": built.name, "artifacts": artifacts, "versions": dict(built.versions)}
    )


def error_line(name: str, error: Exception) -> str:
    """Why nothing came out."""
    return json.dumps({"name": name, "error": str(error)})


class Reporter:
    """Says how far a build is, every two seconds and with every step; `lines` as in Builder."""

    def __init__(self, name: str, steps: Steps, lines: Mapping[str, int], say: Say) -> None:
        self._name = name
        self._steps = steps
        self._lines = lines
        self._say = say
        self._seen = 0
        self._done = threading.Event()

    def finish(self, step: str) -> None:
        """A step is done."""
        self._steps.finish(step)
        self._seen = 0
        self._report()

    def tick(self, _line: str) -> None:
        """The running step printed a line."""
        self._seen += 1
        expected = self._lines.get(self._steps.running or "", 0)
        if expected:
            self._steps.part(self._seen / expected)

    @contextmanager
    def running(self) -> Generator[None]:
        """Report until the end of the block."""
        thread = threading.Thread(target=self._repeat, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._done.set()
            thread.join()

    def _repeat(self) -> None:
        self._report()
        while not self._done.wait(INTERVAL_SECONDS):
            self._report()

    def _report(self) -> None:
        self._say(progress_line(self._name, self._steps.estimate()))
