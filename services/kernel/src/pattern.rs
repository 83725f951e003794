//! Patterns such as `sites/{site}/venues/{venue}`, and the macro that makes a typed name of one.

use crate::{NameError, Slug};

/// The form of a resource name: collections and `{variables}` in turn, each variable a [`Slug`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pattern(&'static str);

impl Pattern {
    /// The pattern of a resource at the top, such as `sites/{site}`.
    #[must_use]
    pub const fn top(text: &'static str) -> Self {
        Self(text)
    }

    /// The pattern of a resource within another, such as `sites/{site}/venues/{venue}`.
    ///
    /// # Panics
    /// When `text` does not continue the parent's pattern. In a constant, where patterns belong, that is
    /// an error of the compiler.
    #[must_use]
    pub const fn under(parent: Self, text: &'static str) -> Self {
        assert!(
            continues(parent.0.as_bytes(), text.as_bytes()),
            "the pattern does not continue its parent's"
        );
        Self(text)
    }

    /// The pattern as text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }

    /// Checks that a text has this form.
    ///
    /// # Errors
    /// Names the first segment that differs.
    pub fn check(self, written: &str) -> Result<(), NameError> {
        match self.problem(written) {
            Some(problem) => Err(NameError::new(written, self.0, problem)),
            None => Ok(()),
        }
    }

    /// The text of the name with this id: the parent's text, the collection and the id.
    #[must_use]
    pub fn name(self, parent: Option<&str>, id: &Slug) -> String {
        let collection = self.0.rsplit('/').nth(1).unwrap_or_default();
        match parent {
            Some(parent) => format!("{parent}/{collection}/{id}"),
            None => format!("{collection}/{id}"),
        }
    }

    fn problem(self, written: &str) -> Option<String> {
        if written.is_empty() {
            return Some("nothing is written".to_owned());
        }
        let expected_count = self.0.split('/').count();
        let written_count = written.split('/').count();
        if written_count != expected_count {
            return Some(format!("{expected_count} segments are expected in place of {written_count}"));
        }
        let mut segments = self.0.split('/').zip(written.split('/'));
        segments.find_map(|(expected, segment)| segment_problem(expected, segment))
    }
}

fn segment_problem(expected: &str, segment: &str) -> Option<String> {
    match expected.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
        Some(variable) => Slug::problem(segment).map(|problem| format!("the {variable} {problem}")),
        None if segment == expected => None,
        None => Some(format!("{expected:?} is expected in place of {segment:?}")),
    }
}

/// Whether `child` is `parent`, a slash and something more.
const fn continues(parent: &[u8], child: &[u8]) -> bool {
    if child.len() <= parent.len() + 1 || child[parent.len()] != b'/' {
        return false;
    }
    let mut at = 0;
    while at < parent.len() {
        if parent[at] != child[at] {
            return false;
        }
        at += 1;
    }
    true
}

/// Makes the type of a resource's name from its pattern.
///
/// ```
/// use matchday_kernel::{SiteName, resource_name};
///
/// resource_name! {
///     /// A shop of a site.
///     ShopName under SiteName = "sites/{site}/shops/{shop}"
/// }
///
/// let shop: ShopName = "sites/jinjiang/shops/fan-shop".parse()?;
/// assert_eq!(shop.id(), "fan-shop");
/// assert_eq!(shop.parent().as_str(), "sites/jinjiang");
/// assert_eq!(ShopName::new(&shop.parent(), "fan-shop".parse()?), shop);
/// # Ok::<(), matchday_kernel::NameError>(())
/// ```
///
/// A resource at the top has no `under` and no `parent()`: `SiteName = "sites/{site}"`.
#[macro_export]
macro_rules! resource_name {
    ($(#[$doc:meta])* $name:ident = $pattern:literal) => {
        $crate::resource_name!(@type $(#[$doc])* $name, $pattern, $crate::Pattern::top($pattern));

        impl $name {
            /// The name with this id.
            #[must_use]
            pub fn new(id: $crate::Slug) -> Self {
                Self(Self::PATTERN.name(None, &id))
            }
        }
    };
    ($(#[$doc:meta])* $name:ident under $parent:ident = $pattern:literal) => {
        $crate::resource_name!(
            @type $(#[$doc])* $name, $pattern, $crate::Pattern::under($parent::PATTERN, $pattern)
        );

        impl $name {
            /// The name with this id within its parent.
            #[must_use]
            pub fn new(parent: &$parent, id: $crate::Slug) -> Self {
                Self(Self::PATTERN.name(Some(parent.as_str()), &id))
            }

            /// The name of the resource that this one belongs to.
            #[must_use]
            pub fn parent(&self) -> $parent {
                let text = self.0.rsplitn(3, '/').nth(2).unwrap_or_default();
                text.parse().expect("a name continues its parent's pattern, which the compiler has checked")
            }
        }
    };
    (@type $(#[$doc:meta])* $name:ident, $text:literal, $pattern:expr) => {
        $(#[$doc])*
        #[doc = concat!("\n\nWritten `", $text, "`.")]
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The form of this name.
            pub const PATTERN: $crate::Pattern = $pattern;

            /// The whole name as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The last segment of the name.
            #[must_use]
            pub fn id(&self) -> &str {
                self.0.rsplit('/').next().unwrap_or_default()
            }
        }

        impl ::std::convert::TryFrom<String> for $name {
            type Error = $crate::NameError;

            fn try_from(text: String) -> ::std::result::Result<Self, $crate::NameError> {
                Self::PATTERN.check(&text)?;
                Ok(Self(text))
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::NameError;

            fn from_str(text: &str) -> ::std::result::Result<Self, $crate::NameError> {
                Self::try_from(text.to_owned())
            }
        }

        impl ::std::convert::From<$name> for String {
            fn from(name: $name) -> Self {
                name.0
            }
        }

        impl ::std::convert::AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}
