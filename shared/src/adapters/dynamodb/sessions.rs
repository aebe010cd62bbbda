//! Families of refresh tokens: one item each, with the hash of the current token.

use super::{
    DynamoStore,
    item::{self, Item, bytes, flag, micros, text, ttl},
    keys::Key,
    write::{ABSENT, PRESENT, Write},
};
use crate::ports::{Family, FamilyKey, NewSession, RotateError, Rotation, Sessions, StoreError};
use async_trait::async_trait;
use domain::id::SessionId;
use jiff::Timestamp;

#[async_trait]
impl Sessions for DynamoStore {
    async fn start(&self, new: &NewSession) -> Result<(), StoreError> {
        let family = Item::from([
            ("user_id".to_owned(), text(new.user)),
            ("family_key".to_owned(), bytes(&new.key.0)),
            ("token_hash".to_owned(), bytes(&new.token_hash)),
            ("revoked".to_owned(), flag(false)),
            ("expires_at_us".to_owned(), micros(new.expires_at)),
            ("expires_at_s".to_owned(), ttl(new.expires_at)),
        ]);
        let write = Write::put(Key::session(new.session), family).only_if(ABSENT);
        let outcome = self.write_all(vec![((), write)]).await;
        outcome.map_err(|error| error.unexpected("the session already exists"))
    }

    async fn find(
        &self,
        session: SessionId,
        key: FamilyKey,
        now: Timestamp,
    ) -> Result<Option<Family>, StoreError> {
        let Some(family) = self.get(Key::session(session)).await?.filter(|family| is_live(family, now))
        else {
            return Ok(None);
        };
        if family.contains_key("family_key") {
            read(&family).map(Some)
        } else {
            self.give_key(session, key).await
        }
    }

    async fn rotate(&self, rotation: &Rotation) -> Result<(), RotateError> {
        let Rotation { session, old_hash, new_hash, now, repeatable_since, expires_at } = rotation;
        let replace =
            "SET #token_hash = :new, #rotated_at_us = :now, #expires_at_us = :until, #expires_at_s = :ttl";
        let write = Write::update(Key::session(*session), replace)
            .only_if("#token_hash = :old AND #revoked = :no AND #expires_at_us > :now")
            .with(":old", bytes(old_hash))
            .with(":new", bytes(new_hash))
            .with(":no", flag(false))
            .with(":now", micros(*now))
            .with(":until", micros(*expires_at))
            .with(":ttl", ttl(*expires_at));
        let Err(error) = self.write(write).await else { return Ok(()) };
        let family = error.refused()?.filter(|family| is_live(family, *now)).ok_or(RotateError::Unknown)?;
        let rotated_at_us = item::number_of::<i64>(&family, "rotated_at_us");
        let is_repeat = is_good(&family, new_hash)
            && rotated_at_us.is_some_and(|rotated_at_us| rotated_at_us > repeatable_since.as_microsecond());
        if is_repeat {
            return Ok(());
        }
        self.revoke(*session).await?;
        Err(RotateError::Reused)
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

fn read(family: &Item) -> Result<Family, StoreError> {
    let user = item::text_of(family, "user_id").and_then(|user| user.parse().ok());
    let bytes_of = |name| item::bytes_of(family, name).and_then(|bytes| bytes.try_into().ok());
    let (key, token_hash) = (bytes_of("family_key"), bytes_of("token_hash"));
    let (Some(user), Some(key), Some(token_hash)) = (user, key, token_hash) else {
        return Err(item::unreadable("a session without its user, its key or its token"));
    };
    Ok(Family { user, key: FamilyKey(key), token_hash })
}

impl DynamoStore {
    /// If two requests set a key at once, the first wins.
    async fn give_key(&self, session: SessionId, key: FamilyKey) -> Result<Option<Family>, StoreError> {
        let write = Write::update(Key::session(session), "SET #family_key = :key")
            .only_if("attribute_exists(#pk) AND attribute_not_exists(#family_key)")
            .with(":key", bytes(&key.0));
        match self.write(write).await {
            Ok(family) => read(&family).map(Some),
            Err(error) => error.refused()?.as_ref().map(read).transpose(),
        }
    }
}
