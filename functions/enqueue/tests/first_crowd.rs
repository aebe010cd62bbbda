//! The first crowd of a sale that Redis has never seen, or has forgotten: no one in it is refused, however many come at once
//! and through however many processes.
#![cfg(test)]

use domain::performance::Performance;
use std::collections::BTreeSet;
use testkit::{Answer, Client, Fixture, Person, World, json};
use tokio::task::JoinSet;

const PROCESSES: usize = 6;
const CROWD: usize = 60;
const SALES: usize = 5;

fn processes(world: &World) -> Vec<Client> {
    (0..PROCESSES).map(|_| world.client(enqueue::FUNCTION, enqueue::routes())).collect()
}

/// All ask at once, spread evenly over the processes. Returns their answers.
async fn join(people: &[Person], processes: &[Client], performance: &Performance) -> Vec<Answer> {
    let mut joining = JoinSet::new();
    for (person, client) in people.iter().zip(processes.iter().cycle()) {
        let body = json!({ "performance_id": performance.performance_id });
        let request = client.post("/v1/queue-tickets").bearer(&person.token).json(&body);
        joining.spawn(request.send());
    }
    joining.join_all().await
}

#[tokio::test]
async fn no_one_in_the_first_crowd_is_refused() {
    let world = World::start().await;
    let mut people = Vec::new();
    for _ in 0..CROWD {
        people.push(world.buyer().await);
    }
    for sale in 0..SALES {
        let performance = world.performance(Fixture::queue()).await;
        let processes = processes(&world);
        for status in [201, 200] {
            let answers = join(&people, &processes, &performance).await;
            let refused: Vec<_> = answers.iter().filter(|answer| answer.status != status).collect();
            assert!(refused.is_empty(), "sale {sale}: {} were refused: {refused:?}", refused.len());
            let numbers = answers.iter().map(|answer| answer.ok(status)["number"].as_u64().unwrap());
            assert_eq!(numbers.collect::<BTreeSet<_>>(), (1..=CROWD as u64).collect());
        }
        world.flush_redis();
        let answers = join(&people, &processes, &performance).await;
        assert!(answers.iter().all(|answer| answer.status == 201), "after a loss: {answers:?}");
    }
}
