//! Who has to be told what when one schedule takes the place of another.

use std::collections::{BTreeMap, BTreeSet};

use matchday_api::scheduling::v1 as pb;

use super::{
    check::{slot::Slot, timetable::Side},
    diff::{Aspect, Difference},
    draft::takes_place,
};

/// Somebody who has to be told.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Recipient {
    /// A team, by name: what it plays, or may play.
    Team(String),
    /// An official, by id: what he leads.
    Official(String),
    /// Those who hold tickets of a session, by its name.
    Session(String),
    /// A venue, by name: what takes place there.
    Venue(String),
}

/// A team, as far as groups go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Name of the team.
    pub team: String,
    /// Competition it plays in.
    pub competition: String,
    /// Group it was drawn into; empty when it was not.
    pub group: String,
    /// It has withdrawn, or another plays in its place: no slot leads to it any more.
    pub has_left: bool,
}

/// Who has to be told, each with the differences that concern them, by index. A team is told of every match that it
/// may come to play, as far as slots (`winner of m25`, `second of group B`) lead back to it in either schedule.
#[must_use]
pub fn told(
    before: &[pb::Activity],
    after: &[pb::Activity],
    entries: &[Entry],
    differences: &[Difference],
) -> BTreeMap<Recipient, Vec<usize>> {
    let schedules = [Draw::new(before, entries), Draw::new(after, entries)];
    let mut told: BTreeMap<Recipient, Vec<usize>> = BTreeMap::new();
    for (index, difference) in differences.iter().enumerate() {
        let concerns = Concerns::of(&difference.aspects());
        let mut recipients = BTreeSet::new();
        let both = [&difference.before, &difference.after];
        for (draw, activity) in schedules.iter().zip(both) {
            let Some(activity) = activity else { continue };
            if concerns.players {
                recipients.extend(draw.may_play(activity).into_iter().map(Recipient::Team));
                recipients.extend(officials(activity).map(Recipient::Official));
            }
            if concerns.spectators && !activity.session.is_empty() {
                recipients.insert(Recipient::Session(activity.session.clone()));
            }
            if concerns.venue {
                recipients.extend(venue(activity).map(Recipient::Venue));
            }
        }
        let leads = both.map(|activity| activity.iter().flat_map(officials).collect::<BTreeSet<_>>());
        recipients.extend(leads[0].symmetric_difference(&leads[1]).cloned().map(Recipient::Official));
        for recipient in recipients {
            told.entry(recipient).or_default().push(index);
        }
    }
    told
}

/// Whom a difference concerns beside those who lead one match and not the other.
struct Concerns {
    players: bool,
    spectators: bool,
    venue: bool,
}

impl Concerns {
    fn of(aspects: &[Aspect]) -> Self {
        let any = |wanted: &[Aspect]| aspects.iter().any(|aspect| wanted.contains(aspect));
        let takes_place = [Aspect::Added, Aspect::Removed, Aspect::Start, Aspect::Place];
        Self {
            players: any(&takes_place) || any(&[Aspect::Sides]),
            spectators: any(&takes_place) || any(&[Aspect::Sides, Aspect::Session]),
            venue: any(&takes_place) || any(&[Aspect::Length, Aspect::Buffers]),
        }
    }
}

fn officials(activity: &pb::Activity) -> impl Iterator<Item = String> {
    activity.r#match.iter().flat_map(|played| played.officials.iter().cloned())
}

/// The venue of an activity: its zone without the last two parts.
fn venue(activity: &pb::Activity) -> Option<String> {
    activity.zone.rsplit_once("/zones/").map(|(venue, _)| venue.to_owned())
}

/// The matches of a schedule, and the teams that slots lead back to.
struct Draw<'a> {
    by_id: BTreeMap<&'a str, &'a pb::Match>,
    by_group: BTreeMap<(&'a str, &'a str), BTreeSet<&'a str>>,
    left: BTreeSet<&'a str>,
}

impl<'a> Draw<'a> {
    fn new(schedule: &'a [pb::Activity], entries: &'a [Entry]) -> Self {
        let mut by_id = BTreeMap::new();
        let mut by_group: BTreeMap<_, BTreeSet<&str>> = BTreeMap::new();
        for entry in entries.iter().filter(|entry| !entry.group.is_empty()) {
            let group = (entry.competition.as_str(), entry.group.as_str());
            by_group.entry(group).or_default().insert(&entry.team);
        }
        for activity in schedule.iter().filter(|activity| takes_place(activity)) {
            let (Some(played), Some((_, id))) = (&activity.r#match, activity.name.rsplit_once('/')) else {
                continue;
            };
            by_id.insert(id, played);
            let of_teams =
                [&played.home, &played.away].into_iter().filter(|side| side.starts_with("tournaments/"));
            if !played.group.is_empty() {
                let group = (played.competition.as_str(), played.group.as_str());
                by_group.entry(group).or_default().extend(of_teams.map(String::as_str));
            }
        }
        let left = entries.iter().filter(|entry| entry.has_left).map(|entry| entry.team.as_str()).collect();
        Self { by_id, by_group, left }
    }

    /// The teams that may play a match.
    fn may_play(&self, activity: &pb::Activity) -> BTreeSet<String> {
        let mut teams = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut open: Vec<&pb::Match> = activity.r#match.iter().collect();
        while let Some(played) = open.pop() {
            for side in [&played.home, &played.away] {
                match Side::read(side, &played.competition) {
                    Side::Team(team) => drop(teams.insert(team)),
                    Side::Slot(Slot::OfMatch { id, .. }) => {
                        let feeder = self.by_id.get(id.as_str()).copied();
                        open.extend(feeder.filter(|_| seen.insert(id)));
                    }
                    Side::Slot(Slot::OfGroup { competition, group, .. }) => {
                        let of_group = self.by_group.get(&(competition.as_str(), group.as_str()));
                        teams.extend(of_group.into_iter().flatten().map(|team| (*team).to_owned()));
                    }
                    Side::Slot(Slot::Unread { .. }) => {}
                }
            }
        }
        let named = activity.r#match.as_ref().map_or([""; 2], |played| [&played.home, &played.away]);
        teams.retain(|team| !self.left.contains(team.as_str()) || named.contains(&team.as_str()));
        teams
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::diff::{
        diff,
        tests::{numbers, schedule},
    };

    fn entries() -> Vec<Entry> {
        let entry = |(team, group): (&str, &str)| Entry {
            team: format!("tournaments/t/teams/{team}"),
            competition: "men".into(),
            group: group.into(),
            has_left: false,
        };
        [("a1", "A"), ("a2", "A"), ("a3", "A"), ("b1", "B"), ("b2", "B"), ("b3", "B")].map(entry).into()
    }

    /// Who is told that match `index` differs from the schedule as planned, in the words of the ids.
    fn told_of(index: usize, change: impl Fn(&mut pb::Activity)) -> Vec<String> {
        let before = schedule(&[(10, 0, 0, 0, 0, true); 8]);
        let mut after = before.clone();
        change(&mut after[index]);
        let told = told(&before, &after, &entries(), &diff(&before, &after));
        let id = |name: &str| name.rsplit('/').next().unwrap_or_default().to_owned();
        told.into_keys()
            .map(|recipient| match recipient {
                Recipient::Team(name) | Recipient::Session(name) | Recipient::Venue(name) => id(&name),
                Recipient::Official(name) => name,
            })
            .collect()
    }

    fn pitch_2(activity: &mut pb::Activity) {
        activity.zone = "sites/s/venues/v0/zones/pitch-2".into();
    }

    #[test]
    fn both_sides_the_official_the_spectators_and_the_venue_are_told_of_a_move() {
        assert_eq!(told_of(0, pitch_2), ["a1", "a2", "referee-0", "s0", "v0"]);
    }

    #[test]
    fn everybody_who_may_play_a_final_is_told() {
        let all = ["a1", "a2", "a3", "b1", "b2", "b3", "referee-0", "s0", "v0"];
        assert_eq!(told_of(6, pitch_2), all);
        let known = told_of(4, |semi_final| {
            pitch_2(semi_final);
            semi_final.r#match.as_mut().unwrap().home = "tournaments/t/teams/a1".into();
        });
        assert_eq!(known, all, "those who might have played it planned for it");
    }

    #[test]
    fn another_official_concerns_both_officials_alone() {
        let told = told_of(0, |activity| {
            activity.r#match.as_mut().unwrap().officials = vec!["referee-7".into()];
        });
        assert_eq!(told, ["referee-0", "referee-7"]);
    }

    #[test]
    fn set_up_concerns_the_venue_and_a_title_nobody() {
        let set_up = |activity: &mut pb::Activity| {
            activity.set_up = Some(prost_types::Duration { seconds: 60, nanos: 0 });
        };
        assert_eq!(told_of(0, set_up), ["v0"]);
        assert!(told_of(0, |activity| activity.title = "Match 1".into()).is_empty());
    }

    /// Teams and officials named in a match, its session and its venue.
    fn named(activity: &pb::Activity) -> BTreeSet<Recipient> {
        let played = activity.r#match.as_ref().unwrap();
        let teams = [&played.home, &played.away].into_iter().filter(|side| side.starts_with("tournaments/"));
        teams
            .map(|team| Recipient::Team(team.clone()))
            .chain(played.officials.iter().cloned().map(Recipient::Official))
            .chain([Recipient::Session(activity.session.clone())])
            .chain(venue(activity).map(Recipient::Venue))
            .collect()
    }

    proptest! {
        /// Nobody is told of what concerns them in neither schedule, and whoever is named in a match that moves is.
        #[test]
        fn who_is_concerned_is_told_and_nobody_else(before in numbers(), after in numbers()) {
            let (before, after) = (schedule(&before), schedule(&after));
            let differences = diff(&before, &after);
            let told = told(&before, &after, &entries(), &differences);
            for (recipient, indices) in &told {
                prop_assert!(!indices.is_empty());
                for index in indices {
                    let difference = &differences[*index];
                    let both: Vec<_> = [&difference.before, &difference.after].into_iter().flatten().collect();
                    let is_named = both.iter().any(|activity| named(activity).contains(recipient));
                    // of the knockout matches every team may be
                    let may_play = matches!(recipient, Recipient::Team(_))
                        && both.iter().all(|activity| activity.r#match.as_ref().unwrap().group.is_empty());
                    prop_assert!(is_named || may_play, "{:?} is told of {:?}", recipient, difference);
                }
            }
            for (index, difference) in differences.iter().enumerate() {
                if !difference.aspects().contains(&Aspect::Start) {
                    continue;
                }
                for activity in [&difference.before, &difference.after].into_iter().flatten() {
                    for recipient in named(activity) {
                        let lines = told.get(&recipient);
                        prop_assert!(lines.is_some_and(|lines| lines.contains(&index)), "{:?}", recipient);
                    }
                }
            }
        }
    }
}
