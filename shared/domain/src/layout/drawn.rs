//! A plan as it comes in: made plain, and, if it was drawn, with room for each seat.

use super::{Layout, LayoutPlan};
use crate::Invalid;

impl LayoutPlan {
    /// Whether it says where its sections stand. Else they are laid out automatically, side by side.
    #[must_use]
    pub fn is_drawn(&self) -> bool {
        self.sections.iter().any(|section| section.at.is_some())
    }
}

impl Layout {
    /// Checks a plan that comes in. A stored one was checked then: [`Layout::parse`] reads it.
    ///
    /// # Errors
    /// What is wrong, with its section, its row and its seat.
    pub fn draw(plan: LayoutPlan) -> Result<Self, Invalid> {
        let layout = Self::parse(plan.tidied())?;
        if layout.plan().is_drawn() {
            layout.check_apart()?;
        }
        Ok(layout)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::{Metres, PlacePlan, Point, RowPlan, SectionPlan};

    fn plan() -> LayoutPlan {
        let section = |name: &str| SectionPlan {
            section: name.into(),
            grade: "R".into(),
            rows: vec![RowPlan { row: "1".into(), seats: 3, ..RowPlan::default() }],
            ..SectionPlan::default()
        };
        LayoutPlan::of(vec![section("A"), section("B")])
    }

    fn why(change: impl Fn(&mut LayoutPlan)) -> String {
        let mut plan = plan();
        change(&mut plan);
        Layout::draw(plan).expect_err("refused").to_string()
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        let long = "R".repeat(21);
        assert!(Layout::draw(plan()).is_ok());
        assert!(why(|plan| plan.sections[1].grade = String::new()).starts_with("section B: "));
        assert!(why(|plan| plan.sections[1].entrance = Some("x".repeat(41))).starts_with("section B: "));
        assert!(why(|plan| plan.sections[1].rows[0].grade = Some(long.clone())).starts_with("row B-1: "));
        let place = PlacePlan { grade: Some(long.clone()), ..PlacePlan::default() };
        assert!(
            why(|plan| drop(plan.places.insert("B-1-2".into(), place.clone()))).starts_with("seat B-1-2: ")
        );
    }

    #[test]
    fn a_drawn_plan_has_room_for_each_seat_and_others_are_laid_out() {
        let at = |metres: i32| Some(Point { x: Metres::of_centimetres(metres * 100), y: Metres::default() });
        let on_top = |plan: &mut LayoutPlan| {
            (plan.sections[0].at, plan.sections[1].at) = (at(0), at(0));
        };
        assert!(why(on_top).contains("A-1-1 and B-1-1"));
        let mut apart = plan();
        (apart.sections[0].at, apart.sections[1].at) = (at(0), at(5));
        assert!(apart.is_drawn() && Layout::draw(apart).is_ok());
        assert!(!plan().is_drawn());
    }
}
