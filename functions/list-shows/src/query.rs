//! What is asked of the listing.

use crate::listing::{Listed, Listing, ShowSummary};
use domain::Invalid;
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::Deserialize;
use shared::http::{Problem, page::Page, validation::Check};
use utoipa::IntoParams;
use uuid::Uuid;

/// The longest search text.
const TEXT_MAX: usize = 100;

/// Which shows, in which order.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ShowsQuery {
    /// Exactly this genre.
    #[param(max_length = 100)]
    genre: Option<String>,
    /// Part of the title or the venue.
    #[param(max_length = 100)]
    q: Option<String>,
    /// With a performance then or later: a time (RFC 3339) or a date.
    from: Option<String>,
    /// With a performance then or earlier: a time (RFC 3339) or a date (its end).
    to: Option<String>,
    /// `date` (the default), `title` or `price`; with `-` before it the other way round.
    sort: Option<String>,
}

/// The same, understood.
pub(crate) struct Filter {
    genre: Option<String>,
    text: Option<String>,
    from: Timestamp,
    to: Timestamp,
    sort: Sort,
    descending: bool,
}

#[derive(Clone, Copy)]
enum Sort {
    Date,
    Title,
    Price,
}

/// The show after which the next page begins.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cursor(Uuid);

impl Cursor {
    pub(crate) fn parse(raw: &str) -> Result<Self, Problem> {
        Uuid::try_parse(raw)
            .map(Self)
            .map_err(|_| Problem::field("cursor", "must be the next_cursor of a page"))
    }
}

impl ShowsQuery {
    /// Understand the question.
    pub(crate) fn parse(&self) -> Result<Filter, Problem> {
        let mut check = Check::new();
        let genre = check.field("genre", text(self.genre.as_deref()));
        let text = check.field("q", text(self.q.as_deref()));
        let from = check.field("from", moment(self.from.as_deref(), Timestamp::MIN, false));
        let to = check.field("to", moment(self.to.as_deref(), Timestamp::MAX, true));
        let sort = check.field("sort", sort(self.sort.as_deref()));
        let (Some(genre), Some(text), Some(from), Some(to), Some((sort, descending))) =
            (genre, text, from, to, sort)
        else {
            return Err(check.into());
        };
        Ok(Filter { genre, text, from, to, sort, descending })
    }
}

impl Filter {
    /// One page of the shows that fit.
    pub(crate) fn page(&self, listing: &Listing, limit: usize, after: Option<Cursor>) -> Page<ShowSummary> {
        let mut fitting: Vec<_> = listing.0.iter().filter(|listed| self.fits(listed)).collect();
        fitting.sort_by(|a, b| {
            let order = match self.sort {
                Sort::Date => a.summary.from.cmp(&b.summary.from),
                Sort::Title => a.summary.title.cmp(&b.summary.title),
                Sort::Price => a.summary.min_price.cmp(&b.summary.min_price),
            };
            let order = if self.descending { order.reverse() } else { order };
            order.then(a.summary.show_id.cmp(&b.summary.show_id))
        });
        let after =
            after.and_then(|after| fitting.iter().position(|listed| listed.summary.show_id == after.0));
        let rest = fitting.into_iter().skip(after.map_or(0, |position| position + 1));
        let mut items: Vec<_> = rest.take(limit + 1).map(|listed| listed.summary.clone()).collect();
        let more = items.len() > limit;
        items.truncate(limit);
        let next_cursor = items.last().filter(|_| more).map(|last| last.show_id.to_string());
        Page { items, next_cursor }
    }

    fn fits(&self, listed: &Listed) -> bool {
        self.genre.as_ref().is_none_or(|genre| *genre == listed.summary.genre)
            && self.text.as_ref().is_none_or(|text| listed.searched.contains(text))
            && listed.starts_at.iter().any(|starts_at| (self.from..=self.to).contains(starts_at))
    }
}

/// Lower case; nothing where nothing is asked.
fn text(raw: Option<&str>) -> Result<Option<String>, Invalid> {
    let text = raw.map(|raw| raw.trim().to_lowercase()).filter(|text| !text.is_empty());
    if text.as_ref().is_some_and(|text| text.chars().count() > TEXT_MAX) {
        return Err(Invalid::because(format!("must be at most {TEXT_MAX} characters")));
    }
    Ok(text)
}

/// A time, or the first or last moment of a day (UTC).
fn moment(raw: Option<&str>, otherwise: Timestamp, end_of_day: bool) -> Result<Timestamp, Invalid> {
    let Some(raw) = raw else { return Ok(otherwise) };
    if let Ok(time) = raw.parse() {
        return Ok(time);
    }
    let day: Result<Date, _> = raw.parse();
    let day = day.and_then(|day| if end_of_day { day.tomorrow() } else { Ok(day) });
    let start = day.and_then(|day| day.to_zoned(TimeZone::UTC)).map(|zoned| zoned.timestamp());
    start.map_err(|_| Invalid::because("must be a time (RFC 3339) or a date"))
}

fn sort(raw: Option<&str>) -> Result<(Sort, bool), Invalid> {
    let raw = raw.unwrap_or("date");
    let (descending, name) = raw.strip_prefix('-').map_or((false, raw), |name| (true, name));
    match name {
        "date" => Ok((Sort::Date, descending)),
        "title" => Ok((Sort::Title, descending)),
        "price" => Ok((Sort::Price, descending)),
        _ => Err(Invalid::because("must be date, title or price, or one of them with - before it")),
    }
}
