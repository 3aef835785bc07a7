"""Fetches a script or a program as iPXE and UEFI firmware do, by httpx. To be used in a thread that is in
the station."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import httpx

from provisioner.cli.doctor.observation import Asked, HttpFetch

_TIMEOUT = 4.0
_BEGINNING = 4096
_IPXE_SAYS = {"uuid": "00000000-0000-0000-0000-000000000000", "platform": "pcbios"}


def fetch(asked: Asked, url: str, addresses: dict[str, str]) -> HttpFetch:
    """The beginning of what is there. `addresses` are those of names: there is no resolver here."""
    filled = filled_in(url)
    try:
        parts = urlsplit(filled)
        host = addresses.get(parts.hostname or "", parts.hostname or "")
        at = httpx.URL(filled).copy_with(host=host)
        with (
            httpx.Client(timeout=_TIMEOUT, trust_env=False, verify=False) as client,
            client.stream("GET", at, headers={"Host": parts.netloc}) as answer,
        ):
            begins = _beginning(answer)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        return HttpFetch(asked, filled, None, _words(error))
    length = answer.headers.get("content-length", "")
    told = begins.split(b"\n")[0][:200].decode("utf-8", "replace").strip()
    return HttpFetch(
        asked,
        filled,
        answer.status_code,
        "" if answer.status_code == 200 else told or answer.reason_phrase,
        answer.headers.get("content-type", "").partition(";")[0],
        int(length) if length.isdecimal() else None,
        begins[:16],
    )


def filled_in(url: str) -> str:
    """With iPXE's settings in place of their names (`${uuid}`, `${serial:uristring}`)."""
    return re.sub(r"\$\{([^}:]*)[^}]*\}", lambda found: _IPXE_SAYS.get(found[1], ""), url)


def _beginning(answer: httpx.Response) -> bytes:
    begins = b""
    for chunk in answer.iter_raw(_BEGINNING):
        begins += chunk
        if len(begins) >= _BEGINNING:
            break
    return begins


def _words(error: Exception) -> str:
    if isinstance(error, httpx.ConnectTimeout):
        return "nobody answered within 4 s: a firewall drops it, or nobody is there"
    if isinstance(error, httpx.ConnectError) and "refused" in str(error):
        return "that computer is there, but nobody listens at this port"
    return str(error) or type(error).__name__
