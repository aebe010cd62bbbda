//! The plan as clients draw it: names, numbers, and where each row stands.

use domain::{
    LayoutId,
    layout::{Layout, Row},
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Empty space between two sections, in seats.
const AISLE: u32 = 3;

/// A seat plan.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Layout)]
pub(crate) struct LayoutView {
    layout_id: Uuid,
    /// All seats: the length of a seat map.
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
    /// The index of its first seat in layout order; the others follow.
    first_index: u32,
    /// Of its seats, in order.
    numbers: Vec<u32>,
    /// Where its first seat stands; one unit is one seat.
    x: u32,
    /// How far from the stage; one unit is one row.
    y: u32,
}

impl LayoutView {
    /// Sections stand side by side in as many lines as make the house about square; rows are centred in their section.
    pub(crate) fn new(layout_id: LayoutId, layout: &Layout) -> Self {
        let plan = layout.plan();
        let per_line = plan.sections.len().isqrt().max(1);
        let mut rows = layout.rows().iter().peekable();
        let (mut x, mut y, mut line_height) = (0, 0, 0);
        let mut sections = Vec::with_capacity(plan.sections.len());
        for (index, section) in plan.sections.iter().enumerate() {
            if index > 0 && index.is_multiple_of(per_line) {
                (x, y, line_height) = (0, y + line_height + AISLE, 0);
            }
            let width = section.rows.iter().map(|row| row.seats).max().unwrap_or(0);
            let mut views = Vec::with_capacity(section.rows.len());
            while let Some(row) = rows.next_if(|row| row.section_index == index) {
                let depth = u32::try_from(views.len()).unwrap_or(u32::MAX);
                views.push(RowView::new(row, x + (width - row.seats) / 2, y + depth));
            }
            line_height = line_height.max(u32::try_from(views.len()).unwrap_or(u32::MAX));
            x += width + AISLE;
            sections.push(SectionView {
                section: section.section.clone(),
                grade: section.grade.clone(),
                rows: views,
            });
        }
        Self { layout_id: layout_id.0, seat_count: layout.seat_count(), sections }
    }
}

impl RowView {
    fn new(row: &Row, x: u32, y: u32) -> Self {
        Self { row: row.row.clone(), first_index: row.first_index, numbers: (1..=row.seats).collect(), x, y }
    }
}
