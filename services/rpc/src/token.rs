//! Tokens: JWTs signed with Ed25519. Only the issuer holds the private key; every service verifies.

use std::{collections::HashSet, sync::Arc};

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use matchday_api::common::v1::Permission;
use matchday_kernel::{Clock, ErrorKind, Fault, Instant};
use quick_cache::sync::Cache;
use serde::{Deserialize, Serialize};

use crate::{
    key::{self, KeyError},
    role::Grant,
};

/// Who issues the tokens, and for whom.
const ISSUER: &str = "matchday";
/// Verified tokens kept; a verification costs about 70 µs.
const CACHE: usize = 10_000;
/// A longer token is refused unread.
const MAX_LENGTH: usize = 8 * 1024;

/// What a token says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Claims {
    /// Who issued it: `matchday`.
    pub iss: String,
    /// Resource name of who holds it: `staff/administrator`, `services/venues`.
    pub sub: String,
    /// What the holder may do: `role@scope`.
    pub grants: Vec<String>,
    /// When it was issued, in seconds since 1970.
    pub iat: i64,
    /// From when on it is void, in seconds since 1970.
    pub exp: i64,
}

/// Who a verified token belongs to, and what it allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Resource name of the holder.
    pub subject: String,
    /// What the holder may do, where.
    pub grants: Vec<Grant>,
    /// From when on the token is void.
    pub expires: Instant,
}

impl Identity {
    /// Says whether a grant gives a permission on a resource.
    #[must_use]
    pub fn may(&self, permission: Permission, resource: &str) -> bool {
        self.grants.iter().any(|grant| grant.gives(permission, resource))
    }

    /// Says whether any grant holds a permission, wherever.
    #[must_use]
    pub fn holds(&self, permission: Permission) -> bool {
        self.grants.iter().any(|grant| grant.role.holds(permission))
    }
}

/// Why a token is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// The call carries none.
    #[error("the call carries no token: send `authorization: Bearer …` (`matchday token issue` makes one)")]
    Missing,
    /// It is no token of this installation, or was changed.
    #[error("the token is not valid here: it was made with another key, or changed")]
    Invalid,
    /// It is void by now.
    #[error("the token expired at {at}: issue a new one")]
    Expired {
        /// When it became void.
        at: Instant,
    },
}

impl Fault for TokenError {
    fn kind(&self) -> ErrorKind {
        ErrorKind::Unauthenticated
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Missing => "TOKEN_MISSING",
            Self::Invalid => "TOKEN_INVALID",
            Self::Expired { .. } => "TOKEN_EXPIRED",
        }
    }
}

/// Issues tokens; holds the private key.
pub struct Issuer {
    key: EncodingKey,
}

impl Issuer {
    /// Takes a private key in PEM format.
    ///
    /// # Errors
    /// [`KeyError`] when it is none.
    pub fn new(private_pem: &str) -> Result<Self, KeyError> {
        Ok(Self { key: key::signing(private_pem)? })
    }

    /// Issues a token that is valid from `now` until `expires`, in whole seconds.
    ///
    /// # Errors
    /// [`KeyError`] when the key cannot sign.
    pub fn issue(
        &self,
        subject: &str,
        grants: &[Grant],
        now: Instant,
        expires: Instant,
    ) -> Result<String, KeyError> {
        let claims = Claims {
            iss: ISSUER.into(),
            sub: subject.into(),
            grants: grants.iter().map(ToString::to_string).collect(),
            iat: now.as_micros().div_euclid(1_000_000),
            exp: expires.as_micros().div_euclid(1_000_000),
        };
        jsonwebtoken::encode(&Header::new(Algorithm::EdDSA), &claims, &self.key)
            .map_err(|_| KeyError { what: "private key" })
    }
}

/// Verifies tokens with the public key, and remembers those it has verified until they expire.
pub struct Verifier {
    key: DecodingKey,
    validation: Validation,
    clock: Clock,
    verified: Cache<String, Arc<Identity>>,
}

impl Verifier {
    /// Takes a public key in PEM format and the clock that decides what has expired.
    ///
    /// # Errors
    /// [`KeyError`] when it is none.
    pub fn new(public_pem: &str, clock: Clock) -> Result<Self, KeyError> {
        let mut validation = Validation::new(Algorithm::EdDSA);
        // expiry is checked below, against the injected clock
        validation.validate_exp = false;
        validation.required_spec_claims = HashSet::new();
        validation.set_issuer(&[ISSUER]);
        Ok(Self { key: key::verifying(public_pem)?, validation, clock, verified: Cache::new(CACHE) })
    }

    /// Says who a token belongs to.
    ///
    /// # Errors
    /// [`TokenError`] when it is not valid here or has expired.
    pub fn verify(&self, token: &str) -> Result<Arc<Identity>, TokenError> {
        let identity = match self.verified.get(token) {
            Some(identity) => identity,
            None => self.decode(token)?,
        };
        if self.clock.now() < identity.expires {
            Ok(identity)
        } else {
            self.verified.remove(token);
            Err(TokenError::Expired { at: identity.expires })
        }
    }

    fn decode(&self, token: &str) -> Result<Arc<Identity>, TokenError> {
        if token.len() > MAX_LENGTH {
            return Err(TokenError::Invalid);
        }
        let claims = jsonwebtoken::decode::<Claims>(token, &self.key, &self.validation)
            .map_err(|_| TokenError::Invalid)?
            .claims;
        let grants: Result<Vec<Grant>, _> = claims.grants.iter().map(|grant| grant.parse()).collect();
        let micros = claims.exp.checked_mul(1_000_000).ok_or(TokenError::Invalid)?;
        let identity = Arc::new(Identity {
            subject: claims.sub,
            grants: grants.map_err(|_| TokenError::Invalid)?,
            expires: Instant::from_micros(micros).map_err(|_| TokenError::Invalid)?,
        });
        self.verified.insert(token.to_owned(), identity.clone());
        Ok(identity)
    }
}

#[cfg(test)]
mod tests {
    use matchday_kernel::{ManualClock, SignedDuration};
    use ring::rand::SystemRandom;

    use super::*;
    use crate::key::KeyPem;

    #[expect(clippy::disallowed_methods, reason = "a key pair of a test may be any")]
    fn keys() -> KeyPem {
        KeyPem::generate(&SystemRandom::new()).unwrap()
    }

    fn clock() -> ManualClock {
        ManualClock::new("2023-10-21T12:00:00Z".parse().unwrap())
    }

    fn token(keys: &KeyPem, now: Instant) -> String {
        let grants = ["viewer@*".parse().unwrap()];
        let expires = now.saturating_add(SignedDuration::from_secs(60));
        Issuer::new(&keys.private).unwrap().issue("staff/li", &grants, now, expires).unwrap()
    }

    #[test]
    fn a_token_is_accepted_until_it_expires() {
        let (keys, clock) = (keys(), clock());
        let verifier = Verifier::new(&keys.public, clock.clock()).unwrap();
        let token = token(&keys, clock.now());
        assert_eq!(verifier.verify(&token).unwrap().subject, "staff/li");
        clock.advance(SignedDuration::from_secs(59));
        assert!(verifier.verify(&token).is_ok());
        clock.advance(SignedDuration::from_secs(1));
        // from the cache first, then decoded anew
        for _ in 0..2 {
            assert!(matches!(verifier.verify(&token), Err(TokenError::Expired { .. })));
        }
    }

    #[test]
    fn a_token_of_another_key_or_a_changed_one_is_refused() {
        let (ours, theirs, clock) = (keys(), keys(), clock());
        let verifier = Verifier::new(&ours.public, clock.clock()).unwrap();
        assert_eq!(verifier.verify(&token(&theirs, clock.now())), Err(TokenError::Invalid));
        let good = token(&ours, clock.now());
        let (head, signature) = good.rsplit_once('.').unwrap();
        let (header, _) = head.split_once('.').unwrap();
        let forged = token(&theirs, clock.now());
        let body = forged.split('.').nth(1).unwrap();
        let changed = format!("{header}.{}x.{signature}", &body[..body.len() - 1]);
        for wrong in [changed, "a.b.c".into(), String::new(), "x".repeat(MAX_LENGTH + 1)] {
            assert_eq!(verifier.verify(&wrong), Err(TokenError::Invalid));
        }
    }

    #[test]
    fn an_unsigned_token_is_refused() {
        let (keys, clock) = (keys(), clock());
        let verifier = Verifier::new(&keys.public, clock.clock()).unwrap();
        let good = token(&keys, clock.now());
        let body = good.split('.').nth(1).unwrap();
        // {"typ":"JWT","alg":"none"}
        let unsigned = format!("eyJ0eXAiOiJKV1QiLCJhbGciOiJub25lIn0.{body}.");
        assert_eq!(verifier.verify(&unsigned), Err(TokenError::Invalid));
    }

    #[test]
    fn keys_are_pem_files_that_can_be_read_back() {
        let keys = keys();
        assert_eq!(KeyPem::from_private(&keys.private).unwrap().public, keys.public);
        assert!(KeyPem::from_private("no key").is_err());
        assert!(Issuer::new(&keys.public).is_err());
        assert!(Verifier::new(&keys.private, clock().clock()).is_err());
    }
}
