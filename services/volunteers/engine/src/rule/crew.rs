//! Rules over those who hold shifts together: teams, leaders, groups.

use std::collections::HashMap;

use super::{Rule, pair::has};
use crate::model::Instance;
use crate::state::State;

/// [`Kind::TeamTogether`](crate::model::Kind::TeamTogether)
pub(super) struct TeamTogether {
    team: Vec<Option<usize>>,
}

impl TeamTogether {
    pub(super) fn new(instance: &Instance) -> Self {
        let mut numbers: HashMap<&str, usize> = HashMap::new();
        let mut number = |team| {
            let next = numbers.len();
            *numbers.entry(team).or_insert(next)
        };
        let teams = instance.volunteers.iter().map(|one| one.team.as_str());
        Self { team: teams.map(|team| (!team.is_empty()).then(|| number(team))).collect() }
    }
}

impl Rule for TeamTogether {
    fn delta(&self, state: &State, volunteer: usize, shift: usize) -> i64 {
        let Some(team) = self.team[volunteer] else { return 0 };
        let crew = state.crews[shift].iter().filter(|one| self.team[**one as usize] == Some(team));
        match crew.count() {
            0 => 1,
            1 => -1,
            _ => 0,
        }
    }
}

/// [`Kind::Among`](crate::model::Kind::Among)
pub(super) struct Among {
    pub(super) skill: usize,
    pub(super) from: usize,
}

impl Rule for Among {
    fn delta(&self, state: &State, volunteer: usize, shift: usize) -> i64 {
        let instance = state.problem.instance;
        let skilled = |one: usize| has(&instance.volunteers[one], self.skill, &instance.shifts[shift]);
        let crew = &state.crews[shift];
        if crew.len() + 1 < self.from || crew.iter().any(|one| skilled(*one as usize)) {
            return 0;
        }
        let broken = crew.len() >= self.from;
        i64::from(!skilled(volunteer)) - i64::from(broken)
    }
}

/// [`Kind::GroupsWhole`](crate::model::Kind::GroupsWhole)
pub(crate) struct GroupsWhole {
    members: Vec<Vec<usize>>,
}

impl GroupsWhole {
    pub(crate) fn new(instance: &Instance) -> Self {
        let mut members = vec![Vec::new(); instance.groups.len()];
        for (index, volunteer) in instance.volunteers.iter().enumerate() {
            if let Some(group) = volunteer.group {
                members[group].push(index);
            }
        }
        Self { members }
    }

    /// Groups and days on which they are not whole.
    pub(crate) fn broken(&self, state: &State) -> usize {
        let days = 0..state.problem.instance.days.len();
        let of_day =
            |day| (0..self.members.len()).filter(move |group| self.is_broken(state, *group, day, None));
        days.map(|day| of_day(day).count()).sum()
    }

    /// Whether the group is not whole on the day, with one more member at a place.
    fn is_broken(&self, state: &State, group: usize, day: usize, more: Option<(usize, u32)>) -> bool {
        let stated = &state.problem.instance.groups[group];
        let (mut place, mut apart, mut at_work, mut led) = (None, false, 0, false);
        for &member in &self.members[group] {
            let mut works = false;
            let held = state.held[member].iter().filter(|one| one.slot.day as usize == day);
            let more = more.filter(|more| more.0 == member).map(|more| more.1);
            for at in held.map(|one| one.slot.place).chain(more) {
                works = true;
                apart |= *place.get_or_insert(at) != at;
            }
            at_work += u32::from(works);
            led |= works && stated.leader == Some(member);
        }
        let leaderless = stated.leader.is_some() && !led;
        at_work > 0 && (apart || leaderless || stated.bus.is_some_and(|seats| at_work > seats))
    }
}

impl Rule for GroupsWhole {
    fn delta(&self, state: &State, volunteer: usize, shift: usize) -> i64 {
        let Some(group) = state.problem.instance.volunteers[volunteer].group else { return 0 };
        let slot = &state.problem.slots[shift];
        let day = slot.day as usize;
        let with = self.is_broken(state, group, day, Some((volunteer, slot.place)));
        i64::from(with) - i64::from(self.is_broken(state, group, day, None))
    }
}
