//! Lists that come in pages, and imports that go in one piece.

use prost::Message;
use tonic::Status;

use crate::failure::Failure;

/// Items asked for at once.
pub(crate) const PAGE_SIZE: i32 = 500;

/// Largest import of people or tickets, in bytes: what the contract lets the server take.
const LARGEST: usize = 64 * 1024 * 1024;

/// Refuses an import that no server would take, before it is sent.
///
/// # Errors
/// [`Failure`] that says how large it is.
pub(crate) fn check_size(import: &impl Message) -> Result<(), Failure> {
    check_size_of(import, LARGEST)
}

/// Refuses an import that is larger than so many bytes, which the contract lets the server take of its kind.
///
/// # Errors
/// [`Failure`] that says how large it is.
pub(crate) fn check_size_of(import: &impl Message, largest: usize) -> Result<(), Failure> {
    let size = import.encoded_len();
    if size <= largest {
        return Ok(());
    }
    let (mib, largest) = (size.div_ceil(1024 * 1024), largest / 1024 / 1024);
    Err(Failure::input(format!("{mib} MiB are more than the {largest} MiB of one import"))
        .with_hint("import the file in parts"))
}

/// Asks for page after page until the last: `page` is given the token of the page, and returns its items and
/// the token of the next, which is empty after the last.
///
/// # Errors
/// [`Failure`] when a page is refused.
pub(crate) async fn all<T>(
    page: impl AsyncFn(String) -> Result<(Vec<T>, String), Status>,
) -> Result<Vec<T>, Failure> {
    let mut items = Vec::new();
    let mut token = String::new();
    loop {
        let (more, next) = page(token).await?;
        items.extend(more);
        if next.is_empty() {
            return Ok(items);
        }
        token = next;
    }
}

#[cfg(test)]
mod tests {
    use matchday_api::visitors::v1::ImportCredentialsRequest;

    use super::*;

    #[test]
    fn an_import_that_no_server_takes_is_refused_before_it_is_sent() {
        let import = |length| ImportCredentialsRequest {
            parent: "x".repeat(length),
            ..ImportCredentialsRequest::default()
        };
        assert!(check_size(&import(LARGEST - 16)).is_ok());
        let said = check_size(&import(LARGEST)).unwrap_err().to_string();
        assert_eq!(
            said,
            "error: 65 MiB are more than the 64 MiB of one import\nhint: import the file in parts"
        );
    }
}
