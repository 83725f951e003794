//! What no roster can cost less than, from a price of each shift's seats.
//!
//! Lagrange's relaxation of the headcounts: each person, alone, takes the shifts whose price exceeds what they cost the
//! person. For prices `p`, no higher than the priorities, no roster costs less than the sum of `p` over all seats less
//! what the persons gain. Any prices give a bound; good ones give a close one. Rules that the relaxation does not look
//! at can only raise the cost of a roster. All in whole thousandths: nothing is rounded.

mod diary;
mod plans;
mod prices;

pub(crate) use prices::Ascent;

use diary::{Best, Person};
use plans::{Apart, Item};

use crate::lanes;
use crate::model::{Instance, Kind, Limits, Minute, Severity};
use crate::problem::{Problem, Slot};

/// Parts of the cost in which prices are counted.
pub const PARTS: i64 = 1_000;

/// Finds a bound from prices of shifts, in thousandths of the cost; prices above a shift's priority count as that.
/// The instance has no fault that [`validate`](crate::validate::validate) finds.
///
/// # Panics
/// If there are not as many prices as shifts.
#[must_use]
pub fn bound(instance: &Instance, prices: &[i64]) -> i64 {
    Relaxation::new(&Problem::new(instance)).bound(prices, 1)
}

/// A problem, relaxed.
pub(crate) struct Relaxation<'p, 'i> {
    problem: &'p Problem<'i>,
    people: Vec<Person>,
    ways: Ways<'i>,
}

/// What keeps two shifts of a day apart: time, and ways.
struct Ways<'i> {
    instance: &'i Instance,
    /// Minutes by which a person may be late; `None` where ways are no hard rule.
    lateness: Option<Minute>,
}

impl Apart for Ways<'_> {
    fn may(&self, first: &Slot, second: &Slot) -> bool {
        let way = match self.lateness {
            Some(lateness) if first.place != second.place => {
                self.instance.way(first.place as usize, second.place as usize) - lateness
            }
            _ => 0,
        };
        second.start - first.end >= way.max(0)
    }
}

impl<'p, 'i> Relaxation<'p, 'i> {
    pub(crate) fn new(problem: &'p Problem<'i>) -> Self {
        let instance = problem.instance;
        let hard = || instance.rules.iter().filter(|rule| rule.severity == Severity::Hard);
        let lateness = hard().filter_map(|rule| match rule.kind {
            Kind::Travel { lateness } => Some(lateness),
            _ => None,
        });
        let people = instance.volunteers.iter().map(|volunteer| {
            let mut person = Person {
                day: Minute::MAX,
                total: Minute::MAX,
                rest: 0,
                consecutive: usize::MAX,
                engagement: Vec::new(),
            };
            for rule in &instance.rules {
                person.heed(&rule.kind, rule.severity, &volunteer.limits);
            }
            person
        });
        Self { problem, people: people.collect(), ways: Ways { instance, lateness: lateness.min() } }
    }

    /// What the person does at these prices.
    fn best(&self, volunteer: usize, prices: &[i64]) -> Best {
        let mut items: Vec<Item> = Vec::new();
        let floor = -self.people[volunteer].engagement.first().copied().unwrap_or(0);
        for offer in &self.problem.offers[volunteer] {
            let shift = offer.to as usize;
            let value = prices[shift] - offer.cost * PARTS;
            if value > floor {
                items.push(Item { shift: offer.to, slot: self.problem.slots[shift], value });
            }
        }
        items.sort_by_key(|item| (item.slot.start, item.slot.end));
        diary::best(&self.people[volunteer], &items, &self.ways)
    }

    /// The price as it counts: no higher than the priority.
    fn capped(&self, shift: usize, price: i64) -> i64 {
        price.min(self.problem.priority(shift) * PARTS)
    }

    /// Prices as they count.
    pub(crate) fn all_capped(&self, prices: &[i64]) -> Vec<i64> {
        prices.iter().enumerate().map(|(shift, price)| self.capped(shift, *price)).collect()
    }

    /// What the person gains at most, in thousandths.
    pub(crate) fn gain(&self, volunteer: usize, prices: &[i64]) -> i64 {
        self.best(volunteer, prices).value
    }

    /// What it costs, in thousandths, that the person holds no more shifts than that.
    pub(crate) fn engagement(&self, volunteer: usize, shifts: usize) -> i64 {
        self.people[volunteer].engagement.get(shifts).copied().unwrap_or(0)
    }

    /// The bound that prices give, rounded up to a whole cost.
    pub(crate) fn bound(&self, prices: &[i64], threads: usize) -> i64 {
        let exact = self.exact_bound(&self.all_capped(prices), threads);
        exact.div_euclid(PARTS) + i64::from(exact.rem_euclid(PARTS) > 0)
    }

    /// The bound that prices no higher than priorities give, in thousandths.
    pub(crate) fn exact_bound(&self, prices: &[i64], threads: usize) -> i64 {
        let seats = self.problem.instance.shifts.iter().zip(prices);
        let all: i64 = seats.map(|(shift, price)| i64::from(shift.headcount) * price).sum();
        let people: Vec<usize> = (0..self.people.len()).collect();
        let lane = people.len().div_ceil(lanes::count(people.len())).max(1);
        let gain = |lane: &[usize]| lane.iter().map(|one| self.gain(*one, prices)).sum::<i64>();
        let gains = lanes::each(people.chunks(lane).collect(), threads, gain);
        self.problem.base * PARTS + all - gains.into_iter().sum::<i64>()
    }
}

impl Person {
    fn heed(&mut self, kind: &Kind, severity: Severity, own: &Limits) {
        match (kind, severity) {
            (Kind::HoursPerDay(most), Severity::Hard) => self.day = self.day.min(own.day.unwrap_or(*most)),
            (Kind::HoursInAll(most), Severity::Hard) => {
                self.total = self.total.min(own.total.unwrap_or(*most));
            }
            (Kind::Rest(least), Severity::Hard) => self.rest = self.rest.max(own.rest.unwrap_or(*least)),
            (Kind::ConsecutiveDays(most), Severity::Hard) => {
                let most = own.consecutive.unwrap_or(*most) as usize;
                self.consecutive = self.consecutive.min(most);
            }
            (Kind::Engagement(least), Severity::Soft { weight }) => {
                let least = own.engagement.unwrap_or(*least) as usize;
                self.engagement.resize(self.engagement.len().max(least), 0);
                for (count, cost) in self.engagement[..least].iter_mut().enumerate() {
                    *cost += weight * PARTS * i64::try_from(least - count).unwrap_or(i64::MAX);
                }
            }
            _ => {}
        }
    }
}
