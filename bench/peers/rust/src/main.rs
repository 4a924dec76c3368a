// SPDX-License-Identifier: Apache-2.0

//! tonic as a contestant of CallBench: its client or its server, in a process of its own that is told by lines what to do.
//!
//!     rust-bench server PORT [control=1] [unlimited=1]
//!     rust-bench client port=N [connections=N] [headers=N] [unlimited=1]

mod client;
mod flags;
mod server;
mod usage;

use flags::Flags;

/// Messages and service of `echo.proto`.
pub mod echo {
    tonic::include_proto!("bench");
}

/// Messages and service of `hello.proto`.
pub mod hello {
    tonic::include_proto!("_");
}

pub const LARGE_MESSAGE: usize = 64 << 20;

#[tokio::main]
async fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.first().map(String::as_str) {
        Some("server") if words.len() > 1 => server::serve(&words[1], Flags::parse(&words[2..])).await,
        Some("client") => client::ask(Flags::parse(&words[1..])).await,
        _ => panic!("usage: rust-bench server PORT [name=value...] | client port=N [name=value...]"),
    }
}

/// Reads lines of the input without holding a thread of the pool.
pub fn lines() -> tokio::sync::mpsc::UnboundedReceiver<String> {
    let (sender, receiver) = tokio::sync::mpsc::unbounded_channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lines() {
            if sender.send(line.expect("a line")).is_err() {
                break;
            }
        }
    });
    receiver
}
