//! The largest plans, good and hostile, all at once: the process stays within the memory that its manifest gives it.
#![cfg(test)]

use manage_shows::{FUNCTION, PLAN_BODY_MAX};
use shared::http::json::LARGE_BODIES_MAX;
use std::{
    fs,
    net::{Ipv4Addr, SocketAddr},
    process::{Child, Command, Stdio},
    time::Duration,
};
use testkit::{Value, World, json, until_it_listens};
use tokio::task::JoinSet;

/// More than a process takes at once.
const CROWD: usize = LARGE_BODIES_MAX + 2;

struct Process {
    address: SocketAddr,
    child: Child,
}

impl Process {
    async fn start(world: &World) -> Self {
        let port = stores::free_port().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_manage-shows"));
        command
            .env_clear()
            .envs(world.settings())
            .envs([("YEMAE_LOG", "warn")])
            .env("PORT", port.to_string());
        let region =
            [("AWS_REGION", "us-east-1"), ("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "test")];
        let child = command.envs(region).stdin(Stdio::null()).stdout(Stdio::null()).spawn().unwrap();
        let address = (Ipv4Addr::LOCALHOST, port).into();
        until_it_listens("manage-shows", address).await;
        Self { address, child }
    }

    /// The most memory that it ever had resident, in MB.
    fn memory_peak_mb(&self) -> u32 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        peak.trim().trim_end_matches(" kB").parse::<u32>().unwrap() / 1024
    }

    /// Sends the same body many times at once. Returns the status of each answer.
    async fn storm(&self, world: &World, body: &str, requests: usize) -> Vec<u16> {
        let client = reqwest::Client::builder().timeout(Duration::from_mins(1)).build().unwrap();
        let mut sent = JoinSet::new();
        for _ in 0..requests {
            let request = client.post(format!("http://{}/v1/manage/houses", self.address));
            let request =
                request.bearer_auth(&world.organizer.token).header("content-type", "application/json");
            let request = request.body(body.to_owned());
            sent.spawn(async move { request.send().await.unwrap().status().as_u16() });
        }
        sent.join_all().await
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn repeated(before: &str, item: &str, after: &str) -> String {
    let count = (PLAN_BODY_MAX - before.len() - after.len()) / (item.len() + 1);
    format!("{before}{}{after}", vec![item; count].join(","))
}

/// 100,000 seats with labels of their own, and notes as far as they fit.
fn largest() -> String {
    let labels: Vec<_> = (1..=100).map(|seat| format!("{seat:0>5}")).collect();
    let rows: Vec<_> =
        (0..100).map(|row| json!({"row": row.to_string(), "seats": 100, "numbers": labels})).collect();
    let sections: Vec<_> = (0..10).map(|section| json!({
        "section": format!("S{section}"), "grade": "R", "rows": rows, "at": {"x": 80 * (section % 5), "y": 100 * (section / 5)},
    })).collect();
    let mut state = 1_u64;
    let mut letter = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from_u32(0xAC00 + u32::try_from(state >> 33).unwrap() % 11_000).unwrap()
    };
    let notes = (0..10_000).map(|place| {
        let name = format!("S0-{}-{:0>5}", place / 100, place % 100 + 1);
        (name, json!({"note": (0..100).map(|_| letter()).collect::<String>()}))
    });
    json!({"name": "A", "sections": sections, "places": notes.collect::<Value>()}).to_string()
}

#[tokio::test]
async fn no_plan_takes_more_memory_than_the_manifest_gives() {
    let world = World::start().await;
    let largest = largest();
    assert!((4_000_000..=PLAN_BODY_MAX).contains(&largest.len()), "{}", largest.len());
    let names: Vec<_> = (0..300_000).map(|place| format!("\"{place:x}\":{{}}")).collect();
    let bodies = [
        ("the largest", largest, 201),
        ("small objects", repeated("{\"name\":[", "{\"a\":0}", "]}"), 422),
        ("empty lists", repeated("{\"name\":[", "[]", "]}"), 422),
        (
            "rows",
            repeated(
                "{\"sections\":[{\"section\":\"A\",\"grade\":\"R\",\"rows\":[",
                "{\"row\":\"\",\"seats\":1}",
                "]}]}",
            ),
            422,
        ),
        (
            "labels",
            repeated(
                "{\"sections\":[{\"section\":\"A\",\"grade\":\"R\",\"rows\":[{\"row\":\"1\",\"seats\":1,\"numbers\":[",
                "\"1\"",
                "]}]}]}",
            ),
            422,
        ),
        (
            "kept seats",
            repeated(
                "{\"name\":\"A\",\"sections\":[{\"section\":\"A\",\"grade\":\"R\",\"rows\":[{\"row\":\"1\",\"seats\":1,\"not_for_sale\":[",
                "1",
                "]}]}]}",
            ),
            201,
        ),
        ("names", format!("{{\"name\":\"A\",\"sections\":[],\"places\":{{{}}}}}", names.join(",")), 422),
        ("depth", "[".repeat(PLAN_BODY_MAX), 400),
        ("too large", " ".repeat(PLAN_BODY_MAX + 1), 413),
    ];
    let process = Process::start(&world).await;
    for (what, body, expected) in &bodies {
        let statuses = process.storm(&world, body, 1).await;
        println!("{what}: {} MB after one", process.memory_peak_mb());
        assert_eq!(statuses, [*expected], "{what}");
    }
    // The one that takes most to store, and one that is only looked at.
    for (what, body, expected) in bodies.iter().take(2) {
        let statuses = process.storm(&world, body, CROWD).await;
        println!("{what}: {} MB after {CROWD} at once", process.memory_peak_mb());
        // A busy machine does not get all done in time.
        let answered = |status: &u16| status == expected || matches!(status, 408 | 503 | 504);
        assert!(statuses.iter().all(answered), "{what}: {statuses:?}");
    }
    let (peak, most) = (process.memory_peak_mb(), FUNCTION.scale.memory.replica_max_mb);
    assert!(peak < most, "{peak} MB of {most}");
}
