from collections.abc import Mapping

from botocore import Unsigned

class Config:
    def __init__(
        self,
        *,
        signature_version: str | Unsigned | None = None,
        connect_timeout: float = 60,
        read_timeout: float = 60,
        retries: Mapping[str, int | str] | None = None,
        s3: Mapping[str, str] | None = None,
        response_checksum_validation: str | None = None,
    ) -> None: ...
