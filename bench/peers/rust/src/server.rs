// SPDX-License-Identifier: Apache-2.0
use crate::echo::echo_server::{Echo, EchoServer};
use crate::echo::{Blob, Transfer};
use crate::flags::Flags;
use crate::hello::say_hello_server::{SayHello, SayHelloServer};
use crate::hello::{HelloReq, HelloRes};
use crate::usage::usage;
use std::pin::Pin;
use tokio::sync::mpsc;
use tokio_stream::wrappers::{ReceiverStream, TcpListenerStream};
use tokio_stream::{Stream, StreamExt};
use tonic::{Request, Response, Status, Streaming};

type Blobs = Pin<Box<dyn Stream<Item = Result<Blob, Status>> + Send>>;

struct Greeter;

#[tonic::async_trait]
impl SayHello for Greeter {
    async fn say_hello(&self, request: Request<HelloReq>) -> Result<Response<HelloRes>, Status> {
        let res_message = format!("Message send by SayHello server :Hello {}", request.into_inner().message_name);
        Ok(Response::new(HelloRes { res_message }))
    }
}

struct Echoes;

#[tonic::async_trait]
impl Echo for Echoes {
    type DownloadStream = Blobs;
    type PingPongStream = Blobs;

    async fn unary(&self, request: Request<Blob>) -> Result<Response<Blob>, Status> {
        Ok(Response::new(request.into_inner()))
    }

    async fn download(&self, request: Request<Transfer>) -> Result<Response<Blobs>, Status> {
        let request = request.into_inner();
        let message = Blob { data: vec![0; request.octets_each as usize] };
        let messages = (0..request.messages).map(move |_| Ok(message.clone()));
        Ok(Response::new(Box::pin(tokio_stream::iter(messages))))
    }

    async fn upload(&self, request: Request<Streaming<Blob>>) -> Result<Response<Transfer>, Status> {
        let mut stream = request.into_inner();
        let mut total = Transfer::default();
        while let Some(message) = stream.message().await? {
            total.messages += 1;
            total.octets_each = message.data.len() as i32;
        }
        Ok(Response::new(total))
    }

    async fn ping_pong(&self, request: Request<Streaming<Blob>>) -> Result<Response<Blobs>, Status> {
        let mut stream = request.into_inner();
        let (sender, receiver) = mpsc::channel(16);
        tokio::spawn(async move {
            while let Some(message) = stream.next().await {
                if sender.send(message).await.is_err() {
                    break;
                }
            }
        });
        Ok(Response::new(Box::pin(ReceiverStream::new(receiver))))
    }
}

pub async fn serve(port: &str, flags: Flags) {
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await.expect("listen");
    let bound = listener.local_addr().expect("address").port();
    let mut echoes = EchoServer::new(Echoes);
    if flags.has("unlimited") {
        echoes = echoes.max_decoding_message_size(crate::LARGE_MESSAGE);
    }
    // What "serve" does with connections that it accepts itself.
    let connections = TcpListenerStream::new(listener).map(|connection| {
        connection.and_then(|connection| connection.set_nodelay(true).map(|()| connection))
    });
    let serving = tokio::spawn(
        tonic::transport::Server::builder()
            .add_service(SayHelloServer::new(Greeter))
            .add_service(echoes)
            .serve_with_incoming(connections),
    );
    if !flags.has("control") {
        serving.await.expect("serving").expect("serving");
        return;
    }
    println!("{bound}");
    let mut lines = crate::lines();
    while lines.recv().await.is_some() {
        println!("{}", usage());
    }
    std::process::exit(0);
}
