//! A static file server for one folder on the loopback interface, as plain as the hosts Corral is made for.

use std::collections::HashMap;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use anyhow::{Context, Result, anyhow};
use tiny_http::{Header, Method, Request, Response};

/// A browser opens six connections to one host; more threads would wait for nothing.
const THREADS: usize = 6;

/// What is served, and under which path.
#[derive(Debug, Clone)]
pub struct Files {
    folder: PathBuf,
    prefix: String,
    replaced: HashMap<String, Vec<u8>>,
}

impl Files {
    /// Serves `folder` under `prefix`, which begins and ends with a slash whether or not they are given.
    pub fn new(folder: impl Into<PathBuf>, prefix: &str) -> Self {
        let prefix = match prefix.trim_matches('/') {
            "" => "/".to_owned(),
            inner => format!("/{inner}/"),
        };
        Self {
            folder: folder.into(),
            prefix,
            replaced: HashMap::new(),
        }
    }

    /// Serves `bytes` as the file `name`, whatever the folder holds.
    #[must_use]
    pub fn with(mut self, name: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.replaced.insert(name.to_owned(), bytes.into());
        self
    }

    /// The bytes at a path of an address (percent-encoded, perhaps with a query), with their media type.
    fn get(&self, url: &str) -> Option<(Vec<u8>, &'static str)> {
        let path = url.split(['?', '#']).next().unwrap_or_default();
        let path = percent_decoded(path.strip_prefix(&self.prefix)?)?;
        let name = if path.is_empty() || path.ends_with('/') {
            format!("{path}index.html")
        } else {
            path
        };
        let stays_inside =
            name.split('/').all(|part| !matches!(part, ".." | "." | "")) && !name.contains('\\');
        if !stays_inside {
            return None;
        }
        let bytes = match self.replaced.get(&name) {
            Some(bytes) => bytes.clone(),
            None => fs::read(self.folder.join(&name)).ok()?,
        };
        Some((bytes, media_type(&name)))
    }
}

/// A running server; it ends when this is dropped.
pub struct Server {
    inner: Arc<tiny_http::Server>,
    address: SocketAddr,
    prefix: String,
    requests: Arc<Mutex<Vec<String>>>,
    threads: Vec<JoinHandle<()>>,
}

impl Server {
    /// Serves on 127.0.0.1; port 0 means any free one.
    ///
    /// # Errors
    /// When the port can't be had.
    pub fn start(files: Files, port: u16) -> Result<Self> {
        let inner = tiny_http::Server::http((Ipv4Addr::LOCALHOST, port))
            .map_err(|error| anyhow!(error))
            .with_context(|| format!("port {port} of 127.0.0.1 can't be had"))?;
        let address = inner.server_addr().to_ip().context("the server has no address")?;
        let inner = Arc::new(inner);
        let prefix = files.prefix.clone();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let files = Arc::new(files);
        let threads = (0..THREADS)
            .map(|_| {
                let (inner, files, requests) =
                    (Arc::clone(&inner), Arc::clone(&files), Arc::clone(&requests));
                thread::spawn(move || {
                    while let Ok(request) = inner.recv() {
                        lock(&requests).push(request.url().to_owned());
                        answer(&files, request);
                    }
                })
            })
            .collect();
        Ok(Self {
            inner,
            address,
            prefix,
            requests,
            threads,
        })
    }

    /// The address of the folder, with a slash at its end.
    pub fn url(&self) -> String {
        format!("http://{}{}", self.address, self.prefix)
    }

    /// The port of 127.0.0.1 it listens on.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// The paths asked for so far, with their queries, in the order they came.
    pub fn requests(&self) -> Vec<String> {
        lock(&self.requests).clone()
    }

    /// Serves until the process ends.
    pub fn wait(mut self) {
        for thread in self.threads.drain(..) {
            // A thread that panicked has said so; the others go on.
            if thread.join().is_err() {
                eprintln!("a thread of the server died");
            }
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        for _ in &self.threads {
            self.inner.unblock();
        }
    }
}

/// A poisoned list of requests is still a list of requests.
fn lock(requests: &Mutex<Vec<String>>) -> std::sync::MutexGuard<'_, Vec<String>> {
    requests.lock().unwrap_or_else(PoisonError::into_inner)
}

fn answer(files: &Files, request: Request) {
    let asked = matches!(request.method(), Method::Get | Method::Head);
    let response = match files.get(request.url()) {
        _ if !asked => Response::from_data("only GET and HEAD\n").with_status_code(405),
        Some((bytes, media_type)) => {
            Response::from_data(bytes).with_header(header("Content-Type", media_type))
        }
        None => Response::from_data("not found\n")
            .with_status_code(404)
            .with_header(header("Content-Type", "text/plain; charset=utf-8")),
    };
    let response = response
        .with_header(header("Cache-Control", "no-cache"))
        .with_header(header("X-Content-Type-Options", "nosniff"));
    // A browser that went away before its answer is no fault of the server's.
    drop(request.respond(response));
}

fn header(name: &str, value: &str) -> Header {
    #[expect(
        clippy::unwrap_used,
        reason = "names and values are literals of this file, all ASCII"
    )]
    Header::from_bytes(name, value).unwrap()
}

/// Browsers start WebAssembly while it still arrives, but only with the right media type; modules too are refused
/// with a wrong one.
fn media_type(name: &str) -> &'static str {
    match Path::new(name)
        .extension()
        .and_then(|extension| extension.to_str())
    {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("json" | "map") => "application/json",
        Some("csv") => "text/csv; charset=utf-8",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn percent_decoded(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::Files;

    fn files() -> Files {
        Files::new("/nowhere", "some/folder")
            .with("index.html", "page")
            .with("a b.wasm", "program")
    }

    #[test]
    fn the_folder_itself_is_its_index() {
        assert_eq!(
            files().get("/some/folder/?build=1"),
            Some((b"page".to_vec(), "text/html; charset=utf-8"))
        );
    }

    #[test]
    fn names_are_decoded_and_typed() {
        assert_eq!(
            files().get("/some/folder/a%20b.wasm"),
            Some((b"program".to_vec(), "application/wasm"))
        );
    }

    #[test]
    fn nothing_outside_the_folder_is_served() {
        for path in [
            "/index.html",
            "/some/folder",
            "/some/folder/../index.html",
            "/some/folder/%2e%2e/index.html",
            "/some/folder//index.html",
        ] {
            assert_eq!(files().get(path), None, "{path}");
        }
    }
}
