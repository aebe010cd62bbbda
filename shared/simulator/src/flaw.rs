//! Mistakes that can be built in, to prove that the checker finds each. Most are mistakes of a store, which the stores
//! of the story make. Some are mistakes of the protocol, which has a switch for each.

use room::Mistake;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// The first to claim goes in, also before lower numbers that wait at the door.
    DoorWithoutOrder,
    /// One more than the cap may be inside.
    OneTooMany,
    /// A rebuild does not know how far calls had come.
    CallsForgotten,
    /// A rebuild does not know which numbers were given.
    NumbersForgotten,
    /// A rebuild does not know who is inside.
    InsideForgotten,
    /// An account that joins again gets a second place.
    SecondPlace,
    /// Calls are never leased: a mistake of the protocol.
    NobodyCalled,
    /// The draw is made anew after a loss.
    DrawnAgain,
    /// A buyer is told that they are in, although Redis was lost and rebuilt before the admission was in the books: a
    /// mistake of the protocol.
    EntryUnconfirmed,
    /// Of several numbers that losses gave, the known one counts, whichever ticket is shown.
    LaterNumberKept,
    /// A rebuild gets the marks as they were before Redis knew of the rebuild.
    MarksReadEarly,
    /// A rebuild goes on in another Redis than the one in which it began.
    AnotherServer,
    /// A rebuild goes on after another one was done and all was lost again.
    AnotherLoss,
    /// A rebuild forgets the entries that the roster does not have yet: a mistake of the protocol.
    EntriesForgotten,
    /// Staff who have left are inside again once they give a sign of life.
    StaffNeverGone,
}

impl Flaw {
    /// Every mistake.
    pub const ALL: [Self; 15] = [
        Self::DoorWithoutOrder,
        Self::OneTooMany,
        Self::CallsForgotten,
        Self::NumbersForgotten,
        Self::InsideForgotten,
        Self::SecondPlace,
        Self::NobodyCalled,
        Self::DrawnAgain,
        Self::EntryUnconfirmed,
        Self::LaterNumberKept,
        Self::MarksReadEarly,
        Self::AnotherServer,
        Self::AnotherLoss,
        Self::EntriesForgotten,
        Self::StaffNeverGone,
    ];

    /// The protocol's switch, if it is a mistake of the protocol.
    pub(crate) fn of_protocol(self) -> Option<Mistake> {
        match self {
            Self::NobodyCalled => Some(Mistake::CallsNeverLeased),
            Self::EntryUnconfirmed => Some(Mistake::EntryUnconfirmed),
            Self::EntriesForgotten => Some(Mistake::EntriesNotKept),
            _ => None,
        }
    }

    /// The mistake of this name, as in the code.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|flaw| format!("{flaw:?}") == name)
    }
}
