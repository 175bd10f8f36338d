//! Where a database lies and under which name: it is read whole, and nothing is added beside it.

use std::fs;
use std::path::Path;

use crate::scene::{Folder, audit, brief};
use crate::stores::{Stores, fingerprint};

const PLANTED: &str = "finding S1 projection_thread_sessions bad stored_inactive_with_turn";

/// A fault that stands in the log alone, the database still open.
fn fault_in_the_log(folder: &Folder) -> Stores {
    fs::create_dir_all(folder.0.join("there")).unwrap();
    let stores = Stores::healthy(folder, "there/state.sqlite");
    stores.run("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA wal_autocheckpoint = 0;");
    stores.plant('a');
    stores
}

#[cfg(unix)]
#[test]
fn behind_a_link_the_log_is_looked_for_beside_the_file_that_the_link_names() {
    let folder = Folder::new("db-link");
    let stores = fault_in_the_log(&folder);
    let link = folder.0.join("linked.sqlite");
    std::os::unix::fs::symlink(&stores.path, &link).unwrap();
    assert_eq!(brief(&audit(&link).0), [PLANTED], "while it is open");

    let copied = folder.write("copy/x", "").with_file_name("state.sqlite");
    for end in ["", "-wal"] {
        let of = |path: &Path| format!("{}{end}", path.display());
        fs::copy(of(&stores.path), of(&copied)).unwrap();
    }
    let link = folder.0.join("copied.sqlite");
    std::os::unix::fs::symlink(&copied, &link).unwrap();
    let (audited, told) = audit(&link);
    assert_eq!(
        (brief(&audited), told),
        (vec![PLANTED.to_owned()], String::new())
    );
    assert_eq!(audited.findings[0].file, link.display().to_string());
}

#[test]
fn beside_an_index_that_was_left_without_a_log_no_log_is_made() {
    let folder = Folder::new("db-index");
    let stores = fault_in_the_log(&folder);
    let path = stores.close();
    fs::write(format!("{}-shm", path.display()), "").unwrap();
    let names = || fingerprint(&path).2;
    let before = names();
    assert_eq!(brief(&audit(&path).0), [PLANTED]);
    assert_eq!(names(), before);
}

#[cfg(target_os = "linux")]
#[test]
fn a_database_whose_name_is_not_utf_8_is_read_like_any_other() {
    use std::os::unix::ffi::OsStrExt as _;
    let folder = Folder::new("db-bytes");
    let path = fault_in_the_log(&folder).close();
    let odd = path.with_file_name(std::ffi::OsStr::from_bytes(b"state%20?#\xff.sqlite"));
    fs::rename(&path, &odd).unwrap();
    let (audited, told) = audit(&odd);
    assert_eq!(
        (brief(&audited), told),
        (vec![PLANTED.to_owned()], String::new())
    );
}
