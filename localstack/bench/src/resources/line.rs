//! A line to a store that counts what goes over it.

use super::{
    dynamodb,
    traffic::{Protocol, StoreTraffic},
};
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
struct SharedTraffic(Arc<Mutex<StoreTraffic>>);

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
    pub(crate) fn traffic(&self) -> StoreTraffic {
        self.traffic.lock().clone()
    }
}

impl Drop for CountedLine {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl SharedTraffic {
    fn lock(&self) -> MutexGuard<'_, StoreTraffic> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One connection of the client, and the operation under way on it: each side waits for the other, so there is one at most.
#[derive(Clone)]
struct CountedLink {
    protocol: Protocol,
    traffic: SharedTraffic,
    operation: Arc<Mutex<String>>,
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
    let link = CountedLink { protocol, traffic: traffic.clone(), operation: Arc::default() };
    let ((from_client, to_client), (from_store, to_store)) = (client.into_split(), store.into_split());
    tokio::spawn(carry(from_client, to_store, link.clone(), CountedLink::requests));
    tokio::spawn(carry(from_store, to_client, link, CountedLink::answers));
    Ok(())
}

/// What is read is counted before it is passed on, so that no answer overtakes its count.
async fn carry(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    link: CountedLink,
    counted: fn(&CountedLink, &mut Vec<u8>) -> Vec<u8>,
) {
    let (mut bytes, mut waiting) = ([0; 16 * 1024], Vec::new());
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        let Some(read) = bytes.get(..count) else { return };
        waiting.extend_from_slice(read);
        let passed_on = counted(&link, &mut waiting);
        if to.write_all(&passed_on).await.is_err() {
            return;
        }
    }
}

impl CountedLink {
    /// Counts whole requests and takes them.
    fn requests(&self, waiting: &mut Vec<u8>) -> Vec<u8> {
        let mut passed_on = Vec::new();
        let mut traffic = self.traffic.lock();
        while let Some((kind, len)) = self.protocol.first_request(waiting) {
            let request: Vec<u8> = waiting.drain(..len).collect();
            traffic.sent += u64::try_from(len).unwrap_or_default();
            traffic.called(kind.clone());
            *self.operation.lock().unwrap_or_else(PoisonError::into_inner) = kind;
            let asking = match self.protocol {
                Protocol::Redis => None,
                Protocol::DynamoDb => dynamodb::asking_for_capacity(&request),
            };
            passed_on.extend(asking.unwrap_or(request));
        }
        passed_on
    }

    /// Counts and takes what has come of answers.
    fn answers(&self, waiting: &mut Vec<u8>) -> Vec<u8> {
        let mut traffic = self.traffic.lock();
        match self.protocol {
            Protocol::Redis => {
                traffic.received += u64::try_from(waiting.len()).unwrap_or_default();
                std::mem::take(waiting)
            }
            Protocol::DynamoDb => {
                let operation = self.operation.lock().unwrap_or_else(PoisonError::into_inner).clone();
                let len = dynamodb::count_answer(waiting, &operation, &mut traffic).unwrap_or_default();
                waiting.drain(..len).collect()
            }
        }
    }
}
