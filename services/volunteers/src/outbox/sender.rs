//! The ways out of the house. One more is a variant of [`Sender`], a channel of the contract, and what it is told by
//! `matchday_runtime::senders`.

use matchday_kernel::Instant;
use matchday_runtime::senders::Senders;
use matchday_store::StoreError;
use serde_json::{Value, json};

use super::{file::Directory, smtp::MailServer, webhook::Webhook};
use crate::{
    domain::message::{Channel, Outcome},
    store::{messages::MessageRow, words},
};

/// A way out.
pub(crate) enum Sender {
    /// Files in a directory.
    File(Directory),
    /// Calls of a program.
    Webhook(Box<Webhook>),
    /// Mail.
    Smtp(Box<MailServer>),
}

/// A message on its way.
pub(crate) struct Letter {
    /// What whoever takes it on tells a repeat by.
    pub(crate) key: String,
    /// Name of the message.
    pub(crate) name: String,
    /// Name of the volunteer.
    pub(crate) volunteer: String,
    /// Where it goes; empty where the channel needs no address.
    pub(crate) address: String,
    /// Languages it is written in.
    pub(crate) languages: Vec<String>,
    /// Subject, in one line.
    pub(crate) subject: String,
    /// The text.
    pub(crate) body: String,
    /// When it was written down.
    pub(crate) written: Instant,
}

impl Sender {
    /// Those that a process is told of.
    ///
    /// # Errors
    /// [`StoreError::InvalidConfig`]
    pub(crate) fn all(senders: &Senders) -> Result<Vec<Self>, StoreError> {
        let mut all = Vec::new();
        if let Some(smtp) = &senders.smtp {
            all.push(Self::Smtp(Box::new(MailServer::new(smtp)?)));
        }
        if let Some(webhook) = &senders.webhook {
            all.push(Self::Webhook(Box::new(Webhook::new(webhook)?)));
        }
        if let Some(dir) = &senders.dir {
            all.push(Self::File(Directory::new(dir)?));
        }
        Ok(all)
    }

    /// What it is a sender of.
    pub(crate) fn channel(&self) -> Channel {
        match self {
            Self::File(_) => Channel::File,
            Self::Webhook(_) => Channel::Webhook,
            Self::Smtp(_) => Channel::Email,
        }
    }

    /// Makes one attempt; it ends in bounded time.
    pub(crate) async fn send(&self, letter: Letter) -> Outcome {
        match self {
            Self::File(directory) => directory.send(letter).await,
            Self::Webhook(webhook) => webhook.send(&letter).await,
            Self::Smtp(server) => server.send(&letter).await,
        }
    }
}

impl Letter {
    /// The message of a row.
    pub(crate) fn of(row: MessageRow) -> Self {
        Self {
            languages: words(&row.languages),
            key: row.key,
            name: row.name,
            volunteer: row.volunteer,
            address: row.address,
            subject: row.subject,
            body: row.body,
            written: Instant::from_micros(row.created).unwrap_or(Instant::MIN),
        }
    }

    /// The message as programs get it.
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "key": self.key,
            "message": self.name,
            "volunteer": self.volunteer,
            "to": self.address,
            "languages": self.languages,
            "subject": self.subject,
            "text": self.body,
        })
    }
}
