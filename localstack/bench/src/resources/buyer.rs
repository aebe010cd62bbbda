//! Buyers and the steps of their journey, each one request to one function.

use super::house::{CountedHouse, Usage};
use crate::{Result, load::LoadConnection};
use domain::layout::SeatIndex;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// What a buyer has got so far.
#[derive(Debug, Default)]
pub struct Buyer {
    number: u32,
    access: String,
    refresh: String,
    ticket: String,
    admission: String,
    map_version: u64,
    hold: String,
    booking: String,
}

/// One request of the journey.
#[derive(Clone, Copy)]
pub struct JourneyStep {
    /// What the buyer does.
    pub name: &'static str,
    /// The function that is asked.
    pub function: &'static str,
    status: u16,
    ask: fn(&Buyer, &CountedHouse) -> StepRequest,
    /// What the buyer takes from the answer.
    take: fn(&mut Buyer, &Value) -> Option<()>,
}

struct StepRequest {
    line: String,
    body: Option<Value>,
}

const PASSWORD: &str = "another password";

/// The journey, in order.
pub const STEPS: [JourneyStep; 20] = [
    step("sign up", "signup", 201, |buyer, _| {
        let account = json!({ "email": buyer.email(), "password": PASSWORD, "name": "관객" });
        post("/v1/users", account)
    }),
    step("log in", "login", 200, |buyer, _| {
        post("/v1/login", json!({ "email": buyer.email(), "password": PASSWORD }))
    })
    .taking(take_tokens),
    step("renew the tokens", "session", 200, |buyer, _| {
        post("/v1/tokens", json!({ "refresh_token": buyer.refresh }))
    })
    .taking(take_tokens),
    step("the list", "list-shows", 200, |_, _| get("/v1/shows")),
    step("the show", "show-detail", 200, |_, house| get(&format!("/v1/shows/{}", house.performance.show_id))),
    step("the layout", "seat-map", 200, |_, house| get(&format!("/v1/seats/{}/layout", house.id()))),
    step("the map", "seat-map", 200, |_, house| get(&format!("/v1/seats/{}", house.id()))).taking(
        |buyer, map| {
            buyer.map_version = map.get("version")?.as_u64()?;
            Some(())
        },
    ),
    step("what changed", "seat-map", 200, |buyer, house| {
        get(&format!("/v1/seats/{}?since={}", house.id(), buyer.map_version))
    }),
    step("join", "enqueue", 201, |_, house| {
        post("/v1/queue-tickets", json!({ "performance_id": house.id() }))
    })
    .taking(|buyer, place| {
        buyer.ticket = text(place, "queue_ticket")?;
        Some(())
    }),
    step("poll", "queue-status", 200, |_, house| get(&format!("/v1/queues/{}", house.id()))),
    step("own place", "queue-status", 200, |_, house| get(&format!("/v1/queues/{}/me", house.id()))),
    step("claim", "admit", 201, |_, _| bare("POST", "/v1/admissions")).taking(take_admission),
    step("sign of life", "admit", 200, |_, _| bare("PUT", "/v1/admissions")).taking(take_admission),
    step("hold two seats", "lock-seat", 201, |buyer, house| {
        post("/v1/holds", json!({ "performance_id": house.id(), "seats": buyer.seats(house) }))
    })
    .taking(|buyer, hold| {
        buyer.hold = text(hold, "hold_id")?;
        Some(())
    }),
    step("book", "book", 201, |buyer, _| post("/v1/bookings", json!({ "hold_id": buyer.hold }))).taking(
        |buyer, booking| {
            buyer.booking = text(booking, "booking_id")?;
            Some(())
        },
    ),
    step("pay", "pay", 200, |buyer, _| {
        post("/v1/payments", json!({ "booking_id": buyer.booking, "method": "card", "token": "ok" }))
    }),
    step("leave", "admit", 204, |_, _| bare("DELETE", "/v1/admissions")),
    step("the ticket", "bookings", 200, |buyer, _| get(&format!("/v1/me/bookings/{}", buyer.booking))),
    step("cancel", "cancel", 200, |buyer, _| {
        post("/v1/cancellations", json!({ "booking_id": buyer.booking }))
    }),
    step("log out", "session", 204, |buyer, _| {
        let token = json!({ "refresh_token": buyer.refresh });
        StepRequest { line: "DELETE /v1/tokens".to_owned(), body: Some(token) }
    }),
];

const fn step(
    name: &'static str,
    function: &'static str,
    status: u16,
    ask: fn(&Buyer, &CountedHouse) -> StepRequest,
) -> JourneyStep {
    JourneyStep { name, function, status, ask, take: |_, _| Some(()) }
}

impl JourneyStep {
    const fn taking(self, take: fn(&mut Buyer, &Value) -> Option<()>) -> Self {
        Self { take, ..self }
    }

    /// Takes every buyer through the step, one after another. Returns what each spent.
    ///
    /// # Errors
    /// An answer is not the expected one.
    pub async fn take_all(&self, house: &CountedHouse, buyers: &mut [Buyer]) -> Result<Vec<Usage>> {
        if self.name == "claim" {
            all_called(house).await?;
        }
        let mut connection = LoadConnection::open(house.function(self.function)?.port).await?;
        let mut spent = Vec::with_capacity(buyers.len());
        for buyer in buyers {
            let request = (self.ask)(buyer, house).written_for(buyer);
            let before = house.usage(self.function)?;
            let answer = ask(&mut connection, &request, self.status).await;
            let answer = answer.map_err(|why| format!("{}: {why}", self.name))?;
            let used = house.usage(self.function)?.since(&before);
            (self.take)(buyer, &answer.body)
                .ok_or_else(|| format!("{}: {} lacks a field", self.name, answer.body))?;
            spent.push(Usage { to_client: answer.bytes, ..used });
        }
        Ok(spent)
    }
}

/// What came back.
pub(crate) struct StepAnswer {
    pub(crate) body: Value,
    bytes: u64,
}

/// Asks a function once, over a connection of its own.
pub(crate) async fn ask_once(
    house: &CountedHouse,
    function: &str,
    (line, body): (&str, Option<Value>),
    status: u16,
) -> Result<StepAnswer> {
    let mut connection = LoadConnection::open(house.function(function)?.port).await?;
    let request = StepRequest { line: line.to_owned(), body };
    ask(&mut connection, &request.written_for(&Buyer::default()), status).await
}

async fn ask(connection: &mut LoadConnection, request: &str, status: u16) -> Result<StepAnswer> {
    connection.ask(request).await?;
    let answer = &connection.answer;
    let (bytes, answer) = (u64::try_from(answer.len())?, String::from_utf8_lossy(answer));
    if !answer.starts_with(&format!("HTTP/1.1 {status} ")) {
        return Err(format!("not {status}: {answer}").into());
    }
    let body = answer.split_once("\r\n\r\n").map(|(_, body)| body).filter(|body| !body.is_empty());
    Ok(StepAnswer { body: body.map_or(Ok(Value::Null), serde_json::from_str)?, bytes })
}

/// How long calling all buyers may take.
const CALLED_WITHIN: Duration = Duration::from_secs(20);
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(100);

/// Waits until every buyer who has joined is called. What is spent meanwhile is no buyer's.
async fn all_called(house: &CountedHouse) -> Result<()> {
    let (deadline, line) = (Instant::now() + CALLED_WITHIN, format!("GET /v1/queues/{}", house.id()));
    loop {
        let queue = ask_once(house, "queue-status", (&line, None), 200).await?.body;
        let number = |name: &str| queue.get(name).and_then(Value::as_u64);
        if number("serving").is_some() && number("serving") == number("issued") {
            return Ok(());
        }
        if Instant::now() > deadline {
            return Err(format!("not all are called: {queue}").into());
        }
        sleep(LOOK_AGAIN_AFTER).await;
    }
}

impl Buyer {
    /// So many buyers, the first of whom has this number. No two have a seat in common.
    #[must_use]
    pub fn some(first: u32, count: u32) -> Vec<Self> {
        (first..first + count).map(|number| Self { number, ..Self::default() }).collect()
    }

    fn email(&self) -> String {
        format!("buyer-{}@yemae.test", self.number)
    }

    fn seats(&self, house: &CountedHouse) -> Vec<String> {
        let seat = |index| house.layout.name_of(SeatIndex(index)).map(Into::into);
        [2 * self.number, 2 * self.number + 1].into_iter().filter_map(seat).collect()
    }
}

impl CountedHouse {
    fn id(&self) -> domain::PerformanceId {
        self.performance.performance_id
    }
}

impl StepRequest {
    /// As it goes over the wire, with all that the buyer has to show.
    fn written_for(&self, buyer: &Buyer) -> String {
        let body = self.body.as_ref().map(Value::to_string).unwrap_or_default();
        let mut head = format!("{} HTTP/1.1\r\nhost: yemae.test\r\naccept: application/json\r\n", self.line);
        let shown = [
            ("authorization: Bearer ", &buyer.access),
            ("queue-ticket: ", &buyer.ticket),
            ("admission-token: ", &buyer.admission),
        ];
        for (header, token) in shown.into_iter().filter(|(_, token)| !token.is_empty()) {
            head.extend([header, token, "\r\n"]);
        }
        if !body.is_empty() {
            head += "content-type: application/json\r\n";
        }
        head + &format!("idempotency-key: one\r\ncontent-length: {}\r\n\r\n{body}", body.len())
    }
}

fn post(path: &str, body: Value) -> StepRequest {
    StepRequest { line: format!("POST {path}"), body: Some(body) }
}

fn get(path: &str) -> StepRequest {
    bare("GET", path)
}

fn bare(method: &str, path: &str) -> StepRequest {
    StepRequest { line: format!("{method} {path}"), body: None }
}

fn take_tokens(buyer: &mut Buyer, tokens: &Value) -> Option<()> {
    buyer.access = text(tokens, "access_token")?;
    buyer.refresh = text(tokens, "refresh_token")?;
    Some(())
}

fn take_admission(buyer: &mut Buyer, admitted: &Value) -> Option<()> {
    buyer.admission = text(admitted, "admission_token")?;
    Some(())
}

fn text(answer: &Value, field: &str) -> Option<String> {
    answer.get(field)?.as_str().map(str::to_owned)
}
