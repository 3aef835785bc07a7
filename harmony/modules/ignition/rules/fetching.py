"""Sources, digests, headers, and whom a config names to fetch from."""

from __future__ import annotations

import re

from harmony.modules.ignition.rules.finding import Findings
from harmony.modules.ignition.spec.config import Proxy, References, Tls
from harmony.modules.ignition.spec.part import Part
from harmony.modules.ignition.spec.resource import HttpHeader, Resource, Verification
from harmony.modules.ignition.url_form import scheme_of, source_problem

_HASH = re.compile(r"(sha512-.{128}|sha256-.{64})", re.DOTALL)
_HEX = re.compile(r"sha[0-9]+-[0-9a-fA-F]+")


def findings(part: Part) -> Findings:
    match part:
        case Resource():
            yield from _resource(part)
        case Verification(hash=str(digest)):
            if not _HASH.fullmatch(digest) or not _HEX.fullmatch(digest):
                yield ("hash",), "is not sha512- and 128 or sha256- and 64 hex digits"
        case HttpHeader():
            yield from _header(part)
        case References():
            yield from _required("merge", part.merge)
        case Tls():
            yield from _required("certificateAuthorities", part.certificateAuthorities)
        case Proxy():
            yield from _proxy(part)
        case _:
            pass


def _resource(resource: Resource) -> Findings:
    if resource.compression not in (None, "", "gzip"):
        yield ("compression",), "is not gzip, the one compression that Ignition undoes"
    if resource.source is None and resource.verification.hash is not None:
        yield ("verification", "hash"), "verifies nothing: there is no source"
    if resource.source and (wrong := source_problem(resource.source)):
        yield ("source",), wrong
    if resource.httpHeaders and scheme_of(resource.source or "") not in ("http", "https"):
        yield ("httpHeaders",), "are sent only to an http or https source"


def _header(header: HttpHeader) -> Findings:
    if not header.name:
        yield ("name",), "is empty"
    if header.value == "":
        yield ("value",), "is empty; leave it out to take the parent's header away"


def _required(field: str, resources: tuple[Resource, ...]) -> Findings:
    for index, resource in enumerate(resources):
        if not resource.source:
            yield (field, index, "source"), "is required here"


def _proxy(proxy: Proxy) -> Findings:
    for field, url in (("httpProxy", proxy.httpProxy), ("httpsProxy", proxy.httpsProxy)):
        if url is not None and scheme_of(url) not in ("http", "https"):
            yield (field,), "is not an http or https URL"
