//! The functions' numbers of instances, their timeouts, and whether their annotations fit together.

use crate::{
    rendered::{AUTOSCALING, RENDERED, autoscaling, function_of, name, pod, pods, services},
    schema::SCHEMA,
};
use checks::text;
use serde_json::json;
use shared::http::function::Reach;
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn time_is_left_for_every_deadline_and_for_draining() {
    /// How long queue-proxy waits for more requests before it ends (drainSleepDuration in Knative's source). Then the function
    /// drains.
    const QUIET_S: u64 = 30;
    const DRAIN_S: u64 = 10;
    let mut longest_public_s = 0;
    for (overlay, service) in services() {
        let function = function_of(service);
        let timeout_s = pod(service).unwrap()["timeoutSeconds"].as_u64().expect("a timeout");
        let least_s = function.deadline_s + QUIET_S + DRAIN_S;
        assert!((least_s..=600).contains(&timeout_s), "{overlay}: {}: {timeout_s} s", function.name);
        if function.reach == Reach::Public {
            longest_public_s = longest_public_s.max(function.deadline_s);
        }
    }
    let front = text("infra/nginx/front.conf");
    let read_s = front.split("proxy_read_timeout ").nth(1).and_then(|rest| rest.split('s').next());
    let read_s: u64 = read_s.expect("a timeout").parse().unwrap();
    assert!(read_s >= longest_public_s + QUIET_S, "nginx gives up before a function that starts cold");
    for (_, object, pod) in pods().filter(|(_, object, _)| name(object) == "front") {
        let grace_s = pod["terminationGracePeriodSeconds"].as_u64().unwrap();
        let pause_s = pod["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"].as_u64().unwrap();
        assert!(grace_s >= pause_s + read_s, "{}: nginx is killed while it finishes", name(object));
    }
}

#[test]
fn everything_is_bounded_softly_and_a_burst_of_passwords_is_spread() {
    for (overlay, service) in services() {
        let (who, autoscaling) = (name(service), autoscaling(service));
        let hard = &pod(service).unwrap()["containerConcurrency"];
        assert!(hard.is_null() && autoscaling.contains_key("target"), "{overlay}: {who}");
        if ["signup", "login"].contains(&who) {
            let target: usize = autoscaling["target"].parse().unwrap();
            assert!(
                (1..=2 * shared::services::passwords::AT_ONCE).contains(&target),
                "{overlay}: {who}: {target}"
            );
            assert_eq!(
                autoscaling["target-burst-capacity"], "-1",
                "{overlay}: {who}: one instance turns away"
            );
        }
        let most: u64 = autoscaling["max-scale"].parse().unwrap();
        assert!((1..=100).contains(&most), "{overlay}: {who}: {most}");
    }
    let most: u64 = services()
        .filter(|(overlay, _)| *overlay == "local")
        .map(|(_, service)| autoscaling(service)["max-scale"].parse::<u64>().unwrap())
        .sum();
    let said = text("knative/base/kustomization.yaml");
    if !RENDERED.is_empty() {
        assert!(
            said.contains(&format!("All functions together have {most} instances at most")),
            "it is {most}"
        );
    }
}

#[test]
fn annotations_of_knative_are_known_and_well_formed() {
    for (overlay, service) in services() {
        let at = format!("{overlay}: {}", name(service));
        assert!(service["metadata"]["annotations"].is_null(), "{at}: annotations belong to the template");
        assert_eq!(SCHEMA.judge(service), [""; 0], "{at}");
        check_scales(&at, &autoscaling(service));
    }
}

#[test]
fn the_schedule_does_what_the_overlay_does_and_budgets_cover_both() {
    let floors: BTreeMap<String, BTreeMap<String, String>> =
        serde_json::from_str(&text("knative/components/on-sale-schedule/floors.json")).unwrap();
    for (_, service) in services().filter(|(overlay, _)| *overlay == "on-sale") {
        let mut awake = autoscaling(service);
        let asleep = services().find(|(overlay, other)| *overlay == "local" && name(other) == name(service));
        let asleep = autoscaling(asleep.unwrap().1);
        let mut both = asleep.clone();
        both.extend(floors.get(name(service)).cloned().unwrap_or_default());
        check_scales(name(service), &both);
        awake.retain(|key, value| asleep.get(key) != Some(value));
        assert_eq!(floors.get(name(service)).cloned().unwrap_or_default(), awake, "{}", name(service));
    }
    for (overlay, objects) in RENDERED.iter().filter(|(overlay, _)| *overlay != "local") {
        let budgets = objects.iter().filter(|object| object["kind"] == "PodDisruptionBudget");
        let covered: BTreeSet<_> = budgets
            .filter_map(|budget| {
                budget["spec"]["selector"]["matchLabels"]["serving.knative.dev/service"].as_str()
            })
            .collect();
        assert_eq!(covered, floors.keys().map(String::as_str).collect(), "{overlay}");
    }
    for (function, floors) in &floors {
        let annotations: BTreeMap<_, _> =
            floors.iter().map(|(key, value)| (format!("{AUTOSCALING}{key}"), value)).collect();
        let part = json!({ "spec": { "template": { "metadata": { "annotations": annotations } } } });
        assert_eq!(SCHEMA.judge_part("serving.knative.dev/v1 Service", &part), [""; 0], "{function}");
    }
}

/// Checks annotations that depend on each other.
fn check_scales(at: &str, annotations: &BTreeMap<String, String>) {
    let scale = |key: &str| annotations.get(key).map(|value| value.parse::<u32>().expect("a number"));
    let (least, most) = (scale("min-scale").unwrap_or(0), scale("max-scale").expect("a bound"));
    let awake = scale("activation-scale").unwrap_or(least);
    assert!(least <= awake && awake <= most, "{at}: {least} ≤ {awake} ≤ {most}");
    let class = annotations.get("class").map_or("kpa.autoscaling.knative.dev", String::as_str);
    let of_kpa = annotations.get("metric").is_none_or(|metric| ["concurrency", "rps"].contains(&&**metric));
    assert!(of_kpa || class == "hpa.autoscaling.knative.dev", "{at}: a metric that its class does not know");
}
