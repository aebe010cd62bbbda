//! Lists of a plan that are refused while they are read if they are longer than a plan may have: so a short text never
//! becomes a large value.

use super::{
    CORNERS_MAX, ROW_SEATS_MAX, ROWS_MAX, SEATS_MAX, SECTIONS_MAX, SHAPES_MAX,
    plan::{Numbering, RowPlan, SectionPlan},
};
use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer},
};
use std::{collections::BTreeMap, fmt, marker::PhantomData};

/// At most [`SECTIONS_MAX`] sections, with all rows and labels that a plan may have.
pub(crate) fn sections<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<SectionPlan>, D::Error> {
    let within = |section: &SectionPlan| {
        section.rows.iter().map(PlanLoad::of).fold(PlanLoad::default(), PlanLoad::and)
    };
    from.deserialize_seq(AtMost { max: SECTIONS_MAX, load: within })
}

/// At most [`ROWS_MAX`] rows, with all labels that a plan may have.
pub(crate) fn rows<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<RowPlan>, D::Error> {
    from.deserialize_seq(AtMost { max: ROWS_MAX, load: PlanLoad::of })
}

/// At most [`SHAPES_MAX`] of them.
pub(crate) fn shapes<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Vec<T>, D::Error> {
    from.deserialize_seq(AtMost::alone(SHAPES_MAX))
}

/// At most [`CORNERS_MAX`] of them.
pub(crate) fn corners<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Vec<T>, D::Error> {
    from.deserialize_seq(AtMost::alone(CORNERS_MAX))
}

/// At most one for each seat of a row.
pub(crate) fn seats<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Vec<T>, D::Error> {
    from.deserialize_seq(AtMost::alone(ROW_SEATS_MAX as usize))
}

/// At most one for each place of a plan.
pub(crate) fn places<'de, D, T>(from: D) -> Result<BTreeMap<String, T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    from.deserialize_map(EachPlace(PhantomData))
}

/// What takes room in a list of sections or rows.
#[derive(Debug, Clone, Copy, Default)]
struct PlanLoad {
    rows: usize,
    labels: usize,
}

impl PlanLoad {
    fn of(row: &RowPlan) -> Self {
        let labels = match &row.numbers {
            Some(Numbering::Labels(labels)) => labels.len(),
            Some(Numbering::Counted { .. }) | None => 0,
        };
        Self { rows: 1, labels }
    }

    fn and(self, other: Self) -> Self {
        Self { rows: self.rows + other.rows, labels: self.labels + other.labels }
    }

    fn is_too_much(self) -> bool {
        self.rows > ROWS_MAX || self.labels > SEATS_MAX as usize
    }
}

struct AtMost<T> {
    max: usize,
    load: fn(&T) -> PlanLoad,
}

impl<T> AtMost<T> {
    fn alone(max: usize) -> Self {
        Self { max, load: |_| PlanLoad::default() }
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for AtMost<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sequence")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<T>, A::Error> {
        let (mut read, mut load) = (Vec::new(), PlanLoad::default());
        while let Some(item) = list.next_element()? {
            if read.len() == self.max {
                return Err(A::Error::custom(format!("must be a list of at most {}", self.max)));
            }
            load = load.and((self.load)(&item));
            if load.is_too_much() {
                let why = format!("must have at most {SEATS_MAX} places in {ROWS_MAX} rows");
                return Err(A::Error::custom(why));
            }
            read.push(item);
        }
        Ok(read)
    }
}

struct EachPlace<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for EachPlace<T> {
    type Value = BTreeMap<String, T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut read = BTreeMap::new();
        while let Some((name, place)) = map.next_entry()? {
            if read.len() == SEATS_MAX as usize {
                return Err(A::Error::custom(format!("must name at most {SEATS_MAX} places")));
            }
            read.insert(name, place);
        }
        Ok(read)
    }
}

impl<'de> Deserialize<'de> for Numbering {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(NumbersOrLabels)
    }
}

struct NumbersOrLabels;

impl<'de> Visitor<'de> for NumbersOrLabels {
    type Value = Numbering;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("first and step, or a list of labels")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Numbering, A::Error> {
        #[derive(Deserialize)]
        struct CountedNumbers {
            first: u32,
            step: i32,
        }
        let CountedNumbers { first, step } = CountedNumbers::deserialize(MapAccessDeserializer::new(map))?;
        Ok(Numbering::Counted { first, step })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Numbering, A::Error> {
        AtMost::alone(ROW_SEATS_MAX as usize).visit_seq(list).map(Numbering::Labels)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{LayoutPlan, RowPlan, SectionPlan};
    use serde::de::DeserializeOwned;

    fn refused<T: DeserializeOwned + std::fmt::Debug>(json: &str) -> String {
        serde_json::from_str::<T>(json).expect_err("refused").to_string()
    }

    #[test]
    fn what_is_longer_than_a_plan_may_be_is_not_read_to_its_end() {
        let list = |of: &str, count| vec![of; count].join(",");
        let sections = list(r#"{"section":"A","grade":"R"}"#, 501);
        assert!(refused::<LayoutPlan>(&format!(r#"{{"sections":[{sections}]}}"#)).contains("at most 500"));
        let labels = list(r#""1""#, 1_001);
        let row = format!(r#"{{"row":"1","seats":1,"numbers":[{labels}]}}"#);
        assert!(refused::<RowPlan>(&row).contains("at most 1000"));
        let row = format!(r#"{{"row":"1","seats":1,"numbers":[{}]}}"#, list(r#""1""#, 1_000));
        let section = format!(r#"{{"section":"A","grade":"R","rows":[{}]}}"#, list(&row, 101));
        assert!(refused::<SectionPlan>(&section).contains("at most 100000 places"));
        let section = |rows| {
            let rows = list(r#"{"row":"1","seats":1}"#, rows);
            format!(r#"{{"section":"A","grade":"R","rows":[{rows}]}}"#)
        };
        assert!(refused::<SectionPlan>(&section(10_001)).contains("at most 10000"));
        let sections = [section(6_000), section(6_000)].join(",");
        assert!(refused::<LayoutPlan>(&format!(r#"{{"sections":[{sections}]}}"#)).contains("10000 rows"));
        let aisles = list("1", 1_001);
        let row = format!(r#"{{"row":"1","seats":1,"aisles":[{aisles}]}}"#);
        assert!(refused::<RowPlan>(&row).contains("at most 1000"));
    }

    #[test]
    fn numbers_are_counted_or_labelled() {
        for numbers in [r#"{"first":9,"step":-2}"#, r#"["가","나"]"#] {
            let row = format!(r#"{{"row":"1","seats":2,"numbers":{numbers}}}"#);
            let read: RowPlan = serde_json::from_str(&row).expect("a row");
            assert_eq!(serde_json::to_string(&read).expect("text"), row);
        }
        assert!(refused::<RowPlan>(r#"{"row":"1","seats":2,"numbers":7}"#).contains("first and step"));
    }
}
