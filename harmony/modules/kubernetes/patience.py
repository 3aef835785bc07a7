"""How long a certificate that no node uses counts as live.

A kubelet on a slow machine gives a request up (its connection broke, the answer came too late) and
makes another one with another key; the first may have been approved by then, for nobody. If it
counted for ever, that host could never join. So a host that asks again while there is no node of its
name is told no for some looks at the cluster, and then its certificate counts as lost. A node that
is there, Ready or not, has a certificate: a second one for it is never approved by itself.

Counted in looks and not in seconds: a look takes as long as the API server is slow.
"""

from __future__ import annotations

LOOKS = 20


class Patience:
    """Remembers between looks; one that starts anew is only more patient."""

    def __init__(self, looks: int = LOOKS) -> None:
        self._looks = looks
        self._seen: dict[str, int] = {}

    def exhausted(self, asking_again: frozenset[str]) -> frozenset[str]:
        """One look: of the hosts that ask again for what they were given, those that have long."""
        self._seen = {host: self._seen.get(host, 0) + 1 for host in asking_again}
        spent = frozenset(host for host, looks in self._seen.items() if looks > self._looks)
        for host in spent:
            del self._seen[host]
        return spent
