"""Builds are found by what they are made of, appear whole or not at all, and are made once."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.contribution import Artifact
from provisioner.images.built import Built, Product, sha256_of
from provisioner.images.cache import Cache, Recipe
from tests.structure.tree import ROOT

pytestmark = pytest.mark.unit

RECIPE = Recipe.of("thing", {"packages": ["a", "b"], "revision": 1})
CONTENT = b"content\n"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def _nothing(_progress: str) -> None:
    """Nobody waits in these tests."""


def _build_thing(_work: Path, output: Path) -> Product:
    (output / "file").write_bytes(CONTENT)
    return Product({"thing/part": "file"}, {"package": "1.0"})


def _never(_work: Path, _output: Path) -> Product:
    raise AssertionError("built again")


@given(st.dictionaries(st.text(), JSON, max_size=4))
def test_a_recipes_digest_hangs_on_values_and_not_on_their_order(inputs: dict[str, object]) -> None:
    backwards = dict(reversed(inputs.items()))
    assert Recipe.of("thing", inputs) == Recipe.of("thing", backwards)
    assert Recipe.of("thing", {**inputs, "more": 1}).digest != Recipe.of("thing", inputs).digest


def test_a_build_is_found_again_with_everything_said_of_it(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    assert cache.find(RECIPE) is None
    built = cache.build(RECIPE, _build_thing, _nothing)
    path = tmp_path / "finished" / "thing" / RECIPE.digest / "file"
    artifact = Artifact("thing/part", sha256_of(path), len(CONTENT), str(path))
    assert built == Built("thing", RECIPE.digest, (artifact,), {"package": "1.0"})
    assert cache.find(RECIPE) == built
    assert cache.build(RECIPE, _never, _nothing) == built
    assert cache.all_finished() == (built,)


def test_an_emptied_cache_is_filled_again(tmp_path: Path) -> None:
    """By the command that the README shows."""
    emptying = "rm -rf ~/.cache/harmony-provisioner"
    assert f"$ {emptying}\n" in (ROOT / "README.md").read_text()
    cache = Cache(tmp_path / ".cache" / "harmony-provisioner")
    built = cache.build(RECIPE, _build_thing, _nothing)
    subprocess.run(emptying, shell=True, check=True, env={**os.environ, "HOME": str(tmp_path)})
    assert not cache.root.exists()
    assert cache.build(RECIPE, _build_thing, _nothing) == built


def _cut_off(folder: Path) -> None:
    (folder / "file").write_bytes(CONTENT[:3])


def _lose(folder: Path) -> None:
    (folder / "file").unlink()


def _empty_description(folder: Path) -> None:
    (folder / "built.json").write_text("")


@pytest.mark.parametrize("damage", [_cut_off, _lose, _empty_description])
def test_a_damaged_build_is_none_and_is_replaced(
    damage: Callable[[Path], None], tmp_path: Path
) -> None:
    cache = Cache(tmp_path)
    built = cache.build(RECIPE, _build_thing, _nothing)
    damage(cache.folder_of(RECIPE))
    assert cache.find(RECIPE) is None
    assert cache.all_finished() == ()
    assert cache.build(RECIPE, _build_thing, _nothing) == built
    assert Path(built.artifacts[0].path).read_bytes() == CONTENT
    assert list((tmp_path / "work").iterdir()) == []


def test_a_damaged_build_stays_where_it_is_until_the_new_one_is_whole(tmp_path: Path) -> None:
    """What is not damaged of it may be served just now."""
    cache = Cache(tmp_path)

    def build(_work: Path, output: Path) -> Product:
        for name in ("a", "b"):
            (output / name).write_bytes(CONTENT)
        return Product({"a": "a", "b": "b"}, {})

    def build_while_served(work: Path, output: Path) -> Product:
        product = build(work, output)
        assert (cache.folder_of(RECIPE) / "a").read_bytes() == CONTENT
        return product

    cache.build(RECIPE, build, _nothing)
    (cache.folder_of(RECIPE) / "b").unlink()
    cache.build(RECIPE, build_while_served, _nothing)
    assert cache.find(RECIPE) is not None


def test_a_moved_cache_still_finds_its_files(tmp_path: Path) -> None:
    Cache(tmp_path / "old").build(RECIPE, _build_thing, _nothing)
    (tmp_path / "old").rename(tmp_path / "new")
    found = Cache(tmp_path / "new").find(RECIPE)
    assert found is not None
    assert Path(found.artifacts[0].path).read_bytes() == CONTENT


def test_a_failed_build_leaves_nothing_to_find_and_the_next_begins_afresh(tmp_path: Path) -> None:
    def fail(_work: Path, output: Path) -> Product:
        (output / "half").write_text("half")
        raise OSError("no space left")

    cache = Cache(tmp_path)
    with pytest.raises(OSError, match="no space left"):
        cache.build(RECIPE, fail, _nothing)
    assert cache.find(RECIPE) is None
    cache.build(RECIPE, _build_thing, _nothing)
    assert sorted(p.name for p in cache.folder_of(RECIPE).iterdir()) == ["built.json", "file"]
    assert list((tmp_path / "work").iterdir()) == []


def test_what_a_dead_builder_left_of_another_recipe_is_removed(tmp_path: Path) -> None:
    (tmp_path / "work" / "thing-0123456789abcdef").mkdir(parents=True)
    Cache(tmp_path).build(RECIPE, _build_thing, _nothing)
    assert list((tmp_path / "work").iterdir()) == []


def test_what_a_living_builder_makes_of_another_recipe_is_left_alone(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    other = Recipe.of("thing", {"revision": 2})
    with cache.locked(other, _nothing):
        (tmp_path / "work" / other.key).mkdir(parents=True)
        cache.build(RECIPE, _build_thing, _nothing)
        assert (tmp_path / "work" / other.key).is_dir()


def test_of_two_builders_the_second_hears_the_firsts_progress_and_gets_what_it_built(
    tmp_path: Path,
) -> None:
    cache = Cache(tmp_path)
    started, heard = threading.Event(), threading.Event()

    def build(work: Path, output: Path) -> Product:
        cache.note_progress(RECIPE, "half way")
        started.set()
        assert heard.wait(30)
        return _build_thing(work, output)

    def hear(progress: str) -> None:
        assert progress == "half way"
        heard.set()

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(cache.build, RECIPE, build, _nothing)
        assert started.wait(30)
        assert cache.build(RECIPE, _never, hear) == first.result()


def test_the_lock_of_a_killed_builder_is_no_obstacle(tmp_path: Path) -> None:
    script = (
        "import pathlib, signal, os\n"
        "from provisioner.images.cache import Cache, Recipe\n"
        "recipe = Recipe.of('thing', {'packages': ['a', 'b'], 'revision': 1})\n"
        f"with Cache(pathlib.Path({str(tmp_path)!r})).locked(recipe, lambda _: None):\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    died = subprocess.run([sys.executable, "-c", script], check=False)
    assert died.returncode == -9
    assert Cache(tmp_path).build(RECIPE, _build_thing, _nothing).artifacts


def test_what_is_created_belongs_to_the_caller(tmp_path: Path) -> None:
    owner = (1234, 5678) if os.geteuid() == 0 else (os.getuid(), os.getgid())
    cache = Cache(tmp_path / "new" / "cache", owner)
    cache.build(RECIPE, _build_thing, _nothing)
    made = [tmp_path / "new", *(tmp_path / "new").rglob("*")]
    assert {(p.lstat().st_uid, p.lstat().st_gid) for p in made} == {owner}


def test_a_build_is_taken_over_from_another_cache_as_it_is(tmp_path: Path) -> None:
    theirs, ours = Cache(tmp_path / "theirs"), Cache(tmp_path / "ours")
    ours.adopt(RECIPE, theirs)
    assert ours.find(RECIPE) is None
    theirs.build(RECIPE, _build_thing, _nothing)
    for _ in range(2):
        ours.adopt(RECIPE, theirs)
        (artifact,) = ours.build(RECIPE, _never, _nothing).artifacts
        assert Path(artifact.path).is_relative_to(ours.root)
        assert Path(artifact.path).read_bytes() == CONTENT


def _change(folder: Path) -> None:
    (folder / "file").write_bytes(CONTENT.upper())


@pytest.mark.parametrize("damage", [_change, _cut_off, _lose, _empty_description])
def test_a_damaged_build_is_not_taken_over(damage: Callable[[Path], None], tmp_path: Path) -> None:
    theirs, ours = Cache(tmp_path / "theirs"), Cache(tmp_path / "ours")
    theirs.build(RECIPE, _build_thing, _nothing)
    damage(theirs.folder_of(RECIPE))
    ours.adopt(RECIPE, theirs)
    assert ours.find(RECIPE) is None
    ours.build(RECIPE, _build_thing, _nothing)


def test_a_damaged_build_is_replaced_by_one_that_is_taken_over(tmp_path: Path) -> None:
    theirs, ours = Cache(tmp_path / "theirs"), Cache(tmp_path / "ours")
    for cache in (theirs, ours):
        cache.build(RECIPE, _build_thing, _nothing)
    _cut_off(ours.folder_of(RECIPE))
    ours.adopt(RECIPE, theirs)
    (artifact,) = ours.build(RECIPE, _never, _nothing).artifacts
    assert Path(artifact.path).read_bytes() == CONTENT


def test_who_may_read_what_is_taken_over_is_the_takers_to_say(tmp_path: Path) -> None:
    theirs, ours = Cache(tmp_path / "theirs"), Cache(tmp_path / "ours")
    theirs.build(RECIPE, _build_thing, _nothing)
    for path in (theirs.folder_of(RECIPE), *theirs.folder_of(RECIPE).iterdir()):
        path.chmod(0o600 if path.name == "built.json" else 0o700)
    before = os.umask(0o022)
    try:
        ours.adopt(RECIPE, theirs)
    finally:
        os.umask(before)
    taken = ours.folder_of(RECIPE)
    assert stat.S_IMODE(taken.stat().st_mode) == 0o755
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in taken.iterdir()}
    assert modes == {"built.json": 0o644, "file": 0o755}
