//! One write: what it does to which item, and the condition that makes its repeat harmless.

use super::{
    item::{Item, text},
    keys::Key,
};
use aws_sdk_dynamodb::types::AttributeValue;
use std::collections::HashMap;

/// The condition of a write that creates something.
pub(super) const ABSENT: &str = "attribute_not_exists(#pk)";
/// The condition of a write that changes something that exists.
pub(super) const PRESENT: &str = "attribute_exists(#pk)";

/// One write, alone or as part of a transaction. In its expressions `#name` stands for the attribute of that name (hundreds
/// of plain words are reserved) and `:name` for a value set by [`Write::with`].
#[derive(Debug, Clone)]
pub(super) struct Write {
    pub(super) key: Key,
    pub(super) action: Action,
    pub(super) condition: Option<String>,
    names: HashMap<String, String>,
    values: HashMap<String, AttributeValue>,
}

/// What a write does to its item.
#[derive(Debug, Clone)]
pub(super) enum Action {
    /// Replaces the whole item.
    Put(Item),
    /// Changes it by an update expression.
    Update(String),
    /// Removes it.
    Delete,
}

impl Write {
    pub(super) fn put(key: Key, mut item: Item) -> Self {
        item.extend(key.attributes());
        Self::new(key, Action::Put(item))
    }

    pub(super) fn update(key: Key, expression: impl Into<String>) -> Self {
        let expression = expression.into();
        let names = names_in(&expression);
        Self { names, ..Self::new(key, Action::Update(expression)) }
    }

    pub(super) fn delete(key: Key) -> Self {
        Self::new(key, Action::Delete)
    }

    fn new(key: Key, action: Action) -> Self {
        Self { key, action, condition: None, names: HashMap::new(), values: HashMap::new() }
    }

    /// Makes the write conditional.
    pub(super) fn only_if(mut self, condition: impl Into<String>) -> Self {
        let condition = condition.into();
        // Values already set by `with` and `named` stay.
        for (placeholder, name) in names_in(&condition) {
            self.names.entry(placeholder).or_insert(name);
        }
        self.condition = Some(condition);
        self
    }

    /// Sets the value of a `:placeholder`.
    pub(super) fn with(mut self, placeholder: &str, value: AttributeValue) -> Self {
        self.values.insert(placeholder.to_owned(), value);
        self
    }

    /// Sets the text value of a `:placeholder`.
    pub(super) fn with_text(self, placeholder: &str, value: impl ToString) -> Self {
        self.with(placeholder, text(value))
    }

    /// Sets the attribute of a `#placeholder` whose name differs from it.
    pub(super) fn named(mut self, placeholder: &str, name: impl Into<String>) -> Self {
        self.names.insert(placeholder.to_owned(), name.into());
        self
    }

    pub(super) fn names(&self) -> Option<HashMap<String, String>> {
        Some(self.names.clone()).filter(|names| !names.is_empty())
    }

    pub(super) fn values(&self) -> Option<HashMap<String, AttributeValue>> {
        Some(self.values.clone()).filter(|values| !values.is_empty())
    }
}

/// Every `#name` in an expression, mapped to the attribute that it is named after.
pub(super) fn names_in(expression: &str) -> HashMap<String, String> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    expression
        .split('#')
        .skip(1)
        .map(|rest| rest.split(|c| !is_part(c)).next().unwrap_or_default())
        .map(|name| (format!("#{name}"), name.to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_placeholder_is_named_after_its_attribute() {
        let names = names_in("attribute_not_exists(#pk) OR (#state = :a AND #until_us<=:now)");
        let mut attributes: Vec<_> = names.values().map(String::as_str).collect();
        attributes.sort_unstable();
        assert_eq!(attributes, ["pk", "state", "until_us"]);
        assert!(names.iter().all(|(placeholder, name)| placeholder == &format!("#{name}")));
    }
}
