//! The library of houses: seat plans with versions, which performances share.

use super::{ReplaceError, StoreError};
use async_trait::async_trait;
use domain::{
    HouseId, UserId,
    house::{House, HouseVersion},
    layout::LayoutPlan,
};

/// Houses, each with all its versions. A version is written once and never changes; its plan is a layout, which
/// [`Programme::layout`](super::Programme::layout) reads.
#[async_trait]
pub trait Houses: Send + Sync {
    /// Adds a house with its first version and that version's plan, all or nothing. The store refuses the same id a second
    /// time, which changes nothing.
    async fn create_house(&self, house: &House, plan: &LayoutPlan) -> Result<(), StoreError>;
    /// Adds a version and its plan, all or nothing, if no other request has added a version of that number. So the same
    /// version a second time is refused and changes nothing.
    async fn add_version(&self, house: &House, plan: &LayoutPlan) -> Result<(), ReplaceError>;
    /// The newest version of a house.
    async fn house(&self, house: HouseId) -> Result<Option<House>, StoreError>;
    /// A version of a house.
    async fn house_version(&self, version: HouseVersion) -> Result<Option<House>, StoreError>;
    /// An organizer's houses in their newest versions, the newest house first, at most `limit`, starting after the one at
    /// `after`; and whether there are more.
    async fn houses_of(
        &self,
        organizer: UserId,
        limit: usize,
        after: Option<HouseId>,
    ) -> Result<(Vec<House>, bool), StoreError>;
}
