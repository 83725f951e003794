//! Lists that come in pages.

use tonic::Status;

use crate::failure::Failure;

/// Items asked for at once.
pub(crate) const PAGE_SIZE: i32 = 500;

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
