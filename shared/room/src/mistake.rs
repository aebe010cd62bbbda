//! Mistakes that a test can switch on in the protocol, to prove that the simulator's checker finds them.

/// One mistake. No setting switches it on: only the simulator builds a room with one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mistake {
    /// Calls are never leased.
    CallsNeverLeased,
    /// A claim is answered although the room may have been rebuilt before the admission was in the books.
    EntryUnconfirmed,
    /// A rebuild forgets the entries that the roster does not have yet.
    EntriesNotKept,
}
