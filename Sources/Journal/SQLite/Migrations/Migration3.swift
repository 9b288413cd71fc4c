extension Migration {
  /// What playbooks remember, and what an event is about and says.
  ///
  /// What playbooks remember is sealed in `state.value`; a claim has a namespace, a value has none (`''`).
  static let version3 = Migration(
    version: 3,
    statements: """
      ALTER TABLE events ADD COLUMN subject TEXT;
      ALTER TABLE events ADD COLUMN says TEXT;
      ALTER TABLE events ADD COLUMN sent INTEGER;
      ALTER TABLE events ADD COLUMN raised_by TEXT;
      CREATE INDEX events_subject ON events (subject) WHERE subject IS NOT NULL;

      CREATE TABLE state (
        id INTEGER PRIMARY KEY, playbook INTEGER NOT NULL REFERENCES words, profile INTEGER NOT NULL REFERENCES words,
        namespace TEXT NOT NULL, name TEXT NOT NULL, changed INTEGER NOT NULL, by TEXT NOT NULL, value BLOB NOT NULL
      ) STRICT;
      CREATE UNIQUE INDEX state_name ON state (playbook, profile, namespace, name);
      """)
}
