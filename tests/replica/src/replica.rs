//! The running server as tests hold it.

use crate::fault::Fault;
use crate::journal::Request;
use crate::server;
use crate::state::State;
use crate::world::World;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// A server for one world; it stops when dropped.
pub struct Replica {
    address: SocketAddr,
    state: Arc<State>,
    task: JoinHandle<()>,
}

impl Replica {
    /// Serves the world on a free port of the loopback interface.
    pub async fn start(world: World) -> io::Result<Self> {
        Self::start_on(world, 0).await
    }

    /// Serves the world on a port of the loopback interface.
    pub async fn start_on(world: World, port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        let state = Arc::new(State::new(world));
        let task = tokio::spawn(server::serve(listener, Arc::clone(&state)));
        Ok(Self { address, state, task })
    }

    /// The URL that clients are pointed at.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The environment variables that make an AWS client act as a caller of the world; empty for an unknown name.
    #[must_use]
    pub fn environment(&self, caller: &str) -> Vec<(String, String)> {
        let world = &self.state.world;
        let Some(caller) = world.callers.iter().find(|known| known.name == caller) else { return Vec::new() };
        [
            ("AWS_ENDPOINT_URL", self.endpoint()),
            ("AWS_ACCESS_KEY_ID", caller.access_key.clone()),
            ("AWS_SECRET_ACCESS_KEY", caller.secret_key.clone()),
            ("AWS_REGION", world.region.clone()),
            ("AWS_EC2_METADATA_DISABLED", "true".into()),
        ]
        .map(|(name, value)| (name.into(), value))
        .into()
    }

    /// Misbehaves from now on, as told; earlier faults go first.
    pub fn add_fault(&self, fault: Fault) {
        self.state.faults().push(fault);
    }

    /// Behaves again, also where the world file says otherwise.
    pub fn clear_faults(&self) {
        self.state.faults().clear();
    }

    /// Every request so far, in order of arrival.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.state.journal.all()
    }

    /// Forgets the requests so far.
    pub fn clear_requests(&self) {
        self.state.journal.clear();
    }

    /// Receives each request from now on, once it is answered; a second call takes over from the first.
    #[must_use]
    pub fn watch(&self) -> mpsc::UnboundedReceiver<Request> {
        self.state.journal.watch()
    }

    /// Every operation served, as (service, operation).
    #[must_use]
    pub fn operations(&self) -> Vec<(&'static str, &'static str)> {
        crate::operations()
    }

    /// Closes the port and all connections.
    pub async fn stop(mut self) {
        self.task.abort();
        let _ = (&mut self.task).await;
    }
}

impl Drop for Replica {
    fn drop(&mut self) {
        self.task.abort();
    }
}
