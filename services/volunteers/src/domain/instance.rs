//! A tournament's volunteers and shifts as the roster engine knows them, and what it has found as seats.
//!
//! The open seats of a shift, with those who may move, are one shift of the engine; those who stay on it are another,
//! which is settled: what they do counts, and stays. A skill or language that no open shift asks for is left out. Minutes
//! count from the midnight before the first shift.

mod calendar;
mod seats;
mod task;

use std::collections::{BTreeMap, BTreeSet};

use matchday_kernel::{Instant, Interval, SignedDuration, Zone};
use matchday_roster::model::{
    self, Group, Instance, Kind, Minute, Qualification, Rule, Severity, Span, Volunteer,
};

use super::{
    assignment::State, duty::Duty, filling::Candidate, hours::NightRule, limits::Limits,
    roster_rules::RosterRules, shift::Shift,
};
use calendar::Calendar;
pub use seats::Seats;
pub use task::{Purpose, Standing, Task};

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
    /// Whether nobody is put on it or moved from it: the phase of its day does not allow it.
    pub is_closed: bool,
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
    /// What a roster costs.
    pub rules: RosterRules,
    /// When it is night.
    pub night: NightRule,
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

impl Basis {
    /// Whether seats of a shift are to be filled.
    #[must_use]
    pub fn is_open(&self, shift: &Shift) -> bool {
        !shift.is_cancelled && shift.time.end() > self.now && shift.open_seats() > 0
    }

    /// Closes the shifts that a phase keeps as they are.
    pub fn close_where(&mut self, is_closed: impl Fn(&Shift, &Zone) -> bool) {
        for one in &mut self.shifts {
            one.is_closed = is_closed(&one.shift, &self.limits.zone);
        }
    }

    /// The place of a volunteer among the candidates; `None` of somebody unknown.
    #[must_use]
    pub fn candidate(&self, volunteer: &str) -> Option<usize> {
        self.candidates.binary_search_by(|one| one.person.name.as_str().cmp(volunteer)).ok()
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
                    priority: self.rules.open_seat,
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
        let leader = self.rules.leader.as_ref().map(|(skill, _)| lists.skills.number(skill));
        let (groups, group_of) = self.groups();
        let volunteers = self.candidates.iter().zip(group_of).map(|(candidate, group)| {
            let person = &candidate.person;
            let skills = person.skills.iter().filter_map(|skill| lists.skills.known(skill));
            let for_good = skills.map(|skill| Qualification { skill, valid: None });
            let learned = person.learned.iter().filter_map(|(skill, expires)| {
                let valid = Some(calendar.until(*expires)?);
                Some(Qualification { skill: lists.skills.known(skill)?, valid })
            });
            Volunteer {
                id: id(&person.name).to_owned(),
                skills: for_good.chain(learned).collect(),
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
            rules: self.priced(&shifts, leader),
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
        self.candidate(volunteer)
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

    fn priced(&self, shifts: &[model::Shift], leader: Option<usize>) -> Vec<Rule> {
        let severity = |is_hard, weight| if is_hard { Severity::Hard } else { Severity::Soft { weight } };
        let minutes = |length: SignedDuration| Minute::try_from(length.as_mins()).unwrap_or(Minute::MAX);
        let rest = self.limits.rest.map(|limit| {
            let severity = severity(limit.is_hard, self.rules.short_rest);
            Rule { id: REST.into(), kind: Kind::Rest(minutes(limit.value)), severity }
        });
        let day = self.limits.day.map(|limit| {
            let severity = severity(limit.is_hard, self.rules.long_day_minute);
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
            wish("equal-share", Kind::HoursInAll(share), self.rules.unequal_minute),
            wish("groups-whole", Kind::GroupsWhole, self.rules.broken_group),
        ];
        let more = self.rules.wishes(self.night, leader);
        rest.into_iter().chain(day).chain(wishes).chain(more).collect()
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

#[cfg(test)]
mod tests;
