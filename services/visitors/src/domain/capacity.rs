//! How many people may be inside for a session: the figures, which of them governs, and whether there is room.
//!
//! Two figures are never mixed: the *public*, which the permit counts, and *everyone*.

/// A number of people that is near a limit, as a share of it in percent.
const YELLOW: i64 = 80;
/// Nearer.
const ORANGE: i64 = 90;
/// Reached.
const RED: i64 = 100;

/// The number the permit allows, and which permit says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approved {
    /// People of the public who may be inside at once.
    pub number: i64,
    /// Reference of the permit.
    pub permit: String,
}

/// The figures of an opening; what nobody said is `None` and limits nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// What the permit allows.
    pub approved: Option<Approved>,
    /// What the entrances let in within their time.
    pub entry: Option<i64>,
    /// What the place holds.
    pub holding: Option<i64>,
    /// What the exits let out within their time.
    pub exit: Option<i64>,
    /// Who can be brought to safety within their time.
    pub emergency: Option<i64>,
    /// Everybody who may be inside at once, whoever they are.
    pub everyone: Option<i64>,
    /// Up to so many of the public a supervisor may let in.
    pub safe_limit: Option<i64>,
}

/// Why figures are not taken over.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// More would be approved than before, by the same permit.
    #[error(
        "would let in {} of the public where the permit {permit} approves {before}: name the permit that approves more",
        wanted.map_or_else(|| "any number".to_owned(), |wanted| wanted.to_string())
    )]
    PermitMissing {
        /// The number before.
        before: i64,
        /// The number wanted; `None` takes the limit away.
        wanted: Option<i64>,
        /// The permit of before.
        permit: String,
    },
    /// A figure would go up, and who sets it does not answer for that.
    #[error(
        "would let in more by the figure {figure:?} than before: figures are lowered by who runs the gates, and raised \
         by a gate supervisor alone"
    )]
    SupervisorMissing {
        /// The figure.
        figure: &'static str,
    },
    /// A supervisor wants more than is declared safe.
    #[error("lets in at most {most} of the public by override, not {wanted}: that is what is declared safe")]
    AboveSafeLimit {
        /// At most so many.
        most: i64,
        /// The number wanted.
        wanted: i64,
    },
    /// No limit was declared safe, or nothing limits the public.
    #[error(
        "has no limit that is declared safe, so nothing can be raised: set it with the other figures first"
    )]
    NoSafeLimit,
    /// The number is no more than the figures allow already.
    #[error(
        "lets in {governing} of the public already, {wanted} raises nothing: set the figures to let in fewer"
    )]
    NotHigher {
        /// What the figures allow.
        governing: i64,
        /// The number wanted.
        wanted: i64,
    },
}

impl Limits {
    /// The lowest figure of the public; `None` when nothing limits it.
    #[must_use]
    pub fn governing(&self) -> Option<i64> {
        let approved = self.approved.as_ref().map(|approved| approved.number);
        [approved, self.entry, self.holding, self.exit, self.emergency].into_iter().flatten().min()
    }

    /// These figures in place of others; `may_raise` says whether who sets them answers for higher ones.
    ///
    /// # Errors
    /// [`Refusal::PermitMissing`], [`Refusal::SupervisorMissing`]
    pub fn after(self, before: &Self, may_raise: bool) -> Result<Self, Refusal> {
        let figures = [
            ("entry", before.entry, self.entry),
            ("holding", before.holding, self.holding),
            ("exit", before.exit, self.exit),
            ("emergency", before.emergency, self.emergency),
            ("everyone", before.everyone, self.everyone),
        ];
        let goes_up = |before: Option<i64>, wanted: Option<i64>| {
            before.is_some_and(|before| wanted.is_none_or(|wanted| wanted > before))
        };
        let raised = figures.into_iter().find(|(_, before, wanted)| goes_up(*before, *wanted));
        let raised = raised.map(|(figure, ..)| figure);
        // of this one the absent one is the lowest: nothing can be raised without it
        let safe_goes_up = before.safe_limit.is_some() && self.safe_limit > before.safe_limit;
        let raised = raised.or_else(|| safe_goes_up.then_some("safe limit"));
        if let Some(figure) = raised.filter(|_| !may_raise) {
            return Err(Refusal::SupervisorMissing { figure });
        }
        let Some(Approved { number, permit }) = &before.approved else {
            return Ok(self);
        };
        let wanted = self.approved.as_ref();
        let is_more = wanted.is_none_or(|wanted| wanted.number > *number);
        let is_same_permit = wanted.is_none_or(|wanted| wanted.permit == *permit);
        if is_more && is_same_permit {
            let wanted = wanted.map(|wanted| wanted.number);
            return Err(Refusal::PermitMissing { before: *number, wanted, permit: permit.clone() });
        }
        Ok(self)
    }

    /// The number a supervisor raises the lowest figure to.
    ///
    /// # Errors
    /// [`Refusal::NoSafeLimit`], [`Refusal::AboveSafeLimit`] and [`Refusal::NotHigher`]
    pub fn raised_to(&self, wanted: i64) -> Result<i64, Refusal> {
        let (Some(approved), Some(safe), Some(governing)) =
            (&self.approved, self.safe_limit, self.governing())
        else {
            return Err(Refusal::NoSafeLimit);
        };
        let most = safe.min(approved.number);
        if wanted > most {
            return Err(Refusal::AboveSafeLimit { most, wanted });
        }
        if wanted <= governing { Err(Refusal::NotHigher { governing, wanted }) } else { Ok(wanted) }
    }
}

/// How near a limit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// Far away.
    Green,
    /// From 80 % on.
    Yellow,
    /// From 90 % on.
    Orange,
    /// Reached.
    Red,
}

/// Who is inside and what limits it, as it is counted along with the scans.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filling {
    /// People of the public who may be inside; `None` without a limit.
    pub public_limit: Option<i64>,
    /// Everybody who may be inside; `None` without a limit.
    pub everyone_limit: Option<i64>,
    /// People inside whom the permit counts.
    pub public: i64,
    /// Everybody inside.
    pub everyone: i64,
    /// Places of offline quotas that are not accounted for: whoever takes one may be of the public.
    pub held: i64,
}

impl Filling {
    /// So many people more, of the public or not; fewer when negative.
    #[must_use]
    pub const fn with(self, is_public: bool, people: i64) -> Self {
        let public = if is_public { self.public + people } else { self.public };
        Self { public, everyone: self.everyone + people, ..self }
    }

    /// Each limit with what counts against it.
    fn against(self) -> [(Option<i64>, i64); 2] {
        [(self.public_limit, self.public + self.held), (self.everyone_limit, self.everyone + self.held)]
    }

    /// Places that are free for anybody; `None` without a limit, negative when a limit is passed.
    #[must_use]
    pub fn room(self) -> Option<i64> {
        self.against().into_iter().filter_map(|(limit, people)| Some(limit? - people)).min()
    }

    /// Whether one more may enter, of the public or not.
    #[must_use]
    pub fn admits(self, is_public: bool) -> bool {
        let [public, everyone] = self.against();
        let is_free = |(limit, people): (Option<i64>, i64)| limit.is_none_or(|limit| people < limit);
        (!is_public || is_free(public)) && is_free(everyone)
    }

    /// The nearer limit with what counts against it; `None` without one.
    #[must_use]
    pub fn nearer(self) -> Option<(i64, i64)> {
        let limited = self.against().into_iter().filter_map(|(limit, people)| Some((limit?, people)));
        // a limit of nobody is reached by nobody
        limited.max_by_key(|(limit, people)| {
            if *limit > 0 { i128::from(*people) * 1_000_000 / i128::from(*limit) } else { i128::MAX }
        })
    }

    /// How near the nearer limit is; `None` without one.
    #[must_use]
    pub fn tier(self) -> Option<Tier> {
        let tier = |(limit, people): (Option<i64>, i64)| {
            let limit = limit?;
            Some(match people * 100 {
                share if share >= limit * RED => Tier::Red,
                share if share >= limit * ORANGE => Tier::Orange,
                share if share >= limit * YELLOW => Tier::Yellow,
                _ => Tier::Green,
            })
        };
        self.against().into_iter().filter_map(tier).max()
    }
}

/// Whether a limit has been reached, and the moment at which that is to be told: when it begins, and again only
/// after it was clearly over. Around a limit people come and go one by one.
#[must_use]
pub fn reached(was_reached: bool, tier: Option<Tier>) -> (bool, bool) {
    match tier {
        Some(Tier::Red) => (true, !was_reached),
        Some(Tier::Orange) => (was_reached, false),
        _ => (false, false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn approved(number: i64, permit: &str) -> Approved {
        Approved { number, permit: permit.into() }
    }

    fn limits() -> Limits {
        Limits {
            approved: Some(approved(8000, "P-1")),
            entry: Some(7500),
            exit: Some(7000),
            safe_limit: Some(7600),
            ..Limits::default()
        }
    }

    #[test]
    fn the_lowest_figure_governs_and_everyone_is_none_of_them() {
        assert_eq!(Limits::default().governing(), None);
        assert_eq!(limits().governing(), Some(7000));
        assert_eq!(Limits { everyone: Some(10), ..Limits::default() }.governing(), None);
    }

    #[test]
    fn more_is_approved_only_by_another_permit() {
        let wanted = |approved| Limits { approved, ..limits() }.after(&limits(), true);
        assert!(wanted(Some(approved(8000, "P-1"))).is_ok());
        assert!(wanted(Some(approved(5000, "P-1"))).is_ok());
        assert!(wanted(Some(approved(9000, "P-2"))).is_ok());
        let refusal = wanted(Some(approved(8001, "P-1"))).unwrap_err();
        assert!(refusal.to_string().contains("8001 of the public where the permit P-1 approves 8000"));
        assert!(wanted(None).unwrap_err().to_string().contains("any number"));
        assert!(limits().after(&Limits::default(), false).is_ok());
    }

    #[test]
    fn a_supervisor_raises_up_to_what_is_safe_and_approved() {
        assert_eq!(limits().raised_to(7600), Ok(7600));
        assert_eq!(limits().raised_to(7601), Err(Refusal::AboveSafeLimit { most: 7600, wanted: 7601 }));
        assert_eq!(limits().raised_to(7000), Err(Refusal::NotHigher { governing: 7000, wanted: 7000 }));
        let careless = Limits { safe_limit: Some(9000), ..limits() };
        assert_eq!(careless.raised_to(8001), Err(Refusal::AboveSafeLimit { most: 8000, wanted: 8001 }));
        let unsafe_one = Limits { safe_limit: None, ..limits() };
        assert_eq!(unsafe_one.raised_to(7100), Err(Refusal::NoSafeLimit));
    }

    #[test]
    fn the_public_and_everyone_have_a_limit_each() {
        let filling =
            Filling { public_limit: Some(3), everyone_limit: Some(5), public: 2, everyone: 3, held: 1 };
        assert!(!filling.admits(true), "the place of the quota is taken");
        assert!(filling.admits(false), "staff is not of the public");
        assert!(!filling.with(false, 1).admits(false));
        assert_eq!(filling.room(), Some(0));
        assert_eq!(filling.with(true, 2).room(), Some(-2));
        assert!(Filling { public: 9, everyone: 9, ..Filling::default() }.admits(true));
        assert_eq!(Filling::default().room(), None);
    }

    #[test]
    fn the_tier_is_the_share_of_the_nearer_limit() {
        let tier = |public, everyone| {
            let limits = Filling { public_limit: Some(10), everyone_limit: Some(100), ..Filling::default() };
            Filling { public, everyone, ..limits }.tier()
        };
        let shares = [(7, 7, Tier::Green), (8, 8, Tier::Yellow), (9, 9, Tier::Orange), (10, 10, Tier::Red)];
        for (public, everyone, wanted) in shares {
            assert_eq!(tier(public, everyone), Some(wanted));
        }
        assert_eq!(tier(0, 95), Some(Tier::Orange));
        assert_eq!(Filling::default().tier(), None);
        let closed = Filling { public_limit: Some(0), ..Filling::default() };
        assert_eq!((closed.tier(), closed.admits(true)), (Some(Tier::Red), false));
    }

    #[test]
    fn the_nearer_limit_is_the_one_with_less_of_it_left() {
        let filling =
            Filling { public_limit: Some(10), everyone_limit: Some(100), public: 8, everyone: 79, held: 1 };
        assert_eq!(filling.nearer(), Some((10, 9)));
        assert_eq!(Filling { everyone: 95, ..filling }.nearer(), Some((100, 96)));
        assert_eq!(Filling { public_limit: Some(0), ..filling }.nearer(), Some((0, 9)));
        assert_eq!(Filling::default().nearer(), None);
    }

    #[test]
    fn that_a_limit_is_reached_is_told_when_it_begins() {
        assert_eq!(reached(false, Some(Tier::Red)), (true, true));
        assert_eq!(reached(true, Some(Tier::Red)), (true, false));
        assert_eq!(reached(true, Some(Tier::Orange)), (true, false));
        assert_eq!(reached(true, Some(Tier::Yellow)), (false, false));
        assert_eq!(reached(false, None), (false, false));
    }
}
