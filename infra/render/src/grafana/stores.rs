//! The stores and the payment provider, for operators.

use super::{Dashboard, Panel, View};

pub(super) fn dashboard() -> Dashboard {
    Dashboard {
        name: "stores",
        title: "Yemae: Stores",
        description: "Calls to Redis, DynamoDB and the payment provider, as the functions see them.",
        variable: None,
        panels: [calls(), troubles(), others()].into_iter().flatten().collect(),
    }
}

fn calls() -> Vec<Panel> {
    vec![
        View::Lines.panel(
            "Calls per second",
            "Each with its retries.",
            "ops",
            &[(
                "sum by (db_system_name) (rate(db_client_operation_duration_seconds_count[$__rate_interval]))",
                "{{db_system_name}}",
            )],
        ),
        View::Lines.panel(
            "Redis",
            "Half, 95 % and 99 % of the calls are answered within.",
            "s",
            quantiles!(r#"db_client_operation_duration_seconds_bucket{db_system_name="redis"}"#),
        ),
        View::Lines.panel(
            "DynamoDB",
            "Half, 95 % and 99 % of the calls are answered within.",
            "s",
            quantiles!(r#"db_client_operation_duration_seconds_bucket{db_system_name="aws.dynamodb"}"#),
        ),
    ]
}

fn troubles() -> Vec<Panel> {
    vec![
        View::Lines.panel(
            "Calls by operation",
            "Scripts of Redis and operations of DynamoDB, the most frequent first.",
            "ops",
            &[(
                "topk(15, sum by (db_system_name, db_operation_name) (rate(db_client_operation_duration_seconds_count[$__rate_interval])))",
                "{{db_system_name}} {{db_operation_name}}",
            )],
        ),
        View::Lines.panel(
            "Failed",
            "The share of calls that failed after their retries.",
            "percentunit",
            &[(
                r#"(sum by (db_system_name) (rate(db_client_operation_duration_seconds_count{error_type!=""}[$__rate_interval])) or 0 * sum by (db_system_name) (rate(db_client_operation_duration_seconds_count[$__rate_interval]))) / (sum by (db_system_name) (rate(db_client_operation_duration_seconds_count[$__rate_interval])) > 0)"#,
                "{{db_system_name}}",
            )],
        ),
        View::Lines.panel(
            "DynamoDB: throttled and tried again",
            "Answers that asked to slow down, and calls that were sent again, each second.",
            "ops",
            &[
                ("sum(rate(yemae_dynamodb_throttles_total[$__rate_interval])) or vector(0)", "throttled"),
                ("sum(rate(yemae_dynamodb_retries_total[$__rate_interval])) or vector(0)", "sent again"),
            ],
        ),
    ]
}

fn others() -> Vec<Panel> {
    vec![
        View::Lines.panel(
            "Rebuilds of Redis",
            "Performances that were rebuilt from the books, because Redis had lost them.",
            "short",
            &[("yemae:rebuilds:increase10m or vector(0)", "in ten minutes")],
        ),
        View::Lines.panel(
            "Payment provider and relay: calls per second",
            "By host and status.",
            "reqps",
            &[(
                "sum by (server_address, http_response_status_code) (rate(http_client_request_duration_seconds_count[$__rate_interval]))",
                "{{server_address}} {{http_response_status_code}}",
            )],
        ),
        View::Lines.panel(
            "Payment provider and relay: duration (p95)",
            "95 % of the calls to a host are answered within.",
            "s",
            &[(
                "histogram_quantile(0.95, sum by (le, server_address) (rate(http_client_request_duration_seconds_bucket[$__rate_interval]))) >= 0",
                "{{server_address}}",
            )],
        ),
        View::Stack.panel(
            "Events delivered per second",
            "Of the outbox: delivered, waiting (tried again), unreadable.",
            "ops",
            &[(
                concat!("sum by (yemae_outcome) (", counted!("yemae_deliveries_total"), ") / 300"),
                "{{yemae_outcome}}",
            )],
        ),
    ]
}
