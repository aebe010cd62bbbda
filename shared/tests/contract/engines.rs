//! The DynamoDB engines that a suite runs on: dynoxide in this process, and the second opinion.

use shared::{adapters::dynamodb::DynamoStore, config::DynamoConfig};
use std::{env, future::Future, sync::LazyLock};
use stores::{Engine, SecondOpinion};

/// Makes one test per case and engine: `dynoxide::case`, `conformance::case`.
macro_rules! on_every_engine {
    ($($case:ident),+ $(,)?) => {
        mod dynoxide {
            $(#[test] fn $case() { crate::engines::on_dynoxide(async |store| super::$case(&store).await) })+
        }
        mod conformance {
            $(#[test] fn $case() { crate::engines::on_the_second(async |store| super::$case(&store).await) })+
        }
    };
}
pub(crate) use on_every_engine;

/// Makes one test per case that runs on the simulator's books, which are a stand-in for the real ones: `simulated::case`.
macro_rules! on_simulated_books {
    ($($case:ident),+ $(,)?) => {
        mod simulated {
            $(#[test] fn $case() {
                crate::engines::run(super::$case(&simulator::books(crate::fixtures::SECRET)));
            })+
        }
    };
}
pub(crate) use on_simulated_books;

pub(crate) fn on_dynoxide<F: Future<Output = ()>>(case: impl FnOnce(DynamoStore) -> F) {
    static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
        let engine = Engine::start(None).expect("dynoxide starts");
        prepare(engine.endpoint());
        engine
    });
    run(case(store(ENGINE.endpoint())));
}

pub(crate) fn on_the_second<F: Future<Output = ()>>(case: impl FnOnce(DynamoStore) -> F) {
    static ENGINE: LazyLock<SecondOpinion> = LazyLock::new(|| {
        let engine = run(SecondOpinion::start()).expect("it starts");
        prepare(engine.endpoint());
        engine
    });
    run(case(store(ENGINE.endpoint())));
}

/// The store at an endpoint. Cases share its tables and are kept apart by their ids.
pub(crate) fn store(endpoint: &str) -> DynamoStore {
    DynamoStore::new(DynamoConfig {
        endpoint: Some(endpoint.to_owned()),
        region: "ap-northeast-2".to_owned(),
        table_prefix: "yemae-contract-".to_owned(),
        has_credentials: env::var_os("AWS_ACCESS_KEY_ID").is_some(),
    })
}

pub(crate) fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(work)
}

fn prepare(endpoint: &str) {
    run(store(endpoint).create_tables()).expect("tables are made");
}
