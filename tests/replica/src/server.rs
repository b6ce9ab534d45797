//! Connections: HTTP/1.1 over loopback, and the ways in which an answer can be spoilt on its way out.

use crate::answer::Answer;
use crate::dispatch::{Reply, dispatch};
use crate::incoming::Incoming;
use crate::state::State;
use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::{Body, Frame};
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::Sleep;

/// Accepts connections until the task is aborted; the connections end with it.
pub(crate) async fn serve(listener: TcpListener, state: Arc<State>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                if let Ok((stream, _)) = accepted {
                    connections.spawn(connection(stream, Arc::clone(&state)));
                }
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn connection(stream: TcpStream, state: Arc<State>) {
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| {
        let state = Arc::clone(&state);
        async move { answer(&state, request).await }
    });
    // A connection that breaks is the client's business, or a fault at work.
    let _ = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

async fn answer(
    state: &State,
    request: hyper::Request<hyper::body::Incoming>,
) -> io::Result<hyper::Response<Sending>> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    match dispatch(state, &Incoming::new(parts, body)).await {
        Reply::Send(answer) => respond(answer, false),
        Reply::Cut(answer) => respond(answer, true),
        Reply::Reset => Err(io::Error::from(io::ErrorKind::ConnectionReset)),
        Reply::Hang => std::future::pending().await,
    }
}

fn respond(answer: Answer, cut: bool) -> io::Result<hyper::Response<Sending>> {
    // An empty answer is padded, so that there is something to cut.
    let mut body = if cut && answer.body.is_empty() { vec![b' '; 64] } else { answer.body };
    let mut response = hyper::Response::builder()
        .status(answer.status)
        .header("content-type", answer.content_type)
        .header("content-length", body.len());
    for (name, value) in answer.headers {
        response = response.header(name, value);
    }
    if cut {
        body.truncate(body.len() / 2);
    }
    let sending = Sending { rest: Some(Bytes::from(body)), cut, pause: None };
    response.body(sending).map_err(io::Error::other)
}

/// A body that may break off: after what there is, it fails instead of ending.
struct Sending {
    rest: Option<Bytes>,
    cut: bool,
    pause: Option<Pin<Box<Sleep>>>,
}

impl Body for Sending {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Some(bytes) = self.rest.take() {
            return Poll::Ready(Some(Ok(Frame::data(bytes))));
        }
        if !self.cut {
            return Poll::Ready(None);
        }
        // A pause, so that what was written so far leaves the buffer before the connection closes.
        let pause = self
            .pause
            .get_or_insert_with(|| Box::pin(tokio::time::sleep(std::time::Duration::from_millis(5))));
        std::task::ready!(pause.as_mut().poll(context));
        Poll::Ready(Some(Err(io::Error::from(io::ErrorKind::ConnectionAborted))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.as_ref().is_none_or(Bytes::is_empty) && !self.cut
    }
}
