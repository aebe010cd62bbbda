//! The exercise itself: a quiet time, a fault, the recovery, and a look at the books; then the next.

use crate::{
    DrillResult,
    alerts::{Alerts, Episode},
    audit::{Audit, Auditor},
    diary::Chapter,
    fault::PlannedFault,
    house::Organizer,
    report::{self, Report, ReportRow},
    scene::{self, Scene, SteadySale},
    stack::Stack,
};
use domain::PerformanceId;
use shared::error::chain;
use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock},
    time::Duration,
};
use tokio::time::{Instant, sleep};

/// A whole journey that does not succeed by then is a failure, also on a machine that is busy with other things.
const RECOVERS_WITHIN: Duration = Duration::from_mins(3);
/// Alerts have to fire and to clear within this after the recovery.
const ALERTS_WITHIN: Duration = Duration::from_mins(1);
/// The longest look back of an alert, and some.
const ALL_CLEAR_WITHIN: Duration = Duration::from_mins(3);
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(100);
/// Buyers of the first sale are called at once, of the second one every two seconds.
const RATE_PER_MIN: u32 = 6_000;
const SLOW_RATE_PER_MIN: u32 = 30;

/// What is exercised.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The faults, in this order.
    pub faults: Vec<PlannedFault>,
    /// What the durations of Prometheus' rules are divided by.
    pub factor: f64,
    /// The time before each fault.
    pub quiet: Duration,
    /// How often a buyer comes.
    pub buyer_every: Duration,
}

struct Exercise<'a> {
    plan: &'a Plan,
    stack: Stack,
    scene: Arc<Scene>,
    alerts: Alerts,
    report: Report,
    journeys: BTreeMap<&'static str, u64>,
}

/// Holds the exercise. Progress goes to standard error.
///
/// # Errors
/// The stack does not start, or a fault cannot be made.
pub async fn run(plan: &Plan) -> DrillResult<Report> {
    say("starting every part as a process");
    let stack = Stack::start().await?;
    let alerts = Alerts::start(&stack, plan.factor).await?;
    let http = reqwest::Client::builder().no_proxy().build()?;
    let mut organizer = Organizer::log_in(&stack.front, &http).await?;
    let performance = organizer.put_on_sale("The exercise", RATE_PER_MIN).await?;
    let slow = organizer.put_on_sale("The slow queue", SLOW_RATE_PER_MIN).await?;
    let scene = Arc::new(Scene::new(stack.front.clone(), performance, slow)?);
    let mut report = Report::default();
    if let Alerts::NotChecked(why) = &alerts {
        report.not_checked.push(format!("alerts: {why}"));
        say(&format!("NOT CHECKED: alerts: {why}"));
    }
    Exercise { plan, stack, scene, alerts, report, journeys: BTreeMap::new() }.hold().await
}

impl Exercise<'_> {
    async fn hold(mut self) -> DrillResult<Report> {
        let sale = SteadySale::open(&self.scene, self.plan.buyer_every);
        let (planted, faults): (Vec<_>, Vec<_>) =
            self.plan.faults.iter().copied().partition(|fault| *fault == PlannedFault::Oversold);
        for fault in faults {
            self.exercise(fault).await?;
        }
        say("closing the sale, and comparing everything");
        sale.close().await?;
        self.compare_everything().await?;
        // Last, since it leaves the books wrong.
        for fault in planted {
            self.exercise(fault).await?;
        }
        self.compare_alerts().await;
        Ok(self.report)
    }

    async fn exercise(&mut self, fault: PlannedFault) -> DrillResult<()> {
        sleep(self.plan.quiet).await;
        let quiet = self.turn();
        self.note("in the quiet time before", fault, &quiet);
        say(&format!("{}: {}", fault.name(), fault.what()));
        let begun = Instant::now();
        if let Err(why) = fault.happen(&mut self.stack, &self.scene).await {
            self.fail(format!("{}: {}", fault.name(), chain(&*why)));
        }
        let ended = Instant::now();
        let recovered_after = self.recovery(ended).await;
        let deadline = Instant::now() + ALERTS_WITHIN;
        self.alerts.until_fired_and_clear(fault.alerts(), begun, deadline).await;
        let lost = self.auditor()?.audit(&self.scene.diary, false).await?.lost;
        let chapter = self.turn();
        self.note("in", fault, &chapter);
        self.compare_fired(fault, begun);
        let alerts = self.words(begun, None, ended);
        match recovered_after {
            Some(time) => say(&format!(
                "{}: a whole journey succeeded {:.1} s after it; alerts: {alerts}; lost: {}",
                fault.name(),
                time.as_secs_f64(),
                lost.len()
            )),
            None => self.fail(format!(
                "{}: no journey succeeded within {} s",
                fault.name(),
                RECOVERS_WITHIN.as_secs()
            )),
        }
        for line in &lost {
            self.fail(format!("{}: lost: {line}", fault.name()));
        }
        self.report.rows.push(ReportRow { fault, begun, ended, chapter, recovered_after, alerts, lost });
        Ok(())
    }

    /// The alerts that fired from a fault's begin until the next.
    fn words(&self, begun: Instant, next: Option<Instant>, ended: Instant) -> String {
        if let Alerts::NotChecked(_) = &self.alerts {
            return "not checked".to_owned();
        }
        let episodes = self.alerts.episodes();
        let is_its_own =
            |episode: &&Episode| episode.fired >= begun && next.is_none_or(|next| episode.fired < next);
        report::words(&episodes.iter().filter(is_its_own).collect::<Vec<_>>(), begun, ended)
    }

    /// How long after its end a journey that began then had its paid booking.
    async fn recovery(&self, ended: Instant) -> Option<Duration> {
        tokio::spawn(scene::probe(Arc::clone(&self.scene)));
        loop {
            if let Some(bought) = self.scene.diary.first_bought_after(ended) {
                return Some(bought.duration_since(ended));
            }
            if ended.elapsed() > RECOVERS_WITHIN {
                return None;
            }
            sleep(LOOK_AGAIN_AFTER).await;
        }
    }

    fn auditor(&self) -> DrillResult<Auditor<'_>> {
        let performances = [&self.scene.performance, &self.scene.slow_performance];
        let performances = performances.into_iter().map(|id| Ok(PerformanceId(id.parse()?)));
        let performances = performances.collect::<DrillResult<_>>()?;
        Ok(Auditor { books: &self.stack.books, provider: self.stack.provider.url(), performances })
    }

    async fn compare_everything(&mut self) -> DrillResult<()> {
        let audit: Audit = self.auditor()?.audit(&self.scene.diary, true).await?;
        for line in &audit.lost {
            self.fail(format!("at the end: {line}"));
        }
        let last = self.turn();
        for promise in last.broken {
            self.fail(format!("at the end: {promise}"));
        }
        let journeys = self.journeys.iter().map(|(how, count)| format!("{count} {how}"));
        self.report.journeys = journeys.collect::<Vec<_>>().join(", ");
        self.report.last_audit = Some(audit);
        Ok(())
    }

    /// Says of each alert that had to fire whether it did, and of each whether it cleared.
    fn compare_fired(&mut self, fault: PlannedFault, begun: Instant) {
        let Alerts::Watched(_) = &self.alerts else { return };
        let episodes = self.alerts.episodes();
        for alert in fault.alerts() {
            if !episodes.iter().any(|episode| episode.alert == *alert && episode.fired >= begun) {
                self.fail(format!("{}: {alert} did not fire", fault.name()));
            }
        }
        for episode in episodes.iter().filter(|episode| !episode.is_clear_or_slow()) {
            self.fail(format!("{}: {} did not clear", fault.name(), episode.alert));
        }
    }

    /// A whole exercise has seen every alert of the rules.
    async fn compare_alerts(&mut self) {
        say("waiting until no alert fires");
        self.alerts.until_clear(Instant::now() + ALL_CLEAR_WITHIN).await;
        let nexts: Vec<_> =
            self.report.rows.iter().skip(1).map(|row| Some(row.begun)).chain([None]).collect();
        let words =
            self.report.rows.iter().zip(nexts).map(|(row, next)| self.words(row.begun, next, row.ended));
        let words: Vec<_> = words.collect();
        for (row, alerts) in self.report.rows.iter_mut().zip(words) {
            row.alerts = alerts;
        }
        let episodes = self.alerts.episodes();
        for episode in episodes.iter().filter(|episode| episode.cleared.is_none()) {
            self.fail(format!("at the end: {} still fires", episode.alert));
        }
        if self.plan.faults.len() == PlannedFault::ALL.len() {
            let names = self.alerts.names().to_vec();
            for name in names {
                if !episodes.iter().any(|episode| episode.alert == name && episode.cleared.is_some()) {
                    self.fail(format!("{name} never fired and cleared"));
                }
            }
        }
        match (&self.alerts, self.alerts.were_passed_on().await) {
            (Alerts::NotChecked(_), _) | (_, Some(true)) => {}
            (_, Some(false)) if self.alerts.episodes().is_empty() => {}
            (_, Some(false)) => self.fail("Alertmanager was told of no alert".to_owned()),
            (_, None) => self.report.not_checked.push("Alertmanager is not on this machine".to_owned()),
        }
    }

    fn turn(&mut self) -> Chapter {
        let chapter = self.scene.diary.turn();
        for (how, count) in &chapter.journeys {
            *self.journeys.entry(how).or_default() += count;
        }
        chapter
    }

    fn note(&mut self, when: &str, fault: PlannedFault, chapter: &Chapter) {
        for promise in &chapter.broken {
            self.fail(format!("{when} {}: {promise}", fault.name()));
        }
    }

    fn fail(&mut self, line: String) {
        say(&format!("FAILED: {line}"));
        self.report.failures.push(line);
    }
}

/// Progress, with the seconds since the first line.
fn say(line: &str) {
    static BEGUN: LazyLock<Instant> = LazyLock::new(Instant::now);
    eprintln!("==> {:4} s  {line}", BEGUN.elapsed().as_secs());
}
