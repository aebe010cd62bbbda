//! The plan as clients draw it: names, numbers, and where each row stands.

use domain::{
    LayoutId,
    layout::{Layout, Row, SectionPlan},
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// The empty space between two sections, in seats.
const AISLE: u32 = 3;

/// A seat plan.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Layout)]
pub(crate) struct LayoutView {
    layout_id: Uuid,
    /// The number of all seats: the length of a seat map.
    seat_count: u32,
    sections: Vec<SectionView>,
}

/// A part of the house.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LayoutSection)]
struct SectionView {
    section: String,
    grade: String,
    rows: Vec<RowView>,
}

/// A row of adjacent seats.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LayoutRow)]
struct RowView {
    row: String,
    /// The index of the row's first seat in layout order; the others follow.
    first_index: u32,
    /// The seats' numbers, in order.
    numbers: Vec<u32>,
    /// The position of the first seat, in seats from the left.
    x: u32,
    /// The distance from the stage, in rows.
    y: u32,
}

impl LayoutView {
    /// Sections stand side by side, in as many lines as make the house roughly square. Lines are centred in the house, and
    /// rows in their section.
    pub(crate) fn new(layout_id: LayoutId, layout: &Layout) -> Self {
        let plan = layout.plan();
        let per_line = plan.sections.len().isqrt().max(1);
        let lines = || plan.sections.chunks(per_line);
        let house = lines().map(width_of_line).max().unwrap_or(0);
        let mut rows = layout.rows().iter().peekable();
        let mut sections = Vec::with_capacity(plan.sections.len());
        let mut y = 0;
        for line in lines() {
            let mut x = (house - width_of_line(line)) / 2;
            for section in line {
                let (index, width) = (sections.len(), width_of(section));
                let mut views = Vec::with_capacity(section.rows.len());
                while let Some(row) = rows.next_if(|row| row.section_index == index) {
                    views.push(RowView::new(row, x + (width - row.seats) / 2, y + count(&views)));
                }
                x += width + AISLE;
                let (section, grade) = (section.section.clone(), section.grade.clone());
                sections.push(SectionView { section, grade, rows: views });
            }
            y += line.iter().map(|section| count(&section.rows)).max().unwrap_or(0) + AISLE;
        }
        Self { layout_id: layout_id.0, seat_count: layout.seat_count(), sections }
    }
}

/// The width of its longest row, in seats.
fn width_of(section: &SectionPlan) -> u32 {
    section.rows.iter().map(|row| row.seats).max().unwrap_or(0)
}

fn width_of_line(line: &[SectionPlan]) -> u32 {
    line.iter().map(width_of).sum::<u32>() + AISLE * count(line).saturating_sub(1)
}

fn count<T>(things: &[T]) -> u32 {
    u32::try_from(things.len()).unwrap_or(u32::MAX)
}

impl RowView {
    fn new(row: &Row, x: u32, y: u32) -> Self {
        Self { row: row.row.clone(), first_index: row.first_index, numbers: (1..=row.seats).collect(), x, y }
    }
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "in a test a panic is the way to fail")]
mod tests {
    use super::*;
    use domain::layout::{LayoutPlan, RowPlan};
    use uuid::Uuid;

    fn section(name: &str, seats: &[u32]) -> SectionPlan {
        let row = |(index, seats): (usize, &u32)| RowPlan {
            row: (index + 1).to_string(),
            seats: *seats,
            not_for_sale: Vec::new(),
        };
        SectionPlan {
            section: name.into(),
            grade: "R".into(),
            rows: seats.iter().enumerate().map(row).collect(),
        }
    }

    #[test]
    fn lines_and_rows_are_centred() {
        let sections =
            vec![section("A", &[10, 8]), section("B", &[10]), section("C", &[4]), section("D", &[9])];
        let layout = Layout::parse(LayoutPlan { sections }).unwrap();
        let view = LayoutView::new(LayoutId(Uuid::nil()), &layout);
        let places: Vec<Vec<_>> = view
            .sections
            .iter()
            .map(|section| section.rows.iter().map(|row| (row.x, row.y)).collect())
            .collect();
        // The first line is 23 wide, the second 16.
        assert_eq!(places, [vec![(0, 0), (1, 1)], vec![(13, 0)], vec![(3, 5)], vec![(10, 5)]]);
    }

    /// A plan, and where its rows stand.
    #[derive(serde::Deserialize)]
    struct Placed {
        plan: LayoutPlan,
    }

    /// The front end's preview of a plan is held to the same file (web/tests/unit/manage-house.test.ts). When this fails, its
    /// left side is what the file should say.
    #[test]
    fn the_file_of_placed_plans_is_what_clients_get() {
        let file = include_str!("../placed.json");
        let placed: Vec<Placed> = serde_json::from_str(file).unwrap();
        let line = |Placed { plan }: &Placed| {
            let view = LayoutView::new(LayoutId(Uuid::nil()), &Layout::parse(plan.clone()).unwrap());
            let (plan, view) = (serde_json::to_string(plan).unwrap(), serde_json::to_string(&view).unwrap());
            format!("{{\"plan\":{plan},\n\"placed\":{view}}}")
        };
        let lines: Vec<_> = placed.iter().map(line).collect();
        assert_eq!(format!("[\n{}\n]\n", lines.join(",\n")), file);
    }
}
