"""Which texts Ignition takes for a URL: what Go's net/url parses, and of a scheme it can fetch."""

from __future__ import annotations

import re
from urllib.parse import parse_qs

from harmony.modules.ignition.rfc2397 import NotADataUrl, decoded

FETCHED = ("http", "https", "tftp", "s3", "gs", "arn", "data")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_USER = re.compile(r"[A-Za-z0-9\-._:~!$&'()*+,;=%@]*")
_PLAIN_HOST = r"(?:[^\x00-\x20\x7f\[\]/\\^`{|}:%]|%25|%[89A-Fa-f][0-9A-Fa-f])*"
_HOST = re.compile(rf"(?:\[[^\[\]\s/\\]*\]|{_PLAIN_HOST})(?::[0-9]*)?")
# accesspoint/NAME/KEY or BUCKET/KEY: https://coreos.github.io/ignition/supported-platforms/
_ARN = re.compile(r"arn:[^:]*:s3:[^:]*:[^:]*:(?!accesspoint/[^/]*$).*/.*", re.DOTALL)


def scheme_of(url: str) -> str | None:
    """The scheme in lower case, empty when there is none; None for what is no URL."""
    named = _SCHEME.match(url)
    if _CONTROL.search(url) or url.startswith(":"):
        return None
    rest, _, fragment = (url[named.end() :] if named else url).partition("#")
    if _BAD_ESCAPE.search(fragment) or not _hierarchy_parses(rest.partition("?")[0]):
        return None
    return named[1].lower() if named else ""


def source_problem(url: str) -> str | None:
    """Why Ignition would not fetch from `url`, or None."""
    scheme = scheme_of(url)
    if scheme is None:
        return "is not a URL"
    if scheme not in FETCHED:
        return f"is not of a scheme that Ignition fetches ({', '.join(FETCHED)})"
    if scheme == "data":
        return _data_problem(url)
    if scheme in ("s3", "arn"):
        return _s3_problem(url, scheme)
    return None


def _hierarchy_parses(rest: str) -> bool:
    """What doesn't begin with a slash is opaque, and taken as it is."""
    if not rest.startswith("//"):
        return not (rest.startswith("/") and _BAD_ESCAPE.search(rest))
    authority, slash, path = rest[2:].partition("/")
    user, at, host = authority.rpartition("@")
    fits = not at or (_USER.fullmatch(user) and not _BAD_ESCAPE.search(user))
    return bool(fits and _HOST.fullmatch(host) and not _BAD_ESCAPE.search(slash + path))


def _data_problem(url: str) -> str | None:
    try:
        decoded(url)
    except NotADataUrl as wrong:
        return str(wrong)
    return None


def _s3_problem(url: str, scheme: str) -> str | None:
    address, _, query = url.partition("#")[0].partition("?")
    if scheme == "arn" and not _ARN.fullmatch(address):
        return "is not the ARN of an S3 object"
    versions = parse_qs(query, keep_blank_values=True).get("versionId")
    return "has an empty versionId" if versions and not versions[0] else None
