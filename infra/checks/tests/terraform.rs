//! Terraform's files are formatted, and their values agree with the code. Validating them needs the provider, so a workflow
//! does that.
#![cfg(test)]

use all::FUNCTIONS;
use checks::{root, run, text, tool};
use serde_json::{Value, json};
use shared::{adapters::dynamodb::TABLES, routes::ROUTES};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::Write as _,
    path::PathBuf,
    process::{Command, Stdio},
};

#[test]
fn every_file_is_formatted() {
    let Some(terraform) = tool("terraform") else { return };
    run(Command::new(terraform).args(["fmt", "-check", "-diff", "-recursive", "infra/terraform"]));
}

/// Evaluates an expression over `locals.tf`. That file needs no provider, so Terraform itself can be asked.
fn evaluate(expression: &str) -> Option<Value> {
    let terraform = tool("terraform")?;
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("terraform")).unwrap();
    for file in ["tables.json", "terraform/locals.tf", "terraform/routes.json", "terraform/functions.json"] {
        fs::copy(root("infra").join(file), folder.path().join(file)).unwrap();
    }
    Some(ask(&terraform, &folder.path().join("terraform"), expression))
}

fn ask(terraform: &PathBuf, folder: &PathBuf, expression: &str) -> Value {
    let mut console = Command::new(terraform)
        .arg("console")
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    writeln!(console.stdin.take().unwrap(), "jsonencode({expression})").unwrap();
    let said = console.wait_with_output().unwrap();
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    // Terraform prints a string in quotes: JSON inside JSON.
    let printed: String = serde_json::from_slice(&said.stdout).unwrap();
    serde_json::from_str(&printed).unwrap()
}

#[test]
fn the_tables_are_the_shared_ones_to_the_last_attribute() {
    let Some(tables) = evaluate("local.tables") else { return };
    let committed: Vec<Value> = serde_json::from_str(&text("infra/tables.json")).unwrap();
    assert_eq!(tables.as_object().unwrap().len(), TABLES.len());
    for table in committed {
        let create = &table["create"];
        let made = &tables[create["TableName"].as_str().unwrap()];
        let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
        let key = |parts: &Value| -> BTreeMap<String, Value> {
            let name = |part: &Value| part["KeyType"].as_str().unwrap().to_lowercase();
            list(parts).iter().map(|part| (name(part), part["AttributeName"].clone())).collect()
        };
        let attributes: BTreeMap<_, _> = list(&create["AttributeDefinitions"])
            .iter()
            .map(|it| (it["AttributeName"].as_str().unwrap().to_owned(), it["AttributeType"].clone()))
            .collect();
        let indexes: BTreeMap<_, _> = list(&create["GlobalSecondaryIndexes"])
            .iter()
            .map(|index| {
                let mut made = key(&index["KeySchema"]);
                made.insert("projection".to_owned(), index["Projection"]["ProjectionType"].clone());
                (index["IndexName"].as_str().unwrap().to_owned(), made)
            })
            .collect();
        let said = json!({
            "billing_mode": create["BillingMode"],
            "key": key(&create["KeySchema"]),
            "attributes": attributes,
            "indexes": indexes,
            "ttl_attribute": table["time_to_live"]["AttributeName"],
        });
        assert_eq!(*made, said);
        let known =
            ["AttributeDefinitions", "BillingMode", "GlobalSecondaryIndexes", "KeySchema", "TableName"];
        for field in create.as_object().unwrap().keys() {
            assert!(known.contains(&field.as_str()), "{field} is not read by locals.tf");
        }
    }
    // locals.tf reads these, and tables.tf uses them.
    let resource = text("infra/terraform/tables.tf");
    for used in ["billing_mode", "key.hash", "key.range", "attributes", "indexes", "ttl_attribute"] {
        assert!(resource.contains(&format!("each.value.{used}")), "{used}");
    }
    for used in ["hash", "range", "projection"] {
        assert!(resource.contains(&format!("global_secondary_index.value.{used}")), "{used}");
    }
}

#[test]
fn every_function_is_there_with_the_keys_and_the_time_that_it_needs() {
    let Some(functions) = evaluate("local.functions") else { return };
    let registered = FUNCTIONS.iter().map(|registered| (registered.function.name, registered.function));
    let registered: BTreeMap<_, _> = registered.collect();
    let named: BTreeSet<_> = functions.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(named, registered.keys().copied().collect());
    let mut at_once_max = 0;
    for (name, function) in registered {
        let lambda = &functions[name];
        assert_eq!(
            (&lambda["signs"], &lambda["verifies"]),
            (&json!(function.signs), &json!(function.verifies))
        );
        let timeout_s = lambda["timeout_s"].as_u64().unwrap();
        assert!(timeout_s > function.deadline_s, "{name}: its own answer would come too late");
        // Without a number of its own, a function reserves nothing of the account's.
        at_once_max += lambda["at_once_max"].as_u64().unwrap_or_default();
    }
    assert!(at_once_max <= 900, "an account has 1,000, and 100 must be left: {at_once_max}");
    // The only place that passes the private key on.
    let lambdas = text("infra/terraform/functions.tf");
    assert_eq!(lambdas.matches("YEMAE_JWT_PRIVATE_KEY").count(), 1);
    assert!(lambdas.contains("each.value.signs ? { YEMAE_JWT_PRIVATE_KEY ="));
}

#[test]
fn the_routes_are_those_of_the_table() {
    let routes: Vec<Value> = serde_json::from_str(&text("infra/terraform/routes.json")).unwrap();
    assert_eq!(routes.len(), ROUTES.len());
    for (line, route) in routes.iter().zip(ROUTES) {
        assert_eq!(line["function"], route.function);
        assert_eq!((&line["path"], &line["exact"]), (&json!(route.path), &json!(route.exact)));
        assert!(!line["route_keys"].as_array().unwrap().is_empty());
    }
}

#[test]
fn rights_name_every_kind_of_item_and_no_other() {
    let Some(access) = evaluate("local.access") else { return };
    let functions: BTreeSet<_> = access.as_object().unwrap().keys().cloned().collect();
    assert_eq!(functions, FUNCTIONS.iter().map(|it| it.function.name.to_owned()).collect());
    let named = evaluate("keys(local.statements)").unwrap();
    let named: BTreeSet<_> =
        named.as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_owned()).collect();
    assert!(named.is_subset(&functions), "rights of what is no function: {named:?}");
    for registered in FUNCTIONS {
        let function = registered.function;
        let tells = access[function.name].to_string().contains("OUTBOX#*") && function.name != "relay";
        assert_eq!(tells, function.wakes_relay, "{}: what tells of a change wakes `relay`", function.name);
    }
    let mut granted = BTreeSet::new();
    for statement in access.as_object().unwrap().values().flat_map(|list| list.as_array().unwrap()) {
        let table = TABLES.iter().find(|table| table.name == statement["table"]).expect("a table");
        let index = statement["index"].as_str();
        assert!(index.is_none_or(|name| table.indexes.iter().any(|index| index.name == name)), "{statement}");
        // Permissions are bounded by an item's partition. Only the indexes by user and by time have no partition to name.
        assert!(index.is_some() || statement["keys"].is_array(), "{statement}");
        let keys = statement["keys"].as_array().into_iter().flatten();
        granted.extend(keys.filter_map(|key| key.as_str()?.strip_suffix("#*").map(str::to_owned)));
    }
    // As the code builds them: `format!("USER#{user}")`.
    let code = text("shared/src/adapters/dynamodb/keys.rs");
    let code = code.split("#[cfg(test)]").next().unwrap();
    let made = code.split("format!(\"").skip(1).filter_map(|rest| {
        let key = rest.split('"').next()?;
        let (kind, rest) = key.split_once('#')?;
        let is_partition = rest.starts_with('{') && kind.bytes().all(|byte| byte.is_ascii_uppercase());
        is_partition.then(|| kind.to_owned())
    });
    // Sort keys, which are in the partition of their booking, block or house.
    let sorted = BTreeSet::from(["LEDGER", "PAYMENT", "S", "VERSION"].map(str::to_owned));
    assert_eq!(granted, &made.collect::<BTreeSet<_>>() - &sorted);
}

#[test]
fn timer_and_stream_send_what_functions_understand() {
    let event = text("infra/terraform/timer-event.json");
    let request = lambda_http::request::from_str(&event).expect("an event of API Gateway");
    assert_eq!((request.method().as_str(), request.uri().path()), ("POST", "/"));
    // As a DynamoDB stream calls it.
    let news = r#"{"Records":[{"eventName":"INSERT","eventSource":"aws:dynamodb","dynamodb":{"Keys":{}}}]}"#;
    let request = lambda_http::request::from_str(news).expect("an event of a stream");
    assert_eq!((request.method().as_str(), request.uri().path()), ("POST", "/events"));
    let relay = FUNCTIONS.iter().find(|registered| registered.function.name == "relay").expect("relay");
    assert!((relay.routes)().into_openapi().paths.paths.contains_key("/events"));
}
