//! A counter that says nothing while people pass: found by how many it saw at these hours on other days.

use super::reading::{Day, Slot};

/// People expected in a run of empty slots from which on the counter is held to have been silent. Were people to pass
/// one by one by chance, a run as empty would come once in 22,000 times.
const EXPECTED_AT_LEAST: f64 = 10.0;
/// Days from which on the hours of a counter are known.
const DAYS_AT_LEAST: usize = 5;
/// Days that are remembered: what was usual longer ago is not what is usual now.
const DAYS_AT_MOST: usize = 40;

/// What a counter missed while it was silent.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Missed {
    /// Slots in which it was silent.
    pub slots: usize,
    /// People who probably came in.
    pub entries: f64,
    /// People who probably went out.
    pub exits: f64,
}

/// What a counter usually sees at which hour.
#[derive(Clone, Debug, Default)]
pub struct Hours {
    days: Vec<Day>,
}

impl Hours {
    /// Learns from a day that has ended. Silent ones too: a place whose hours changed is not silent for ever.
    pub fn learn(&mut self, day: Day) {
        if self.days.len() == DAYS_AT_MOST {
            self.days.remove(0);
        }
        self.days.push(day);
    }

    /// What was missed in the slots in which the counter was silent.
    #[must_use]
    pub fn missed(&self, day: &Day) -> Missed {
        let mut missed = Missed::default();
        if self.days.len() < DAYS_AT_LEAST {
            return missed;
        }
        let mut at = 0;
        for run in day.slots.chunk_by(|one, next| one.is_empty() == next.is_empty()) {
            let from = at;
            at += run.len();
            if !run[0].is_empty() {
                continue;
            }
            let entries = self.usual(from..at, |slot| slot.entries);
            let exits = self.usual(from..at, |slot| slot.exits);
            if entries + exits >= EXPECTED_AT_LEAST {
                missed.slots += run.len();
                missed.entries += entries;
                missed.exits += exits;
            }
        }
        missed
    }

    /// What is usually counted in a range of slots.
    fn usual(&self, slots: std::ops::Range<usize>, of: impl Fn(&Slot) -> u32) -> f64 {
        let of_day = |day: &Day| -> u32 { day.slots.iter().take(slots.end).skip(slots.start).map(&of).sum() };
        let sum: f64 = self.days.iter().map(|day| f64::from(of_day(day))).sum();
        #[expect(clippy::cast_precision_loss, reason = "at most 40 days")]
        let days = self.days.len() as f64;
        sum / days
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(counts: &[u32]) -> Day {
        Day { slots: counts.iter().map(|&count| Slot { entries: count, exits: count / 2 }).collect() }
    }

    fn hours() -> Hours {
        let mut hours = Hours::default();
        for _ in 0..6 {
            hours.learn(day(&[0, 0, 20, 30, 10, 4, 0]));
        }
        hours
    }

    #[test]
    fn a_counter_that_dies_at_a_busy_hour_missed_what_is_usual_from_then_on() {
        let missed = hours().missed(&day(&[0, 0, 22, 0, 0, 0, 0]));
        assert_eq!(missed, Missed { slots: 4, entries: 44.0, exits: 22.0 });
    }

    #[test]
    fn a_quiet_night_is_no_silence_and_neither_is_a_day_like_the_others() {
        assert_eq!(hours().missed(&day(&[0, 0, 22, 31, 9, 0, 0])), Missed::default());
        assert_eq!(hours().missed(&day(&[0, 0, 22, 31, 9, 4, 0])), Missed::default());
    }

    #[test]
    fn of_a_counter_that_nobody_knows_nothing_is_said() {
        assert_eq!(Hours::default().missed(&day(&[0, 0, 0])), Missed::default());
    }

    #[test]
    fn hours_that_changed_become_usual() {
        let mut hours = hours();
        for _ in 0..DAYS_AT_MOST {
            hours.learn(day(&[0, 0, 20, 0, 0, 0, 0]));
        }
        assert_eq!(hours.missed(&day(&[0, 0, 22, 0, 0, 0, 0])), Missed::default());
    }
}
