//! Mistakes that can be built in, to see that the checker catches each.

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
    /// Calls are never leased.
    NobodyCalled,
    /// The draw is made anew after a loss.
    DrawnAgain,
    /// Who is let in is told so although Redis was lost and rebuilt before the books knew.
    EntryUnconfirmed,
    /// Of several numbers that losses gave, the one that is known counts, whatever is shown.
    LaterNumberKept,
    /// A rebuild goes by marks that it read before Redis knew of it.
    MarksReadEarly,
    /// A rebuild goes on in another Redis than it began in.
    AnotherServer,
    /// A rebuild goes on after another was done and all was lost again.
    AnotherLoss,
}

impl Flaw {
    /// All of them.
    pub const ALL: [Self; 13] = [
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
    ];

    /// By its name, as in the code.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|flaw| format!("{flaw:?}") == name)
    }
}
