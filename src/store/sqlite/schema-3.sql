-- When the patient is due, where the vendor may have a record of it: a list shows it until then, however long ago it
-- was saved.
ALTER TABLE digests ADD COLUMN due_at INTEGER;
CREATE INDEX digests_by_due ON digests (due_at) WHERE due_at IS NOT NULL;

PRAGMA user_version = 3;
