from __future__ import annotations

from pathlib import Path

import pytest

from harmony.infra.asset_source import SourceRefused
from harmony.infra.s3_credentials import CredentialsFiles, S3Credentials

pytestmark = pytest.mark.unit

TEXT = """\
[default]
aws_access_key_id = AKIA1
aws_secret_access_key = a%b

[images]
aws_access_key_id = AKIA2
aws_secret_access_key = s3cr3t
aws_session_token = t0ken
"""


def test_the_first_file_that_has_the_profile(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    second.write_text(TEXT)
    files = CredentialsFiles((first, second))
    assert files.find("default") == S3Credentials("AKIA1", "a%b")
    assert files.find("images") == S3Credentials("AKIA2", "s3cr3t", "t0ken")
    first.write_text("[images]\naws_access_key_id=1\naws_secret_access_key=2\n")
    assert files.find("images") == S3Credentials("1", "2")


@pytest.mark.parametrize("text", ["", "[images]\n", "nonsense", "[images]\naws_access_key_id=1\n"])
def test_nothing_but_the_places_is_told(tmp_path: Path, text: str) -> None:
    file = tmp_path / "credentials"
    file.write_text(text)
    with pytest.raises(SourceRefused) as refused:
        CredentialsFiles((tmp_path / "none", file)).find("images")
    assert str(refused.value) == (
        f"there are no credentials 'images' in {tmp_path}/none nor in {file}"
    )


def test_secrets_have_no_repr() -> None:
    assert "s3cr3t" not in repr(S3Credentials("AKIA2", "s3cr3t", "t0ken"))
