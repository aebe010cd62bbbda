//! Shows, performances and layouts. A show's record contains the summaries of its performances, so that listing shows is
//! one query.

use super::{
    DynamoStore, STORE,
    item::{self, bytes, flag, from_value, micros, number, text, text_of},
    keys::{Key, own_shows},
    layouts::new_layout,
    outbox,
    read::ItemQuery,
    transaction::Refusals,
    write::{ABSENT, PRESENT, Write},
};
use crate::ports::{AddPerformanceError, Programme, ReplaceError, StoreError};
use async_trait::async_trait;
use domain::{
    LayoutId, PerformanceId, ShowId, UserId,
    draw::Secret,
    layout::LayoutPlan,
    performance::Performance,
    sale::Sale,
    show::{PERFORMANCES_MAX, Show, ShowDetails},
    steering::SaleChange,
};
use jiff::Timestamp;
use serde::de::DeserializeOwned;

/// The only partition of the index of shows that buyers see.
const CATALOGUE: &str = "SHOWS";

/// What a transaction of the programme writes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum ProgrammeWrite {
    Show,
    Own,
    House,
    Performance,
    Layout,
    Secret,
    Change,
    Event,
}

#[async_trait]
impl Programme for DynamoStore {
    async fn create_show(&self, show: &Show) -> Result<(), StoreError> {
        let show_itself = Write::put(Key::show(show.show_id), item::from_struct(show)?).only_if(ABSENT);
        let own = [("show_id".to_owned(), text(show.show_id))].into();
        let own = Write::put(Key::own_show(show.organizer_id, show.show_id), own).only_if(ABSENT);
        let outcome =
            self.write_all(vec![(ProgrammeWrite::Show, show_itself), (ProgrammeWrite::Own, own)]).await;
        outcome.map_err(|error| error.unexpected("the show's id is taken"))
    }

    async fn show(&self, show: ShowId) -> Result<Option<Show>, StoreError> {
        self.get(Key::show(show)).await?.map(item::to_struct).transpose()
    }

    async fn shows_of(
        &self,
        organizer: UserId,
        limit: usize,
        after: Option<ShowId>,
    ) -> Result<(Vec<Show>, bool), StoreError> {
        let (page, more) = self.owned(own_shows(organizer), limit, after).await?;
        // One after another: a page is bounded, and few organizers have a full one.
        let mut shows = Vec::with_capacity(page.len());
        for own in page {
            let id = text_of(&own, "show_id").and_then(|id| id.parse().ok());
            let id: ShowId = id.ok_or_else(|| item::unreadable("an organizer's show"))?;
            shows.extend(self.show(id).await?);
        }
        Ok((shows, more))
    }

    async fn update_show(&self, read: &Show, details: &ShowDetails) -> Result<u64, ReplaceError> {
        let details = item::from_struct(details)?;
        let assignments: Vec<_> = details.keys().map(|name| format!("#{name} = :{name}")).collect();
        let update = format!("SET {} ADD #version :one", assignments.join(", "));
        let mut write = Write::update(Key::show(read.show_id), update)
            .only_if(format!("{PRESENT} AND {}", unchanged(read.version)))
            .with(":version", number(read.version))
            .with(":one", number(1));
        for (name, value) in details {
            write = write.with(&format!(":{name}"), value);
        }
        let Err(error) = self.write(write).await else { return Ok(read.version + 1) };
        match error.refused()? {
            Some(_other_version) => Err(ReplaceError::Changed),
            None => Err(no_show().into()),
        }
    }

    /// If there are more than `limit`, those whose first performance is longest ago are left out.
    async fn published_shows(&self, limit: usize) -> Result<Vec<Show>, StoreError> {
        let catalogue = ItemQuery::index("catalogue", "#catalogue = :shows").with_text(":shows", CATALOGUE);
        let latest_first = self.query(catalogue.newest_first().limit(limit)).await?;
        latest_first.into_iter().rev().map(item::to_struct).collect()
    }

    async fn add_performance(
        &self,
        performance: &Performance,
        layout: &LayoutPlan,
        secret: Option<&Secret>,
    ) -> Result<(), AddPerformanceError> {
        self.add(performance, new_layout(performance.layout_id, layout)?, secret).await
    }

    async fn add_performance_in_house(
        &self,
        performance: &Performance,
        secret: Option<&Secret>,
    ) -> Result<(), AddPerformanceError> {
        self.add(performance, Vec::new(), secret).await
    }

    async fn performance(&self, performance: PerformanceId) -> Result<Option<Performance>, StoreError> {
        self.get(Key::performance(performance)).await?.map(item::to_struct).transpose()
    }

    async fn layout(&self, layout: LayoutId) -> Result<Option<LayoutPlan>, StoreError> {
        self.whole_layout(layout).await
    }

    async fn publish(&self, performance: &Performance) -> Result<Performance, ReplaceError> {
        let published_at = performance
            .published_at
            .ok_or_else(|| StoreError::unavailable(STORE, "a publication has no time"))?;
        // A show is listed by its first performance: try this one as the first, then as a later one.
        for listing in [PublishedRank::First, PublishedRank::Later] {
            let outcome = self
                .write_all(vec![
                    (ProgrammeWrite::Performance, make_public(performance)?),
                    (ProgrammeWrite::Show, listing.write(performance)?),
                    (
                        ProgrammeWrite::Event,
                        outbox::performance_changed(performance.performance_id, "published", published_at),
                    ),
                ])
                .await;
            let Err(error) = outcome else { return Ok(performance.clone()) };
            let refused = error.refused()?;
            if let Some(public) = public_in(&refused)? {
                return Ok(public);
            }
            if found(&refused, ProgrammeWrite::Show)?
                .is_some_and(|show: Show| !performance.has_terms_of(&show.details))
            {
                return Err(ReplaceError::Changed);
            }
        }
        Err(StoreError::unavailable(STORE, "the performance or its show is not there").into())
    }

    async fn withdraw(
        &self,
        performance: &Performance,
        show: &Show,
        at: Timestamp,
    ) -> Result<(), ReplaceError> {
        self.unpublish(performance, show, at).await
    }

    async fn remove_performance(&self, performance: &Performance) -> Result<(), ReplaceError> {
        self.remove_draft(performance).await
    }

    async fn set_sale(
        &self,
        performance: &Performance,
        sale: &Sale,
        by: UserId,
        now: Timestamp,
    ) -> Result<(), ReplaceError> {
        self.replace_sale(performance, sale, by, now).await
    }

    async fn sale_changes(
        &self,
        performance: PerformanceId,
        limit: usize,
    ) -> Result<Vec<SaleChange>, StoreError> {
        self.read_sale_changes(performance, limit).await
    }
}

impl DynamoStore {
    /// Adds a performance and its layout, if that is not stored yet.
    async fn add(
        &self,
        performance: &Performance,
        layout: Vec<Write>,
        secret: Option<&Secret>,
    ) -> Result<(), AddPerformanceError> {
        let mut writes = vec![
            (ProgrammeWrite::Show, list_performance(performance)?),
            (ProgrammeWrite::Performance, new_performance(performance)?),
        ];
        writes.extend(layout.into_iter().map(|part| (ProgrammeWrite::Layout, part)));
        writes.extend(
            secret.map(|secret| (ProgrammeWrite::Secret, keep_secret(performance.performance_id, secret))),
        );
        let Err(error) = self.write_all(writes).await else { return Ok(()) };
        let refused = error.refused()?;
        if !is_refused(&refused, ProgrammeWrite::Show) {
            return Err(StoreError::unavailable(STORE, "the performance's or layout's id is taken").into());
        }
        let show: Show = found(&refused, ProgrammeWrite::Show)?.ok_or_else(no_show)?;
        if performance.has_terms_of(&show.details) {
            Err(AddPerformanceError::TooMany)
        } else {
            Err(AddPerformanceError::Changed)
        }
    }
}

/// The place of a performance among the show's published ones.
#[derive(Debug, Clone, Copy)]
enum PublishedRank {
    First,
    Later,
}

impl PublishedRank {
    /// Shows the performance in the show's record, and the show in the index of listed shows.
    fn write(self, performance: &Performance) -> Result<Write, StoreError> {
        let (listed, condition) = match self {
            Self::First => (
                ", #catalogue = :shows, #catalogue_at_us = :at",
                "(attribute_not_exists(#catalogue_at_us) OR #catalogue_at_us > :at)",
            ),
            Self::Later => ("", "#catalogue_at_us <= :at"),
        };
        let shown = "#performances.#this.#published = :yes, #performances.#this.#price_range = :price_range";
        let write =
            Write::update(Key::show(performance.show_id), format!("SET {shown}{listed} ADD #version :one"))
                .named("#this", performance.performance_id.to_string())
                .only_if(format!("attribute_exists(#performances.#this) AND {HAS_TERMS} AND {condition}"))
                .with(":yes", flag(true))
                .with(":price_range", from_value(&performance.price_range)?)
                .with(":one", number(1))
                .with(":at", micros(performance.starts_at));
        let write = with_terms(write, performance)?;
        Ok(match self {
            Self::First => write.with_text(":shows", CATALOGUE),
            Self::Later => write,
        })
    }
}

/// Makes prices and limit final. The sale is left alone, since the organizer may just have changed it.
fn make_public(performance: &Performance) -> Result<Write, StoreError> {
    let finish = "SET #published_at = :at, #price_range = :price_range, \
        #grades = :grades, #currency = :currency, #max_seats_per_user = :max_seats_per_user";
    let write = Write::update(Key::performance(performance.performance_id), finish)
        .only_if("#published_at = :never")
        .with(":never", from_value(&None::<Timestamp>)?)
        .with(":at", from_value(&performance.published_at)?)
        .with(":price_range", from_value(&performance.price_range)?);
    with_terms(write, performance)
}

/// The performance as stored, if its write was refused because it is already public.
fn public_in(refused: &Refusals<ProgrammeWrite>) -> Result<Option<Performance>, StoreError> {
    let performance: Option<Performance> = found(refused, ProgrammeWrite::Performance)?;
    Ok(performance.filter(|performance| performance.published_at.is_some()))
}

fn list_performance(performance: &Performance) -> Result<Write, StoreError> {
    let list = "SET #performances.#this = :summary ADD #version :one";
    let write = Write::update(Key::show(performance.show_id), list)
        .named("#this", performance.performance_id.to_string())
        .only_if(format!("{PRESENT} AND size(#performances) < :most AND {HAS_TERMS}"))
        .with(":summary", from_value(&performance.summary())?)
        .with(":one", number(1))
        .with(":most", number(PERFORMANCES_MAX));
    with_terms(write, performance)
}

/// The condition that a show's record has the version that was read; older records have none.
pub(super) fn unchanged(version: u64) -> &'static str {
    if version == 0 {
        "(attribute_not_exists(#version) OR #version = :version)"
    } else {
        "#version = :version"
    }
}

/// Holds while the show still has the terms that the performance copied ([`Performance::has_terms_of`]): what pages show
/// is what a sale charges. It compares the terms, not the version, so that performances of one show can be created and
/// published side by side.
const HAS_TERMS: &str =
    "#grades = :grades AND #currency = :currency AND #max_seats_per_user = :max_seats_per_user";

fn with_terms(write: Write, performance: &Performance) -> Result<Write, StoreError> {
    Ok(write
        .with(":grades", from_value(&performance.grades)?)
        .with(":currency", from_value(&performance.currency)?)
        .with(":max_seats_per_user", number(performance.max_seats_per_user)))
}

fn is_refused(refused: &Refusals<ProgrammeWrite>, part: ProgrammeWrite) -> bool {
    refused.iter().any(|(refused, _)| *refused == part)
}

/// The item that caused a part to be refused, if there is one.
fn found<T: DeserializeOwned>(
    refused: &Refusals<ProgrammeWrite>,
    wanted: ProgrammeWrite,
) -> Result<Option<T>, StoreError> {
    let found = refused.iter().find(|(part, _)| *part == wanted).and_then(|(_, found)| found.clone());
    found.map(item::to_struct).transpose()
}

fn no_show() -> StoreError {
    StoreError::unavailable(STORE, "there is no such show")
}

fn new_performance(performance: &Performance) -> Result<Write, StoreError> {
    let made = item::from_struct(performance)?;
    Ok(Write::put(Key::performance(performance.performance_id), made).only_if(ABSENT))
}

/// Stored with the queue's marks, which the process that makes the draw reads anyway. Nothing shown is made from them.
fn keep_secret(performance: PerformanceId, secret: &Secret) -> Write {
    Write::update(Key::queue(performance), "SET #draw_secret = :secret")
        .only_if("attribute_not_exists(#draw_secret)")
        .with(":secret", bytes(&secret.0))
}
