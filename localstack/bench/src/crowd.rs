//! What a crowd costs: one waiting room with more and more people in it. At each size this measures a poll, a look at one's
//! own place and a join, next to the same server answering "ok", and how much memory of Redis each person takes.

use crate::{
    Result,
    load::RawRequest,
    server::Server,
    stage::{Cost, Stage},
    table::{FigureTable, Spread},
};
use domain::{UserId, queue::Standing, user::Role};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use shared::services::tokens::{ACCESS_TTL_S, Access, QueueTicket};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::time::interval;

/// How many people wait.
const SIZES: [usize; 3] = [1_000, 100_000, 1_000_000];
const ROUNDS: usize = 9;
const POLLS: usize = 10_000;
/// How many looks at one's own place, and how many joins, a round makes: each by another person.
const PEOPLE: usize = 500;
/// How many joins are under way at once while the room is being filled.
const JOINS_AT_ONCE: usize = 64;
const OK: &str = "HTTP/1.1 200";
const CREATED: &str = "HTTP/1.1 201";

pub(crate) async fn measure(stage: &mut Stage) -> Result<[FigureTable; 2]> {
    let status = stage.start("queue-status", &[])?;
    let enqueue = stage.start("enqueue", &[])?;
    let mut crowd = Crowd { people: Vec::new(), empty_bytes: stage.redis_bytes().await? };
    let mut polls = FigureTable::new(
        "Polls of a crowd",
        [
            "waiting",
            "`ok`, µs",
            "a poll, µs",
            "× `ok`",
            "Redis commands per 1,000 in a second",
            "own place, µs",
            "in Redis, µs",
        ],
    );
    let mut joins = FigureTable::new(
        "A crowd that joins",
        ["waiting", "filled at, a second", "a join, µs", "in Redis, µs", "bytes of Redis a person"],
    );
    for size in SIZES {
        let filled_per_s = crowd.fill(stage, size).await?;
        let bytes = (stage.redis_bytes().await? - crowd.empty_bytes) / count(crowd.people.len())?;
        let mut row = CrowdRow::default();
        for round in 0..=ROUNDS {
            eprintln!("{size} waiting: round {round} of {ROUNDS}");
            let costs = crowd.round(stage, &status, &enqueue).await?;
            // The first round opened connections, so it does not count.
            if round > 0 {
                row.add(&costs);
            }
        }
        polls.row(row.polls(size));
        let filled = format!("{filled_per_s:.0}");
        joins.row([size.to_string(), filled, row.join_us(), row.join_redis_us(), format!("{bytes:.0}")]);
    }
    Ok([polls, joins])
}

/// The people who wait, each with their number.
struct Crowd {
    people: Vec<(UserId, Standing)>,
    empty_bytes: f64,
}

/// What one round cost.
struct Costs {
    constant: Cost,
    poll: Cost,
    commands: f64,
    own_place: Cost,
    join: Cost,
}

impl Crowd {
    /// Lets people join until this many wait, and returns how many joined per second.
    async fn fill(&mut self, stage: &Stage, size: usize) -> Result<f64> {
        let missing = size.saturating_sub(self.people.len());
        eprintln!("{missing} people join");
        let flow = stage.app.catalog.flow(&stage.performance)?;
        let begun = Instant::now();
        let joined: Vec<_> = stream::iter(0..missing)
            .map(|_| async {
                let user = UserId(stage.app.ids.uuid());
                let joined = stage.app.room.join(stage.performance.performance_id, user, None, &flow).await;
                joined.map(|(place, _)| (user, place.standing))
            })
            .buffer_unordered(JOINS_AT_ONCE)
            .try_collect()
            .await?;
        self.people.extend(joined);
        Ok(count(missing)? / begun.elapsed().as_secs_f64())
    }

    async fn round(&mut self, stage: &mut Stage, status: &Server, enqueue: &Server) -> Result<Costs> {
        let path = format!("/v1/queues/{}", stage.performance.performance_id);
        let constant = stage.cost(status, &vec![get("/healthz", ""); POLLS], OK).await?;
        let poll = stage.cost(status, &vec![get(&path, ""); POLLS], OK).await?;
        let commands = commands_a_second(stage, status, &get(&path, "")).await?;
        let own_place = stage.cost(status, &self.looks(stage, &path)?, OK).await?;
        let join = stage.cost(enqueue, &joins(stage)?, CREATED).await?;
        Ok(Costs { constant, poll, commands, own_place, join })
    }

    /// Looks by people from all over the queue, and not by the same ones again soon.
    fn looks(&mut self, stage: &Stage, path: &str) -> Result<Vec<RawRequest>> {
        self.people.rotate_left(PEOPLE);
        let step = (self.people.len() / PEOPLE).max(1);
        let some = self.people.iter().step_by(step).take(PEOPLE);
        some.map(|(user, standing)| {
            let id = stage.performance.performance_id;
            let ticket = QueueTicket::new(*user, id, Some(*standing), stage.now());
            let ticket = stage.app.tokens.sign(&ticket).ok_or("no key")?;
            Ok(get(&format!("{path}/me"), &format!("queue-ticket: {ticket}\r\n")))
        })
        .collect()
    }
}

/// How many commands Redis runs, including those inside scripts, in a second in which a thousand clients ask one instance.
async fn commands_a_second(stage: &mut Stage, status: &Server, poll: &RawRequest) -> Result<f64> {
    let before = stage.commands().await?;
    let mut tick = interval(Duration::from_millis(100));
    for _ in 0..10 {
        tick.tick().await;
        stage.cost(status, &vec![Arc::clone(poll); 100], OK).await?;
    }
    tick.tick().await;
    Ok(stage.commands().await? - before)
}

fn get(path: &str, headers: &str) -> RawRequest {
    format!("GET {path} HTTP/1.1\r\nhost: yemae.test\r\nuser-agent: bench\r\naccept: */*\r\n{headers}\r\n")
        .into()
}

fn joins(stage: &Stage) -> Result<Vec<RawRequest>> {
    let body = format!("{{\"performance_id\":\"{}\"}}", stage.performance.performance_id);
    let join = |_| {
        let iat = stage.now().as_second();
        let sub = UserId(stage.app.ids.uuid());
        let access = Access { sub, role: Role::Buyer, iat, exp: iat + ACCESS_TTL_S };
        let token = stage.app.tokens.sign(&access).ok_or("no key")?;
        let head = format!(
            "POST /v1/queue-tickets HTTP/1.1\r\nhost: yemae.test\r\nauthorization: Bearer {token}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        Ok(format!("{head}{body}").into())
    };
    (0..PEOPLE).map(join).collect()
}

fn count(people: usize) -> Result<f64> {
    Ok(f64::from(u32::try_from(people)?))
}

#[derive(Default)]
struct CrowdRow {
    constant_us: Spread,
    poll_us: Spread,
    ratio: Spread,
    commands: Spread,
    place_us: Spread,
    place_redis_us: Spread,
    join_us: Spread,
    join_redis_us: Spread,
}

impl CrowdRow {
    fn add(&mut self, costs: &Costs) {
        self.constant_us.add(costs.constant.server_us);
        self.poll_us.add(costs.poll.server_us);
        self.ratio.add(costs.poll.server_us / costs.constant.server_us);
        self.commands.add(costs.commands);
        self.place_us.add(costs.own_place.server_us);
        self.place_redis_us.add(costs.own_place.redis_us);
        self.join_us.add(costs.join.server_us);
        self.join_redis_us.add(costs.join.redis_us);
    }

    fn polls(&self, size: usize) -> [String; 7] {
        [
            size.to_string(),
            format!("{:.1}", self.constant_us),
            format!("{:.1}", self.poll_us),
            format!("{:.2}", self.ratio),
            format!("{:.1}", self.commands),
            format!("{:.0}", self.place_us),
            format!("{:.0}", self.place_redis_us),
        ]
    }

    fn join_us(&self) -> String {
        format!("{:.0}", self.join_us)
    }

    fn join_redis_us(&self) -> String {
        format!("{:.0}", self.join_redis_us)
    }
}
