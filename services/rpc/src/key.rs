//! Ed25519 keys as PEM files, and the signature code behind the tokens.

use std::sync::Once;

use jsonwebtoken::{
    Algorithm, AlgorithmFamily, DecodingKey, EncodingKey,
    crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils},
    errors::{ErrorKind, Result as JwtResult},
};
use ring::{
    rand::SecureRandom,
    signature::{ED25519, Ed25519KeyPair, KeyPair, VerificationAlgorithm},
};
use signature::{Error as SignatureError, Signer, Verifier as SignatureVerifier};

/// What stands before the 32 bytes of an Ed25519 public key in a `SubjectPublicKeyInfo` (RFC 8410, §4).
const SPKI_PREFIX: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// A key cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the {what} is no Ed25519 key in PEM format")]
pub struct KeyError {
    /// Which key.
    pub what: &'static str,
}

/// A pair of keys as the texts of two PEM files.
#[derive(Clone)]
pub struct KeyPem {
    /// PKCS#8; secret.
    pub private: String,
    /// `SubjectPublicKeyInfo`.
    pub public: String,
}

impl KeyPem {
    /// Makes a new pair.
    ///
    /// # Errors
    /// [`KeyError`] when the source of randomness fails.
    pub fn generate(random: &dyn SecureRandom) -> Result<Self, KeyError> {
        let pkcs8 =
            Ed25519KeyPair::generate_pkcs8(random).map_err(|_| KeyError { what: "new private key" })?;
        Self::from_pkcs8(pkcs8.as_ref())
    }

    /// Reads a private key and works out its public key.
    ///
    /// # Errors
    /// [`KeyError`] when the text is no Ed25519 private key.
    pub fn from_private(private: &str) -> Result<Self, KeyError> {
        let parsed = pem::parse(private).map_err(|_| KeyError { what: "private key" })?;
        Self::from_pkcs8(parsed.contents())
    }

    fn from_pkcs8(pkcs8: &[u8]) -> Result<Self, KeyError> {
        let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(pkcs8)
            .map_err(|_| KeyError { what: "private key" })?;
        let public = [&SPKI_PREFIX, pair.public_key().as_ref()].concat();
        Ok(Self {
            private: pem::encode(&pem::Pem::new("PRIVATE KEY", pkcs8)),
            public: pem::encode(&pem::Pem::new("PUBLIC KEY", public)),
        })
    }
}

/// Reads a private key for signing.
pub(crate) fn signing(private: &str) -> Result<EncodingKey, KeyError> {
    install();
    EncodingKey::from_ed_pem(private.as_bytes()).map_err(|_| KeyError { what: "private key" })
}

/// Reads a public key for verifying.
pub(crate) fn verifying(public: &str) -> Result<DecodingKey, KeyError> {
    install();
    DecodingKey::from_ed_pem(public.as_bytes()).map_err(|_| KeyError { what: "public key" })
}

/// Gives the token library its signature code: ring, for Ed25519 alone. The library's own choices bring
/// RSA and elliptic curves nobody here uses, or a second C library beside the one TLS will bring.
fn install() {
    static PROVIDER: CryptoProvider = CryptoProvider {
        signer_factory: |algorithm, key| Ok(Box::new(Ed25519Signer::new(*algorithm, key)?)),
        verifier_factory: |algorithm, key| Ok(Box::new(Ed25519Verifier::new(*algorithm, key)?)),
        key_utils: KeyUtils::new_unimplemented(),
    };
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        if PROVIDER.install_default().is_err() {
            tracing::debug!("another signature provider was installed before");
        }
    });
}

struct Ed25519Signer(Ed25519KeyPair);

impl Ed25519Signer {
    fn new(algorithm: Algorithm, key: &EncodingKey) -> JwtResult<Self> {
        if algorithm != Algorithm::EdDSA || key.family() != AlgorithmFamily::Ed {
            return Err(ErrorKind::InvalidAlgorithm.into());
        }
        Ed25519KeyPair::from_pkcs8_maybe_unchecked(key.as_bytes())
            .map(Self)
            .map_err(|_| ErrorKind::InvalidEddsaKey.into())
    }
}

impl Signer<Vec<u8>> for Ed25519Signer {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, SignatureError> {
        Ok(self.0.sign(message).as_ref().to_vec())
    }
}

impl JwtSigner for Ed25519Signer {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}

struct Ed25519Verifier(DecodingKey);

impl Ed25519Verifier {
    fn new(algorithm: Algorithm, key: &DecodingKey) -> JwtResult<Self> {
        if algorithm != Algorithm::EdDSA || key.family() != AlgorithmFamily::Ed {
            return Err(ErrorKind::InvalidAlgorithm.into());
        }
        Ok(Self(key.clone()))
    }
}

impl SignatureVerifier<Vec<u8>> for Ed25519Verifier {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), SignatureError> {
        let key = self.0.try_get_as_bytes().map_err(SignatureError::from_source)?;
        ED25519
            .verify(key.into(), message.into(), signature.as_slice().into())
            .map_err(|_| SignatureError::new())
    }
}

impl JwtVerifier for Ed25519Verifier {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}
