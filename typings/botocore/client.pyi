from typing import NotRequired, TypedDict

from botocore.response import StreamingBody

class _ObjectOutput(TypedDict):
    Body: StreamingBody
    ContentLength: NotRequired[int]
    ETag: NotRequired[str]

class BaseClient:
    def get_object(
        self, *, Bucket: str, Key: str, Range: str = "", IfMatch: str = ""
    ) -> _ObjectOutput: ...
    def close(self) -> None: ...
