-- What a person wants sent. Frozen: the database itself refuses every change and every delete.
CREATE TABLE intents (
    id       TEXT    NOT NULL PRIMARY KEY,
    draft    INTEGER NOT NULL UNIQUE,
    profile  TEXT    NOT NULL,
    payload  TEXT    NOT NULL,
    hash     TEXT    NOT NULL,
    saved_at INTEGER NOT NULL,
    day      TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER intents_are_frozen BEFORE UPDATE ON intents
BEGIN SELECT RAISE(ABORT, 'an intent never changes'); END;
CREATE TRIGGER intents_stay BEFORE DELETE ON intents
BEGIN SELECT RAISE(ABORT, 'an intent is never deleted'); END;

-- One try on the wire. `ended_at` is empty until the outcome is known.
CREATE TABLE attempts (
    intent     TEXT    NOT NULL REFERENCES intents (id),
    number     INTEGER NOT NULL,
    hash       TEXT    NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at   INTEGER,
    PRIMARY KEY (intent, number)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX one_open_attempt ON attempts (intent) WHERE ended_at IS NULL;

CREATE TRIGGER attempts_only_end BEFORE UPDATE ON attempts
WHEN OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL OR NEW.intent <> OLD.intent OR NEW.number <> OLD.number
  OR NEW.hash <> OLD.hash OR NEW.started_at <> OLD.started_at
BEGIN SELECT RAISE(ABORT, 'an attempt ends once and changes nothing else'); END;
CREATE TRIGGER attempts_stay BEFORE DELETE ON attempts
BEGIN SELECT RAISE(ABORT, 'an attempt is never deleted'); END;

-- Facts, in the order in which they were learned.
CREATE TABLE evidence (
    seq    INTEGER PRIMARY KEY AUTOINCREMENT,
    intent TEXT    NOT NULL REFERENCES intents (id),
    at     INTEGER NOT NULL,
    fact   TEXT    NOT NULL
) STRICT;

CREATE INDEX evidence_of_intent ON evidence (intent, seq);

CREATE TRIGGER evidence_is_frozen BEFORE UPDATE ON evidence
BEGIN SELECT RAISE(ABORT, 'evidence never changes'); END;
CREATE TRIGGER evidence_stays BEFORE DELETE ON evidence
BEGIN SELECT RAISE(ABORT, 'evidence is never deleted'); END;

-- Which intents the evidence does not settle yet: follows from the evidence, and spares reading all of it at a start.
CREATE TABLE unsettled (
    intent TEXT NOT NULL PRIMARY KEY REFERENCES intents (id)
) STRICT, WITHOUT ROWID;

PRAGMA user_version = 1;
