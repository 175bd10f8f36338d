//! Opens a host's database for reading, and for nothing else.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};
use tempfile::TempDir;

use crate::audit::BadDatabase;
use crate::audit::files::is_database;

/// An open database, and the private copy that stands behind it, where one was needed.
#[derive(Debug)]
pub(in crate::audit) struct Database {
    pub(in crate::audit) connection: Connection,
    _copy: Option<TempDir>,
}

/// Opens the database with what its write-ahead log holds. Neither of them is written, and no file is added beside them.
///
/// SQLite reads a log only with an index file beside it (`-shm`), and would make one. So: where a host is at work, its
/// index is there and is shared; where there is no log, the database is opened as one that nobody changes; and where
/// there is a log without an index (a copied folder, a crash), both are copied to a private folder first. An index
/// without a log is one that was left behind: SQLite would make the log.
pub(in crate::audit) fn open(path: &Path) -> Result<Database, BadDatabase> {
    // A folder, or a file that is not there, has a better explanation than that.
    let length = fs::File::open(path)?.metadata()?.len();
    if length == 0 || !is_database(path) {
        return Err(BadDatabase::NotOne);
    }
    // SQLite writes its log beside the file, and not beside a link to it.
    let path = if path.is_symlink() {
        &*fs::canonicalize(path)?
    } else {
        &*std::path::absolute(path)?
    };
    let log = fs::metadata(beside(path, "-wal"));
    let shares =
        (log.is_ok() && beside(path, "-shm").exists()) || beside(path, "-journal").exists();
    let has_log = log.is_ok_and(|log| log.len() > 0);
    if has_log && !shares {
        let (folder, database) = copied(path)?;
        return Ok(Database {
            connection: connect(&database, "")?,
            _copy: Some(folder),
        });
    }
    let parameters = if shares { "" } else { "&immutable=1" };
    Ok(Database {
        connection: connect(path, parameters)?,
        _copy: None,
    })
}

fn connect(path: &Path, parameters: &str) -> Result<Connection, BadDatabase> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_URI
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let uri = format!("file:{}?mode=ro{parameters}", escaped(path));
    let connection = Connection::open_with_flags(uri, flags)?;
    connection.pragma_update(None, "query_only", true)?;
    // The first read shows whether it can be read at all.
    connection.query_row("SELECT COUNT(*) FROM sqlite_master", [], |_| Ok(()))?;
    Ok(connection)
}

/// A path as the part of a URI, byte by byte: it may be no text.
fn escaped(path: &Path) -> String {
    let mut uri = String::new();
    for byte in path.as_os_str().as_encoded_bytes().iter().copied() {
        if byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(end);
    name.into()
}

/// Copies a database and its log to a private folder, which is gone when it is dropped.
fn copied(path: &Path) -> Result<(TempDir, PathBuf), BadDatabase> {
    let mut folder = tempfile::Builder::new();
    folder.prefix("session-lifecycle-audit-");
    // A host's database holds conversations: nobody else may read the copy.
    #[cfg(unix)]
    folder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    let folder = folder.tempdir()?;
    let database = folder.path().join("state.sqlite");
    fs::copy(path, &database)?;
    fs::copy(beside(path, "-wal"), beside(&database, "-wal"))?;
    Ok((folder, database))
}
