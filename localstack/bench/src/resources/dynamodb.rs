//! DynamoDB's protocol, as far as counting needs it. Every request is made to ask for the capacity that it consumes.

use super::traffic::StoreTraffic;
use serde_json::Value;

/// What a request is made to say.
const ASKS: &str = r#""ReturnConsumedCapacity":"TOTAL""#;
/// The operations that can say it, and whether they write.
const ASKED: [(&str, bool); 6] = [
    ("GetItem", false),
    ("Query", false),
    ("PutItem", true),
    ("UpdateItem", true),
    ("DeleteItem", true),
    ("TransactWriteItems", true),
];

/// A message of HTTP/1.1 whose length is in its head.
struct Message<'a> {
    head: &'a str,
    body: &'a [u8],
}

impl<'a> Message<'a> {
    /// The first in these bytes, once all of it is there.
    fn first(bytes: &'a [u8]) -> Option<Self> {
        let head_len = bytes.windows(4).position(|end| end == b"\r\n\r\n")?;
        let head = str::from_utf8(bytes.get(..head_len)?).ok()?;
        let body_len = header(head, "content-length").map_or(Some(0), |length| length.parse().ok())?;
        let begin = head_len + 4;
        Some(Self { head, body: bytes.get(begin..begin.checked_add(body_len)?)? })
    }

    fn len(&self) -> usize {
        self.head.len() + 4 + self.body.len()
    }

    fn operation(&self) -> &'a str {
        let target = header(self.head, "x-amz-target");
        target.and_then(|target| target.rsplit('.').next()).unwrap_or("unknown")
    }
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut headers = head.lines().filter_map(|line| line.split_once(':'));
    headers.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}

/// The operation of the first request in these bytes and its length, once all of it is there.
pub(crate) fn first_request(bytes: &[u8]) -> Option<(String, usize)> {
    let request = Message::first(bytes)?;
    Some((request.operation().to_owned(), request.len()))
}

/// The same request, asking for its capacity.
pub(crate) fn asking_for_capacity(request: &[u8]) -> Option<Vec<u8>> {
    let message = Message::first(request)?;
    ASKED.iter().find(|(operation, _)| *operation == message.operation())?;
    let rest = message.body.strip_prefix(b"{")?;
    let comma = if rest.starts_with(b"}") { "" } else { "," };
    let body = [b"{", ASKS.as_bytes(), comma.as_bytes(), rest].concat();
    let is_length = |line: &&str| line.to_ascii_lowercase().starts_with("content-length:");
    let kept: Vec<_> = message.head.lines().filter(|line| !is_length(line)).collect();
    let head = format!("{}\r\ncontent-length: {}\r\n\r\n", kept.join("\r\n"), body.len());
    Some([head.as_bytes(), &body].concat())
}

/// Counts the first answer in these bytes, once all of it is there. Returns its length.
pub(crate) fn count_answer(bytes: &[u8], operation: &str, traffic: &mut StoreTraffic) -> Option<usize> {
    let answer = Message::first(bytes)?;
    let body = serde_json::from_slice::<Value>(answer.body).unwrap_or_default();
    let mut unasked = 0;
    if let Some(consumed) = body.get("ConsumedCapacity") {
        // It would not be there if it had not been asked for.
        let is_alone = body.as_object().is_some_and(|members| members.len() == 1);
        let comma = usize::from(!is_alone);
        unasked = comma + r#""ConsumedCapacity":"#.len() + consumed.to_string().len();
        let writes = ASKED.iter().any(|(asked, writes)| *asked == operation && *writes);
        *(if writes { &mut traffic.written_units } else { &mut traffic.read_units }) += units(consumed);
    }
    traffic.received += u64::try_from(answer.len().saturating_sub(unasked)).unwrap_or_default();
    Some(answer.len())
}

/// One table's units, or the sum of several tables'.
fn units(consumed: &Value) -> f64 {
    match consumed {
        Value::Array(tables) => tables.iter().map(units).sum(),
        table => table.get("CapacityUnits").and_then(Value::as_f64).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_asks_for_its_capacity_and_says_its_new_length() {
        let asking = |operation: &str, body: &str| {
            let head =
                format!("POST / HTTP/1.1\r\nX-Amz-Target: D.{operation}\r\nContent-Length: {}", body.len());
            asking_for_capacity(format!("{head}\r\n\r\n{body}").as_bytes())
                .map(|request| String::from_utf8(request).expect("text"))
        };
        let with = |body: &str| format!("{{{ASKS}{body}");
        for (body, wanted) in [("{}", with("}")), (r#"{"Key":{}}"#, with(r#","Key":{}}"#))] {
            let head = "POST / HTTP/1.1\r\nX-Amz-Target: D.GetItem\r\ncontent-length";
            let wanted = format!("{head}: {}\r\n\r\n{wanted}", wanted.len());
            assert_eq!(asking("GetItem", body), Some(wanted));
        }
        assert_eq!(asking("CreateTable", "{}"), None);
    }

    #[test]
    fn an_answer_counts_without_what_was_not_asked_for() {
        let one = r#"{"ConsumedCapacity":{"CapacityUnits":1.5,"TableName":"t"},"Item":{}}"#;
        let two = r#"{"ConsumedCapacity":[{"CapacityUnits":8.0},{"CapacityUnits":4.0}]}"#;
        let mut traffic = StoreTraffic::default();
        let mut heads = 0;
        for (operation, body) in [("GetItem", one), ("TransactWriteItems", two), ("CreateTable", "{}")] {
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
            let answer = format!("{head}{body}");
            let part = answer.get(..answer.len() - 1).unwrap_or_default();
            assert_eq!(count_answer(part.as_bytes(), operation, &mut traffic), None);
            assert_eq!(count_answer(answer.as_bytes(), operation, &mut traffic), Some(answer.len()));
            heads += u64::try_from(head.len()).expect("short");
        }
        assert_eq!((traffic.read_units, traffic.written_units), (1.5, 12.0));
        let bodies = [r#"{"Item":{}}"#, "{}", "{}"].map(str::len).iter().sum::<usize>();
        assert_eq!(traffic.received, heads + u64::try_from(bodies).expect("short"));
    }
}
