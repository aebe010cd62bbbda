//! What the document says about each operation holds: no answer has a status that is not listed, and the code enforces every
//! bound of a body.
#![cfg(test)]

use all::FUNCTIONS;
use jiff::SignedDuration;
use shared::routes::function_for;
use std::collections::HashMap;
use testkit::{Answer, Client, Fixture, Value, World, json};

#[tokio::test]
async fn no_request_gets_an_undocumented_status() {
    let api = Api::start().await;
    // Whether the page exists depends on whether the front end is built.
    for operation in operations(&api.document).filter(|operation| operation.path != "/docs/") {
        for (what, path) in operation.wrong_paths(&api) {
            for signed_in in [false, true] {
                let answer = api.ask(&operation, &path, signed_in, "{}").await;
                operation.documents(&answer, &format!("{what}, signed in: {signed_in}"));
            }
        }
        if operation.takes_a_body() {
            let path = operation.path_of(&api);
            for body in ["", "[]", "{}", "{\"performance_id\":7}", &"x".repeat(5_000_000)] {
                let answer = api.ask(&operation, &path, true, body).await;
                operation.documents(&answer, &body[..body.len().min(30)]);
            }
        }
    }
}

#[tokio::test]
async fn every_bound_of_a_body_is_enforced() {
    let api = Api::start().await;
    let mut tried = 0;
    for operation in operations(&api.document).filter(Operation::takes_a_body) {
        let schema = &operation.about["requestBody"]["content"]["application/json"]["schema"];
        let good = api.example(schema, "");
        let path = operation.path_of(&api);
        for (pointer, over) in api.beyond(schema, &good, "") {
            let mut body = good.clone();
            *body.pointer_mut(&pointer).unwrap() = over;
            let answer = api.ask(&operation, &path, true, &body.to_string()).await;
            let text: String = body.pointer(&pointer).unwrap().to_string().chars().take(60).collect();
            assert_eq!(answer.status, 422, "{operation}: {pointer} = {text}: {}", answer.body);
            tried += 1;
        }
    }
    assert!(tried > 40, "only {tried} bounds were found");
}

/// All functions, and one thing of each kind to ask for.
struct Api {
    world: World,
    document: Value,
    clients: HashMap<&'static str, Client>,
    ids: HashMap<&'static str, String>,
}

impl Api {
    async fn start() -> Self {
        let world = World::start().await;
        let performance = world.performance(Fixture::default()).await;
        let clients = FUNCTIONS.iter().map(|function| {
            let client = world.client(function.function, (function.routes)());
            (function.function.name, client)
        });
        let clients: HashMap<_, _> = clients.collect();
        let house = json!({"name": "A", "sections": [{"section": "A", "grade": "R", "rows": [{"row": "1", "seats": 1}]}]});
        let house =
            clients["manage-shows"].post("/v1/manage/houses").bearer(&world.organizer.token).json(&house);
        let house = house.send().await.ok(201)["house_id"].as_str().unwrap().to_owned();
        let ids = [
            ("performance_id", performance.performance_id.to_string()),
            ("show_id", performance.show_id.to_string()),
            ("booking_id", performance.performance_id.to_string()),
            ("house_id", house),
        ];
        let document = serde_json::to_value(all::openapi::document()).unwrap();
        Self { clients, ids: ids.into(), document, world }
    }

    async fn ask(&self, operation: &Operation<'_>, path: &str, signed_in: bool, body: &str) -> Answer {
        let client = &self.clients[function_for(path.split('?').next().unwrap()).expect("a function")];
        let method = operation.method.to_uppercase().parse().unwrap();
        let mut request = client.request(method, path).key("once");
        if signed_in {
            request = request.bearer(&self.world.organizer.token);
        }
        if operation.takes_a_body() {
            request = request.header("content-type", "application/json").body(body.to_owned());
        }
        request.send().await
    }

    fn resolve<'a>(&'a self, schema: &'a Value) -> &'a Value {
        // If one of two choices is null, take the other.
        let choices = ["oneOf", "anyOf"].iter().find_map(|choice| schema[*choice].as_array());
        let schema = match choices {
            Some(choices) => choices.iter().find(|choice| choice["type"] != "null").unwrap(),
            None => schema,
        };
        match schema["$ref"].as_str() {
            Some(reference) => self.document.pointer(reference.strip_prefix('#').unwrap()).unwrap(),
            None => schema,
        }
    }

    /// A value within all bounds.
    fn example(&self, schema: &Value, name: &str) -> Value {
        if let Some(known) = known_value(self, name) {
            return known;
        }
        let schema = self.resolve(schema);
        if let Some(choices) = schema["enum"].as_array() {
            return choices[0].clone();
        }
        match kind(schema) {
            "object" => {
                let fields = schema["properties"].as_object().into_iter().flatten();
                let wanted = fields.filter(|(name, _)| !UNUSUAL.contains(&name.as_str()));
                wanted.map(|(name, field)| (name.clone(), self.example(field, name))).collect()
            }
            "array" => json!([self.example(&schema["items"], name)]),
            "boolean" => json!(true),
            "integer" => json!(schema["minimum"].as_u64().unwrap_or_default().max(1)),
            "number" => json!(schema["minimum"].as_f64().unwrap_or_default().max(1.0)),
            "string" => {
                json!("a".repeat(schema["minLength"].as_u64().unwrap_or(1).max(1).try_into().unwrap()))
            }
            other => panic!("{name} is {other}: {schema}"),
        }
    }

    /// Every bounded place in a valid value, with a value beyond its bound.
    fn beyond(&self, schema: &Value, good: &Value, at: &str) -> Vec<(String, Value)> {
        let schema = self.resolve(schema);
        let mut beyond = Vec::new();
        let number = |name: &str| schema[name].as_i64();
        match good {
            Value::Object(fields) => {
                for (name, field) in fields {
                    beyond.extend(self.beyond(&schema["properties"][name], field, &format!("{at}/{name}")));
                }
            }
            Value::Array(items) => {
                let first = items.first().cloned().unwrap_or_default();
                let sizes = [number("maxItems").map(|max| max + 1), number("minItems").map(|min| min - 1)];
                for size in sizes.into_iter().flatten() {
                    beyond.push((at.to_owned(), vec![first.clone(); size.try_into().unwrap()].into()));
                }
                beyond.extend(self.beyond(&schema["items"], &first, &format!("{at}/0")));
            }
            Value::Number(_) => {
                let bounds = [number("maximum").map(|max| max + 1), number("minimum").map(|min| min - 1)];
                beyond.extend(bounds.into_iter().flatten().map(|value| (at.to_owned(), json!(value))));
            }
            Value::String(_) => {
                let over = number("maxLength").map(|max| max + 1);
                let under = number("minLength").map(|min| min - 1);
                for length in over.into_iter().chain(under) {
                    beyond.push((at.to_owned(), json!("가".repeat(length.try_into().unwrap()))));
                }
                if schema["enum"].is_array() || schema.get("pattern").is_some() || is_a_form(schema) {
                    beyond.push((at.to_owned(), json!("!")));
                }
            }
            Value::Null | Value::Bool(_) => {}
        }
        beyond
    }
}

/// Fields that stand for another way of asking, or must be made in a special way.
const UNUSUAL: [&str; 12] = [
    "seats_named",
    "solution",
    "prequeue_at",
    "accessible_release_at",
    "house",
    "overrides",
    "capacity",
    "outline",
    "numbers",
    "aisles",
    "not_for_sale",
    "focus",
];

/// Values that a schema cannot tell.
fn known_value(api: &Api, name: &str) -> Option<Value> {
    let at = |days: i64| json!(api.world.now() + SignedDuration::from_hours(24 * days));
    Some(match name {
        "opens_at" => at(1),
        "closes_at" => at(2),
        "starts_at" => at(3),
        "email" => json!("kim@example.org"),
        "password" => json!("correct horse"),
        "currency" => json!("KRW"),
        "poster_url" => json!("/posters/a.png"),
        "grade" => json!("R"),
        "bypass" => json!([]),
        _ => json!(api.ids.get(name)?),
    })
}

fn is_a_form(schema: &Value) -> bool {
    matches!(schema["format"].as_str(), Some("date-time" | "email" | "uuid"))
}

fn kind(schema: &Value) -> &str {
    let types = schema["type"].as_array();
    let kinds = types.into_iter().flatten().chain([&schema["type"]]).filter_map(Value::as_str);
    kinds.into_iter().find(|kind| *kind != "null").unwrap_or("object")
}

/// One operation of the document.
struct Operation<'a> {
    method: &'a str,
    path: &'a str,
    about: &'a Value,
}

fn operations(document: &Value) -> impl Iterator<Item = Operation<'_>> {
    let paths = document["paths"].as_object().unwrap().iter();
    paths.flat_map(|(path, item)| {
        let methods = item.as_object().unwrap().iter();
        methods.map(move |(method, about)| Operation { method, path, about })
    })
}

impl Operation<'_> {
    fn takes_a_body(&self) -> bool {
        self.about.get("requestBody").is_some()
    }

    fn parameters(&self, place: &str) -> Vec<&str> {
        let parameters = self.about["parameters"].as_array().into_iter().flatten();
        let here = parameters.filter(|parameter| parameter["in"] == place);
        here.map(|parameter| parameter["name"].as_str().unwrap()).collect()
    }

    /// Its path with the ids of existing things.
    fn path_of(&self, api: &Api) -> String {
        self.parameters("path").into_iter().fold(self.path.to_owned(), |path, name| {
            let id = api.ids.get(name).map_or("x", String::as_str);
            path.replace(&format!("{{{name}}}"), id)
        })
    }

    /// The right path, and every way to get one of its parameters wrong.
    fn wrong_paths(&self, api: &Api) -> Vec<(String, String)> {
        let good = self.path_of(api);
        let mut paths = vec![("nothing but the path".to_owned(), good.clone())];
        for name in self.parameters("path") {
            for wrong in ["x", "%FF", "01890a5d-ac96-774b-bcce-b302099a8057"] {
                paths.push((wrong.to_owned(), self.path.replace(&format!("{{{name}}}"), wrong)));
            }
        }
        for name in self.parameters("query") {
            for wrong in ["", "x", "-1", "101", "%FF", "%00", &"9".repeat(600)] {
                paths.push((format!("{name}={wrong}"), format!("{good}?{name}={wrong}")));
            }
        }
        paths
    }

    fn documents(&self, answer: &Answer, what: &str) {
        let status = answer.status.to_string();
        assert!(
            self.about["responses"].get(&status).is_some(),
            "{self}: {status} to {what}: {}",
            answer.body
        );
    }
}

impl std::fmt::Display for Operation<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method.to_uppercase(), self.path)
    }
}
