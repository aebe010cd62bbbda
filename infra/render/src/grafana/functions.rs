//! The functions, for operators: rate, errors, duration, and what each process uses.

use super::{Dashboard, Panel, Variable, View};

pub(super) fn dashboard() -> Dashboard {
    Dashboard {
        name: "functions",
        title: "Yemae: Functions",
        description: "Requests, errors, durations, starts and processes of each function.",
        variable: Some(Variable {
            name: "function",
            title: "Function",
            values: r#"label_values(http_server_request_duration_seconds_count{faas_name!=""}, faas_name)"#,
            many: true,
        }),
        panels: [requests(), durations(), processes(), background()].into_iter().flatten().collect(),
    }
}

fn requests() -> Vec<Panel> {
    vec![
        View::Lines.panel(
            "Requests per second",
            "Answered requests, of each function.",
            "reqps",
            &[(
                r#"sum by (faas_name) (rate(http_server_request_duration_seconds_count{faas_name=~"$function"}[$__rate_interval]))"#,
                "{{faas_name}}",
            )],
        ),
        View::Lines.panel(
            "Failed",
            "The share of requests that were answered with a 5xx. The service's aim is a thousandth.",
            "percentunit",
            &[(
                r#"(sum by (faas_name) (rate(http_server_request_duration_seconds_count{faas_name=~"$function",http_response_status_code=~"5.."}[$__rate_interval])) or 0 * sum by (faas_name) (rate(http_server_request_duration_seconds_count{faas_name=~"$function"}[$__rate_interval]))) / (sum by (faas_name) (rate(http_server_request_duration_seconds_count{faas_name=~"$function"}[$__rate_interval])) > 0)"#,
                "{{faas_name}}",
            )],
        ),
        View::Stack.panel(
            "Answers by status",
            "409 is another buyer's seat, 429 too fast, 503 a store that is away or a function that has too much to do.",
            "reqps",
            &[(
                r#"sum by (http_response_status_code) (rate(http_server_request_duration_seconds_count{faas_name=~"$function"}[$__rate_interval]))"#,
                "{{http_response_status_code}}",
            )],
        ),
    ]
}

fn durations() -> Vec<Panel> {
    vec![
        View::Lines.panel(
            "Duration",
            "Half, 95 % and 99 % of the requests are answered within.",
            "s",
            quantiles!(r#"http_server_request_duration_seconds_bucket{faas_name=~"$function"}"#),
        ),
        View::Lines.panel(
            "The slowest routes (p95)",
            "95 % of a route's requests are answered within.",
            "s",
            &[(
                r#"topk(10, histogram_quantile(0.95, sum by (le, http_request_method, http_route) (rate(http_server_request_duration_seconds_bucket{faas_name=~"$function"}[$__rate_interval]))) >= 0)"#,
                "{{http_request_method}} {{http_route}}",
            )],
        ),
        View::Lines.panel(
            "In flight",
            "Requests that are being answered.",
            "short",
            &[(
                r#"sum by (faas_name) (http_server_active_requests{faas_name=~"$function"})"#,
                "{{faas_name}}",
            )],
        ),
    ]
}

fn processes() -> Vec<Panel> {
    vec![
        View::Lines.panel(
            "Instances",
            "Processes that have answered a request of the function.",
            "short",
            &[(r#"count by (faas_name) (faas_coldstarts_total{faas_name=~"$function"})"#, "{{faas_name}}")],
        ),
        View::Lines.panel(
            "Cold starts",
            "Processes that began within the last five minutes and have answered a request.",
            "short",
            &[(
                r#"count(faas_coldstarts_total{faas_name=~"$function"} and on (job, instance) process_uptime_seconds < 300) or vector(0)"#,
                "started",
            )],
        ),
        View::Lines.panel(
            "Start to first answer",
            "Of the processes that run now: half and 95 % have answered within.",
            "s",
            &[
                (
                    r#"histogram_quantile(0.5, sum by (le) (faas_init_duration_seconds_bucket{faas_name=~"$function"}))"#,
                    "p50",
                ),
                (
                    r#"histogram_quantile(0.95, sum by (le) (faas_init_duration_seconds_bucket{faas_name=~"$function"}))"#,
                    "p95",
                ),
            ],
        ),
        View::Lines.panel(
            "Memory",
            "Resident memory of each process. A job is a function, or all of them in one process.",
            "bytes",
            &[("max by (job, instance) (process_memory_usage_bytes)", "{{job}} {{instance}}")],
        ),
        View::Lines.panel(
            "CPU",
            "Cores that the processes of a job keep busy.",
            "short",
            &[("sum by (job) (process_cpu_utilization_ratio)", "{{job}}")],
        ),
        View::Lines.panel(
            "Open streams",
            "Pages that follow a seat map.",
            "short",
            &[("sum(yemae_streams) or vector(0)", "streams")],
        ),
    ]
}

fn background() -> Vec<Panel> {
    vec![
        View::Lines.panel(
            "Passwords in line",
            "The longest line of a process: it lets 256 wait.",
            "short",
            &[("max(yemae_passwords_waiting) or vector(0)", "in line")],
        ),
        View::Lines.panel(
            "Passwords per minute",
            "Hashed, or turned away because the line was full.",
            "short",
            &[(
                concat!("sum by (yemae_outcome) (", counted!("yemae_passwords_total"), ") / 5"),
                "{{yemae_outcome}}",
            )],
        ),
        View::Lines.panel(
            "Background work",
            "How old the oldest event is that waits for its delivery, and how long the oldest thing had been due when it was swept.",
            "s",
            &[("max(yemae_outbox_age_seconds)", "outbox"), ("max(yemae_sweep_delay_seconds)", "sweep")],
        ),
    ]
}
