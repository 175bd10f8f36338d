//! What survives the host: one SQLite database for each thread.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension, Result, params};
use session_lifecycle::supervisor::{Epoch, MessageId, SupervisorSnapshot};

use super::keeper::Address;

pub(crate) struct Store {
    database: Connection,
}

impl Store {
    /// Opens the database, and makes it if it is not there.
    ///
    /// A commit survives the death of the host. To survive that of the machine, set `synchronous` to `FULL`.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let database = Connection::open(path)?;
        database.pragma_update(None, "journal_mode", "WAL")?;
        database.pragma_update(None, "synchronous", "NORMAL")?;
        database.execute_batch(
            "CREATE TABLE IF NOT EXISTS thread (one INTEGER PRIMARY KEY CHECK (one = 1), snapshot TEXT NOT NULL);
             CREATE TABLE IF NOT EXISTS message (id TEXT PRIMARY KEY, text TEXT NOT NULL);
             CREATE TABLE IF NOT EXISTS report (line TEXT NOT NULL);
             CREATE TABLE IF NOT EXISTS keeper (one INTEGER PRIMARY KEY CHECK (one = 1), epoch INTEGER, port INTEGER);",
        )?;
        Ok(Self { database })
    }

    /// What the supervisor was when it was stored last.
    pub(crate) fn snapshot(&self) -> Result<Option<SupervisorSnapshot>> {
        let text: Option<String> = self
            .database
            .query_row("SELECT snapshot FROM thread", [], |row| row.get(0))
            .optional()?;
        Ok(text.map(|text| serde_json::from_str(&text).expect("what was stored")))
    }

    /// Stores the supervisor, with it the message that it has just accepted, and what it reports: all or nothing.
    ///
    /// A report that was made when the state behind it was not stored yet could be unsaid by a crash: the next host
    /// would send the message that this one had called failed. The reports of the time before have been made.
    pub(crate) fn persist(
        &mut self,
        snapshot: &SupervisorSnapshot,
        accepted: Option<(MessageId, String)>,
        reports: &[String],
    ) -> Result<()> {
        let text = serde_json::to_string(snapshot).expect("plain data");
        let transaction = self.database.transaction()?;
        if let Some((message, text)) = accepted {
            let row = params![message.as_str(), text];
            transaction.execute("INSERT INTO message VALUES (?1, ?2)", row)?;
        }
        transaction.execute("DELETE FROM report", [])?;
        for report in reports {
            transaction.execute("INSERT INTO report VALUES (?1)", [report])?;
        }
        transaction.execute("INSERT OR REPLACE INTO thread VALUES (1, ?1)", [text])?;
        transaction.commit()
    }

    /// The reports that were stored last: the user may have seen them or not.
    pub(crate) fn reports(&self) -> Result<Vec<String>> {
        let mut query = self.database.prepare("SELECT line FROM report")?;
        query.query_map([], |row| row.get(0))?.collect()
    }

    /// What the user wrote. There is none of a message that was never accepted.
    pub(crate) fn text(&self, message: &MessageId) -> Result<Option<String>> {
        let query = "SELECT text FROM message WHERE id = ?1";
        self.database
            .query_row(query, [message.as_str()], |row| row.get(0))
            .optional()
    }

    /// Where the agent of an epoch can be reached by the next host.
    pub(crate) fn remember_keeper(&self, epoch: Epoch, address: Address) -> Result<()> {
        let row = params![epoch.0, address.0];
        self.database
            .execute("INSERT OR REPLACE INTO keeper VALUES (1, ?1, ?2)", row)
            .map(|_| ())
    }

    pub(crate) fn keeper(&self, epoch: Epoch) -> Result<Option<Address>> {
        let query = "SELECT port FROM keeper WHERE epoch = ?1";
        self.database
            .query_row(query, [epoch.0], |row| row.get(0).map(Address))
            .optional()
    }
}
