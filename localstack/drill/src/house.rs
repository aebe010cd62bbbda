//! What is sold in the exercise: two performances, made by an organizer over HTTP as any other.

use crate::{
    DrillResult,
    client::{BuyerClient, ClientReply},
    diary::Diary,
    scene::{ROWS, SEATS_A_ROW},
    stack::ORGANIZER,
};
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};
use tokio::time::Instant;

/// How long making it may take.
const WITHIN: Duration = Duration::from_mins(1);

/// The organizer, logged in.
pub(crate) struct Organizer(BuyerClient);

impl Organizer {
    pub(crate) async fn log_in(base: &str, http: &reqwest::Client) -> DrillResult<Self> {
        let diary = Arc::<Diary>::default();
        let mut client = BuyerClient::new(base, http, diary, SignedDuration::ZERO, Instant::now() + WITHIN);
        let (email, password) = ORGANIZER;
        let account = json!({ "email": email, "password": password });
        let tokens = client.ask(Method::POST, "/v1/login", Some(&account)).await?;
        client.set("authorization", format!("Bearer {}", tokens.text("access_token")?));
        Ok(Self(client))
    }

    /// Puts a performance on sale, to so many buyers a minute. Returns its id.
    pub(crate) async fn put_on_sale(&mut self, title: &str, rate_per_min: u32) -> DrillResult<String> {
        self.0.keep_trying_until(Instant::now() + WITHIN);
        let show = json!({
            "title": title, "genre": "concert", "venue": "Hall", "currency": "KRW", "max_seats_per_user": 4,
            "grades": [{ "grade": "R", "price": 50_000 }],
        });
        let show = self.made(Method::POST, "/v1/manage/shows", Some(&show)).await?.text("show_id")?;
        let rows: Vec<_> =
            (1..=ROWS).map(|row| json!({ "row": row.to_string(), "seats": SEATS_A_ROW })).collect();
        let performance = json!({
            "starts_at": "2999-05-01T10:00:00Z",
            "layout": { "sections": [{ "section": "A", "grade": "R", "rows": rows }] },
            "sale": { "opens_at": "2020-01-01T00:00:00Z", "mode": "queue", "cap": 100, "rate_per_min": rate_per_min },
        });
        let path = format!("/v1/manage/shows/{show}/performances");
        let performance = self.made(Method::POST, &path, Some(&performance)).await?.text("performance_id")?;
        self.made(Method::POST, &format!("/v1/manage/performances/{performance}/publish"), None).await?;
        Ok(performance)
    }

    async fn made(&mut self, method: Method, path: &str, body: Option<&Value>) -> DrillResult<ClientReply> {
        let reply = self.0.ask(method, path, body).await?;
        if matches!(reply.status, 200 | 201) { Ok(reply) } else { Err(format!("{path}: {reply:?}").into()) }
    }
}
