//! Mistakes that can be built in, to see that the checker catches each: most are mistakes of a store, and the stores of
//! the story make them; some are of the protocol, which has a switch for each.

use room::Mistake;

/// One mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// Whoever asks first goes in, also before lower numbers that wait at the door.
    DoorWithoutOrder,
    /// One more may be inside than the cap says.
    OneTooMany,
    /// A rebuild does not know how far calls had come.
    CallsForgotten,
    /// A rebuild does not know which numbers were given.
    NumbersForgotten,
    /// A rebuild does not know who is inside.
    InsideForgotten,
    /// Who joins again gets a second place.
    SecondPlace,
    /// Calls are never leased: a mistake of the protocol.
    NobodyCalled,
    /// The draw is made anew after a loss.
    DrawnAgain,
    /// A buyer is told that they are in although Redis was lost and rebuilt before the books knew: a mistake of the
    /// protocol.
    EntryUnconfirmed,
    /// Of several numbers that losses gave, the one that is known counts, whatever is shown.
    LaterNumberKept,
    /// The books answer a rebuild with marks of before Redis knew of it.
    MarksReadEarly,
    /// A rebuild goes on in another Redis than it began in.
    AnotherServer,
    /// A rebuild goes on after another was done and all was lost again.
    AnotherLoss,
    /// A rebuild forgets the entries that the roster does not have yet: a mistake of the protocol.
    EntriesForgotten,
}

impl Flaw {
    /// All of them.
    pub const ALL: [Self; 14] = [
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
    ];

    /// The switch of the protocol, if it is one of its mistakes.
    pub(crate) fn of_protocol(self) -> Option<Mistake> {
        match self {
            Self::NobodyCalled => Some(Mistake::CallsNeverLeased),
            Self::EntryUnconfirmed => Some(Mistake::EntryUnconfirmed),
            Self::EntriesForgotten => Some(Mistake::EntriesNotKept),
            _ => None,
        }
    }

    /// By its name, as in the code.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|flaw| format!("{flaw:?}") == name)
    }
}
