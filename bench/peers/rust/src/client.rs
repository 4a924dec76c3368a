// SPDX-License-Identifier: Apache-2.0
use crate::echo::echo_client::EchoClient;
use crate::echo::{Blob, Transfer};
use crate::flags::Flags;
use crate::usage::usage;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::metadata::{MetadataKey, MetadataMap, MetadataValue};
use tonic::transport::{Channel, Endpoint};
use tonic::Request;

type Connection = EchoClient<Channel>;

struct Client {
    connections: Vec<Connection>,
    headers: MetadataMap,
    next: AtomicUsize,
}

/// What one turn has counted: calls or messages, and how long each took, in nanoseconds.
#[derive(Default)]
struct Tally {
    done: usize,
    latencies: Vec<u64>,
}

pub async fn ask(flags: Flags) {
    let mut headers = MetadataMap::new();
    for i in 0..flags.number("headers", 0) {
        let name = MetadataKey::from_bytes(format!("x-header-{i:02}").as_bytes()).expect("a name");
        headers.insert(name, MetadataValue::try_from(format!("value-{i:04}")).expect("a value"));
    }
    let mut connections = Vec::new();
    for _ in 0..flags.number("connections", 1) {
        let server = format!("http://127.0.0.1:{}", flags.number("port", 0));
        let channel = Endpoint::from_shared(server).expect("an address").tcp_nodelay(true).connect().await.expect("connect");
        let mut connection = EchoClient::new(channel);
        if flags.has("unlimited") {
            connection = connection.max_decoding_message_size(crate::LARGE_MESSAGE);
        }
        connection.unary(Blob::default()).await.expect("an answer");
        connections.push(connection);
    }
    let client = Arc::new(Client { connections, headers, next: AtomicUsize::new(0) });
    println!("ready");
    let mut lines = crate::lines();
    while let Some(line) = lines.recv().await {
        let words: Vec<&str> = line.split(' ').collect();
        match words[0] {
            "measure" | "collect" => println!("{}", usage()),
            kind => println!("{}", client.clone().work(kind, Flags::parse(&words[1..])).await),
        }
    }
    std::process::exit(0);
}

impl Client {
    async fn work(self: Arc<Self>, kind: &str, flags: Flags) -> String {
        let size = flags.number("size", 16);
        let messages = flags.number("messages", 1000);
        let message = Blob { data: vec![b'a'; size] };
        let start = Instant::now();
        let end = start + Duration::from_secs_f64(flags.fraction("seconds", 1.0));
        let mut total = Tally::default();
        match kind {
            "unary" => {
                let loops: Vec<_> = (0..flags.number("inflight", 1))
                    .map(|_| tokio::spawn(self.clone().closed_loop(message.clone(), end)))
                    .collect();
                for one in loops {
                    total.latencies.extend(one.await.expect("a loop"));
                }
                total.done = total.latencies.len();
            }
            "rate" => {
                total.latencies = self.clone().open_loop(message, flags.number("rate", 1000), start, end).await;
                total.done = total.latencies.len();
            }
            _ => loop {
                let mut connection = self.connections[0].clone();
                match kind {
                    "download" => download(&mut connection, messages, size).await,
                    "upload" => upload(&mut connection, messages, &message).await,
                    "pingpong" => ping_pong(&mut connection, messages, &message, &mut total.latencies).await,
                    "flow" => flow(&mut connection, messages, &message).await,
                    _ => panic!("{kind:?} is no kind of work"),
                }
                total.done += messages;
                if Instant::now() >= end {
                    break;
                }
            },
        }
        let elapsed = start.elapsed().as_secs_f64();
        total.latencies.sort_unstable();
        let at = |part: f64| match total.latencies.len() {
            0 => 0.0,
            count => total.latencies[(part * (count - 1) as f64) as usize] as f64 / 1000.0,
        };
        format!(
            "{} PerSecond={} MegabytesPerSecond={} P50={} P99={} P999={} Longest={}",
            total.done,
            total.done as f64 / elapsed,
            (total.done * size) as f64 / elapsed / 1e6,
            at(0.5),
            at(0.99),
            at(0.999),
            at(1.0)
        )
    }

    fn request<T>(&self, message: T) -> Request<T> {
        let mut request = Request::new(message);
        if !self.headers.is_empty() {
            *request.metadata_mut() = self.headers.clone();
        }
        request
    }

    async fn closed_loop(self: Arc<Self>, message: Blob, end: Instant) -> Vec<u64> {
        let mut latencies = Vec::new();
        let mut now = Instant::now();
        while now < end {
            let at = self.next.fetch_add(1, Ordering::Relaxed) % self.connections.len();
            let reply = self.connections[at].clone().unary(self.request(message.clone())).await.expect("an answer");
            assert_eq!(message.data.len(), reply.get_ref().data.len());
            let answered = Instant::now();
            latencies.push((answered - now).as_nanos() as u64);
            now = answered;
        }
        latencies
    }

    /// Begins calls when the schedule says so; their latency counts from then.
    async fn open_loop(self: Arc<Self>, message: Blob, per_second: usize, start: Instant, end: Instant) -> Vec<u64> {
        let (schedule, mut due) = mpsc::unbounded_channel();
        std::thread::spawn(move || {
            for call in 0.. {
                let due = start + Duration::from_secs_f64(call as f64 / per_second as f64);
                if due >= end {
                    break;
                }
                std::thread::sleep(due.saturating_duration_since(Instant::now()));
                if schedule.send(due).is_err() {
                    break;
                }
            }
        });
        let mut calls = Vec::new();
        while let Some(due) = due.recv().await {
            let mut connection = self.connections[0].clone();
            let message = message.clone();
            calls.push(tokio::spawn(async move {
                connection.unary(message).await.expect("an answer");
                due.elapsed().as_nanos() as u64
            }));
        }
        let mut latencies = Vec::new();
        for call in calls {
            latencies.push(call.await.expect("a call"));
        }
        latencies
    }
}

async fn download(connection: &mut Connection, messages: usize, size: usize) {
    let request = Transfer { messages: messages as i32, octets_each: size as i32 };
    let mut stream = connection.download(request).await.expect("a stream").into_inner();
    let mut received = 0;
    while stream.message().await.expect("a message").is_some() {
        received += 1;
    }
    assert_eq!(messages, received);
}

async fn upload(connection: &mut Connection, messages: usize, message: &Blob) {
    let message = message.clone();
    let stream = tokio_stream::iter((0..messages).map(move |_| message.clone()));
    let total = connection.upload(stream).await.expect("an answer").into_inner();
    assert_eq!(messages, total.messages as usize);
}

async fn ping_pong(connection: &mut Connection, messages: usize, message: &Blob, latencies: &mut Vec<u64>) {
    let (sender, receiver) = mpsc::channel(1);
    let mut stream = connection.ping_pong(ReceiverStream::new(receiver)).await.expect("a stream").into_inner();
    for _ in 0..messages {
        let start = Instant::now();
        sender.send(message.clone()).await.expect("room");
        let reply = stream.message().await.expect("a message").expect("a message");
        latencies.push(start.elapsed().as_nanos() as u64);
        assert_eq!(message.data.len(), reply.data.len());
    }
    drop(sender);
    assert!(stream.message().await.expect("the end").is_none());
}

/// Sends without waiting for what comes back.
async fn flow(connection: &mut Connection, messages: usize, message: &Blob) {
    let message = message.clone();
    let requests = tokio_stream::iter((0..messages).map(move |_| message.clone()));
    let mut stream = connection.ping_pong(requests).await.expect("a stream").into_inner();
    let mut received = 0;
    while stream.message().await.expect("a message").is_some() {
        received += 1;
    }
    assert_eq!(messages, received);
}
