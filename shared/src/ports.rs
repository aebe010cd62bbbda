//! What Yemae needs from the world, as traits. Each says what an implementation must do. The adapters are in `adapters/`,
//! and one contract suite per port holds every adapter to it.

#![warn(missing_docs)]

mod books;
mod history;
mod houses;
mod limits;
mod locks;
mod money;
mod outbox;
mod people;
mod programme;
mod replies;
mod system;

pub use books::*;
pub use history::*;
pub use houses::*;
pub use limits::*;
pub use locks::*;
pub use money::*;
pub use outbox::*;
pub use people::*;
pub use programme::*;
pub use replies::*;
pub use system::*;

/// What the waiting room's protocol needs, and what it offers: `shared/room`.
pub use room::{
    BringBack, ClaimError, JoinError, PlaceError, QueueBooks, Recovery, StaffStep, StoreError, WaitingRoom,
};
