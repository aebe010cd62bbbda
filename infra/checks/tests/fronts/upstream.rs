//! The upstream of these tests: functions that answer as they are told, and the name server by which Compose finds them.

use serde_json::Value;
use std::{
    collections::HashMap,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{Ipv4Addr, TcpListener, TcpStream, UdpSocket},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

/// Answers as it was told, or as the request's header `Answer` asks.
pub(crate) struct Upstream {
    pub(crate) port: u16,
    counts: Mutex<HashMap<String, usize>>,
    away: Mutex<bool>,
    finished_events: Mutex<bool>,
}

impl Upstream {
    pub(crate) fn start() -> Arc<Self> {
        // On all loopback addresses: each function of the Compose network has its own.
        let listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let (counts, away, finished_events) = (Mutex::default(), Mutex::default(), Mutex::default());
        let upstream = Arc::new(Self { port, counts, away, finished_events });
        let itself = Arc::clone(&upstream);
        thread::spawn(move || {
            for stream in listener.incoming().map(Result::unwrap) {
                if *itself.away.lock().unwrap() {
                    return;
                }
                let itself = Arc::clone(&itself);
                thread::spawn(move || while itself.answer(&stream).is_some() {});
            }
        });
        upstream
    }

    pub(crate) fn go_away(&self) {
        *self.away.lock().unwrap() = true;
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
        thread::sleep(Duration::from_millis(100));
    }

    pub(crate) fn count(&self, what: &str) -> usize {
        self.counts.lock().unwrap().get(what).copied().unwrap_or_default()
    }

    pub(crate) fn finished_events(&self) -> bool {
        *self.finished_events.lock().unwrap()
    }

    /// The next request of a connection; `None` at its end.
    fn answer(&self, mut stream: &TcpStream) -> Option<()> {
        let mut reader = BufReader::new(stream);
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        let path = line.split(' ').nth(1)?.to_owned();
        let mut told = serde_json::Map::new();
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).ok()?;
            let Some((name, value)) = line.trim_end().split_once(": ") else { break };
            assert!(told.insert(name.to_lowercase(), value.into()).is_none(), "{name} was sent twice");
        }
        let length =
            told.get("content-length").and_then(Value::as_str).map_or(0, |length| length.parse().unwrap());
        let mut body = vec![0; length];
        reader.read_exact(&mut body).ok()?;
        told.insert("path".to_owned(), path.into());
        told.insert("body".to_owned(), length.into());
        told.insert("address".to_owned(), stream.local_addr().ok()?.ip().to_string().into());
        let asked = |name: &str| told.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let times = {
            let mut counts = self.counts.lock().unwrap();
            let times = counts.entry(asked("count")).or_default();
            *times += 1;
            *times
        };
        let (head, body) = match asked("answer").as_str() {
            "" => ("200\r\nContent-Type: application/json".to_owned(), Value::Object(told).to_string()),
            "full once" if times > 1 => {
                ("200\r\nContent-Type: application/json".to_owned(), Value::Object(told).to_string())
            }
            "full" | "full once" => {
                ("503\r\nContent-Type: text/plain\r\nX-Envoy-Overloaded: true".to_owned(), "full".to_owned())
            }
            "busy" => {
                let head =
                    "503\r\nContent-Type: application/problem+json\r\nX-Problem-Code: busy\r\nRetry-After: 7";
                (head.to_owned(), "busy".to_owned())
            }
            "slow" => {
                thread::sleep(Duration::from_secs(3));
                return None;
            }
            "break" => return None,
            "events" => {
                let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: first\n\n";
                stream.write_all(head.as_bytes()).ok()?;
                thread::sleep(Duration::from_millis(700));
                *self.finished_events.lock().unwrap() = true;
                stream.write_all(b"data: last\n\n").ok()?;
                return None;
            }
            other => {
                let (status, kind) = other.split_once(' ').unwrap();
                (format!("{status}\r\nContent-Type: {kind}"), "of another's making".to_owned())
            }
        };
        let (status, headers) = head.split_once("\r\n").unwrap();
        let length = body.len();
        let answer = format!("HTTP/1.1 {status} Said\r\n{headers}\r\nContent-Length: {length}\r\n\r\n{body}");
        stream.write_all(answer.as_bytes()).ok()
    }
}

/// The address that the name server gives a function.
pub(crate) fn address_of(function: &str) -> Ipv4Addr {
    let at = all::FUNCTIONS.iter().position(|registered| registered.function.name == function).unwrap();
    Ipv4Addr::new(127, 0, 1, u8::try_from(at + 1).unwrap())
}

/// Starts a name server that knows every function by its bare name, as Docker's does. Returns its port.
pub(crate) fn start_names() -> u16 {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = socket.local_addr().unwrap().port();
    thread::spawn(move || {
        let mut question = [0; 512];
        while let Ok((length, from)) = socket.recv_from(&mut question) {
            let question = &question[..length];
            let label = &question[13..13 + usize::from(question[12])];
            let name = String::from_utf8_lossy(label);
            let known = all::FUNCTIONS.iter().any(|registered| registered.function.name == name);
            // The question again, with one answer (a pointer to its name; A, IN, 5 s, 4 bytes) or "no such name".
            let mut answer = question.to_vec();
            answer[2..4].copy_from_slice(if known { &[0x81, 0x80] } else { &[0x81, 0x83] });
            answer[6..8].copy_from_slice(&[0, u8::from(known)]);
            if known {
                answer.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 5, 0, 4]);
                answer.extend(address_of(&name).octets());
            }
            let _ = socket.send_to(&answer, from);
        }
    });
    port
}
