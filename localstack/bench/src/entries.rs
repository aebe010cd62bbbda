//! What choosing standing places costs Redis, of 30,000 in several states, beside a hold of seats by name.

use crate::{
    Result,
    stage::Stage,
    table::{FigureTable, Spread},
};
use domain::{
    BookingId, UserId,
    entry::FreeEntries,
    hold::{Hold, HoldId},
    layout::SeatIndex,
    seat::{Ownership, SeatRecord, SeatStates},
};
use shared::ports::{AdmittedAs, HoldRequest, MapRead, Projection, WantedSeats};
use std::{ops::Range, time::Duration};

const AREA: Range<u32> = 0..30_000;
const COUNT: u32 = 4;
const ROUNDS: usize = 11;
/// How many holds a round makes, each by another buyer.
const HOLDS: u32 = 40;
/// How many are made between map and lock, where it says so: the log of 960 changes is nearly as long as one may be.
const MEANWHILE: u32 = 200;
/// How many seats are told at once.
const TOLD: usize = 250;

/// Which places are sold, and whether others are held while the buyer looks.
type EntriesScene = (&'static str, fn(u32) -> bool, bool);

const SCENES: [EntriesScene; 5] = [
    ("none is taken", |_| false, false),
    ("none is taken; 800 are while the buyer looks", |_| false, true),
    ("the lower half is sold", |place| place < 15_000, false),
    ("every other one is sold", |place| place % 2 == 0, false),
    ("one in a hundred is free", |place| place % 100 != 99, false),
];

pub(crate) async fn measure(stage: &mut Stage) -> Result<FigureTable> {
    let mut table = FigureTable::new("Standing places", ["a hold of four", "Redis, µs", "sent, B"]);
    stage.free_seats().await?;
    let mut named = Spread::default();
    for round in 0..=ROUNDS {
        eprintln!("standing places: round {round} of {ROUNDS}");
        let mut spent = Duration::ZERO;
        for hold in 0..HOLDS {
            let seats = (hold * COUNT..(hold + 1) * COUNT).map(SeatIndex).collect();
            spent += cost(stage, &request(stage, WantedSeats::Named(seats))).await?.1;
        }
        if round > 0 {
            named.add(each_us(spent));
        }
        stage.free_seats().await?;
    }
    table.row(["seats by name".to_owned(), format!("{named:.1}"), "–".to_owned()]);
    for (name, is_sold, is_late) in SCENES {
        let (redis_us, sent) = scene(stage, is_sold, is_late).await?;
        table.row([name.to_owned(), format!("{redis_us:.1}"), sent.to_string()]);
    }
    stage.free_seats().await?;
    Ok(table)
}

async fn scene(stage: &mut Stage, is_sold: fn(u32) -> bool, is_late: bool) -> Result<(Spread, usize)> {
    let (mut redis_us, mut bytes) = (Spread::default(), 0);
    sell(stage, is_sold).await?;
    for round in 0..=ROUNDS {
        let (mut spent, mut holds) = (Duration::ZERO, Vec::new());
        let mut map = look(stage).await?;
        for _ in 0..if is_late { MEANWHILE } else { 0 } {
            holds.push(stage.app.locks.hold(&request(stage, ask(&map))).await?.hold);
        }
        for _ in 0..HOLDS {
            if !is_late {
                map = look(stage).await?;
            }
            let wanted = ask(&map);
            if let WantedSeats::Entries { free, .. } = &wanted {
                bytes = free.runs.iter().map(|run| format!("{}-{},", run.start, run.end - 1).len()).sum();
            }
            let (hold, cost) = cost(stage, &request(stage, wanted)).await?;
            holds.push(hold);
            spent += cost;
        }
        if round > 0 {
            redis_us.add(each_us(spent));
        }
        for hold in holds {
            stage.app.locks.release(hold.hold_id, hold.user).await?;
        }
    }
    stage.free_seats().await?;
    Ok((redis_us, bytes))
}

/// The map, and its version.
async fn look(stage: &Stage) -> Result<(SeatStates, u64)> {
    let read = stage.app.locks.map(stage.performance.performance_id, None).await?;
    let MapRead::Full { version, taken } = read else { return Err("asked for the whole map".into()) };
    let mut states = SeatStates::available(AREA.end);
    for (place, state) in taken {
        states.set(place.0, state);
    }
    Ok((states, version))
}

fn ask((states, version): &(SeatStates, u64)) -> WantedSeats {
    let free = FreeEntries::of(states, AREA, COUNT);
    WantedSeats::Entries { count: COUNT, area: AREA, free, version: *version }
}

fn request(stage: &Stage, seats: WantedSeats) -> HoldRequest {
    HoldRequest {
        hold_id: HoldId { performance: stage.performance.performance_id, token: stage.app.ids.uuid() },
        user: UserId(stage.app.ids.uuid()),
        admitted: AdmittedAs::Anyone,
        seats,
        ttl_ms: 300_000,
        max_seats_per_user: COUNT,
    }
}

/// A hold, and what it cost Redis.
async fn cost(stage: &Stage, wanted: &HoldRequest) -> Result<(Hold, Duration)> {
    let before = stage.redis_time()?;
    let held = stage.app.locks.hold(wanted).await?;
    Ok((held.hold, stage.redis_time()?.saturating_sub(before)))
}

fn each_us(spent: Duration) -> f64 {
    spent.as_secs_f64() * 1e6 / f64::from(HOLDS)
}

/// Tells Redis that these places are sold.
async fn sell(stage: &Stage, is_sold: fn(u32) -> bool) -> Result<()> {
    let ownership =
        || Ownership::Sold { booking: BookingId(stage.app.ids.uuid()), user: UserId(stage.app.ids.uuid()) };
    let told = |place: u32| Projection {
        index: SeatIndex(place),
        record: SeatRecord { ownership: ownership(), fence: 1 },
        given_back_by: None,
    };
    let sold: Vec<_> = AREA.filter(|place| is_sold(*place)).map(told).collect();
    for some in sold.chunks(TOLD) {
        stage.app.locks.project(stage.performance.performance_id, some).await?;
    }
    Ok(())
}
