//! The rules of Prometheus, made quicker: every duration is divided by one factor, so that an alert of minutes fires within
//! seconds. Queries, thresholds and labels stay as they are, except thresholds that are themselves times.

use crate::DrillResult;
use serde_yaml_ng::Value;

/// A range below this many seconds has too few samples for a rate, at one each second, and too few calls of the timer.
const RANGE_LEAST_S: f64 = 6.0;
/// Waits and offsets may be as short as the time between two samples.
const WAIT_LEAST_S: f64 = 1.0;
/// A threshold that is a time is no shorter than what is usual here: a timer that calls every two seconds.
const THRESHOLD_LEAST_S: f64 = 5.0;
/// How often rules are evaluated in the exercise.
pub(crate) const EVERY: &str = "1s";
/// Metrics whose value is a time: what they are compared with is a duration, too, and no shorter than this. The age of a process
/// is compared with a range.
const TIMES: [(&str, f64); 3] = [
    ("yemae_outbox_age_seconds", THRESHOLD_LEAST_S),
    ("yemae_sweep_delay_seconds", THRESHOLD_LEAST_S),
    ("process_uptime_seconds", RANGE_LEAST_S),
];

/// The rules as YAML, with durations divided by `factor`, and the names of their alerts.
///
/// # Errors
/// The text is not a file of rules.
pub fn quickened(rules: &str, factor: f64) -> DrillResult<(String, Vec<String>)> {
    let mut file: Value = serde_yaml_ng::from_str(rules)?;
    let groups = file.get_mut("groups").and_then(Value::as_sequence_mut).ok_or("no groups")?;
    let mut alerts = Vec::new();
    for group in groups {
        let fields = group.as_mapping_mut().ok_or("a group without fields")?;
        fields.insert("interval".into(), EVERY.into());
        let rules =
            fields.get_mut("rules").and_then(Value::as_sequence_mut).ok_or("a group without rules")?;
        for rule in rules {
            quicken(rule, factor)?;
            alerts.extend(rule.get("alert").and_then(Value::as_str).map(str::to_owned));
        }
    }
    Ok((serde_yaml_ng::to_string(&file)?, alerts))
}

fn quicken(rule: &mut Value, factor: f64) -> DrillResult<()> {
    for (field, least_s) in
        [("for", WAIT_LEAST_S), ("keep_firing_for", WAIT_LEAST_S), ("expr", RANGE_LEAST_S)]
    {
        let Some(value) = rule.get_mut(field) else { continue };
        let text = value.as_str().ok_or_else(|| format!("{field} is not a text"))?;
        let text = durations_divided(text, factor, least_s);
        *value = if field == "expr" { times_divided(&text, factor) } else { text }.into();
    }
    Ok(())
}

/// Divides literals such as `5m` and `1h30m`.
fn durations_divided(text: &str, factor: f64, least_s: f64) -> String {
    let mut divided = String::with_capacity(text.len());
    let mut rest = text;
    let mut is_in_word = false;
    while let Some(next) = rest.chars().next() {
        if !is_in_word && let Some((seconds, length)) = duration(rest) {
            let milliseconds = ((seconds / factor).max(least_s.min(seconds)) * 1_000.0).round();
            divided.push_str(&milliseconds.to_string());
            divided.push_str("ms");
            rest = rest.get(length..).unwrap_or_default();
            continue;
        }
        is_in_word = next.is_ascii_alphanumeric() || matches!(next, '_' | '.' | ':');
        divided.push(next);
        rest = rest.get(next.len_utf8()..).unwrap_or_default();
    }
    divided
}

/// The duration that a text begins with, in seconds, and its length.
fn duration(text: &str) -> Option<(f64, usize)> {
    let (mut seconds, mut length) = (0.0, 0);
    loop {
        let rest = text.get(length..)?;
        let digits = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
        let unit = rest.get(digits..)?;
        let unit =
            unit.get(..unit.find(|letter: char| !letter.is_ascii_alphabetic()).unwrap_or(unit.len()))?;
        // A part may be followed by the next one: `1h30m`.
        let unit_s = match unit {
            "ms" => 0.001,
            "s" => 1.0,
            "m" => 60.0,
            "h" => 3_600.0,
            "d" => 86_400.0,
            "w" => 604_800.0,
            _ => break,
        };
        let Ok(count) = rest.get(..digits)?.parse::<f64>() else { break };
        seconds += count * unit_s;
        length += digits + unit.len();
    }
    let ends_there =
        !text.get(length..)?.starts_with(|letter: char| letter.is_ascii_alphanumeric() || letter == '_');
    (length > 0 && ends_there).then_some((seconds, length))
}

/// Divides the thresholds of metrics that are times.
fn times_divided(text: &str, factor: f64) -> String {
    let mut text = text.to_owned();
    for (name, least_s) in TIMES {
        let mut from = 0;
        while let Some(found) = text.get(from..).and_then(|rest| rest.find(name)) {
            from += found + name.len();
            let Some((begin, end)) = threshold(&text, from) else { continue };
            let Some(seconds) = text.get(begin..end).and_then(|number| number.parse::<f64>().ok()) else {
                continue;
            };
            let divided = (seconds / factor).max(least_s.min(seconds)).to_string();
            text.replace_range(begin..end, &divided);
        }
    }
    text
}

/// Where the number is that the metric before this place is compared with. Its labels and its range may stand between, and the
/// end of a function; what a metric is compared with that only comes later is not its own.
fn threshold(text: &str, from: usize) -> Option<(usize, usize)> {
    let mut sign = from;
    for (begin, end) in [('{', '}'), ('[', ']')] {
        let rest = text.get(sign..)?;
        if rest.starts_with(begin) {
            sign += rest.find(end)? + end.len_utf8();
        }
    }
    let rest = text.get(sign..)?;
    sign += rest.len() - rest.trim_start_matches([')', ' ', '\n']).len();
    let rest = text.get(sign..)?;
    let number = sign + rest.len() - rest.trim_start_matches(['>', '<', '=', ' ', '\n']).len();
    let is_compared = rest.starts_with(['>', '<']);
    let rest = text.get(number..)?;
    let length = rest.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(rest.len());
    (is_compared && length > 0).then_some((number, number + length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_divided_and_names_and_numbers_are_not() {
        let divided = |text| durations_divided(text, 60.0, RANGE_LEAST_S);
        assert_eq!(divided("rate(a_5m_total[1h]) > 0.05"), "rate(a_5m_total[60000ms]) > 0.05");
        assert_eq!(divided("job:x:rate5m[1h30m] offset 10m"), "job:x:rate5m[90000ms] offset 10000ms");
        assert_eq!(divided("x[10m] > 14.4 * 0.001"), "x[10000ms] > 14.4 * 0.001");
        assert_eq!(divided("x[1m]"), "x[6000ms]", "never shorter than a rate needs");
        assert_eq!(durations_divided("2m", 60.0, WAIT_LEAST_S), "2000ms");
        assert_eq!(durations_divided("0s", 60.0, WAIT_LEAST_S), "0ms");
    }

    #[test]
    fn a_threshold_that_is_a_time_is_divided() {
        let age = "max(yemae_outbox_age_seconds{a=\"b\"}) > 300 and x > 5";
        assert_eq!(times_divided(age, 30.0), "max(yemae_outbox_age_seconds{a=\"b\"}) > 10 and x > 5");
        assert_eq!(times_divided("yemae_sweep_delay_seconds > 60", 60.0), "yemae_sweep_delay_seconds > 5");
        assert_eq!(times_divided("yemae_seats > 300", 60.0), "yemae_seats > 300");
        let not_its_own = "process_uptime_seconds offset 5m and x > 300";
        assert_eq!(times_divided(not_its_own, 60.0), not_its_own);
    }

    #[test]
    fn the_age_of_a_process_is_divided_as_the_range_beside_it() {
        let rule = |range, age| {
            format!(
                "x[{range}] and (last_over_time(process_uptime_seconds[{range}]) < {age} or process_uptime_seconds offset {range})"
            )
        };
        for (range, age, factor, quick_range, quick_age) in [
            ("6h", "21600", 240.0, "90000ms", "90"),
            ("5m", "300", 10.0, "30000ms", "30"),
            ("5m", "300", 240.0, "6000ms", "6"),
        ] {
            let mut value = serde_yaml_ng::from_str("expr: ''").expect("a rule");
            let fields: &mut Value = &mut value;
            fields["expr"] = rule(range, age).into();
            quicken(fields, factor).expect("a rule");
            assert_eq!(fields["expr"], Value::from(rule(quick_range, quick_age)));
        }
    }

    #[test]
    fn a_file_keeps_its_alerts() {
        let rules = "groups:\n- name: g\n  rules:\n  - alert: A\n    expr: x[5m] > 1\n    for: 10m\n  - record: r\n    expr: y\n";
        let (text, alerts) = quickened(rules, 60.0).expect("rules");
        assert_eq!(alerts, ["A"]);
        assert!(text.contains("x[6000ms] > 1") && text.contains("for: 10000ms"), "{text}");
    }
}
