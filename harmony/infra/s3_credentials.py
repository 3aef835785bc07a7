"""Keys for object stores, out of a file as all of Amazon's tools have it:

    [images]
    aws_access_key_id = …
    aws_secret_access_key = …

Declarations hold the profile's name only. The vault is not for these: it makes secrets, and they were
made by somebody else.
"""

from __future__ import annotations

from collections.abc import Sequence
from configparser import ConfigParser, Error
from dataclasses import dataclass, field
from pathlib import Path

from harmony.infra.asset_source import SourceRefused


@dataclass(frozen=True, slots=True)
class S3Credentials:
    """`token` goes with keys that end by themselves."""

    key_id: str
    secret: str = field(repr=False)
    token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class CredentialsFiles:
    """`paths` in the order in which a profile is looked for."""

    paths: Sequence[Path]

    def find(self, profile: str) -> S3Credentials:
        """Raises SourceRefused if no file has the profile; what else is in them is never told."""
        for path in self.paths:
            found = _section(path, profile)
            if found is not None:
                return found
        places = " nor in ".join(map(str, self.paths))
        raise SourceRefused(f"there are no credentials {profile!r} in {places}")


def _section(path: Path, profile: str) -> S3Credentials | None:
    parser = ConfigParser(interpolation=None)
    try:
        parser.read_string(path.read_text())
        section = parser[profile]
        return S3Credentials(
            section["aws_access_key_id"],
            section["aws_secret_access_key"],
            section.get("aws_session_token"),
        )
    except (OSError, UnicodeDecodeError, Error, KeyError):
        return None
