//! The atomic steps: one script each, named for what it does.

use domain::{PerformanceId, queue};
use redis::{Cmd, ToRedisArgs};
use std::sync::LazyLock;

/// A step with its arguments.
pub(super) struct Step {
    /// Does it by the script's hash.
    pub(super) command: Cmd,
    script: &'static Script,
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

    /// With one more argument.
    pub(super) fn arg(mut self, argument: impl ToRedisArgs) -> Self {
        self.command.arg(argument);
        self
    }

    /// Tells the script to a server that does not know it.
    pub(super) fn load(&self) -> Cmd {
        let mut command = redis::cmd("SCRIPT");
        command.arg("LOAD").arg(&self.script.code);
        command
    }
}

/// A script, and the name by which a server remembers it.
pub(super) struct Script {
    code: String,
    hash: String,
}

impl Script {
    fn of(files: &[&str]) -> Self {
        let code = constants() + &files.concat();
        Self { hash: redis::Script::new(&code).get_hash().to_owned(), code }
    }
}

/// The record of a performance. Its other keys begin with it; the braces keep them all in one hash slot.
pub(super) fn record_key(performance: PerformanceId) -> String {
    format!("y:{{{performance}}}")
}

/// Scripts made of the named files, one after another.
macro_rules! scripts {
    ($($name:ident = $($file:literal)+;)+) => {$(
        pub(super) static $name: LazyLock<Script> =
            LazyLock::new(|| Script::of(&[$(include_str!(concat!("lua/", $file, ".lua"))),+]));
    )+};
}

scripts! {
    HOLD_ONE = "step" "hold_one";
    HOLD = "step" "books" "seats" "hold";
    FIND = "step" "books" "seats" "find";
    RELEASE = "step" "books" "seats" "release";
    EXTEND = "step" "books" "seats" "extend";
    PROJECT = "step" "books" "seats" "project";
    MAP = "step" "books" "seats" "map";
    FIGURES = "step" "books" "seats" "figures";
    JOIN = "step" "room" "join";
    LEASE = "step" "lease";
    STATUS = "step" "room" "status";
    PLACE = "step" "room" "place";
    CLAIM = "step" "room" "claim";
    RENEW = "step" "room" "renew";
    LEAVE = "step" "leave";
    RESTORE_SEATS = "lost_step" "books" "restore_seats";
    REOPEN = "lost_step" "reopen";
    LIMIT = "limit";
}

/// The numbers of the model, so that the scripts cannot drift from it.
fn constants() -> String {
    format!(
        "local CALL_COST, BURST_MS, CALLS_MAX, CALLS_PER_TICK_MAX = {}, {}, {}, {}\n",
        queue::CALL_COST,
        queue::BURST_MS,
        queue::CALLS_MAX,
        queue::CALLS_PER_TICK_MAX
    )
}
