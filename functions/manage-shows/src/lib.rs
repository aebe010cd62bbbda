//! `manage-shows`: an organizer creates shows, houses and performances, and publishes them.

mod houses;
mod performances;
mod plan;
mod publication;
mod schema;
mod shows;

pub use plan::PLAN_BODY_MAX;

use shared::http::{Function, Memory, Router, routes};

/// Organizers are few, and in no hurry. The largest plan takes 50 MB while it is checked and stored.
pub const FUNCTION: Function = Function::new("manage-shows")
    .verifies()
    .wakes_relay()
    .instances_max(2)
    .replicas(2, 3)
    .at_once_max(5)
    .memory(Memory { requested_mb: 64, replica_max_mb: 128, lambda_mb: 512 });

pub fn routes() -> Router {
    Router::new()
        .routes(routes!(shows::own_shows, shows::create_show))
        .routes(routes!(shows::managed_show, shows::update_show))
        .routes(routes!(performances::create_performance))
        .routes(routes!(publication::publish))
        .routes(routes!(publication::withdraw))
        .routes(routes!(publication::remove_performance))
        .routes(routes!(houses::own_houses, houses::create_house))
        .routes(routes!(houses::managed_house, houses::update_house))
}
