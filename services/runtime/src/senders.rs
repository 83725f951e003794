//! How messages leave the house: a directory, a program that is called, a mail server. Each is optional.

use std::{fmt, fs, path::PathBuf, str::FromStr};

use clap::Args;
use http::Uri;
use serde::{Deserialize, Serialize};

use crate::{address::is_loopback, settings::SettingsError};

/// Port of mail servers that are given mail, RFC 6409: the connection is encrypted by STARTTLS.
const SUBMISSION: u16 = 587;
/// Port of mail servers whose connections are encrypted from the beginning, RFC 8314.
const SUBMISSIONS: u16 = 465;

/// What flags, variables and the file may say.
#[derive(Args, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WrittenSenders {
    /// Directory into which messages to volunteers are written, a file each
    #[arg(long = "message-dir", env = "MATCHDAY_MESSAGE_DIR", value_name = "DIR")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dir: Option<PathBuf>,
    /// Address that is called with messages to volunteers; https, or http on loopback
    #[arg(long = "message-webhook", env = "MATCHDAY_MESSAGE_WEBHOOK", value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhook: Option<String>,
    /// File with the secret its calls are signed with; or the variable `MATCHDAY_MESSAGE_WEBHOOK_SECRET` holds it
    #[arg(
        long = "message-webhook-secret-file",
        env = "MATCHDAY_MESSAGE_WEBHOOK_SECRET_FILE",
        value_name = "FILE"
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhook_secret_file: Option<PathBuf>,
    /// The secret itself: a variable, because everybody on the machine can read flags
    #[arg(
        long = "message-webhook-secret",
        env = "MATCHDAY_MESSAGE_WEBHOOK_SECRET",
        hide_env_values = true,
        hide = true
    )]
    #[serde(skip)]
    pub webhook_secret: Option<Secret>,
    /// Mail server: smtp://HOST:PORT encrypts by STARTTLS (not on loopback), smtps:// from the beginning
    #[arg(long, env = "MATCHDAY_SMTP", value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub smtp: Option<String>,
    /// Who mail is from: volunteers@example.org, or 'Volunteers <volunteers@example.org>'
    #[arg(long, env = "MATCHDAY_SMTP_FROM", value_name = "ADDRESS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub smtp_from: Option<String>,
    /// Name to log in to the mail server with
    #[arg(long, env = "MATCHDAY_SMTP_USER", value_name = "NAME")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub smtp_user: Option<String>,
    /// File with the password of that name; or the variable `MATCHDAY_SMTP_PASSWORD` holds it
    #[arg(long, env = "MATCHDAY_SMTP_PASSWORD_FILE", value_name = "FILE")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub smtp_password_file: Option<PathBuf>,
    /// The password itself: a variable, because everybody on the machine can read flags
    #[arg(long, env = "MATCHDAY_SMTP_PASSWORD", hide_env_values = true, hide = true)]
    #[serde(skip)]
    pub smtp_password: Option<Secret>,
}

/// A text that is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

/// The senders of a process, complete.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(into = "WrittenSenders")]
pub struct Senders {
    /// Directory for files.
    pub dir: Option<PathBuf>,
    /// Program that is called.
    pub webhook: Option<Webhook>,
    /// Mail server.
    pub smtp: Option<Smtp>,
    /// What was written, for showing it.
    written: WrittenSenders,
}

/// A program that is called with messages.
#[derive(Clone, Debug, PartialEq)]
pub struct Webhook {
    /// Its address: https, or http on loopback.
    pub url: Uri,
    /// What calls are signed with.
    pub secret: Secret,
}

/// A mail server.
#[derive(Clone, Debug, PartialEq)]
pub struct Smtp {
    /// Its host.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is encrypted.
    pub security: Security,
    /// Who mail is from.
    pub from: String,
    /// Name and password to log in with.
    pub login: Option<(String, Secret)>,
}

/// How a connection to a mail server is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// From the beginning.
    Tls,
    /// By STARTTLS, and not at all without it.
    StartTls,
    /// Not at all: on loopback alone.
    Plain,
}

impl Secret {
    /// The text, for the one place that uses it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl FromStr for Secret {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.trim_end_matches(['\r', '\n']) {
            "" => Err("is empty"),
            text => Ok(Self(text.to_owned())),
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl From<Senders> for WrittenSenders {
    fn from(senders: Senders) -> Self {
        senders.written
    }
}

impl Senders {
    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.dir.is_none() && self.webhook.is_none() && self.smtp.is_none()
    }
}

impl WrittenSenders {
    /// What is said here, and what `file` says where nothing is.
    #[must_use]
    pub fn over(self, file: Self) -> Self {
        Self {
            dir: self.dir.or(file.dir),
            webhook: self.webhook.or(file.webhook),
            webhook_secret_file: self.webhook_secret_file.or(file.webhook_secret_file),
            webhook_secret: self.webhook_secret,
            smtp: self.smtp.or(file.smtp),
            smtp_from: self.smtp_from.or(file.smtp_from),
            smtp_user: self.smtp_user.or(file.smtp_user),
            smtp_password_file: self.smtp_password_file.or(file.smtp_password_file),
            smtp_password: self.smtp_password,
        }
    }

    /// Reads the secrets and checks what is written.
    ///
    /// # Errors
    /// [`SettingsError::Sender`] or [`SettingsError::File`]
    pub fn complete(self) -> Result<Senders, SettingsError> {
        let webhook = self.webhook.as_deref().map(|url| self.webhook(url)).transpose()?;
        let smtp = self.smtp.as_deref().map(|url| self.smtp(url)).transpose()?;
        Ok(Senders { dir: self.dir.clone(), webhook, smtp, written: self })
    }

    fn webhook(&self, url: &str) -> Result<Webhook, SettingsError> {
        let wrong = || {
            sender(
                "--message-webhook is no address that can be called: write https://HOST/PATH; http on loopback alone",
            )
        };
        let url: Uri = url.parse().map_err(|_| wrong())?;
        let host = url.host().ok_or_else(wrong)?;
        match url.scheme_str() {
            Some("https") => {}
            Some("http") if is_loopback(host) => {}
            _ => return Err(wrong()),
        }
        let secret = secret(self.webhook_secret.as_ref(), self.webhook_secret_file.as_ref())?;
        let missing = || {
            sender(
                "--message-webhook needs --message-webhook-secret-file: what is called must know who calls",
            )
        };
        Ok(Webhook { secret: secret.ok_or_else(missing)?, url })
    }

    fn smtp(&self, url: &str) -> Result<Smtp, SettingsError> {
        let wrong = || sender("--smtp is no mail server: write smtp://HOST:PORT or smtps://HOST:PORT");
        let uri: Uri = url.parse().map_err(|_| wrong())?;
        let host = uri.host().ok_or_else(wrong)?;
        let is_bare = uri.path().trim_matches('/').is_empty() && !url.contains('@');
        let (security, port) = match uri.scheme_str() {
            Some("smtps") if is_bare => (Security::Tls, SUBMISSIONS),
            Some("smtp") if is_bare && is_loopback(host) => (Security::Plain, SUBMISSION),
            Some("smtp") if is_bare => (Security::StartTls, SUBMISSION),
            _ => return Err(wrong()),
        };
        let from = self
            .smtp_from
            .clone()
            .ok_or_else(|| sender("--smtp needs --smtp-from: mail is from somebody"))?;
        let password = secret(self.smtp_password.as_ref(), self.smtp_password_file.as_ref())?;
        let login = match (self.smtp_user.clone(), password) {
            (Some(user), Some(password)) => Some((user, password)),
            (None, None) => None,
            _ => return Err(sender("--smtp-user and --smtp-password-file are given together or not at all")),
        };
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        Ok(Smtp { host, port: uri.port_u16().unwrap_or(port), security, from, login })
    }
}

fn sender(problem: &'static str) -> SettingsError {
    SettingsError::Sender { problem }
}

/// A secret, given or in a file.
fn secret(given: Option<&Secret>, file: Option<&PathBuf>) -> Result<Option<Secret>, SettingsError> {
    let Some(path) = file.filter(|_| given.is_none()) else {
        return Ok(given.cloned());
    };
    let text = fs::read_to_string(path).map_err(|cause| SettingsError::File { path: path.clone(), cause })?;
    let empty = |_| sender("the file of a secret is empty");
    text.parse().map(Some).map_err(empty)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn webhook(url: &str) -> WrittenSenders {
        let webhook_secret = Some("hush".parse().unwrap());
        WrittenSenders { webhook: Some(url.into()), webhook_secret, ..WrittenSenders::default() }
    }

    fn smtp(url: &str) -> WrittenSenders {
        let smtp_from = Some("a@example.org".into());
        WrittenSenders { smtp: Some(url.into()), smtp_from, ..WrittenSenders::default() }
    }

    #[test]
    fn nothing_leaves_the_machine_unencrypted() {
        for good in ["https://example.org/hook", "http://127.0.0.1:1/hook", "http://[::1]:1"] {
            assert!(webhook(good).complete().is_ok(), "{good}");
        }
        for wrong in ["http://example.org/hook", "ftp://127.0.0.1", "example", "http://127.0.0.1.example.org"]
        {
            assert!(webhook(wrong).complete().is_err(), "{wrong}");
        }
        let security = |url: &str| smtp(url).complete().map(|senders| senders.smtp.unwrap().security).ok();
        assert_eq!(security("smtps://mail.example.org"), Some(Security::Tls));
        assert_eq!(security("smtp://mail.example.org:25"), Some(Security::StartTls));
        assert_eq!(security("smtp://127.0.0.1:2525"), Some(Security::Plain));
        for wrong in ["mail.example.org", "smtp://user:pass@mail.example.org", "http://mail.example.org"] {
            assert_eq!(security(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_belongs_together_is_given_together() {
        assert!(
            WrittenSenders { webhook_secret: None, ..webhook("https://example.org") }.complete().is_err()
        );
        assert!(WrittenSenders { smtp_from: None, ..smtp("smtps://example.org") }.complete().is_err());
        let user = WrittenSenders { smtp_user: Some("me".into()), ..smtp("smtps://example.org") };
        assert!(user.clone().complete().is_err());
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("password");
        fs::write(&file, "hush\n").unwrap();
        let whole = WrittenSenders { smtp_password_file: Some(file), ..user }.complete().unwrap();
        assert_eq!(whole.smtp.unwrap().login.unwrap().1.reveal(), "hush");
        assert!(WrittenSenders::default().complete().unwrap().is_empty());
    }

    #[test]
    fn secrets_are_not_shown() {
        let senders = webhook("https://example.org").complete().unwrap();
        let shown = format!("{senders:?} {}", toml::to_string(&senders).unwrap());
        assert!(shown.contains("https://example.org") && !shown.contains("hush"), "{shown}");
    }
}
