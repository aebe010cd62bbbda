//! What went over a line to a store: its requests by kind, bytes both ways, and the capacity that DynamoDB would bill.

use super::dynamodb;
use std::{collections::BTreeMap, fmt};

/// Requests, bytes and units.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StoreTraffic {
    /// How many requests of each kind.
    calls: BTreeMap<String, u64>,
    /// Bytes that went to the store.
    pub(crate) sent: u64,
    /// Bytes that came from it.
    pub(crate) received: u64,
    /// DynamoDB's read capacity units.
    pub(crate) read_units: f64,
    /// DynamoDB's write capacity units.
    pub(crate) written_units: f64,
}

impl StoreTraffic {
    /// Counts one request.
    pub(crate) fn called(&mut self, kind: String) {
        *self.calls.entry(kind).or_default() += 1;
    }

    /// How many requests there were, of any kind.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.calls.values().sum()
    }

    /// What has been added since an earlier moment.
    pub(crate) fn since(&self, earlier: &Self) -> Self {
        let before = |kind: &String| earlier.calls.get(kind).copied().unwrap_or_default();
        let calls = self.calls.iter().map(|(kind, count)| (kind.clone(), count - before(kind)));
        Self {
            calls: calls.filter(|(_, count)| *count > 0).collect(),
            sent: self.sent - earlier.sent,
            received: self.received - earlier.received,
            read_units: self.read_units - earlier.read_units,
            written_units: self.written_units - earlier.written_units,
        }
    }

    pub(crate) fn add(&mut self, other: &Self) {
        for (kind, count) in &other.calls {
            *self.calls.entry(kind.clone()).or_default() += count;
        }
        self.sent += other.sent;
        self.received += other.received;
        self.read_units += other.read_units;
        self.written_units += other.written_units;
    }

    /// The requests of each kind, shared by so many.
    pub(crate) fn each_of(&self, shared_by: f64) -> String {
        let kinds: Vec<_> =
            self.calls.iter().map(|(kind, count)| format!("{kind} {}", share(*count, shared_by))).collect();
        kinds.join(", ")
    }
}

impl fmt::Display for StoreTraffic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.each_of(1.0))
    }
}

/// A share with as many decimals as it needs.
#[expect(clippy::cast_precision_loss, reason = "counts of one run are small")]
pub(crate) fn share(count: u64, shared_by: f64) -> String {
    trimmed(&format!("{:.2}", count as f64 / shared_by))
}

/// A number without the zeros that end its decimals.
pub(crate) fn trimmed(decimal: &str) -> String {
    decimal.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// How a store is spoken to.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Protocol {
    /// RESP: an array of texts, of which the first is the command.
    Redis,
    /// JSON over HTTP/1.1; a header names the operation.
    DynamoDb,
}

impl Protocol {
    /// The kind of the first request in these bytes and its length, once all of it is there.
    pub(crate) fn first_request(self, bytes: &[u8]) -> Option<(String, usize)> {
        match self {
            Self::Redis => redis_command(bytes),
            Self::DynamoDb => dynamodb::first_request(bytes),
        }
    }
}

fn redis_command(bytes: &[u8]) -> Option<(String, usize)> {
    let (parts, mut at) = resp_number(bytes, 0, b'*')?;
    let mut name = String::new();
    for part in 0..parts {
        let (len, begin) = resp_number(bytes, at, b'$')?;
        let text = bytes.get(begin..begin + len)?;
        if part == 0 {
            name = String::from_utf8_lossy(text).to_uppercase();
        }
        at = begin + len + 2;
    }
    (at <= bytes.len()).then_some((name, at))
}

/// The number in a line that begins with a mark, and where the line after it begins.
fn resp_number(bytes: &[u8], at: usize, mark: u8) -> Option<(usize, usize)> {
    let line = bytes.get(at..)?;
    let len = line.windows(2).position(|end| end == b"\r\n")?;
    let digits = line.get(..len)?.strip_prefix(&[mark])?;
    Some((str::from_utf8(digits).ok()?.parse().ok()?, at + len + 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_counts_once_all_of_it_is_there() {
        let redis = b"*3\r\n$7\r\nevalsha\r\n$2\r\nab\r\n$0\r\n\r\n*1\r\n$4\r\nPING\r\n";
        let dynamodb =
            b"POST / HTTP/1.1\r\nX-Amz-Target: DynamoDB_20120810.GetItem\r\ncontent-length: 2\r\n\r\n{}POST";
        let cases: [(Protocol, &[u8], &str, usize); 2] =
            [(Protocol::Redis, redis, "EVALSHA", 31), (Protocol::DynamoDb, dynamodb, "GetItem", 81)];
        for (protocol, bytes, kind, len) in cases {
            for part in 0..len {
                let part = bytes.get(..part).unwrap_or_default();
                assert_eq!(protocol.first_request(part), None, "{part:?}");
            }
            assert_eq!(protocol.first_request(bytes), Some((kind.to_owned(), len)));
        }
        assert_eq!(Protocol::Redis.first_request(&redis[31..]), Some(("PING".to_owned(), 14)));
    }

    #[test]
    fn what_was_added_since_is_told_by_kind() {
        let mut traffic = StoreTraffic::default();
        traffic.called("GetItem".to_owned());
        let earlier = traffic.clone();
        traffic.called("GetItem".to_owned());
        traffic.called("PutItem".to_owned());
        let since = traffic.since(&earlier);
        assert_eq!((since.count(), since.to_string().as_str()), (2, "GetItem 1, PutItem 1"));
        assert_eq!(since.each_of(4.0), "GetItem 0.25, PutItem 0.25");
    }
}
