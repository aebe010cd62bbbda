//! Layouts. Each is one text, since it is only ever read whole and text takes a third of the room that attributes would. The
//! text is cut into as many items as it needs, because an item holds at most 400 kB.

use super::{
    DynamoStore,
    item::{self, Item, number, number_of, text, text_of},
    keys::Key,
    write::{ABSENT, Write},
};
use crate::ports::StoreError;
use domain::{LayoutId, layout::LayoutPlan};

/// The most bytes of text in one item. With keys and names it stays below the store's limit.
const PART_MAX: usize = 380_000;

/// The writes that create a layout, in one transaction, so that a layout exists whole or not at all.
pub(super) fn new_layout(layout: LayoutId, plan: &LayoutPlan) -> Result<Vec<Write>, StoreError> {
    let plan = serde_json::to_string(plan).map_err(|error| item::unreadable(&format!("layout: {error}")))?;
    let parts = cut(&plan);
    let count = parts.len();
    let write = |(at, part): (usize, &str)| {
        let item = Item::from([("plan".to_owned(), text(part)), ("parts".to_owned(), number(count))]);
        Write::put(Key::layout(layout, at), item).only_if(ABSENT)
    };
    Ok(parts.into_iter().enumerate().map(write).collect())
}

fn cut(mut plan: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    while plan.len() > PART_MAX {
        let (part, rest) = plan.split_at(plan.floor_char_boundary(PART_MAX));
        parts.push(part);
        plan = rest;
    }
    parts.push(plan);
    parts
}

impl DynamoStore {
    /// The layout with all its parts.
    pub(super) async fn whole_layout(&self, layout: LayoutId) -> Result<Option<LayoutPlan>, StoreError> {
        let Some(first) = self.get(Key::layout(layout, 0)).await? else { return Ok(None) };
        let mut plan = text_of(&first, "plan").unwrap_or_default().to_owned();
        // Layouts of an earlier version have one part and no count.
        for at in 1..number_of(&first, "parts").unwrap_or(1) {
            let part = self
                .get(Key::layout(layout, at))
                .await?
                .ok_or_else(|| unreadable(layout, "a part is missing"))?;
            plan.push_str(text_of(&part, "plan").unwrap_or_default());
        }
        let plan = serde_json::from_str(&plan).map_err(|error| unreadable(layout, &error.to_string()))?;
        Ok(Some(plan))
    }
}

fn unreadable(layout: LayoutId, why: &str) -> StoreError {
    item::unreadable(&format!("layout {layout}: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_between_characters_and_nothing_is_lost() {
        for plan in [String::new(), "a".repeat(PART_MAX), format!("a{}", "한".repeat(PART_MAX))] {
            let parts = cut(&plan);
            assert!(parts.iter().all(|part| part.len() <= PART_MAX));
            assert_eq!(parts.concat(), plan);
        }
    }
}
