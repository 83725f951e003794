//! Moments and lengths of time in words.

use jiff::civil::Date;
use matchday_kernel::{Instant, SignedDuration, Zone};
use prost_types::{Duration, Timestamp};

/// A moment as the clocks of the zone show it, with their offset.
pub(super) fn local(time: Timestamp, zone: &Zone) -> String {
    let micros = time
        .seconds
        .checked_mul(1_000_000)
        .and_then(|micros| micros.checked_add(i64::from(time.nanos / 1000)));
    match micros.and_then(|micros| Instant::from_micros(micros).ok()) {
        Some(moment) => zone.format(moment),
        None => "beyond the calendar".to_owned(),
    }
}

/// A moment without its offset, and without its day where that is the one given: `20:00`.
pub(super) fn clock(time: Timestamp, zone: &Zone, day: Option<Date>) -> String {
    let shown = without_offset(time, zone);
    let told = day.and_then(|day| shown.strip_prefix(&format!("{day} ")).map(str::to_owned));
    told.unwrap_or(shown)
}

/// A moment beside an earlier one: without its day where that is the same, without its year where not.
pub(super) fn later(from: Timestamp, until: Timestamp, zone: &Zone) -> String {
    const YEAR: usize = "2023-".len();
    let (from, until) = (without_offset(from, zone), without_offset(until, zone));
    match (from.split_once(' '), until.split_once(' ')) {
        (Some((day, _)), Some((until_day, time))) if day == until_day => time.to_owned(),
        _ => until.get(YEAR..).unwrap_or_default().to_owned(),
    }
}

fn without_offset(time: Timestamp, zone: &Zone) -> String {
    let shown = local(time, zone);
    shown.rsplit_once(' ').map_or_else(|| shown.clone(), |(moment, _)| moment.to_owned())
}

/// From one moment until another, the day and the offset told once where they are the same:
/// `2023-10-21 19:50–22:25 +08:00`.
pub(crate) fn between(from: Option<Timestamp>, until: Option<Timestamp>, zone: &Zone) -> String {
    const DAY: usize = "2023-10-21 ".len();
    const CLOCK: usize = DAY + "20:00".len();
    let shown = |time: Option<Timestamp>| time.map_or_else(String::new, |time| local(time, zone));
    let (from, until) = (shown(from), shown(until));
    match (from.split_at_checked(CLOCK), until.split_at_checked(DAY)) {
        (Some((start, offset)), Some((day, end))) if start.starts_with(day) && end.ends_with(offset) => {
            format!("{start}–{end}")
        }
        _ => format!("{from}–{until}"),
    }
}

/// A length of time as people write it: `1h 55m`.
pub(super) fn in_words(length: Duration) -> String {
    match SignedDuration::new(length.seconds, length.nanos) {
        SignedDuration::ZERO => String::new(),
        length => format!("{length:#}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_tell_the_day_and_the_offset_once() {
        let span = |seconds: i64, zone: &str| {
            let time = |seconds| Some(Timestamp { seconds, nanos: 0 });
            between(time(1_697_889_600), time(1_697_889_600 + seconds), &zone.parse().unwrap())
        };
        assert_eq!(span(5400, "Asia/Shanghai"), "2023-10-21 20:00–21:30 +08:00");
        let midnight = "2023-10-21 20:00 +08:00–2023-10-22 00:00 +08:00";
        assert_eq!(span(4 * 3600, "Asia/Shanghai"), midnight);
        assert_eq!(between(None, None, &"UTC".parse().unwrap()), "–");
    }
}
