//! The memory of answers: one item per key, first claimed and later answered.

use super::{
    DynamoStore,
    item::{self, Item, bytes, micros, text, ttl},
    keys::Key,
    write::Write,
};
use crate::ports::{Begun, Completion, Replies, Reply, ReplyKey, StoreError};
use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

/// How long a claim that was never completed keeps its key from another body.
const ABANDONED_CLAIM_KEPT: SignedDuration = SignedDuration::from_hours(24);

#[async_trait]
impl Replies for DynamoStore {
    async fn begin(
        &self,
        key: &ReplyKey,
        fingerprint: &[u8; 32],
        claim: Uuid,
        now: Timestamp,
        claimed_until: Timestamp,
    ) -> Result<Begun, StoreError> {
        let write = Write::put(Key::reply(key), claimed(fingerprint, claim, claimed_until))
            .only_if(
                "attribute_not_exists(#pk) OR #expires_at_us <= :now OR (attribute_not_exists(#reply) \
                 AND #claimed_until_us <= :now AND #fingerprint = :fingerprint)",
            )
            .with(":now", micros(now))
            .with(":fingerprint", bytes(fingerprint));
        match self.write(write).await {
            Ok(_) => Ok(Begun::Started),
            Err(error) => {
                error.refused()?.map_or(Ok(Begun::InProgress), |held| read(&held, fingerprint, claim))
            }
        }
    }

    async fn renew(&self, key: &ReplyKey, claim: Uuid, claimed_until: Timestamp) -> Result<bool, StoreError> {
        let expires_at = claimed_until + ABANDONED_CLAIM_KEPT;
        let keep = "SET #claimed_until_us = :until, #expires_at_us = :expiry, #expires_at_s = :ttl";
        let write = Write::update(Key::reply(key), keep)
            .only_if(MINE_TO_ANSWER)
            .with_text(":claim", claim)
            .with(":until", micros(claimed_until))
            .with(":expiry", micros(expires_at))
            .with(":ttl", ttl(expires_at));
        match self.write(write).await {
            Ok(_) => Ok(true),
            Err(error) => error.refused().map(|_| false),
        }
    }

    async fn complete(&self, completion: &Completion) -> Result<(), StoreError> {
        match self.write(completing(completion)?).await {
            Ok(_) => Ok(()),
            Err(error) => error.refused().map(|_| ()),
        }
    }

    async fn abandon(&self, key: &ReplyKey, claim: Uuid) -> Result<(), StoreError> {
        let write = Write::delete(Key::reply(key)).only_if(MINE_TO_ANSWER).with_text(":claim", claim);
        match self.write(write).await {
            Ok(_) => Ok(()),
            Err(error) => error.refused().map(|_| ()),
        }
    }
}

const MINE_TO_ANSWER: &str = "#claim = :claim AND attribute_not_exists(#reply)";

/// The write that keeps an answer, for use in a transaction.
pub(super) fn completing(completion: &Completion) -> Result<Write, StoreError> {
    let keep = "SET #reply = :reply, #expires_at_us = :until, #expires_at_s = :ttl";
    Ok(Write::update(Key::reply(&completion.key), keep)
        .only_if(MINE_TO_ANSWER)
        .with_text(":claim", completion.claim)
        .with(":reply", item::from_value(&completion.reply)?)
        .with(":until", micros(completion.expires_at))
        .with(":ttl", ttl(completion.expires_at)))
}

fn claimed(fingerprint: &[u8; 32], claim: Uuid, claimed_until: Timestamp) -> Item {
    let expires_at = claimed_until + ABANDONED_CLAIM_KEPT;
    Item::from([
        ("fingerprint".to_owned(), bytes(fingerprint)),
        ("claim".to_owned(), text(claim)),
        ("claimed_until_us".to_owned(), micros(claimed_until)),
        ("expires_at_us".to_owned(), micros(expires_at)),
        ("expires_at_s".to_owned(), ttl(expires_at)),
    ])
}

/// What a live record means for a request with this body.
fn read(held: &Item, fingerprint: &[u8; 32], claim: Uuid) -> Result<Begun, StoreError> {
    if held.get("fingerprint") != Some(&bytes(fingerprint)) {
        return Ok(Begun::KeyReused);
    }
    if let Some(reply) = held.get("reply") {
        let reply: Reply = item::value_to(reply.clone())?;
        return Ok(Begun::Replay(reply));
    }
    // The claim is already there: this very call was made before, and only its answer was lost.
    let mine = held.get("claim") == Some(&text(claim));
    Ok(if mine { Begun::Started } else { Begun::InProgress })
}
