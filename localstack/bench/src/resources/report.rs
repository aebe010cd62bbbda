//! The tables, as Markdown.

use super::{
    house::{CountedHouse, Usage},
    traffic::{StoreTraffic, share, trimmed},
};
use crate::{Result, table::FigureTable};
use std::fmt;

/// What each step costs each buyer.
pub(crate) struct StepReport {
    table: FigureTable,
    all: Usage,
    all_shared_by: u32,
}

impl StepReport {
    pub(crate) fn new(title: &'static str) -> Self {
        let head = [
            "step",
            "function",
            "function, µs",
            "Redis, µs",
            "engine, µs",
            "Redis calls",
            "DynamoDB calls",
            "units read",
            "units written",
            "to stores, B",
            "from stores, B",
            "to the client, B",
        ];
        Self { table: FigureTable::new(title, head), all: Usage::default(), all_shared_by: 1 }
    }

    /// A step whose cost is shared by so many.
    pub(crate) fn row(&mut self, step: &str, function: &str, spent: &Usage, shared_by: u32) {
        self.table.row(cells(step, function, spent, shared_by));
        self.all.add(spent);
        self.all_shared_by = shared_by;
    }

    /// The sum of all steps, which are shared by equally many.
    pub(crate) fn with_sum(mut self) -> Self {
        self.table.row(cells("**all**", "", &self.all, self.all_shared_by));
        self
    }
}

fn cells(step: &str, function: &str, spent: &Usage, shared_by: u32) -> [String; 12] {
    let each = f64::from(shared_by);
    let us = |time: std::time::Duration| format!("{:.0}", time.as_secs_f64() * 1e6 / each);
    let calls = |traffic: &StoreTraffic| {
        if traffic.count() == 0 { "–".to_owned() } else { traffic.each_of(each) }
    };
    let units = |units: f64| trimmed(&format!("{:.1}", units / each));
    let bytes = |count: u64| format!("{:.0}", as_float(count) / each);
    [
        step.to_owned(),
        if function.is_empty() { String::new() } else { format!("`{function}`") },
        us(spent.function),
        us(spent.redis),
        us(spent.engine),
        calls(&spent.to_redis),
        calls(&spent.to_dynamodb),
        units(spent.to_dynamodb.read_units),
        units(spent.to_dynamodb.written_units),
        bytes(spent.to_redis.sent + spent.to_dynamodb.sent),
        bytes(spent.to_redis.received + spent.to_dynamodb.received),
        bytes(spent.to_client),
    ]
}

#[expect(clippy::cast_precision_loss, reason = "bytes of one run are few")]
fn as_float(count: u64) -> f64 {
    count as f64
}

impl fmt::Display for StepReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table.fmt(f)
    }
}

/// What each function takes, at rest and after all journeys.
pub(crate) struct FunctionsReport(FigureTable);

impl FunctionsReport {
    pub(crate) fn of(house: &CountedHouse) -> Result<Self> {
        let head = [
            "function",
            "CPU, ms",
            "Redis calls",
            "DynamoDB calls",
            "resident, MB",
            "private, MB",
            "threads",
            "sockets",
            "descriptors",
        ];
        let mut table = FigureTable::new("Each function: at rest → after all journeys", head);
        for (name, function) in &house.functions {
            let Some((rest, now)) = function.footprints()? else { continue };
            let usage = house.usage(name)?;
            table.row([
                format!("`{name}`"),
                format!("{:.1}", usage.function.as_secs_f64() * 1e3),
                share(usage.to_redis.count(), 1.0),
                share(usage.to_dynamodb.count(), 1.0),
                format!("{:.1} → {:.1}", rest.resident_mb, now.resident_mb),
                format!("{:.1} → {:.1}", rest.private_mb, now.private_mb),
                format!("{} → {}", rest.threads, now.threads),
                format!("{} → {}", rest.sockets, now.sockets),
                format!("{} → {}", rest.descriptors, now.descriptors),
            ]);
        }
        Ok(Self(table))
    }
}

impl fmt::Display for FunctionsReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
