//! A line to a store that counts what goes over it.

use super::traffic::{Protocol, Traffic};
use crate::Result;
use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    task::JoinHandle,
};

/// A proxy for one client of one store. Dropping it ends it.
pub(crate) struct CountedLine {
    address: SocketAddr,
    traffic: SharedTraffic,
    accepting: JoinHandle<()>,
}

#[derive(Clone, Default)]
struct SharedTraffic(Arc<Mutex<Traffic>>);

impl CountedLine {
    /// A line to the store at `host:port`.
    pub(crate) async fn to(store: &str, protocol: Protocol) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let (traffic, store) = (SharedTraffic::default(), store.to_owned());
        let counting = traffic.clone();
        let accepting = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                // A store that refuses looks like one that hangs up.
                let _ = connect(client, &store, protocol, &counting).await;
            }
        });
        Ok(Self { address, traffic, accepting })
    }

    /// The near end, as `host:port`.
    pub(crate) fn near_end(&self) -> String {
        self.address.to_string()
    }

    /// What has gone over it so far.
    pub(crate) fn traffic(&self) -> Traffic {
        self.traffic.lock().clone()
    }
}

impl Drop for CountedLine {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl SharedTraffic {
    fn lock(&self) -> MutexGuard<'_, Traffic> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn connect(
    client: TcpStream,
    store: &str,
    protocol: Protocol,
    traffic: &SharedTraffic,
) -> io::Result<()> {
    let store = TcpStream::connect(store).await?;
    client.set_nodelay(true)?;
    store.set_nodelay(true)?;
    let ((from_client, to_client), (from_store, to_store)) = (client.into_split(), store.into_split());
    tokio::spawn(carry_requests(from_client, to_store, protocol, traffic.clone()));
    tokio::spawn(carry_answers(from_store, to_client, traffic.clone()));
    Ok(())
}

/// Requests are counted before they are passed on, so that an answer never overtakes its count.
async fn carry_requests(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    protocol: Protocol,
    traffic: SharedTraffic,
) {
    let mut begun = Vec::new();
    let mut bytes = [0; 16 * 1024];
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        let Some(read) = bytes.get(..count) else { return };
        begun.extend_from_slice(read);
        {
            let mut traffic = traffic.lock();
            traffic.sent += u64::try_from(count).unwrap_or_default();
            while let Some((kind, len)) = protocol.first_request(&begun) {
                traffic.called(kind);
                begun.drain(..len);
            }
        }
        if to.write_all(read).await.is_err() {
            return;
        }
    }
}

async fn carry_answers(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, traffic: SharedTraffic) {
    let mut bytes = [0; 16 * 1024];
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        let Some(read) = bytes.get(..count) else { return };
        traffic.lock().received += u64::try_from(count).unwrap_or_default();
        if to.write_all(read).await.is_err() {
            return;
        }
    }
}
