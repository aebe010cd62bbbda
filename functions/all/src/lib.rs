//! The register of functions. The `OpenAPI` document, the local runner and every rendered file start from it.

pub mod openapi;

use shared::http::{Function, Router, function::Reach};

/// A function and how its routes are made.
#[derive(Debug, Clone, Copy)]
pub struct Registered {
    /// What the function declares: its `FUNCTION`.
    pub function: Function,
    /// The function's routes.
    pub routes: fn() -> Router,
}

macro_rules! register {
    ($($module:ident),+ $(,)?) => {
        /// Every function, in the order of the `OpenAPI` document.
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

/// The functions that clients reach through a front.
pub fn public() -> impl Iterator<Item = &'static Registered> {
    FUNCTIONS.iter().filter(|registered| registered.function.reach == Reach::Public)
}

/// The functions that no front knows.
pub fn inside() -> impl Iterator<Item = &'static Registered> {
    FUNCTIONS.iter().filter(|registered| registered.function.reach != Reach::Public)
}
