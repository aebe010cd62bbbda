//! Schemas of Kubernetes as JSON schemas in which a misspelt field is an error.

use serde_json::{Value, json};

/// Kubernetes drops fields that a schema does not list; here they are errors.
pub(crate) fn closed(schema: Value) -> Value {
    match schema {
        Value::Object(mut fields) => {
            let open = fields.contains_key("x-kubernetes-preserve-unknown-fields")
                || fields.contains_key("additionalProperties");
            if fields.get("properties").is_some_and(Value::is_object) && !open {
                fields.insert("additionalProperties".to_owned(), json!(false));
            }
            Value::Object(fields.into_iter().map(|(key, value)| (key, closed(value))).collect())
        }
        Value::Array(values) => Value::Array(values.into_iter().map(closed).collect()),
        other => other,
    }
}
