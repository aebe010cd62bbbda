//! Every function by its name: what runs them all in one process, and what documents them all, start here.

pub mod openapi;

use shared::http::{Function, Router};

/// A function and how its routes are made.
#[derive(Debug, Clone, Copy)]
pub struct Registered {
    /// What it is.
    pub function: Function,
    /// Its routes.
    pub routes: fn() -> Router,
}

macro_rules! register {
    ($($module:ident),+ $(,)?) => {
        /// Every function.
        pub const FUNCTIONS: &[Registered] =
            &[$(Registered { function: $module::FUNCTION, routes: $module::routes }),+];
    };
}

register! {
    signup,
    login,
    session,
    list_shows,
    show_detail,
    seat_map,
    seat_stream,
    enqueue,
    queue_status,
    admit,
    lock_seat,
    book,
    pay,
    cancel,
    bookings,
    manage_shows,
    manage_sale,
    sweep,
    relay,
    web,
}
