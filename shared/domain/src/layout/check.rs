//! Whether a plan can be sold. What is wrong is said with its section, its row and its seat.

use super::{
    CORNERS_MAX, ENTRANCE_MAX, GRADE_MAX, Layout, NOTE_MAX, NUMBER_MAX, PART_NAME_MAX, ROW_SEATS_MAX,
    ROWS_MAX, SEATS_MAX, SECTIONS_MAX, SHAPES_MAX, SeatIndex, TEXT_MAX,
    automatic::automatic_places,
    geometry::{Frame, RowLine, behind},
    measure::Metres,
    plan::{
        Corner, LayoutPlan, Numbering, PlaceKind, PlacePlan, Point, RowPlan, SectionKind, SectionPlan,
        ShapePlan,
    },
    rank::RowRank,
    row::{ENTRY, Row, RowNumbers, counted},
};
use crate::{Invalid, plain, seat::SeatId};
use std::collections::HashSet;

/// The least distance from seat to seat and from row to row that a row may ask for, in centimetres.
const PITCH_MIN_CM: i32 = 30;

impl Layout {
    /// Checks a plan and counts its places.
    ///
    /// # Errors
    /// Names are not unique or not printable, a row has no seats, a special place does not exist, or a bound of this module
    /// is exceeded.
    pub fn parse(plan: LayoutPlan) -> Result<Self, Invalid> {
        if plan.sections.is_empty() || plan.sections.len() > SECTIONS_MAX {
            return Err(Invalid::because(format!("must have 1 to {SECTIONS_MAX} sections")));
        }
        if plan.stage.len() + plan.decorations.len() > SHAPES_MAX {
            return Err(Invalid::because(format!("must have at most {SHAPES_MAX} shapes")));
        }
        check_shapes("stage", &plan.stage)?;
        check_shapes("decorations", &plan.decorations)?;
        let mut layout = Self::of_nothing();
        let mut names = HashSet::new();
        for (index, (section, at)) in plan.sections.iter().zip(places_of(&plan)?).enumerate() {
            check_name(&section.section, || format!("section {}", index + 1))?;
            if !names.insert(&section.section) {
                return Err(Invalid::because(format!("has section {} twice", section.section)));
            }
            check_line(&section.grade, GRADE_MAX, || format!("section {}: its grade", section.section))?;
            if let Some(entrance) = &section.entrance {
                let of = || format!("section {}: its entrance", section.section);
                check_line(entrance, ENTRANCE_MAX, of)?;
            }
            match section.kind {
                SectionKind::Seats => layout.add_rows(index, section, at)?,
                SectionKind::Standing => layout.add_standing(index, section)?,
            }
        }
        for (name, place) in &plan.places {
            layout.add_place(name, place)?;
        }
        layout.check_companions()?;
        layout.plan = plan;
        layout.rank();
        layout.compare_places();
        layout.find_wheelchair_places();
        Ok(layout)
    }

    fn add_rows(&mut self, section_index: usize, section: &SectionPlan, at: Point) -> Result<(), Invalid> {
        let name = &section.section;
        if section.rows.is_empty() {
            return Err(Invalid::because(format!("section {name} has no rows")));
        }
        if section.capacity.is_some() || !section.outline.is_empty() {
            return Err(Invalid::because(format!(
                "section {name} has rows, so it has no capacity and no outline"
            )));
        }
        let frame = Frame::new(section, at);
        for (row_index, (row, behind)) in section.rows.iter().zip(behind(&section.rows)).enumerate() {
            check_name(&row.row, || format!("row {} of section {name}", row_index + 1))?;
            let full_name = format!("{name}-{}", row.row);
            check_row(&full_name, row)?;
            if let Some(grade) = &row.grade {
                check_line(grade, GRADE_MAX, || format!("row {full_name}: its grade"))?;
            }
            let line = RowLine::new(frame, row, behind);
            check_place(&full_name, &line, row)?;
            self.add_row(Row {
                section_index,
                section: name.clone(),
                row: row.row.clone(),
                grade: row.grade.as_ref().unwrap_or(&section.grade).clone(),
                first_index: self.seat_count,
                seats: row.seats,
                aisles: row.aisles.clone(),
                number: self.rows.len(),
                alike: Vec::new(),
                numbers: RowNumbers::of(row),
                line: Some(line),
                view: RowRank::default(),
            })?;
            let first = self.seat_count - row.seats;
            self.not_for_sale.extend(row.not_for_sale.iter().map(|place| SeatIndex(first + place - 1)));
        }
        Ok(())
    }

    fn add_standing(&mut self, section_index: usize, section: &SectionPlan) -> Result<(), Invalid> {
        let name = &section.section;
        let capacity = section.capacity.filter(|capacity| (1..=SEATS_MAX).contains(capacity));
        let seats = capacity.ok_or_else(|| {
            Invalid::because(format!("section {name} is for standing: its capacity must be 1 to {SEATS_MAX}"))
        })?;
        if !section.rows.is_empty() {
            return Err(Invalid::because(format!("section {name} is for standing, so it has no rows")));
        }
        if !section.turn_deg.is_zero() || section.curve_m.is_some() {
            return Err(Invalid::because(format!(
                "section {name} is for standing, so it is neither turned nor curved: its outline is"
            )));
        }
        check_outline(&format!("section {name}"), &section.outline)?;
        self.add_row(Row {
            section_index,
            section: name.clone(),
            row: ENTRY.to_owned(),
            grade: section.grade.clone(),
            first_index: self.seat_count,
            seats,
            aisles: Vec::new(),
            number: self.rows.len(),
            alike: Vec::new(),
            numbers: RowNumbers::Counted { first: 1, step: 1 },
            line: None,
            view: RowRank::default(),
        })
    }

    fn add_row(&mut self, row: Row) -> Result<(), Invalid> {
        self.seat_count = self.seat_count.saturating_add(row.seats);
        if self.seat_count > SEATS_MAX || self.rows.len() >= ROWS_MAX {
            return Err(Invalid::because(format!("must have at most {SEATS_MAX} places in {ROWS_MAX} rows")));
        }
        let name = row.name();
        if self.by_name.contains_key(&name) {
            return Err(Invalid::because(format!("has row {name} twice")));
        }
        self.by_name.insert(name, self.rows.len());
        self.rows.push(row);
        Ok(())
    }

    fn add_place(&mut self, name: &str, place: &PlacePlan) -> Result<(), Invalid> {
        let unknown = |seat: &str| Invalid::because(format!("has no seat {seat}, which its places name"));
        let find =
            |name: &str| SeatId::parse(name).ok().and_then(|seat| self.find(&seat)).map(|(index, _)| index);
        let index = find(name).ok_or_else(|| unknown(name))?;
        if self.row_of(index).is_some_and(Row::is_standing) {
            return Err(Invalid::because(format!(
                "seat {name} is a standing place, so nothing is special about it"
            )));
        }
        if self.special.contains_key(&index) {
            return Err(Invalid::because(format!("has seat {name} twice in its places")));
        }
        let companion_of =
            place.companion_of.as_deref().map(|of| find(of).ok_or_else(|| unknown(of))).transpose()?;
        if (place.kind == Some(PlaceKind::Companion)) != companion_of.is_some() {
            return Err(Invalid::because(format!(
                "seat {name} must be of the kind companion and say whose companion it is for (companion_of), or neither"
            )));
        }
        if let Some(grade) = &place.grade {
            check_line(grade, GRADE_MAX, || format!("seat {name}: its grade"))?;
        }
        if let Some(note) = &place.note {
            check_line(note, NOTE_MAX, || format!("seat {name}: its note"))?;
        }
        if place.kind == Some(PlaceKind::House) {
            self.not_for_sale.insert(index);
        }
        if let Some(of) = companion_of {
            self.companions.insert(index, of);
        }
        self.special.insert(index, place.clone());
        Ok(())
    }

    /// A companion sits beside a wheelchair place, which has been read by then.
    ///
    /// # Errors
    /// A seat is the companion of a seat that is no wheelchair place.
    fn check_companions(&self) -> Result<(), Invalid> {
        for (index, of) in &self.companions {
            if self.kind_of(*of) != Some(PlaceKind::Wheelchair) {
                let name = |index| self.name_of(index).map(String::from).unwrap_or_default();
                let (seat, of) = (name(*index), name(*of));
                return Err(Invalid::because(format!(
                    "seat {seat} is a companion of {of}, which is no wheelchair place"
                )));
            }
        }
        Ok(())
    }
}

/// Where each section stands: as drawn, or side by side if no section was drawn.
fn places_of(plan: &LayoutPlan) -> Result<Vec<Point>, Invalid> {
    let is_drawn = |section: &SectionPlan| {
        section.kind == SectionKind::Standing || !section.turn_deg.is_zero() || section.curve_m.is_some()
    };
    if plan.sections.iter().all(|section| section.at.is_none() && !is_drawn(section)) {
        return Ok(automatic_places(&plan.sections));
    }
    let at = |section: &SectionPlan| {
        let without =
            || format!("section {} must have a place (at), since the plan is drawn", section.section);
        section.at.ok_or_else(|| Invalid::because(without()))
    };
    plan.sections.iter().map(at).collect()
}

fn check_row(name: &str, row: &RowPlan) -> Result<(), Invalid> {
    if row.seats == 0 || row.seats > ROW_SEATS_MAX {
        return Err(Invalid::because(format!("row {name} must have 1 to {ROW_SEATS_MAX} seats")));
    }
    check_numbers(name, row)?;
    if let Some(place) = row.not_for_sale.iter().find(|place| **place == 0 || **place > row.seats) {
        return Err(Invalid::because(format!("row {name} has no seat {place}")));
    }
    let rises = row.aisles.is_sorted_by(|one, next| one < next);
    if !rises || row.aisles.iter().any(|after| *after == 0 || *after >= row.seats) {
        return Err(Invalid::because(format!("row {name} must have its aisles between its seats, in order")));
    }
    let is_narrow = |length: Option<Metres>| length.is_some_and(|length| length.centimetres() < PITCH_MIN_CM);
    if is_narrow(row.pitch_m) || is_narrow(row.depth_m) {
        return Err(Invalid::because(format!("row {name} must leave its seats 0.3 m at least")));
    }
    Ok(())
}

fn check_numbers(name: &str, row: &RowPlan) -> Result<(), Invalid> {
    match &row.numbers {
        None => Ok(()),
        Some(Numbering::Counted { first, step }) => {
            let is_number = |place| counted(*first, *step, place).is_some_and(|number| number <= NUMBER_MAX);
            if *step != 0 && is_number(0) && is_number(row.seats - 1) {
                Ok(())
            } else {
                Err(Invalid::because(format!(
                    "row {name} must have numbers from 1 to {NUMBER_MAX}, no two equal"
                )))
            }
        }
        Some(Numbering::Labels(labels)) => {
            for label in labels {
                check_name(label, || format!("a seat of row {name}"))?;
            }
            let unique: HashSet<_> = labels.iter().collect();
            if unique.len() == row.seats as usize && labels.len() == unique.len() {
                Ok(())
            } else {
                Err(Invalid::because(format!("row {name} must have one label for each seat, no two equal")))
            }
        }
    }
}

/// An arc ends before it meets itself and does not lie around its own middle, and the house has bounds.
fn check_place(name: &str, line: &RowLine, row: &RowPlan) -> Result<(), Invalid> {
    if let Some(radius) = line.radius().filter(|_| line.is_bent_too_far()) {
        return Err(Invalid::because(format!("row {name} is bent too far: its radius is {radius:.1} m")));
    }
    let ends = [line.position(0, 0), line.position(row.seats - 1, row.aisles.len())];
    if ends.iter().any(|seat| seat.x.abs().max(seat.y.abs()) > Metres::MAX) {
        let max = Metres::MAX;
        return Err(Invalid::because(format!(
            "row {name} must lie within {max} m of the middle of the house"
        )));
    }
    Ok(())
}

fn check_shapes(of: &str, shapes: &[ShapePlan]) -> Result<(), Invalid> {
    for (number, shape) in (1..).zip(shapes) {
        let name = || format!("shape {number} of {of}");
        if let Some(text) = &shape.text {
            check_line(text, TEXT_MAX, || format!("{}: its text", name()))?;
        }
        if shape.text.is_none() || !shape.outline.is_empty() {
            check_outline(&name(), &shape.outline)?;
        }
    }
    Ok(())
}

fn check_outline(of: &str, outline: &[Corner]) -> Result<(), Invalid> {
    if (3..=CORNERS_MAX).contains(&outline.len()) {
        Ok(())
    } else {
        Err(Invalid::because(format!("{of} must have an outline of 3 to {CORNERS_MAX} corners")))
    }
}

/// A word of one line.
fn check_line(text: &str, max: usize, of: impl Fn() -> String) -> Result<(), Invalid> {
    plain::line(text, 1, max).map(drop).map_err(|why| Invalid::because(format!("{} {why}", of())))
}

/// Names stand between hyphens in seat names, and in storage keys: letters and digits of any script, `_` and `.`.
fn check_name(name: &str, of: impl Fn() -> String) -> Result<(), Invalid> {
    let length = name.chars().count();
    let clean = name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.');
    if (1..=PART_NAME_MAX).contains(&length) && clean {
        Ok(())
    } else {
        let rule = format!("must be named with 1 to {PART_NAME_MAX} letters, digits, `_` or `.`");
        Err(Invalid::because(format!("{} {rule}", of())))
    }
}
