//! Which addresses a process may listen on and call: loopback alone, until calls are encrypted.

use std::net::{IpAddr, SocketAddr};

/// An address is not allowed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// It is not on this machine.
    #[error(
        "{address} is not a loopback address: tokens and names would travel unencrypted; \
         use 127.0.0.1 or [::1] until TLS is configured"
    )]
    NotLoopback {
        /// What was written.
        address: String,
    },
    /// It is no address.
    #[error("`{address}` is no address: write http://127.0.0.1:PORT")]
    Malformed {
        /// What was written.
        address: String,
    },
}

/// Refuses to listen anywhere but on loopback.
///
/// # Errors
/// [`AddressError::NotLoopback`]
pub fn check_listen(address: SocketAddr) -> Result<SocketAddr, AddressError> {
    if address.ip().is_loopback() {
        Ok(address)
    } else {
        Err(AddressError::NotLoopback { address: address.to_string() })
    }
}

/// Refuses to send a token anywhere but to loopback.
///
/// # Errors
/// [`AddressError`]
pub fn check_url(url: &str) -> Result<(), AddressError> {
    let malformed = || AddressError::Malformed { address: url.into() };
    let uri: http::Uri = url.parse().map_err(|_| malformed())?;
    if uri.scheme_str() != Some("http") {
        return Err(malformed());
    }
    let host = uri.host().ok_or_else(malformed)?;
    if is_loopback(host) { Ok(()) } else { Err(AddressError::NotLoopback { address: url.into() }) }
}

/// Whether the host of an address is this machine.
pub(crate) fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare == "localhost" || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_is_allowed_and_nothing_else() {
        for good in ["127.0.0.1:0", "127.8.8.8:1", "[::1]:7300"] {
            assert!(check_listen(good.parse().unwrap()).is_ok(), "{good}");
        }
        for wrong in ["0.0.0.0:7300", "[::]:7300", "192.0.2.1:7300"] {
            assert!(check_listen(wrong.parse().unwrap()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn tokens_are_sent_to_loopback_alone() {
        for good in ["http://127.0.0.1:7300", "http://[::1]:7300", "http://localhost:7300"] {
            assert!(check_url(good).is_ok(), "{good}");
        }
        for wrong in ["http://192.0.2.1:1", "http://localhost.example.com", "http://127.0.0.1.example.com:1"]
        {
            assert!(matches!(check_url(wrong), Err(AddressError::NotLoopback { .. })), "{wrong}");
        }
        for wrong in ["", "127.0.0.1:7300", "https://127.0.0.1:7300", "ftp://localhost"] {
            assert!(matches!(check_url(wrong), Err(AddressError::Malformed { .. })), "{wrong}");
        }
    }
}
