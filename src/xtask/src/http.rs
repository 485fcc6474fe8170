//! A static file server for one folder on the loopback interface, as plain as the hosts Corral is made for.

use std::collections::HashMap;
use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use anyhow::{Context, Result, bail};

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

/// A running server; it stops accepting connections when this is dropped.
pub struct Server {
    files: Arc<Mutex<Arc<Files>>>,
    address: SocketAddr,
    prefix: String,
    requests: Requests,
    stopped: Arc<AtomicBool>,
    accepting: Option<JoinHandle<()>>,
}

type Requests = Arc<Mutex<Vec<String>>>;

impl Server {
    /// Serves on 127.0.0.1; port 0 means any free one.
    ///
    /// # Errors
    /// When the port can't be had.
    pub fn start(files: Files, port: u16) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .with_context(|| format!("port {port} of 127.0.0.1 can't be had"))?;
        let address = listener.local_addr().context("the server has no address")?;
        let prefix = files.prefix.clone();
        let files = Arc::new(Mutex::new(Arc::new(files)));
        let requests = Requests::default();
        let stopped = Arc::new(AtomicBool::new(false));
        let accepting = thread::spawn({
            let (files, requests, stopped) =
                (Arc::clone(&files), Arc::clone(&requests), Arc::clone(&stopped));
            move || {
                for stream in listener
                    .incoming()
                    .take_while(|_| !stopped.load(Ordering::SeqCst))
                {
                    let Ok(stream) = stream else { continue };
                    let (files, requests, stopped) =
                        (Arc::clone(&files), Arc::clone(&requests), Arc::clone(&stopped));
                    // A thread for each connection: browsers keep some open without ever asking for anything.
                    thread::spawn(move || {
                        // A browser that goes away before its answer is no fault of the server's.
                        drop(converse(&stream, &files, &requests, &stopped));
                    });
                }
            }
        });
        Ok(Self {
            files,
            address,
            prefix,
            requests,
            stopped,
            accepting: Some(accepting),
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

    /// The same, and forgets them.
    pub fn take_requests(&self) -> Vec<String> {
        std::mem::take(&mut lock(&self.requests))
    }

    /// Serves other files from now on, under the same path.
    pub fn renew(&self, files: Files) {
        *lock(&self.files) = Arc::new(files);
    }

    /// Answers nobody any more, not even over a connection that is open.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::SeqCst);
        // Wakes the thread that waits for a connection; it fails only when that thread is gone already.
        drop(TcpStream::connect(self.address));
    }

    /// Serves until the process ends.
    ///
    /// # Errors
    /// When it can't accept connections any more.
    pub fn wait(mut self) -> Result<()> {
        match self.accepting.take().map(JoinHandle::join) {
            Some(Err(_)) => bail!("the server died"),
            _ => Ok(()),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A poisoned list of requests is still a list of requests.
fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Answers the requests of one connection, one after the other, until the browser closes it or the server is stopped.
fn converse(
    stream: &TcpStream,
    files: &Mutex<Arc<Files>>,
    requests: &Requests,
    stopped: &AtomicBool,
) -> io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    while next_line(&mut reader, &mut line)? {
        let mut words = line.split_whitespace();
        let (Some(method), Some(url)) = (words.next(), words.next()) else {
            break;
        };
        let (method, url) = (method.to_owned(), url.to_owned());
        // The headers change nothing about a file.
        while next_line(&mut reader, &mut line)? && !line.is_empty() {}
        if stopped.load(Ordering::SeqCst) {
            break;
        }
        lock(requests).push(url.clone());
        let files = Arc::clone(&lock(files));
        match (method.as_str(), files.get(&url)) {
            ("GET", Some((bytes, media_type))) => answer(stream, "200 OK", media_type, bytes.len(), &bytes)?,
            ("HEAD", Some((bytes, media_type))) => answer(stream, "200 OK", media_type, bytes.len(), b"")?,
            ("GET", None) => answer(stream, "404 Not Found", "text/plain", 0, b"")?,
            // Whatever else there is may have a body, which would be taken for the next request.
            _ => return answer(stream, "405 Method Not Allowed", "text/plain", 0, b""),
        }
    }
    Ok(())
}

/// Reads a line without its end; false when there is none.
fn next_line(reader: &mut impl BufRead, line: &mut String) -> io::Result<bool> {
    line.clear();
    let read = reader.read_line(line)?;
    line.truncate(line.trim_end().len());
    Ok(read > 0)
}

fn answer(
    mut stream: &TcpStream,
    status: &str,
    media_type: &str,
    length: usize,
    body: &[u8],
) -> io::Result<()> {
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {length}\r\n\
         Cache-Control: no-cache\r\nX-Content-Type-Options: nosniff\r\n\r\n"
    );
    // In one piece, so that no answer waits for an acknowledgement of its first half.
    stream.write_all(&[head.as_bytes(), body].concat())
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
        Some("webmanifest") => "application/manifest+json",
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
    use std::io::{Read, Write};
    use std::net::TcpStream;

    use super::{Files, Server};

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

    #[test]
    fn one_connection_gets_one_answer_after_the_other() {
        let server = Server::start(files(), 0).unwrap();
        let mut stream = TcpStream::connect(("127.0.0.1", server.port())).unwrap();
        let requests = [
            "HEAD /some/folder/a%20b.wasm",
            "GET /some/folder/",
            "GET /",
            "POST /some/folder/",
        ];
        for request in requests {
            write!(stream, "{request} HTTP/1.1\r\nHost: here\r\n\r\n").unwrap();
        }
        let mut answers = String::new();
        stream.read_to_string(&mut answers).unwrap();
        let lines: Vec<_> = answers
            .lines()
            .filter(|line| line.starts_with("HTTP/1.1") || line.contains("page"))
            .collect();
        assert_eq!(
            lines,
            [
                "HTTP/1.1 200 OK",
                "HTTP/1.1 200 OK",
                "pageHTTP/1.1 404 Not Found",
                "HTTP/1.1 405 Method Not Allowed"
            ]
        );
        assert_eq!(
            server.requests(),
            requests.map(|request| request.split_once(' ').unwrap().1)
        );
    }

    #[test]
    fn a_renewed_host_serves_what_is_new_over_a_connection_that_is_open() {
        let server = Server::start(files(), 0).unwrap();
        let mut stream = TcpStream::connect(("127.0.0.1", server.port())).unwrap();
        let mut body = [0; 4];
        for page in ["page", "leaf"] {
            server.renew(files().with("index.html", page));
            write!(stream, "GET /some/folder/ HTTP/1.1\r\nHost: here\r\n\r\n").unwrap();
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                stream.read_exact(&mut byte).unwrap();
                head.push(byte[0]);
            }
            stream.read_exact(&mut body).unwrap();
            assert_eq!(body, page.as_bytes());
        }
    }
}
