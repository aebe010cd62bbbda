//! Questions to the listing.

use crate::{
    cursor::{By, Cursor, ListPosition, SortKey, SortOrder},
    listing::{Listed, Listing, ShowSummary},
    moment::TimeOrDay,
};
use domain::{Invalid, search};
use jiff::Timestamp;
use serde::Deserialize;
use shared::http::{
    Problem,
    page::{Page, PageQuery, wrong_cursor},
    validation::Check,
};
use std::{cmp::Ordering, ops::Bound, ops::RangeBounds as _};
use utoipa::IntoParams;

/// The longest search text, in characters.
const TEXT_MAX: usize = 100;
/// How many characters of a title count for sorting. Bounds the length of a cursor.
pub(crate) const TITLE_KEY_MAX: usize = 64;

/// Which shows, in which order, as the address says it.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ShowsQuery {
    /// Exactly this genre.
    #[param(max_length = 100)]
    genre: Option<String>,
    /// A part of the title or the venue. Case, width and spaces do not matter.
    #[param(max_length = 100)]
    q: Option<String>,
    /// Shows played at or after this: a time with its offset (RFC 3339), or a date (its beginning in Korea).
    from: Option<String>,
    /// Shows played at or before this: a time with its offset (RFC 3339), or a date (its end in Korea).
    to: Option<String>,
    /// `date` (the next performance, or the last one of a show that is over; the default), `title` or `price`. A leading `-`
    /// reverses the order. Shows that are over come last in any case.
    sort: Option<String>,
}

/// One page of them, understood.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct ListQuery {
    filter: Filter,
    order: SortOrder,
    after: Option<ListPosition>,
    limit: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Filter {
    genre: Option<String>,
    text: Option<String>,
    between: (Bound<Timestamp>, Bound<Timestamp>),
}

impl ShowsQuery {
    /// Parses the question.
    pub(crate) fn parse(&self, page: &PageQuery) -> Result<ListQuery, Problem> {
        let limit = page.limit()?;
        let Self { genre, q, from, to, sort } = self;
        let mut check = Check::new();
        let genre = check.field("genre", text(genre.as_deref()));
        let text = check.field("q", text(q.as_deref()));
        let from = check.field("from", moment(from.as_deref()));
        let to = check.field("to", moment(to.as_deref()));
        let order = check.field("sort", order(sort.as_deref()));
        let (Some(genre), Some(text), Some(from), Some(to), Some(order)) = (genre, text, from, to, order)
        else {
            return Err(check.into());
        };
        let from = from.map_or(Bound::Unbounded, TimeOrDay::or_later);
        let to = to.map_or(Bound::Unbounded, TimeOrDay::or_earlier);
        let place = |cursor: Cursor| cursor.place_in(order).ok_or_else(wrong_cursor);
        let after = page.after()?.map(place).transpose()?;
        Ok(ListQuery { filter: Filter { genre, text, between: (from, to) }, order, after, limit })
    }
}

impl ListQuery {
    /// One page of the matching shows.
    pub(crate) fn page(&self, listing: &Listing) -> Page<ShowSummary> {
        let place = |show| Some((self.place(show, listing.made_at)?, show));
        let mut fitting: Vec<_> = listing.shows.iter().filter_map(place).collect();
        fitting.sort_unstable_by(|(one, _), (other, _)| self.order.compare(one, other));
        let is_shown = |place: &ListPosition| {
            self.after.as_ref().is_some_and(|after| self.order.compare(place, after) != Ordering::Greater)
        };
        let rest = fitting.split_off(fitting.partition_point(|(place, _)| is_shown(place)));
        let last = rest.get(self.limit.saturating_sub(1)).filter(|_| rest.len() > self.limit);
        let next = last.map(|(place, _)| Cursor(self.order, place.clone()));
        Page::new(rest.iter().take(self.limit).map(|(_, show)| show.summary.clone()).collect(), next)
    }

    /// The place of a show in the order, if it matches. Only the performances in the requested time span count.
    fn place(&self, show: &Listed, now: Timestamp) -> Option<ListPosition> {
        let Filter { genre, text, between } = &self.filter;
        let found = genre.as_ref().is_none_or(|genre| *genre == show.genre)
            && text.as_ref().is_none_or(|text| show.title.contains(text) || show.venue.contains(text));
        if !found {
            return None;
        }
        let mut played = show.runs.iter().filter(|run| between.contains(&run.starts_at));
        let next = played.clone().find(|run| run.ends_at > now);
        let date = next.or_else(|| played.next_back())?.starts_at;
        let key = match self.order.by {
            By::Date => SortKey::Date(date),
            By::Title => SortKey::Title(show.title.chars().take(TITLE_KEY_MAX).collect()),
            By::Price => SortKey::Price(show.summary.min_price),
        };
        Some(ListPosition { is_over: next.is_none(), key, show_id: show.summary.show_id })
    }
}

/// The text in the form in which it is compared; `None` if there is none.
fn text(raw: Option<&str>) -> Result<Option<String>, Invalid> {
    let raw = raw.unwrap_or_default().trim();
    if raw.chars().count() > TEXT_MAX {
        return Err(Invalid::because(format!("must be at most {TEXT_MAX} characters")));
    }
    Ok(Some(search::folded(raw)).filter(|text| !text.is_empty()))
}

/// `None` if there is no text.
fn moment(raw: Option<&str>) -> Result<Option<TimeOrDay>, Invalid> {
    raw.map(str::trim).filter(|raw| !raw.is_empty()).map(TimeOrDay::parse).transpose()
}

fn order(raw: Option<&str>) -> Result<SortOrder, Invalid> {
    let raw = raw.unwrap_or("date");
    let (descending, name) = raw.strip_prefix('-').map_or((false, raw), |name| (true, name));
    let by = match name {
        "date" => By::Date,
        "title" => By::Title,
        "price" => By::Price,
        _ => return Err(Invalid::because("must be date, title or price, or one of them with - before it")),
    };
    Ok(SortOrder { by, descending })
}
