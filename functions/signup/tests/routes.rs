//! `signup`: accounts are made once for each address.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "in a test a panic is the way to fail"
)]

use serde_json::json;
use testkit::World;

#[tokio::test]
async fn a_new_account_is_a_buyer() {
    let world = World::start().await;
    let client = world.client(signup::FUNCTION, signup::routes());
    let account = json!({ "email": " Kim@Example.ORG ", "password": "correct horse", "name": "김예매" });
    let user = client.post("/v1/users").json(&account).send().await.json(201);
    assert_eq!(
        (&user["email"], &user["name"], &user["role"]),
        (&json!("kim@example.org"), &json!("김예매"), &json!("buyer"))
    );
    assert!(user["user_id"].is_string() && user.get("password").is_none());
    let again = json!({ "email": "KIM@example.org", "password": "another horse", "name": "Kim" });
    client.post("/v1/users").json(&again).send().await.problem(409, "email_taken");
}

#[tokio::test]
async fn everything_wrong_with_an_account_is_said_at_once() {
    let world = World::start().await;
    let client = world.client(signup::FUNCTION, signup::routes());
    let account = json!({ "email": "kim", "password": "short", "name": " " });
    client.post("/v1/users").json(&account).send().await.invalid(&["email", "password", "name"]);
    client
        .post("/v1/users")
        .json(&json!({ "email": "kim@example.org" }))
        .send()
        .await
        .problem(422, "validation_failed");
}
