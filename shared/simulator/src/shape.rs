//! The kind of story that a seed tells: how many come, to what room, and what goes wrong.

use crate::dice::Dice;

/// The settings of a story. Times are in milliseconds, parts in thousandths.
#[derive(Debug, Clone)]
pub struct Shape {
    /// The name of its kind, in the table.
    pub name: &'static str,
    /// How many accounts come.
    pub people: u32,
    /// How many staff come and go.
    pub staff: u32,
    /// All of them come within this time.
    pub arrive_within: u64,
    /// How many may be inside.
    pub cap: u32,
    /// How many are called a minute.
    pub rate_per_min: u32,
    /// How long a call stands.
    pub call_window: u64,
    /// How long a session may last.
    pub session: u64,
    /// How long people stay on average.
    pub stay: u64,
    /// When the sale opens, if people gather for a draw before.
    pub opens_at: Option<u64>,
    /// What people do.
    pub habits: Habits,
    /// What goes wrong.
    pub faults: Faults,
}

/// How people behave, in parts of 1,000.
#[derive(Debug, Clone, Copy)]
pub struct Habits {
    /// Never answer after they joined.
    pub no_show: u64,
    /// Of those, come back.
    pub come_back: u64,
    /// End their session without a word.
    pub silent_end: u64,
    /// Have a second device.
    pub second_device: u64,
    /// Ask far too often.
    pub hammer: u64,
    /// Of all looks: load the page again, half of these without the ticket.
    pub reload: u64,
    /// Of all looks: give up and say so.
    pub leave: u64,
    /// Join again after they lapsed, left or were inside.
    pub again: u64,
}

/// What goes wrong: mean times between two faults of a kind (0: never), or how often.
#[derive(Debug, Clone, Copy, Default)]
pub struct Faults {
    /// Nothing goes wrong after this time.
    pub until: u64,
    /// Redis forgets everything.
    pub flush: u64,
    /// Redis restarts with all that it had.
    pub restart: u64,
    /// A replica takes over.
    pub promote: u64,
    /// The machine's clock jumps.
    pub clock: u64,
    /// The organizer pauses, changes the cap or the rate, or the brake is pulled.
    pub organizer: u64,
    /// All processes are killed at once.
    pub kill_all: u64,
    /// A process is killed before a step: times in 100,000.
    pub kill: u64,
    /// A write to the books fails, done or not: times in 1,000.
    pub books_fail: u64,
    /// A step takes seconds: times in 1,000.
    pub stall: u64,
    /// A step of a rebuild takes up to three seconds: times in 1,000.
    pub stall_rebuild: u64,
}

const SECOND: u64 = 1_000;
const MINUTE: u64 = 60 * SECOND;

const HABITS: Habits = Habits {
    no_show: 200,
    come_back: 300,
    silent_end: 300,
    second_device: 200,
    hammer: 20,
    reload: 30,
    leave: 2,
    again: 300,
};

impl Shape {
    /// The story of a seed.
    #[must_use]
    pub fn of(seed: u64) -> Self {
        let mut dice = Dice::new(seed ^ 0x5eed);
        let mut shape = match seed % 9 {
            0 => Self::calm(&mut dice),
            1 => Self::tiny(&mut dice),
            2 | 3 => Self::losses(&mut dice),
            4 => Self::draw(&mut dice),
            5 => Self::big(&mut dice),
            6 => Self::clocks(&mut dice),
            7 => Self::storm(&mut dice),
            _ => Self::frenzy(&mut dice),
        };
        shape.faults.until = shape.arrive_within.max(shape.opens_at.unwrap_or_default()) + 5 * MINUTE;
        shape
    }

    fn calm(dice: &mut Dice) -> Self {
        Self {
            name: "calm",
            people: 600,
            staff: 3,
            arrive_within: 2 * MINUTE,
            cap: dice.one_of(20, &[50, 100]),
            rate_per_min: dice.one_of(60_000, &[600, 120]),
            call_window: dice.one_of(30 * SECOND, &[20 * SECOND, 60 * SECOND]),
            session: 10 * MINUTE,
            stay: dice.one_of(MINUTE, &[20 * SECOND, 4 * MINUTE]),
            opens_at: None,
            habits: HABITS,
            faults: Faults::default(),
        }
    }

    fn tiny(dice: &mut Dice) -> Self {
        let faults = Faults { kill: 100, books_fail: 2, stall: 2, flush: 3 * MINUTE, ..Self::some_faults() };
        let stay = dice.one_of(5 * SECOND, &[20 * SECOND]);
        let (cap, people) = (dice.one_of(1, &[2, 3]), 60);
        Self { name: "tiny", cap, people, stay, arrive_within: 5 * MINUTE, faults, ..Self::calm(dice) }
    }

    fn losses(dice: &mut Dice) -> Self {
        let (people, cap) = (dice.one_of(100, &[300, 800]), dice.one_of(3, &[10, 40, 100]));
        Self { name: "losses", people, cap, faults: Self::some_faults(), ..Self::calm(dice) }
    }

    fn draw(dice: &mut Dice) -> Self {
        let (people, opens_at) = (dice.one_of(50, &[400, 700]), Some(90 * SECOND));
        let habits = Habits { leave: 15, again: 600, ..HABITS };
        let faults =
            Faults { flush: MINUTE, restart: 2 * MINUTE, promote: MINUTE, clock: 0, ..Self::some_faults() };
        Self { name: "draw", people, opens_at, habits, faults, ..Self::calm(dice) }
    }

    fn big(dice: &mut Dice) -> Self {
        let (people, cap) = (dice.one_of(3_000, &[5_000]), dice.one_of(200, &[500]));
        let faults = Faults { flush: 4 * MINUTE, ..Self::some_faults() };
        Self { name: "big", people, cap, faults, ..Self::calm(dice) }
    }

    fn clocks(dice: &mut Dice) -> Self {
        let faults = Faults { clock: 30 * SECOND, ..Self::some_faults() };
        Self { name: "clocks", people: 300, faults, ..Self::losses(dice) }
    }

    fn storm(dice: &mut Dice) -> Self {
        let faults = Faults {
            flush: 8 * SECOND,
            restart: 15 * SECOND,
            promote: 8 * SECOND,
            clock: 0,
            organizer: 30 * SECOND,
            kill_all: MINUTE,
            kill: 500,
            books_fail: 10,
            stall: 20,
            stall_rebuild: 20,
            until: 0,
        };
        let opens_at = dice.one_of(None, &[Some(MINUTE)]);
        let (people, cap) = (dice.one_of(80, &[250]), dice.one_of(2, &[5, 20]));
        let habits = Habits { leave: dice.one_of(2, &[20]), ..HABITS };
        Self { habits, name: "storm", people, cap, opens_at, faults, ..Self::calm(dice) }
    }

    /// Losses in the middle of rebuilds.
    fn frenzy(dice: &mut Dice) -> Self {
        let faults = Faults {
            flush: 2 * SECOND,
            restart: 5 * SECOND,
            promote: 2 * SECOND,
            books_fail: 0,
            kill: 0,
            kill_all: 0,
            organizer: 0,
            stall: 5,
            stall_rebuild: 200,
            ..Self::some_faults()
        };
        let habits = Habits { reload: 300, again: 900, ..HABITS };
        let (people, cap) = (dice.one_of(200, &[600]), dice.one_of(3, &[20]));
        Self { name: "frenzy", people, cap, faults, habits, stay: 5 * SECOND, ..Self::calm(dice) }
    }

    fn some_faults() -> Faults {
        Faults {
            until: 0,
            flush: MINUTE,
            restart: 2 * MINUTE,
            promote: MINUTE,
            clock: 0,
            organizer: MINUTE,
            kill_all: 3 * MINUTE,
            kill: 100,
            books_fail: 3,
            stall: 3,
            stall_rebuild: 0,
        }
    }

    /// The crowd of the documentation, which is 20,000 people before the opening and 1,000 places: three in ten never
    /// answer, they stay four minutes on average, and three in ten go without a word.
    #[must_use]
    pub fn crowd(people: u32, cap: u32) -> Self {
        let habits = Habits {
            no_show: 300,
            come_back: 0,
            silent_end: 300,
            second_device: 0,
            hammer: 0,
            reload: 0,
            leave: 0,
            again: 0,
        };
        Self {
            name: "crowd",
            people,
            staff: 0,
            arrive_within: MINUTE,
            cap,
            rate_per_min: 1_000_000,
            call_window: 30 * SECOND,
            session: 10 * MINUTE,
            stay: 4 * MINUTE,
            opens_at: Some(80 * SECOND),
            habits,
            faults: Faults::default(),
        }
    }
}
