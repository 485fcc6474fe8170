//! The tab's side of the connection to the worker that owns the data.
//!
//! A [`Client`] starts the worker (one for all tabs where the browser can share it), says Hello, and has requests
//! answered. It notices when the worker dies and starts another one; views are then asked again by themselves, and a
//! write whose answer is missing ends with a problem that says so.
//!
//! In the address, `?own-worker` keeps this tab from sharing a worker, as in a browser without SharedWorker.

mod answer;
mod connection;
mod generation;
mod lock;
mod pending;
mod place;
mod reload;
mod state;
mod transport;

use connection::Connection;
use model::Problem;
use model::message::{FromWorker, Reply, Request};
use pending::Outcome;
use std::rc::Rc;
use web_sys::{Blob, File};

/// A connection to the worker; clones are the same connection.
#[derive(Clone)]
pub struct Client(Rc<Connection>);

impl Client {
    /// Connects this page, once. `push` is told what the worker says of itself; replies go to those who asked.
    ///
    /// - `Ready` comes when everything asked is answered from now on, and once more with every worker that replaces
    ///   a dead one: what is on the screen may be old then. Until it comes, requests wait.
    /// - `Busy` comes when another tab has the data; offer [`Client::use_here`].
    /// - `Changed` and `Job` come as the worker sends them. When the worker dies, its running jobs end as failed.
    /// - `Closing` comes when this page begins to load itself again.
    /// - `Fatal` is the last thing that comes; every request then ends with a problem.
    pub fn start(push: impl Fn(FromWorker) + 'static) -> Self {
        Client(Connection::start(Box::new(push)))
    }

    /// The name of the worker that is connected, or was last: another worker numbers its jobs anew.
    pub fn worker(&self) -> String {
        self.0.worker()
    }

    /// Asks for the data that another tab has: *Use here*. Does nothing unless it is `Busy`.
    pub fn use_here(&self) {
        self.0.use_here();
    }

    /// Asks the worker at once, whenever its answer is awaited. The future of a view request that a newer one of its
    /// [`Request::lane`] replaced never ends, and the task that awaits it is freed.
    ///
    /// # Errors
    /// What did not work, for the person.
    pub fn ask(&self, request: Request) -> impl Future<Output = Result<Reply, Problem>> + use<> {
        let answer = self.send(request, None);
        async move { answer.await.map(|(reply, _)| reply) }
    }

    /// Asks with a file beside the request (`Request::OpenSource`).
    ///
    /// # Errors
    /// What did not work, for the person.
    pub async fn ask_with_file(&self, request: Request, file: &File) -> Result<Reply, Problem> {
        self.send(request, Some(Blob::clone(file)))
            .await
            .map(|(reply, _)| reply)
    }

    /// Asks for a file (`Request::RejectedRows`, `Request::Download`): its name and content.
    ///
    /// # Errors
    /// What did not work, for the person.
    pub async fn ask_blob(&self, request: Request) -> Result<(String, Blob), Problem> {
        match self.send(request, None).await? {
            (Reply::Blob { file }, Some(blob)) => Ok((file, blob)),
            _ => Err(Problem::new("The file did not arrive", "Try again")),
        }
    }

    fn send(
        &self,
        request: Request,
        file: Option<Blob>,
    ) -> impl Future<Output = Result<(Reply, Option<Blob>), Problem>> + use<> {
        let answer = self.0.ask(request, file);
        async move {
            match answer.await {
                Outcome::Reply(reply, blob) => Ok((reply, blob)),
                Outcome::Problem(problem) => Err(problem),
                Outcome::Dropped => std::future::pending().await,
            }
        }
    }
}
