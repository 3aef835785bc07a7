"""All the SQL there is.

A migration is added at the end and never changed; the database's `user_version` counts those applied.
"""

from __future__ import annotations

from typing import Final

APPLICATION_ID: Final = 0x48504442  # "HPDB": told apart from any other SQLite file

MIGRATIONS: Final[tuple[str, ...]] = (
    """
    CREATE TABLE contributions (
        owner TEXT PRIMARY KEY, etag TEXT NOT NULL, document TEXT NOT NULL, put_at REAL NOT NULL
    ) STRICT;
    CREATE TABLE ignitions (
        host TEXT NOT NULL, sha256 TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (host, sha256)
    ) STRICT;
    CREATE TABLE orders (
        id TEXT PRIMARY KEY, mac TEXT NOT NULL, host TEXT NOT NULL, given_at REAL NOT NULL,
        document TEXT NOT NULL
    ) STRICT;
    CREATE TABLE machines (
        mac TEXT PRIMARY KEY, state TEXT NOT NULL, since REAL NOT NULL, token TEXT NOT NULL,
        host TEXT UNIQUE, report TEXT, order_id TEXT REFERENCES orders (id), reason TEXT NOT NULL
    ) STRICT;
    CREATE TABLE leases (
        network TEXT NOT NULL, address TEXT NOT NULL, mac TEXT NOT NULL, expires REAL NOT NULL,
        PRIMARY KEY (network, address), UNIQUE (network, mac)
    ) STRICT;
    CREATE TABLE declined (
        network TEXT NOT NULL, address TEXT NOT NULL, mac TEXT NOT NULL, until REAL NOT NULL,
        PRIMARY KEY (network, address)
    ) STRICT;
    CREATE TABLE events (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, time REAL NOT NULL, kind TEXT NOT NULL,
        mac TEXT, host TEXT, detail TEXT NOT NULL
    ) STRICT;
    CREATE INDEX events_of_host ON events (host, seq);
    """,
    "CREATE INDEX events_of_mac ON events (mac, seq);",
    """
    ALTER TABLE machines ADD COLUMN own_disk TEXT;
    UPDATE machines SET own_disk = (
        SELECT json_extract(document, '$.disk') FROM orders WHERE orders.id = order_id
    ) WHERE state IN ('installed', 'ready');
    """,
    """
    UPDATE machines SET own_disk = (
        SELECT json_extract(document, '$.disk') FROM orders WHERE orders.id = order_id
    ) WHERE own_disk IS NULL AND order_id IN (
        SELECT json_extract(detail, '$.order') FROM events
        WHERE kind IN ('ImageProgressed', 'ImageWritten')
    );
    """,
)

PUT_CONTRIBUTION: Final = (
    "INSERT OR REPLACE INTO contributions (owner, etag, document, put_at) VALUES (?, ?, ?, ?)"
)
DELETE_CONTRIBUTION: Final = "DELETE FROM contributions WHERE owner = ?"
CONTRIBUTIONS: Final = "SELECT owner, etag, document FROM contributions ORDER BY owner"

KEEP_IGNITION: Final = "INSERT OR REPLACE INTO ignitions (host, sha256, text) VALUES (?, ?, ?)"
ERASE_IGNITIONS: Final = (
    "DELETE FROM ignitions WHERE host = ? AND sha256 NOT IN (SELECT value FROM json_each(?))"
)
IGNITIONS: Final = "SELECT host, sha256, text FROM ignitions"

ADD_ORDER: Final = "INSERT INTO orders (id, mac, host, given_at, document) VALUES (?, ?, ?, ?, ?)"
SAVE_MACHINE: Final = """
    INSERT INTO machines (mac, state, since, token, host, report, order_id, own_disk, reason)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (mac) DO UPDATE SET state = excluded.state, since = excluded.since,
        token = excluded.token, host = excluded.host, report = excluded.report,
        order_id = excluded.order_id, own_disk = excluded.own_disk, reason = excluded.reason
"""
FORGET_MACHINE: Final = "DELETE FROM machines WHERE mac = ?"
MACHINES: Final = """
    SELECT machines.mac, state, since, token, machines.host, report, orders.document, own_disk, reason
    FROM machines LEFT JOIN orders ON orders.id = order_id ORDER BY machines.mac
"""

BIND_LEASES: Final = """
    INSERT OR REPLACE INTO leases (network, address, mac, expires)
    SELECT ?, value ->> 0, value ->> 1, value ->> 2 FROM json_each(?)
"""
RELEASE_LEASE: Final = (
    "UPDATE leases SET expires = min(expires, ?) WHERE network = ? AND mac = ? AND address = ?"
)
DROP_LEASE_OF: Final = "DELETE FROM leases WHERE network = ? AND mac = ?"
DECLINE: Final = (
    "INSERT OR REPLACE INTO declined (network, address, mac, until) VALUES (?, ?, ?, ?)"
)
LEASES: Final = "SELECT network, mac, address, expires FROM leases"
DECLINED: Final = "SELECT network, mac, address, until FROM declined"

LOG_EVENTS: Final = """
    INSERT INTO events (time, kind, mac, host, detail)
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value -> 4 FROM json_each(?)
"""
LAST_EVENT: Final = "SELECT last_insert_rowid()"
LINES_OF_EVENTS: Final = """
    SELECT group_concat(json_object(
        'seq', seq, 'time', time, 'kind', kind, 'mac', mac, 'host', host, 'detail', json(detail)
    ), char(10)) FROM (SELECT * FROM events WHERE seq > ? ORDER BY seq)
"""
EVENTS: Final = (
    "SELECT seq, time, kind, mac, host, detail FROM events WHERE seq > ? ORDER BY seq LIMIT ?"
)
EVENTS_OF_HOST: Final = """
    SELECT seq, time, kind, mac, host, detail FROM events WHERE seq > ?
        AND (host = ? OR mac IN (SELECT value FROM json_each(?)))
    ORDER BY seq LIMIT ?
"""
PRUNE_EVENTS: Final = "DELETE FROM events WHERE seq <= (SELECT max(seq) FROM events) - ?"
