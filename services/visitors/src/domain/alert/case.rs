//! What an alert goes through, from being raised until it is over.

use matchday_kernel::{Instant, SignedDuration};

use super::{Level, duty::Chain};

/// Longest shelf: a shift. Assumed.
pub const LONGEST_SHELF: SignedDuration = SignedDuration::from_hours(8);

/// That somebody has seen an alert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// When it was said.
    pub at: Instant,
    /// Who said it.
    pub by: String,
}

/// That an alert is set aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shelf {
    /// Until when.
    pub until: Instant,
    /// Why.
    pub reason: String,
}

/// An alert that was raised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Its level; of one that is over the last.
    pub level: Level,
    /// When it was raised.
    pub raised: Instant,
    /// Since when it has this level.
    pub level_since: Instant,
    /// That somebody has seen it.
    pub seen: Option<Seen>,
    /// That it is set aside; never at the highest level.
    pub shelf: Option<Shelf>,
    /// Since when the present holder has had to say that it was seen.
    pub told_since: Instant,
    /// How often it was escalated.
    pub escalations: usize,
    /// When it was over.
    pub cleared: Option<Instant>,
}

/// A step of an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It was raised.
    Raised,
    /// It reached a higher level than this.
    LevelRaised(Level),
    /// It fell to a lower level than this.
    LevelLowered(Level),
    /// Somebody has seen it.
    Acknowledged,
    /// It was set aside.
    Shelved,
    /// It was taken up again.
    Unshelved,
    /// The next holder is told.
    Escalated,
    /// It is over.
    Cleared,
}

/// Why an alert stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It is over.
    #[error("is cleared: what it was about is over, and there is nothing to do")]
    Over,
    /// The highest level is never set aside.
    #[error("is red, and the highest level is never shelved: acknowledge it, and act")]
    Top,
    /// The shelf ends too soon or too late.
    #[error("can be shelved until a time in the future, at most eight hours ahead")]
    End,
}

impl Case {
    /// An alert that is raised now.
    #[must_use]
    pub fn raised(level: Level, at: Instant) -> Self {
        Self {
            level,
            raised: at,
            level_since: at,
            seen: None,
            shelf: None,
            told_since: at,
            escalations: 0,
            cleared: None,
        }
    }

    /// Follows the level its measures have now, and the time; and what happened to it by that. Holders have so long as the
    /// chain says, or `patience`.
    #[must_use]
    pub fn follow(
        mut self,
        level: Option<Level>,
        at: Instant,
        chain: &Chain,
        patience: SignedDuration,
    ) -> (Self, Vec<Step>) {
        let mut steps = Vec::new();
        if self.cleared.is_some() {
            return (self, steps);
        }
        let Some(level) = level else {
            steps.push(Step::Cleared);
            return (Self { cleared: Some(at), shelf: None, ..self }, steps);
        };
        let before = self.level;
        if level != before {
            (self.level, self.level_since) = (level, at);
        }
        if level > before {
            // what somebody has seen was not as bad as this
            (self.seen, self.told_since) = (None, at);
            steps.push(Step::LevelRaised(before));
        } else if level < before {
            steps.push(Step::LevelLowered(before));
        }
        if self.shelf.as_ref().is_some_and(|shelf| shelf.until <= at || level > before || level == Level::TOP)
        {
            self = self.taken_up(at);
            steps.push(Step::Unshelved);
        }
        let is_waiting = self.seen.is_none() && self.shelf.is_none();
        let is_late = |patience| at.since(self.told_since) >= patience;
        if is_waiting && chain.patience(self.escalations, patience).is_some_and(is_late) {
            self.escalations += 1;
            self.told_since = at;
            steps.push(Step::Escalated);
        }
        (self, steps)
    }

    /// Somebody says that it was seen; `None` when somebody did before. It takes the alert off its shelf.
    ///
    /// # Errors
    /// [`Refusal::Over`]
    pub fn acknowledge(self, by: &str, at: Instant) -> Result<(Self, Option<Step>), Refusal> {
        if self.cleared.is_some() {
            return Err(Refusal::Over);
        }
        if self.seen.is_some() && self.shelf.is_none() {
            return Ok((self, None));
        }
        let seen = Some(Seen { at, by: by.to_owned() });
        Ok((Self { seen, shelf: None, ..self }, Some(Step::Acknowledged)))
    }

    /// Sets it aside.
    ///
    /// # Errors
    /// [`Refusal`]
    pub fn shelve(self, until: Instant, reason: &str, at: Instant) -> Result<(Self, Step), Refusal> {
        if self.cleared.is_some() {
            return Err(Refusal::Over);
        }
        if self.level == Level::TOP {
            return Err(Refusal::Top);
        }
        if until <= at || until.since(at) > LONGEST_SHELF {
            return Err(Refusal::End);
        }
        let aside = Shelf { until, reason: reason.to_owned() };
        Ok((Self { shelf: Some(aside), ..self }, Step::Shelved))
    }

    /// Takes it up again; `None` when it is not set aside.
    ///
    /// # Errors
    /// [`Refusal::Over`]
    pub fn unshelve(self, at: Instant) -> Result<(Self, Option<Step>), Refusal> {
        if self.cleared.is_some() {
            return Err(Refusal::Over);
        }
        if self.shelf.is_none() { Ok((self, None)) } else { Ok((self.taken_up(at), Some(Step::Unshelved))) }
    }

    fn taken_up(self, at: Instant) -> Self {
        Self { shelf: None, seen: None, told_since: at, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::duty::Holder, *};
    use proptest::prelude::*;

    const PATIENCE: SignedDuration = SignedDuration::from_mins(5);

    fn minute(minutes: i64) -> Instant {
        Instant::from_micros(1_700_000_000_000_000)
            .unwrap()
            .saturating_add(SignedDuration::from_mins(minutes))
    }

    fn chain() -> Chain {
        let holder = |title: &str| Holder { title: title.into(), escalate_after: None };
        Chain(vec![holder("stand"), holder("venue"), holder("centre")])
    }

    fn follow(case: Case, level: Option<Level>, minutes: i64) -> (Case, Vec<Step>) {
        case.follow(level, minute(minutes), &chain(), PATIENCE)
    }

    #[test]
    fn what_nobody_has_seen_goes_up_the_chain_and_stays_at_its_end() {
        let case = Case::raised(Level::Orange, minute(0));
        let (case, steps) = follow(case, Some(Level::Orange), 4);
        assert_eq!((steps, case.escalations), (vec![], 0));
        let (case, steps) = follow(case, Some(Level::Orange), 5);
        assert_eq!((steps, case.escalations), (vec![Step::Escalated], 1));
        let (case, _) = follow(case, Some(Level::Orange), 10);
        let (case, steps) = follow(case, Some(Level::Orange), 60);
        assert_eq!((steps, case.escalations), (vec![], 2), "nobody is above the centre");
    }

    #[test]
    fn what_somebody_has_seen_rests_until_it_gets_worse() {
        let case = Case::raised(Level::Yellow, minute(0));
        let (case, step) = case.acknowledge("staff/li", minute(1)).unwrap();
        assert_eq!(step, Some(Step::Acknowledged));
        assert_eq!(case.clone().acknowledge("staff/wu", minute(2)), Ok((case.clone(), None)));
        let (case, steps) = follow(case, Some(Level::Yellow), 60);
        assert_eq!(steps, []);
        let (case, steps) = follow(case, Some(Level::Orange), 61);
        assert_eq!((steps, case.seen.clone()), (vec![Step::LevelRaised(Level::Yellow)], None));
        let (case, steps) = follow(case, Some(Level::Yellow), 62);
        assert_eq!(steps, [Step::LevelLowered(Level::Orange)]);
        let (case, steps) = follow(case, None, 63);
        assert_eq!((steps, case.cleared), (vec![Step::Cleared], Some(minute(63))));
        assert_eq!(case.clone().acknowledge("staff/li", minute(64)), Err(Refusal::Over));
        assert_eq!(follow(case.clone(), Some(Level::Red), 65), (case, vec![]), "another one is raised");
    }

    #[test]
    fn a_shelf_ends_at_its_time_and_at_every_higher_level() {
        let yellow = Case::raised(Level::Yellow, minute(0));
        let (shelved, _) = yellow.shelve(minute(30), "work at the stand", minute(1)).unwrap();
        let (worse, steps) = follow(shelved, Some(Level::Orange), 10);
        assert_eq!((steps, worse.shelf), (vec![Step::LevelRaised(Level::Yellow), Step::Unshelved], None));
        let case = Case::raised(Level::Orange, minute(0));
        let (shelved, _) = case.shelve(minute(30), "work at the stand", minute(1)).unwrap();
        let (shelved, steps) = follow(shelved, Some(Level::Orange), 29);
        assert_eq!(steps, [], "it does not escalate meanwhile");
        let (case, steps) = follow(shelved.clone(), Some(Level::Orange), 30);
        assert_eq!((steps, case.shelf), (vec![Step::Unshelved], None));
        let (case, steps) = follow(shelved.clone(), Some(Level::Red), 29);
        assert_eq!(steps, [Step::LevelRaised(Level::Orange), Step::Unshelved]);
        assert_eq!(case.shelve(minute(40), "too loud", minute(30)), Err(Refusal::Top));
        for until in [minute(0), minute(1), minute(1 + 8 * 60 + 1)] {
            let case = Case::raised(Level::Yellow, minute(0));
            assert_eq!(case.shelve(until, "why", minute(1)), Err(Refusal::End));
        }
        assert_eq!(shelved.unshelve(minute(2)).unwrap().1, Some(Step::Unshelved));
    }

    /// What somebody, time or the crowd does.
    #[derive(Clone, Debug)]
    enum Act {
        Measure(Option<Level>),
        Acknowledge,
        Shelve(i64),
        Unshelve,
    }

    fn act() -> impl Strategy<Value = Act> {
        let level = prop::option::weighted(0.95, prop::sample::select(Level::ALL.to_vec()));
        prop_oneof![
            level.prop_map(Act::Measure),
            Just(Act::Acknowledge),
            (-5i64..600).prop_map(Act::Shelve),
            Just(Act::Unshelve),
        ]
    }

    proptest! {
        #[test]
        fn the_highest_level_is_never_suppressed_and_nothing_open_is_lost(
            acts in prop::collection::vec((act(), 0i64..20), 1..80),
        ) {
            let mut case = Case::raised(Level::Yellow, minute(0));
            let mut at = 0;
            for (act, wait) in acts {
                at += wait;
                let (was_open, now) = (case.cleared.is_none(), minute(at));
                let is_over = matches!(act, Act::Measure(None));
                case = match act {
                    Act::Measure(level) => follow(case, level, at).0,
                    Act::Acknowledge => case.clone().acknowledge("staff/li", now).map_or(case, |(case, _)| case),
                    Act::Shelve(minutes) => {
                        case.clone().shelve(minute(at + minutes), "why", now).map_or(case, |(case, _)| case)
                    }
                    Act::Unshelve => case.clone().unshelve(now).map_or(case, |(case, _)| case),
                };
                prop_assert!(!(case.level == Level::TOP && case.shelf.is_some()), "{case:?}");
                prop_assert!(case.cleared.is_none() || !was_open || is_over, "only its measures clear it");
                prop_assert!(case.escalations < chain().0.len());
            }
        }
    }
}
