//! The key and the tokens of an installation, in its data directory, readable to the owner alone.

use std::{
    fs, io,
    io::Write,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use http::HeaderValue;
use matchday_kernel::{Clock, Instant, Scope, SignedDuration};
use matchday_rpc::{
    Credentials, Grant, Issuer, Role, Verifier,
    key::{KeyError, KeyPem},
};

use matchday_store::DataDirectory;

use crate::{HostError, ambient};

/// The private key.
pub const PRIVATE_KEY: &str = "issuer.key.pem";
/// The public key, to give to services started alone.
pub const PUBLIC_KEY: &str = "issuer.pub.pem";
/// The administrator's token, which the command line finds.
pub const ADMIN_TOKEN: &str = "admin.token";

const DAY: SignedDuration = SignedDuration::from_hours(24);
/// How long the administrator's token lasts.
const ADMIN_LIFETIME: SignedDuration = SignedDuration::from_hours(24 * 365);
/// The administrator's token is renewed at a start when less than this is left.
const ADMIN_MARGIN: SignedDuration = SignedDuration::from_hours(24 * 30);

/// A key or a token cannot be read or made.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// A file cannot be read or written.
    #[error("{} cannot be used: {cause}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        cause: io::Error,
    },
    /// A file holds no key.
    #[error("{}: {cause}", path.display())]
    Key {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        #[source]
        cause: KeyError,
    },
    /// A token file holds what cannot be sent.
    #[error("{} holds no token", path.display())]
    Token {
        /// The file.
        path: PathBuf,
    },
}

/// The keys of an installation that issues its own tokens.
pub struct Keys {
    issuer: Arc<Issuer>,
    public: String,
    clock: Clock,
}

impl Keys {
    /// Opens the keys in a data directory; makes them, and the administrator's token, on the first start.
    /// The caller holds the directory's lock.
    ///
    /// # Errors
    /// [`KeysError`]
    pub fn open_or_make(directory: &Path, clock: Clock) -> Result<Self, KeysError> {
        let path = directory.join(PRIVATE_KEY);
        if !exists(&path)? {
            let made = KeyPem::generate(&ambient::secure_random())
                .map_err(|cause| KeysError::Key { path: path.clone(), cause })?;
            write_secret(&path, &made.private)?;
        }
        let keys = Self::open(directory, clock)?;
        write_secret(&directory.join(PUBLIC_KEY), &keys.public)?;
        keys.renew_admin_token(&directory.join(ADMIN_TOKEN))?;
        Ok(keys)
    }

    /// Opens the keys in a data directory, to issue tokens beside a running process.
    ///
    /// # Errors
    /// [`KeysError`] when there are none.
    pub fn open(directory: &Path, clock: Clock) -> Result<Self, KeysError> {
        let path = directory.join(PRIVATE_KEY);
        let key_error = |cause| KeysError::Key { path: path.clone(), cause };
        let keys = KeyPem::from_private(&read(&path)?).map_err(key_error)?;
        let issuer = Arc::new(Issuer::new(&keys.private).map_err(key_error)?);
        Ok(Self { issuer, public: keys.public, clock })
    }

    /// Verifies the tokens of this installation.
    ///
    /// # Errors
    /// [`KeyError`] when the key cannot verify.
    pub fn verifier(&self) -> Result<Verifier, KeyError> {
        Verifier::new(&self.public, self.clock.clone())
    }

    /// Issues a token that lasts for a while from now.
    ///
    /// # Errors
    /// [`KeyError`] when the key cannot sign.
    pub fn issue(&self, subject: &str, grants: &[Grant], lasts: SignedDuration) -> Result<String, KeyError> {
        let now = self.clock.now();
        self.issuer.issue(subject, grants, now, now.saturating_add(lasts))
    }

    /// The credentials of the services of this process: a token for a day, renewed when it is half used.
    #[must_use]
    pub fn service_credentials(&self, subject: &str) -> Credentials {
        let (issuer, clock, subject) = (self.issuer.clone(), self.clock.clone(), subject.to_owned());
        let kept: Mutex<Option<(HeaderValue, Instant)>> = Mutex::new(None);
        Credentials::renewed(move || {
            let now = clock.now();
            let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((token, renew)) = kept.as_ref()
                && now < *renew
            {
                return Some(token.clone());
            }
            let grants = [everywhere(Role::Service)];
            let token = issuer.issue(&subject, &grants, now, now.saturating_add(DAY)).ok()?;
            let mut value = HeaderValue::try_from(format!("Bearer {token}")).ok()?;
            value.set_sensitive(true);
            *kept = Some((value.clone(), now.saturating_add(DAY / 2)));
            Some(value)
        })
    }

    fn renew_admin_token(&self, path: &Path) -> Result<(), KeysError> {
        let key_error = |cause| KeysError::Key { path: path.to_owned(), cause };
        let verifier = self.verifier().map_err(key_error)?;
        let enough = self.clock.now().saturating_add(ADMIN_MARGIN);
        let still_good = exists(path)?
            && verifier.verify(read(path)?.trim()).is_ok_and(|identity| identity.expires > enough);
        if still_good {
            return Ok(());
        }
        let grants = [everywhere(Role::Administrator)];
        let token = self.issue("staff/administrator", &grants, ADMIN_LIFETIME).map_err(key_error)?;
        write_secret(path, &token)
    }
}

/// Makes the keys and the administrator's token of an installation without serving, for services that run
/// apart; keys that are there stay.
///
/// # Errors
/// [`HostError`] when the directory is in use or cannot be written.
pub fn init(directory: &Path, clock: Clock) -> Result<(), HostError> {
    let directory = DataDirectory::lock(directory)?;
    Keys::open_or_make(directory.path(), clock)?;
    Ok(())
}

/// The verifier of a service that was started alone, from the public key it was given.
///
/// # Errors
/// [`KeysError`]
pub fn verifier_from(path: &Path, clock: Clock) -> Result<Verifier, KeysError> {
    Verifier::new(&read(path)?, clock).map_err(|cause| KeysError::Key { path: path.to_owned(), cause })
}

/// The credentials in a token file.
///
/// # Errors
/// [`KeysError`]
pub fn credentials_from(path: &Path) -> Result<Credentials, KeysError> {
    let text = read(path)?;
    let token = text.trim();
    if token.is_empty() {
        return Err(KeysError::Token { path: path.to_owned() });
    }
    Credentials::token(token).map_err(|_| KeysError::Token { path: path.to_owned() })
}

fn everywhere(role: Role) -> Grant {
    Grant { role, scope: Scope::everything() }
}

fn exists(path: &Path) -> Result<bool, KeysError> {
    path.try_exists().map_err(|cause| KeysError::File { path: path.to_owned(), cause })
}

fn read(path: &Path) -> Result<String, KeysError> {
    fs::read_to_string(path).map_err(|cause| KeysError::File { path: path.to_owned(), cause })
}

/// Writes a file whole or not at all, readable to its owner alone from its first byte on.
///
/// # Errors
/// [`KeysError::File`]
pub fn write_secret(path: &Path, text: &str) -> Result<(), KeysError> {
    let write = || -> io::Result<()> {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(".new");
        let temporary = path.with_file_name(name);
        if temporary.try_exists()? {
            fs::remove_file(&temporary)?;
        }
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&temporary)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&temporary, path)
    };
    write().map_err(|cause| KeysError::File { path: path.to_owned(), cause })
}
