//! What `{{name}}` promises.

use jiff::Timestamp;
use testkit::World;

#[tokio::test]
async fn it_answers_with_the_time() {
    let world = World::start().await;
    let client = world.client({{module}}::FUNCTION, {{module}}::routes());
    let before = world.now();
    let answer = client.get("/v1/{{name}}").send().await.ok(200);
    let now: Timestamp = answer["now"].as_str().expect("text").parse().expect("a time");
    assert!((before..=world.now()).contains(&now), "{now}");
}
