//! Converts between items and structs. Times that are compared are whole microseconds, so that they sort as numbers.

use super::STORE;
use crate::ports::StoreError;
use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};
use jiff::Timestamp;
use serde::{Serialize, de::DeserializeOwned};
use std::collections::HashMap;

/// An item as the SDK represents it.
pub(super) type Item = HashMap<String, AttributeValue>;

/// A struct's fields as attributes.
pub(super) fn from_struct<T: Serialize>(value: &T) -> Result<Item, StoreError> {
    serde_dynamo::to_item(value).map_err(|error| unwritable(&error))
}

/// Any value as one attribute.
pub(super) fn from_value<T: Serialize>(value: &T) -> Result<AttributeValue, StoreError> {
    serde_dynamo::to_attribute_value(value).map_err(|error| unwritable(&error))
}

/// An item's attributes as a struct. Attributes that the struct lacks are ignored.
pub(super) fn to_struct<T: DeserializeOwned>(item: Item) -> Result<T, StoreError> {
    let name = ["pk", "sk"].map(|key| text_of(&item, key).unwrap_or_default().to_owned()).join(" / ");
    serde_dynamo::from_item(item).map_err(|error| unreadable(&format!("{name}: {error}")))
}

/// The error for an item that this version cannot read.
pub(super) fn unreadable(what: &str) -> StoreError {
    StoreError::Unreadable { store: STORE, what: what.to_owned() }
}

fn unwritable(error: &serde_dynamo::Error) -> StoreError {
    unreadable(&format!("the value to write: {error}"))
}

#[expect(clippy::needless_pass_by_value, reason = "ids and numbers are Copy: they read better without `&`")]
pub(super) fn text(value: impl ToString) -> AttributeValue {
    AttributeValue::S(value.to_string())
}

#[expect(clippy::needless_pass_by_value, reason = "ids and numbers are Copy: they read better without `&`")]
pub(super) fn number(value: impl ToString) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

pub(super) fn flag(value: bool) -> AttributeValue {
    AttributeValue::Bool(value)
}

pub(super) fn bytes(value: &[u8]) -> AttributeValue {
    AttributeValue::B(Blob::new(value))
}

/// A time as a number, for comparisons.
pub(super) fn micros(at: Timestamp) -> AttributeValue {
    number(at.as_microsecond())
}

/// When the store may delete an item. It is never earlier than the exact time, which conditions use.
pub(super) fn ttl(at: Timestamp) -> AttributeValue {
    number(at.as_second() + 1)
}

/// The time in a compared attribute.
pub(super) fn at_micros(us: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_microsecond(us).map_err(|error| unreadable(&error.to_string()))
}

pub(super) fn text_of<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    item.get(name)?.as_s().ok().map(String::as_str)
}

pub(super) fn number_of<T: std::str::FromStr>(item: &Item, name: &str) -> Option<T> {
    item.get(name)?.as_n().ok()?.parse().ok()
}

pub(super) fn bytes_of<'a>(item: &'a Item, name: &str) -> Option<&'a [u8]> {
    item.get(name)?.as_b().ok().map(AsRef::as_ref)
}

/// One attribute as a value.
pub(super) fn value_to<T: DeserializeOwned>(value: AttributeValue) -> Result<T, StoreError> {
    serde_dynamo::from_attribute_value(value).map_err(|error| unreadable(&error.to_string()))
}
