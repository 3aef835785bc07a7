"""What can go wrong for the agent. It runs with the standard library alone, so its tree has its own root.

AgentError
├── DaemonUnreachable   nobody answered, or not as agreed: asked again
├── DaemonRefused       the daemon answered that it will not; asked again, in the end with a new boot
└── InstallFailed       the order can't be carried out: reported with evidence, then new orders are awaited
"""

from __future__ import annotations


class AgentError(Exception):
    """Everything the agent raises on purpose."""


class DaemonUnreachable(AgentError):
    """No answer, or one that isn't what was agreed upon."""


class DaemonRefused(AgentError):
    """An HTTP status from 400 to 499."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(f"{status} {words}")
        self.status = status


class InstallFailed(AgentError):
    """`evidence` is what an operator needs to see beside the reason."""

    def __init__(self, reason: str, *evidence: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.evidence = evidence
