"""What can be built, by name: each with its recipe, its steps and how it is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from provisioner.images import kubernetes
from provisioner.images.built import Product
from provisioner.images.cache import Recipe
from provisioner.images.commands import Commands
from provisioner.images.packages import Packages

NAMES = ("boot-programs", "compiled", "ramdisk", "container-images", "node-image", "kubernetes")


@dataclass(frozen=True, slots=True)
class Means:
    """What a builder works with: `kept` outlives an interrupted build, `finish(step)` says a step is done."""

    kept: Path
    packages: Packages
    commands: Commands
    finish: Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Builder:
    """`reference` is the seconds of each step, in order, on 2 cores with nothing else running.

    `lines` is how many lines a step prints, for steps that show by them how far they are.
    `root` says that it needs root's rights.
    """

    recipe: Recipe
    reference: Mapping[str, float]
    build: Callable[[Means, Path, Path], Product]
    lines: Mapping[str, int] = field(default_factory=dict[str, int])
    root: bool = False


def builder(name: str, kubernetes_folder: Path | None = None) -> Builder:
    """The builder of one of NAMES; with a folder of official binaries Kubernetes comes out of that."""
    if name == "kubernetes" and kubernetes_folder is not None:
        return _kubernetes_of(kubernetes_folder)
    return {
        "boot-programs": _boot_programs,
        "compiled": _compiled,
        "ramdisk": _ramdisk,
        "container-images": _container_images,
        "node-image": _node_image,
        "kubernetes": _kubernetes,
    }[name]()


def _boot_programs() -> Builder:
    from provisioner.images import boot_programs

    def build(means: Means, work: Path, output: Path) -> Product:
        return boot_programs.build(means.packages, means.finish, work, output)

    return Builder(boot_programs.recipe(), boot_programs.REFERENCE, build)


def _compiled() -> Builder:
    from provisioner.images import compiled

    def build(means: Means, work: Path, output: Path) -> Product:
        return compiled.build(means.commands, means.finish, work, output)

    return Builder(compiled.recipe(), compiled.REFERENCE, build)


def _ramdisk() -> Builder:
    from provisioner.images import ramdisk

    def build(means: Means, work: Path, output: Path) -> Product:
        return ramdisk.build(means.packages, means.commands, means.finish, work, output)

    return Builder(ramdisk.recipe(), ramdisk.REFERENCE, build)


def _container_images() -> Builder:
    from provisioner.images import container_images

    def build(means: Means, work: Path, output: Path) -> Product:
        return container_images.build(means.packages, means.finish, work, output)

    return Builder(container_images.recipe(), container_images.REFERENCE, build)


def _node_image() -> Builder:
    from provisioner.images import node_image

    def build(means: Means, work: Path, output: Path) -> Product:
        return node_image.build(means.packages, means.commands, means.finish, work, output)

    return Builder(node_image.recipe(), node_image.REFERENCE, build, root=True)


def _kubernetes() -> Builder:
    def build(means: Means, work: Path, output: Path) -> Product:
        making = kubernetes.SourceBuild(
            means.packages, means.commands, means.kept / "compiled", means.finish
        )
        return making.build(work, output)

    lines = {"programs": kubernetes.COMPILED_PACKAGES}
    return Builder(kubernetes.recipe(), kubernetes.REFERENCE, build, lines)


def _kubernetes_of(folder: Path) -> Builder:
    def build(means: Means, _work: Path, output: Path) -> Product:
        product = kubernetes.build_from_folder(folder, means.commands, output)
        means.finish("copy")
        return product

    return Builder(kubernetes.recipe_of_folder(folder), {"copy": 5}, build)
