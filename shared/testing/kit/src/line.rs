//! A line to a store that a test can cut: what is sent over it waits until it is mended, as behind a busy disk.

use std::net::{Ipv4Addr, SocketAddr};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
};

/// A line to a store. Dropping it ends it.
pub struct StoreLine {
    address: SocketAddr,
    whole: watch::Sender<bool>,
}

impl StoreLine {
    /// A line to `http://{host}:{port}` that is not cut.
    pub async fn to(url: &str) -> Self {
        let store = url.trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (whole, line) = watch::channel(true);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let Ok(store) = TcpStream::connect(&store).await else { return };
                let ((from_client, to_client), (from_store, to_store)) =
                    (client.into_split(), store.into_split());
                tokio::spawn(carry(from_client, to_store, line.clone()));
                tokio::spawn(carry(from_store, to_client, line.clone()));
            }
        });
        Self { address, whole }
    }

    /// The address of its near end.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on nothing arrives, and no connection is refused.
    pub fn cut(&self) {
        let _ = self.whole.send(false);
    }

    /// What waits arrives, and what is sent from now on.
    pub fn mend(&self) {
        let _ = self.whole.send(true);
    }
}

async fn carry(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut line: watch::Receiver<bool>) {
    let mut bytes = [0; 16 * 1024];
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        let Some(read) = bytes.get(..count) else { return };
        if line.wait_for(|whole| *whole).await.is_err() || to.write_all(read).await.is_err() {
            return;
        }
    }
}
