//! Messages as mail. SMTP knows no key: a mail server that has taken on a mail takes on its repeat, too. So an attempt
//! that was cut off after the mail was begun is neither repeated nor called failed.

use std::time::{Duration, SystemTime};

use lettre::{
    Address, Message,
    message::{Mailbox, SinglePart},
    transport::smtp::{
        Error,
        authentication::{Credentials, DEFAULT_MECHANISMS},
        client::{AsyncSmtpConnection, TlsParameters},
        extension::ClientId,
    },
};
use matchday_runtime::senders::{Security, Smtp};
use matchday_store::StoreError;
use tokio::time::timeout;

use super::sender::Letter;
use crate::domain::message::Outcome;

/// How long the server may take until it is ready for a mail.
const READY_WITHIN: Duration = Duration::from_secs(20);
/// How long it may take to take one on.
const TAKEN_WITHIN: Duration = Duration::from_mins(1);

/// A mail server.
pub(crate) struct MailServer {
    host: String,
    port: u16,
    security: Security,
    tls: Option<TlsParameters>,
    from: Mailbox,
    login: Option<Credentials>,
}

impl MailServer {
    /// The mail server of the settings.
    ///
    /// # Errors
    /// [`StoreError::InvalidConfig`]
    pub(super) fn new(settings: &Smtp) -> Result<Self, StoreError> {
        let Smtp { host, port, security, from, login } = settings.clone();
        let wrong = |_| StoreError::InvalidConfig(format!("--smtp-from {from} is no address for mail"));
        let tls = match security {
            Security::Plain => None,
            Security::Tls | Security::StartTls => {
                let tls = TlsParameters::new_rustls(host.clone());
                Some(tls.map_err(|error| StoreError::InvalidConfig(error.to_string()))?)
            }
        };
        let login = login.map(|(user, password)| Credentials::new(user, password.reveal().to_owned()));
        Ok(Self { from: from.parse().map_err(wrong)?, host, port, security, tls, login })
    }

    /// Hands one mail over.
    pub(super) async fn send(&self, letter: &Letter) -> Outcome {
        let Ok(to) = letter.address.parse::<Address>() else {
            return Outcome::Refused("the address is none for mail".to_owned());
        };
        let Ok(mail) = self.mail(letter, to) else {
            return Outcome::Refused("the mail cannot be written".to_owned());
        };
        // nothing of the mail has been said yet: whatever goes wrong, it has not gone
        let mut server = match timeout(READY_WITHIN, self.ready()).await {
            Ok(Ok(server)) => server,
            Ok(Err(error)) => return Outcome::NotNow(said(&error, "the mail server is not ready")),
            Err(_) => return Outcome::NotNow("the mail server does not get ready".to_owned()),
        };
        match timeout(TAKEN_WITHIN, server.send(mail.envelope(), &mail.formatted())).await {
            Ok(Ok(_)) => {
                // it is taken on, whether or not the server hears the farewell
                let _ = timeout(READY_WITHIN, server.quit()).await;
                Outcome::Taken
            }
            Ok(Err(error)) => judged(&error),
            Err(_) => Outcome::Unknown("the mail server did not say whether it takes the mail".to_owned()),
        }
    }

    /// A connection on which a mail can be handed over.
    async fn ready(&self) -> Result<AsyncSmtpConnection, Error> {
        let hello = ClientId::Domain(self.from.email.domain().to_owned());
        let from_the_beginning = self.tls.clone().filter(|_| self.security == Security::Tls);
        let server = (self.host.as_str(), self.port);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(server, Some(READY_WITHIN), &hello, from_the_beginning, None)
                .await?;
        if let Some(tls) = self.tls.clone().filter(|_| self.security == Security::StartTls) {
            connection.starttls(tls, &hello).await?;
        }
        if let Some(login) = &self.login {
            connection.auth(DEFAULT_MECHANISMS, login).await?;
        }
        Ok(connection)
    }

    /// The same mail at each attempt: its id and its date are those of the message.
    fn mail(&self, letter: &Letter, to: Address) -> Result<Message, lettre::error::Error> {
        let micros = u64::try_from(letter.written.as_micros()).unwrap_or_default();
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(&letter.subject)
            .date(SystemTime::UNIX_EPOCH + Duration::from_micros(micros))
            .message_id(Some(format!("<{}@{}>", letter.key, self.from.email.domain())))
            .singlepart(SinglePart::plain(letter.body.clone()))
    }
}

/// What the server's answer to a mail says. Its words are not kept: they may quote the address.
fn judged(error: &Error) -> Outcome {
    if error.is_permanent() {
        Outcome::Refused(said(error, "refused"))
    } else if error.is_transient() {
        Outcome::NotNow(said(error, "not now"))
    } else if error.is_client() {
        Outcome::Refused("the mail server does not take such an address".to_owned())
    } else {
        Outcome::Unknown("the connection to the mail server was lost during the attempt".to_owned())
    }
}

fn said(error: &Error, otherwise: &str) -> String {
    error.status().map_or_else(|| otherwise.to_owned(), |code| format!("SMTP {code}"))
}
