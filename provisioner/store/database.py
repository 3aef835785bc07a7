"""Opens the database: ours, whole, of a version we know; otherwise one clear refusal."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from provisioner.store import sql
from provisioner.store.errors import DatabaseUnusable

_BUSY_MILLISECONDS = 5_000
"""What Python's sqlite3 begins with."""


def open_database(path: Path, migrations: Sequence[str] = sql.MIGRATIONS) -> sqlite3.Connection:
    """A connection for one writer thread: WAL, every commit on the disk before it returns, deleted
    bytes overwritten. Raises DatabaseUnusable."""
    try:
        database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        try:
            _prepare(database, path, migrations)
        except BaseException:
            database.close()
            raise
    except sqlite3.Error as error:
        raise DatabaseUnusable(f"{path} can't be used as the daemon's database: {error}") from error
    return database


def open_for_reading(path: Path) -> sqlite3.Connection:
    """A second connection, which reads while the first one writes."""
    database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    database.execute("PRAGMA query_only = ON")
    return database


def overwrite_erased(database: sqlite3.Connection) -> bool:
    """Take deleted bytes out of the write-ahead log too; False if a reader or the disk is in the way, and
    it has to be done again. It waits for no reader: commits wait for it."""
    try:
        database.execute("PRAGMA busy_timeout = 0")
        try:
            busy, _, _ = database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            database.execute(f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}")
    except sqlite3.Error:
        return False
    return not busy


def _prepare(database: sqlite3.Connection, path: Path, migrations: Sequence[str]) -> None:
    version = _number(database, "user_version")
    application = _number(database, "application_id")
    tables = database.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if application != sql.APPLICATION_ID and (application or version or tables):
        raise DatabaseUnusable(f"{path} is another program's database")
    if version > len(migrations):
        raise DatabaseUnusable(
            f"{path} was written by a newer version of this program"
            f" (its format is {version}, this program knows up to {len(migrations)})"
        )
    if database.execute("PRAGMA quick_check").fetchone()[0] != "ok":
        raise DatabaseUnusable(f"{path} is damaged; put it aside and restore it from a copy")
    for setting in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        database.execute(f"PRAGMA {setting}")
    database.execute("PRAGMA secure_delete = ON")
    _migrate(database, version, migrations)


def _migrate(database: sqlite3.Connection, version: int, migrations: Sequence[str]) -> None:
    """Each migration and its number are one transaction: killed in between, it is done again."""
    database.execute(f"PRAGMA application_id = {sql.APPLICATION_ID}")
    for number, script in enumerate(migrations[version:], start=version + 1):
        database.executescript(f"BEGIN IMMEDIATE; {script} PRAGMA user_version = {number}; COMMIT;")


def _number(database: sqlite3.Connection, pragma: str) -> int:
    return int(database.execute(f"PRAGMA {pragma}").fetchone()[0])
