//! Accounts and sessions.

use crate::{
    engines::on_every_engine,
    fixtures::{at, user, uuid},
};
use domain::{UserId, id::SessionId, user::User};
use futures_util::future::join_all;
use shared::ports::{CreateUserError, RotateError, Sessions, Users};

on_every_engine![
    an_account_is_found_by_address_and_id,
    an_address_is_given_once,
    of_many_who_want_an_address_one_gets_it,
    a_token_is_replaced_again_and_again,
    a_replaced_token_that_comes_back_ends_the_family,
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

async fn family(store: &impl Sessions) -> (SessionId, UserId) {
    let (session, user) = (SessionId(uuid()), UserId(uuid()));
    store.start(session, user, &[1; 32], at(100)).await.expect("a new family");
    (session, user)
}

async fn a_token_is_replaced_again_and_again(store: &impl Sessions) {
    let (session, user) = family(store).await;
    for token in 1..5 {
        let owner = store.rotate(session, &[token; 32], &[token + 1; 32], at(0), at(100)).await;
        assert_eq!(owner.expect("the token is good"), user);
    }
}

async fn a_replaced_token_that_comes_back_ends_the_family(store: &impl Sessions) {
    let (session, _) = family(store).await;
    store.rotate(session, &[1; 32], &[2; 32], at(0), at(100)).await.expect("the token is good");
    let stolen = store.rotate(session, &[1; 32], &[3; 32], at(1), at(100)).await;
    assert!(matches!(stolen, Err(RotateError::Reused)));
    let current = store.rotate(session, &[2; 32], &[4; 32], at(2), at(100)).await;
    assert!(matches!(current, Err(RotateError::Reused)), "the family was revoked");
}

async fn of_many_who_replace_a_token_one_succeeds(store: &impl Sessions) {
    let (session, _) = family(store).await;
    let tokens: Vec<_> = (10..18).map(|token| [token; 32]).collect();
    let tries = tokens.iter().map(|token| store.rotate(session, &[1; 32], token, at(0), at(100)));
    let outcomes = join_all(tries).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    assert!(outcomes.into_iter().all(|outcome| matches!(outcome, Ok(_) | Err(RotateError::Reused))));
}

async fn an_ended_family_gives_nothing(store: &impl Sessions) {
    let (session, _) = family(store).await;
    store.revoke(session).await.expect("ends");
    store.revoke(session).await.expect("ending again changes nothing");
    store.revoke(SessionId(uuid())).await.expect("what never was can end");
    let outcome = store.rotate(session, &[1; 32], &[2; 32], at(0), at(100)).await;
    assert!(matches!(outcome, Err(RotateError::Reused)));
}

async fn a_family_past_its_time_is_unknown(store: &impl Sessions) {
    let (session, _) = family(store).await;
    for (session, now) in [(session, at(100)), (session, at(101)), (SessionId(uuid()), at(0))] {
        let outcome = store.rotate(session, &[1; 32], &[2; 32], now, at(200)).await;
        assert!(matches!(outcome, Err(RotateError::Unknown)));
    }
    store.rotate(session, &[1; 32], &[2; 32], at(99), at(300)).await.expect("still in time");
    store.rotate(session, &[2; 32], &[3; 32], at(299), at(300)).await.expect("it was prolonged");
}
