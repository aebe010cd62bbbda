//! Rate limits: a burst, then one by one; each key by itself, all instances together.

use crate::redis_store::Fixture;
use shared::ports::{Allowance, RateLimit, RateLimits as _};
use std::time::Duration;
use tokio::time::sleep;

const SLOW: RateLimit = RateLimit { per_min: 600, burst: 3 };
const FAST: RateLimit = RateLimit { per_min: 6_000, burst: 2 };

#[tokio::test]
async fn a_burst_is_allowed_and_then_one_at_a_time() {
    let fixture = Fixture::start().await;
    let (one, other) = (&fixture.store.redis, fixture.another().redis);
    for left in [2, 1, 0] {
        let allowance = one.take("buyer", SLOW, 1).await.expect("asked");
        assert_eq!((allowance.allowed, allowance.remaining, allowance.retry_after_ms), (true, left, 0));
    }
    let refused = other.take("buyer", SLOW, 1).await.expect("asked");
    assert!(!refused.allowed && (1..=100).contains(&refused.retry_after_ms), "{refused:?}");
    assert!((200..=300).contains(&refused.reset_after_ms), "{refused:?}");
    assert!(other.take("another", SLOW, 1).await.expect("asked").allowed);
    sleep(Duration::from_millis(refused.retry_after_ms + 1)).await;
    assert!(other.take("buyer", SLOW, 1).await.expect("asked").allowed);
    assert!(!one.take("buyer", SLOW, 1).await.expect("asked").allowed);
}

#[tokio::test]
async fn an_allowance_becomes_whole_again() {
    let fixture = Fixture::start().await;
    let first = fixture.store.redis.take("k", FAST, 1).await.expect("asked");
    assert_eq!(first, Allowance { allowed: true, remaining: 1, retry_after_ms: 0, reset_after_ms: 10 });
    sleep(Duration::from_millis(20)).await;
    assert_eq!(fixture.store.redis.take("k", FAST, 1).await.expect("asked"), first);
}

#[tokio::test]
async fn asking_takes_nothing() {
    let fixture = Fixture::start().await;
    for _ in 0..5 {
        assert!(fixture.store.redis.take("k", SLOW, 0).await.expect("asked").allowed);
    }
    for _ in 0..3 {
        assert!(fixture.store.redis.take("k", SLOW, 1).await.expect("asked").allowed);
    }
    assert!(!fixture.store.redis.take("k", SLOW, 0).await.expect("asked").allowed);
}

#[tokio::test]
async fn what_is_given_back_can_be_taken_again_and_no_more_than_was_taken() {
    let fixture = Fixture::start().await;
    let (one, other) = (&fixture.store.redis, fixture.another().redis);
    other.give_back("k", SLOW, 1).await.expect("nothing was taken");
    for _ in 0..3 {
        assert!(one.take("k", SLOW, 1).await.expect("asked").allowed);
    }
    assert!(!one.take("k", SLOW, 1).await.expect("asked").allowed);
    other.give_back("k", SLOW, 1).await.expect("given back");
    assert!(one.take("k", SLOW, 1).await.expect("asked").allowed);
    assert!(!one.take("k", SLOW, 1).await.expect("asked").allowed);
    other.give_back("k", SLOW, 7).await.expect("given back");
    let all = one.take("k", SLOW, 0).await.expect("asked");
    assert_eq!((all.allowed, all.remaining), (true, 2), "three, one of which was asked for");
}
