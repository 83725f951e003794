//! What a roster costs: the weights and wishes of a tournament, as data. Hard limits are those of the service plan.

use matchday_roster::model::{Burden, Kind, Minute, Rule, Severity, Span};

use super::hours::NightRule;

/// A limit that may give way at a price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish {
    /// The limit, in its unit.
    pub limit: u32,
    /// What a unit beyond it costs.
    pub weight: i64,
}

/// The rules of a tournament's rosters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RosterRules {
    /// A seat that stays open.
    pub open_seat: i64,
    /// A rest that is shorter than a soft limit.
    pub short_rest: i64,
    /// A minute beyond a soft limit of the day.
    pub long_day_minute: i64,
    /// A minute that somebody works beyond an equal share of all work.
    pub unequal_minute: i64,
    /// A group that is not whole on a day.
    pub broken_group: i64,
    /// Of a repair: somebody who must be told of something new.
    pub person_told: i64,
    /// Of a repair: an assignment taken away.
    pub assignment_taken: i64,
    /// Hours in seven days in a row; a minute beyond.
    pub week_hours: Option<Wish>,
    /// Days of work in a row; a day beyond.
    pub days_in_a_row: Option<Wish>,
    /// Shifts that touch the night; one beyond.
    pub nights: Option<Wish>,
    /// Shifts that everybody holds at least; one too few.
    pub engagement: Option<Wish>,
    /// The skill of which somebody is to be in each shift of several people, and what a shift without costs.
    pub leader: Option<(String, i64)>,
}

impl RosterRules {
    /// The rules before anybody has set some. All weights are assumed: an open seat is worse than any wish, and a change
    /// of a repair lies between the two.
    pub const ASSUMED: Self = Self {
        open_seat: 10_000,
        short_rest: 600,
        long_day_minute: 10,
        unequal_minute: 1,
        broken_group: 60,
        person_told: 2_000,
        assignment_taken: 500,
        week_hours: None,
        days_in_a_row: None,
        nights: None,
        engagement: None,
        leader: None,
    };

    /// The wishes as the engine knows them; `leader` is the number of the leader's skill there, where anybody asks for it.
    pub(super) fn wishes(&self, night: NightRule, leader: Option<usize>) -> Vec<Rule> {
        let wish = |id: &str, kind, weight| Rule { id: id.into(), kind, severity: Severity::Soft { weight } };
        let minutes = |hours: u32| Minute::try_from(hours.saturating_mul(60)).unwrap_or(Minute::MAX);
        let week = self.week_hours.map(|one| ("week", Kind::HoursPerWeek(minutes(one.limit)), one.weight));
        let days =
            self.days_in_a_row.map(|one| ("days-in-a-row", Kind::ConsecutiveDays(one.limit), one.weight));
        let nights = self.nights.map(|one| {
            let of = Burden::Nights(span(night));
            ("nights-shared", Kind::Share { of, most: one.limit }, one.weight)
        });
        let engagement = self.engagement.map(|one| ("engagement", Kind::Engagement(one.limit), one.weight));
        let leader = self.leader.as_ref().zip(leader).map(|((_, weight), skill)| {
            // whoever is alone on a post leads nobody
            ("leader", Kind::Among { skill, from: 2 }, *weight)
        });
        let all = week.into_iter().chain(days).chain(nights).chain(engagement).chain(leader);
        all.map(|(id, kind, weight)| wish(id, kind, weight)).collect()
    }
}

/// The night in minutes since midnight; one that passes midnight ends on the next day.
fn span(night: NightRule) -> Span {
    let minute = |time: matchday_kernel::civil::Time| {
        Minute::from(time.hour()).saturating_mul(60).saturating_add(time.minute().into())
    };
    let (start, end) = (minute(night.start), minute(night.end));
    Span { start, end: if end > start { end } else { end.saturating_add(24 * 60) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_wishes_is_no_rule() {
        assert_eq!(RosterRules::ASSUMED.wishes(NightRule::ASSUMED, Some(0)), []);
    }

    #[test]
    fn each_wish_is_a_rule_with_its_price() {
        let wish = |limit, weight| Some(Wish { limit, weight });
        let rules = RosterRules {
            week_hours: wish(40, 2),
            days_in_a_row: wish(5, 300),
            nights: wish(2, 400),
            engagement: wish(3, 50),
            leader: Some(("leading".into(), 700)),
            ..RosterRules::ASSUMED
        };
        let wishes = rules.wishes(NightRule::ASSUMED, Some(4));
        let told: Vec<(&str, &Kind)> = wishes.iter().map(|rule| (rule.id.as_str(), &rule.kind)).collect();
        let night = Burden::Nights(Span { start: 22 * 60, end: 30 * 60 });
        assert_eq!(
            told,
            [
                ("week", &Kind::HoursPerWeek(2_400)),
                ("days-in-a-row", &Kind::ConsecutiveDays(5)),
                ("nights-shared", &Kind::Share { of: night, most: 2 }),
                ("engagement", &Kind::Engagement(3)),
                ("leader", &Kind::Among { skill: 4, from: 2 }),
            ]
        );
        assert_eq!(wishes[4].severity, Severity::Soft { weight: 700 });
        assert_eq!(rules.wishes(NightRule::ASSUMED, None).len(), 4, "nobody has the skill");
    }
}
