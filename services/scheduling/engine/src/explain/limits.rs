//! What a rule asks for, with its numbers.

use super::words::{clock, count, day, hours, list};
use crate::model::{Instance, Kind, Rule};

/// A rule with its limit: `rest (48 h from the whistle to the next kick-off)`.
pub(super) fn limit(instance: &Instance, rule: &Rule) -> String {
    format!("{} ({})", rule.id, of_kind(instance, &rule.kind))
}

/// The limit of a kind of rule.
pub(super) fn of_kind(instance: &Instance, kind: &Kind) -> String {
    let several = |most: u32, one: &str, many: &str| count(most as usize, one, many);
    let between = |from: i32, until: i32| format!("from {} to {}", clock(from), clock(until));
    let days = |list_of: &[usize]| list(&list_of.iter().map(|one| day(instance, *one)).collect::<Vec<_>>());
    let pitches = |list_of: &[usize]| {
        let ids = list_of.iter().filter_map(|one| instance.pitches.get(*one)).map(|pitch| pitch.id.as_str());
        list(&ids.collect::<Vec<_>>())
    };
    match kind {
        Kind::RestCalendarDays(most) => {
            format!("{} between two matches of a team", several(*most, "calendar day", "calendar days"))
        }
        Kind::RestKickOff(minutes) => format!("{} from kick-off to kick-off of a team", hours(*minutes)),
        Kind::RestWhistle(minutes) => {
            format!("{} from the whistle to a team's next kick-off", hours(*minutes))
        }
        Kind::TeamOnceADay => "one match of a team a day".to_owned(),
        Kind::LastGroupMatchesTogether => "the last matches of a group start together".to_owned(),
        Kind::Together(ids) => format!("{} start together", list(ids)),
        Kind::InOrder(ids) => format!("{} in this order", list(ids)),
        Kind::MatchesPerPitchAndDay(most) => {
            format!("at most {} a day on a pitch", several(*most, "match", "matches"))
        }
        Kind::MatchesPerVenueAndDay(most) => {
            format!("at most {} a day at a venue", several(*most, "match", "matches"))
        }
        Kind::WeeklyWear { surface, most } => {
            let surface = if surface.is_empty() { "pitch" } else { surface };
            format!("at most {most} min of play in seven days on a {surface}")
        }
        Kind::CrowdAtOnce(most) => format!("a crowd of at most {most} at once"),
        Kind::KickOffWithin { from, until } => format!("kick-offs {}", between(*from, *until)),
        Kind::CrowdWithin { from, until, crowd } => {
            format!("kick-offs {} for a crowd of {crowd} and more", between(*from, *until))
        }
        Kind::NotOnDays(list_of) => format!("not on {}", days(list_of)),
        Kind::OnDays(list_of) => format!("on {}", days(list_of)),
        Kind::OnPitches(list_of) => format!("on {}", pitches(list_of)),
        Kind::EqualRest => "those that meet have rested equally".to_owned(),
        Kind::ShareOfPrimeTime { from, until } => {
            format!("equal shares of kick-offs {}", between(*from, *until))
        }
        Kind::ShareOfPitches(list_of) => format!("equal shares of {}", pitches(list_of)),
        Kind::Travel(most) => format!("at most {most} min of travel to a match"),
        Kind::OfficialMatchesPerDay(most) => {
            format!("at most {} of an official a day", several(*most, "match", "matches"))
        }
        Kind::OfficialMatches(most) => {
            format!("at most {} of an official in all", several(*most, "match", "matches"))
        }
        Kind::OfficialRest(minutes) => {
            format!("{} from kick-off to kick-off of an official", hours(*minutes))
        }
        Kind::OfficialNeutral => "officials are neutral".to_owned(),
        Kind::SessionsApart(minutes) => format!("{} between two sessions of a venue", hours(*minutes)),
        Kind::Notice { crowd, minutes, .. } => {
            format!("{} of notice for a crowd of {crowd} and more", hours(*minutes))
        }
        Kind::FitsCapacity => "crowds fit the pitches".to_owned(),
    }
}
