//! Programs outside of the house that messages go to: one that is called, and a mail server. Both listen on loopback,
//! and do with each message what the test says.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinHandle,
    time::timeout,
};

use crate::PATIENCE;

/// What is done with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It is taken on.
    Take,
    /// It is answered with this number: of HTTP, or of SMTP.
    Say(u16),
    /// It is read, and never answered.
    Hold,
}

/// A message as it came in.
#[derive(Clone, Debug)]
pub struct Seen {
    /// What a repeat is told by: the key of a call, the id of a mail.
    pub key: String,
    /// The address it is for.
    pub to: String,
    /// Everything that came.
    pub text: String,
    /// What was done with it.
    pub answer: Answer,
}

/// Says what is done with a message to an address that has come so many times, from 1.
pub type Policy = fn(&str, usize) -> Answer;

/// A program that messages go to, ended when it is dropped.
#[derive(Debug)]
pub struct Outside {
    address: SocketAddr,
    book: Arc<Book>,
    serving: JoinHandle<()>,
}

/// What has come in, how much of it, and what is done with it.
#[derive(Debug)]
struct Book {
    seen: Mutex<Vec<Seen>>,
    count: watch::Sender<usize>,
    policy: Policy,
}

impl Drop for Outside {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Outside {
    /// A program that is called.
    ///
    /// # Panics
    /// When it cannot listen.
    pub async fn webhook(policy: Policy) -> Self {
        Self::open(policy, true).await
    }

    /// A mail server.
    ///
    /// # Panics
    /// When it cannot listen.
    pub async fn mail(policy: Policy) -> Self {
        Self::open(policy, false).await
    }

    async fn open(policy: Policy, is_http: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let book = Arc::new(Book { seen: Mutex::default(), count: watch::Sender::new(0), policy });
        let shared = book.clone();
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let book = shared.clone();
                tokio::spawn(async move {
                    // a connection that breaks off is the test's doing
                    let _ = if is_http { call(stream, &book).await } else { mail(stream, &book).await };
                });
            }
        });
        Self { address, book, serving }
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What has come in, in this order.
    #[must_use]
    pub fn seen(&self) -> Vec<Seen> {
        self.book.seen().clone()
    }

    /// Messages that were taken on, by key: how often.
    #[must_use]
    pub fn taken(&self) -> BTreeMap<String, usize> {
        let mut taken = BTreeMap::new();
        for one in self.seen().into_iter().filter(|one| one.answer == Answer::Take) {
            *taken.entry(one.key).or_default() += 1;
        }
        taken
    }

    /// Waits until so many have come in.
    ///
    /// # Panics
    /// When they do not come in time.
    pub async fn until(&self, many: usize) {
        let mut count = self.book.count.subscribe();
        let come = timeout(PATIENCE, count.wait_for(|count| *count >= many)).await;
        assert!(come.is_ok(), "{many} messages come in time, not {}", self.seen().len());
    }
}

impl Book {
    fn seen(&self) -> MutexGuard<'_, Vec<Seen>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Decides what is done with a message, and notes it.
    fn note(&self, key: &str, to: &str, text: String) -> Answer {
        let mut seen = self.seen();
        let times = seen.iter().filter(|one| one.to == to).count() + 1;
        let answer = (self.policy)(to, times);
        seen.push(Seen { key: key.to_owned(), to: to.to_owned(), text, answer });
        self.count.send_replace(seen.len());
        answer
    }
}

/// The value of a header, whatever the case of its name.
fn header(head: &str, name: &str) -> String {
    let is_it = |line: &&str| line.split(':').next().is_some_and(|found| found.eq_ignore_ascii_case(name));
    let line = head.lines().find(is_it).unwrap_or_default();
    line.split_once(':').map_or("", |(_, value)| value).trim().to_owned()
}

async fn call(stream: TcpStream, book: &Book) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if stream.read_line(&mut head).await? == 0 {
            return Ok(());
        }
    }
    let length = header(&head, "content-length").parse().unwrap_or_default();
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    let body = String::from_utf8_lossy(&body).into_owned();
    let to = body.split("\"to\":\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
    let key = header(&head, "idempotency-key");
    let status = match book.note(&key, to, format!("{head}{body}")) {
        Answer::Take => 204,
        Answer::Say(status) => status,
        Answer::Hold => return std::future::pending().await,
    };
    stream.write_all(format!("HTTP/1.1 {status} Said\r\ncontent-length: 0\r\n\r\n").as_bytes()).await
}

async fn mail(stream: TcpStream, book: &Book) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 outside\r\n").await?;
    let mut to = String::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let answer = match line.split([' ', ':', '\r']).next().unwrap_or_default() {
            "EHLO" => "250-outside\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n".to_owned(),
            "RCPT" => {
                line.split(['<', '>']).nth(1).unwrap_or_default().clone_into(&mut to);
                "250 well\r\n".to_owned()
            }
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await?;
                let mut text = String::new();
                while !text.ends_with("\r\n.\r\n") {
                    stream.read_line(&mut text).await?;
                }
                match book.note(&header(&text, "message-id"), &to, text) {
                    Answer::Take => "250 taken\r\n".to_owned(),
                    Answer::Say(code) => format!("{code} {to} is not known here\r\n"),
                    Answer::Hold => return std::future::pending().await,
                }
            }
            "QUIT" => return stream.write_all(b"221 farewell\r\n").await,
            _ => "250 well\r\n".to_owned(),
        };
        stream.write_all(answer.as_bytes()).await?;
    }
}
