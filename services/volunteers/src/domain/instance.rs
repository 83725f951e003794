//! A tournament's volunteers and shifts as the roster engine knows them, and what it has found as seats.
//!
//! The open seats of a shift, with those who may move, are one shift of the engine; those who stay on it are another,
//! which is settled: what they do counts, and stays. A skill or language that no open shift asks for is left out. Minutes count from the
//! midnight before the first shift; times of shifts are widened to whole minutes, times people can come are narrowed.

use std::collections::{BTreeMap, BTreeSet};

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

/// What a roster is made for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Purpose {
    /// Open seats are filled, and nobody moves.
    #[default]
    Fill,
    /// What is broken is mended; who has not begun may move, at a price.
    Repair,
    /// What is only proposed is decided once more.
    Regenerate,
}

/// What a roster is made for, and which shifts it may touch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Task {
    /// What for.
    pub purpose: Purpose,
    /// Only shifts that end after this.
    pub from: Option<Instant>,
    /// Only shifts that start before this.
    pub until: Option<Instant>,
    /// Only shifts of these posts; none given means all.
    pub posts: Vec<String>,
}

/// How assignments stand beside what holds a person: each as names of shift and volunteer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// No roster moves them.
    pub pinned: BTreeSet<(String, String)>,
    /// The schedule has broken them.
    pub broken: BTreeSet<(String, String)>,
    /// Declined, withdrawn, or the person did not come.
    pub vacated: BTreeSet<(String, String)>,
}

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
    /// How assignments stand.
    pub standing: Standing,
}

/// The same as the engine knows it.
#[derive(Clone, Debug)]
pub struct Stated {
    /// What it works on.
    pub instance: Instance,
    /// Of each of its shifts whether it stays as it is.
    pub settled: Vec<bool>,
    /// Those who hold what is settled; of a repair those who may move, too.
    pub kept: model::Roster,
    /// Of each of its shifts the place among those of the basis.
    pub of: Vec<usize>,
    /// Volunteers and shifts of those who may move.
    pub movable: BTreeSet<(usize, usize)>,
    /// Volunteers and shifts that the schedule has broken.
    pub broken: Vec<(usize, usize)>,
    /// Days on which seats were given up, by place in the list.
    pub days: Vec<usize>,
}

/// Seats as names of shift and volunteer, and what stays open as names of shifts and numbers of seats.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seats {
    /// By start of the shift.
    pub taken: Vec<(String, String)>,
    /// Given up, by start of the shift, each with whether a rule forbids it now.
    pub released: Vec<(String, String, bool)>,
    /// By start.
    pub open: Vec<(String, i32)>,
}

impl Task {
    fn touches(&self, posted: &Posted) -> bool {
        let time = &posted.shift.time;
        self.from.is_none_or(|from| time.end() > from)
            && self.until.is_none_or(|until| time.start() < until)
            && (self.posts.is_empty() || self.posts.contains(&posted.post))
    }
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

    /// Whether a task has anything to do: seats to fill, or assignments that may move.
    #[must_use]
    pub fn has_work(&self, task: &Task) -> bool {
        let is_open = |one: &Posted| self.is_open(&one.shift) && task.touches(one);
        self.shifts.iter().any(is_open) || !self.movable(task).is_empty()
    }

    /// Those who may move: of each shift its place and theirs.
    fn movable(&self, task: &Task) -> BTreeMap<usize, Vec<usize>> {
        let may_move: fn(State) -> bool = match task.purpose {
            Purpose::Fill => return BTreeMap::new(),
            Purpose::Repair => State::is_ahead,
            Purpose::Regenerate => |state| state == State::Proposed,
        };
        let is_to_come = |one: &Posted| {
            !one.shift.is_cancelled && !one.shift.has_begun(self.now) && !self.is_too_long(&one.shift)
        };
        let touched = self.shifts.iter().enumerate().filter(|(_, one)| task.touches(one) && is_to_come(one));
        let touched: BTreeMap<&str, usize> =
            touched.map(|(index, one)| (one.shift.name.as_str(), index)).collect();
        let mut movable: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (volunteer, candidate) in self.candidates.iter().enumerate() {
            for duty in candidate.duties.iter().filter(|duty| may_move(duty.state)) {
                let seat = (duty.shift.clone(), candidate.person.name.clone());
                let index = touched.get(duty.shift.as_str());
                if let Some(index) = index.filter(|_| !self.standing.pinned.contains(&seat)) {
                    movable.entry(*index).or_default().push(volunteer);
                }
            }
        }
        movable
    }

    /// States for the engine what a task may touch.
    #[must_use]
    pub fn state(&self, task: &Task) -> Stated {
        let calendar = Calendar::of(self);
        let mut lists = Lists::default();
        let (mut shifts, mut of) = (Vec::new(), Vec::new());
        let mut open: BTreeMap<&str, usize> = BTreeMap::new();
        let mut movable = self.movable(task);
        let mut crews = Vec::new();
        for (index, posted) in self.shifts.iter().enumerate() {
            let shift = &posted.shift;
            let crew = movable.remove(&index).unwrap_or_default();
            let is_open = task.touches(posted) && self.is_open(shift) && !self.is_too_long(shift);
            if is_open || !crew.is_empty() {
                open.insert(&shift.name, shifts.len());
                of.push(index);
                let seats = u32::try_from(shift.open_seats()).unwrap_or_default();
                shifts.push(model::Shift {
                    skills: shift.skills.iter().map(|one| lists.skills.number(one)).collect(),
                    languages: shift.languages.iter().map(|one| lists.languages.number(one)).collect(),
                    headcount: seats.saturating_add(u32::try_from(crew.len()).unwrap_or(u32::MAX)),
                    priority: OPEN_SEAT,
                    ..lists.shift(posted, id(&shift.name).to_owned(), calendar.around(&shift.time))
                });
                crews.push(crew);
            }
        }
        let with_movable = crews.iter().enumerate();
        let movable: BTreeSet<(usize, usize)> = with_movable
            .flat_map(|(shift, crew)| crew.iter().map(move |volunteer| (*volunteer, shift)))
            .collect();
        if task.purpose == Purpose::Regenerate {
            crews.iter_mut().for_each(Vec::clear);
        }
        let stays = |index: usize, volunteer: usize| {
            let shift = open.get(self.shifts[index].shift.name.as_str());
            shift.is_none_or(|shift| !movable.contains(&(volunteer, *shift)))
        };
        for ((index, time), mut crew) in self.held() {
            crew.retain(|volunteer| stays(index, *volunteer));
            if crew.is_empty() {
                continue;
            }
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
        let day = |shift: &usize| instance.day(instance.shifts[*shift].span.start);
        let vacated = self.standing.vacated.iter().filter_map(|(shift, _)| open.get(shift.as_str()));
        let vacated = vacated.filter(|shift| self.is_open(&self.shifts[of[**shift]].shift));
        let days: BTreeSet<usize> = vacated.map(day).collect();
        let broken =
            self.standing.broken.iter().filter_map(|(shift, volunteer)| {
                Some((self.place_of(volunteer)?, *open.get(shift.as_str())?))
            });
        let (broken, days) = (broken.collect(), days.into_iter().collect());
        Stated { instance, settled, kept: model::Roster { crews }, of, movable, broken, days }
    }

    fn place_of(&self, volunteer: &str) -> Option<usize> {
        self.candidates.binary_search_by(|one| one.person.name.as_str().cmp(volunteer)).ok()
    }

    /// Takes seats from those who hold them, as a draft does.
    pub fn release<'a>(&mut self, seats: impl IntoIterator<Item = (&'a str, &'a str)>) {
        for (shift, volunteer) in seats {
            let Some(person) = self.place_of(volunteer) else { continue };
            let duties = &mut self.candidates[person].duties;
            let held = duties.iter().position(|duty| duty.shift == shift && duty.state.is_ahead());
            let posted = self.shifts.iter_mut().find(|one| one.shift.name == shift);
            if let (Some(held), Some(posted)) = (held, posted) {
                let Duty { state, .. } = duties.remove(held);
                posted.shift.seats = posted.shift.seats.count(Some(state), State::Withdrawn);
            }
        }
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
            let leader = self.leaders.get(name).and_then(|leader| self.place_of(leader));
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

    /// What a roster of the engine gives and takes; `lost` are volunteers and shifts that can be no longer. Each seat that is
    /// given is checked once more by the rules that decide an assignment, which count work over midnight on both days: what
    /// they refuse stays open.
    #[must_use]
    pub fn seats(
        &self,
        task: &Task,
        stated: &Stated,
        roster: &model::Roster,
        lost: &BTreeSet<(usize, usize)>,
    ) -> Seats {
        let mut duties: Vec<Vec<Duty>> = self.candidates.iter().map(|one| one.duties.clone()).collect();
        let mut seats = Seats::default();
        let mut taken = vec![0; self.shifts.len()];
        let crews = || roster.crews.iter().enumerate().filter(|(shift, _)| !stated.settled[*shift]);
        let after: BTreeSet<(usize, usize)> =
            crews().flat_map(|(shift, crew)| crew.iter().map(move |volunteer| (*volunteer, shift))).collect();
        let mut released: Vec<(usize, usize)> = stated.movable.difference(&after).copied().collect();
        released.sort_by_key(|(volunteer, shift)| (*shift, *volunteer));
        for (volunteer, shift) in released {
            let index = stated.of[shift];
            let name = &self.shifts[index].shift.name;
            duties[volunteer].retain(|duty| duty.shift != *name);
            taken[index] -= 1;
            let person = self.candidates[volunteer].person.name.clone();
            seats.released.push((name.clone(), person, lost.contains(&(volunteer, shift))));
        }
        for (shift, crew) in crews() {
            let index = stated.of[shift];
            let given = crew.iter().filter(|volunteer| !stated.movable.contains(&(**volunteer, shift)));
            let shift = &self.shifts[index].shift;
            let eligibility = Eligibility::of(shift, &self.limits);
            for &volunteer in given {
                let person = &self.candidates[volunteer].person;
                if eligibility.bar(person, &duties[volunteer]).is_none() {
                    let duty = Duty { shift: shift.name.clone(), time: shift.time, state: State::Proposed };
                    duties[volunteer].push(duty);
                    seats.taken.push((shift.name.clone(), person.name.clone()));
                    taken[index] += 1;
                }
            }
        }
        let is_counted =
            |one: &Posted| task.touches(one) && !one.shift.is_cancelled && one.shift.time.end() > self.now;
        let open = self.shifts.iter().zip(taken).filter(|(one, _)| is_counted(one));
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
            if let (Some(shift), Some(person)) = (by_name.get(shift), basis.place_of(volunteer)) {
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
