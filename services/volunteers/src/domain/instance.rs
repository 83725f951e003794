//! A tournament's volunteers and shifts as the roster engine knows them, and what it has found as seats.
//!
//! The open seats of a shift are one shift of the engine; those who hold it already are another, which is settled: what
//! they do counts, and stays. A skill or language that no open shift asks for is left out. Minutes count from the
//! midnight before the first shift; times of shifts are widened to whole minutes, times people can come are narrowed.

use std::collections::BTreeMap;

use matchday_kernel::{Instant, Interval, SignedDuration};
use matchday_roster::{
    model::{self, Group, Instance, Kind, Minute, Qualification, Rule, Severity, Span, Volunteer},
    validate::MOST_DAYS,
};

use super::{
    assignment::State, duty::Duty, eligibility::Eligibility, filling::Candidate, limits::Limits, shift::Shift,
};

/// What a seat costs that stays open. All weights are assumed: nobody has confirmed them.
const OPEN_SEAT: i64 = 10_000;
/// What a rest costs that is shorter than a soft limit.
const SHORT_REST: i64 = 600;
/// What a minute costs beyond a soft limit of the day.
const LONG_DAY: i64 = 10;
/// What a minute costs that somebody works beyond an equal share of all work.
const UNEQUAL: i64 = 1;
/// What a group costs that is not whole on a day.
const BROKEN_GROUP: i64 = 60;

/// Name of the rule of the longest shift: the one that keeps everybody away.
pub const SHIFT_LENGTH: &str = "shift-length";
/// Name of the rule of the longest day.
pub const DAY_LENGTH: &str = "day-length";
const REST: &str = "rest";

/// A shift, and where it stands in the plan.
#[derive(Clone, Debug)]
pub struct Posted {
    /// The shift.
    pub shift: Shift,
    /// Id of the post.
    pub post: String,
    /// Name of the zone or venue.
    pub place: String,
}

/// What a roster is made from.
#[derive(Clone, Debug)]
pub struct Basis {
    /// Shifts to come with open seats, and every shift that somebody holds, by start.
    pub shifts: Vec<Posted>,
    /// Every volunteer, by name.
    pub candidates: Vec<Candidate>,
    /// Leaders of groups, by name of the group.
    pub leaders: BTreeMap<String, String>,
    /// The limits in force.
    pub limits: Limits,
    /// When it was read.
    pub now: Instant,
}

/// The same as the engine knows it.
#[derive(Clone, Debug)]
pub struct Stated {
    /// What it works on.
    pub instance: Instance,
    /// Of each of its shifts whether it stays as it is.
    pub settled: Vec<bool>,
    /// Those who hold what is settled.
    pub kept: model::Roster,
    /// Of each of its shifts the place among those of the basis.
    pub of: Vec<usize>,
}

/// Seats as names of shift and volunteer, and what stays open as names of shifts and numbers of seats.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seats {
    /// By start of the shift.
    pub taken: Vec<(String, String)>,
    /// By start.
    pub open: Vec<(String, i32)>,
}

impl Basis {
    /// Whether seats of a shift are to be filled.
    #[must_use]
    pub fn is_open(&self, shift: &Shift) -> bool {
        !shift.is_cancelled && shift.time.end() > self.now && shift.open_seats() > 0
    }

    /// Whether a shift is longer than anybody may work.
    #[must_use]
    pub fn is_too_long(&self, shift: &Shift) -> bool {
        self.limits.broken_by_shift(&shift.time).is_some_and(|broken| broken.is_hard)
    }

    /// States it for the engine.
    #[must_use]
    pub fn state(&self) -> Stated {
        let calendar = Calendar::of(self);
        let mut lists = Lists::default();
        let (mut shifts, mut of) = (Vec::new(), Vec::new());
        let mut open: BTreeMap<&str, usize> = BTreeMap::new();
        for (index, posted) in self.shifts.iter().enumerate() {
            let shift = &posted.shift;
            if self.is_open(shift) && !self.is_too_long(shift) {
                open.insert(&shift.name, shifts.len());
                of.push(index);
                shifts.push(model::Shift {
                    skills: shift.skills.iter().map(|one| lists.skills.number(one)).collect(),
                    languages: shift.languages.iter().map(|one| lists.languages.number(one)).collect(),
                    headcount: u32::try_from(shift.open_seats()).unwrap_or_default(),
                    priority: OPEN_SEAT,
                    ..lists.shift(posted, id(&shift.name).to_owned(), calendar.around(&shift.time))
                });
            }
        }
        let mut crews = vec![Vec::new(); shifts.len()];
        for ((index, time), crew) in self.held() {
            let posted = &self.shifts[index];
            let settled = format!("{}#{}", id(&posted.shift.name), shifts.len());
            of.push(index);
            shifts.push(model::Shift {
                headcount: u32::try_from(crew.len()).unwrap_or(u32::MAX),
                ..lists.shift(posted, settled, calendar.around(&time))
            });
            crews.push(crew);
        }
        let settled = (0..shifts.len()).map(|shift| shift >= open.len()).collect();
        let (groups, group_of) = self.groups();
        let volunteers = self.candidates.iter().zip(group_of).map(|(candidate, group)| {
            let person = &candidate.person;
            let skills = person.skills.iter().filter_map(|skill| lists.skills.known(skill));
            Volunteer {
                id: id(&person.name).to_owned(),
                skills: skills.map(|skill| Qualification { skill, valid: None }).collect(),
                languages: person.languages.iter().filter_map(|one| lists.languages.known(one)).collect(),
                available: calendar.available(&person.availability),
                group,
                declined: candidate
                    .refused
                    .iter()
                    .filter_map(|name| open.get(name.as_str()).copied())
                    .collect(),
                ..Volunteer::default()
            }
        });
        let instance = Instance {
            volunteers: volunteers.collect(),
            rules: self.rules(&shifts),
            days: calendar.days,
            places: lists.places.words,
            travel: vec![],
            skills: lists.skills.words,
            languages: lists.languages.words,
            posts: lists.posts.words,
            groups,
            shifts,
        };
        Stated { instance, settled, kept: model::Roster { crews }, of }
    }

    /// Who holds which shift for how long: somebody who has left was there until then.
    fn held(&self) -> BTreeMap<(usize, Interval), Vec<usize>> {
        let by_name: BTreeMap<&str, usize> =
            self.shifts.iter().enumerate().map(|(index, one)| (one.shift.name.as_str(), index)).collect();
        let mut held: BTreeMap<(usize, Interval), Vec<usize>> = BTreeMap::new();
        for (volunteer, candidate) in self.candidates.iter().enumerate() {
            for duty in &candidate.duties {
                if let Some(index) = by_name.get(duty.shift.as_str()) {
                    held.entry((*index, duty.time)).or_default().push(volunteer);
                }
            }
        }
        held
    }

    /// The groups, and the group of each volunteer.
    fn groups(&self) -> (Vec<Group>, Vec<Option<usize>>) {
        let mut names = Words::default();
        let of: Vec<Option<usize>> = self
            .candidates
            .iter()
            .map(|one| &one.person.group)
            .map(|group| (!group.is_empty()).then(|| names.number(group)))
            .collect();
        let groups = names.words.iter().enumerate().map(|(number, name)| {
            let leader = self.leaders.get(name).and_then(|leader| {
                self.candidates.binary_search_by(|one| one.person.name.as_str().cmp(leader)).ok()
            });
            let leader = leader.filter(|leader| of[*leader] == Some(number));
            Group { id: name.clone(), leader, bus: None, classes: vec![] }
        });
        (groups.collect(), of)
    }

    fn rules(&self, shifts: &[model::Shift]) -> Vec<Rule> {
        let severity = |is_hard, weight| if is_hard { Severity::Hard } else { Severity::Soft { weight } };
        let minutes = |length: SignedDuration| Minute::try_from(length.as_mins()).unwrap_or(Minute::MAX);
        let rest = self.limits.rest.map(|limit| {
            let severity = severity(limit.is_hard, SHORT_REST);
            Rule { id: REST.into(), kind: Kind::Rest(minutes(limit.value)), severity }
        });
        let day = self.limits.day.map(|limit| {
            let severity = severity(limit.is_hard, LONG_DAY);
            Rule { id: DAY_LENGTH.into(), kind: Kind::HoursPerDay(minutes(limit.value)), severity }
        });
        let work: i64 = shifts
            .iter()
            .map(|shift| i64::from(shift.span.minutes()).saturating_mul(shift.headcount.into()))
            .fold(0, i64::saturating_add);
        let people = i64::try_from(self.candidates.len()).unwrap_or(i64::MAX).max(1);
        let share = Minute::try_from(work / people).unwrap_or(Minute::MAX);
        let wish = |id: &str, kind, weight| Rule { id: id.into(), kind, severity: Severity::Soft { weight } };
        let wishes = [
            wish("equal-share", Kind::HoursInAll(share), UNEQUAL),
            wish("groups-whole", Kind::GroupsWhole, BROKEN_GROUP),
        ];
        rest.into_iter().chain(day).chain(wishes).collect()
    }

    /// The seats of a roster of the engine. Each is checked once more by the rules that decide an assignment, which count
    /// work over midnight on both days: what they refuse stays open.
    #[must_use]
    pub fn seats(&self, stated: &Stated, roster: &model::Roster) -> Seats {
        let mut duties: Vec<Vec<Duty>> = self.candidates.iter().map(|one| one.duties.clone()).collect();
        let mut seats = Seats::default();
        let mut taken = vec![0; self.shifts.len()];
        for (shift, crew) in roster.crews.iter().enumerate().filter(|(shift, _)| !stated.settled[*shift]) {
            let index = stated.of[shift];
            let shift = &self.shifts[index].shift;
            let eligibility = Eligibility::of(shift, &self.limits);
            for &volunteer in crew {
                let person = &self.candidates[volunteer].person;
                if eligibility.bar(person, &duties[volunteer]).is_none() {
                    let duty = Duty { shift: shift.name.clone(), time: shift.time, state: State::Proposed };
                    duties[volunteer].push(duty);
                    seats.taken.push((shift.name.clone(), person.name.clone()));
                    taken[index] += 1;
                }
            }
        }
        let open = self.shifts.iter().zip(taken).filter(|(one, _)| self.is_open(&one.shift));
        let left = open.map(|(one, taken)| (one.shift.name.clone(), one.shift.open_seats() - taken));
        seats.open = left.filter(|(_, seats)| *seats > 0).collect();
        seats
    }
}

impl Stated {
    /// What is held, and seats beside it: the engine looks whether they still can be.
    #[must_use]
    pub fn with<'a>(
        &self,
        basis: &Basis,
        seats: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> model::Roster {
        let mut roster = self.kept.clone();
        let open = self.of.iter().enumerate().filter(|(shift, _)| !self.settled[*shift]);
        let by_name: BTreeMap<&str, usize> =
            open.map(|(shift, index)| (basis.shifts[*index].shift.name.as_str(), shift)).collect();
        for (shift, volunteer) in seats {
            let person = basis.candidates.binary_search_by(|one| one.person.name.as_str().cmp(volunteer));
            if let (Some(shift), Ok(person)) = (by_name.get(shift), person) {
                roster.crews[*shift].push(person);
            }
        }
        roster
    }
}

/// The last part of a name.
fn id(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// The venue of a place: who is at it, is there with the group.
fn venue(place: &str) -> &str {
    place.split_once("/zones/").map_or(place, |(venue, _)| venue)
}

/// Words by their place in a list.
#[derive(Default)]
struct Words {
    words: Vec<String>,
    numbers: BTreeMap<String, usize>,
}

impl Words {
    fn number(&mut self, word: &str) -> usize {
        *self.numbers.entry(word.to_owned()).or_insert_with(|| {
            self.words.push(word.to_owned());
            self.words.len() - 1
        })
    }

    fn known(&self, word: &str) -> Option<usize> {
        self.numbers.get(word).copied()
    }
}

#[derive(Default)]
struct Lists {
    skills: Words,
    languages: Words,
    places: Words,
    posts: Words,
}

impl Lists {
    /// A shift that nobody needs and that asks for nothing.
    fn shift(&mut self, posted: &Posted, id: String, span: Span) -> model::Shift {
        model::Shift {
            id,
            post: self.posts.number(&posted.post),
            place: self.places.number(venue(&posted.place)),
            span,
            headcount: 0,
            unit_headcount: 0,
            skills: vec![],
            languages: vec![],
            priority: 0,
        }
    }
}

/// The days, and minutes on them.
struct Calendar {
    start: Instant,
    days: Vec<Minute>,
    end: Minute,
}

impl Calendar {
    fn of(basis: &Basis) -> Self {
        let times = || basis.shifts.iter().map(|one| &one.shift.time);
        let first = times().map(Interval::start).min().unwrap_or(basis.now);
        let last = times().map(Interval::end).max().unwrap_or(basis.now);
        let zone = &basis.limits.zone;
        let mut day = zone.day(zone.local_date(first));
        let mut calendar = Self { start: day.start(), days: vec![0], end: 0 };
        // one more than the engine takes says that they are too many
        while day.end() < last && calendar.days.len() <= MOST_DAYS {
            day = zone.day(zone.local_date(day.end()));
            calendar.days.push(calendar.minute(day.start()));
        }
        calendar.end = calendar.minute(day.end());
        calendar
    }

    /// The minute that a moment lies in.
    fn minute(&self, at: Instant) -> Minute {
        let minutes = at.as_micros().saturating_sub(self.start.as_micros()).div_euclid(60_000_000);
        Minute::try_from(minutes).unwrap_or(if minutes < 0 { Minute::MIN } else { Minute::MAX })
    }

    /// The first minute that does not begin before a moment.
    fn minute_from(&self, at: Instant) -> Minute {
        let micros = at.as_micros().saturating_sub(self.start.as_micros());
        let minutes = micros.div_euclid(60_000_000) + i64::from(micros.rem_euclid(60_000_000) > 0);
        Minute::try_from(minutes).unwrap_or(if minutes < 0 { Minute::MIN } else { Minute::MAX })
    }

    fn around(&self, time: &Interval) -> Span {
        Span { start: self.minute(time.start()), end: self.minute_from(time.end()) }
    }

    /// Times that touch or overlap count as one.
    fn available(&self, times: &[Interval]) -> Vec<Span> {
        if times.is_empty() {
            return vec![Span { start: 0, end: self.end }];
        }
        let mut times = times.to_vec();
        times.sort();
        let mut spans: Vec<Span> = Vec::new();
        let mut until: Option<Instant> = None;
        for time in times {
            let end = self.minute(time.end()).clamp(0, self.end);
            match spans.last_mut().filter(|_| until.is_some_and(|until| time.start() <= until)) {
                Some(span) => span.end = span.end.max(end),
                None => spans.push(Span { start: self.minute_from(time.start()).clamp(0, self.end), end }),
            }
            until = until.max(Some(time.end()));
        }
        spans.retain(|span| span.start < span.end);
        spans
    }
}

#[cfg(test)]
mod tests;
