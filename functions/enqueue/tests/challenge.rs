//! What a proof of work before joining promises.
#![cfg(test)]

use domain::{
    challenge::{Nonce, Solution},
    performance::Performance,
    sale::{JoinPolicy, Sale, Staff},
    user::Email,
};
use testkit::{Answer, Client, Fixture, Person, Value, World, json};

const BITS: u8 = 8;

async fn start() -> (World, Client, Performance) {
    let world = World::start().await;
    let performance = world.performance(Fixture::queue()).await;
    let performance =
        set_door(&world, performance, JoinPolicy { challenge_bits: BITS, ..JoinPolicy::default() }).await;
    let client = another(&world);
    (world, client, performance)
}

/// A process with an empty memory of the sale.
fn another(world: &World) -> Client {
    world.client(enqueue::FUNCTION, enqueue::routes())
}

async fn set_door(world: &World, performance: Performance, door: JoinPolicy) -> Performance {
    let sale = Sale { door, ..performance.sale.clone() };
    let by = world.organizer.user_id;
    world.app.programme.set_sale(&performance, &sale, by, world.now()).await.unwrap();
    Performance { sale, ..performance }
}

async fn join(client: &Client, person: &Person, performance: &Performance, solution: &Value) -> Answer {
    let mut body = json!({"performance_id": performance.performance_id});
    if !solution.is_null() {
        body["solution"] = solution.clone();
    }
    client.post("/v1/queue-tickets").bearer(&person.token).json(&body).send().await
}

/// The challenge of an answer that asks for a proof of work.
#[track_caller]
fn challenge_of(answer: &Answer, bits: u8) -> String {
    let challenge = answer.problem("challenge_required", 428)["challenge"].clone();
    assert_eq!((&challenge["algorithm"], &challenge["bits"]), (&json!("sha256"), &json!(bits)));
    challenge["token"].as_str().expect("a token").to_owned()
}

/// What a client finds by trial: a nonce whose hash has this many zero bits, or has not.
fn solve(challenge: &str, is_found: impl Fn(&Solution) -> bool) -> Value {
    let nonces = (0_u32..).map(|tried| Nonce::parse(&tried.to_string()).unwrap());
    let mut solutions = nonces.map(|nonce| Solution { challenge: challenge.to_owned(), nonce });
    let position = solutions.position(|solution| is_found(&solution)).unwrap();
    json!({"challenge": challenge, "nonce": position.to_string()})
}

fn solved(challenge: &str) -> Value {
    solve(challenge, |solution| solution.has_zero_bits(BITS))
}

async fn given(client: &Client, person: &Person, performance: &Performance) -> String {
    challenge_of(&join(client, person, performance, &Value::Null).await, BITS)
}

#[tokio::test]
async fn a_solution_is_accepted_whichever_instance_issued_the_challenge() {
    let (world, client, performance) = start().await;
    let person = world.buyer().await;
    let solution = solved(&given(&client, &person, &performance).await);
    let joined = join(&another(&world), &person, &performance, &solution).await.ok(201);
    assert_eq!(joined["number"], 1);
}

#[tokio::test]
async fn a_sale_asks_for_nothing_unless_its_organizer_says_so() {
    let (world, client, _) = start().await;
    let performance = world.performance(Fixture::queue()).await;
    let person = world.buyer().await;
    let _ = join(&client, &person, &performance, &Value::Null).await.ok(201);
    let nonsense = json!({"challenge": "x", "nonce": "y"});
    let _ = join(&client, &person, &performance, &nonsense).await.ok(200);
}

#[tokio::test]
async fn a_wrong_or_foreign_solution_gets_a_fresh_challenge() {
    let (world, client, performance) = start().await;
    let other = world.performance(Fixture::queue()).await;
    let other = set_door(&world, other, JoinPolicy { challenge_bits: BITS, ..JoinPolicy::default() }).await;
    let (person, stranger) = (world.buyer().await, world.buyer().await);
    let mine = given(&client, &person, &performance).await;
    let theirs = given(&client, &stranger, &performance).await;
    let elsewhere = given(&client, &person, &other).await;
    let wrong = solve(&mine, |solution| !solution.has_zero_bits(BITS));
    let [head, _, signature] = mine.split('.').collect::<Vec<_>>()[..] else { panic!("three parts: {mine}") };
    let forged = [head, elsewhere.split('.').nth(1).unwrap(), signature].join(".");
    for solution in
        [wrong, solved(&theirs), solved(&elsewhere), solved(&forged), solved(&person.token), solved("")]
    {
        let _ = challenge_of(&join(&client, &person, &performance, &solution).await, BITS);
    }
    let _ = join(&client, &person, &performance, &solved(&mine)).await.ok(201);
}

#[tokio::test]
async fn a_challenge_is_good_for_five_minutes() {
    let (world, client, performance) = start().await;
    let person = world.buyer().await;
    let challenge = given(&client, &person, &performance).await;
    world.set_forward(290);
    let _ = join(&client, &person, &performance, &solved(&challenge)).await.ok(201);
    let late = world.buyer().await;
    let challenge = given(&client, &late, &performance).await;
    world.set_forward(300);
    let fresh = challenge_of(&join(&client, &late, &performance, &solved(&challenge)).await, BITS);
    assert_ne!(fresh, challenge);
    let _ = join(&client, &late, &performance, &solved(&fresh)).await.ok(201);
}

#[tokio::test]
async fn after_a_change_of_difficulty_only_a_challenge_as_hard_is_accepted() {
    let (world, client, performance) = start().await;
    let person = world.buyer().await;
    let easy = given(&client, &person, &performance).await;
    let harder = JoinPolicy { challenge_bits: BITS + 1, ..JoinPolicy::default() };
    let performance = set_door(&world, performance, harder).await;
    let lucky = solve(&easy, |solution| solution.has_zero_bits(BITS + 1));
    let hard = challenge_of(&join(&another(&world), &person, &performance, &lucky).await, BITS + 1);
    let performance =
        set_door(&world, performance, JoinPolicy { challenge_bits: BITS, ..JoinPolicy::default() }).await;
    let half = solve(&hard, |solution| solution.has_zero_bits(BITS) && !solution.has_zero_bits(BITS + 1));
    let client = another(&world);
    let _ = challenge_of(&join(&client, &person, &performance, &half).await, BITS);
    let whole = solve(&hard, |solution| solution.has_zero_bits(BITS + 1));
    let _ = join(&client, &person, &performance, &whole).await.ok(201);
}

#[tokio::test]
async fn ticket_holders_and_staff_need_none() {
    let (world, client, performance) = start().await;
    let (person, stranger, staff) = (world.buyer().await, world.buyer().await, world.buyer().await);
    let bypass = vec![Staff { user_id: staff.user_id, email: Some(Email::parse(&staff.email).unwrap()) }];
    let door = JoinPolicy { challenge_bits: BITS, bypass, ..JoinPolicy::default() };
    let performance = set_door(&world, performance, door).await;
    let elsewhere = world.performance(Fixture::queue()).await;
    let again = async |by: &Person, ticket: String| {
        let body = json!({"performance_id": performance.performance_id});
        let post = client.post("/v1/queue-tickets").bearer(&by.token).json(&body);
        post.header("queue-ticket", ticket).send().await
    };
    let solution = solved(&given(&client, &person, &performance).await);
    let joined = join(&client, &person, &performance, &solution).await.ok(201);
    let ticket = joined["queue_ticket"].as_str().unwrap();
    assert_eq!(again(&person, ticket.to_owned()).await.ok(200)["number"], joined["number"]);
    let _ = again(&stranger, ticket.to_owned()).await.problem("challenge_required", 428);
    let other = world.ticket(&stranger, &elsewhere, 1);
    let _ = again(&stranger, other).await.problem("challenge_required", 428);
    let staff = join(&client, &staff, &performance, &Value::Null).await;
    assert!(matches!(staff.status, 200 | 201), "{}", staff.body);
}

#[tokio::test]
async fn a_solution_of_another_shape_names_its_field() {
    let (world, client, performance) = start().await;
    let person = world.buyer().await;
    for (solution, field) in [
        (json!({"challenge": "x", "nonce": "9".repeat(65)}), "solution.nonce"),
        (json!({"challenge": "x", "nonce": 9}), "solution.nonce"),
        (json!({"challenge": "x"}), "solution.nonce"),
        (json!({"nonce": "9"}), "solution.challenge"),
    ] {
        assert_eq!(join(&client, &person, &performance, &solution).await.invalid(), [field], "{solution}");
    }
}

#[tokio::test]
async fn a_sale_that_is_not_open_says_so_before_it_asks_for_work() {
    let (world, client, _) = start().await;
    let early = world.performance(Fixture { opens_in_s: 60, ..Fixture::queue() }).await;
    let early = set_door(&world, early, JoinPolicy { challenge_bits: BITS, ..JoinPolicy::default() }).await;
    let answer = join(&client, &world.buyer().await, &early, &Value::Null).await;
    let _ = answer.problem("sale_not_open", 403);
}
