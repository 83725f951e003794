//! Who a broadcast is for: each kind narrows the choice, the values of a kind widen it.

use std::collections::BTreeMap;

use matchday_kernel::{Instant, Interval};

use super::{assignment::State, person::Person};

/// Who is chosen. An empty list, or nothing, says nothing of its kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Everybody, narrowed by the others.
    pub is_everybody: bool,
    /// Who is on shift.
    pub on_shift: Option<OnShift>,
    /// Names of shifts.
    pub shifts: Vec<String>,
    /// Ids of posts.
    pub posts: Vec<String>,
    /// Names of zones, or of venues for all their zones.
    pub zones: Vec<String>,
    /// Skills had now.
    pub skills: Vec<String>,
    /// Languages spoken.
    pub languages: Vec<String>,
    /// Names of groups.
    pub groups: Vec<String>,
    /// Names of volunteers.
    pub volunteers: Vec<String>,
    /// Whether who is invited and has not answered counts.
    pub with_invited: bool,
}

/// When somebody chosen is on shift.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OnShift {
    /// At this moment.
    Now,
    /// At some moment of an interval.
    During(Interval),
}

/// An assignment with what its shift says of post and place.
#[derive(Clone, Debug)]
pub struct Held {
    /// Name of the volunteer.
    pub volunteer: String,
    /// Name of the shift.
    pub shift: String,
    /// Id of the post; empty for a shift made by hand.
    pub post: String,
    /// Name of the zone or the venue, or words.
    pub place: String,
    /// When the shift takes place.
    pub time: Interval,
    /// Where the assignment stands.
    pub state: State,
}

impl Selection {
    /// Whether it says anything.
    #[must_use]
    pub fn says_something(&self) -> bool {
        let lists = [&self.skills, &self.languages, &self.groups, &self.volunteers];
        self.is_everybody || self.looks_at_shifts() || lists.iter().any(|list| !list.is_empty())
    }

    /// Whether it asks for assignments.
    #[must_use]
    pub fn looks_at_shifts(&self) -> bool {
        let lists = [&self.shifts, &self.posts, &self.zones];
        self.on_shift.is_some() || lists.iter().any(|list| !list.is_empty())
    }

    /// Names of those it chooses among people, given what each holds; in the order of the people.
    #[must_use]
    pub fn choose<'a>(&self, people: &'a [Person], held: &[Held], now: Instant) -> Vec<&'a str> {
        let mut by_volunteer: BTreeMap<&str, Vec<&Held>> = BTreeMap::new();
        for one in held {
            by_volunteer.entry(&one.volunteer).or_default().push(one);
        }
        let is_chosen = |person: &&Person| {
            let held = by_volunteer.get(person.name.as_str()).map_or(&[][..], Vec::as_slice);
            self.is_of(person, now)
                && (!self.looks_at_shifts() || held.iter().any(|one| self.is_held(one, now)))
        };
        people.iter().filter(is_chosen).map(|person| person.name.as_str()).collect()
    }

    fn is_of(&self, person: &Person, now: Instant) -> bool {
        let has_skill = |skill: &String| person.lacks(std::slice::from_ref(skill), now).is_none();
        is_any(&self.volunteers, |name| *name == person.name)
            && is_any(&self.groups, |group| *group == person.group)
            && is_any(&self.skills, has_skill)
            && person.speaks_one_of(&self.languages)
    }

    fn is_held(&self, held: &Held, now: Instant) -> bool {
        let is_there = matches!(held.state, State::Accepted | State::SignedIn)
            || (self.with_invited && held.state == State::Invited);
        let is_on_shift = match &self.on_shift {
            Some(OnShift::Now) => is_there && held.time.contains(now),
            Some(OnShift::During(time)) => {
                (is_there || held.state == State::SignedOut) && held.time.overlaps(time)
            }
            None => is_there || held.state == State::SignedOut,
        };
        is_on_shift
            && is_any(&self.shifts, |shift| *shift == held.shift)
            && is_any(&self.posts, |post| *post == held.post)
            && is_any(&self.zones, |zone| is_within(&held.place, zone))
    }
}

/// Whether one of these is it; none given is always so.
fn is_any(wanted: &[String], is_it: impl Fn(&String) -> bool) -> bool {
    wanted.is_empty() || wanted.iter().any(is_it)
}

/// Whether a place is another, or in it.
fn is_within(place: &str, other: &str) -> bool {
    place.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::shift::tests::{at, between};

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    fn person(name: &str, skills: &str, languages: &str) -> Person {
        let (skills, languages) = (words(skills), words(languages));
        Person { name: name.into(), group: "red".into(), skills, languages, ..Person::default() }
    }

    fn held(volunteer: &str, post: &str, place: &str, state: State) -> Held {
        let (shift, time) = (format!("{post}-1"), between(0, 60));
        Held { volunteer: volunteer.into(), shift, post: post.into(), place: place.into(), time, state }
    }

    fn chosen(selection: &Selection, minute: i64) -> Vec<String> {
        let people = [person("a", "first-aid", "zh"), person("b", "", "en"), person("c", "driving", "zh en")];
        let held = [
            held("a", "gate", "s/v/north", State::SignedIn),
            held("b", "gate", "s/v2/east", State::Accepted),
            held("c", "shop", "s/v/north-west", State::Invited),
            held("c", "gate", "s/v/south", State::Withdrawn),
        ];
        selection.choose(&people, &held, at(minute)).into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn who_is_on_shift_now_is_chosen_until_it_ends() {
        let now = Selection { on_shift: Some(OnShift::Now), ..Selection::default() };
        assert_eq!(chosen(&now, 0), ["a", "b"]);
        assert!(chosen(&now, 60).is_empty());
        assert_eq!(chosen(&Selection { with_invited: true, ..now }, 59), ["a", "b", "c"]);
        let during = |time| Selection { on_shift: Some(OnShift::During(time)), ..Selection::default() };
        assert_eq!(chosen(&during(between(59, 90)), 500), ["a", "b"]);
        assert!(chosen(&during(between(60, 90)), 0).is_empty());
    }

    #[test]
    fn kinds_narrow_and_values_widen() {
        let of = |posts: &str, zones: &str, skills: &str, languages: &str| Selection {
            posts: words(posts),
            zones: words(zones),
            skills: words(skills),
            languages: words(languages),
            with_invited: true,
            ..Selection::default()
        };
        assert_eq!(chosen(&of("gate shop", "", "", ""), 0), ["a", "b", "c"]);
        assert_eq!(chosen(&of("gate", "s/v", "", ""), 0), ["a"]);
        assert_eq!(chosen(&of("", "s/v/north", "", ""), 0), ["a"]);
        assert_eq!(chosen(&of("", "", "first-aid driving", ""), 0), ["a", "c"]);
        assert_eq!(chosen(&of("gate", "", "", "en"), 0), ["b"]);
        // gate and north-west are held by one person, but not in one assignment that counts
        assert!(chosen(&of("gate", "s/v/north-west", "", ""), 0).is_empty());
    }

    #[test]
    fn nothing_said_is_told_from_everybody() {
        assert!(!Selection::default().says_something());
        let with_invited = Selection { with_invited: true, ..Selection::default() };
        assert!(!with_invited.says_something());
        let everybody = Selection { is_everybody: true, ..Selection::default() };
        assert!(everybody.says_something());
        assert_eq!(chosen(&everybody, 0), ["a", "b", "c"]);
    }

    proptest! {
        #[test]
        fn one_kind_more_never_chooses_somebody_more(
            posts in prop::sample::subsequence(vec!["gate", "shop"], 0..=2),
            languages in prop::sample::subsequence(vec!["zh", "en", "es"], 0..=3),
            minute in 0_i64..90,
        ) {
            let of = |list: &[&str]| list.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
            let wide = Selection { is_everybody: true, posts: of(&posts), ..Selection::default() };
            let narrow = Selection { languages: of(&languages), ..wide.clone() };
            let wide = chosen(&wide, minute);
            prop_assert!(chosen(&narrow, minute).iter().all(|name| wide.contains(name)));
        }
    }
}
