//! The whole journey, from an account to a cancelled booking, through every function as a process of its own, on real
//! stores, behind the gateway. Afterwards every process stops when told to.
#![cfg(test)]

mod support;

use shared::{adapters::system::RandomIds, ports::Ids as _};
use stores::{Engine, SecondOpinion};
use support::Yemae;

#[tokio::test]
async fn a_seat_is_sold_and_given_back_through_all_functions() {
    let books = Engine::start(None).unwrap();
    sell_and_give_back(books.endpoint()).await;
}

mod conformance {
    use super::{SecondOpinion, sell_and_give_back};

    #[tokio::test]
    async fn a_seat_is_sold_and_given_back_on_another_dynamodb() {
        let books = SecondOpinion::start().await.unwrap();
        sell_and_give_back(books.endpoint()).await;
    }
}

async fn sell_and_give_back(dynamodb: &str) {
    let yemae = Yemae::start(dynamodb).await;
    journey::take(&yemae.house().await, RandomIds::default().uuid()).await;
    yemae.stop();
}
