//! Tie-breakers, and the orders that have names.

/// What puts one team before another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Criterion {
    /// More points.
    Points,
    /// A better goal difference.
    GoalDifference,
    /// More goals.
    Goals,
    /// More matches won.
    Wins,
    /// More points among the teams that are equal.
    HeadToHeadPoints,
    /// A better goal difference among them.
    HeadToHeadGoalDifference,
    /// More goals among them.
    HeadToHeadGoals,
    /// Lots that were recorded.
    Lots,
}

/// Points of a match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Points {
    /// For who wins.
    pub won: i32,
    /// For both of a draw.
    pub drawn: i32,
}

/// An order of tie-breakers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// The tie-breakers; lots are the last.
    pub criteria: Vec<Criterion>,
    /// Tie-breakers among equal teams are applied together to the matches of all of them, and once more to
    /// those of the teams that are equal still. Otherwise each is applied to the matches of the teams that are
    /// equal at that moment, and none a second time.
    pub starts_again: bool,
    /// Points of a match.
    pub points: Points,
}

impl Criterion {
    /// Whether it looks only at the matches among teams that are equal.
    #[must_use]
    pub fn is_head_to_head(self) -> bool {
        matches!(self, Self::HeadToHeadPoints | Self::HeadToHeadGoalDifference | Self::HeadToHeadGoals)
    }
}

impl Points {
    /// Points of so many matches won, drawn and lost.
    #[must_use]
    pub fn of(self, [won, drawn, _]: [i32; 3]) -> i32 {
        won * self.won + drawn * self.drawn
    }
}

impl Default for Points {
    fn default() -> Self {
        Self { won: 3, drawn: 1 }
    }
}

impl Order {
    /// The order of FIFA. Its regulations (2010, page 47) name the three among equal teams after the three of all
    /// matches, and apply none a second time.
    #[must_use]
    pub fn fifa(points: Points) -> Self {
        use Criterion as C;
        let criteria = vec![
            C::Points,
            C::GoalDifference,
            C::Goals,
            C::HeadToHeadPoints,
            C::HeadToHeadGoalDifference,
            C::HeadToHeadGoals,
            C::Lots,
        ];
        Self { criteria, starts_again: false, points }
    }

    /// The order of UEFA. Its regulations (finals of 2012, criterion d; so do those of the African cup, 2021,
    /// 74.2.4) apply the three among equal teams once more to those that are equal still.
    #[must_use]
    pub fn uefa(points: Points) -> Self {
        use Criterion as C;
        let criteria = vec![
            C::Points,
            C::HeadToHeadPoints,
            C::HeadToHeadGoalDifference,
            C::HeadToHeadGoals,
            C::GoalDifference,
            C::Goals,
            C::Lots,
        ];
        Self { criteria, starts_again: true, points }
    }

    /// An order of one's own, lots at its end.
    #[must_use]
    pub fn custom(mut criteria: Vec<Criterion>, points: Points) -> Self {
        criteria.retain(|criterion| *criterion != Criterion::Lots);
        criteria.push(Criterion::Lots);
        Self { criteria, starts_again: true, points }
    }
}
