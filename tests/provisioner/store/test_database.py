"""Which files are taken for the daemon's database, and which are refused in one line."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from provisioner.store import sql
from provisioner.store.database import open_database, open_for_reading
from provisioner.store.errors import DatabaseUnusable

pytestmark = pytest.mark.unit


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state.sqlite3"


def pragma(database: sqlite3.Connection, name: str) -> object:
    return database.execute(f"PRAGMA {name}").fetchone()[0]


def test_a_new_database_is_durable_and_ours(path: Path) -> None:
    database = open_database(path)
    settings = {
        name: pragma(database, name)
        for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "user_version")
    }
    database.close()
    assert settings == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "user_version": len(sql.MIGRATIONS),
    }


def test_migrations_go_on_where_they_stopped(path: Path) -> None:
    first = "CREATE TABLE one (value TEXT) STRICT;"
    open_database(path, [first]).close()
    database = open_database(path, [first, "ALTER TABLE one ADD COLUMN more TEXT;"])
    columns = [row[1] for row in database.execute("PRAGMA table_info(one)")]
    assert columns == ["value", "more"]
    assert pragma(database, "user_version") == 2
    database.close()


def test_a_migration_that_fails_leaves_the_version_before(path: Path) -> None:
    with pytest.raises(DatabaseUnusable):
        open_database(path, ["CREATE TABLE one (value TEXT); CREATE TABLE one (value TEXT);"])
    database = open_database(path, ["CREATE TABLE one (value TEXT);"])
    assert pragma(database, "user_version") == 1
    database.close()


def test_what_machines_have_written_is_still_known_to_be_ours(path: Path) -> None:
    before = open_database(path, sql.MIGRATIONS[:2])
    for mac, state in (("a", "ready"), ("b", "failed"), ("c", "assigned")):
        document = '{"disk": {"name": "vda", "size": 7}}'
        before.execute(sql.ADD_ORDER, (f"order-{mac}", mac, "h", 1.0, document))
        columns = "(mac, state, since, token, host, order_id, reason)"
        row = (mac, state, 1.0, "t", f"host-{mac}", f"order-{mac}", "")
        before.execute(f"INSERT INTO machines {columns} VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    event = (1.0, "ImageWritten", "c", "h", {"order": "order-c"})
    before.execute(sql.LOG_EVENTS, (json.dumps([event]),))
    before.close()
    database = open_database(path)
    found = database.execute("SELECT own_disk FROM machines ORDER BY mac").fetchall()
    assert found == [('{"name":"vda","size":7}',), (None,), ('{"name":"vda","size":7}',)]
    database.close()


def test_a_newer_database_is_refused(path: Path) -> None:
    open_database(path, [*sql.MIGRATIONS, "CREATE TABLE of_the_future (value TEXT);"]).close()
    with pytest.raises(DatabaseUnusable, match="written by a newer version"):
        open_database(path)


def test_another_programs_database_is_refused(path: Path) -> None:
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE things (value TEXT)")
    other.close()
    with pytest.raises(DatabaseUnusable, match="another program"):
        open_database(path)


def test_a_file_that_is_no_database_is_refused(path: Path) -> None:
    path.write_bytes(b"this was never a database" * 1000)
    with pytest.raises(DatabaseUnusable, match="not a database"):
        open_database(path)


def test_a_damaged_database_is_refused(path: Path) -> None:
    database = open_database(path)
    events = [(1.0, "Event", None, None, {"words": "x" * 500}) for _ in range(200)]
    database.execute(sql.LOG_EVENTS, (json.dumps(events),))
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    content = bytearray(path.read_bytes())
    content[8192:40960] = b"\xaa" * (40960 - 8192)
    path.write_bytes(content)
    with pytest.raises(DatabaseUnusable):
        open_database(path)


def test_the_reader_cannot_write(path: Path) -> None:
    open_database(path).close()
    reader = open_for_reading(path)
    with pytest.raises(sqlite3.OperationalError):
        reader.execute(sql.DELETE_CONTRIBUTION, ("site",))
    reader.close()
