"""A waiver: a failure of preflight that the operator takes upon himself, with the reason."""

from __future__ import annotations

from dataclasses import dataclass

from inventory.declared import Declared


@dataclass(frozen=True)
class Waiver(Declared):
    """`check` is the id that `provisioner preflight` shows. `subject` is what was looked at, such as a
    host: without it all that this check looks at are waived. The failure stays one, and is shown with
    `reason`."""

    check: str
    reason: str
    subject: str | None = None

    def covers(self, check: str, subject: str) -> bool:
        return self.check == check and self.subject in (None, subject)
