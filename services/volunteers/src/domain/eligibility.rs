//! Whether a volunteer may hold a shift: what it requires, what else the person does, and the limits. The one
//! place that decides it, whatever path asks.

use matchday_kernel::Interval;

use super::{
    assignment::State,
    duty::{Duty, overlapping},
    limits::{Broken, Limits},
    person::Person,
    refusal::Refusal,
    shift::Shift,
};

/// The first rule that keeps a volunteer from a shift.
#[derive(Clone, Debug, PartialEq)]
pub enum Bar<'a> {
    /// The person does not have this skill.
    Skill(&'a str),
    /// The person speaks none of the languages.
    Language,
    /// The person cannot come all the time.
    Availability,
    /// The person holds another shift at that time.
    Overlap(&'a Duty),
    /// A hard limit would be broken.
    Limit(Broken),
}

impl Bar<'_> {
    /// The reason an assignment is refused with.
    #[must_use]
    pub fn rule(&self) -> &'static str {
        match self {
            Self::Skill(_) | Self::Language | Self::Availability => "SHIFT_REQUIREMENT",
            Self::Overlap(_) => "SHIFT_OVERLAP",
            Self::Limit(_) => "SHIFT_LIMIT",
        }
    }
}

/// A shift that is looked at for many volunteers.
#[derive(Debug)]
pub struct Eligibility<'a> {
    shift: &'a Shift,
    limits: &'a Limits,
    days: Vec<Interval>,
}

impl<'a> Eligibility<'a> {
    /// Looks at a shift under limits.
    #[must_use]
    pub fn of(shift: &'a Shift, limits: &'a Limits) -> Self {
        Self { shift, limits, days: limits.days(&shift.time) }
    }

    /// What the person does not bring.
    #[must_use]
    pub fn missing<'b>(&self, person: &Person) -> Option<Bar<'b>>
    where
        'a: 'b,
    {
        if let Some(skill) = person.lacks(&self.shift.skills, self.shift.time.end()) {
            return Some(Bar::Skill(skill));
        }
        if !person.speaks_one_of(&self.shift.languages) {
            return Some(Bar::Language);
        }
        (!person.can_come(&self.shift.time)).then_some(Bar::Availability)
    }

    /// The first rule that keeps a person with these duties from the shift: requirements, overlap, hard limits.
    /// A duty on the shift itself does not count.
    #[must_use]
    pub fn bar<'b>(&self, person: &Person, duties: &'b [Duty]) -> Option<Bar<'b>>
    where
        'a: 'b,
    {
        let bar = self.missing(person);
        bar.or_else(|| self.taken(duties)).or_else(|| self.beyond(duties).map(Bar::Limit))
    }

    /// What else takes the person's time.
    #[must_use]
    pub fn taken<'b>(&self, duties: &'b [Duty]) -> Option<Bar<'b>> {
        overlapping(duties, &self.shift.name, &self.shift.time).map(Bar::Overlap)
    }

    fn beyond(&self, duties: &[Duty]) -> Option<Broken> {
        let by_shift = self.limits.broken_by_shift(&self.shift.time).filter(|broken| broken.is_hard);
        let Shift { name, time, .. } = self.shift;
        by_shift.or_else(|| {
            let broken = self.limits.broken_by_person(name, time, &self.days, duties);
            broken.into_iter().find(|broken| broken.is_hard)
        })
    }

    /// Refuses a person whom a rule keeps from the shift.
    ///
    /// # Errors
    /// `SHIFT_REQUIREMENT`, `SHIFT_OVERLAP`, `SHIFT_LIMIT`
    pub fn check(&self, person: &Person, duties: &[Duty]) -> Result<(), Refusal> {
        self.bar(person, duties).map_or(Ok(()), |bar| Err(self.refusal(&person.name, bar)))
    }

    /// Refuses to accept a shift that requirements or another shift keep away from. Limits were kept when it was
    /// proposed.
    ///
    /// # Errors
    /// `SHIFT_REQUIREMENT`, `SHIFT_OVERLAP`
    pub fn check_accept(&self, person: &Person, duties: &[Duty]) -> Result<(), Refusal> {
        let bar = self.missing(person).or_else(|| self.taken(duties));
        bar.map_or(Ok(()), |bar| Err(self.refusal(&person.name, bar)))
    }

    /// Refuses to sign somebody in whom requirements or another shift keep away. Limits were kept when the
    /// person was assigned; where a change has broken them since, they are flagged, and nobody is sent home.
    ///
    /// # Errors
    /// `SHIFT_REQUIREMENT`, `SHIFT_OVERLAP`
    pub fn check_sign_in(&self, person: &Person, duties: &[Duty]) -> Result<(), Refusal> {
        let elsewhere =
            duties.iter().find(|duty| duty.state == State::SignedIn && duty.shift != self.shift.name);
        let bar = self.missing(person).or_else(|| elsewhere.map(Bar::Overlap)).or_else(|| self.taken(duties));
        bar.map_or(Ok(()), |bar| Err(self.refusal(&person.name, bar)))
    }

    /// The refusal with which a bar is told.
    #[must_use]
    pub fn refusal(&self, volunteer: &str, bar: Bar<'_>) -> Refusal {
        let (volunteer, shift) = (volunteer.to_owned(), self.shift.name.clone());
        let requirement = |volunteer, shift, requirement, wanted| Refusal::Requirement {
            volunteer,
            shift,
            requirement,
            wanted,
        };
        match bar {
            Bar::Skill(skill) => requirement(
                volunteer,
                shift,
                "skill",
                format!("it needs the skill {skill}, which the person does not have"),
            ),
            Bar::Language => {
                let languages = self.shift.languages.join(", ");
                requirement(
                    volunteer,
                    shift,
                    "language",
                    format!("it needs one of the languages {languages}"),
                )
            }
            Bar::Availability => {
                let wanted = format!(
                    "the person cannot come all the time from {} until {}",
                    self.shift.time.start(),
                    self.shift.time.end()
                );
                requirement(volunteer, shift, "availability", wanted)
            }
            Bar::Overlap(duty) => Refusal::Overlap {
                volunteer,
                shift,
                other: duty.shift.clone(),
                during: duty.time,
                next: if duty.state == State::SignedIn {
                    "sign the person out there first, or choose another volunteer"
                } else {
                    "withdraw that assignment first, or choose another volunteer"
                },
            },
            Bar::Limit(broken) => Refusal::Limit { volunteer, shift, broken },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        duty::tests::duty,
        limits::tests::limits,
        shift::tests::{between, shift},
    };

    fn person() -> Person {
        Person {
            name: "tournaments/t/volunteers/v".into(),
            skills: vec!["first-aid".into()],
            languages: vec!["zh".into()],
            ..Person::default()
        }
    }

    fn rule(shift: &Shift, person: &Person, duties: &[Duty], is_hard: bool) -> &'static str {
        let limits = limits(is_hard);
        Eligibility::of(shift, &limits).bar(person, duties).map_or("", |bar| bar.rule())
    }

    #[test]
    fn requirements_come_before_overlap_and_overlap_before_limits() {
        let mut wanted = shift("a", 600, 1100, 1);
        let busy = [duty("b", 500, 1000, State::Proposed)];
        assert_eq!(rule(&wanted, &person(), &busy, true), "SHIFT_OVERLAP");
        wanted.skills = vec!["driving".into()];
        assert_eq!(rule(&wanted, &person(), &busy, true), "SHIFT_REQUIREMENT");
        wanted.skills = vec!["first-aid".into()];
        wanted.languages = vec!["en".into()];
        assert_eq!(rule(&wanted, &person(), &[], true), "SHIFT_REQUIREMENT");
        wanted.languages = vec![];
        assert_eq!(rule(&wanted, &person(), &[], true), "SHIFT_LIMIT", "longer than 8 h");
    }

    #[test]
    fn a_soft_limit_keeps_nobody_away() {
        assert_eq!(rule(&shift("a", 600, 1100, 1), &person(), &[], false), "");
    }

    #[test]
    fn an_availability_that_ends_early_is_named() {
        let limits = limits(true);
        let wanted = shift("a", 600, 700, 1);
        let early = Person { availability: vec![between(0, 650)], ..person() };
        let refusal = Eligibility::of(&wanted, &limits).check(&early, &[]).unwrap_err();
        assert!(matches!(refusal, Refusal::Requirement { requirement: "availability", .. }));
    }

    #[test]
    fn nobody_signs_in_at_two_places_but_a_broken_limit_sends_nobody_home() {
        let limits = limits(true);
        let wanted = shift("a", 600, 1100, 1);
        let eligibility = Eligibility::of(&wanted, &limits);
        assert_eq!(eligibility.check_sign_in(&person(), &[]), Ok(()), "8 h 20 min, and there");
        let still_there = [duty("b", 500, 600, State::SignedIn)];
        assert!(matches!(eligibility.check_sign_in(&person(), &still_there), Err(Refusal::Overlap { .. })));
        let left = [duty("b", 500, 600, State::SignedOut)];
        assert_eq!(eligibility.check_sign_in(&person(), &left), Ok(()));
        let untrained = Person { languages: vec![], ..person() };
        let asks = Shift { languages: vec!["zh".into()], ..wanted.clone() };
        let refused = Eligibility::of(&asks, &limits).check_sign_in(&untrained, &[]);
        assert!(matches!(refused, Err(Refusal::Requirement { requirement: "language", .. })));
    }
}
