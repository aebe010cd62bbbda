//! A line to a store that a test can cut, slow down or break off.

use std::{
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
    time::sleep,
};

/// A line to a store. Dropping it ends it.
pub struct StoreLine {
    address: SocketAddr,
    state: watch::Sender<LineState>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum LineState {
    /// Everything passes, after this time.
    Passing(Duration),
    Cut,
    Off,
}

const WHOLE: LineState = LineState::Passing(Duration::ZERO);

impl StoreLine {
    /// A line to `http://{host}:{port}`, or another scheme's address, that is not cut.
    pub async fn to(url: &str) -> Self {
        let store = url.split_once("://").map_or(url, |(_, store)| store).to_owned();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (state, line) = watch::channel(WHOLE);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                if line.has_changed().is_err() {
                    return;
                }
                tokio::spawn(connect(client, store.clone(), line.clone()));
            }
        });
        Self { address, state }
    }

    /// The address of its near end.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The near end's host and port, for schemes other than HTTP.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// From now on nothing arrives, and no connection is refused: as behind a busy disk.
    pub fn cut(&self) {
        let _ = self.state.send(LineState::Cut);
    }

    /// From now on everything arrives this much later, in each direction.
    pub fn slow(&self, by: Duration) {
        let _ = self.state.send(LineState::Passing(by));
    }

    /// Breaks all connections off, and each new one at once: as if the store's machine were gone.
    pub fn break_off(&self) {
        let _ = self.state.send(LineState::Off);
    }

    /// What waits arrives, and what is sent from now on.
    pub fn mend(&self) {
        let _ = self.state.send(WHOLE);
    }
}

/// Carries one connection until either end closes it, or the line breaks off.
async fn connect(client: TcpStream, store: String, mut line: watch::Receiver<LineState>) {
    if *line.borrow() == LineState::Off {
        return;
    }
    // Without a store the client is hung up on.
    let Ok(store) = TcpStream::connect(&store).await else { return };
    let ((from_client, to_client), (from_store, to_store)) = (client.into_split(), store.into_split());
    let there = tokio::spawn(carry(from_client, to_store, line.clone()));
    let back = tokio::spawn(carry(from_store, to_client, line.clone()));
    let (there_ends, back_ends) = (there.abort_handle(), back.abort_handle());
    tokio::select! {
        _ = async { tokio::join!(there, back) } => {}
        broken = line.wait_for(|state| *state == LineState::Off) => {
            // A dropped line lets what runs run on: each direction ends by itself.
            if broken.is_ok() {
                there_ends.abort();
                back_ends.abort();
            }
        }
    }
}

async fn carry(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut line: watch::Receiver<LineState>) {
    let mut bytes = [0; 16 * 1024];
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        let Some(read) = bytes.get(..count) else { return };
        let passes = line.wait_for(|state| matches!(state, LineState::Passing(_))).await.map(|state| *state);
        let Ok(LineState::Passing(after)) = passes else { return };
        if !after.is_zero() {
            sleep(after).await;
        }
        if to.write_all(read).await.is_err() {
            return;
        }
    }
}
