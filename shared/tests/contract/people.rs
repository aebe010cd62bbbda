//! Accounts and sessions.

use crate::{
    engines::on_every_engine,
    fixtures::{at, user, uuid},
};
use domain::{UserId, id::SessionId, user::User};
use futures_util::future::join_all;
use shared::ports::{CreateUserError, FamilyKey, NewSession, RotateError, Rotation, Sessions, Users};

on_every_engine![
    an_account_is_found_by_address_and_id,
    an_address_is_given_once,
    of_many_who_want_an_address_one_gets_it,
    a_family_is_found_as_it_is,
    a_token_is_replaced_again_and_again,
    a_replacement_may_be_repeated_for_a_while,
    a_token_replaced_twice_that_comes_back_ends_the_family_at_once,
    of_many_who_replace_a_token_alike_all_succeed,
    of_many_who_replace_a_token_one_succeeds,
    an_ended_family_gives_nothing,
    a_family_past_its_time_is_unknown,
];

async fn an_account_is_found_by_address_and_id(store: &impl Users) {
    let user = user();
    assert_eq!(store.find(user.user_id).await.expect("answers"), None);
    assert!(store.credentials(&user.email).await.expect("answers").is_none());
    store.create(&user, "$argon2id$…").await.expect("a new account");
    assert_eq!(store.find(user.user_id).await.expect("answers"), Some(user.clone()));
    let found = store.credentials(&user.email).await.expect("answers");
    assert_eq!(found, Some((user, "$argon2id$…".to_owned())));
}

async fn an_address_is_given_once(store: &impl Users) {
    let first = user();
    store.create(&first, "first").await.expect("a new account");
    let second = User { user_id: UserId(uuid()), ..first.clone() };
    assert!(matches!(store.create(&second, "second").await, Err(CreateUserError::EmailTaken)));
    assert_eq!(store.find(second.user_id).await.expect("answers"), None);
    assert_eq!(store.credentials(&first.email).await.expect("answers"), Some((first, "first".to_owned())));
}

async fn of_many_who_want_an_address_one_gets_it(store: &impl Users) {
    let email = user().email;
    let wishes: Vec<_> = (0..8).map(|_| User { email: email.clone(), ..user() }).collect();
    let outcomes = join_all(wishes.iter().map(|wish| store.create(wish, "hash"))).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    assert!(outcomes.into_iter().all(|outcome| matches!(outcome, Ok(()) | Err(CreateUserError::EmailTaken))));
}

const KEY: FamilyKey = FamilyKey([9; 32]);

async fn family(store: &impl Sessions) -> (SessionId, UserId) {
    let (session, user) = (SessionId(uuid()), UserId(uuid()));
    let new = NewSession { session, user, key: KEY, token_hash: [1; 32], expires_at: at(100) };
    store.start(&new).await.expect("a new family");
    (session, user)
}

/// A replacement of one token by another, good until 100 s and repeatable within 30 s.
fn rotation(session: SessionId, old: u8, new: u8, now_s: i64) -> Rotation {
    let (old_hash, new_hash) = ([old; 32], [new; 32]);
    let (now, repeatable_since) = (at(now_s), at(now_s - 30));
    Rotation { session, old_hash, new_hash, now, repeatable_since, expires_at: at(100) }
}

async fn a_family_is_found_as_it_is(store: &impl Sessions) {
    let (session, user) = family(store).await;
    let other = FamilyKey([8; 32]);
    let found = store.find(session, other, at(0)).await.expect("answers").expect("a family");
    assert_eq!((found.user, found.key, found.token_hash), (user, KEY, [1; 32]));
    store.rotate(&rotation(session, 1, 2, 0)).await.expect("the token is good");
    let found = store.find(session, other, at(0)).await.expect("answers").expect("a family");
    assert_eq!((found.user, found.key, found.token_hash), (user, KEY, [2; 32]));
    assert_eq!(store.find(session, other, at(100)).await.expect("answers"), None);
    assert_eq!(store.find(SessionId(uuid()), other, at(0)).await.expect("answers"), None);
}

async fn a_token_is_replaced_again_and_again(store: &impl Sessions) {
    let (session, _) = family(store).await;
    for token in 1..5 {
        store.rotate(&rotation(session, token, token + 1, 0)).await.expect("the token is good");
    }
}

async fn a_replacement_may_be_repeated_for_a_while(store: &impl Sessions) {
    let (session, _) = family(store).await;
    for now_s in [0, 0, 1, 29] {
        store.rotate(&rotation(session, 1, 2, now_s)).await.expect("the same again");
    }
    let late = store.rotate(&rotation(session, 1, 2, 30)).await;
    assert!(matches!(late, Err(RotateError::Reused)), "{late:?}");
    let current = store.rotate(&rotation(session, 2, 3, 31)).await;
    assert!(matches!(current, Err(RotateError::Reused)), "the family was revoked");
}

async fn a_token_replaced_twice_that_comes_back_ends_the_family_at_once(store: &impl Sessions) {
    let (session, _) = family(store).await;
    store.rotate(&rotation(session, 1, 2, 0)).await.expect("the token is good");
    store.rotate(&rotation(session, 2, 3, 1)).await.expect("the token is good");
    let stolen = store.rotate(&rotation(session, 1, 2, 2)).await;
    assert!(matches!(stolen, Err(RotateError::Reused)));
    let current = store.rotate(&rotation(session, 3, 4, 3)).await;
    assert!(matches!(current, Err(RotateError::Reused)), "the family was revoked");
}

async fn of_many_who_replace_a_token_alike_all_succeed(store: &impl Sessions) {
    let (session, _) = family(store).await;
    let same = rotation(session, 1, 2, 0);
    let outcomes = join_all((0..8).map(|_| store.rotate(&same))).await;
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
}

async fn of_many_who_replace_a_token_one_succeeds(store: &impl Sessions) {
    let (session, _) = family(store).await;
    let tries: Vec<_> = (10..18).map(|token| rotation(session, 1, token, 0)).collect();
    let outcomes = join_all(tries.iter().map(|rotation| store.rotate(rotation))).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    assert!(outcomes.into_iter().all(|outcome| matches!(outcome, Ok(()) | Err(RotateError::Reused))));
}

async fn an_ended_family_gives_nothing(store: &impl Sessions) {
    let (session, _) = family(store).await;
    store.revoke(session).await.expect("ends");
    store.revoke(session).await.expect("ending again changes nothing");
    store.revoke(SessionId(uuid())).await.expect("an unknown family can end");
    let outcome = store.rotate(&rotation(session, 1, 2, 0)).await;
    assert!(matches!(outcome, Err(RotateError::Reused)));
}

async fn a_family_past_its_time_is_unknown(store: &impl Sessions) {
    let (session, _) = family(store).await;
    for (session, now_s) in [(session, 100), (session, 101), (SessionId(uuid()), 0)] {
        let outcome = store.rotate(&rotation(session, 1, 2, now_s)).await;
        assert!(matches!(outcome, Err(RotateError::Unknown)));
    }
    let prolonged = Rotation { expires_at: at(300), ..rotation(session, 1, 2, 99) };
    store.rotate(&prolonged).await.expect("still in time");
    store.rotate(&rotation(session, 2, 3, 299)).await.expect("it was prolonged");
}
