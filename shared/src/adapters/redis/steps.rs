//! The atomic steps: each is one script, named for what it does.

use domain::{
    PerformanceId, UserId, best,
    layout::SeatIndex,
    queue,
    seat::{Ownership, SeatRecord},
};
use redis::{Arg, Cmd, ToRedisArgs};
use std::sync::LazyLock;

/// How many changes of a map a step goes through; an older map has to be read again.
const CHANGES_MAX: u64 = 1_000;

/// A step with its arguments.
pub(super) struct Step {
    /// `EVALSHA`: runs the script by its hash.
    pub(super) command: Cmd,
    pub(super) script: &'static Script,
}

impl Step {
    /// A step of a performance.
    pub(super) fn of(script: &'static Script, performance: PerformanceId) -> Self {
        Self::on(script, &record_key(performance))
    }

    /// A step on a key of its own.
    pub(super) fn on(script: &'static Script, key: &str) -> Self {
        let mut command = redis::cmd("EVALSHA");
        command.arg(&script.hash).arg(1).arg(key);
        Self { command, script }
    }

    pub(super) fn arg(mut self, argument: impl ToRedisArgs) -> Self {
        self.command.arg(argument);
        self
    }

    /// `EVAL`: the same for a server that does not know the script yet.
    pub(super) fn with_script(&self) -> Cmd {
        let mut command = redis::cmd("EVAL");
        command.arg(&self.script.code);
        for argument in self.command.args_iter().skip(2) {
            if let Arg::Simple(argument) = argument {
                command.arg(argument);
            }
        }
        command
    }
}

/// Adds a seat's record as the scripts read it. Its order (fence and phase) says which of two records is the later one.
pub(super) fn with_record(
    step: Step,
    index: SeatIndex,
    record: &SeatRecord,
    given_back_by: Option<UserId>,
) -> Step {
    let (phase, until_ms, owner) = match record.ownership {
        Ownership::Reserved { until, user, .. } => (0, until.as_millisecond(), Some(user)),
        Ownership::Sold { user, .. } => (1, 0, Some(user)),
        Ownership::Available => (2, 0, given_back_by),
    };
    let step = step.arg(index.0).arg(record.fence * 4 + phase).arg(until_ms);
    match owner {
        Some(user) => step.arg(user.0.as_bytes().as_slice()),
        None => step.arg(""),
    }
}

/// A script, and the name by which a server remembers it.
pub(super) struct Script {
    /// As its last file is called.
    pub(super) name: &'static str,
    code: String,
    hash: String,
}

impl Script {
    fn of(name: &'static str, files: &[&str]) -> Self {
        let code = files.concat();
        Self { name, hash: redis::Script::new(&code).get_hash().to_owned(), code }
    }
}

/// The key of a performance's record. Its other keys begin with it; the braces keep them all in one hash slot.
pub(super) fn record_key(performance: PerformanceId) -> String {
    format!("y:{{{performance}}}")
}

/// Scripts made of the named files, one after another. Those that begin with `model` know the model's numbers.
macro_rules! scripts {
    ($($name:ident = $($model:ident)? $($file:literal)+;)+) => {$(
        pub(super) static $name: LazyLock<Script> = LazyLock::new(|| {
            let [.., name] = [$($file),+];
            Script::of(name, &[$(&$model(),)? $(include_str!(concat!("lua/", $file, ".lua"))),+])
        });
    )+};
}

scripts! {
    HOLD_ONE = "step" "inside" "lasts" "hold_one";
    HOLD = model "step" "inside" "lasts" "books" "seats" "best" "entries" "hold";
    FIND = "step" "lasts" "books" "seats" "find";
    RELEASE = "step" "lasts" "books" "seats" "release";
    EXTEND = "step" "inside" "lasts" "books" "seats" "extend";
    PROJECT = "step" "lasts" "books" "seats" "project";
    MAP = "step" "whole" "lasts" "books" "seats" "map";
    FIGURES = "step" "whole" "lasts" "books" "seats" "figures";
    JOIN = model "step" "lasts" "packed" "record" "room" "join";
    STATUS = model "step" "lasts" "packed" "record" "room" "status";
    PLACE = model "step" "lasts" "packed" "record" "room" "place";
    CLAIM = model "step" "lasts" "packed" "record" "room" "claim";
    CONFIRM = model "step" "lasts" "packed" "record" "confirm";
    RENEW = model "step" "lasts" "packed" "record" "room" "renew";
    BRAKE = model "step" "lasts" "packed" "record" "brake";
    LEAVE = model "step" "lasts" "packed" "record" "leave";
    STAFF = model "step" "lasts" "staff";
    NUMBERS = model "step" "lasts" "packed" "record" "numbers";
    CALLS = model "step" "lasts" "packed" "record" "calls";
    FREEZE = model "step" "lasts" "packed" "record" "freeze";
    DRAWN = model "step" "lasts" "packed" "record" "drawn";
    BEGIN_REBUILD = model "lost_step" "packed" "kept" "begin_rebuild";
    RESTORE_SEATS = "lost_step" "books" "restore_seats";
    RESTORE_INSIDE = model "lost_step" "rebuilding" "packed" "kept" "restore_inside";
    REOPEN = model "lost_step" "rebuilding" "packed" "kept" "reopen";
    TALLY = model "step" "lasts" "packed" "record" "tally";
    LIMIT = "limit";
    GIVE_BACK = "give_back";
}

/// The model's constants as Lua, so that the scripts cannot drift from it.
fn model() -> String {
    let numbers = [
        ("CALL_COST", queue::CALL_COST),
        ("BURST_MS", queue::BURST_MS),
        ("CALLS_PER_TICK_MAX", queue::CALLS_PER_TICK_MAX),
        ("CLAIM_RATE_ONE", queue::CLAIM_RATE_ONE),
        ("CLAIM_RATE_LEAST", queue::CLAIM_RATE_LEAST),
        ("RATE_WEIGHT", queue::RATE_WEIGHT),
        ("DELAY_WEIGHT", queue::DELAY_WEIGHT),
        ("PATIENCE_DELAYS", queue::PATIENCE_DELAYS),
        ("PATIENCE_LEAST_MS", queue::PATIENCE_LEAST_MS),
        ("BRAKE_EVERY_MS", queue::BRAKE_EVERY_MS),
        ("RECOVERY_MS", queue::RECOVERY_MS),
        ("DOUBLINGS_MAX", queue::DOUBLINGS_MAX),
        ("MEASURE_MS", queue::MEASURE_MS),
        ("GAP_MAX_MS", queue::GAP_MAX_MS),
        ("HEARTBEAT_MAX_MS", queue::HEARTBEAT_MAX_MS),
        ("SETTLE_MS", queue::SETTLE_MS),
        ("RECALL_MS", queue::RECALL_MS),
        ("FAR_FROM_FRONT", queue::FAR_FROM_FRONT),
        ("LOOKED_LATELY_MS", queue::LOOKED_LATELY_MS),
        ("LAPSED_MAX", queue::LAPSED_MAX as u64),
        ("NUMBERS_MAX", queue::NUMBERS_MAX),
        ("POLL_NEAR_MS", queue::POLL_NEAR_MS),
        ("POLL_STEP_MS", queue::POLL_STEP_MS),
        ("POLL_FAR_MS", queue::POLL_FAR_MS),
        ("POLL_EASE", queue::POLL_EASE),
        ("POLL_BURST", queue::POLL_BURST),
        ("POLL_SLACK_MS", queue::POLL_SLACK_MS),
        ("LEASE_WITHIN_MS", queue::LEASE_WITHIN_MS),
        ("STAFF_GONE_MS", queue::STAFF_GONE_MS),
        ("LOOK_ON_ROWS", best::LOOK_ON_ROWS.into()),
        ("CHANGES_MAX", CHANGES_MAX),
    ];
    numbers.iter().fold(String::new(), |code, (name, number)| code + &format!("local {name} = {number}\n"))
}
