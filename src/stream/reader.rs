//! A reader: the lines of one stream in, canonical events out.

use alloc::vec::Vec;

use super::bad_line::BadLine;
use super::event::RuntimeEvent;
use super::frame::PassedOver;

/// Reads the stream of one connection to a provider, line by line.
///
/// A reader keeps the little that ids need that a provider does not give, and no more: its memory is bounded, whatever
/// it is fed. A bad line leaves it as it was.
pub trait ProviderReader {
    /// What a line says, with or without its end.
    ///
    /// # Errors
    ///
    /// What is wrong with the line. An event of an unknown type is not wrong: it has no say in the lifecycle (R9).
    fn read(&mut self, line: &[u8]) -> Result<Reading, BadLine>;

    /// What follows from the end of the stream, for every thread that the reader remembers.
    ///
    /// Only the host knows that a stream has ended for good: a file that is read to its end proves nothing.
    fn end(&mut self, end: StreamEnd<'_>) -> Vec<RuntimeEvent>;
}

/// What a line holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// Events, in their order; at least one.
    Events(Vec<RuntimeEvent>),
    /// A record that is none of the projection's business.
    PassedOver(PassedOver),
    /// Nothing.
    Blank,
}

/// How a stream ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamEnd<'a> {
    /// It came to its end. For a process this is its exit, whatever the exit code: code 0 proves no success.
    Closed,
    /// It broke, with this message.
    Failed(&'a str),
}
