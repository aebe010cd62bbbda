//! Families of refresh tokens: one item each, with the hash of the one token that is good.

use super::{
    DynamoStore,
    item::{self, Item, bytes, flag, micros, text, ttl},
    keys::Key,
    write::{ABSENT, PRESENT, Write},
};
use crate::ports::{RotateError, Sessions, StoreError};
use async_trait::async_trait;
use domain::{UserId, id::SessionId};
use jiff::Timestamp;

#[async_trait]
impl Sessions for DynamoStore {
    async fn start(
        &self,
        session: SessionId,
        user: UserId,
        token_hash: &[u8; 32],
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        let family = Item::from([
            ("user_id".to_owned(), text(user)),
            ("token_hash".to_owned(), bytes(token_hash)),
            ("revoked".to_owned(), flag(false)),
            ("expires_at_us".to_owned(), micros(expires_at)),
            ("expires_at_s".to_owned(), ttl(expires_at)),
        ]);
        let write = Write::put(Key::session(session), family).only_if(ABSENT);
        let outcome = self.write_all(vec![((), write)]).await;
        outcome.map_err(|error| error.unexpected("the session exists"))
    }

    async fn rotate(
        &self,
        session: SessionId,
        old_hash: &[u8; 32],
        new_hash: &[u8; 32],
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<UserId, RotateError> {
        let replace = "SET #token_hash = :new, #expires_at_us = :until, #expires_at_s = :ttl";
        let write = Write::update(Key::session(session), replace)
            .only_if("#token_hash = :old AND #revoked = :no AND #expires_at_us > :now")
            .with(":old", bytes(old_hash))
            .with(":new", bytes(new_hash))
            .with(":no", flag(false))
            .with(":now", micros(now))
            .with(":until", micros(expires_at))
            .with(":ttl", ttl(expires_at));
        let family = match self.write(write).await {
            Ok(family) => family,
            Err(error) => {
                let family =
                    error.refused()?.filter(|family| is_live(family, now)).ok_or(RotateError::Unknown)?;
                if !is_good(&family, new_hash) {
                    self.revoke(session).await?;
                    return Err(RotateError::Reused);
                }
                // The new token is there already: this very call was made, and only its answer was lost.
                family
            }
        };
        Ok(owner(&family)?)
    }

    async fn revoke(&self, session: SessionId) -> Result<(), StoreError> {
        let write = Write::update(Key::session(session), "SET #revoked = :yes")
            .only_if(PRESENT)
            .with(":yes", flag(true));
        match self.write(write).await {
            Ok(_) => Ok(()),
            Err(error) => error.refused().map(|_| ()),
        }
    }
}

fn is_live(family: &Item, now: Timestamp) -> bool {
    item::number_of::<i64>(family, "expires_at_us").is_some_and(|until| until > now.as_microsecond())
}

fn is_good(family: &Item, token_hash: &[u8; 32]) -> bool {
    family.get("token_hash") == Some(&bytes(token_hash)) && family.get("revoked") == Some(&flag(false))
}

fn owner(family: &Item) -> Result<UserId, StoreError> {
    let user = item::text_of(family, "user_id").and_then(|user| user.parse().ok());
    user.ok_or_else(|| item::unreadable("a session without its user"))
}
