"""Assets out of an object store that speaks S3: Amazon's, MinIO, Ceph …"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError, IncompleteReadError
from botocore.exceptions import ConnectionError as NoConnection
from typing_extensions import override

from harmony.domain.asset import S3Object
from harmony.infra.asset_source import (
    CHUNK,
    STALL_SECONDS,
    AssetSource,
    Begun,
    Opened,
    SourceAway,
    SourceChanged,
    SourceError,
    SourceRefused,
)
from harmony.infra.s3_credentials import CredentialsFiles, S3Credentials

if TYPE_CHECKING:
    from botocore.client import BaseClient
    from botocore.config import Config
    from botocore.response import StreamingBody

_CONNECT_SECONDS = 15.0
_NOBODY = S3Credentials("anonymous", "anonymous")
"""For requests that aren't signed: without any, botocore would look for some all over the network."""

ERRORS: Final[tuple[tuple[type[Exception], type[SourceError]], ...]] = (
    (HTTPClientError, SourceAway),
    (IncompleteReadError, SourceAway),
    (NoConnection, SourceAway),
    (BotoCoreError, SourceRefused),
    (ValueError, SourceRefused),  # an endpoint that is no URL
)
"""What botocore raises beside the service's own answers; the first that fits."""


class S3Source(AssetSource):
    """`stall` in seconds: so long it may be silent."""

    def __init__(
        self, wanted: S3Object, credentials: CredentialsFiles, stall: float = STALL_SECONDS
    ) -> None:
        self._object = wanted
        self._credentials = credentials
        self._stall = stall

    @property
    @override
    def name(self) -> str:
        at = f" at {self._object.endpoint}" if self._object.endpoint else ""
        return f"{self._object.url}{at}"

    @contextmanager
    @override
    def open(self, begun: Begun) -> Generator[Opened]:
        with self._mapped(begun):
            client = self._client()
            try:
                answer = client.get_object(
                    Bucket=self._object.bucket, Key=self._object.key, **self._condition(begun)
                )
                rest = answer.get("ContentLength")
                size = None if rest is None else begun.position + rest
                if begun.position and size != begun.size:
                    raise SourceChanged(f"{self.name} has another length now")
                chunks = self._chunks(answer["Body"])
                yield Opened(begun.position, size, answer.get("ETag", ""), chunks)
            finally:
                client.close()

    def _client(self) -> BaseClient:
        """Imported where it is needed: it takes a third of a second."""
        from botocore.session import Session

        name = self._object.credentials
        who = self._credentials.find(name) if name else _NOBODY
        return Session().create_client(
            "s3",
            region_name=self._object.region,
            endpoint_url=self._object.endpoint,
            aws_access_key_id=who.key_id,
            aws_secret_access_key=who.secret,
            aws_session_token=who.token,
            config=self._config(signed=name is not None),
        )

    def _config(self, *, signed: bool) -> Config:
        """Tried again by the one who asks; checksums are ours."""
        from botocore import UNSIGNED
        from botocore.config import Config

        return Config(
            signature_version="s3v4" if signed else UNSIGNED,
            connect_timeout=min(self._stall, _CONNECT_SECONDS),
            read_timeout=self._stall,
            retries={"total_max_attempts": 1, "mode": "standard"},
            s3={"addressing_style": "path" if self._object.endpoint else "auto"},
            response_checksum_validation="when_required",
        )

    def _condition(self, begun: Begun) -> dict[str, str]:
        if not begun.position:
            return {}
        same = begun.name == self.name and begun.validator
        wanted = {"Range": f"bytes={begun.position}-"}
        return {**wanted, "IfMatch": begun.validator} if same else wanted

    def _chunks(self, body: StreamingBody) -> Iterator[bytes]:
        try:
            yield from body.iter_chunks(CHUNK)
        finally:
            body.close()

    @contextmanager
    def _mapped(self, begun: Begun) -> Generator[None]:
        try:
            yield
        except ClientError as error:
            raise self._answered(error, begun) from error
        except (BotoCoreError, ValueError) as error:
            kind = next(ours for theirs, ours in ERRORS if isinstance(error, theirs))
            raise kind(f"{self.name}: {error}") from error

    def _answered(self, error: ClientError, begun: Begun) -> SourceError:
        status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
        code = error.response.get("Error", {}).get("Code", "")
        words = f"{self.name} answers {status} {code}"
        if begun.position and status in (412, 416):
            return SourceChanged(words)
        return SourceAway(words) if status >= 500 or status in (0, 429) else SourceRefused(words)
