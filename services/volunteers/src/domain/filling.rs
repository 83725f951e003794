//! Filling open seats: who is proposed for which shift, and why seats stay open.
//!
//! Greedy, and the same for the same input: shifts by start; for each seat the eligible volunteer with the least
//! work, among those somebody of a group that is on the shift already, then the first by name.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use matchday_kernel::{Instant, SignedDuration};

use super::{
    assignment::State,
    duty::{Duty, work},
    eligibility::{Bar, Eligibility},
    limits::Limits,
    person::Person,
    shift::Shift,
};

/// A volunteer who may be proposed.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Who.
    pub person: Person,
    /// All the work of the person so far.
    pub duties: Vec<Duty>,
    /// Shifts that the person declined, was taken from by somebody, or did not come to: not proposed again.
    pub refused: BTreeSet<String>,
}

/// A shift with seats left open, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// Name of the shift.
    pub shift: String,
    /// Seats left open.
    pub seats: i32,
    /// How many volunteers each rule keeps away; each counts at the first one. Empty for a shift that was not looked
    /// at, because as many were proposed before as may be at once.
    pub blocked: BTreeMap<&'static str, i32>,
}

/// What filling comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filled {
    /// Shift and volunteer, by name, in the order proposed.
    pub proposals: Vec<(String, String)>,
    /// Shifts with seats left open, by start.
    pub open: Vec<Open>,
}

/// Proposes volunteers for the open seats of shifts, at most `most` of them.
#[must_use]
pub fn fill(mut shifts: Vec<Shift>, mut candidates: Vec<Candidate>, limits: &Limits, most: usize) -> Filled {
    shifts.sort_by(|one, other| (one.time, &one.name).cmp(&(other.time, &other.name)));
    candidates.sort_by(|one, other| one.person.name.cmp(&other.person.name));
    let mut crew = Crew::of(candidates);
    let mut proposals = Vec::new();
    let mut looked_at = 0;
    for shift in &mut shifts {
        let left = most - proposals.len();
        if left == 0 {
            break;
        }
        looked_at += 1;
        let able = crew.able(shift);
        let seats = usize::try_from(shift.open_seats()).unwrap_or_default().min(left);
        for index in crew.pick(&Eligibility::of(shift, limits), shift, &able, seats) {
            proposals.push((shift.name.clone(), crew.candidates[index].person.name.clone()));
            shift.seats = shift.seats.count(None, State::Proposed);
            crew.take(index, shift);
        }
    }
    // what was proposed later may keep people away as well: the reasons are told as they are in the end
    let open = (0..).zip(&shifts).filter(|(_, shift)| shift.open_seats() > 0).map(|(place, shift)| {
        let is_looked_at = place < looked_at;
        let eligibility = is_looked_at.then(|| Eligibility::of(shift, limits));
        let blocked = eligibility.map(|eligibility| crew.blocked(&eligibility, shift)).unwrap_or_default();
        Open { shift: shift.name.clone(), seats: shift.open_seats(), blocked }
    });
    Filled { open: open.collect(), proposals }
}

/// The volunteers, by work and by group.
struct Crew {
    candidates: Vec<Candidate>,
    work: Vec<SignedDuration>,
    /// Work and place in `candidates`, which is the order of names.
    by_work: BTreeSet<(SignedDuration, usize)>,
    /// The same within each group.
    by_group: BTreeMap<String, BTreeSet<(SignedDuration, usize)>>,
    /// The groups that are on each shift.
    on_shift: BTreeMap<String, BTreeSet<String>>,
    /// Who has the skills and a language, for all skills and languages asked for so far.
    able: BTreeMap<Wanted, Rc<[bool]>>,
}

/// Skills and languages that a shift asks for.
type Wanted = (Vec<String>, Vec<String>);

/// The picking for one shift.
struct Round<'a> {
    eligibility: &'a Eligibility<'a>,
    shift: &'a Shift,
    /// Who has the skills and a language.
    able: &'a [bool],
    seats: usize,
    /// Who was looked at, and is able.
    known: BTreeSet<usize>,
    picked: Vec<usize>,
}

impl Round<'_> {
    fn is_done(&self) -> bool {
        self.picked.len() >= self.seats
    }
}

impl Crew {
    fn of(candidates: Vec<Candidate>) -> Self {
        let work: Vec<SignedDuration> = candidates.iter().map(|one| work(&one.duties)).collect();
        let by_work = work.iter().copied().zip(0..).collect();
        let mut by_group: BTreeMap<String, BTreeSet<_>> = BTreeMap::new();
        let mut on_shift: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let in_groups = candidates.iter().enumerate().filter(|(_, one)| !one.person.group.is_empty());
        for (index, Candidate { person, duties, .. }) in in_groups {
            by_group.entry(person.group.clone()).or_default().insert((work[index], index));
            for duty in duties {
                on_shift.entry(duty.shift.clone()).or_default().insert(person.group.clone());
            }
        }
        Self { candidates, work, by_work, by_group, on_shift, able: BTreeMap::new() }
    }

    /// Who has the skills of a shift and speaks one of its languages. Many shifts ask for the same.
    fn able(&mut self, shift: &Shift) -> Rc<[bool]> {
        let wanted = (shift.skills.clone(), shift.languages.clone());
        let is_able = |candidate: &Candidate| {
            // what expires before a shift keeps the person from that one alone
            candidate.person.lacks(&shift.skills, Instant::MIN).is_none()
                && candidate.person.speaks_one_of(&shift.languages)
        };
        let able = self.able.entry(wanted).or_insert_with(|| self.candidates.iter().map(is_able).collect());
        able.clone()
    }

    /// The first rule that keeps a candidate from a shift: `None` when none does, `Some("")` when the person is on
    /// it already.
    fn rule(&self, index: usize, eligibility: &Eligibility<'_>, shift: &Shift) -> Option<&'static str> {
        let Candidate { person, duties, refused } = &self.candidates[index];
        if duties.iter().any(|duty| duty.shift == shift.name) {
            return Some("");
        }
        if refused.contains(&shift.name) {
            return Some("ASSIGNMENT_STATE");
        }
        eligibility.bar(person, duties).as_ref().map(Bar::rule)
    }

    /// Picks for so many seats of a shift.
    fn pick(&self, eligibility: &Eligibility<'_>, shift: &Shift, able: &[bool], seats: usize) -> Vec<usize> {
        let mut round = Round { eligibility, shift, able, seats, known: BTreeSet::new(), picked: Vec::new() };
        if round.is_done() {
            return round.picked;
        }
        let on_shift = self.on_shift.get(&shift.name);
        let mut on_shift: BTreeSet<&str> = on_shift.into_iter().flatten().map(String::as_str).collect();
        let mut level = None;
        for &(work, index) in &self.by_work {
            if level != Some(work) {
                level = Some(work);
                for group in &on_shift {
                    self.pick_of_group(&mut round, group, work);
                }
            }
            if round.is_done() {
                break;
            }
            let group = self.candidates[index].person.group.as_str();
            if self.try_pick(&mut round, index) && !group.is_empty() && on_shift.insert(group) {
                self.pick_of_group(&mut round, group, work);
            }
        }
        round.picked
    }

    /// Picks those of a group with just so much work.
    fn pick_of_group(&self, round: &mut Round<'_>, group: &str, work: SignedDuration) {
        let members =
            self.by_group.get(group).into_iter().flat_map(|of| of.range((work, 0)..=(work, usize::MAX)));
        for &(_, index) in members {
            if round.is_done() {
                return;
            }
            self.try_pick(round, index);
        }
    }

    /// Picks a candidate, unless a rule keeps the person away; says whether it did.
    fn try_pick(&self, round: &mut Round<'_>, index: usize) -> bool {
        let is_free = round.able[index]
            && round.known.insert(index)
            && self.rule(index, round.eligibility, round.shift).is_none();
        if is_free {
            round.picked.push(index);
        }
        is_free
    }

    /// Gives a candidate a shift.
    fn take(&mut self, index: usize, shift: &Shift) {
        let candidate = &mut self.candidates[index];
        candidate.duties.push(Duty { shift: shift.name.clone(), time: shift.time, state: State::Proposed });
        let before = self.work[index];
        let now = before.saturating_add(shift.time.duration());
        self.work[index] = now;
        self.by_work.remove(&(before, index));
        self.by_work.insert((now, index));
        if let Some(group) = self.by_group.get_mut(&candidate.person.group) {
            group.remove(&(before, index));
            group.insert((now, index));
            self.on_shift.entry(shift.name.clone()).or_default().insert(candidate.person.group.clone());
        }
    }

    /// How many volunteers each rule keeps from a shift.
    fn blocked(&self, eligibility: &Eligibility<'_>, shift: &Shift) -> BTreeMap<&'static str, i32> {
        let mut blocked = BTreeMap::new();
        let rules = (0..self.candidates.len()).filter_map(|index| self.rule(index, eligibility, shift));
        for rule in rules.filter(|rule| !rule.is_empty()) {
            *blocked.entry(rule).or_insert(0) += 1;
        }
        blocked
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::{
        duty::tests::duty,
        limits::tests::limits,
        shift::tests::{between, shift},
    };

    fn candidate(id: &str, group: &str) -> Candidate {
        let person = Person { name: format!("v/{id}"), group: group.into(), ..Person::default() };
        Candidate { person, duties: vec![], refused: BTreeSet::new() }
    }

    fn proposed(filled: &Filled) -> Vec<String> {
        let last = |name: &str| name.rsplit('/').next().unwrap_or_default().to_owned();
        filled
            .proposals
            .iter()
            .map(|(shift, volunteer)| format!("{}:{}", last(shift), last(volunteer)))
            .collect()
    }

    #[test]
    fn the_least_work_comes_first_then_the_group_then_the_name() {
        let mut busy = candidate("a", "g1");
        busy.duties = vec![duty("old", -1440, -1400, State::SignedOut)];
        let crew = vec![busy, candidate("b", "g1"), candidate("c", "g2"), candidate("d", "g1")];
        let filled = fill(vec![shift("s", 0, 60, 3)], crew, &limits(true), 100);
        assert_eq!(proposed(&filled), ["s:b", "s:d", "s:c"]);
        assert!(filled.open.is_empty());
    }

    #[test]
    fn a_group_that_is_on_the_shift_is_kept_together() {
        let mut there = candidate("z", "g2");
        there.duties = vec![duty("s", 0, 60, State::Accepted)];
        let mut wanted = shift("s", 0, 60, 2);
        wanted.seats = wanted.seats.count(None, State::Accepted);
        let crew = vec![candidate("a", "g1"), candidate("y", "g2"), there];
        assert_eq!(proposed(&fill(vec![wanted], crew, &limits(true), 100)), ["s:y"]);
    }

    #[test]
    fn every_open_seat_says_how_many_each_rule_keeps_away() {
        let mut wanted = shift("s", 600, 700, 3);
        wanted.skills = vec!["driving".into()];
        let able = |id: &str| {
            let mut able = candidate(id, "");
            able.person.skills = vec!["driving".into()];
            able
        };
        let mut busy = able("busy");
        busy.duties = vec![duty("other", 650, 800, State::Accepted)];
        let mut declined = able("declined");
        declined.refused.insert(wanted.name.clone());
        let mut tired = able("tired");
        tired.duties = vec![duty("late", 0, 20, State::Accepted), duty("night", -60, -1, State::SignedOut)];
        let crew = vec![busy, declined, tired, candidate("unable", ""), able("free")];
        let filled = fill(vec![wanted], crew, &limits(true), 100);
        assert_eq!(proposed(&filled), ["s:free"]);
        let blocked: Vec<(&str, i32)> =
            filled.open[0].blocked.iter().map(|(rule, count)| (*rule, *count)).collect();
        assert_eq!(
            blocked,
            [("ASSIGNMENT_STATE", 1), ("SHIFT_LIMIT", 1), ("SHIFT_OVERLAP", 1), ("SHIFT_REQUIREMENT", 1)]
        );
        assert_eq!(filled.open[0].seats, 2);
    }

    #[test]
    fn at_most_so_many_are_proposed() {
        let crew = (0..9).map(|number| candidate(&format!("v{number}"), "")).collect();
        let filled = fill(vec![shift("s", 0, 60, 5)], crew, &limits(true), 3);
        assert_eq!((filled.proposals.len(), filled.open[0].seats), (3, 2));
    }

    prop_compose! {
        fn shifts()(
            drawn in prop::collection::vec((0i64..4000, 30i64..600, 1i32..5, 0usize..3), 1..12),
        ) -> Vec<Shift> {
            drawn.into_iter().enumerate().map(|(index, (start, length, headcount, skill))| {
                let mut one = shift(&format!("s{index}"), start, start + length, headcount);
                one.skills = ["", "driving", "radio"][skill].split_whitespace().map(str::to_owned).collect();
                one
            }).collect()
        }
    }

    prop_compose! {
        fn crew()(
            drawn in prop::collection::vec((0usize..3, 0usize..4, prop::option::of(0i64..3000)), 0..14),
        ) -> Vec<Candidate> {
            drawn.into_iter().enumerate().map(|(index, (group, skills, from))| {
                let mut one = candidate(&format!("v{index:02}"), ["", "g1", "g2"][group]);
                let skills = ["", "driving", "radio", "driving radio"][skills];
                one.person.skills = skills.split_whitespace().map(str::to_owned).collect();
                one.person.availability = from.map(|from| between(from, from + 2000)).into_iter().collect();
                one
            }).collect()
        }
    }

    proptest! {
        /// Whatever is asked for: the same input gives the same roster, no rule is broken, no seat given twice.
        #[test]
        fn filling_is_steady_and_breaks_no_rule(shifts in shifts(), crew in crew()) {
            let limits = limits(true);
            let filled = fill(shifts.clone(), crew.clone(), &limits, usize::MAX);
            let (mut turned_shifts, mut turned_crew) = (shifts.clone(), crew.clone());
            turned_shifts.reverse();
            turned_crew.reverse();
            prop_assert_eq!(&fill(turned_shifts, turned_crew, &limits, usize::MAX), &filled);

            let mut duties: BTreeMap<String, Vec<Duty>> = BTreeMap::new();
            let mut taken: BTreeMap<String, i32> = BTreeMap::new();
            for (shift, volunteer) in &filled.proposals {
                let shift = shifts.iter().find(|one| one.name == *shift).unwrap();
                let candidate = crew.iter().find(|one| one.person.name == *volunteer).unwrap();
                let held = duties.entry(volunteer.clone()).or_default();
                prop_assert!(held.iter().all(|duty| duty.shift != shift.name));
                prop_assert_eq!(Eligibility::of(shift, &limits).check(&candidate.person, held), Ok(()));
                held.push(Duty { shift: shift.name.clone(), time: shift.time, state: State::Proposed });
                *taken.entry(shift.name.clone()).or_default() += 1;
            }
            for shift in &shifts {
                let taken = taken.get(&shift.name).copied().unwrap_or_default();
                prop_assert!(taken <= shift.headcount);
                let open = filled.open.iter().find(|open| open.shift == shift.name).map_or(0, |open| open.seats);
                prop_assert_eq!(taken + open, shift.headcount);
            }
            // every open seat can say of each volunteer why it is not that person's
            for open in &filled.open {
                let on = filled.proposals.iter().filter(|(shift, _)| *shift == open.shift).count();
                let blocked: i32 = open.blocked.values().sum();
                prop_assert_eq!(usize::try_from(blocked).unwrap() + on, crew.len());
            }
        }
    }
}
