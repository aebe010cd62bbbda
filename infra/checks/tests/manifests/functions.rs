//! Every function is deployed once, is reached through a front, and sees only the keys and stores that the register says.

use crate::rendered::{
    RENDERED, function_of, is_function, list, name, pod, registered, services, with_gateway_api,
};
use all::FUNCTIONS;
use checks::{documents, text};
use serde_json::{Value, json};
use shared::http::function::Needed;
use std::collections::{BTreeMap, BTreeSet};
use testkit::{PRIVATE_KEY, PUBLIC_KEY};

#[test]
fn every_function_has_one_file_and_is_one_service_of_each_overlay() {
    let registered: BTreeSet<_> = FUNCTIONS.iter().map(|registered| registered.function.name).collect();
    for function in &registered {
        let objects = documents(&text(&format!("knative/base/{function}.yaml")));
        let services: Vec<_> = objects.iter().filter(|object| is_function(object)).map(name).collect();
        assert_eq!(services, [*function], "knative/base/{function}.yaml");
    }
    for (overlay, objects) in RENDERED.iter() {
        let services: Vec<_> = objects.iter().filter(|object| is_function(object)).map(name).collect();
        assert_eq!(services.len(), registered.len(), "{overlay}");
        assert_eq!(services.into_iter().collect::<BTreeSet<_>>(), registered, "{overlay}");
    }
}

#[test]
fn no_function_is_reached_but_through_a_front() {
    for (overlay, service) in services() {
        let visibility = &service["metadata"]["labels"]["networking.knative.dev/visibility"];
        assert_eq!(visibility, "cluster-local", "{overlay}: {}", name(service));
    }
}

#[test]
fn only_signers_see_the_private_key_and_verifiers_the_public_ones() {
    for (overlay, service) in services() {
        let function = function_of(service);
        let (who, variables) = (name(service), variables(service));
        assert_eq!(variables.contains("YEMAE_JWT_PRIVATE_KEY"), function.signs, "{overlay}: {who}");
        assert_eq!(variables.contains("YEMAE_JWT_PUBLIC_KEYS"), function.verifies, "{overlay}: {who}");
        let mounts = &pod(service).expect("a pod")["volumes"];
        assert!(mounts.is_null(), "{overlay}: {who} mounts something");
    }
    for (overlay, objects) in RENDERED.iter() {
        for object in objects.iter().filter(|object| !is_function(object) && object["kind"] != "Secret") {
            let seen = object.to_string().contains("yemae-signing-key");
            assert!(!seen, "{overlay}: {} {} sees the private key", object["kind"], name(object));
        }
    }
}

#[test]
fn credentials_go_where_the_store_is_asked() {
    for (overlay, service) in services().filter(|(overlay, _)| *overlay == "production") {
        let (who, function, variables) = (name(service), function_of(service), variables(service));
        assert_eq!(
            variables.contains("AWS_ACCESS_KEY_ID"),
            function.stores != Needed::Nothing,
            "{overlay}: {who} asks the books"
        );
        assert_eq!(
            variables.contains("YEMAE_REDIS_URL"),
            function.stores.asks_redis(),
            "{overlay}: {who} asks Redis"
        );
        // Requests that change something are counted by address, in Redis.
        let document = (registered(who).routes)().into_openapi();
        let writes = document.paths.paths.values().any(|item| {
            item.post.is_some() || item.put.is_some() || item.patch.is_some() || item.delete.is_some()
        });
        if writes || function.stores == Needed::BooksAndRedis {
            assert!(function.stores.asks_redis(), "{overlay}: {who} needs Redis");
        }
    }
}

#[test]
fn every_function_has_an_account_of_its_own_that_may_nothing() {
    for (overlay, objects) in RENDERED.iter() {
        let accounts: BTreeMap<_, _> = objects
            .iter()
            .filter(|object| object["kind"] == "ServiceAccount")
            .map(|account| (name(account), &account["automountServiceAccountToken"]))
            .collect();
        for service in objects.iter().filter(|object| is_function(object)) {
            let account = pod(service).unwrap()["serviceAccountName"].as_str();
            assert_eq!(account, Some(name(service)), "{overlay}");
            assert_eq!(accounts.get(name(service)), Some(&&json!(false)), "{overlay}: {}", name(service));
        }
    }
}

#[test]
fn everything_is_in_one_namespace() {
    for (overlay, objects) in RENDERED.iter() {
        for object in objects.iter().filter(|object| object["kind"] != "Namespace") {
            assert_eq!(
                object["metadata"]["namespace"],
                "yemae",
                "{overlay}: {} {}",
                object["kind"],
                name(object)
            );
        }
    }
}

#[test]
fn the_demo_keys_are_the_public_ones_of_the_tests() {
    for (file, known) in [("private.pem", PRIVATE_KEY), ("public.pem", PUBLIC_KEY)] {
        let key = text(&format!("infra/stores/local/keys/{file}"));
        assert_eq!(key, known, "a private key that may be in use is committed");
    }
}

#[test]
fn the_gateway_api_component_goes_with_any_overlay() {
    let Some(objects) = with_gateway_api() else { return };
    let routes: Vec<_> = objects.iter().filter(|object| object["kind"] == "HTTPRoute").collect();
    assert_eq!(routes.len(), all::public().count());
    for route in routes {
        let spec = &route["spec"];
        assert!(spec["parentRefs"][0]["name"].is_string() && spec["hostnames"][0].is_string(), "{route}");
        assert!(list(&spec["rules"]).len() <= 16 && list(&spec["rules"][0]["matches"]).len() <= 8, "{route}");
        assert_eq!(route["metadata"]["namespace"], "yemae");
    }
    let grant = objects.iter().find(|object| object["kind"] == "ReferenceGrant").expect("a grant");
    assert_eq!(grant["metadata"]["namespace"], "kourier-system");
}

/// The variables that a container gets besides the settings that all have.
fn variables(service: &Value) -> BTreeSet<String> {
    let env = list(&pod(service).unwrap()["containers"][0]["env"]);
    env.iter().map(|variable| variable["name"].as_str().unwrap().to_owned()).collect()
}
