//! What it costs to show a crowd the changes of a seat map: more and more people listen to `seat-stream` while seats are
//! locked one by one. This measures what the server spends until all of them know, how long that takes, and the memory
//! of a stream.

use crate::{
    Result,
    server::Server,
    stage::{Cost, Stage},
    table::{FigureTable, Spread},
};
use domain::{UserId, hold::HoldId, layout::SeatIndex};
use shared::ports::{AdmittedAs, HoldRequest, WantedSeats};
use std::{
    net::Ipv4Addr,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    sync::mpsc,
    task::JoinSet,
    time::timeout,
};

/// How many people listen: at most as many as one process takes.
const SIZES: [usize; 4] = [10, 100, 1_000, 2_000];
/// How many locks are made at each size, all within the life of a stream.
const ROUNDS: usize = 9;
const CONSTANTS: usize = 1_000;
const HEARD_WITHIN: Duration = Duration::from_secs(10);
/// Far longer than the measurement, so that no lock expires in the meantime.
const HOLD_MS: u64 = 600_000;

pub(crate) async fn measure(stage: &mut Stage) -> Result<FigureTable> {
    stage.free_seats().await?;
    let mut seats = (0..).map(SeatIndex);
    let mut table = FigureTable::new(
        "People at a seat map",
        [
            "listening",
            "a change for one, µs",
            "× `ok`",
            "in Redis for all, µs",
            "half know after, ms",
            "all know after, ms",
            "KiB a stream",
        ],
    );
    for size in SIZES {
        let server = stage.start("seat-stream", &[])?;
        let mut audience = Audience::gather(stage, &server, size).await?;
        let mut row = StreamRow::default();
        for (round, seat) in (0..=ROUNDS).zip(&mut seats) {
            eprintln!("{size} listening: round {round} of {ROUNDS}");
            let told = audience.round(stage, &server, seat).await?;
            // The first round filled the caches, so it does not count.
            if round > 0 {
                row.add(&told, audience.size);
            }
        }
        table.row(row.cells(&audience));
    }
    Ok(table)
}

/// The listeners, each with a connection.
struct Audience {
    size: u32,
    stream_kib: f64,
    heard: mpsc::UnboundedReceiver<Instant>,
    listening: JoinSet<Result<()>>,
}

/// What one lock cost.
struct LockCost {
    constant: Cost,
    one: Cost,
    half_ms: f64,
    all_ms: f64,
}

impl Audience {
    async fn gather(stage: &Stage, server: &Server, size: usize) -> Result<Self> {
        let id = stage.performance.performance_id;
        let map = stage.app.maps.snapshot(id, &stage.layout).await?;
        let inside = stage.inside(UserId(stage.app.ids.uuid()))?;
        let request = format!(
            "GET /v1/seat-stream/{id} HTTP/1.1\r\nhost: yemae.test\r\naccept: text/event-stream\r\n\
             last-event-id: {}\r\n{inside}\r\n",
            map.version
        );
        let (tell, heard) = mpsc::unbounded_channel();
        let mut listening = JoinSet::new();
        listening.spawn(listen(open(server.port, &request).await?, tell.clone()));
        // The map and the connection to Redis exist once, however many listen.
        let (before_kib, _) = server.memory_kib()?;
        for _ in 1..size {
            listening.spawn(listen(open(server.port, &request).await?, tell.clone()));
        }
        let (after_kib, _) = server.memory_kib()?;
        let size = u32::try_from(size)?;
        Ok(Self { size, stream_kib: (after_kib - before_kib) / f64::from(size - 1), heard, listening })
    }

    /// Locks a seat and waits until all listeners have heard of it.
    async fn round(&mut self, stage: &Stage, server: &Server, seat: SeatIndex) -> Result<LockCost> {
        let ok = "GET /healthz HTTP/1.1\r\nhost: yemae.test\r\n\r\n".into();
        let constant = stage.cost(server, &vec![ok; CONSTANTS], "HTTP/1.1 200").await?;
        let before = stage.spent(server)?;
        stage.app.locks.hold(&request(stage, seat)).await?;
        let locked = Instant::now();
        let mut after_ms = Spread::default();
        for _ in 0..self.size {
            let heard = timeout(HEARD_WITHIN, self.heard.recv()).await?;
            let heard = heard.ok_or("no listener is left")?;
            after_ms.add(heard.saturating_duration_since(locked).as_secs_f64() * 1e3);
        }
        let one = stage.spent(server)?.since(before, self.size, locked.elapsed());
        if let Some(ended) = self.listening.try_join_next() {
            ended??;
        }
        Ok(LockCost { constant, one, half_ms: after_ms.median(), all_ms: after_ms.most() })
    }
}

/// Opens a stream and waits until it has begun.
async fn open(port: u16, request: &str) -> Result<TcpStream> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::with_capacity(1_024);
    while !has(&answer, b"retry:") {
        if timeout(HEARD_WITHIN, stream.read_buf(&mut answer)).await?? == 0 {
            return Err(format!("no stream: {}", String::from_utf8_lossy(&answer)).into());
        }
    }
    Ok(stream)
}

/// Reports each change as it arrives.
async fn listen(mut stream: TcpStream, heard: mpsc::UnboundedSender<Instant>) -> Result<()> {
    let mut news = Vec::with_capacity(1_024);
    while stream.read_buf(&mut news).await? > 0 {
        // An event is small and written in one piece.
        if has(&news, b"event: changes") {
            heard.send(Instant::now())?;
        }
        news.clear();
    }
    Err("a stream ended during the measurement".into())
}

fn has(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|some| some == wanted)
}

fn request(stage: &Stage, seat: SeatIndex) -> HoldRequest {
    HoldRequest {
        hold_id: HoldId { performance: stage.performance.performance_id, token: stage.app.ids.uuid() },
        user: UserId(stage.app.ids.uuid()),
        admitted: AdmittedAs::Anyone,
        seats: WantedSeats::Named(vec![seat]),
        ttl_ms: HOLD_MS,
        max_seats_per_user: 1,
    }
}

#[derive(Default)]
struct StreamRow {
    one_us: Spread,
    ratio: Spread,
    redis_us: Spread,
    half_ms: Spread,
    all_ms: Spread,
}

impl StreamRow {
    fn add(&mut self, told: &LockCost, size: u32) {
        self.one_us.add(told.one.server_us);
        self.ratio.add(told.one.server_us / told.constant.server_us);
        self.redis_us.add(told.one.redis_us * f64::from(size));
        self.half_ms.add(told.half_ms);
        self.all_ms.add(told.all_ms);
    }

    fn cells(&self, audience: &Audience) -> [String; 7] {
        [
            audience.size.to_string(),
            format!("{:.1}", self.one_us),
            format!("{:.2}", self.ratio),
            format!("{:.0}", self.redis_us),
            format!("{:.0}", self.half_ms),
            format!("{:.0}", self.all_ms),
            format!("{:.1}", audience.stream_kib),
        ]
    }
}
