-- A caller's own name for a wish, and the wish that it follows.
ALTER TABLE intents ADD COLUMN key TEXT;
ALTER TABLE intents ADD COLUMN follows TEXT;
CREATE UNIQUE INDEX one_intent_a_key ON intents (profile, key) WHERE key IS NOT NULL;

-- The process that makes the attempt; empty where an earlier program made it.
ALTER TABLE attempts ADD COLUMN console TEXT NOT NULL DEFAULT '';

-- What a list of intents is chosen and searched by. Follows from intents and evidence alone, and is written with them.
CREATE TABLE digests (
    intent     TEXT    NOT NULL PRIMARY KEY,
    profile    TEXT    NOT NULL,
    saved_at   INTEGER NOT NULL,
    word       TEXT    NOT NULL,
    -- When it was settled; empty while it is not.
    settled_at INTEGER,
    -- Name, phone, e-mail, number and id, in lower case.
    text       TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX unsettled_digests ON digests (profile, saved_at) WHERE settled_at IS NULL;
CREATE INDEX digests_by_time ON digests (saved_at);
CREATE INDEX digests_by_settling ON digests (settled_at) WHERE settled_at IS NOT NULL;

DROP TABLE unsettled;

-- Only what is settled may be forgotten.
DROP TRIGGER intents_stay;
CREATE TRIGGER intents_stay BEFORE DELETE ON intents
WHEN NOT EXISTS (SELECT 1 FROM digests WHERE intent = OLD.id AND settled_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'an intent that is not settled is never deleted'); END;
DROP TRIGGER attempts_stay;
CREATE TRIGGER attempts_stay BEFORE DELETE ON attempts
WHEN NOT EXISTS (SELECT 1 FROM digests WHERE intent = OLD.intent AND settled_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'an attempt of an intent that is not settled is never deleted'); END;
DROP TRIGGER evidence_stays;
CREATE TRIGGER evidence_stays BEFORE DELETE ON evidence
WHEN NOT EXISTS (SELECT 1 FROM digests WHERE intent = OLD.intent AND settled_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'evidence of an intent that is not settled is never deleted'); END;
CREATE TRIGGER digests_stay BEFORE DELETE ON digests
WHEN EXISTS (SELECT 1 FROM intents WHERE id = OLD.intent)
BEGIN SELECT RAISE(ABORT, 'a digest goes after its intent'); END;

-- Forms as they are typed. `console` is the process that has it open.
CREATE TABLE drafts (
    id         INTEGER NOT NULL PRIMARY KEY,
    profile    TEXT    NOT NULL,
    console    TEXT    NOT NULL,
    started_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    body       TEXT    NOT NULL
) STRICT;

CREATE INDEX drafts_of_profile ON drafts (profile, started_at);

-- The people of a phone number, as they were written last.
CREATE TABLE patients (
    profile TEXT    NOT NULL,
    phone   TEXT    NOT NULL,
    -- The name, folded: the same person written in another case is the same row.
    name    TEXT    NOT NULL,
    met_at  INTEGER NOT NULL,
    body    TEXT    NOT NULL,
    PRIMARY KEY (profile, phone, name)
) STRICT, WITHOUT ROWID;

-- Copies of the vendors' lists. An empty `branch` is the list of branches, an empty `party` the desk's own prices.
CREATE TABLE catalogues (
    account  TEXT    NOT NULL,
    branch   TEXT    NOT NULL,
    party    TEXT    NOT NULL,
    taken_at INTEGER NOT NULL,
    -- Of all parts together.
    hash     BLOB    NOT NULL,
    PRIMARY KEY (account, branch, party)
) STRICT, WITHOUT ROWID;

-- What such a copy holds, in parts so small that a large one is never in memory as a whole.
CREATE TABLE catalogue_parts (
    account TEXT    NOT NULL,
    branch  TEXT    NOT NULL,
    party   TEXT    NOT NULL,
    number  INTEGER NOT NULL,
    body    BLOB    NOT NULL,
    PRIMARY KEY (account, branch, party, number)
) STRICT;

-- Requests that count against a budget. Moments are microseconds since the machine was started, and hold for that
-- start alone.
CREATE TABLE slots (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    account    TEXT    NOT NULL,
    boot       TEXT    NOT NULL,
    returns_at INTEGER NOT NULL
) STRICT;

CREATE INDEX slots_of_account ON slots (account, returns_at);

CREATE TABLE pauses (
    account TEXT    NOT NULL PRIMARY KEY,
    boot    TEXT    NOT NULL,
    until   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- How the last sign-in of an account ended. Never a token or a key.
CREATE TABLE sign_ins (
    account TEXT    NOT NULL PRIMARY KEY,
    at      INTEGER NOT NULL,
    refusal TEXT
) STRICT, WITHOUT ROWID;

PRAGMA user_version = 2;
