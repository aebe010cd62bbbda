//! The journey through Lambdas behind a REST API, as `make lambda-local` deploys them into LocalStack; here into MiniStack.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the way to fail")]

use checks::{root, run};
use journey::House;
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
    let house = House {
        base: base.to_owned(),
        organizer_email: demo::ORGANIZER.to_owned(),
        organizer_password: demo::PASSWORD.to_owned(),
    };
    journey::take(&house, RandomIds::default().uuid()).await;
}
