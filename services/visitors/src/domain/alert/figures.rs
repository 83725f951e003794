//! How good the alarms are: the figures of ISA-18.2 (rules: S, prosys.com and tagsight.io). An alarm is an alert that is
//! raised, or raised to a higher level.

use std::collections::{BTreeMap, BTreeSet};

use matchday_kernel::{Instant, SignedDuration};

use super::{Cause, Level};

/// Windows that alarms are counted in follow each other from the start.
pub const WINDOW: SignedDuration = SignedDuration::from_mins(10);
/// A flood begins with a window of more alarms.
const FLOOD_ABOVE: usize = 10;
/// It ends with a window of fewer.
const FLOOD_BELOW: usize = 5;
/// An alert that is open for longer is stale.
const STALE_AFTER: SignedDuration = SignedDuration::from_hours(24);
/// So many alarms of one cause and subject within [`CHATTER`] chatter.
const CHATTERING: usize = 3;
const CHATTER: SignedDuration = SignedDuration::from_mins(1);
/// Subjects that are listed.
const LISTED: usize = 10;

/// A step as far as the figures look at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// An alarm of a level.
    Alarm(Level),
    /// Somebody has seen it.
    Acknowledged,
    /// The next holder was told.
    Escalated,
}

/// A step of an alert, of some alert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marked {
    /// Number of the alert.
    pub alert: i64,
    /// When.
    pub at: Instant,
    /// Its cause.
    pub cause: Cause,
    /// Its subject.
    pub subject: String,
    /// What happened.
    pub mark: Mark,
}

/// How many alarms came from one cause and subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frequent {
    /// The cause.
    pub cause: Cause,
    /// The subject.
    pub subject: String,
    /// Alarms.
    pub alarms: usize,
}

/// The figures of a stretch of time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figures {
    /// Alarms.
    pub alarms: usize,
    /// Alarms in a window, on average.
    pub average: f64,
    /// Most alarms in a window.
    pub peak: usize,
    /// When that window began.
    pub peak_at: Option<Instant>,
    /// Share of the windows in flood, 0 to 1.
    pub flood_share: f64,
    /// Floods.
    pub floods: usize,
    /// Alerts open at the end for too long.
    pub stale: usize,
    /// Alarms of each level, rising.
    pub levels: [usize; 3],
    /// Causes and subjects that chatter, most alarms first.
    pub chattering: Vec<Frequent>,
    /// Causes and subjects with most alarms.
    pub most_frequent: Vec<Frequent>,
    /// Alarms that were acknowledged.
    pub acknowledged: usize,
    /// Half of them within so long.
    pub median: Option<SignedDuration>,
    /// Nine of ten of them within so long.
    pub ninth_decile: Option<SignedDuration>,
    /// Escalations.
    pub escalations: usize,
}

/// Measures the alarms between two times. `marks` are in order of time; `open` are the times since when the alerts that are
/// open at the end have been.
#[must_use]
pub fn figures(from: Instant, until: Instant, marks: &[Marked], open: &[Instant]) -> Figures {
    let mut figures = Figures {
        stale: open.iter().filter(|raised| until.since(**raised) > STALE_AFTER).count(),
        ..Figures::default()
    };
    let mut waiting: BTreeMap<i64, Instant> = BTreeMap::new();
    let mut waited = Vec::new();
    let mut of_subject: BTreeMap<(Cause, &str), Vec<Instant>> = BTreeMap::new();
    for marked in marks.iter().filter(|one| (from..until).contains(&one.at)) {
        match marked.mark {
            Mark::Alarm(level) => {
                figures.alarms += 1;
                figures.levels[level as usize] += 1;
                of_subject.entry((marked.cause, &marked.subject)).or_default().push(marked.at);
                waiting.entry(marked.alert).or_insert(marked.at);
            }
            Mark::Acknowledged => waited.extend(waiting.remove(&marked.alert).map(|at| marked.at.since(at))),
            Mark::Escalated => figures.escalations += 1,
        }
    }
    windows(&mut figures, from, until, of_subject.values().flatten());
    waited.sort();
    figures.acknowledged = waited.len();
    figures.median = quantile(&waited, 1, 2);
    figures.ninth_decile = quantile(&waited, 9, 10);
    let frequent = |chatters: bool| {
        let subjects = of_subject.iter().filter(|(_, times)| !chatters || is_chattering(times));
        let mut found: Vec<Frequent> = subjects
            .map(|((cause, subject), times)| Frequent {
                cause: *cause,
                subject: (*subject).to_owned(),
                alarms: times.len(),
            })
            .collect();
        found.sort_by_key(|one| std::cmp::Reverse(one.alarms));
        found.truncate(LISTED);
        found
    };
    (figures.chattering, figures.most_frequent) = (frequent(true), frequent(false));
    figures
}

/// The figures of ten minutes: average, peak and floods.
#[expect(clippy::cast_precision_loss, reason = "windows of a month, and alarms in it")]
fn windows<'a>(
    figures: &mut Figures,
    from: Instant,
    until: Instant,
    alarms: impl Iterator<Item = &'a Instant>,
) {
    let window = |at: Instant| at.since(from).as_micros() / WINDOW.as_micros();
    // a time that ends with a window has no part of the next one
    let count = if until > from { (until.since(from).as_micros() - 1) / WINDOW.as_micros() + 1 } else { 0 };
    let mut counts: BTreeMap<i128, usize> = BTreeMap::new();
    alarms.for_each(|at| *counts.entry(window(*at)).or_default() += 1);
    for (number, alarms) in &counts {
        if *alarms > figures.peak {
            figures.peak = *alarms;
            let after = i64::try_from(number * WINDOW.as_micros()).unwrap_or_default();
            figures.peak_at = Some(from.saturating_add(SignedDuration::from_micros(after)));
        }
    }
    // a flood lasts over windows with some alarms; one without any ends it
    let mut flooded = BTreeSet::new();
    for (number, alarms) in &counts {
        let goes_on = flooded.contains(&(number - 1)) && *alarms >= FLOOD_BELOW;
        if *alarms > FLOOD_ABOVE || goes_on {
            figures.floods += usize::from(!flooded.contains(&(number - 1)));
            flooded.insert(*number);
        }
    }
    if count > 0 {
        figures.flood_share = flooded.len() as f64 / count as f64;
        let minutes = until.since(from).as_secs_f64() / WINDOW.as_secs_f64();
        figures.average = figures.alarms as f64 / minutes;
    }
}

fn is_chattering(times: &[Instant]) -> bool {
    times.windows(CHATTERING).any(|some| some[CHATTERING - 1].since(some[0]) <= CHATTER)
}

/// The smallest of some values that at least `part` of `whole` of them do not pass.
fn quantile(sorted: &[SignedDuration], part: usize, whole: usize) -> Option<SignedDuration> {
    sorted.get((sorted.len() * part).div_ceil(whole).checked_sub(1)?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn second(seconds: i64) -> Instant {
        Instant::from_micros(1_700_000_000_000_000)
            .unwrap()
            .saturating_add(SignedDuration::from_secs(seconds))
    }

    fn marked(alert: i64, seconds: i64, mark: Mark) -> Marked {
        let subject = format!("zone-{alert}");
        Marked { alert, at: second(seconds), cause: Cause::Density, subject, mark }
    }

    fn alarms(many: i64, first: i64) -> Vec<Marked> {
        (0..many).map(|alert| marked(alert, first + alert, Mark::Alarm(Level::Yellow))).collect()
    }

    #[test]
    fn a_flood_begins_above_ten_and_ends_below_five() {
        let marks = [alarms(11, 0), alarms(5, 600), alarms(4, 1_200), alarms(6, 1_800)].concat();
        let found = figures(second(0), second(6_000), &marks, &[]);
        assert_eq!((found.alarms, found.peak, found.peak_at), (26, 11, Some(second(0))));
        assert!((found.average - 2.6).abs() < 1e-9);
        assert_eq!((found.floods, found.flood_share), (1, 0.2), "two of ten windows");
        assert_eq!(figures(second(0), second(6_000), &alarms(10, 0), &[]).floods, 0);
    }

    #[test]
    fn what_is_seen_is_timed_and_what_comes_again_chatters() {
        let marks = [
            marked(1, 0, Mark::Alarm(Level::Orange)),
            marked(1, 20, Mark::Alarm(Level::Red)),
            marked(1, 60, Mark::Alarm(Level::Red)),
            marked(1, 90, Mark::Acknowledged),
            marked(2, 100, Mark::Alarm(Level::Yellow)),
            marked(2, 110, Mark::Escalated),
            marked(2, 130, Mark::Acknowledged),
        ];
        let found = figures(second(0), second(600), &marks, &[second(-90_000), second(-100)]);
        assert_eq!((found.acknowledged, found.median), (2, Some(SignedDuration::from_secs(30))));
        assert_eq!(found.ninth_decile, Some(SignedDuration::from_secs(90)));
        assert_eq!((found.levels, found.stale, found.escalations), ([1, 1, 2], 1, 1));
        let chattering: Vec<&str> = found.chattering.iter().map(|one| one.subject.as_str()).collect();
        assert_eq!((chattering, found.most_frequent.len()), (vec!["zone-1"], 2));
    }

    #[test]
    fn of_no_alarms_and_of_no_time_there_are_no_figures() {
        assert_eq!(figures(second(0), second(600), &[], &[]), Figures::default());
        assert_eq!(figures(second(600), second(0), &alarms(3, 0), &[]), Figures::default());
    }

    proptest! {
        #[test]
        fn figures_are_of_the_time_asked_for(
            times in prop::collection::vec(-1_000i64..5_000, 0..100), until in 1i64..4_000,
        ) {
            let mut times = times;
            times.sort_unstable();
            let marks: Vec<Marked> =
                times.iter().map(|at| marked(at % 7, *at, Mark::Alarm(Level::Yellow))).collect();
            let found = figures(second(0), second(until), &marks, &[]);
            let within = times.iter().filter(|at| (0..until).contains(at)).count();
            prop_assert_eq!(found.alarms, within);
            prop_assert!(found.peak <= within && (0.0..=1.0).contains(&found.flood_share));
            prop_assert_eq!(found.levels.iter().sum::<usize>(), within);
        }
    }
}
