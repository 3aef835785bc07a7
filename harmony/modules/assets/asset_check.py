"""What can be said of assets before anything is asked for them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from harmony.domain.asset import S3_SCHEME, Asset, S3Object, Source
from inventory.codes import Code
from inventory.diagnostic import Diagnostic
from inventory.place import place_of, refused

_SHA256 = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*")
_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,254}")
_PROFILE = re.compile(r"[A-Za-z0-9._-]+")
_REMOTE = ("http", "https")


def check_assets(score: object, name: str, assets: Sequence[Asset]) -> Iterator[Diagnostic]:
    """Names, digests and URLs; each fault at its place."""
    if not _NAME.fullmatch(name):
        yield _bad_name(score, name)
    times = Counter(asset.name for asset in assets)
    for asset in assets:
        if refused(asset):
            continue
        if not _NAME.fullmatch(asset.name):
            yield _bad_name(asset, asset.name)
        elif times[asset.name] > 1:
            yield Diagnostic(
                Code.DUPLICATE_NAME,
                f"two assets are named {asset.name!r}",
                place_of(asset, "name"),
                "given twice",
                help=("give each file a name of its own",),
            )
        yield from _digest_findings(asset)
        yield from _source_findings(asset)


def _bad_name(value: object, name: str) -> Diagnostic:
    return Diagnostic(
        Code.INVALID_NAME,
        f"{name!r} can't name what machines fetch",
        place_of(value, "name"),
        "not a name",
        help=("letters, digits, dots, hyphens and underscores, such as fcos-kernel",),
    )


def _digest_findings(asset: Asset) -> Iterator[Diagnostic]:
    if not _SHA256.fullmatch(asset.sha256):
        yield Diagnostic(
            Code.INVALID_DIGEST,
            f"asset {asset.name!r}: {asset.sha256!r} is no sha256",
            place_of(asset, "sha256"),
            "not 64 hex digits",
            help=("`sha256sum FILE` says it, in lower-case hex",),
        )


def _source_findings(asset: Asset) -> Iterator[Diagnostic]:
    problems = [problem for one in asset.sources if (problem := _problem(one))]
    if not asset.sources:
        problems = ["it names no source"]
    for problem in problems:
        yield Diagnostic(
            Code.INVALID_SOURCE,
            f"asset {asset.name!r}: {problem}",
            place_of(asset, "url"),
            "can't be fetched",
            help=("https://…, http://…, s3://BUCKET/KEY or file:///…",),
        )


def _problem(source: Source) -> str:
    """What is wrong with it; empty if nothing is."""
    if isinstance(source, S3Object):
        return _problem_of_s3(source)
    try:
        parts = urlsplit(source)
        parts.port  # noqa: B018 - raises for a port that is none
    except ValueError as error:
        return f"{source!r} is not a URL ({error})"
    if parts.scheme == "file":
        absolute = parts.path.startswith("/") and parts.netloc in ("", "localhost")
        return "" if absolute else f"{source!r} names no file of the jump host"
    return _problem_of_remote(source)


def _problem_of_remote(url: str) -> str:
    parts = urlsplit(url)
    if parts.username or parts.password:
        return "its URL has credentials in it, and a declaration is not secret"
    if parts.scheme not in _REMOTE or not parts.hostname:
        return f"{url!r} is not the URL of a file"
    return ""


def _problem_of_s3(source: S3Object) -> str:
    is_object = source.url.startswith(S3_SCHEME) and _BUCKET.fullmatch(source.bucket) and source.key
    if not is_object:
        return f"{source.url!r} is not s3://BUCKET/KEY"
    if source.credentials is not None and not _PROFILE.fullmatch(source.credentials):
        return "its credentials are not the name of a profile"
    return "" if source.endpoint is None else _problem_of_remote(source.endpoint)
