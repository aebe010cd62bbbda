//! The memory of answers.

use crate::{
    engines::on_every_engine,
    fixtures::{at, completion, reply_key, uuid},
};
use domain::UserId;
use futures_util::future::join_all;
use shared::ports::{Begun, Replies, ReplyKey};
use uuid::Uuid;

on_every_engine![
    an_answer_is_replayed_byte_for_byte,
    a_key_belongs_to_one_user_and_operation,
    another_body_is_refused_at_every_stage,
    of_many_repeats_one_starts,
    an_expired_claim_is_taken_over,
    a_claim_is_renewed_until_it_is_answered_or_taken_over,
    a_stale_claim_completes_and_abandons_nothing,
    an_abandoned_key_is_free,
    an_answer_past_its_time_is_absent,
];

const BODY: [u8; 32] = [1; 32];
const OTHER_BODY: [u8; 32] = [2; 32];

async fn begin(store: &impl Replies, key: &ReplyKey, body: &[u8; 32], claim: Uuid, now_s: i64) -> Begun {
    Replies::begin(store, key, body, claim, at(now_s), at(now_s + 60)).await.expect("answers")
}

fn key() -> ReplyKey {
    reply_key(UserId(uuid()))
}

async fn an_answer_is_replayed_byte_for_byte(store: &impl Replies) {
    let (key, claim) = (key(), uuid());
    assert_eq!(begin(store, &key, &BODY, claim, 0).await, Begun::Started);
    assert_eq!(begin(store, &key, &BODY, uuid(), 1).await, Begun::InProgress);
    let completion = completion(key.clone(), claim);
    store.complete(&completion).await.expect("answers");
    for now_s in [2, 1_000] {
        assert_eq!(begin(store, &key, &BODY, uuid(), now_s).await, Begun::Replay(completion.reply.clone()));
    }
}

async fn a_key_belongs_to_one_user_and_operation(store: &impl Replies) {
    let key = ReplyKey { key: "가".repeat(255), ..key() };
    let of_another = ReplyKey { user: UserId(uuid()), ..key.clone() };
    let for_another = ReplyKey { operation: "pay", ..key.clone() };
    for key in [&key, &of_another, &for_another] {
        assert_eq!(begin(store, key, &BODY, uuid(), 0).await, Begun::Started);
    }
}

async fn another_body_is_refused_at_every_stage(store: &impl Replies) {
    let (key, claim) = (key(), uuid());
    begin(store, &key, &BODY, claim, 0).await;
    assert_eq!(begin(store, &key, &OTHER_BODY, uuid(), 1).await, Begun::KeyReused);
    assert_eq!(begin(store, &key, &OTHER_BODY, uuid(), 61).await, Begun::KeyReused);
    store.complete(&completion(key.clone(), claim)).await.expect("answers");
    assert_eq!(begin(store, &key, &OTHER_BODY, uuid(), 62).await, Begun::KeyReused);
}

async fn of_many_repeats_one_starts(store: &impl Replies) {
    let key = key();
    let begun = join_all((0..16).map(|_| begin(store, &key, &BODY, uuid(), 0))).await;
    assert_eq!(begun.iter().filter(|begun| **begun == Begun::Started).count(), 1);
    assert_eq!(begun.iter().filter(|begun| **begun == Begun::InProgress).count(), 15);
}

async fn an_expired_claim_is_taken_over(store: &impl Replies) {
    let (key, first, second) = (key(), uuid(), uuid());
    begin(store, &key, &BODY, first, 0).await;
    assert_eq!(begin(store, &key, &BODY, second, 59).await, Begun::InProgress);
    assert_eq!(begin(store, &key, &BODY, second, 60).await, Begun::Started);
    assert_eq!(begin(store, &key, &BODY, uuid(), 61).await, Begun::InProgress);
}

async fn a_claim_is_renewed_until_it_is_answered_or_taken_over(store: &impl Replies) {
    let (key, first, second) = (key(), uuid(), uuid());
    assert!(!store.renew(&key, first, at(60)).await.expect("answers"), "nothing was claimed");
    begin(store, &key, &BODY, first, 0).await;
    assert!(store.renew(&key, first, at(90)).await.expect("answers"));
    assert_eq!(begin(store, &key, &BODY, second, 89).await, Begun::InProgress);
    assert_eq!(begin(store, &key, &OTHER_BODY, second, 90 + 86_399).await, Begun::KeyReused);
    assert_eq!(begin(store, &key, &BODY, second, 90).await, Begun::Started);
    assert!(!store.renew(&key, first, at(200)).await.expect("answers"), "it was taken over");
    assert_eq!(begin(store, &key, &BODY, uuid(), 149).await, Begun::InProgress);
    let answer = completion(key.clone(), second);
    store.complete(&answer).await.expect("answers");
    assert!(!store.renew(&key, second, at(200)).await.expect("answers"), "it was answered");
    assert_eq!(begin(store, &key, &BODY, uuid(), 1_000).await, Begun::Replay(answer.reply));
}

async fn a_stale_claim_completes_and_abandons_nothing(store: &impl Replies) {
    let (key, stale, current) = (key(), uuid(), uuid());
    begin(store, &key, &BODY, stale, 0).await;
    begin(store, &key, &BODY, current, 60).await;
    store.complete(&completion(key.clone(), stale)).await.expect("answers");
    store.abandon(&key, stale).await.expect("answers");
    assert_eq!(begin(store, &key, &BODY, uuid(), 61).await, Begun::InProgress);
    let answer = completion(key.clone(), current);
    store.complete(&answer).await.expect("answers");
    store.abandon(&key, current).await.expect("answers");
    assert_eq!(begin(store, &key, &BODY, uuid(), 62).await, Begun::Replay(answer.reply));
}

async fn an_abandoned_key_is_free(store: &impl Replies) {
    let (key, claim) = (key(), uuid());
    begin(store, &key, &BODY, claim, 0).await;
    store.abandon(&key, claim).await.expect("answers");
    store.abandon(&key, claim).await.expect("again changes nothing");
    store.complete(&completion(key.clone(), claim)).await.expect("without effect");
    assert_eq!(begin(store, &key, &OTHER_BODY, uuid(), 1).await, Begun::Started);
}

async fn an_answer_past_its_time_is_absent(store: &impl Replies) {
    let (key, claim) = (key(), uuid());
    begin(store, &key, &BODY, claim, 0).await;
    let answer = completion(key.clone(), claim);
    store.complete(&answer).await.expect("answers");
    assert_eq!(begin(store, &key, &BODY, uuid(), 86_399).await, Begun::Replay(answer.reply));
    assert_eq!(begin(store, &key, &OTHER_BODY, uuid(), 86_400).await, Begun::Started);
}
