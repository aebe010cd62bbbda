//! A show: what is played, what its seats cost, and how many one buyer may have.

use crate::{
    Invalid, PerformanceId, ShowId, UserId,
    layout::{GRADE_MAX, Layout},
    money::{Currency, PRICE_MAX, PriceRange},
    performance::PerformanceSummary,
    plain,
    sale::SaleState,
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};

/// The most grades of one show.
pub const GRADES_MAX: usize = 20;
/// The most performances of one show: they are listed in the show's own record.
pub const PERFORMANCES_MAX: usize = 100;
/// The highest limit of seats per buyer and performance: a reservation is one store transaction.
pub const SEATS_PER_USER_MAX: u32 = 20;

/// Makes text plain and checks its length in characters.
type Plain = fn(&str, usize, usize) -> Result<String, Invalid>;

/// A show with summaries of its performances.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Show {
    /// The show's id.
    pub show_id: ShowId,
    /// The organizer. Only they and admins manage the show.
    pub organizer_id: UserId,
    /// What the show's page says.
    #[serde(flatten)]
    pub details: ShowDetails,
    /// Every performance, published or not.
    pub performances: BTreeMap<PerformanceId, PerformanceSummary>,
    /// When the show was created.
    pub created_at: Timestamp,
    /// How often its text, prices or performances changed. A client that replaces what it read names this version.
    #[serde(default)]
    pub version: u64,
}

impl Show {
    /// Whether buyers see any of its performances. From then on prices and limit are promised.
    #[must_use]
    pub fn is_published(&self) -> bool {
        self.published().next().is_some()
    }

    /// The performances that buyers see.
    pub fn published(&self) -> impl Iterator<Item = (&PerformanceId, &PerformanceSummary)> {
        self.performances.iter().filter(|(_, performance)| performance.published)
    }

    /// From its first to its last performance, of those that buyers see; nothing where they see none.
    #[must_use]
    pub fn period(&self) -> Option<Period> {
        let period = |starts_at| Period { from: starts_at, to: starts_at };
        let starts = self.published().map(|(_, performance)| period(performance.starts_at));
        starts.reduce(|one, other| Period { from: one.from.min(other.from), to: one.to.max(other.to) })
    }

    /// The state of its most open performance of those that buyers see, given which of them have seats left; nothing where
    /// they see none. Only of performances that are [open](SaleState::Open) if seats are left does the answer matter.
    #[must_use]
    pub fn sale_state(
        &self,
        now: Timestamp,
        seats_left: impl Fn(PerformanceId) -> bool,
    ) -> Option<SaleState> {
        self.published().map(|(id, performance)| performance.sale_state(now, seats_left(*id))).max()
    }

    /// When it is played before buyers, the first one first.
    #[must_use]
    pub fn runs(&self) -> Vec<Playing> {
        let runtime = SignedDuration::from_mins(self.details.runtime_min.into());
        let run = |starts_at: Timestamp| Playing {
            starts_at,
            // The last day that there is has none after it.
            ends_at: starts_at.checked_add(runtime).unwrap_or(Timestamp::MAX),
        };
        let mut runs: Vec<_> = self.published().map(|(_, performance)| run(performance.starts_at)).collect();
        runs.sort_unstable_by_key(|run| run.starts_at);
        runs
    }

    /// Whether it may be described so from now on: once a performance is published, its buyers were promised the prices and the
    /// limit.
    ///
    /// # Errors
    /// Every field that would break a promise.
    pub fn check_promises(&self, details: &ShowDetails) -> Result<(), Vec<(&'static str, Invalid)>> {
        if !self.is_published() {
            return Ok(());
        }
        let before = &self.details;
        let kept = [
            ("grades", before.grades == details.grades),
            ("currency", before.currency == details.currency),
            ("max_seats_per_user", before.max_seats_per_user == details.max_seats_per_user),
        ];
        let why = || Invalid::because("cannot change once a performance is published");
        let broken: Vec<_> =
            kept.iter().filter(|(_, kept)| !kept).map(|(field, _)| (*field, why())).collect();
        if broken.is_empty() { Ok(()) } else { Err(broken) }
    }

    /// What the seats for sale cost, over all performances that buyers see.
    #[must_use]
    pub fn price_range(&self) -> Option<PriceRange> {
        let all_grades = PriceRange::of(self.details.grades.iter().map(|grade| grade.price));
        // Records older than the field have no range.
        let ranges = self.published().filter_map(|(_, performance)| performance.price_range.or(all_grades));
        ranges.reduce(PriceRange::and)
    }
}

/// From a show's first performance to its last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// When the first one starts.
    pub from: Timestamp,
    /// When the last one starts.
    pub to: Timestamp,
}

/// From when to when a show is played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Playing {
    /// When the curtain rises.
    pub starts_at: Timestamp,
    /// When it has fallen.
    pub ends_at: Timestamp,
}

/// What an organizer writes about a show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShowDetails {
    /// 1 to 200 characters.
    pub title: String,
    /// A word for filtering, such as `concert`; kept in lower case.
    pub genre: String,
    /// The name of the venue.
    pub venue: String,
    /// What the show is about, as free text.
    pub description: String,
    /// The minimum age in years; 0 if there is none.
    pub age_limit: u32,
    /// The running time in minutes.
    pub runtime_min: u32,
    /// A path or an https address of the poster, if there is one.
    pub poster_url: Option<String>,
    /// The kinds of seats and their prices.
    pub grades: Vec<Grade>,
    /// The currency of all prices.
    pub currency: Currency,
    /// The most seats of one buyer for one performance, holds and live bookings together.
    pub max_seats_per_user: u32,
}

/// A kind of seat and its price in minor units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grade {
    /// The grade's name, such as `VIP` or `R`.
    pub grade: String,
    /// The price in minor units; 0 is free.
    pub price: u64,
}

impl ShowDetails {
    /// Trims, normalises and checks the fields.
    ///
    /// # Errors
    /// Every field that is wrong, and why.
    pub fn check(mut self) -> Result<Self, Vec<(&'static str, Invalid)>> {
        let mut wrong = Vec::new();
        for (field, value, plain, min, max) in [
            ("title", &mut self.title, plain::line as Plain, 1, 200),
            ("genre", &mut self.genre, plain::line, 1, 40),
            ("venue", &mut self.venue, plain::line, 1, 200),
            ("description", &mut self.description, plain::paragraphs, 0, 10_000),
        ] {
            match plain(value, min, max) {
                Ok(plain) => *value = plain,
                Err(why) => wrong.push((field, why)),
            }
        }
        self.genre = self.genre.to_lowercase();
        self.poster_url = self.poster_url.map(|url| plain::tidied(&url));
        if self.age_limit > 120 {
            wrong.push(("age_limit", Invalid::because("must be 0 to 120 years")));
        }
        if self.runtime_min > 10_000 {
            wrong.push(("runtime_min", Invalid::because("must be 0 to 10000 minutes")));
        }
        if self.poster_url.as_ref().is_some_and(|url| url.len() > 2_000 || !is_web_address(url)) {
            wrong.push(("poster_url", Invalid::because("must be a path or an https address")));
        }
        if self.max_seats_per_user == 0 || self.max_seats_per_user > SEATS_PER_USER_MAX {
            wrong
                .push(("max_seats_per_user", Invalid::because(format!("must be 1 to {SEATS_PER_USER_MAX}"))));
        }
        if let Err(why) = tidy_grades(&mut self.grades) {
            wrong.push(("grades", why));
        }
        if wrong.is_empty() { Ok(self) } else { Err(wrong) }
    }

    /// What the seats for sale of a layout cost. Grades without such seats don't count.
    #[must_use]
    pub fn price_range_in(&self, layout: &Layout) -> Option<PriceRange> {
        PriceRange::of(layout.grades_for_sale().filter_map(|grade| self.price_of(grade)))
    }

    /// The price of a grade, if the show has it.
    #[must_use]
    pub fn price_of(&self, grade: &str) -> Option<u64> {
        price_of(&self.grades, grade)
    }
}

/// The price of a grade among others.
pub(crate) fn price_of(grades: &[Grade], grade: &str) -> Option<u64> {
    grades.iter().find(|known| known.grade == grade).map(|known| known.price)
}

/// Whether a browser may load it as a picture: a path on this site, or https.
fn is_web_address(url: &str) -> bool {
    let clean = !url.chars().any(|c| c.is_whitespace() || c.is_control());
    clean && (url.starts_with("https://") || (url.starts_with('/') && !url.starts_with("//")))
}

fn tidy_grades(grades: &mut [Grade]) -> Result<(), Invalid> {
    if grades.is_empty() || grades.len() > GRADES_MAX {
        return Err(Invalid::because(format!("must be 1 to {GRADES_MAX} grades")));
    }
    let mut names = HashSet::new();
    for grade in grades {
        grade.grade = plain::line(&grade.grade, 1, GRADE_MAX)
            .map_err(|why| Invalid::because(format!("have a name that is not valid: it {why}")))?;
        if !names.insert(&grade.grade) {
            return Err(Invalid::because(format!("has {} twice", grade.grade)));
        }
        if grade.price > PRICE_MAX {
            return Err(Invalid::because(format!("prices must be 0 to {PRICE_MAX}")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures;
    use uuid::Uuid;

    fn details() -> ShowDetails {
        ShowDetails {
            title: " 봄의 제전 ".into(),
            genre: "Ballet".into(),
            venue: "Hall".into(),
            description: String::new(),
            age_limit: 8,
            runtime_min: 90,
            poster_url: Some("/posters/spring.svg".into()),
            grades: vec![Grade { grade: "R".into(), price: 110_000 }],
            currency: Currency::parse("KRW").expect("valid"),
            max_seats_per_user: 4,
        }
    }

    /// Performances that start at these moments, each published or not, with what their seats cost.
    fn show(performances: &[(i64, bool, Option<PriceRange>)]) -> Show {
        let (details, performance, _) = fixtures::house();
        let of = |(nth, &(s, published, price_range)): (u128, &(i64, bool, Option<PriceRange>))| {
            let summary = PerformanceSummary {
                starts_at: fixtures::at(s),
                published,
                price_range,
                ..performance.summary()
            };
            (PerformanceId(Uuid::from_u128(nth)), summary)
        };
        Show {
            show_id: performance.show_id,
            organizer_id: performance.organizer_id,
            details,
            performances: (0..).zip(performances).map(of).collect(),
            created_at: fixtures::at(0),
            version: 0,
        }
    }

    #[test]
    fn a_shows_period_and_prices_are_those_that_buyers_see() {
        let range = |min, max| Some(PriceRange { min, max });
        let played = show(&[
            (900, true, range(300, 400)),
            (100, false, range(1, 9_999)),
            (500, true, range(200, 350)),
            (9_000, false, None),
        ]);
        assert_eq!(played.period(), Some(Period { from: fixtures::at(500), to: fixtures::at(900) }));
        assert_eq!(played.price_range(), range(200, 400));
        let starts: Vec<_> = played.runs().iter().map(|run| run.starts_at).collect();
        assert_eq!(starts, [fixtures::at(500), fixtures::at(900)]);
        let drafts = show(&[(100, false, range(1, 2))]);
        assert_eq!((drafts.period(), drafts.price_range(), drafts.runs()), (None, None, vec![]));
        let old = show(&[(100, true, None), (200, true, range(700, 700))]);
        assert_eq!(old.price_range(), range(0, 700), "a record without a range has every grade");
    }

    #[test]
    fn a_show_is_as_open_as_its_most_open_performance_that_buyers_see() {
        let now = fixtures::at(150);
        // Over, on sale, on sale, and a draft.
        let shown = show(&[(100, true, None), (300, true, None), (400, true, None), (500, false, None)]);
        let state = |with_seats: &[u128]| {
            shown.sale_state(now, |id| {
                with_seats.iter().any(|seats| id == PerformanceId(Uuid::from_u128(*seats)))
            })
        };
        assert_eq!(state(&[2]), Some(SaleState::Open), "one that has seats left is enough");
        assert_eq!(state(&[0, 3]), Some(SaleState::SoldOut), "one that is over and a draft sell none");
        assert_eq!(show(&[(300, false, None)]).sale_state(now, |_| true), None);
    }

    #[test]
    fn a_run_lasts_as_long_as_the_show() {
        let run = show(&[(600, true, None)]).runs()[0];
        assert_eq!(run, Playing { starts_at: fixtures::at(600), ends_at: fixtures::at(600 + 90 * 60) });
        let mut endless = show(&[(600, true, None)]);
        endless.performances.values_mut().for_each(|last| last.starts_at = Timestamp::MAX);
        assert_eq!(endless.runs()[0].ends_at, Timestamp::MAX);
    }

    #[test]
    fn what_was_promised_stays_once_a_performance_is_published() {
        let mut other = fixtures::details();
        other.title = "Another".into();
        assert_eq!(show(&[(100, true, None)]).check_promises(&other), Ok(()), "a title is no promise");
        other.grades[0].price += 1;
        other.max_seats_per_user += 1;
        assert_eq!(show(&[(100, false, None)]).check_promises(&other), Ok(()), "no buyer was promised it");
        let broken = show(&[(100, true, None)]).check_promises(&other).expect_err("promised");
        let fields: Vec<_> = broken.into_iter().map(|(field, _)| field).collect();
        assert_eq!(fields, ["grades", "max_seats_per_user"]);
    }

    #[test]
    fn text_is_trimmed_and_genre_lowered() {
        let details = details().check().expect("valid");
        assert_eq!((details.title.as_str(), details.genre.as_str()), ("봄의 제전", "ballet"));
    }

    #[test]
    fn pasted_text_is_mended_and_grades_that_look_alike_are_one() {
        let mut pasted = details();
        pasted.title = "봄의\t제\u{200B}전\r\n".into();
        pasted.description = "하나\r\n둘\u{202E}".into();
        pasted.poster_url = Some("/posters/spring.svg\n".into());
        pasted.grades.push(Grade { grade: " 나\u{FEFF}\t석 ".into(), price: 1 });
        let mended = pasted.clone().check().expect("valid");
        assert_eq!((mended.title.as_str(), mended.description.as_str()), ("봄의 제전", "하나\n둘"));
        assert_eq!(mended.poster_url.as_deref(), Some("/posters/spring.svg"));
        assert_eq!(mended.grades[1].grade, "나 석");
        pasted.grades.push(Grade { grade: "\u{1102}\u{1161} \u{1109}\u{1165}\u{11A8}".into(), price: 2 });
        let fields: Vec<_> = pasted.check().expect_err("twice").into_iter().map(|(field, _)| field).collect();
        assert_eq!(fields, ["grades"]);
    }

    #[test]
    fn all_wrong_fields_are_named_at_once() {
        let mut wrong = details();
        wrong.title = "   ".into();
        wrong.poster_url = Some("javascript:alert(1)".into());
        wrong.grades.push(wrong.grades[0].clone());
        wrong.max_seats_per_user = 0;
        let fields: Vec<_> = wrong.check().expect_err("wrong").into_iter().map(|(field, _)| field).collect();
        assert_eq!(fields, ["title", "poster_url", "max_seats_per_user", "grades"]);
    }
}
