//! 排班阶段: who may give the shifts of a day to whom.

use std::collections::BTreeMap;

use matchday_kernel::{Zone, civil::Date};

use super::{refusal::Refusal, shift::Shift};

/// The phase of a day's roster.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// 自助报名: volunteers take open seats for themselves.
    SignUp,
    /// 统筹: coordinators alone assign. So it is before anybody says otherwise.
    #[default]
    Supervised,
    /// 锁定: the roster stands; who is missing is replaced, and who is there is redeployed.
    Locked,
}

impl Phase {
    /// In words.
    #[must_use]
    pub fn in_words(self) -> &'static str {
        match self {
            Self::SignUp => "open for sign-up",
            Self::Supervised => "supervised",
            Self::Locked => "locked",
        }
    }
}

/// The phases of a tournament.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Phases {
    /// The phase of days that have none of their own.
    pub others: Phase,
    /// Days with a phase of their own.
    pub days: BTreeMap<Date, Phase>,
}

impl Phases {
    /// The day a shift belongs to, the one it starts on, and its phase.
    #[must_use]
    pub fn of(&self, shift: &Shift, zone: &Zone) -> (Date, Phase) {
        let day = zone.local_date(shift.time.start());
        (day, self.days.get(&day).copied().unwrap_or(self.others))
    }

    /// Refuses to plan who is on a shift of a day whose roster stands.
    ///
    /// # Errors
    /// `ROSTER_PHASE`
    pub fn check_plan(&self, shift: &Shift, zone: &Zone) -> Result<(), Refusal> {
        let next = "replace who is missing, redeploy who is there, or unlock the day first";
        self.check(shift, zone, |phase| phase != Phase::Locked, next)
    }

    /// Refuses a volunteer's own sign-up on a day that is not open for it.
    ///
    /// # Errors
    /// `ROSTER_PHASE`
    pub fn check_sign_up(&self, shift: &Shift, zone: &Zone) -> Result<(), Refusal> {
        let next = "ask the coordinator for the shift";
        self.check(shift, zone, |phase| phase == Phase::SignUp, next)
    }

    fn check(
        &self,
        shift: &Shift,
        zone: &Zone,
        allows: fn(Phase) -> bool,
        next: &'static str,
    ) -> Result<(), Refusal> {
        let (day, phase) = self.of(shift, zone);
        if allows(phase) {
            return Ok(());
        }
        Err(Refusal::Phase { shift: shift.name.clone(), day, phase, next })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::shift::tests::shift;

    #[test]
    fn a_shift_belongs_to_the_local_day_it_starts_on() {
        let zone: Zone = "Asia/Shanghai".parse().unwrap();
        let night = shift("night", 0, 600, 1);
        let (day, phase) = Phases::default().of(&night, &zone);
        assert_eq!((day, phase), (zone.local_date(night.time.start()), Phase::Supervised));
        let days = BTreeMap::from([(day.tomorrow().unwrap(), Phase::Locked)]);
        let phases = Phases { others: Phase::SignUp, days };
        assert_eq!(phases.of(&night, &zone).1, Phase::SignUp);
    }

    #[test]
    fn each_phase_lets_its_own_be_done() {
        let zone: Zone = "Asia/Shanghai".parse().unwrap();
        let allowed = |others| {
            let phases = Phases { others, days: BTreeMap::new() };
            let shift = shift("gate", 0, 60, 1);
            (phases.check_plan(&shift, &zone).is_ok(), phases.check_sign_up(&shift, &zone).is_ok())
        };
        assert_eq!(allowed(Phase::SignUp), (true, true));
        assert_eq!(allowed(Phase::Supervised), (true, false));
        assert_eq!(allowed(Phase::Locked), (false, false));
    }
}
