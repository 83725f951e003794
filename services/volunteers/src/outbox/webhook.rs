//! Messages as calls of a program: `POST` with JSON, signed, under a key by which a repeat is told.
//!
//! `Idempotency-Key` is the key of the message, the same at each attempt. `Matchday-Signature` is `sha256=` and the
//! HMAC-SHA256 of the body in hexadecimal. Redirects are not followed: what is signed is for the address it is told.

use std::{fmt::Write, io, sync::Arc, time::Duration};

use http::{Request, StatusCode, Uri, header};
use http_body_util::Full;
use hyper::{body::Bytes, client::conn::http1};
use hyper_util::rt::TokioIo;
use matchday_runtime::senders;
use matchday_store::StoreError;
use ring::hmac;
use rustls::{ClientConfig, RootCertStore, crypto::ring::default_provider, pki_types::ServerName};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::TlsConnector;

use super::sender::Letter;
use crate::domain::message::Outcome;

/// How long a call may take altogether.
const PATIENCE: Duration = Duration::from_secs(10);

/// A program that is called with messages.
pub(crate) struct Webhook {
    url: Uri,
    host: String,
    port: u16,
    key: hmac::Key,
    /// `None` where calls are not encrypted: on loopback alone.
    tls: Option<(TlsConnector, ServerName<'static>)>,
}

/// A call came to no answer.
#[derive(Debug, thiserror::Error)]
enum Failed {
    #[error("no connection: {}", .0.kind())]
    Connection(#[from] io::Error),
    #[error("no answer: {0}")]
    Answer(#[from] hyper::Error),
    #[error("the call cannot be made: {0}")]
    Call(#[from] http::Error),
}

impl Webhook {
    /// What is called, by its settings.
    ///
    /// # Errors
    /// [`StoreError::InvalidConfig`]
    pub(super) fn new(settings: &senders::Webhook) -> Result<Self, StoreError> {
        let url = settings.url.clone();
        let host = url.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']').to_owned();
        let is_encrypted = url.scheme_str() == Some("https");
        let tls = if is_encrypted { Some((connector()?, server_name(&host)?)) } else { None };
        let port = url.port_u16().unwrap_or(if is_encrypted { 443 } else { 80 });
        let key = hmac::Key::new(hmac::HMAC_SHA256, settings.secret.reveal().as_bytes());
        Ok(Self { url, host, port, key, tls })
    }

    /// Makes one call.
    pub(super) async fn send(&self, letter: &Letter) -> Outcome {
        match timeout(PATIENCE, self.call(letter)).await {
            Ok(Ok(status)) => judged(status),
            Ok(Err(failed)) => Outcome::NotNow(failed.to_string()),
            Err(_) => Outcome::Unknown(format!("no answer within {} s", PATIENCE.as_secs())),
        }
    }

    async fn call(&self, letter: &Letter) -> Result<StatusCode, Failed> {
        let stream = TcpStream::connect((self.host.as_str(), self.port)).await?;
        stream.set_nodelay(true)?;
        let request = self.request(letter)?;
        match &self.tls {
            None => answer(stream, request).await,
            Some((connector, name)) => answer(connector.connect(name.clone(), stream).await?, request).await,
        }
    }

    fn request(&self, letter: &Letter) -> Result<Request<Full<Bytes>>, http::Error> {
        let body = letter.to_json().to_string();
        let path = self.url.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
        let authority = self.url.authority().map_or("", http::uri::Authority::as_str);
        Request::post(path)
            .header(header::HOST, authority)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::USER_AGENT, "matchday")
            .header(header::CONNECTION, "close")
            .header("Idempotency-Key", &letter.key)
            .header("Matchday-Signature", self.signature(body.as_bytes()))
            .body(Full::new(body.into()))
    }

    fn signature(&self, body: &[u8]) -> String {
        let tag = hmac::sign(&self.key, body);
        let mut signature = "sha256=".to_owned();
        for byte in tag.as_ref() {
            // writing into a text does not fail
            let _ = write!(signature, "{byte:02x}");
        }
        signature
    }
}

/// What an answer says. Whoever answers with another address does not take it on.
fn judged(status: StatusCode) -> Outcome {
    let problem = format!("HTTP {}", status.as_u16());
    match status {
        status if status.is_success() => Outcome::Taken,
        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS => Outcome::NotNow(problem),
        status if status.is_server_error() => Outcome::NotNow(problem),
        status if status.is_redirection() => {
            Outcome::Refused(format!("{problem}: redirects are not followed"))
        }
        _ => Outcome::Refused(problem),
    }
}

/// The status of the answer to a request; its body is not read.
async fn answer(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    request: Request<Full<Bytes>>,
) -> Result<StatusCode, Failed> {
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let answer = async move { Ok(sender.send_request(request).await?.status()) };
    // the connection goes on until the answer is there, and ends with it
    tokio::select! {
        biased;
        answer = answer => answer,
        // it ends first only without an answer
        Err(error) = connection => Err(error.into()),
    }
}

/// Encrypts for whoever the machine trusts.
fn connector() -> Result<TlsConnector, StoreError> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        let problem = "the machine trusts no certificate authority: install ca-certificates";
        return Err(StoreError::InvalidConfig(problem.to_owned()));
    }
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| StoreError::InvalidConfig(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

fn server_name(host: &str) -> Result<ServerName<'static>, StoreError> {
    let problem = |error| StoreError::InvalidConfig(format!("{host} is no name of a server: {error}"));
    ServerName::try_from(host.to_owned()).map_err(problem)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(status: u16) -> Outcome {
        judged(StatusCode::from_u16(status).unwrap())
    }

    #[test]
    fn an_answer_says_whether_it_is_tried_again() {
        for taken in [200, 202, 204] {
            assert_eq!(outcome(taken), Outcome::Taken, "{taken}");
        }
        for later in [408, 429, 500, 503] {
            assert_eq!(outcome(later), Outcome::NotNow(format!("HTTP {later}")), "{later}");
        }
        for refused in [301, 307, 400, 401, 404, 410] {
            assert!(matches!(outcome(refused), Outcome::Refused(_)), "{refused}");
        }
    }

    #[test]
    fn the_signature_is_the_one_of_rfc_4231() {
        let settings =
            senders::Webhook { url: "http://127.0.0.1:1/".parse().unwrap(), secret: "Jefe".parse().unwrap() };
        let signature = Webhook::new(&settings).unwrap().signature(b"what do ya want for nothing?");
        let expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(signature, format!("sha256={expected}"));
    }
}
