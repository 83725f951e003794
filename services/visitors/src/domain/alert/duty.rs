//! Who answers for a zone (责任网格): holders upwards, each with a time to say that an alert was seen.

use matchday_kernel::SignedDuration;

/// Somebody who is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The office or post, and its unit.
    pub title: String,
    /// After so long the next one is told; `None` is as the rule says.
    pub escalate_after: Option<SignedDuration>,
}

/// Holders, the first told first: those of the zone, then those of the venue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chain(pub Vec<Holder>);

impl Chain {
    /// The holder who is told after so many escalations: the last one of the chain is told for good. `None` in an empty
    /// chain.
    #[must_use]
    pub fn holder(&self, escalations: usize) -> Option<&Holder> {
        self.0.get(escalations).or(self.0.last())
    }

    /// The time a holder has; `None` for the last one, after whom there is nobody.
    #[must_use]
    pub fn patience(&self, escalations: usize, otherwise: SignedDuration) -> Option<SignedDuration> {
        let has_next = escalations + 1 < self.0.len();
        let holder = self.0.get(escalations).filter(|_| has_next)?;
        Some(holder.escalate_after.unwrap_or(otherwise))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_holder_has_a_time_but_the_last() {
        let rule = SignedDuration::from_mins(5);
        let own = SignedDuration::from_mins(2);
        let holder = |title: &str, escalate_after| Holder { title: title.into(), escalate_after };
        let chain = Chain(vec![holder("north", Some(own)), holder("venue", None), holder("centre", None)]);
        assert_eq!(chain.patience(0, rule), Some(own));
        assert_eq!(chain.patience(1, rule), Some(rule));
        assert_eq!((chain.patience(2, rule), chain.patience(9, rule)), (None, None));
        assert_eq!(chain.holder(9).map(|it| it.title.as_str()), Some("centre"));
        assert_eq!((Chain::default().holder(0), Chain::default().patience(0, rule)), (None, None));
    }
}
