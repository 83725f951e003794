//! What breaks each kind of rule, counted from the whole roster.

use std::collections::{BTreeMap, BTreeSet};

use super::Violation;
use crate::model::{Burden, Instance, Kind, Limits, Minute, Roster, Shift, Span};

/// A roster, by person.
pub(super) struct Judge<'j> {
    instance: &'j Instance,
    roster: &'j Roster,
    /// Of each volunteer the shifts, by start.
    held: Vec<Vec<usize>>,
    /// Of each shift the day it begins on.
    day: Vec<usize>,
}

impl<'j> Judge<'j> {
    pub(super) fn new(instance: &'j Instance, roster: &'j Roster) -> Self {
        let mut held = vec![Vec::new(); instance.volunteers.len()];
        for (shift, crew) in roster.crews.iter().enumerate() {
            for one in crew {
                held[*one].push(shift);
            }
        }
        for own in &mut held {
            own.sort_by_key(|shift| instance.shifts[*shift].span);
        }
        let day_of =
            |shift: &Shift| instance.days.iter().rposition(|start| *start <= shift.span.start).unwrap_or(0);
        Self { instance, roster, held, day: instance.shifts.iter().map(day_of).collect() }
    }

    /// What breaks a rule.
    pub(super) fn violations(&self, kind: &Kind) -> Vec<Violation> {
        match kind {
            Kind::Travel { lateness } => {
                self.pairs(|_, one, other| self.is_rushed(one, other, *lateness), "no time for the way")
            }
            Kind::Rest(minutes) => self.pairs(
                |volunteer, one, other| {
                    let least = self.limit(volunteer, *minutes, |own| own.rest);
                    self.day[one] != self.day[other] && self.gap(one, other) < least
                },
                "too little rest",
            ),
            Kind::HoursPerDay(most) => self.sums(1, *most, |own| own.day, "on one day"),
            Kind::HoursPerWeek(most) => self.sums(7, *most, |own| own.week, "in seven days"),
            Kind::HoursInAll(most) => self.persons(|volunteer| {
                let beyond =
                    self.minutes(&self.held[volunteer]) - self.limit(volunteer, *most, |own| own.total);
                (i64::from(beyond), format!("works {beyond} minutes beyond the limit"))
            }),
            Kind::ConsecutiveDays(most) => self.persons(|volunteer| {
                let most = self.limit(volunteer, *most, |own| own.consecutive);
                let beyond: i64 =
                    self.runs(volunteer).into_iter().map(|run| (run - i64::from(most)).max(0)).sum();
                (beyond, format!("works {beyond} days in a row beyond {most}"))
            }),
            Kind::Breaks { work, pause } => self.persons(|volunteer| {
                let long =
                    self.stretches(volunteer, *pause).into_iter().filter(|minutes| minutes > work).count();
                (count(long), format!("works {long} times more than {work} minutes without {pause} of pause"))
            }),
            Kind::Minors { age, during } => self.seats("is too young for", |volunteer, shift| {
                let young = self.instance.volunteers[volunteer].age.is_some_and(|own| own < *age);
                i64::from(young && self.is_within(shift, *during))
            }),
            Kind::Commute(most) => self.seats("has a long way from home to", |volunteer, shift| {
                let home = self.instance.volunteers[volunteer].home;
                let place = self.instance.shifts[shift].place;
                i64::from(home.is_some_and(|home| self.way(home, place) > *most))
            }),
            Kind::PreferredPlace => self.seats("prefers other places than that of", |volunteer, shift| {
                let prefers = &self.instance.volunteers[volunteer].prefers;
                let place = self.instance.shifts[shift].place;
                i64::from(!prefers.is_empty() && prefers.iter().all(|one| *one != place))
            }),
            Kind::AvoidedTimes => self.seats("does not like the start of", |volunteer, shift| {
                let clock = self.instance.shifts[shift].span.start - self.instance.days[self.day[shift]];
                let avoids = &self.instance.volunteers[volunteer].avoids;
                count(avoids.iter().filter(|one| one.start <= clock && clock < one.end).count())
            }),
            Kind::Engagement(least) => self.persons(|volunteer| {
                let least = self.limit(volunteer, *least, |own| own.engagement);
                let short = i64::from(least) - count(self.held[volunteer].len());
                (short, format!("holds {short} shifts less than {least}"))
            }),
            Kind::Share { of, most } => self.persons(|volunteer| {
                let borne = self.held[volunteer].iter().filter(|shift| self.is_burden(**shift, of)).count();
                let beyond = count(borne) - i64::from(*most);
                (beyond, format!("bears {borne} burdens, and the share is {most}"))
            }),
            Kind::Continuity => self.persons(|volunteer| {
                let posts: BTreeSet<usize> =
                    self.held[volunteer].iter().map(|shift| self.instance.shifts[*shift].post).collect();
                let wishes = self.instance.volunteers[volunteer].continuity;
                let others = if wishes { count(posts.len()) - 1 } else { 0 };
                (others, format!("works at {} posts and wishes one", posts.len()))
            }),
            Kind::TeamTogether => self.seats("works without the team in", |volunteer, shift| {
                let team = &self.instance.volunteers[volunteer].team;
                let mut others = self.roster.crews[shift].iter().filter(|one| **one != volunteer);
                let alone = others.all(|one| self.instance.volunteers[*one].team != *team);
                i64::from(!team.is_empty() && alone)
            }),
            Kind::Among { skill, from } => self.among(*skill, *from as usize),
            Kind::GroupsWhole => self.broken_groups(),
        }
    }

    /// Groups that are not whole, by day.
    pub(super) fn broken_groups(&self) -> Vec<Violation> {
        let mut found = Vec::new();
        for (number, group) in self.instance.groups.iter().enumerate() {
            let mut days: BTreeMap<usize, (BTreeSet<usize>, BTreeSet<usize>)> = BTreeMap::new();
            for (volunteer, own) in self.held.iter().enumerate() {
                if self.instance.volunteers[volunteer].group == Some(number) {
                    for shift in own {
                        let (people, places) = days.entry(self.day[*shift]).or_default();
                        people.insert(volunteer);
                        places.insert(self.instance.shifts[*shift].place);
                    }
                }
            }
            for (day, (people, places)) in days {
                let led = group.leader.is_none_or(|leader| people.contains(&leader));
                let seated = group.bus.is_none_or(|seats| people.len() <= seats as usize);
                if places.len() > 1 || !led || !seated {
                    let sentence = format!(
                        "group {} is not whole on day {}: {} people at {} places, {} leader",
                        group.id,
                        day + 1,
                        people.len(),
                        places.len(),
                        if led { "with their" } else { "without their" },
                    );
                    let volunteers = people.into_iter().collect();
                    found.push(Violation { units: 1, volunteers, shifts: vec![], sentence });
                }
            }
        }
        found
    }

    fn limit<T>(&self, volunteer: usize, rule: T, own: fn(&Limits) -> Option<T>) -> T {
        own(&self.instance.volunteers[volunteer].limits).unwrap_or(rule)
    }

    fn gap(&self, one: usize, other: usize) -> Minute {
        let (a, b) = (self.instance.shifts[one].span, self.instance.shifts[other].span);
        (b.start - a.end).max(a.start - b.end)
    }

    fn way(&self, from: usize, to: usize) -> Minute {
        if self.instance.travel.is_empty() { 0 } else { self.instance.travel[from][to] }
    }

    fn is_rushed(&self, one: usize, other: usize, lateness: Minute) -> bool {
        let (a, b) = (self.instance.shifts[one].place, self.instance.shifts[other].place);
        a != b && self.gap(one, other) < self.way(a, b) - lateness
    }

    fn is_within(&self, shift: usize, daily: Span) -> bool {
        let midnight = self.instance.days[self.day[shift]];
        let span = self.instance.shifts[shift].span;
        (span.start - midnight..span.end - midnight).any(|minute| {
            [-1_440, 0, 1_440].iter().any(|by| (daily.start..daily.end).contains(&(minute + by)))
        })
    }

    fn is_burden(&self, shift: usize, of: &Burden) -> bool {
        match of {
            Burden::Nights(night) => self.is_within(shift, *night),
            Burden::Days(days) => days.contains(&self.day[shift]),
            Burden::Posts(posts) => posts.contains(&self.instance.shifts[shift].post),
        }
    }

    fn minutes(&self, shifts: &[usize]) -> Minute {
        let spans = shifts.iter().map(|shift| self.instance.shifts[*shift].span);
        spans.map(|span| span.end - span.start).sum()
    }

    /// Lengths of the runs of days of work.
    fn runs(&self, volunteer: usize) -> Vec<i64> {
        let days: BTreeSet<usize> = self.held[volunteer].iter().map(|shift| self.day[*shift]).collect();
        let firsts = days.iter().filter(|day| **day == 0 || !days.contains(&(**day - 1)));
        firsts
            .map(|first| {
                count((*first..self.instance.days.len()).take_while(|day| days.contains(day)).count())
            })
            .collect()
    }

    /// Minutes of the stretches of work with no pause as long as that.
    fn stretches(&self, volunteer: usize, pause: Minute) -> Vec<Minute> {
        let mut stretches: Vec<Span> = Vec::new();
        for shift in &self.held[volunteer] {
            let span = self.instance.shifts[*shift].span;
            match stretches.last_mut() {
                Some(last) if span.start - last.end < pause => last.end = last.end.max(span.end),
                _ => stretches.push(span),
            }
        }
        stretches.into_iter().map(|span| span.end - span.start).collect()
    }

    fn persons(&self, units: impl Fn(usize) -> (i64, String)) -> Vec<Violation> {
        let people = 0..self.held.len();
        let counted =
            people.map(|volunteer| (volunteer, units(volunteer))).filter(|(_, (units, _))| *units > 0);
        let violations = counted.map(|(volunteer, (units, what))| Violation {
            units,
            volunteers: vec![volunteer],
            shifts: self.held[volunteer].clone(),
            sentence: format!("{} {what}", self.instance.volunteers[volunteer].id),
        });
        violations.collect()
    }

    fn seats(&self, what: &str, units: impl Fn(usize, usize) -> i64) -> Vec<Violation> {
        let mut found = Vec::new();
        for (volunteer, own) in self.held.iter().enumerate() {
            for &shift in own {
                let units = units(volunteer, shift);
                if units > 0 {
                    let (person, id) =
                        (&self.instance.volunteers[volunteer].id, &self.instance.shifts[shift].id);
                    let sentence = format!("{person} {what} shift {id}");
                    found.push(Violation {
                        units,
                        volunteers: vec![volunteer],
                        shifts: vec![shift],
                        sentence,
                    });
                }
            }
        }
        found
    }

    fn pairs(&self, is_broken: impl Fn(usize, usize, usize) -> bool, what: &str) -> Vec<Violation> {
        let mut found = Vec::new();
        for (volunteer, own) in self.held.iter().enumerate() {
            for (at, &one) in own.iter().enumerate() {
                for &other in own[at + 1..].iter().filter(|other| is_broken(volunteer, one, **other)) {
                    let sentence = format!(
                        "{} has {what}: {} minutes between shifts {} and {}",
                        self.instance.volunteers[volunteer].id,
                        self.gap(one, other),
                        self.instance.shifts[one].id,
                        self.instance.shifts[other].id,
                    );
                    found.push(Violation {
                        units: 1,
                        volunteers: vec![volunteer],
                        shifts: vec![one, other],
                        sentence,
                    });
                }
            }
        }
        found
    }

    /// Work beyond a limit in windows of so many days, the first of which may lie before the first day.
    fn sums(
        &self,
        days: usize,
        most: Minute,
        own: fn(&Limits) -> Option<Minute>,
        when: &str,
    ) -> Vec<Violation> {
        self.persons(|volunteer| {
            let most = self.limit(volunteer, most, own);
            let beyond: i64 = (0..self.instance.days.len())
                .map(|first| {
                    let window = first..first + days;
                    let inside =
                        self.held[volunteer].iter().filter(|shift| window.contains(&self.day[**shift]));
                    let inside: Vec<usize> = inside.copied().collect();
                    i64::from((self.minutes(&inside) - most).max(0))
                })
                .sum();
            (beyond, format!("works {beyond} minutes beyond {most} {when}"))
        })
    }

    fn among(&self, skill: usize, from: usize) -> Vec<Violation> {
        let crews = self.roster.crews.iter().enumerate().filter(|(_, crew)| crew.len() >= from);
        let lacking = crews.filter(|(shift, crew)| {
            let span = self.instance.shifts[*shift].span;
            !crew.iter().flat_map(|one| &self.instance.volunteers[*one].skills).any(|own| {
                own.skill == skill
                    && own.valid.is_none_or(|valid| valid.start <= span.start && span.end <= valid.end)
            })
        });
        let violations = lacking.map(|(shift, crew)| Violation {
            units: 1,
            volunteers: crew.clone(),
            shifts: vec![shift],
            sentence: format!(
                "none of the {} people of shift {} has the skill {}",
                crew.len(),
                self.instance.shifts[shift].id,
                self.instance.skills[skill]
            ),
        });
        violations.collect()
    }
}

fn count(things: usize) -> i64 {
    i64::try_from(things).unwrap_or(i64::MAX)
}
