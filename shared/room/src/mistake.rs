//! Mistakes of the protocol that a test can switch on, to see that the checker of the simulator finds them.

/// One mistake. No setting names it: only the simulator makes a room with one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mistake {
    /// Calls are never leased.
    CallsNeverLeased,
    /// A claim is answered although the room may have been rebuilt before the books knew of it.
    EntryUnconfirmed,
    /// A rebuild forgets the entries that the roster does not have yet.
    EntriesNotKept,
}
