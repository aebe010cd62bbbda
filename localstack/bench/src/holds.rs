//! What a hold costs: `POST /v1/holds` for one seat, compared with the same server answering the same request with a
//! constant, and with Redis's own benchmark of the bare lock.

use crate::{
    Result,
    load::{CONNECTIONS, RawRequest},
    server::Server,
    stage::{Cost, Stage},
    table::{FigureTable, Spread},
};
use domain::{UserId, layout::SeatIndex};
use std::process::Command;

const ROUNDS: usize = 21;
/// How many holds a round makes, each of another seat by another buyer.
const HOLDS: u32 = 2_000;
/// How many commands Redis's benchmark runs in a round.
const SETS: u32 = 10_000;

/// The row that every row is compared with.
const CONSTANT: usize = 1;
const HOLD: usize = 2;
const SET: usize = 7;

const NAMES: [&str; 8] = [
    "a constant, without what every request gets",
    "a constant",
    "a hold",
    "a hold, both tokens never seen before",
    "a hold, requests counted by address",
    "a hold, metrics and one trace in a hundred pushed",
    "a hold, metrics and every trace pushed",
    "`SET NX PX` by redis-benchmark",
];

pub(crate) async fn measure(stage: &mut Stage) -> Result<FigureTable> {
    let buyers: Vec<_> = (0..=HOLDS).map(|_| UserId(stage.app.ids.uuid())).collect();
    stage.let_in(&buyers).await?;
    let mut requests = requests(stage, &buyers)?;
    let first = requests.split_off(requests.len() - 1);
    let mut counting = stage.settings.clone();
    counting.insert("YEMAE_ADDRESS_RATE_PER_MIN", "1000000".to_owned());
    let bare = stage.start("bench-constant", &["--bare"])?;
    let constant = stage.start("bench-constant", &[])?;
    let knowing = stage.start("lock-seat", &[])?;
    let counting = Server::start(&stage.program("lock-seat"), &[], &counting)?;
    let collector = stage.start("bench-constant", &["--bare"])?;
    let pushing = |sampler, share| {
        Server::start(&stage.program("lock-seat"), &[], &stage.pushing(&collector, sampler, share))
    };
    let (sampled, traced) = (pushing("traceidratio", "0.01")?, pushing("always_on", "1")?);

    let mut rounds = Vec::new();
    for round in 0..=ROUNDS {
        eprintln!("holds: round {round} of {ROUNDS}");
        let mut costs = Vec::new();
        for server in [&bare, &constant, &knowing] {
            stage.free_seats().await?;
            costs.push(stage.cost(server, &requests, CREATED).await?);
        }
        stage.free_seats().await?;
        let fresh = stage.start("lock-seat", &[])?;
        stage.cost(&fresh, &first, CREATED).await?;
        costs.push(stage.cost(&fresh, &requests, CREATED).await?);
        drop(fresh);
        for server in [&counting, &sampled, &traced] {
            stage.free_seats().await?;
            costs.push(stage.cost(server, &requests, CREATED).await?);
        }
        stage.free_seats().await?;
        costs.push(bare_locks(stage)?);
        rounds.push(costs);
    }
    stage.let_in(&[]).await?;
    // The first round opened connections and verified tokens, so it does not count.
    rounds.remove(0);
    Ok(table(&rounds))
}

const CREATED: &str = "HTTP/1.1 201";

/// One hold per buyer.
fn requests(stage: &Stage, buyers: &[UserId]) -> Result<Vec<RawRequest>> {
    (0..).zip(buyers).map(|(seat, buyer)| request(stage, SeatIndex(seat), *buyer)).collect()
}

fn request(stage: &Stage, seat: SeatIndex, buyer: UserId) -> Result<RawRequest> {
    let performance = stage.performance.performance_id;
    let inside = stage.inside(buyer)?;
    let seat = stage.layout.name_of(seat).ok_or("the layout has too few seats")?;
    let body = format!(r#"{{"performance_id":"{performance}","seats":["{seat}"]}}"#);
    let head = format!(
        "POST /v1/holds HTTP/1.1\r\nhost: yemae.test\r\nuser-agent: bench\r\naccept: application/json\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n{inside}\r\n",
        body.len()
    );
    Ok((head + &body).into())
}

/// What Redis's own client reaches with as many connections, and what that costs Redis.
fn bare_locks(stage: &Stage) -> Result<Cost> {
    let before = stage.redis_time()?;
    let benchmark = Command::new("redis-benchmark")
        .args(["-p", stage.redis_port(), "-c", &CONNECTIONS.to_string(), "-n", &SETS.to_string()])
        .args(["-r", "1000000000", "--csv", "SET", "lock:__rand_int__", "owner|1", "NX", "PX", "300000"])
        .output()
        .map_err(|error| format!("redis-benchmark cannot be run, install redis-tools: {error}"))?;
    let spent = stage.redis_time()?.saturating_sub(before);
    let output = String::from_utf8_lossy(&benchmark.stdout);
    let per_s = output.lines().last().and_then(|line| line.split(',').nth(1)?.trim_matches('"').parse().ok());
    let per_s = per_s.ok_or("the output of redis-benchmark cannot be parsed")?;
    Ok(Cost { server_us: 0.0, redis_us: spent.as_secs_f64() * 1e6 / f64::from(SETS), per_s })
}

fn table(rounds: &[Vec<Cost>]) -> FigureTable {
    let head = [
        "a request",
        "server, µs",
        "Redis, µs",
        "together, × a constant",
        "× a hold",
        "a second",
        "% of `SET`s",
    ];
    let mut table = FigureTable::new("Holds", head);
    for (row, name) in NAMES.into_iter().enumerate() {
        let spread = |other: usize, figure: &dyn Fn(&Cost, &Cost) -> f64| {
            let mut spread = Spread::default();
            for costs in rounds {
                if let (Some(cost), Some(other)) = (costs.get(row), costs.get(other)) {
                    spread.add(figure(cost, other));
                }
            }
            spread
        };
        let together = |cost: &Cost, other: &Cost| cost.together_us() / other.together_us();
        table.row([
            name.to_owned(),
            format!("{:.1}", spread(row, &|cost, _| cost.server_us)),
            format!("{:.1}", spread(row, &|cost, _| cost.redis_us)),
            format!("{:.2}", spread(CONSTANT, &together)),
            format!("{:.2}", spread(HOLD, &together)),
            format!("{:.0}", spread(row, &|cost, _| cost.per_s)),
            format!("{:.0}", spread(SET, &|cost, set| 100.0 * cost.per_s / set.per_s)),
        ]);
    }
    table
}

impl Cost {
    fn together_us(&self) -> f64 {
        self.server_us + self.redis_us
    }
}
