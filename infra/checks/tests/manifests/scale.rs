//! Which autoscaling annotations Knative takes, and what they say together.

use std::collections::BTreeMap;

/// What Knative's webhook takes (`pkg/apis/autoscaling/annotation_validation.go`).
pub(crate) fn is_autoscaling(key: &str, value: &str) -> bool {
    let number = |from: f64, to: f64| value.parse::<f64>().is_ok_and(|value| (from..=to).contains(&value));
    let whole = |from: i32| value.parse::<i32>().is_ok_and(|value| value >= from);
    let seconds = |from: u32, to: u32| {
        let digits = value.strip_suffix('s').and_then(|digits| digits.parse().ok());
        digits.is_some_and(|value: u32| (from..=to).contains(&value))
    };
    match key {
        "class" => ["kpa.autoscaling.knative.dev", "hpa.autoscaling.knative.dev"].contains(&value),
        "metric" => ["concurrency", "rps", "cpu", "memory"].contains(&value),
        "min-scale" | "max-scale" => whole(0),
        // None is allowed only where the cluster says so.
        "initial-scale" => whole(1),
        "activation-scale" => whole(2),
        "target" => number(0.01, f64::MAX),
        "target-utilization-percentage" | "panic-window-percentage" => number(1.0, 100.0),
        "panic-threshold-percentage" => number(110.0, 1_000.0),
        "target-burst-capacity" => value == "-1" || number(0.0, f64::MAX),
        "window" => seconds(6, 3_600),
        "scale-down-delay" | "scale-to-zero-pod-retention-period" => seconds(0, 3_600),
        _ => false,
    }
}

/// What it says of these together.
pub(crate) fn check_scales(at: &str, annotations: &BTreeMap<String, String>) {
    let scale = |key: &str| annotations.get(key).map(|value| value.parse::<u32>().expect("a number"));
    let (least, most) = (scale("min-scale").unwrap_or(0), scale("max-scale").expect("a bound"));
    let awake = scale("activation-scale").unwrap_or(least);
    assert!(least <= awake && awake <= most, "{at}: {least} ≤ {awake} ≤ {most}");
    let class = annotations.get("class").map_or("kpa.autoscaling.knative.dev", String::as_str);
    let of_kpa = annotations.get("metric").is_none_or(|metric| ["concurrency", "rps"].contains(&&**metric));
    assert!(of_kpa || class == "hpa.autoscaling.knative.dev", "{at}: a metric that its class does not know");
}
