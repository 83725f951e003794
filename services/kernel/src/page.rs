//! Pages of long lists: how many items were asked for, and where the next page begins.

use std::fmt;

/// The error of a page size below zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the page size {written} is negative: write 0 for the default of 50, or 1 to 1000")]
pub struct PageSizeError {
    /// What was written.
    pub written: i32,
}

/// How many items a page may hold: 1 to 1000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PageSize(u16);

impl PageSize {
    /// The size of a page when none is asked for.
    pub const DEFAULT: Self = Self(50);
    /// The largest page.
    pub const MAX: Self = Self(1000);

    /// Reads the size that was asked for: 0 is the default, and more than the largest is the largest.
    ///
    /// # Errors
    /// A negative size.
    pub fn new(written: i32) -> Result<Self, PageSizeError> {
        match written {
            0 => Ok(Self::DEFAULT),
            ..0 => Err(PageSizeError { written }),
            _ => Ok(u16::try_from(written).map_or(Self::MAX, |size| Self(size).min(Self::MAX))),
        }
    }

    /// The number of items.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0
    }
}

impl Default for PageSize {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl TryFrom<i32> for PageSize {
    type Error = PageSizeError;

    fn try_from(written: i32) -> Result<Self, PageSizeError> {
        Self::new(written)
    }
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The items, in the order of the list.
    pub items: Vec<T>,
    /// The key of the last item when more follow it; `None` on the last page.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// Makes a page of items read one beyond its size: the one too many only tells that more follow.
    #[must_use]
    pub fn cut(mut items: Vec<T>, size: PageSize, key: impl FnOnce(&T) -> String) -> Self {
        let size = usize::from(size.get());
        let more_follow = items.len() > size;
        items.truncate(size);
        let next = if more_follow { items.last().map(key) } else { None };
        Self { items, next }
    }

    /// The same page of other items.
    #[must_use]
    pub fn map<U>(self, each: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(each).collect(), next: self.next }
    }
}

/// The place of an item in a list by time and then by name: what a page of it ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimeKey<'a> {
    /// The time in microseconds since 1970.
    pub micros: i64,
    /// Name of the item.
    pub name: &'a str,
}

impl<'a> TimeKey<'a> {
    /// Before every item.
    const FIRST: Self = Self { micros: i64::MIN, name: "" };

    /// Reads where a page goes on. The key comes from outside: without one, or with one that cannot be read, the
    /// list begins at its beginning.
    #[must_use]
    pub fn after(key: Option<&'a str>) -> Self {
        let read = |key: &'a str| {
            let (micros, name) = key.split_once(' ')?;
            Some(Self { micros: micros.parse().ok()?, name })
        };
        key.and_then(read).unwrap_or(Self::FIRST)
    }
}

impl fmt::Display for TimeKey<'_> {
    /// Prints what [`TimeKey::after`] reads.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.micros, self.name)
    }
}
