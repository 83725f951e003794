//! The settings of a process: flags first, then `MATCHDAY_*` variables, then one TOML file, then defaults.

use std::{
    fs, io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    str::FromStr,
};

use clap::Args;
use matchday_kernel::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::{
    address::{self, AddressError},
    senders::{Senders, WrittenSenders},
    telemetry::LogFormat,
};

/// Where a process listens when nobody says.
const LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 7300);
/// Where it keeps its data when nobody says.
const DATA: &str = "./matchday-data";
/// What it logs when nobody says.
const LOG: &str = "info";
/// What stands for a secret where settings are shown.
const HIDDEN: &str = "***";

/// What flags, variables and the file may say; nothing is required in any of them.
#[derive(Args, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Written {
    /// Directory for keys, tokens and SQLite databases; one process uses it at a time [default: ./matchday-data]
    #[arg(long, env = "MATCHDAY_DATA", value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Loopback address to listen on; port 0 takes a free one [default: 127.0.0.1:7300]
    #[arg(long, env = "MATCHDAY_LISTEN", value_name = "ADDRESS")]
    pub listen: Option<SocketAddr>,
    /// Services to host; all of them when none is named
    #[arg(long = "service", env = "MATCHDAY_SERVICE", value_name = "NAME", value_delimiter = ',')]
    pub service: Vec<String>,
    /// PostgreSQL database, a schema per service; SQLite files in the data directory when absent
    #[arg(long, env = "MATCHDAY_DATABASE", value_name = "URL", hide_env_values = true)]
    pub database: Option<String>,
    /// Where a service that is not hosted here answers
    #[arg(long = "peer", env = "MATCHDAY_PEER", value_name = "NAME=URL", value_delimiter = ',')]
    pub peer: Vec<PeerAddress>,
    /// Public key that verifies tokens, for a service started alone
    #[arg(long, env = "MATCHDAY_AUTH_PUBLIC_KEY", value_name = "FILE")]
    pub auth_public_key: Option<PathBuf>,
    /// Token this process calls other services with, for a service started alone
    #[arg(long, env = "MATCHDAY_SERVICE_TOKEN_FILE", value_name = "FILE")]
    pub service_token_file: Option<PathBuf>,
    /// Log level, or target=level separated by commas [default: info]
    #[arg(long, env = "MATCHDAY_LOG", value_name = "FILTER")]
    pub log: Option<String>,
    /// How log lines look [default: auto]
    #[arg(long, env = "MATCHDAY_LOG_FORMAT", value_enum, value_name = "FORMAT")]
    pub log_format: Option<LogFormat>,
    /// Find events of other replicas by polling alone, without LISTEN/NOTIFY (for poolers that drop it)
    #[arg(long, env = "MATCHDAY_NO_NOTIFY")]
    pub no_notify: bool,
    /// Rehearse another day: the clock goes so much ahead, or behind with a minus sign, such as -26h30m
    #[arg(long, env = "MATCHDAY_CLOCK_SHIFT", value_name = "DURATION", allow_hyphen_values = true)]
    pub clock_shift: Option<ClockShift>,
    /// How messages leave the house.
    #[command(flatten)]
    pub senders: WrittenSenders,
}

/// How far the clock of a rehearsal is ahead of the machine's; all processes of one rehearsal have the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ClockShift(pub SignedDuration);

impl FromStr for ClockShift {
    type Err = SettingsError;

    fn from_str(text: &str) -> Result<Self, SettingsError> {
        let wrong = || SettingsError::ClockShift { written: text.into() };
        text.parse().map(Self).map_err(|_| wrong())
    }
}

impl TryFrom<String> for ClockShift {
    type Error = SettingsError;

    fn try_from(text: String) -> Result<Self, SettingsError> {
        text.parse()
    }
}

impl From<ClockShift> for String {
    fn from(shift: ClockShift) -> Self {
        shift.0.to_string()
    }
}

/// `NAME=URL`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PeerAddress {
    /// The service.
    pub service: String,
    /// Where it answers.
    pub url: String,
}

impl FromStr for PeerAddress {
    type Err = SettingsError;

    fn from_str(text: &str) -> Result<Self, SettingsError> {
        let (service, url) =
            text.split_once('=').ok_or_else(|| SettingsError::Peer { written: text.into() })?;
        address::check_url(url)?;
        Ok(Self { service: service.into(), url: url.into() })
    }
}

impl TryFrom<String> for PeerAddress {
    type Error = SettingsError;

    fn try_from(text: String) -> Result<Self, SettingsError> {
        text.parse()
    }
}

impl From<PeerAddress> for String {
    fn from(peer: PeerAddress) -> Self {
        format!("{}={}", peer.service, peer.url)
    }
}

/// The settings of a process, complete.
#[derive(Clone, Debug, Serialize)]
pub struct Settings {
    /// Directory for keys, tokens and SQLite databases.
    pub data: PathBuf,
    /// Address to listen on.
    pub listen: SocketAddr,
    /// Services to host, in the order known.
    pub service: Vec<String>,
    /// PostgreSQL database; its password is hidden where settings are shown.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "without_password")]
    pub database: Option<String>,
    /// Where services that are not hosted here answer.
    pub peer: Vec<PeerAddress>,
    /// How tokens are verified and where this process's own comes from.
    #[serde(flatten)]
    pub trust: Trust,
    /// Log filter.
    pub log: String,
    /// How log lines look.
    pub log_format: LogFormat,
    /// Whether replicas find each other's events by polling alone.
    pub no_notify: bool,
    /// How far the clock is ahead, in a rehearsal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clock_shift: Option<ClockShift>,
    /// How messages leave the house.
    #[serde(skip_serializing_if = "Senders::is_empty")]
    pub senders: Senders,
}

/// How a process trusts.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum Trust {
    /// It hosts everything, and issues its own tokens from the key in its data directory.
    Own {},
    /// It was given a public key and a token.
    Given {
        /// File of the public key.
        auth_public_key: PathBuf,
        /// File of the token.
        service_token_file: PathBuf,
    },
}

/// The settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file cannot be read.
    #[error("{} cannot be read: {cause}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        cause: io::Error,
    },
    /// The file is not as it should be.
    #[error("{}: {problem}", path.display())]
    Toml {
        /// The file.
        path: PathBuf,
        /// What is wrong, with its line.
        problem: String,
    },
    /// A service does not exist.
    #[error("there is no service `{name}`; the services are {known}")]
    Service {
        /// What was written.
        name: String,
        /// Those there are.
        known: String,
    },
    /// A peer is not written as `NAME=URL`.
    #[error("`{written}` names no peer: write NAME=http://127.0.0.1:PORT")]
    Peer {
        /// What was written.
        written: String,
    },
    /// The shift of the clock is no duration.
    #[error("`{written}` is no duration: write it like 90m, -26h30m or -27072h")]
    ClockShift {
        /// What was written.
        written: String,
    },
    /// An address is not allowed.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// How messages leave the house is not said as it must be.
    #[error("{problem}")]
    Sender {
        /// What is wrong, and what to write.
        problem: &'static str,
    },
    /// A service was started alone without what it needs to trust anybody.
    #[error(
        "a service started alone needs --auth-public-key and --service-token-file: it never runs unauthenticated \
         (`matchday token init` makes the key, `matchday token issue --subject services/NAME --role service \
         --scope '*'` the token)"
    )]
    Untrusted,
    /// The database is none this program knows.
    #[error("`{written}` is no database: write postgres://USER@HOST:PORT/NAME, or leave it out for SQLite")]
    Database {
        /// What was written, without its password.
        written: String,
    },
}

impl Written {
    /// Adds what a TOML file says where flags and variables say nothing.
    ///
    /// # Errors
    /// [`SettingsError`] when the file cannot be read or holds something unknown.
    pub fn over_file(self, path: &Path) -> Result<Self, SettingsError> {
        let text =
            fs::read_to_string(path).map_err(|cause| SettingsError::File { path: path.to_owned(), cause })?;
        let file: Self = toml::from_str(&text)
            .map_err(|error| SettingsError::Toml { path: path.to_owned(), problem: error.to_string() })?;
        let or = |flags: Vec<String>, file| if flags.is_empty() { file } else { flags };
        Ok(Self {
            data: self.data.or(file.data),
            listen: self.listen.or(file.listen),
            service: or(self.service, file.service),
            database: self.database.or(file.database),
            peer: if self.peer.is_empty() { file.peer } else { self.peer },
            auth_public_key: self.auth_public_key.or(file.auth_public_key),
            service_token_file: self.service_token_file.or(file.service_token_file),
            log: self.log.or(file.log),
            log_format: self.log_format.or(file.log_format),
            no_notify: self.no_notify || file.no_notify,
            clock_shift: self.clock_shift.or(file.clock_shift),
            senders: self.senders.over(file.senders),
        })
    }

    /// Fills in the defaults and checks what is written against the services this program knows.
    ///
    /// # Errors
    /// [`SettingsError`]
    pub fn complete(self, known: &[&str]) -> Result<Settings, SettingsError> {
        let listen = self.listen.unwrap_or(LISTEN);
        address::check_listen(listen)?;
        for name in self.service.iter().chain(self.peer.iter().map(|peer| &peer.service)) {
            if !known.contains(&name.as_str()) {
                return Err(SettingsError::Service { name: name.clone(), known: known.join(", ") });
            }
        }
        let is_hosted = |name: &&&str| self.service.is_empty() || self.service.iter().any(|s| s == **name);
        let service: Vec<String> = known.iter().filter(is_hosted).map(ToString::to_string).collect();
        let trust = match (self.auth_public_key, self.service_token_file) {
            (Some(auth_public_key), Some(service_token_file)) => {
                Trust::Given { auth_public_key, service_token_file }
            }
            (None, None) if service.len() == known.len() => Trust::Own {},
            _ => return Err(SettingsError::Untrusted),
        };
        if let Some(url) = &self.database
            && !(url.starts_with("postgres://") || url.starts_with("postgresql://"))
        {
            return Err(SettingsError::Database { written: hide_password(url) });
        }
        Ok(Settings {
            data: self.data.unwrap_or_else(|| DATA.into()),
            listen,
            service,
            database: self.database,
            peer: self.peer,
            trust,
            log: self.log.unwrap_or_else(|| LOG.into()),
            log_format: self.log_format.unwrap_or_default(),
            no_notify: self.no_notify,
            clock_shift: self.clock_shift,
            senders: self.senders.complete()?,
        })
    }
}

impl Settings {
    /// The settings as TOML, as a file may hold them; passwords are hidden.
    ///
    /// # Errors
    /// [`toml::ser::Error`] when a path is no text.
    pub fn dump(&self) -> Result<String, toml::ser::Error> {
        toml::to_string(self)
    }
}

#[expect(clippy::ref_option, reason = "serde calls it so")]
fn without_password<S: serde::Serializer>(url: &Option<String>, serializer: S) -> Result<S::Ok, S::Error> {
    url.as_deref().map(hide_password).serialize(serializer)
}

/// Hides the password in `scheme://user:password@host` and in `?password=…`.
fn hide_password(url: &str) -> String {
    let (head, query) = url.split_once('?').unwrap_or((url, ""));
    let head = match head.split_once("://").and_then(|(scheme, rest)| Some((scheme, rest.rsplit_once('@')?)))
    {
        Some((scheme, (user, host))) => {
            let user = user.split_once(':').map_or(user.to_owned(), |(name, _)| format!("{name}:{HIDDEN}"));
            format!("{scheme}://{user}@{host}")
        }
        None => head.to_owned(),
    };
    let query: Vec<String> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| match pair.split_once('=') {
            Some((key, _)) if key.contains("password") => format!("{key}={HIDDEN}"),
            _ => pair.to_owned(),
        })
        .collect();
    if query.is_empty() { head } else { format!("{head}?{}", query.join("&")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 2] = ["scheduling", "venues"];

    #[test]
    fn nothing_written_hosts_everything_on_loopback() {
        let settings = Written::default().complete(&KNOWN).unwrap();
        assert_eq!(settings.service, KNOWN);
        assert!(settings.listen.ip().is_loopback());
        assert!(matches!(settings.trust, Trust::Own {}));
    }

    #[test]
    fn a_service_alone_needs_a_key_and_a_token() {
        let alone = Written { service: vec!["venues".into()], ..Written::default() };
        assert!(matches!(alone.clone().complete(&KNOWN), Err(SettingsError::Untrusted)));
        let half = Written { auth_public_key: Some("k".into()), ..alone.clone() };
        assert!(matches!(half.complete(&KNOWN), Err(SettingsError::Untrusted)));
        let whole =
            Written { auth_public_key: Some("k".into()), service_token_file: Some("t".into()), ..alone };
        assert!(matches!(whole.complete(&KNOWN).unwrap().trust, Trust::Given { .. }));
    }

    #[test]
    fn other_addresses_and_unknown_services_are_refused() {
        let listen = Written { listen: Some("0.0.0.0:1".parse().unwrap()), ..Written::default() };
        assert!(matches!(listen.complete(&KNOWN), Err(SettingsError::Address(_))));
        let service = Written { service: vec!["tickets".into()], ..Written::default() };
        assert!(matches!(service.complete(&KNOWN), Err(SettingsError::Service { .. })));
        assert!("venues=http://192.0.2.1:1".parse::<PeerAddress>().is_err());
        assert!("venues".parse::<PeerAddress>().is_err());
    }

    #[test]
    fn flags_win_over_the_file() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("matchday.toml");
        fs::write(&path, "data = \"file\"\nlog = \"debug\"\npeer = [\"venues=http://127.0.0.1:1\"]\n")
            .unwrap();
        let flags = Written { data: Some("flag".into()), ..Written::default() };
        let merged = flags.over_file(&path).unwrap();
        assert_eq!(merged.data, Some("flag".into()));
        assert_eq!(merged.log.as_deref(), Some("debug"));
        assert_eq!(merged.peer[0].service, "venues");
        fs::write(&path, "dta = \"typo\"\n").unwrap();
        let error = Written::default().over_file(&path).unwrap_err().to_string();
        assert!(error.contains("dta"), "{error}");
    }

    #[test]
    fn what_is_shown_can_be_a_file() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("matchday.toml");
        let written = Written {
            service: vec!["venues".into()],
            peer: vec!["scheduling=http://127.0.0.1:1".parse().unwrap()],
            auth_public_key: Some("k".into()),
            service_token_file: Some("t".into()),
            no_notify: true,
            clock_shift: Some("-26h 30m".parse().unwrap()),
            ..Written::default()
        };
        let shown = written.complete(&KNOWN).unwrap().dump().unwrap();
        fs::write(&path, &shown).unwrap();
        let again = Written::default().over_file(&path).unwrap().complete(&KNOWN).unwrap();
        assert_eq!(again.dump().unwrap(), shown);
    }

    #[test]
    fn a_clock_shift_is_a_duration() {
        let shift: ClockShift = "-26h30m".parse().unwrap();
        assert_eq!(shift.0, SignedDuration::from_mins(-26 * 60 - 30));
        let error = "yesterday".parse::<ClockShift>().unwrap_err().to_string();
        assert!(error.contains("yesterday"), "{error}");
    }

    #[test]
    fn secrets_are_not_shown() {
        for url in [
            "postgres://me:hunter2@localhost/x?sslmode=disable&password=hunter2",
            "postgres://me:hunt@er2@localhost/x",
            "postgresql://localhost/x?password=hunter2",
        ] {
            let written = Written { database: Some(url.into()), ..Written::default() };
            let shown = written.complete(&KNOWN).unwrap().dump().unwrap();
            assert!(!shown.contains("hunter2") && !shown.contains("er2@"), "{shown}");
            assert!(shown.contains("***"), "{shown}");
        }
        let wrong = Written { database: Some("mysql://me:hunter2@localhost/x".into()), ..Written::default() };
        let error = wrong.complete(&KNOWN).unwrap_err().to_string();
        assert!(!error.contains("hunter2"), "{error}");
    }
}
