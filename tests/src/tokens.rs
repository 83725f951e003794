//! Tokens for any role and scope.

use std::path::{Path, PathBuf};

use matchday_kernel::{Clock, SignedDuration};
use matchday_rpc::{Credentials, Peer};
use matchday_runtime::keys::{self, Keys, write_secret};

/// How long a token lasts.
pub const LIFETIME: SignedDuration = SignedDuration::from_hours(1);

/// The keys of an installation of a test, in a directory that becomes its data directory.
pub struct Tokens {
    keys: Keys,
    directory: PathBuf,
}

impl Tokens {
    /// Makes the keys.
    ///
    /// # Panics
    /// When the directory cannot be written.
    #[must_use]
    pub fn new(directory: &Path, clock: Clock) -> Self {
        Self {
            keys: Keys::open_or_make(directory, clock).expect("a directory that can be written"),
            directory: directory.to_owned(),
        }
    }

    /// A token of one grant, such as `viewer@sites/jinjiang`.
    ///
    /// # Panics
    /// When the grant is not written correctly.
    #[must_use]
    pub fn token(&self, subject: &str, grant: &str) -> String {
        let grant = grant.parse().expect("a grant of the test");
        self.keys.issue(subject, &[grant], LIFETIME).expect("the key signs")
    }

    /// A peer that calls with a token of one grant, as `staff/li`.
    ///
    /// # Panics
    /// When the grant is not written correctly.
    #[must_use]
    pub fn on(&self, peer: Peer, grant: &str) -> Peer {
        self.on_behalf(peer, "staff/li", grant)
    }

    /// A peer that calls with a token of one grant, as somebody else.
    ///
    /// # Panics
    /// When the grant is not written correctly.
    #[must_use]
    pub fn on_behalf(&self, peer: Peer, subject: &str, grant: &str) -> Peer {
        let credentials = Credentials::token(&self.token(subject, grant));
        credentials.expect("a token is ASCII").on(peer)
    }

    /// File of the public key.
    #[must_use]
    pub fn public_key(&self) -> PathBuf {
        self.directory.join(keys::PUBLIC_KEY)
    }

    /// Writes the token of a service to a file.
    ///
    /// # Panics
    /// When it cannot be written.
    #[must_use]
    pub fn service_file(&self, service: &str) -> PathBuf {
        let path = self.directory.join(format!("{service}.token"));
        let token = self.token(&format!("services/{service}"), "service@*");
        write_secret(&path, &token).expect("a directory that can be written");
        path
    }
}
