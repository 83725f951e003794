//! How derived work follows its occasion, and what it is called.

use matchday_api::scheduling::v1::OnDelay;
use matchday_kernel::{Interval, Slug};

/// When something takes place now that is wanted at `wanted`, its delay rule applied by
/// [`Occasion::interval`](crate::Occasion::interval). `begun` is when it takes place so far, if it has begun: then
/// it is left alone, but for the end of what is extended, which only gets later.
#[must_use]
pub fn follow(wanted: Interval, on_delay: OnDelay, begun: Option<Interval>) -> Interval {
    match (begun, on_delay) {
        (None, _) => wanted,
        (Some(begun), OnDelay::Extend) => {
            let end = begun.end().max(wanted.end());
            Interval::new(begun.start(), end).unwrap_or(begun)
        }
        (Some(begun), OnDelay::Move | OnDelay::Stay | OnDelay::Unspecified) => begun,
    }
}

/// The id of work derived from an item of an occasion: `m01-pitch-crew`, of both last parts as far as they fit;
/// of a long one as much as the other leaves, and half at least, so that the items of an occasion are told apart.
/// When another one has the id, the next attempt gives `m01-pitch-crew-2`.
///
/// # Panics
/// When the last parts are no slugs, which scheduling has checked.
#[must_use]
pub fn work_id(occasion: &str, item: &str, attempt: u32) -> Slug {
    const LONGEST: usize = 63;
    let last = |name: &str| name.rsplit('/').next().unwrap_or_default().to_owned();
    let (mut occasion, mut item) = (last(occasion), last(item));
    let suffix = if attempt == 0 { String::new() } else { format!("-{}", u64::from(attempt) + 1) };
    let room = LONGEST - suffix.len() - "-".len();
    item.truncate(room.saturating_sub(occasion.len()).max(room / 2));
    occasion.truncate(room - item.len());
    let id = format!("{}-{}{suffix}", occasion.trim_end_matches('-'), item.trim_end_matches('-'));
    id.parse().expect("ids of occasions and items are slugs, and so is what joins them")
}

#[cfg(test)]
mod tests {
    use matchday_kernel::{Instant, SignedDuration};

    use super::*;

    fn between(start: i64, end: i64) -> Interval {
        let at = |minute: i64| Instant::from_micros(minute * 60_000_000).unwrap();
        Interval::new(at(start), at(end)).unwrap()
    }

    #[test]
    fn what_has_not_begun_takes_what_is_wanted() {
        for on_delay in [OnDelay::Move, OnDelay::Extend, OnDelay::Stay] {
            assert_eq!(follow(between(10, 20), on_delay, None), between(10, 20));
        }
    }

    #[test]
    fn what_has_begun_is_extended_or_left_alone() {
        let (begun, wanted) = (between(0, 100), between(0, 145));
        assert_eq!(follow(wanted, OnDelay::Extend, Some(begun)), wanted);
        assert_eq!(follow(between(45, 145), OnDelay::Move, Some(begun)), begun);
        assert_eq!(follow(between(45, 145), OnDelay::Stay, Some(begun)), begun);
        let shorter = between(0, 60);
        assert_eq!(follow(shorter, OnDelay::Extend, Some(begun)), begun, "an end only gets later");
        assert_eq!(begun.duration(), SignedDuration::from_mins(100));
    }

    #[test]
    fn ids_are_joined_cut_and_told_apart() {
        let id = |occasion: &str, item: &str, attempt| work_id(occasion, item, attempt).to_string();
        assert_eq!(id("tournaments/t/activities/m01", "pitch-crew", 0), "m01-pitch-crew");
        assert_eq!(id("tournaments/t/activities/m01", "pitch-crew", 2), "m01-pitch-crew-3");
        let (a, b) = ("a".repeat(63), "b".repeat(63));
        assert_eq!(id(&a, "bcd", 0), format!("{}-bcd", &a[..59]));
        assert_eq!(id("m01", &b, 0), format!("m01-{}", &b[..59]));
        assert_eq!(id(&a, &b, 0), format!("{}-{}", &a[..31], &b[..31]));
        assert_eq!(id(&a, &b, 11), format!("{}-{}-12", &a[..30], &b[..29]));
        assert_eq!(id(&format!("{}-a", &a[..58]), "bcd", 0), format!("{}-bcd", &a[..58]), "no two hyphens");
    }
}
