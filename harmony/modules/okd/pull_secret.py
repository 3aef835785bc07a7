"""The logins for servers of images. Its text is judged where it is revealed, and never shown."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Annotated

from pydantic import BaseModel, Field, JsonValue, ValidationError

from harmony.modules.okd.document import finding
from inventory.codes import Code
from inventory.diagnostic import Diagnostic

# OKD's images are public; the installer wants one all the same (okd-project/okd, README.md).
WITHOUT_LOGIN = '{"auths":{"fake":{"auth":"aWQ6cGFzcwo="}}}'


class _PullSecret(BaseModel):
    auths: Annotated[dict[str, JsonValue], Field(min_length=1)]


def check_pull_secret(text: str) -> Iterator[Diagnostic]:
    try:
        auths = _PullSecret.model_validate_json(text).auths
    except ValidationError:
        yield _found("it is no JSON with auths", f"without logins write {WITHOUT_LOGIN}")
        return
    for host, entry in auths.items():
        if not isinstance(entry, dict) or not _is_login(entry.get("auth")):
            words = f"the entry of {host!r} has no auth that is USER:PASSWORD in base64"
            yield _found(words, "log in again and take what was written")


def _is_login(auth: object) -> bool:
    try:
        return isinstance(auth, str) and b":" in base64.b64decode(auth, validate=True)
    except ValueError:
        return False


def _found(words: str, help: str) -> Diagnostic:
    return finding(Code.INVALID_PULL_SECRET, "pullSecret", words, help)
