//! Databases as T3 Code makes them: a healthy one, and what can be wrong with it.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, params};

use crate::scene::Folder;

/// When the newest thing in a database happened.
pub(crate) const NOW: &str = "2026-05-28T12:00:00.000Z";
pub(crate) const RECENTLY: &str = "2026-05-28T11:59:00.000Z";
pub(crate) const LONG_AGO: &str = "2026-05-28T09:00:00.000Z";

const SCHEMA: &str = "
CREATE TABLE orchestration_events (sequence INTEGER PRIMARY KEY AUTOINCREMENT, event_id TEXT NOT NULL UNIQUE, aggregate_kind TEXT NOT NULL,
  stream_id TEXT NOT NULL, stream_version INTEGER NOT NULL, event_type TEXT NOT NULL, occurred_at TEXT NOT NULL, command_id TEXT,
  causation_event_id TEXT, correlation_id TEXT, actor_kind TEXT NOT NULL, payload_json TEXT NOT NULL, metadata_json TEXT NOT NULL,
  UNIQUE (aggregate_kind, stream_id, stream_version));
CREATE TABLE projection_thread_sessions (thread_id TEXT PRIMARY KEY, status TEXT NOT NULL, provider_name TEXT, provider_session_id TEXT,
  provider_thread_id TEXT, active_turn_id TEXT, last_error TEXT, updated_at TEXT NOT NULL, runtime_mode TEXT NOT NULL DEFAULT 'full-access',
  provider_instance_id TEXT);
CREATE TABLE projection_turns (row_id INTEGER PRIMARY KEY, thread_id TEXT NOT NULL, turn_id TEXT, pending_message_id TEXT,
  assistant_message_id TEXT, state TEXT NOT NULL, requested_at TEXT NOT NULL, started_at TEXT, completed_at TEXT,
  checkpoint_turn_count INTEGER, checkpoint_ref TEXT, checkpoint_status TEXT, checkpoint_files_json TEXT NOT NULL DEFAULT '[]',
  source_proposed_plan_thread_id TEXT, source_proposed_plan_id TEXT, UNIQUE (thread_id, turn_id), UNIQUE (thread_id, checkpoint_turn_count));
CREATE TABLE provider_session_runtime (thread_id TEXT PRIMARY KEY, provider_name TEXT NOT NULL, adapter_key TEXT NOT NULL,
  runtime_mode TEXT NOT NULL, status TEXT NOT NULL, last_seen_at TEXT NOT NULL, resume_cursor_json TEXT, runtime_payload_json TEXT,
  provider_instance_id TEXT);
CREATE TABLE projection_thread_activities (activity_id TEXT PRIMARY KEY, thread_id TEXT NOT NULL, turn_id TEXT, tone TEXT NOT NULL,
  kind TEXT NOT NULL, summary TEXT NOT NULL, payload_json TEXT NOT NULL, created_at TEXT NOT NULL, sequence INTEGER);
CREATE TABLE projection_threads (thread_id TEXT PRIMARY KEY, project_id TEXT NOT NULL, title TEXT NOT NULL, latest_turn_id TEXT,
  created_at TEXT NOT NULL, updated_at TEXT NOT NULL, deleted_at TEXT, archived_at TEXT);
";

/// A database under construction.
pub(crate) struct Stores {
    pub(crate) connection: Connection,
    pub(crate) path: PathBuf,
}

impl Stores {
    /// A database in which nothing is wrong: a thread at rest, one at work, one that was stopped, one that has just been
    /// asked, one put away.
    pub(crate) fn healthy(folder: &Folder, name: &str) -> Self {
        let path = folder.0.join(name);
        let stores = Self {
            connection: Connection::open(&path).unwrap(),
            path,
        };
        stores
            .connection
            .pragma_update(None, "journal_mode", "wal")
            .unwrap();
        stores.connection.execute_batch(SCHEMA).unwrap();
        stores.thread("rests", "ready", None, "running", Some("A"), RECENTLY);
        stores.turn("rests", Some("A"), "completed", LONG_AGO, Some(RECENTLY));
        stores.thread(
            "works",
            "running",
            Some("A"),
            "running",
            Some("A"),
            RECENTLY,
        );
        stores.turn("works", Some("A"), "running", RECENTLY, None);
        stores.thread("gone", "stopped", None, "stopped", None, LONG_AGO);
        stores.turn("gone", Some("A"), "interrupted", LONG_AGO, Some(LONG_AGO));
        stores.thread("asked", "starting", None, "starting", None, NOW);
        stores.turn("asked", None, "pending", NOW, None);
        stores.thread("archived", "ready", None, "running", Some("A"), LONG_AGO);
        stores.turn("archived", Some("A"), "completed", LONG_AGO, Some(LONG_AGO));
        stores.run("UPDATE projection_threads SET archived_at = '2026-05-28T11:00:00.000Z' WHERE thread_id = 'archived'");
        stores
    }

    /// A thread in every table: its session, what its provider is bound as, and the event that the session came from.
    fn thread(
        &self,
        thread: &str,
        status: &str,
        turn: Option<&str>,
        binding: &str,
        bound: Option<&str>,
        at: &str,
    ) {
        let run = |sql: &str, params: &[&dyn rusqlite::ToSql]| {
            self.connection.execute(sql, params).unwrap()
        };
        run(
            "INSERT INTO projection_threads (thread_id, project_id, title, created_at, updated_at) VALUES (?1, 'p', 't', ?2, ?2)",
            params![thread, at],
        );
        run(
            "INSERT INTO projection_thread_sessions (thread_id, status, active_turn_id, updated_at) VALUES (?1, ?2, ?3, ?4)",
            params![thread, status, turn, at],
        );
        let payload = serde_json::json!({ "cwd": "/", "activeTurnId": bound, "lastRuntimeEvent": "turn.started" }).to_string();
        run(
            "INSERT INTO provider_session_runtime (thread_id, provider_name, adapter_key, runtime_mode, status, last_seen_at, runtime_payload_json) \
             VALUES (?1, 'codex', 'codex', 'full-access', ?2, ?3, ?4)",
            params![thread, binding, at, payload],
        );
        self.event(thread, status, turn, at);
    }

    fn event(&self, thread: &str, status: &str, turn: Option<&str>, at: &str) {
        let session = serde_json::json!({ "threadId": thread, "session": { "threadId": thread, "status": status, "activeTurnId": turn, "updatedAt": at } });
        self.connection
            .execute(
                "INSERT INTO orchestration_events (event_id, aggregate_kind, stream_id, stream_version, event_type, occurred_at, actor_kind, payload_json, metadata_json) \
                 SELECT 'evt-' || ?1 || COUNT(*), 'thread', ?1, COUNT(*), 'thread.session-set', ?2, 'server', ?3, '{}' FROM orchestration_events WHERE stream_id = ?1",
                params![thread, at, session.to_string()],
            )
            .unwrap();
    }

    fn turn(
        &self,
        thread: &str,
        turn: Option<&str>,
        state: &str,
        requested: &str,
        completed: Option<&str>,
    ) {
        self.connection
            .execute(
                "INSERT INTO projection_turns (thread_id, turn_id, state, requested_at, started_at, completed_at) VALUES (?1, ?2, ?3, ?4, ?4, ?5)",
                params![thread, turn, state, requested, completed],
            )
            .unwrap();
    }

    /// A session's row, as `status turn time` of that day: a thread that is bound to a provider and has no more to it.
    pub(crate) fn session(&self, thread: &str, [status, turn, time]: [&str; 3]) {
        let turn = (!turn.is_empty()).then_some(turn);
        let at = format!("2026-05-28T{time}.000Z");
        self.thread(thread, status, turn, "running", turn, &at);
    }

    /// Something that the host shows of what goes on in a thread: its tone, and when it was.
    pub(crate) fn activity(&self, thread: &str, turn: Option<&str>, tone: &str, at: &str) {
        self.connection
            .execute(
                "INSERT INTO projection_thread_activities (activity_id, thread_id, turn_id, tone, kind, summary, payload_json, created_at) \
                 SELECT 'act-' || COUNT(*), ?1, ?2, ?3, 'k', 's', '{}', ?4 FROM projection_thread_activities",
                params![thread, turn, tone, at],
            )
            .unwrap();
    }

    /// The row of a turn that has ended so.
    pub(crate) fn ended(&self, thread: &str, turn: &str, state: &str) {
        self.turn(thread, Some(turn), state, LONG_AGO, Some(LONG_AGO));
    }

    pub(crate) fn run(&self, sql: &str) {
        self.connection.execute_batch(sql).unwrap();
    }

    /// Columns that only later hosts have.
    pub(crate) fn make_later(&self) {
        self.run("ALTER TABLE projection_threads ADD COLUMN settled_at TEXT");
    }

    /// Plants what the query of that letter is for, in a thread called `bad`.
    pub(crate) fn plant(&self, query: char) {
        match query {
            'a' => {
                self.thread("bad", "ready", Some("B"), "running", Some("B"), RECENTLY);
                self.turn("bad", Some("B"), "completed", LONG_AGO, Some(RECENTLY));
            }
            'b' => {
                self.thread("bad", "running", Some("B"), "running", Some("B"), RECENTLY);
                self.turn("bad", Some("B"), "completed", LONG_AGO, Some(LONG_AGO));
            }
            'c' => {
                self.thread("bad", "running", None, "running", None, LONG_AGO);
                self.event("bad", "ready", None, RECENTLY);
            }
            'd' => {
                self.thread("bad", "running", Some("B"), "stopped", Some("B"), RECENTLY);
                self.turn("bad", Some("B"), "running", LONG_AGO, None);
            }
            'e' => {
                self.thread("bad", "running", Some("B"), "running", Some("A"), RECENTLY);
                self.turn("bad", Some("B"), "running", LONG_AGO, None);
            }
            'f' => {
                self.thread("bad", "ready", None, "running", None, RECENTLY);
                self.turn("bad", Some("B"), "running", LONG_AGO, None);
            }
            'g' => {
                self.thread("bad", "ready", None, "running", Some("A"), RECENTLY);
                self.turn("bad", Some("A"), "completed", LONG_AGO, Some(RECENTLY));
                self.turn("bad", None, "pending", LONG_AGO, None);
            }
            'h' => {
                self.thread("bad", "running", Some("B"), "running", Some("B"), LONG_AGO);
                self.turn("bad", Some("B"), "running", LONG_AGO, None);
            }
            _ => panic!("there are eight queries, a to h"),
        }
    }

    /// Closes it, so that its log is gone.
    pub(crate) fn close(self) -> PathBuf {
        let Self { connection, path } = self;
        connection.close().unwrap();
        path
    }
}

/// A file's bytes, and the names of all files beside it.
pub(crate) fn fingerprint(path: &Path) -> (Vec<u8>, Vec<u8>, Vec<String>) {
    let read = |end: &str| std::fs::read(format!("{}{end}", path.display())).unwrap_or_default();
    let folder = std::fs::read_dir(path.parent().unwrap()).unwrap();
    let mut names: Vec<String> = folder
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    (read(""), read("-wal"), names)
}
