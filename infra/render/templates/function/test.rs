//! What `{{name}}` promises.

use testkit::World;

#[tokio::test]
async fn it_answers_with_the_time() {
    let world = World::start().await;
    let client = world.client({{module}}::FUNCTION, {{module}}::routes());
    let answer = client.get("/v1/{{name}}").send().await.ok(200);
    assert_eq!(answer["now"], world.now().to_string());
}
