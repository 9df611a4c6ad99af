/**
 * Each entry takes the database from version `index` to `index + 1`, inside one transaction. Never edit one that was released:
 * a database that has run it will not run it again.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE runs (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    source TEXT NOT NULL,
    workspace TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    ended_at INTEGER,
    steps INTEGER NOT NULL DEFAULT 0,
    events INTEGER NOT NULL DEFAULT 0,
    cost_usd REAL NOT NULL DEFAULT 0,
    cost_mark TEXT NOT NULL DEFAULT 'measured',
    error TEXT,
    host_pid INTEGER NOT NULL,
    host_start TEXT NOT NULL
  ) STRICT;
  CREATE INDEX runs_by_workspace ON runs (workspace, id);
  CREATE INDEX runs_by_source ON runs (workspace, source, id);
  CREATE INDEX runs_open ON runs (state) WHERE state IN ('queued', 'running', 'waiting');

  CREATE TABLE events (
    run TEXT NOT NULL,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    type TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (run, seq)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE leases (
    id TEXT PRIMARY KEY,
    run TEXT NOT NULL,
    kind TEXT NOT NULL,
    label TEXT NOT NULL,
    identity TEXT NOT NULL,
    host_pid INTEGER NOT NULL,
    host_start TEXT NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE blobs (
    run TEXT NOT NULL,
    hash TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    media_type TEXT NOT NULL,
    PRIMARY KEY (run, hash)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX blobs_by_hash ON blobs (hash);
  `,
  `
  CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    run TEXT NOT NULL,
    source TEXT NOT NULL,
    action TEXT NOT NULL,
    effect TEXT NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL,
    rule TEXT NOT NULL,
    hash TEXT NOT NULL
  ) STRICT;
  `,
  `
  ALTER TABLE runs ADD COLUMN parent TEXT;
  CREATE INDEX runs_by_parent ON runs (parent, id) WHERE parent IS NOT NULL;
  `,
  `
  ALTER TABLE runs ADD COLUMN session TEXT;
  ALTER TABLE runs ADD COLUMN origin TEXT;
  CREATE INDEX runs_by_session ON runs (session, id) WHERE session IS NOT NULL;
  `,
  `
  CREATE TABLE marked_files (path TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX marked_files_by_age ON marked_files (at);
  `,
  `
  CREATE VIRTUAL TABLE run_texts USING fts5(text, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2');
  CREATE TABLE run_text_places (id INTEGER PRIMARY KEY, run TEXT NOT NULL, seq INTEGER NOT NULL) STRICT;
  CREATE INDEX run_text_places_by_run ON run_text_places (run);
  CREATE TABLE run_text_progress (run TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE browser_checks (
    key TEXT PRIMARY KEY, path TEXT NOT NULL, version TEXT NOT NULL, at INTEGER NOT NULL, ms REAL NOT NULL, tried INTEGER NOT NULL, leaks TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE mcp_pins (
    workspace TEXT NOT NULL, server TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, hash TEXT NOT NULL, definition TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (workspace, server, kind, name)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE mcp_pins_lost (at INTEGER NOT NULL) STRICT;
  `,
  `
  CREATE TABLE received_traces (
    workspace TEXT NOT NULL, trace TEXT NOT NULL, run TEXT NOT NULL UNIQUE, at INTEGER NOT NULL, spans INTEGER NOT NULL DEFAULT 0, bytes INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (workspace, trace)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE run_tags (run TEXT NOT NULL, tag TEXT NOT NULL, PRIMARY KEY (run, tag)) STRICT, WITHOUT ROWID;
  CREATE INDEX run_tags_by_tag ON run_tags (tag, run);
  `,
  `
  CREATE TABLE budget_use (scope TEXT NOT NULL, period TEXT NOT NULL, kind TEXT NOT NULL, used REAL NOT NULL, PRIMARY KEY (scope, period, kind)) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE run_names (run TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (run, kind, name)) STRICT, WITHOUT ROWID;
  INSERT OR IGNORE INTO run_names (run, kind, name)
    SELECT e.run, CASE WHEN json_extract(e.body, '$.kind') = 'model' THEN 'model' ELSE 'tool' END, substr(json_extract(e.body, '$.name'), 1, 200)
    FROM run_text_progress p JOIN events e ON e.run = p.run AND e.seq <= p.seq
    WHERE e.type IN ('step.started', 'span.received') AND json_extract(e.body, '$.kind') IN ('model', 'tool', 'browser', 'mcp', 'http', 'workspace');
  `,
  // In a table without row ids, a row of more than a quarter of a page takes a page of its own for the rest: spans of a kilobyte took four.
  `
  CREATE TABLE events_in_rows (
    run TEXT NOT NULL,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    type TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (run, seq)
  ) STRICT;
  INSERT INTO events_in_rows SELECT run, seq, at, type, body FROM events ORDER BY run, seq;
  DROP TABLE events;
  ALTER TABLE events_in_rows RENAME TO events;
  `,
  // An event is found by the number of its journal and its own: the index of both was a second page to write for each event. 16777216 is what one journal may hold.
  `
  CREATE TABLE journals (no INTEGER PRIMARY KEY, run TEXT NOT NULL UNIQUE) STRICT;
  INSERT INTO journals (run) SELECT DISTINCT run FROM events ORDER BY run;
  CREATE TABLE numbered_events (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, type TEXT NOT NULL, body TEXT NOT NULL) STRICT;
  INSERT INTO numbered_events SELECT j.no * 16777216 + e.seq, e.at, e.type, e.body FROM journals j CROSS JOIN events e ON e.run = j.run ORDER BY j.no, e.seq;
  DROP TABLE events;
  ALTER TABLE numbered_events RENAME TO events;
  `,
];
