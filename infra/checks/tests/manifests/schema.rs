//! The project's own schema of its manifests (`infra/checks/schema`), and validation by it.

use checks::{documents, root};
use jsonschema::Validator;
use serde_json::{Map, Value, json};
use std::{collections::BTreeMap, fs, sync::LazyLock};

/// The whole schema.
pub(crate) static SCHEMA: LazyLock<Schema> = LazyLock::new(Schema::read);

/// The schema of each kind of object, under the name `apiVersion kind`.
pub(crate) struct Schema {
    whole: BTreeMap<String, Validator>,
    parts: BTreeMap<String, Validator>,
}

impl Schema {
    fn read() -> Self {
        let (mut kinds, mut defs) = (Map::new(), Map::new());
        let files = fs::read_dir(root("infra/checks/schema")).unwrap().map(|file| file.unwrap().path());
        for file in files.filter(|file| file.extension().is_some_and(|name| name == "yaml")) {
            let mut document = documents(&fs::read_to_string(&file).unwrap()).remove(0);
            for (key, all) in [("kinds", &mut kinds), ("$defs", &mut defs)] {
                let Value::Object(named) = document[key].take() else { continue };
                for (name, schema) in named {
                    assert!(all.insert(name.clone(), schema).is_none(), "{name} is written twice");
                }
            }
        }
        for (name, schema) in &mut kinds {
            if let Some((version, kind)) = name.split_once(' ') {
                schema["type"] = json!("object");
                schema["properties"]["apiVersion"] = json!({ "const": version });
                schema["properties"]["kind"] = json!({ "const": kind });
            }
        }
        let validators = |treat: fn(Value) -> Value| {
            let defs = treat(defs.clone().into());
            let validator = |(name, schema): (&String, &Value)| {
                let mut schema = treat(schema.clone());
                schema["$defs"] = defs.clone();
                let validator =
                    jsonschema::validator_for(&schema).unwrap_or_else(|error| panic!("{name}: {error}"));
                (name.clone(), validator)
            };
            kinds.iter().map(validator).collect()
        };
        Self { whole: validators(closed), parts: validators(|schema| partial(closed(schema))) }
    }

    /// What is wrong with an object as it is applied, and where. Empty if the object fits.
    pub(crate) fn judge(&self, object: &Value) -> Vec<String> {
        faults(&self.whole, &kind_of(object), object)
    }

    /// The same for a patch or an object that an overlay completes: any field may be absent.
    pub(crate) fn judge_part(&self, kind: &str, part: &Value) -> Vec<String> {
        faults(&self.parts, kind, part)
    }

    /// Every kind of this name, in one group or in any.
    pub(crate) fn called<'a>(
        &'a self,
        group: Option<&'a str>,
        kind: &'a str,
    ) -> impl Iterator<Item = &'a str> {
        let split = self.whole.keys().filter_map(|name| Some((name, name.split_once(' ')?)));
        let called = split.filter(move |(_, (version, its_kind))| {
            let its_group = version.split_once('/').map_or("", |(group, _)| group);
            *its_kind == kind && group.is_none_or(|group| group == its_group)
        });
        called.map(|(name, _)| name.as_str())
    }
}

/// The schema's name for a document. Some files that kustomize reads have no kind.
pub(crate) fn kind_of(object: &Value) -> String {
    let field = |name: &str| object[name].as_str().unwrap_or_default();
    match object {
        Value::Array(_) => "patch".to_owned(),
        _ if object["nameReference"].is_array() => "nameReference".to_owned(),
        _ => format!("{} {}", field("apiVersion"), field("kind")),
    }
}

fn faults(validators: &BTreeMap<String, Validator>, kind: &str, object: &Value) -> Vec<String> {
    let Some(validator) = validators.get(kind) else { return vec![format!("no schema for {kind}")] };
    validator.iter_errors(object).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// Forbids properties that an object does not list. Kubernetes drops unknown fields silently; here they are errors.
pub(crate) fn closed(schema: Value) -> Value {
    changed(schema, &|fields| {
        let open = fields.contains_key("x-kubernetes-preserve-unknown-fields")
            || fields.contains_key("additionalProperties");
        if fields.get("properties").is_some_and(Value::is_object) && !open {
            fields.insert("additionalProperties".to_owned(), json!(false));
        }
    })
}

/// A schema in which every field is optional.
fn partial(schema: Value) -> Value {
    changed(schema, &|fields| {
        for demand in ["required", "minItems", "minProperties"] {
            // A property may have this name, too.
            if fields.get(demand).is_some_and(|value| value.is_array() || value.is_u64()) {
                fields.remove(demand);
            }
        }
    })
}

fn changed(schema: Value, change: &impl Fn(&mut Map<String, Value>)) -> Value {
    match schema {
        Value::Object(mut fields) => {
            change(&mut fields);
            Value::Object(fields.into_iter().map(|(key, value)| (key, changed(value, change))).collect())
        }
        Value::Array(values) => {
            Value::Array(values.into_iter().map(|value| changed(value, change)).collect())
        }
        other => other,
    }
}

#[test]
fn everything_that_is_applied_fits_the_projects_own_schema() {
    for (place, object) in crate::rendered::APPLIED.iter() {
        let at = format!("{place}: {} {}", kind_of(object), object["metadata"]["name"]);
        assert_eq!(SCHEMA.judge(object), [""; 0], "{at}");
    }
}
