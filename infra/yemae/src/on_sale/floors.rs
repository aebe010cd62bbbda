//! What a floor does to the annotations of a revision, and how it is undone. Pure: it knows no cluster.

use std::collections::BTreeMap;

/// The annotations of a Knative object.
pub(crate) type RevisionAnnotations = BTreeMap<String, String>;
/// The values to raise a hot function to: autoscaling annotations without their prefix.
pub(crate) type SaleFloor = BTreeMap<String, String>;
/// Floors by function.
pub(crate) type Floors = BTreeMap<String, SaleFloor>;
/// The annotations to set or, if the value is `None`, to remove.
pub(crate) type AnnotationPatch = BTreeMap<String, Option<String>>;

const PREFIX: &str = "autoscaling.knative.dev/";
/// Holds the values from before the floor as JSON: `null` for annotations that did not exist.
const BEFORE: &str = "yemae.io/before-on-sale";

/// The change that makes the annotations those of the floor or, without one, those from before it.
///
/// # Errors
/// The remembered values cannot be parsed.
pub(crate) fn change(
    now: &RevisionAnnotations,
    floor: Option<&SaleFloor>,
) -> serde_json::Result<AnnotationPatch> {
    let before = before(now)?;
    let wanted = floor.map_or_else(|| Ok(before.clone()), |floor| raised(&before, floor))?;
    let gone = now.keys().filter(|name| !wanted.contains_key(*name)).map(|name| (name.clone(), None));
    let set = wanted.iter().filter(|(name, value)| now.get(*name) != Some(value));
    Ok(gone.chain(set.map(|(name, value)| (name.clone(), Some(value.clone())))).collect())
}

/// The annotations as they were before any floor.
fn before(now: &RevisionAnnotations) -> serde_json::Result<RevisionAnnotations> {
    let mut before = now.clone();
    if let Some(remembered) = before.remove(BEFORE) {
        for (name, value) in serde_json::from_str::<AnnotationPatch>(&remembered)? {
            match value {
                Some(value) => before.insert(name, value),
                None => before.remove(&name),
            };
        }
    }
    Ok(before)
}

fn raised(before: &RevisionAnnotations, floor: &SaleFloor) -> serde_json::Result<RevisionAnnotations> {
    let mut raised = before.clone();
    let mut remembered = AnnotationPatch::new();
    for (name, value) in floor {
        let annotation = format!("{PREFIX}{name}");
        let old = before.get(&annotation);
        remembered.insert(annotation.clone(), old.cloned());
        raised.insert(annotation, higher(name, old, value));
    }
    raised.insert(BEFORE.to_owned(), serde_json::to_string(&remembered)?);
    Ok(raised)
}

/// The operator may have raised the least number of instances further by hand.
fn higher(name: &str, old: Option<&String>, floor: &str) -> String {
    let number = |text: &str| text.parse::<u32>().ok();
    match old {
        Some(old) if name == "min-scale" && number(old) > number(floor) => old.clone(),
        _ => floor.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn apply(now: &mut RevisionAnnotations, floor: Option<&SaleFloor>) {
        for (name, value) in change(now, floor).expect("readable") {
            match value {
                Some(value) => now.insert(name, value),
                None => now.remove(&name),
            };
        }
    }

    const MIN: &str = "autoscaling.knative.dev/min-scale";
    const WINDOW: &str = "autoscaling.knative.dev/window";

    #[test]
    fn a_floor_is_raised_once_and_taken_back_without_a_trace() {
        let at_rest = map(&[(WINDOW, "60s"), ("other", "kept")]);
        let floor = map(&[("min-scale", "4"), ("window", "120s")]);
        let mut now = at_rest.clone();
        apply(&mut now, Some(&floor));
        assert_eq!((now[MIN].as_str(), now[WINDOW].as_str()), ("4", "120s"));
        assert!(change(&now, Some(&floor)).expect("readable").is_empty());

        let other = map(&[("min-scale", "8")]);
        apply(&mut now, Some(&other));
        assert_eq!((now[MIN].as_str(), now[WINDOW].as_str()), ("8", "60s"));
        apply(&mut now, None);
        assert_eq!(now, at_rest);
        assert!(change(&now, None).expect("readable").is_empty());
    }

    #[test]
    fn a_floor_never_lowers_a_value_raised_by_hand() {
        let mut now = map(&[(MIN, "10")]);
        apply(&mut now, Some(&map(&[("min-scale", "4")])));
        assert_eq!(now[MIN], "10");
        apply(&mut now, None);
        assert_eq!(now, map(&[(MIN, "10")]));
    }

    #[test]
    fn malformed_values_are_left_alone() {
        assert!(change(&map(&[(BEFORE, "nonsense")]), None).is_err());
    }
}
