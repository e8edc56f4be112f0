-- Times are milliseconds since 1970 in UTC; booleans are 0 or 1; JSON is text.
-- rev numbers come from meta.rev, one per stamped row, in the transaction that stamps it.

CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value ANY
) STRICT, WITHOUT ROWID;
INSERT INTO meta VALUES ('rev', 0);

CREATE TABLE account (
    id         INTEGER PRIMARY KEY,
    name       TEXT NOT NULL,
    config     TEXT NOT NULL,
    paused     INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL
) STRICT;

-- Tokens and passwords, sealed with the data key (XChaCha20-Poly1305).
CREATE TABLE secret (
    account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    purpose TEXT NOT NULL,
    sealed  BLOB NOT NULL,
    PRIMARY KEY (account, purpose)
) STRICT, WITHOUT ROWID;

CREATE TABLE source (
    id         INTEGER PRIMARY KEY,
    account    INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    type       TEXT NOT NULL,
    name       TEXT NOT NULL,
    ordinal    INTEGER NOT NULL,
    identity   TEXT,
    capabilities TEXT NOT NULL DEFAULT '{}',
    state      TEXT NOT NULL DEFAULT 'starting',
    message    TEXT,
    last_heard INTEGER,
    next_try   INTEGER,
    failures   INTEGER NOT NULL DEFAULT 0,
    -- It may tell of what is new.
    notify     INTEGER NOT NULL DEFAULT 1,
    UNIQUE (account, ordinal)
) STRICT;

CREATE TABLE scope (
    id       INTEGER PRIMARY KEY,
    source   INTEGER NOT NULL REFERENCES source ON DELETE CASCADE,
    remote   TEXT NOT NULL,
    name     TEXT NOT NULL,
    role     TEXT NOT NULL,
    pulled   INTEGER NOT NULL,
    live     INTEGER NOT NULL,
    gone     INTEGER NOT NULL DEFAULT 0,
    cursor   TEXT,
    done     INTEGER NOT NULL DEFAULT 0,
    total    INTEGER,
    since    INTEGER,
    complete INTEGER NOT NULL DEFAULT 0,
    error    TEXT,
    UNIQUE (source, remote)
) STRICT;

CREATE TABLE thread (
    id             INTEGER PRIMARY KEY,
    source         INTEGER NOT NULL REFERENCES source ON DELETE CASCADE,
    kind           TEXT NOT NULL,
    key            TEXT,
    title          TEXT NOT NULL DEFAULT '',
    base_subject   TEXT NOT NULL DEFAULT '',
    people         TEXT NOT NULL DEFAULT '[]',
    labels         TEXT NOT NULL DEFAULT '[]',
    snippet        TEXT NOT NULL DEFAULT '',
    at             INTEGER NOT NULL DEFAULT 0,
    unread         INTEGER NOT NULL DEFAULT 0,
    total          INTEGER NOT NULL DEFAULT 0,
    starred        INTEGER NOT NULL DEFAULT 0,
    place          TEXT NOT NULL DEFAULT 'inbox',
    has_attachment INTEGER NOT NULL DEFAULT 0,
    has_sent       INTEGER NOT NULL DEFAULT 0,
    last_from_me   INTEGER NOT NULL DEFAULT 0,
    waiting        INTEGER NOT NULL DEFAULT 0,
    muted          INTEGER NOT NULL DEFAULT 0,
    snoozed_until  INTEGER,
    -- A conversation whose platform has no archive is done up to this moment.
    done_at        INTEGER,
    -- When it comes back if nobody has answered, and since when nobody has, once it did.
    remind_at      INTEGER,
    unanswered_since INTEGER,
    -- Lists and machines wrote it, and I never did.
    automatic      INTEGER NOT NULL DEFAULT 0,
    rev            INTEGER NOT NULL DEFAULT 0,
    deleted        INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX thread_key ON thread (source, key) WHERE key IS NOT NULL;
CREATE INDEX thread_place ON thread (place, at DESC, id DESC, deleted) WHERE deleted = 0;
CREATE INDEX thread_place_kind ON thread (place, kind, at DESC, id DESC, deleted) WHERE deleted = 0;
CREATE INDEX thread_place_source ON thread (place, source, at DESC, id DESC, deleted) WHERE deleted = 0;
CREATE INDEX thread_place_unread ON thread (place, at DESC, id DESC, deleted) WHERE deleted = 0 AND unread > 0;
-- With what the lists filter by, so that a list that is scrolled far is counted off in the index alone.
CREATE INDEX thread_at ON thread (at DESC, id DESC, deleted, place, kind, source, unread) WHERE deleted = 0;
CREATE INDEX thread_sent ON thread (at DESC, id DESC, deleted, place) WHERE deleted = 0 AND has_sent = 1;
CREATE INDEX thread_starred ON thread (at DESC, id DESC, deleted, place) WHERE deleted = 0 AND starred = 1;
CREATE INDEX thread_waiting ON thread (at DESC, id DESC, deleted, place) WHERE deleted = 0 AND waiting = 1;
CREATE INDEX thread_snoozed ON thread (snoozed_until) WHERE snoozed_until IS NOT NULL;
CREATE INDEX thread_remind ON thread (remind_at) WHERE remind_at IS NOT NULL;
CREATE INDEX thread_place_people ON thread (place, at DESC, id DESC, deleted, unread)
    WHERE deleted = 0 AND automatic = 0 AND kind <> 'note';
CREATE INDEX thread_place_updates ON thread (place, at DESC, id DESC, deleted, unread) WHERE deleted = 0 AND automatic = 1;
CREATE INDEX thread_subject ON thread (source, base_subject, at DESC) WHERE base_subject <> '';
CREATE INDEX thread_rev ON thread (rev);

CREATE TABLE item (
    id             INTEGER PRIMARY KEY,
    source         INTEGER NOT NULL REFERENCES source ON DELETE CASCADE,
    thread         INTEGER NOT NULL REFERENCES thread,
    kind           TEXT NOT NULL,
    stable_id      TEXT NOT NULL,
    message_id     TEXT,
    at             INTEGER NOT NULL,
    from_name      TEXT,
    from_handle    TEXT,
    from_me        INTEGER NOT NULL DEFAULT 0,
    title          TEXT NOT NULL,
    snippet        TEXT NOT NULL,
    size           INTEGER NOT NULL,
    read           INTEGER NOT NULL,
    starred        INTEGER NOT NULL,
    answered       INTEGER NOT NULL,
    draft          INTEGER NOT NULL,
    has_html       INTEGER NOT NULL,
    has_attachment INTEGER NOT NULL,
    asks           INTEGER NOT NULL DEFAULT 0,
    automatic      INTEGER NOT NULL DEFAULT 0,
    retracted      INTEGER NOT NULL DEFAULT 0,
    edited_at      INTEGER,
    people         TEXT NOT NULL,
    refs           TEXT NOT NULL,
    meta           TEXT NOT NULL,
    body           INTEGER NOT NULL,
    -- The outbox entry that made it, until the platform's own copy has been seen.
    op             INTEGER,
    text_rev       INTEGER NOT NULL,
    flag_rev       INTEGER NOT NULL,
    deleted        INTEGER NOT NULL DEFAULT 0,
    UNIQUE (source, stable_id)
) STRICT;
CREATE INDEX item_thread ON item (thread, at, id);
-- What somebody wrote, newest first, whatever source it came through.
CREATE INDEX item_from ON item (from_handle COLLATE NOCASE, at DESC, thread, from_me, has_attachment) WHERE deleted = 0;
CREATE INDEX item_message_id ON item (source, message_id) WHERE message_id IS NOT NULL;
CREATE INDEX item_text_rev ON item (text_rev);
CREATE INDEX item_unread ON item (id) WHERE read = 0 AND deleted = 0;
CREATE INDEX item_starred ON item (id) WHERE starred = 1 AND deleted = 0;
CREATE INDEX item_answered ON item (id) WHERE answered = 1 AND deleted = 0;
CREATE INDEX item_deleted ON item (text_rev) WHERE deleted = 1;
CREATE INDEX item_op ON item (op) WHERE op IS NOT NULL;

-- Which thread a Message-ID belongs to, whether we hold the message or only saw it referenced.
-- The id is the first eight bytes of its SHA-256: a million of them collide once in 40 million runs.
CREATE TABLE thread_ref (
    source  INTEGER NOT NULL,
    ref     INTEGER NOT NULL,
    thread  INTEGER NOT NULL,
    PRIMARY KEY (source, ref)
) STRICT, WITHOUT ROWID;
CREATE INDEX thread_ref_thread ON thread_ref (thread);

CREATE TABLE placement (
    id        INTEGER PRIMARY KEY,
    item      INTEGER NOT NULL REFERENCES item ON DELETE CASCADE,
    scope     INTEGER NOT NULL REFERENCES scope ON DELETE CASCADE,
    -- The scope whose pull reported it: itself, or the one that holds all mails of a label platform.
    via       INTEGER NOT NULL,
    -- NULL: put there by a local change that the platform has not confirmed yet.
    remote_id TEXT,
    -- The outbox entry that made it (remote_id NULL) or that hides it (remote_id set).
    op        INTEGER
) STRICT;
CREATE UNIQUE INDEX placement_remote ON placement (via, remote_id, scope) WHERE remote_id IS NOT NULL;
CREATE INDEX placement_item ON placement (item);
CREATE INDEX placement_scope ON placement (scope, item);
CREATE INDEX placement_op ON placement (op) WHERE op IS NOT NULL;

CREATE TABLE attachment (
    id         INTEGER PRIMARY KEY,
    item       INTEGER NOT NULL REFERENCES item ON DELETE CASCADE,
    part       TEXT NOT NULL,
    name       TEXT NOT NULL,
    mime       TEXT NOT NULL,
    size       INTEGER NOT NULL,
    content_id TEXT,
    inline     INTEGER NOT NULL,
    hash       TEXT
) STRICT;
CREATE INDEX attachment_item ON attachment (item);
CREATE INDEX attachment_hash ON attachment (hash) WHERE hash IS NOT NULL;

-- Messages that could not be read at all, so that they are told once and never block a sync.
CREATE TABLE poison (
    scope     INTEGER NOT NULL REFERENCES scope ON DELETE CASCADE,
    remote_id TEXT NOT NULL,
    reason    TEXT NOT NULL,
    PRIMARY KEY (scope, remote_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
    id          INTEGER PRIMARY KEY,
    source      INTEGER NOT NULL REFERENCES source ON DELETE CASCADE,
    thread      INTEGER,
    kind        TEXT NOT NULL,
    state       TEXT NOT NULL,
    reason      TEXT,
    attempts    INTEGER NOT NULL DEFAULT 0,
    not_before  INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    finished_at INTEGER,
    key         TEXT NOT NULL UNIQUE,
    title       TEXT NOT NULL,
    -- Sends: the source's own operation, frozen. Others: planned anew at each attempt from `change`.
    op          TEXT,
    change      TEXT,
    -- What was written, so that a cancelled or refused message can be edited.
    compose     TEXT,
    -- Sends: when to remind of it if nobody answers, from the moment it is out.
    remind_at   INTEGER
) STRICT;
CREATE INDEX outbox_open ON outbox (source, not_before) WHERE state IN ('queued', 'sending', 'unknown');
CREATE INDEX outbox_thread ON outbox (thread, id) WHERE state IN ('queued', 'sending', 'unknown');

CREATE TABLE outbox_item (
    op   INTEGER NOT NULL REFERENCES outbox ON DELETE CASCADE,
    item INTEGER NOT NULL REFERENCES item ON DELETE CASCADE,
    PRIMARY KEY (op, item)
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_item_item ON outbox_item (item);

CREATE TABLE delivery (
    id      INTEGER PRIMARY KEY,
    op      INTEGER NOT NULL REFERENCES outbox ON DELETE CASCADE,
    at      INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    detail  TEXT
) STRICT;
CREATE INDEX delivery_op ON delivery (op, id);

CREATE TABLE draft (
    id       INTEGER PRIMARY KEY,
    source   INTEGER REFERENCES source ON DELETE CASCADE,
    thread   INTEGER,
    compose  TEXT NOT NULL,
    saved_at INTEGER NOT NULL
) STRICT;
CREATE INDEX draft_thread ON draft (thread) WHERE thread IS NOT NULL;

-- What a person wrote once to use again: signatures, templates, saved searches, splits.
CREATE TABLE kept (
    id       INTEGER PRIMARY KEY,
    kind     TEXT NOT NULL,
    name     TEXT NOT NULL,
    -- From 0, without gaps, within the kind.
    position INTEGER NOT NULL,
    data     TEXT NOT NULL
) STRICT;
CREATE INDEX kept_kind ON kept (kind, position);

-- What a person did, so that it can be undone, also after a restart.
CREATE TABLE action (
    id     INTEGER PRIMARY KEY,
    at     INTEGER NOT NULL,
    data   TEXT NOT NULL,
    undone INTEGER NOT NULL DEFAULT 0
) STRICT;

-- What was decided about new items: whether they are told, and why. No text, and bounded.
CREATE TABLE notice (
    id       INTEGER PRIMARY KEY,
    at       INTEGER NOT NULL,
    source   INTEGER NOT NULL REFERENCES source ON DELETE CASCADE,
    thread   INTEGER NOT NULL,
    item     INTEGER NOT NULL,
    decision TEXT NOT NULL,
    reason   TEXT NOT NULL,
    items    INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX notice_source ON notice (source);

-- Lists I have asked to be taken off, by their List-Id, else by who writes them.
CREATE TABLE unsubscribed (
    source  INTEGER NOT NULL REFERENCES source ON DELETE CASCADE,
    list    TEXT NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (source, list)
) STRICT, WITHOUT ROWID;

-- Handles people were written from or to: what a recipient field completes from.
CREATE TABLE identity (
    source  INTEGER NOT NULL REFERENCES source ON DELETE CASCADE,
    handle  TEXT NOT NULL,
    name    TEXT NOT NULL,
    -- Name and handle, folded for searching.
    folded  TEXT NOT NULL,
    sent    INTEGER NOT NULL DEFAULT 0,
    seen    INTEGER NOT NULL DEFAULT 0,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    PRIMARY KEY (source, handle)
) STRICT, WITHOUT ROWID;

-- Items whose rows are gone at once (their account was removed), kept until every follower knows.
CREATE TABLE tomb (
    item INTEGER PRIMARY KEY,
    rev  INTEGER NOT NULL
) STRICT;
CREATE INDEX tomb_rev ON tomb (rev);
