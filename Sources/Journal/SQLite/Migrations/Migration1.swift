extension Migration {
  /// The first schema.
  ///
  /// Rows are added at the end of their tables, so that a commit of many runs touches few pages. Texts that come again
  /// are words; digests and paths are bytes, and the bytes of paths sort as the paths do. What is sealed is in columns
  /// that SQLite only carries (`body`, `input`, `result`, `failure`, `arguments`, `answer`, `items`, `document`).
  static let version1 = Migration(
    version: 1,
    statements: """
      CREATE TABLE meta (name TEXT PRIMARY KEY, value ANY) STRICT, WITHOUT ROWID;

      CREATE TABLE words (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;

      CREATE TABLE files (id INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, bytes BLOB NOT NULL) STRICT;
      CREATE TABLE versions (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, catalogue TEXT NOT NULL, kept INTEGER NOT NULL
      ) STRICT;
      CREATE TABLE version_files (
        version INTEGER NOT NULL REFERENCES versions, ordinal INTEGER NOT NULL, name TEXT NOT NULL, path TEXT NOT NULL,
        file INTEGER NOT NULL REFERENCES files, PRIMARY KEY (version, ordinal)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE runs (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, playbook INTEGER NOT NULL REFERENCES words,
        version INTEGER NOT NULL REFERENCES words, profile INTEGER NOT NULL REFERENCES words,
        zone INTEGER NOT NULL REFERENCES words, trigger INTEGER NOT NULL, by TEXT NOT NULL, started INTEGER NOT NULL,
        status INTEGER NOT NULL, waiting_for INTEGER, wake INTEGER, ended INTEGER,
        epoch INTEGER NOT NULL DEFAULT 0, worker TEXT, expires INTEGER, request INTEGER,
        input BLOB NOT NULL, result BLOB, failure BLOB
      ) STRICT;
      CREATE INDEX runs_live ON runs (playbook, profile) WHERE status < 4;
      CREATE INDEX runs_started ON runs (started);

      CREATE TABLE steps (
        id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs, path BLOB NOT NULL, sequence INTEGER NOT NULL,
        name INTEGER NOT NULL REFERENCES words, line INTEGER REFERENCES words, digest ANY NOT NULL,
        began INTEGER NOT NULL, instant INTEGER NOT NULL, attempts INTEGER NOT NULL, raised INTEGER NOT NULL,
        body BLOB NOT NULL
      ) STRICT;
      CREATE UNIQUE INDEX steps_path ON steps (run, path);
      CREATE TABLE superseded (
        id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs, path BLOB NOT NULL, sequence INTEGER NOT NULL,
        name INTEGER NOT NULL REFERENCES words, line INTEGER REFERENCES words, digest ANY NOT NULL,
        began INTEGER NOT NULL, instant INTEGER NOT NULL, attempts INTEGER NOT NULL, raised INTEGER NOT NULL,
        body BLOB NOT NULL
      ) STRICT;
      CREATE INDEX superseded_run ON superseded (run);

      CREATE TABLE notes (
        id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs, after BLOB NOT NULL, ordinal INTEGER NOT NULL,
        instant INTEGER NOT NULL, kind INTEGER NOT NULL, subject TEXT, body BLOB NOT NULL
      ) STRICT;
      CREATE INDEX notes_run ON notes (run);
      CREATE INDEX notes_subject ON notes (subject) WHERE subject IS NOT NULL;
      CREATE TABLE past_decisions (
        id INTEGER PRIMARY KEY, run TEXT NOT NULL, playbook INTEGER NOT NULL REFERENCES words,
        profile INTEGER NOT NULL REFERENCES words, after BLOB NOT NULL, instant INTEGER NOT NULL, kind INTEGER NOT NULL,
        subject TEXT NOT NULL, body BLOB NOT NULL
      ) STRICT;
      CREATE INDEX past_decisions_subject ON past_decisions (subject);
      CREATE INDEX past_decisions_instant ON past_decisions (instant);

      CREATE TABLE effects (
        id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs, path BLOB NOT NULL,
        operation INTEGER NOT NULL REFERENCES words, digest ANY NOT NULL, state INTEGER NOT NULL,
        attempt INTEGER NOT NULL, intended INTEGER NOT NULL, changed INTEGER NOT NULL, minor_units INTEGER,
        currency TEXT, direction INTEGER, subjects TEXT, detail TEXT, arguments BLOB NOT NULL, answer BLOB
      ) STRICT;
      CREATE UNIQUE INDEX effects_path ON effects (run, path);
      CREATE INDEX effects_live ON effects (intended) WHERE state IN (0, 1, 5, 7);
      CREATE INDEX effects_intended ON effects (intended);
      CREATE TABLE claims (
        effect INTEGER NOT NULL REFERENCES effects, ordinal INTEGER NOT NULL, profile INTEGER NOT NULL REFERENCES words,
        kind INTEGER NOT NULL REFERENCES words, resource TEXT NOT NULL, live INTEGER NOT NULL,
        PRIMARY KEY (effect, ordinal)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX claims_resource ON claims (resource);
      CREATE UNIQUE INDEX claims_live ON claims (resource, kind, profile) WHERE live = 1;

      CREATE TABLE scopes (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
      CREATE TABLE charges (
        effect INTEGER NOT NULL REFERENCES effects, scope INTEGER NOT NULL REFERENCES scopes, instant INTEGER NOT NULL,
        PRIMARY KEY (effect, scope)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX charges_scope ON charges (scope, instant);
      CREATE TABLE budgets (
        scope INTEGER NOT NULL REFERENCES scopes, currency TEXT NOT NULL, direction INTEGER NOT NULL,
        used INTEGER NOT NULL, PRIMARY KEY (scope, currency, direction)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE approvals (
        id INTEGER PRIMARY KEY AUTOINCREMENT, run INTEGER NOT NULL REFERENCES runs, path BLOB NOT NULL,
        title TEXT NOT NULL, digest ANY NOT NULL, asked INTEGER NOT NULL, expires INTEGER NOT NULL,
        state INTEGER NOT NULL, by TEXT, why TEXT, decided INTEGER, items BLOB NOT NULL
      ) STRICT;
      CREATE INDEX approvals_run ON approvals (run);
      CREATE UNIQUE INDEX approvals_open ON approvals (run, path) WHERE state = 0;
      CREATE TABLE approval_claims (
        approval INTEGER NOT NULL REFERENCES approvals, ordinal INTEGER NOT NULL,
        profile INTEGER NOT NULL REFERENCES words, kind INTEGER NOT NULL REFERENCES words, resource TEXT NOT NULL,
        PRIMARY KEY (approval, ordinal)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX approval_claims_resource ON approval_claims (resource, kind, profile);

      CREATE TABLE holds (
        id INTEGER PRIMARY KEY, subject TEXT NOT NULL, profile TEXT, why TEXT NOT NULL, by TEXT NOT NULL,
        since INTEGER NOT NULL, until INTEGER
      ) STRICT;
      CREATE INDEX holds_subject ON holds (subject);
      CREATE TABLE freezes (
        id INTEGER PRIMARY KEY, profile TEXT, why TEXT, by TEXT NOT NULL, since INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE plans (
        digest TEXT PRIMARY KEY, created INTEGER NOT NULL, expires INTEGER NOT NULL, applied_by TEXT,
        document BLOB NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE audit (
        id INTEGER PRIMARY KEY, instant INTEGER NOT NULL, by TEXT NOT NULL, action TEXT NOT NULL,
        subject TEXT NOT NULL, detail TEXT
      ) STRICT;
      CREATE INDEX audit_subject ON audit (subject);

      CREATE TABLE changes (
        id INTEGER PRIMARY KEY, opening INTEGER NOT NULL, run INTEGER NOT NULL, path BLOB, state INTEGER NOT NULL,
        waiting_for INTEGER
      ) STRICT;
      """)
}
