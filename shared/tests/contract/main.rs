//! One suite per port: every adapter keeps the same promises, on every store that it may meet.
#![cfg(test)]

mod books;
mod conditions;
mod conflicts;
mod devices;
mod endings;
mod engines;
mod fixtures;
mod history;
mod houses;
mod inside;
mod limits;
mod locks;
mod lost;
mod map_story;
mod outbox;
mod payments;
mod people;
mod programme;
mod queue_books;
mod recovery;
mod redis_store;
mod replies;
mod room;
mod room_story;
mod sales;
mod story;
mod together;
mod traces;
