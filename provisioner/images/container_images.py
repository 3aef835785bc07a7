"""The container images a rehearsal's cluster runs, out of Debian's busybox: no registry is needed.

`pause` holds a pod's namespaces. `http-server` answers every request for `/` on `$PORT` with `$NONCE`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from provisioner.images.built import Product
from provisioner.images.cache import Recipe
from provisioner.images.oci_layout import ContainerImage, LayerFile, layer_of, layout_of
from provisioner.images.packages import Packages

NAME = "container-images"
FILE = "container-images.tar"
PACKAGE = "busybox-static"
BUSYBOX = "bin/busybox"
APPLETS = ("sh", "sleep", "httpd", "mkdir", "cat", "wget", "hostname", "ip", "nslookup", "ping")
REFERENCE = {"packages": 4, "images": 1}
REVISION = 1  # raise it when the steps below change what comes out

# The first process of a container gets no default action for SIGTERM: both end on it by themselves.
PAUSE = """\
#!/bin/sh
trap 'kill $!; exit 0' TERM INT
while :; do sleep 3600 & wait $!; done
"""
SERVE = """\
#!/bin/sh
mkdir -p /www
printf '%s\\n' "$NONCE" > /www/index.html
httpd -f -p "$PORT" -h /www &
trap 'kill $!; exit 0' TERM INT
wait $!
"""
IMAGES = (
    ContainerImage("docker.io/harmony/pause:1", ("/pause",)),
    ContainerImage("docker.io/harmony/http-server:1", ("/serve",), ("PORT=8080", "NONCE=hello")),
)


def recipe(scripts: tuple[str, str] = (PAUSE, SERVE)) -> Recipe:
    """Of the images above; `scripts` are what their containers run."""
    images = [(image.name, image.entrypoint, image.environment) for image in IMAGES]
    return Recipe.of(
        NAME,
        {
            "package": PACKAGE,
            "applets": APPLETS,
            "scripts": scripts,
            "images": images,
            "revision": REVISION,
        },
    )


def build(packages: Packages, finish: Callable[[str], None], work: Path, output: Path) -> Product:
    """One tar with all images."""
    packages.refresh()
    found = packages.unpack([PACKAGE], work / "debs", work / "tree")
    finish("packages")
    program = LayerFile(BUSYBOX, (work / "tree" / BUSYBOX).read_bytes())
    scripts = (LayerFile("pause", PAUSE.encode()), LayerFile("serve", SERVE.encode()))
    links = {f"bin/{applet}": "busybox" for applet in APPLETS}
    (output / FILE).write_bytes(layout_of(layer_of((program, *scripts), links), IMAGES))
    finish("images")
    return Product({NAME: FILE}, {package.name: package.version for package in found})
