//! The whole Compose network, started from its files: a buyer's journey through nginx, before and after Redis restarts.
//! `make test-containers` builds the images and runs this.
#![cfg(test)]

use checks::{docker::image, root, run};
use journey::RunningYemae;
use reqwest::StatusCode;
use shared::{adapters::system::RandomIds, ports::Ids as _};
use std::{
    process::Command,
    time::{Duration, Instant},
};

/// All programs start at once on two cores.
const READY_WITHIN: Duration = Duration::from_mins(1);

#[tokio::test]
async fn a_seat_is_sold_through_nginx_also_after_redis_restarted() {
    let network = Compose::up();
    let house = RunningYemae {
        base: format!("http://127.0.0.1:{}", network.port),
        organizer_email: demo::ORGANIZER.to_owned(),
        organizer_password: demo::PASSWORD.to_owned(),
    };
    network.lists_shows(&house.base).await;
    journey::take(&house, RandomIds::default().uuid()).await;

    network.run(&["restart", "--timeout", "2", "valkey"]);
    journey::take(&house, RandomIds::default().uuid()).await;

    let page = reqwest::get(format!("{}/shows/7", house.base)).await.unwrap().text().await.unwrap();
    assert!(page.contains("<title>예매 Yemae</title>"), "{page}");
    for path in ["/sweep.php", "/v1/nothing"] {
        let answer = reqwest::get(format!("{}{path}", house.base)).await.unwrap();
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
        assert_eq!(answer.headers()["content-type"], "application/problem+json", "{path}");
    }
}

/// The network, which is taken down when this is dropped.
struct Compose {
    port: u16,
}

impl Compose {
    fn up() -> Self {
        let network = Self { port: stores::free_port().unwrap() };
        network.run(&["up", "--detach", "--no-build"]);
        network
    }

    fn run(&self, arguments: &[&str]) -> String {
        run(&mut self.command(arguments))
    }

    /// Compose with our engine in place of LocalStack and images that need not be pulled.
    fn command(&self, arguments: &[&str]) -> Command {
        let plugin = Command::new("docker").args(["compose", "version"]).output();
        let mut command = if plugin.is_ok_and(|plugin| plugin.status.success()) {
            let mut command = Command::new("docker");
            command.arg("compose");
            command
        } else {
            Command::new("docker-compose")
        };
        for file in ["localstack/compose.yaml", "localstack/compose.engine.yaml"] {
            command.arg("--file").arg(root(file));
        }
        let name = format!("yemae-check-{}", std::process::id());
        command.args(["--project-name", &name]).args(arguments).env("YEMAE_NETWORK", &name);
        command.env("PORT", self.port.to_string());
        command.env("VALKEY_IMAGE", image("redis")).env("NGINX_IMAGE", image("nginx"));
        command
    }

    /// Waits for the demo's shows, which are added after its accounts.
    async fn lists_shows(&self, base: &str) {
        let deadline = Instant::now() + READY_WITHIN;
        while !has_shows(base).await {
            assert!(
                Instant::now() < deadline,
                "{base} lists no show: {}",
                self.run(&["logs", "--tail", "5"])
            );
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
    }
}

async fn has_shows(base: &str) -> bool {
    let Ok(answer) = reqwest::get(format!("{base}/v1/shows?limit=1")).await else { return false };
    answer.text().await.is_ok_and(|list| list.contains("show_id"))
}

impl Drop for Compose {
    fn drop(&mut self) {
        // A failing test has already said why.
        let _ = self.command(&["down", "--volumes", "--timeout", "5"]).output();
    }
}
