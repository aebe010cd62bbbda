//! What watches Yemae is in order: the alerts fire and clear, rules and dashboards ask for metrics that exist, and every
//! panel shows something after a real journey.
#![cfg(test)]

mod alerts;
mod beside;
mod names;
mod panels;
mod prometheus;
mod promql;
mod runbooks;
