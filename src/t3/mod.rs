//! T3 Code's runtime events in, its projected session out.
//!
//! One reader for three ages of the schema: bare JSON lines, the lines of T3's own logs, events without a payload,
//! events of types that nobody knew when this was written. What it cannot make sense of it names ([`BadLine`]), and a
//! [`Projection`] is then as it was.
//!
//! ```
//! use session_lifecycle::t3::{Line, Projection, read_line};
//!
//! let log = r#"
//! {"type":"turn.started","threadId":"th-1","turnId":"t1","createdAt":"2026-07-01T10:00:01.000Z"}
//! [2026-07-01T10:00:02.010Z] NTIVE: {"method":"thread/status/changed"}
//! [2026-07-01T10:00:02.020Z] CANON: {"type":"session.state.changed","threadId":"th-1","payload":{"state":"ready"}}
//! "#;
//!
//! let mut projection = Projection::new();
//! for line in log.lines() {
//!     if let Line::Event(event) = read_line(line)? {
//!         projection.fold(&event);
//!     }
//! }
//! let session = projection.session("th-1");
//! assert_eq!(session.status.as_str(), "ready");
//! assert_eq!(session.active_turn_id, None);
//! # Ok::<(), session_lifecycle::t3::BadLine>(())
//! ```

mod event;
mod line;
mod object;

pub use crate::stream::{
    BadLine, Folded, PassedOver, ProjectedSession, Projection, RuntimeEvent, Wrong,
};
pub use line::{Line, T3Reader, read_bytes, read_line};
