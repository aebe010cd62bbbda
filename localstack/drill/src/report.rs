//! What an exercise showed: a table in Markdown, and whether all went as it must.

use crate::{alerts::Episode, audit::Audit, diary::Chapter, fault::PlannedFault};
use std::{fmt::Write as _, time::Duration};
use tokio::time::Instant;

/// The result of an exercise.
#[derive(Debug, Default)]
pub struct Report {
    pub(crate) rows: Vec<ReportRow>,
    pub(crate) last_audit: Option<Audit>,
    pub(crate) journeys: String,
    /// What went wrong, one line each.
    pub failures: Vec<String>,
    /// What could not be looked at, one line each.
    pub not_checked: Vec<String>,
}

/// One fault.
#[derive(Debug)]
pub(crate) struct ReportRow {
    pub(crate) fault: PlannedFault,
    pub(crate) begun: Instant,
    pub(crate) ended: Instant,
    pub(crate) chapter: Chapter,
    pub(crate) recovered_after: Option<Duration>,
    /// Those that fired until the next fault, written when all have cleared.
    pub(crate) alerts: String,
    pub(crate) lost: Vec<String>,
}

impl Report {
    /// The table and what follows from it, in Markdown.
    #[must_use]
    pub fn markdown(&self) -> String {
        let mut text = String::from(
            "| fault | lasted | buyers saw besides successes | longest wait | a whole journey again after | alerts | lost |\n\
             |---|---|---|---|---|---|---|\n",
        );
        for row in &self.rows {
            let recovered = row.recovered_after.map_or("never".to_owned(), seconds);
            // Writing to a string does not fail.
            let _ = writeln!(
                text,
                "| `{}`: {} | {} | {} | {} | {} | {} | {} |",
                row.fault.name(),
                row.fault.what(),
                seconds(row.ended.duration_since(row.begun)),
                row.chapter.refusals(),
                seconds(row.chapter.longest_wait),
                recovered,
                row.alerts,
                if row.lost.is_empty() {
                    "nothing".to_owned()
                } else {
                    format!("**{}**", row.lost.join("; "))
                },
            );
        }
        if let Some(audit) = &self.last_audit {
            let Audit { bookings, confirmed, captured, set_aside, lost } = audit;
            let lost = if lost.is_empty() { "nothing".to_owned() } else { lost.join("; ") };
            let _ = writeln!(
                text,
                "\nAt the end: {}. Of {bookings} bookings {confirmed} are confirmed; the provider captured {captured} payments, \
                 and has {set_aside} set aside whose requests never learned of it. Lost: {lost}.",
                self.journeys,
            );
        }
        for (title, lines) in [("FAILED", &self.failures), ("NOT CHECKED", &self.not_checked)] {
            for line in lines {
                let _ = writeln!(text, "\n{title}: {line}");
            }
        }
        text
    }

    /// Whether nothing was lost, no promise broke, and every expected alert fired and cleared.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.failures.is_empty()
    }
}

/// Alerts that fired because of a fault, and when they cleared, counted from the fault's begin and end.
pub(crate) fn words(episodes: &[&Episode], begun: Instant, ended: Instant) -> String {
    let words = episodes.iter().map(|Episode { alert, fired, cleared }| {
        let fired = seconds(fired.duration_since(begun));
        let cleared = match cleared {
            Some(at) if *at >= ended => {
                format!("cleared {} after the end", seconds(at.duration_since(ended)))
            }
            Some(_) => "cleared before the end".to_owned(),
            None => "**still fires**".to_owned(),
        };
        format!("{alert} after {fired}, {cleared}")
    });
    let words: Vec<_> = words.collect();
    if words.is_empty() { "none".to_owned() } else { words.join("; ") }
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}
