//! What a poll costs: `GET /v1/queues/{p}` with people waiting, against the same server answering "ok".

use crate::{
    Result,
    load::Request,
    server::Server,
    stage::{Cost, Stage},
    table::{Spread, Table},
};
use domain::UserId;

const ROUNDS: usize = 15;
const POLLS: usize = 10_000;
/// Thousands of polls in all rounds: Redis is asked once a second, so that most rounds alone say nothing of it.
const THOUSANDS: f64 = 150.0;
const WAITING: usize = 5_000;
const ANSWERED: &str = "HTTP/1.1 200";

pub(crate) async fn measure(stage: &mut Stage) -> Result<Table> {
    fill(stage).await?;
    let polls = repeated(&format!("/v1/queues/{}", stage.performance.performance_id));
    let probes = repeated("/healthz");
    let server = stage.start("queue-status", &[])?;
    let (mut constant, mut poll) = (Row::default(), Row::default());
    for round in 0..=ROUNDS {
        eprintln!("polls: round {round} of {ROUNDS}");
        let constant_cost = round_of(stage, &server, &probes).await?;
        let poll_cost = round_of(stage, &server, &polls).await?;
        // The first round opened connections.
        if round > 0 {
            constant.add(&constant_cost);
            poll.add(&poll_cost);
        }
    }
    let head = [
        "a request",
        "server, µs",
        "Redis, µs",
        "a second",
        "scripts per 1,000",
        "commands in all, per 1,000",
    ];
    let mut table = Table::new("Polls", head);
    table.row(constant.cells("`GET /healthz`"));
    table.row(poll.cells("`GET /v1/queues/{p}`"));
    Ok(table)
}

/// People in the queue: a poll must not cost more because of them.
async fn fill(stage: &Stage) -> Result<()> {
    let flow = stage.app.catalog.flow(&stage.performance).map_err(|problem| problem.to_json())?;
    for _ in 0..WAITING {
        let user = UserId(stage.app.ids.uuid());
        stage.app.room.join(stage.performance.performance_id, user, None, &flow).await?;
    }
    Ok(())
}

fn repeated(path: &str) -> Vec<Request> {
    let request =
        format!("GET {path} HTTP/1.1\r\nhost: yemae.test\r\nuser-agent: bench\r\naccept: */*\r\n\r\n");
    vec![request.into(); POLLS]
}

/// Cost, scripts, commands.
async fn round_of(stage: &mut Stage, server: &Server, requests: &[Request]) -> Result<(Cost, f64, f64)> {
    let (scripts_before, commands_before) = stage.commands().await?;
    let cost = stage.cost(server, requests, ANSWERED).await?;
    let (scripts, commands) = stage.commands().await?;
    Ok((cost, scripts - scripts_before, commands - commands_before))
}

#[derive(Default)]
struct Row {
    server_us: Spread,
    redis_us: Spread,
    per_s: Spread,
    scripts: f64,
    commands: f64,
}

impl Row {
    fn add(&mut self, (cost, scripts, commands): &(Cost, f64, f64)) {
        self.server_us.add(cost.server_us);
        self.redis_us.add(cost.redis_us);
        self.per_s.add(cost.per_s);
        self.scripts += scripts;
        self.commands += commands;
    }

    fn cells(&self, name: &str) -> [String; 6] {
        [
            name.to_owned(),
            format!("{:.1}", self.server_us),
            format!("{:.2}", self.redis_us),
            format!("{:.0}", self.per_s),
            format!("{:.2}", self.scripts / THOUSANDS),
            format!("{:.2}", self.commands / THOUSANDS),
        ]
    }
}
