//! Reads a script's answer field by field.

use super::read;
use crate::ports::StoreError;
use domain::{
    UserId,
    queue::{self, Calls, Notes, Place, PlaceState, Standing, Unwritten},
};
use redis::{FromRedisValue, Value};
use uuid::Uuid;

/// Bytes of a user's id.
const USER_LEN: usize = 16;

/// The fields of an answer that have not been read yet.
pub(super) struct ScriptReply(std::vec::IntoIter<Value>);

impl ScriptReply {
    pub(super) fn of(answer: Value) -> Result<Self, StoreError> {
        match answer {
            Value::Array(fields) => Ok(Self(fields.into_iter())),
            other => Err(unreadable(&format!("{other:?}"))),
        }
    }

    pub(super) fn take<T: FromRedisValue>(&mut self) -> Result<T, StoreError> {
        read(self.0.next().unwrap_or(Value::Nil))
    }

    fn users(&mut self) -> Result<Vec<UserId>, StoreError> {
        let bytes: Vec<u8> = self.take()?;
        let users = bytes.chunks_exact(USER_LEN).filter_map(|user| Uuid::from_slice(user).ok());
        Ok(users.map(UserId).collect())
    }

    /// Consecutive entries: the first one's position, then their users.
    pub(super) fn unwritten(&mut self) -> Result<Unwritten, StoreError> {
        Ok(Unwritten { first: self.take()?, users: self.users()? })
    }

    /// What came of a tick: how far to lease calls, the departed users, when.
    pub(super) fn notes(&mut self) -> Result<Notes, StoreError> {
        let calls = match self.take::<i64>()? {
            0 => Calls::Enough,
            to => u64::try_from(to).map_or(Calls::Awaited, Calls::Lease),
        };
        Ok(Notes { calls, departed: self.users()?, at_ms: self.take()? })
    }

    /// The rest of a place, whose state has been read already.
    pub(super) fn place(&mut self, state: &str) -> Result<Place, StoreError> {
        let state = match state {
            "prequeue" => PlaceState::Prequeue,
            "waiting" => PlaceState::Waiting,
            "called" => PlaceState::Called,
            "admitted" => PlaceState::Admitted,
            "lapsed" => PlaceState::Lapsed,
            "left" => PlaceState::Left,
            other => return Err(unreadable(other)),
        };
        let kind: String = self.take()?;
        let (position, serving) = (self.take()?, self.take()?);
        let (standing, ahead) = match kind.as_str() {
            "e" => (Standing::Entry(position), 0),
            _ => (Standing::Number(position), queue::ahead(position, serving)),
        };
        Ok(Place { standing, state, ahead, called_per_min: self.take()? })
    }
}

fn unreadable(what: &str) -> StoreError {
    StoreError::Unreadable { store: "redis", what: format!("a step's answer: {what}") }
}
