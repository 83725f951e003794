//! Finds out who calls, from the token.

use std::sync::Arc;

use http::header::AUTHORIZATION;

use super::{Inner, Request, Response, Step, pass};
use crate::{Identity, Method, Rule, Verifier, status::fault_status, token::TokenError};

/// See the module.
#[derive(Clone)]
pub struct Authenticate {
    verifier: Arc<Verifier>,
}

impl Authenticate {
    /// An authentication layer with the installation's verifier.
    #[must_use]
    pub fn new(verifier: Arc<Verifier>) -> Self {
        Self { verifier }
    }
}

/// Finds out who sends an HTTP request, from its bearer token.
///
/// # Errors
/// [`TokenError`] when it carries none, or one that is not accepted.
pub fn identity(verifier: &Verifier, headers: &http::HeaderMap) -> Result<Arc<Identity>, TokenError> {
    let header = headers.get(AUTHORIZATION).ok_or(TokenError::Missing)?;
    let text = header.to_str().map_err(|_| TokenError::Invalid)?;
    let (scheme, token) = text.split_once(' ').ok_or(TokenError::Invalid)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(TokenError::Invalid);
    }
    verifier.verify(token.trim())
}

impl Step for Authenticate {
    async fn run<S: Inner>(&self, mut request: Request, inner: &S) -> Response {
        let method = request.extensions().get::<Arc<Method>>();
        if method.is_some_and(|method| method.rule == Rule::Public) {
            return pass(inner, request).await;
        }
        match identity(&self.verifier, request.headers()) {
            Ok(identity) => {
                // a handler that logs its request must not log the token
                if let Some(header) = request.headers_mut().get_mut(AUTHORIZATION) {
                    header.set_sensitive(true);
                }
                request.extensions_mut().insert(identity);
                pass(inner, request).await
            }
            Err(error) => fault_status(&error).into_http(),
        }
    }
}
