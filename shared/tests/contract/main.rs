//! The contract suite: what each port promises, held against real stores.

mod limits;
mod locks;
mod lost;
mod map_story;
mod redis_store;
mod room;
mod room_story;
