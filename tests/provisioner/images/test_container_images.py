"""The images that a rehearsal's cluster runs: the very programs in them, run here."""

from __future__ import annotations

import subprocess

import pytest

from provisioner.images import container_images

pytestmark = pytest.mark.unit


def test_kubernetes_finds_the_images_by_their_full_names() -> None:
    assert [image.name for image in container_images.IMAGES] == [
        "docker.io/harmony/pause:1",
        "docker.io/harmony/http-server:1",
    ]


@pytest.mark.parametrize("script", [container_images.PAUSE, container_images.SERVE])
def test_the_scripts_are_valid_and_end_on_sigterm(script: str) -> None:
    subprocess.run(["/bin/sh", "-n"], input=script, text=True, check=True)
    assert "trap 'kill $!; exit 0' TERM" in script


def test_pause_ends_at_once_when_it_is_told_to() -> None:
    with subprocess.Popen(
        ["/bin/sh", "-c", f"echo up\n{container_images.PAUSE}"], stdout=-1
    ) as pause:
        assert pause.stdout is not None
        assert pause.stdout.readline() == b"up\n"
        pause.terminate()
        assert pause.wait(60) in (0, -15)


def test_another_script_is_another_recipe() -> None:
    changed = (container_images.PAUSE, "#!/bin/sh\n")
    assert container_images.recipe(changed) != container_images.recipe()
