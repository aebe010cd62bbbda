//! What the protocol needs from the world, and what it offers. Each port says what an implementation must do.

mod queue_books;
mod recovery;
mod steps;
mod time;
mod waiting_room;

pub use queue_books::*;
pub use recovery::*;
pub use steps::*;
pub use time::*;
pub use waiting_room::*;
