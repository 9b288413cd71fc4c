extension Migration {
  /// Schedules with their ledger, events, what playbooks remember, and runs that wait for their turn.
  ///
  /// What playbooks remember is sealed in `state.value`; a claim has a namespace, a value has none (`''`).
  static let version2 = Migration(
    version: 2,
    statements: """
      ALTER TABLE runs ADD COLUMN in_turn INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE runs ADD COLUMN plans INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE runs ADD COLUMN woken INTEGER;

      CREATE TABLE enablements (
        playbook INTEGER NOT NULL REFERENCES words, profile INTEGER NOT NULL REFERENCES words, mode INTEGER NOT NULL,
        since INTEGER NOT NULL, PRIMARY KEY (playbook, profile)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE schedules (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL, profile INTEGER NOT NULL REFERENCES words,
        playbook INTEGER NOT NULL REFERENCES words, origin INTEGER NOT NULL, terms TEXT NOT NULL,
        through INTEGER NOT NULL, paused INTEGER, revision INTEGER NOT NULL, removed INTEGER
      ) STRICT;
      CREATE UNIQUE INDEX schedules_name ON schedules (name, profile);
      CREATE TABLE occurrences (
        schedule INTEGER NOT NULL REFERENCES schedules, instant INTEGER NOT NULL, outcome INTEGER NOT NULL,
        run TEXT, into_instant INTEGER, reason INTEGER REFERENCES words, accounted INTEGER NOT NULL,
        PRIMARY KEY (schedule, instant)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX occurrences_run ON occurrences (run) WHERE run IS NOT NULL;

      CREATE TABLE events (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, profile INTEGER NOT NULL REFERENCES words,
        kind INTEGER REFERENCES words, type TEXT, platform INTEGER, digest TEXT NOT NULL, received INTEGER NOT NULL,
        subject TEXT, says TEXT, sent INTEGER, raised_by TEXT,
        repeat_of TEXT, dispatched INTEGER, round INTEGER NOT NULL DEFAULT 0, envelope BLOB NOT NULL
      ) STRICT;
      CREATE INDEX events_subject ON events (subject) WHERE subject IS NOT NULL;
      CREATE INDEX events_digest ON events (digest);
      CREATE INDEX events_received ON events (received);
      CREATE INDEX events_waiting ON events (id) WHERE dispatched IS NULL;
      CREATE TABLE deliveries (
        id INTEGER PRIMARY KEY, event INTEGER NOT NULL REFERENCES events, round INTEGER NOT NULL,
        playbook INTEGER NOT NULL REFERENCES words, outcome INTEGER NOT NULL, run TEXT, reason TEXT
      ) STRICT;
      CREATE TABLE verifications (
        profile INTEGER PRIMARY KEY REFERENCES words, until INTEGER NOT NULL
      ) STRICT;
      CREATE UNIQUE INDEX deliveries_event ON deliveries (event, round, playbook);

      CREATE TABLE state (
        id INTEGER PRIMARY KEY, playbook INTEGER NOT NULL REFERENCES words, profile INTEGER NOT NULL REFERENCES words,
        namespace TEXT NOT NULL, name TEXT NOT NULL, changed INTEGER NOT NULL, by TEXT NOT NULL, value BLOB NOT NULL
      ) STRICT;
      CREATE UNIQUE INDEX state_name ON state (playbook, profile, namespace, name);
      """)
}
