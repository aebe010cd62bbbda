//! The journey through Lambdas behind a REST API, as `make lambda-local` deploys them into LocalStack; here into MiniStack.
#![cfg(test)]

use checks::{root, run};
use journey::RunningYemae;
use sandbox::Sandbox;
use shared::{adapters::system::RandomIds, ports::Ids as _};
use std::{path::PathBuf, process::Command};
use stores::{MiniStack, Redis};

#[tokio::test]
async fn a_seat_is_sold_and_given_back_through_lambdas() {
    let ministack = MiniStack::start_with("dynamodb,lambda,apigateway,sts,iam,logs").await.unwrap();
    let (redis, payments) = (Redis::start(None).await.unwrap(), Sandbox::start().await.unwrap());
    let settings = [
        ("AWS_ENDPOINT_URL", ministack.endpoint()),
        ("AWS_ENDPOINT_URL_DYNAMODB", ministack.endpoint()),
        ("YEMAE_REDIS_URL", redis.url()),
        ("YEMAE_PAYMENT_URL", payments.url()),
    ];
    let programs = std::env::var_os("PROGRAMS").map_or_else(|| root("target/images/out"), PathBuf::from);
    run(Command::new(programs.join("yemae-demo")).envs(settings));

    let mut deploy = Command::new(root("target/aws/bin/python"));
    let said = run(deploy.arg(root("localstack/lambda/deploy.py")).arg(&programs).envs(settings));
    let (_, base) = said.trim().rsplit_once(' ').unwrap();
    let house = RunningYemae {
        base: base.to_owned(),
        organizer_email: demo::ORGANIZER.to_owned(),
        organizer_password: demo::PASSWORD.to_owned(),
    };
    journey::take(&house, RandomIds::default().uuid()).await;
    the_front_end_comes_as_bytes(&house.base).await;
}

/// Compressed content is binary, which Lambda's answers carry as text.
async fn the_front_end_comes_as_bytes(base: &str) {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let page = client.get(format!("{base}/")).send().await.unwrap().text().await.unwrap();
    let (_, script) = page.split_once("src=\"/").unwrap_or_else(|| panic!("no page: {page}"));
    let script = script.split_once('"').unwrap().0;
    let ask = |accepted| client.get(format!("{base}/{script}")).header("accept-encoding", accepted).send();
    let (plain, packed) = (ask("identity").await.unwrap(), ask("gzip").await.unwrap());
    assert_eq!(packed.headers()["content-encoding"], "gzip");
    let (plain, packed) = (plain.bytes().await.unwrap(), packed.bytes().await.unwrap());
    assert_eq!(packed.get(..2), Some([0x1f, 0x8b].as_slice()), "the magic number of gzip");
    assert!(packed.len() < plain.len(), "{} and {}", packed.len(), plain.len());
}
