-- Handles the person said belong to one and the same: a handle that stands here alone does not occur.
CREATE TABLE person_handle (
    handle TEXT PRIMARY KEY,
    person INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX person_handle_person ON person_handle (person);

-- Two handles the person said are not the same; `one` is the smaller.
CREATE TABLE person_apart (
    one   TEXT NOT NULL,
    other TEXT NOT NULL,
    PRIMARY KEY (one, other)
) STRICT, WITHOUT ROWID;
