//! A server on loopback that answers as AWS does, for what the doubles of AWS
//! leave out: queries that are long in coming, throttling, connections that break.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// No request of a test takes longer to be sent or its answer to be taken.
const PATIENCE: Duration = Duration::from_secs(20);

/// So many requests are answered at a time; more have to wait.
const MOST_AT_A_TIME: usize = 64;

/// A request as far as an answer depends on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwsRequest {
    /// The operation that `X-Amz-Target` names; method and path where AWS has no
    /// target, such as `GET /users-summary/INSTANCE`.
    pub operation: String,
    /// The query behind the path, empty where there is none.
    pub query: String,
    /// The body.
    pub body: String,
    /// All lines up to the body, as they came.
    head: String,
}

/// What the server answers.
#[derive(Debug, Clone)]
pub enum AwsReply {
    /// A status and a body of JSON.
    Json(u16, String),
    /// The first half of a body of JSON; then the connection is gone.
    CutShort(String),
    /// Nothing; the connection is gone.
    Closed,
    /// What another server answers, at a URL such as `http://127.0.0.1:5000`.
    Of(String),
}

type Answer = dyn Fn(&AwsRequest) -> AwsReply + Send + Sync;

/// The server; it ends when it is dropped.
#[derive(Debug)]
pub struct StubAws {
    address: SocketAddr,
    heard: Arc<Mutex<Vec<AwsRequest>>>,
    stopping: Arc<AtomicBool>,
    accepting: Option<JoinHandle<()>>,
}

impl AwsReply {
    /// Answers what was asked for.
    pub fn ok(json: impl Into<String>) -> AwsReply {
        AwsReply::Json(200, json.into())
    }

    /// Answers with an error as AWS tells it, such as `ThrottlingException`.
    pub fn error(status: u16, code: &str, message: &str) -> AwsReply {
        let body = serde_json::json!({ "__type": code, "message": message });
        AwsReply::Json(status, body.to_string())
    }
}

impl StubAws {
    /// Starts a server that answers with what `answer` returns.
    ///
    /// # Errors
    /// When there is no port on loopback.
    pub fn start(
        answer: impl Fn(&AwsRequest) -> AwsReply + Send + Sync + 'static,
    ) -> io::Result<StubAws> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let heard = Arc::default();
        let stopping = Arc::default();
        let server = Server {
            answer: Arc::new(answer),
            heard: Arc::clone(&heard),
            stopping: Arc::clone(&stopping),
            at_work: Arc::default(),
        };
        Ok(StubAws {
            address,
            heard,
            stopping,
            accepting: Some(thread::spawn(move || server.accept(&listener))),
        })
    }

    /// Returns the address as an endpoint's URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns what was asked so far, in the order of arrival.
    pub fn heard(&self) -> Vec<AwsRequest> {
        let heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        heard.clone()
    }

    /// Counts the requests of an operation.
    pub fn count(&self, operation: &str) -> usize {
        let of_it = |request: &&AwsRequest| request.operation == operation;
        self.heard().iter().filter(of_it).count()
    }
}

impl Drop for StubAws {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::Relaxed);
        // Wakes the thread that waits for the next connection.
        let _ = TcpStream::connect(self.address);
        if let Some(accepting) = self.accepting.take() {
            let _ = accepting.join();
        }
    }
}

#[derive(Clone)]
struct Server {
    answer: Arc<Answer>,
    heard: Arc<Mutex<Vec<AwsRequest>>>,
    stopping: Arc<AtomicBool>,
    at_work: Arc<AtomicUsize>,
}

impl Server {
    fn accept(&self, listener: &TcpListener) {
        for stream in listener.incoming() {
            if self.stopping.load(Ordering::Relaxed) {
                return;
            }
            let Ok(stream) = stream else { continue };
            while self.at_work.load(Ordering::Relaxed) >= MOST_AT_A_TIME {
                thread::sleep(Duration::from_millis(1));
            }
            self.at_work.fetch_add(1, Ordering::Relaxed);
            let server = self.clone();
            thread::spawn(move || {
                // A client that is gone is what some tests are about.
                let _ = server.serve(&stream);
                server.at_work.fetch_sub(1, Ordering::Relaxed);
            });
        }
    }

    fn serve(&self, mut stream: &TcpStream) -> io::Result<()> {
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        let Some(request) = AwsRequest::read(stream)? else {
            return Ok(());
        };
        let heard = |request| {
            let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
            heard.push(request);
        };
        heard(request.clone());
        let (status, body, sent) = match (self.answer)(&request) {
            AwsReply::Json(status, body) => {
                let sent = body.len();
                (status, body, sent)
            }
            AwsReply::CutShort(body) => {
                let sent = body.len() / 2;
                (200, body, sent)
            }
            AwsReply::Closed => return Ok(()),
            AwsReply::Of(url) => return request.hand_on(&url, stream),
        };
        let head = format!(
            "HTTP/1.1 {status} -\r\ncontent-type: application/x-amz-json-1.1\r\n\
             content-length: {}\r\nx-amzn-requestid: EXAMPLE\r\nconnection: close\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes())?;
        stream.write_all(&body.as_bytes()[..sent])?;
        stream.flush()
    }
}

impl AwsRequest {
    /// Reads a request; none where the client said nothing.
    fn read(stream: &TcpStream) -> io::Result<Option<AwsRequest>> {
        let mut reader = BufReader::new(stream);
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let mut words = line.split_whitespace();
        let (method, target) = (words.next(), words.next());
        let (method, target) = (method.unwrap_or_default(), target.unwrap_or_default());
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let (mut operation, query) = (format!("{method} {path}"), query.to_owned());
        let mut length = 0;
        let mut head = line.clone();
        loop {
            let mut header = String::new();
            reader.read_line(&mut header)?;
            let Some((name, value)) = header.trim_end().split_once(':') else {
                break;
            };
            // The other end closes the connection behind its answer.
            if !name.eq_ignore_ascii_case("connection") {
                head.push_str(&header);
            }
            let value = value.trim();
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.parse().unwrap_or(0),
                "x-amz-target" => {
                    let (_, name) = value.rsplit_once('.').unwrap_or(("", value));
                    name.clone_into(&mut operation);
                }
                _ => {}
            }
        }
        let mut body = Vec::new();
        reader.take(length).read_to_end(&mut body)?;
        Ok(Some(AwsRequest {
            operation,
            query,
            body: String::from_utf8_lossy(&body).into_owned(),
            head,
        }))
    }

    /// Asks another server the same, and answers as it does.
    fn hand_on(&self, url: &str, mut stream: &TcpStream) -> io::Result<()> {
        let address = url.strip_prefix("http://").unwrap_or(url);
        let mut other = TcpStream::connect(address)?;
        other.set_read_timeout(Some(PATIENCE))?;
        let request = format!("{}connection: close\r\n\r\n{}", self.head, self.body);
        other.write_all(request.as_bytes())?;
        io::copy(&mut other, &mut stream)?;
        stream.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(stub: &StubAws, request: &str) -> String {
        let mut stream = TcpStream::connect(stub.address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut reply = String::new();
        stream.read_to_string(&mut reply).unwrap();
        reply
    }

    #[test]
    fn requests_are_told_apart_and_answered() {
        let stub = StubAws::start(|request| match request.operation.as_str() {
            "StartQuery" => AwsReply::ok(&*request.body),
            "GET /users" => AwsReply::error(429, "ThrottlingException", "slower"),
            "HEAD /cut" => AwsReply::CutShort("0123456789".to_owned()),
            _ => AwsReply::Closed,
        })
        .unwrap();
        let started = "POST / HTTP/1.1\r\nX-Amz-Target: Logs_20140328.StartQuery\r\n\
                       Content-Length: 2\r\n\r\n{}";
        assert!(ask(&stub, started).ends_with("\r\n\r\n{}"));
        let throttled = ask(&stub, "GET /users?max=1 HTTP/1.1\r\n\r\n");
        assert!(throttled.starts_with("HTTP/1.1 429 "), "{throttled}");
        assert!(throttled.contains("ThrottlingException"), "{throttled}");
        let cut = ask(&stub, "HEAD /cut HTTP/1.1\r\n\r\n");
        assert!(cut.contains("content-length: 10\r\n") && cut.ends_with("\r\n\r\n01234"));
        assert_eq!(ask(&stub, "GET /other HTTP/1.1\r\n\r\n"), "");
        assert_eq!(stub.count("StartQuery"), 1);
        assert_eq!(stub.heard()[1].query, "max=1");
        assert_eq!(stub.heard().len(), 4);
    }
}
