//! Seat plans: how large one may be.

use domain::{Invalid, layout::Layout};
use shared::http::json::{BODY_MAX, fits};

/// The largest body with a plan, in bytes. Also the most that a plan takes when it is written.
pub const PLAN_BODY_MAX: usize = 4 * 1024 * 1024;

// A plan is the reason why a body may be larger than others.
const _: () = assert!(PLAN_BODY_MAX > BODY_MAX);

/// Checks that a plan can be stored: a house with what a performance says of its places may be larger than either.
///
/// # Errors
/// It is too large.
pub(crate) fn check_size(layout: &Layout) -> Result<(), Invalid> {
    if fits(layout.plan(), PLAN_BODY_MAX) {
        return Ok(());
    }
    let most_kib = PLAN_BODY_MAX / 1024;
    Err(Invalid::because(format!(
        "must be a plan of at most {most_kib} KiB with all that is said of its places"
    )))
}
