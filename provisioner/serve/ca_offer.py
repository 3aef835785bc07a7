"""Hands the site's CA out, by plain HTTP too: it is no secret, and who must be sure of it compares its
fingerprint (`provisioner status` says it)."""

from __future__ import annotations

from collections.abc import Awaitable

from provisioner.serve.http_message import Answer, Handler, Reply, Request
from provisioner.serve.site_ca import SiteCa

PATH = "/ca.crt"
_TYPE = "application/x-x509-ca-cert"
"""What has browsers offer to trust it; its content is PEM, as curl and Ignition take it."""


class CaOffer:
    """Answers for the CA, and has `others` answer the rest."""

    def __init__(self, ca: SiteCa, others: Handler) -> None:
        self._ca = ca
        self._others = others

    def answer(self, request: Request) -> Answer | Awaitable[Answer]:
        if request.path != PATH or request.method not in ("GET", "HEAD"):
            return self._others(request)
        return Reply(200, self._ca.certificate.encode(), _TYPE)
