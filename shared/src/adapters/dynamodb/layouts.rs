//! Layouts. Each is one text, since it is only ever read whole. The text is compressed, because a transaction holds 4 MB at
//! most, and cut into as many items as it needs, because an item holds 400 kB.

use super::{
    DynamoStore,
    item::{self, Item, bytes, bytes_of, number, number_of, text_of},
    keys::Key,
    write::{ABSENT, Write},
};
use crate::ports::StoreError;
use domain::{LayoutId, layout::LayoutPlan};
use miniz_oxide::{deflate::compress_to_vec, inflate::decompress_to_vec_with_limit};

/// The most bytes of a layout in one item. With keys and names it stays below the store's limit.
const PART_MAX: usize = 380_000;
/// The most bytes of a layout in a transaction, which has other parts, too.
const PACKED_MAX: usize = 3_900_000;
/// Above this, trying harder saves a few bytes and costs tenths of a second.
const LEVEL: u8 = 4;

/// The writes that create a layout, in one transaction, so that a layout exists whole or not at all.
pub(super) fn new_layout(layout: LayoutId, plan: &LayoutPlan) -> Result<Vec<Write>, StoreError> {
    let plan = serde_json::to_vec(plan).map_err(|error| unreadable(layout, &error.to_string()))?;
    let packed = compress_to_vec(&plan, LEVEL);
    if packed.len() > PACKED_MAX {
        return Err(unreadable(layout, "it is too large to be written"));
    }
    let parts: Vec<_> = packed.chunks(PART_MAX).collect();
    let write = |(at, part): (usize, &&[u8])| {
        let item = Item::from([
            ("packed".to_owned(), bytes(part)),
            ("parts".to_owned(), number(parts.len())),
            ("length".to_owned(), number(plan.len())),
        ]);
        Write::put(Key::layout(layout, at), item).only_if(ABSENT)
    };
    Ok(parts.iter().enumerate().map(write).collect())
}

impl DynamoStore {
    /// The layout with all its parts.
    pub(super) async fn whole_layout(&self, layout: LayoutId) -> Result<Option<LayoutPlan>, StoreError> {
        let Some(first) = self.get(Key::layout(layout, 0)).await? else { return Ok(None) };
        // Layouts of an earlier version have one part and no count.
        let count = number_of(&first, "parts").unwrap_or(1);
        let mut parts = vec![first];
        for at in 1..count {
            let part = self.get(Key::layout(layout, at)).await?;
            parts.push(part.ok_or_else(|| unreadable(layout, "a part is missing"))?);
        }
        plan_of(&parts).map(Some).map_err(|why| unreadable(layout, &why))
    }
}

/// The plan of all parts of a layout.
fn plan_of(parts: &[Item]) -> Result<LayoutPlan, String> {
    let mut text = parts.iter().map(part_of).collect::<Vec<_>>().concat();
    if let Some(length) = parts.first().and_then(|first| number_of(first, "length")) {
        text = decompress_to_vec_with_limit(&text, length).map_err(|error| error.to_string())?;
    }
    serde_json::from_slice(&text).map_err(|error| error.to_string())
}

/// The bytes of a part. Layouts of earlier versions are plain text.
fn part_of(item: &Item) -> &[u8] {
    bytes_of(item, "packed").or_else(|| text_of(item, "plan").map(str::as_bytes)).unwrap_or_default()
}

fn unreadable(layout: LayoutId, why: &str) -> StoreError {
    item::unreadable(&format!("layout {layout}: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::dynamodb::write::Action;
    use domain::layout::{PlacePlan, RowPlan, SectionPlan};

    /// The least compressible text that a plan can have: notes of characters that say nothing about each other.
    fn noise(bytes: usize) -> LayoutPlan {
        let mut state = 1_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            u32::try_from(state >> 33).unwrap_or_default()
        };
        let mut letter = || match next() % 100 {
            0..60 => char::from_u32(0x23 + next() % 0x39).unwrap_or('a'),
            _ => char::from_u32(0x80 + next() % 0x780).unwrap_or('a'),
        };
        let row = RowPlan { row: "1".into(), seats: 1_000, ..RowPlan::default() };
        let mut plan = LayoutPlan::of(vec![SectionPlan { rows: vec![row], ..SectionPlan::default() }]);
        let mut written = 0;
        for place in 0.. {
            let note: String = (0..100).map(|_| letter()).collect();
            let name = format!("A-1-{place}");
            written += note.len() + name.len() + 14;
            if written > bytes {
                return plan;
            }
            let _ = plan.places.insert(name, PlacePlan { note: Some(note), ..PlacePlan::default() });
        }
        plan
    }

    fn written(plan: &LayoutPlan) -> Vec<Item> {
        let writes = new_layout(LayoutId(uuid::Uuid::nil()), plan).expect("fits");
        let item = |write: Write| match write.action {
            Action::Put(item) => item,
            Action::Update(_) | Action::Delete => Item::new(),
        };
        writes.into_iter().map(item).collect()
    }

    #[test]
    fn every_plan_of_4_mib_fits_in_one_transaction_and_is_read_as_it_was() {
        let plan = noise(4 * 1024 * 1024);
        let parts = written(&plan);
        assert_eq!(plan_of(&parts), Ok(plan));
        let sizes: Vec<_> = parts.iter().map(|part| part_of(part).len()).collect();
        assert!(sizes.iter().all(|size| *size <= PART_MAX), "{sizes:?}");
        let whole: usize = sizes.iter().sum();
        assert!((3_000_000..PACKED_MAX).contains(&whole), "{whole}");
    }

    #[test]
    fn a_layout_of_an_earlier_version_is_plain_text_in_one_part_or_several() {
        let plan = noise(1_000);
        let text = serde_json::to_string(&plan).expect("JSON");
        let (one, other) = text.split_at(text.floor_char_boundary(text.len() / 2));
        let part = |plan: &str| Item::from([("plan".to_owned(), item::text(plan))]);
        assert_eq!(plan_of(&[part(&text)]), Ok(plan.clone()));
        assert_eq!(plan_of(&[part(one), part(other)]), Ok(plan));
        let mut cut = written(&noise(1_000));
        cut[0].insert("packed".to_owned(), bytes(&[1, 2, 3]));
        assert!(plan_of(&cut).is_err());
    }
}
