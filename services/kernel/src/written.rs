//! What errors repeat of the text they refuse.

/// The text, cut after 200 characters: errors travel in headers and logs, which a long text would burst.
pub(crate) fn written(text: &str) -> String {
    const SHOWN: usize = 200;
    match text.char_indices().nth(SHOWN) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text.to_owned(),
    }
}
