"""A site in memory whose machines stay in the state they are in."""

from __future__ import annotations

from typing_extensions import override

from tests.harmony.modules.kubernetes.recording_site import RecordingSite


class StillSite(RecordingSite):
    """Whoever tests it says what becomes of a machine."""

    @override
    def _further(self, host: str) -> None:
        return
