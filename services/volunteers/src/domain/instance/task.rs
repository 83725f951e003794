//! What a roster is made for, and what of the assignments it looks at.

use std::collections::BTreeSet;

use matchday_kernel::Instant;

use super::Posted;

/// What a roster is made for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Purpose {
    /// Open seats are filled, and nobody moves.
    #[default]
    Fill,
    /// What is broken is mended; who has not begun may move, at a price.
    Repair,
    /// What is only proposed is decided once more.
    Regenerate,
}

/// What a roster is made for, and which shifts it may touch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Task {
    /// What for.
    pub purpose: Purpose,
    /// Only shifts that end after this.
    pub from: Option<Instant>,
    /// Only shifts that start before this.
    pub until: Option<Instant>,
    /// Only shifts of these posts; none given means all.
    pub posts: Vec<String>,
}

/// How assignments stand beside what holds a person: each as names of shift and volunteer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// No roster moves them.
    pub pinned: BTreeSet<(String, String)>,
    /// The schedule has broken them.
    pub broken: BTreeSet<(String, String)>,
    /// Declined, withdrawn, or the person did not come.
    pub vacated: BTreeSet<(String, String)>,
}

impl Task {
    /// Whether it may touch a shift.
    pub(super) fn touches(&self, posted: &Posted) -> bool {
        let time = &posted.shift.time;
        !posted.is_closed
            && self.from.is_none_or(|from| time.end() > from)
            && self.until.is_none_or(|until| time.start() < until)
            && (self.posts.is_empty() || self.posts.contains(&posted.post))
    }
}
