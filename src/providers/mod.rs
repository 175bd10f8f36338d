//! The native events of providers in, canonical events out.
//!
//! One reader a provider, for the stream of one connection, bare or as T3 Code's native log (`NTIVE`) keeps it.
//! `docs/providers.md` says what each native event becomes, and where a reader knows better than T3 Code's adapter.
//!
//! ```
//! # #[cfg(feature = "codex-exec")] {
//! use session_lifecycle::providers::CodexExecReader;
//! use session_lifecycle::stream::{Projection, ProviderReader, Reading};
//!
//! let stream = r#"
//! {"type":"thread.started","thread_id":"th-1"}
//! {"type":"turn.started"}
//! {"type":"turn.failed","error":{"message":"no balance"}}
//! "#;
//!
//! let mut reader = CodexExecReader::default();
//! let mut projection = Projection::new();
//! for line in stream.lines() {
//!     if let Reading::Events(events) = reader.read(line.as_bytes())? {
//!         for event in events {
//!             projection.fold(&event);
//!         }
//!     }
//! }
//! let session = projection.session("th-1");
//! assert_eq!(session.status.as_str(), "error");
//! assert_eq!(session.last_error.as_deref(), Some("no balance"));
//! # }
//! # Ok::<(), session_lifecycle::stream::BadLine>(())
//! ```

#[cfg(feature = "acp")]
pub mod acp;
#[cfg(feature = "claude")]
mod claude;
#[cfg(feature = "codex")]
mod codex;
#[cfg(feature = "codex-exec")]
mod codex_exec;
#[cfg(feature = "opencode")]
mod opencode;

#[cfg(feature = "acp")]
pub use acp::AcpReader;
#[cfg(feature = "claude")]
pub use claude::ClaudeReader;
#[cfg(feature = "codex")]
pub use codex::CodexReader;
#[cfg(feature = "codex-exec")]
pub use codex_exec::CodexExecReader;
#[cfg(feature = "opencode")]
pub use opencode::OpenCodeReader;

/// The name of the thread of a stream that names none.
pub const DEFAULT_THREAD: &str = "main";
