//! What an organizer sees of a sale: its settings, its live figures, and who changed it last.

use domain::{
    performance::Performance,
    queue::RoomStatus,
    sale::{JoinPolicy, Sale, SaleControl, SaleMode, SaleState, Staff},
    steering::{ReleaseAt, SaleChange, Steering},
};
use jiff::Timestamp;
use serde::Serialize;
use shared::{
    app::FromApp,
    http::{
        Problem,
        etag::{Versioned, version_of},
        wire::words::{SaleControlWords, SaleModeWords, SaleStateWords},
    },
    ports::{Clock, Programme, SeatLocks, WaitingRoom},
    services::catalog::Catalog,
    telemetry::levels::{see_queue, see_seats},
};
use std::sync::Arc;
use utoipa::ToSchema;
use uuid::Uuid;

/// How many changes are shown. The record keeps all of them.
const CHANGES_SHOWN: usize = 20;

/// A sale with its live figures.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LiveSale {
    performance_id: Uuid,
    show_id: Uuid,
    opens_at: Timestamp,
    /// When the sale ends.
    closes_at: Timestamp,
    /// Whether seats are still sold after the performance has started.
    late_entry: bool,
    /// From when wheelchair places and those of companions are sold like all others; null: never.
    #[schema(required)]
    accessible_release_at: Option<Timestamp>,
    /// When the gathering for the draw begins, if there is one.
    #[schema(required)]
    prequeue_at: Option<Timestamp>,
    #[schema(value_type = SaleModeWords)]
    mode: SaleMode,
    /// `scheduled`, `prequeue`, `open`, `paused`, `closed` or `sold_out`.
    #[schema(value_type = SaleStateWords)]
    state: SaleState,
    cap: u32,
    rate_per_min: u32,
    /// Staff who skip the queue.
    bypass: Vec<StaffView>,
    /// The difficulty of the proof of work before joining, in leading zero bits; 0 asks for none.
    challenge_bits: u8,
    /// The highest number issued.
    issued: u64,
    /// The highest number called.
    serving: u64,
    /// How many buyers are inside.
    active: u64,
    seat_count: u32,
    /// The number of held seats.
    held: u64,
    /// The number of seats waiting for payment.
    reserved: u64,
    /// The number of paid seats.
    sold: u64,
    /// The latest 20 changes of the sale, newest first.
    changes: Vec<ChangeView>,
    /// The version of the sale's settings, without its figures. `ETag` carries the same.
    version: String,
}

/// A staff member.
#[derive(Debug, Serialize, ToSchema)]
struct StaffView {
    user_id: Uuid,
    /// The address that the account was named by; null if it was named by its id.
    #[schema(required)]
    email: Option<String>,
}

/// One change of a sale: who made it, and when.
#[derive(Debug, Serialize, ToSchema)]
struct ChangeView {
    at: Timestamp,
    /// The account that made the change.
    by: Uuid,
    /// The fields that changed, with their old values.
    before: ChangedView,
    /// The same fields with their new values.
    after: ChangedView,
}

/// The settings that changed.
#[derive(Debug, Serialize, ToSchema)]
struct ChangedView {
    #[serde(skip_serializing_if = "Option::is_none")]
    cap: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rate_per_min: Option<u32>,
    /// `open`, `paused` or `closed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<SaleControlWords>)]
    state: Option<SaleControl>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bypass: Option<Vec<StaffView>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    challenge_bits: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Timestamp>)]
    accessible_release_at: Option<ReleaseAt>,
}

/// Reads a sale's live figures.
#[derive(Clone, FromApp)]
pub(crate) struct Console {
    programme: Arc<dyn Programme>,
    catalog: Arc<Catalog>,
    room: Arc<dyn WaitingRoom>,
    locks: Arc<dyn SeatLocks>,
    clock: Arc<dyn Clock>,
}

impl Console {
    pub(crate) async fn live(&self, performance: &Performance) -> Result<LiveSale, Problem> {
        let id = performance.performance_id;
        let seats = self.locks.figures(id).await?;
        see_seats(id, &seats, performance.for_sale_count);
        let queue = match self.catalog.flow(performance) {
            Ok(flow) => {
                let status = self.room.status(id, &flow).await?;
                see_queue(id, &status, flow.cap);
                status
            }
            Err(_no_queue) => RoomStatus::default(),
        };
        let changes = self.programme.sale_changes(id, CHANGES_SHOWN).await?;
        let left = seats.left_of(performance.for_sale_count);
        let closes_at = performance.sale.ends_at(performance.starts_at);
        let Sale { opens_at, late_entry, accessible_release_at, mode, cap, rate_per_min, ref door, .. } =
            performance.sale;
        let JoinPolicy { prequeue, bypass, challenge_bits } = door;
        Ok(LiveSale {
            performance_id: id.0,
            show_id: performance.show_id.0,
            opens_at,
            closes_at,
            late_entry,
            accessible_release_at,
            prequeue_at: prequeue.as_ref().map(|prequeue| prequeue.opens_at),
            mode,
            state: performance.sale.state(performance.starts_at, self.clock.now(), left.any),
            cap,
            rate_per_min,
            bypass: bypass.iter().map(StaffView::from).collect(),
            challenge_bits: *challenge_bits,
            issued: queue.issued,
            serving: queue.serving,
            active: queue.active,
            seat_count: performance.seat_count,
            held: seats.held,
            reserved: seats.reserved,
            sold: seats.sold,
            changes: changes.iter().map(ChangeView::from).collect(),
            version: version_of(&performance.sale),
        })
    }
}

impl LiveSale {
    /// The answer, with its version as `ETag`.
    pub(crate) fn versioned(self) -> Versioned<axum::Json<Self>> {
        Versioned(self.version.clone(), axum::Json(self))
    }
}

impl From<&Staff> for StaffView {
    fn from(staff: &Staff) -> Self {
        Self { user_id: staff.user_id.0, email: staff.email.as_ref().map(ToString::to_string) }
    }
}

impl From<&SaleChange> for ChangeView {
    fn from(change: &SaleChange) -> Self {
        let SaleChange { at, by, before, after } = change;
        Self { at: *at, by: by.0, before: before.into(), after: after.into() }
    }
}

impl From<&Steering> for ChangedView {
    fn from(changed: &Steering) -> Self {
        Self {
            cap: changed.cap,
            rate_per_min: changed.rate_per_min,
            state: changed.state,
            bypass: changed.bypass.as_ref().map(|staff| staff.iter().map(StaffView::from).collect()),
            challenge_bits: changed.challenge_bits,
            accessible_release_at: changed.accessible_release_at,
        }
    }
}
