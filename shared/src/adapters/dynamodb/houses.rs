//! Houses: one item a version, beside the parts of its layout. The number in the key is the condition of each write.

use super::{
    DynamoStore,
    item::{self, text, text_of},
    keys::{Key, Table, own_houses, versions_of},
    layouts::new_layout,
    programme::ProgrammeWrite,
    read::ItemQuery,
    retry::WriteError,
    write::{ABSENT, Write},
};
use crate::ports::{Houses, ReplaceError, StoreError};
use async_trait::async_trait;
use domain::{
    HouseId, UserId,
    house::{House, HouseVersion},
    layout::LayoutPlan,
};

#[async_trait]
impl Houses for DynamoStore {
    async fn create_house(&self, house: &House, plan: &LayoutPlan) -> Result<(), StoreError> {
        let own = [("house_id".to_owned(), text(house.house_id))].into();
        let own = Write::put(Key::own_house(house.organizer_id, house.house_id), own).only_if(ABSENT);
        let mut writes = new_version(house, plan)?;
        writes.push((ProgrammeWrite::Own, own));
        self.write_all(writes).await.map_err(|error| error.unexpected("the house's or layout's id is taken"))
    }

    async fn add_version(&self, house: &House, plan: &LayoutPlan) -> Result<(), ReplaceError> {
        match self.write_all(new_version(house, plan)?).await {
            Ok(()) => Ok(()),
            Err(WriteError::Refused(_)) => Err(ReplaceError::Changed),
            Err(error) => Err(error.unexpected("not a refusal").into()),
        }
    }

    async fn house(&self, house: HouseId) -> Result<Option<House>, StoreError> {
        let versions = ItemQuery::table(Table::Main, "#pk = :house").with_text(":house", versions_of(house));
        let newest = self.query(versions.newest_first().limit(1)).await?;
        newest.into_iter().next().map(item::to_struct).transpose()
    }

    async fn house_version(&self, version: HouseVersion) -> Result<Option<House>, StoreError> {
        self.get(Key::house_version(version)).await?.map(item::to_struct).transpose()
    }

    async fn houses_of(
        &self,
        organizer: UserId,
        limit: usize,
        after: Option<HouseId>,
    ) -> Result<(Vec<House>, bool), StoreError> {
        let (page, more) = self.owned(own_houses(organizer), limit, after).await?;
        // One after another: a page is bounded, and few organizers have a full one.
        let mut houses = Vec::with_capacity(page.len());
        for own in page {
            let id = text_of(&own, "house_id").and_then(|id| id.parse().ok());
            let id: HouseId = id.ok_or_else(|| item::unreadable("an organizer's house"))?;
            houses.extend(self.house(id).await?);
        }
        Ok((houses, more))
    }
}

fn new_version(house: &House, plan: &LayoutPlan) -> Result<Vec<(ProgrammeWrite, Write)>, StoreError> {
    let version = Write::put(Key::house_version(house.named()), item::from_struct(house)?).only_if(ABSENT);
    let parts = new_layout(house.layout_id, plan)?.into_iter().map(|part| (ProgrammeWrite::Layout, part));
    Ok([(ProgrammeWrite::House, version)].into_iter().chain(parts).collect())
}
