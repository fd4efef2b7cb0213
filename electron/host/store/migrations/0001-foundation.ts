import type { Migration } from './migration.ts'

/**
 * Times are wall-clock milliseconds since 1970 unless a column says otherwise. `json` columns hold
 * values that a zod schema of `shared/model` reads back; nothing else interprets them.
 */
export const m0001: Migration = {
  version: 1,
  name: 'foundation',
  sql: `
-- Small facts about this console, one row each: its id, the chosen site, high-water marks.
CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE setting (name TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- Signed metadata and documents, byte for byte as they came. Hostile input at every use.
CREATE TABLE trust_file (name TEXT PRIMARY KEY, bytes BLOB NOT NULL, stored_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
-- The one record of when and against what those bytes were verified.
CREATE TABLE trust_sync (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  url TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  synced_at INTEGER NOT NULL,
  issued_at INTEGER NOT NULL,
  json TEXT NOT NULL
) STRICT;

-- Whole, verified artifacts; the file itself is in the content-addressed folder.
CREATE TABLE artifact (
  sha256 TEXT PRIMARY KEY,
  length INTEGER NOT NULL,
  stored_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- Downloads that have begun. What the server called the bytes decides whether they may be continued.
CREATE TABLE artifact_part (
  sha256 TEXT PRIMARY KEY,
  length INTEGER NOT NULL,
  etag TEXT,
  started_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE operator (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  public_key TEXT NOT NULL,
  vault_json TEXT NOT NULL,
  request_json TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_sign_in INTEGER,
  -- Wrong passphrases since the last right one, and when the newest was: waiting survives a restart.
  failures INTEGER NOT NULL DEFAULT 0,
  failed_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE TABLE credential (
  operator TEXT NOT NULL REFERENCES operator (id) ON DELETE CASCADE,
  address TEXT NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (operator, address)
) STRICT, WITHOUT ROWID;

CREATE TABLE device (
  key TEXT PRIMARY KEY,
  type TEXT NOT NULL,
  serial TEXT NOT NULL,
  identity_json TEXT NOT NULL,
  address TEXT,
  status_json TEXT,
  status_at INTEGER,
  first_seen_at INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,
  last_seen_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;
-- Addresses that a person asked to look at.
CREATE TABLE address (address TEXT PRIMARY KEY, added_by TEXT NOT NULL, added_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE run (
  id TEXT PRIMARY KEY,
  plan_id TEXT NOT NULL,
  device TEXT NOT NULL,
  actor TEXT NOT NULL,
  phase TEXT NOT NULL,
  -- The state machine's whole state: what recovery starts from.
  state_json TEXT NOT NULL,
  -- Plan and profile as they were when the run began: a sync in between must not change the rules.
  frozen_json TEXT NOT NULL,
  result_json TEXT,
  started_at INTEGER NOT NULL,
  ended_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX run_by_device ON run (device, started_at DESC);
-- One unfinished run a device, whatever the code above believes.
CREATE UNIQUE INDEX run_one_active ON run (device) WHERE ended_at IS NULL;
-- The journal: intent before the act, outcome before the next.
CREATE TABLE run_journal (
  run TEXT NOT NULL REFERENCES run (id),
  n INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('intent', 'outcome', 'note')),
  act TEXT NOT NULL,
  json TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (run, n)
) STRICT, WITHOUT ROWID;

-- One row an epoch of the log. A new epoch goes on counting, so \`seq\` is unique in the whole log.
CREATE TABLE audit_epoch (
  epoch INTEGER PRIMARY KEY,
  reason TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  -- Its entries are those from here to the first of the next epoch.
  first_seq INTEGER NOT NULL UNIQUE,
  -- Where the chain that is still here begins: the last entry that was pruned, or the zero hash.
  anchor_seq INTEGER NOT NULL,
  anchor_hash TEXT NOT NULL,
  -- What was found broken in it, once: the rows stay as evidence, the log went on in the next epoch.
  broken_json TEXT
) STRICT;
CREATE TABLE audit_entry (
  seq INTEGER PRIMARY KEY,
  epoch INTEGER NOT NULL REFERENCES audit_epoch (epoch),
  -- Canonical JSON of the clear part, exactly as hashed.
  clear TEXT NOT NULL,
  hash TEXT NOT NULL,
  sealed BLOB NOT NULL
) STRICT;
CREATE TABLE audit_head (epoch INTEGER NOT NULL, seq INTEGER NOT NULL, json TEXT NOT NULL, PRIMARY KEY (epoch, seq)) STRICT, WITHOUT ROWID;
-- Sealed stretches on their way to the server; the file is in the outbox folder under the id.
CREATE TABLE audit_segment (
  id TEXT PRIMARY KEY,
  epoch INTEGER NOT NULL,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  upload_url TEXT,
  -- The server's refusal. Nothing is sent again until a person asks for it.
  refused_json TEXT,
  created_at INTEGER NOT NULL,
  -- When it was first put on a stick.
  handed_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE TABLE audit_receipt (
  segment TEXT PRIMARY KEY,
  epoch INTEGER NOT NULL,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  json TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  -- The console that brought it home on a stick.
  carrier TEXT
) STRICT, WITHOUT ROWID;
-- Sealed stretches of other consoles' logs that travel through this one; the file is in the folder \`carried\` under the id.
CREATE TABLE carried_segment (
  id TEXT PRIMARY KEY,
  console TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  waybill_json TEXT NOT NULL,
  upload_url TEXT,
  refused_json TEXT,
  taken_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- The server's receipts for those that arrived, on their way home.
CREATE TABLE carried_receipt (
  segment TEXT PRIMARY KEY,
  console TEXT NOT NULL,
  json TEXT NOT NULL,
  received_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE alert (
  id TEXT PRIMARY KEY,
  level TEXT NOT NULL CHECK (level IN ('alarm', 'warning', 'caution')),
  subject TEXT NOT NULL,
  reason_json TEXT NOT NULL,
  raised_at INTEGER NOT NULL,
  active INTEGER NOT NULL CHECK (active IN (0, 1)),
  acknowledged_at INTEGER,
  acknowledged_by TEXT
) STRICT, WITHOUT ROWID;
`,
}
