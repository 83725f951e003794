//! What must be there before somebody is accredited.

use matchday_kernel::{Instant, Violation, Zone, civil::Date};

use super::identity::{ADULT, age, today};

/// How far an insurance is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Insurance {
    /// Nothing is recorded.
    Unknown,
    /// Asked for.
    Requested,
    /// The person is insured, until a moment where there is an end.
    Covered(Option<Instant>),
    /// Refused.
    Refused,
}

/// What is known of an applicant, as far as an accreditation looks.
#[derive(Clone, Debug)]
pub struct Papers {
    /// Name of the application.
    pub application: String,
    /// Whether the applicant has consented.
    pub has_consent: bool,
    /// Whether a guardian has.
    pub has_guardian_consent: bool,
    /// Day of birth; absent when it was erased.
    pub born: Option<Date>,
    /// The insurance.
    pub insurance: Insurance,
}

impl Papers {
    /// Whether a guardian has to consent on the day of a moment. Whose age nobody knows is no minor: what is erased is
    /// accredited by nobody.
    #[must_use]
    pub fn is_minor(&self, now: Instant, zone: &Zone) -> bool {
        self.born.is_some_and(|born| age(born, today(now, zone)) < ADULT)
    }

    /// What is missing, each with what would mend it.
    #[must_use]
    pub fn missing(&self, now: Instant, zone: &Zone) -> Vec<Violation> {
        let mut missing = Vec::new();
        let mut lacks = |description: String| {
            missing.push(Violation { subject: self.application.clone(), description });
        };
        if !self.has_consent {
            lacks("the applicant has consented to no text: record it with its version".into());
        }
        if self.is_minor(now, zone) && !self.has_guardian_consent {
            lacks(
                "the applicant is under 18, and no guardian has consented: record it with its version".into(),
            );
        }
        match self.insurance {
            Insurance::Unknown => lacks("no insurance is recorded: record that it covers the person".into()),
            Insurance::Requested => {
                lacks("the insurance is only asked for: record that it covers the person".into());
            }
            Insurance::Refused => lacks("the insurer has refused: find another, or reject".into()),
            Insurance::Covered(Some(until)) if until <= now => {
                lacks(format!("the insurance has ended at {until}: record the new one"));
            }
            Insurance::Covered(_) => {}
        }
        missing
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::shift::tests::at;

    fn papers() -> Papers {
        Papers {
            application: "a1".into(),
            has_consent: true,
            has_guardian_consent: false,
            born: "1999-01-01".parse().ok(),
            insurance: Insurance::Covered(None),
        }
    }

    fn said(papers: &Papers) -> String {
        let zone = "Asia/Shanghai".parse().unwrap();
        papers.missing(at(0), &zone).into_iter().map(|one| one.description).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn an_adult_needs_consent_and_insurance() {
        assert_eq!(said(&papers()), "");
        let none = Papers { has_consent: false, insurance: Insurance::Unknown, ..papers() };
        assert!(
            said(&none).contains("consented to no text") && said(&none).contains("no insurance"),
            "{none:?}"
        );
        for (insurance, expected) in [
            (Insurance::Requested, "only asked for"),
            (Insurance::Refused, "refused"),
            (Insurance::Covered(Some(at(0))), "has ended"),
            (Insurance::Covered(Some(at(1))), ""),
        ] {
            let said = said(&Papers { insurance, ..papers() });
            assert!(said.contains(expected) && said.is_empty() == expected.is_empty(), "{said}");
        }
    }

    #[test]
    fn of_a_minor_the_guardian_consents_too() {
        let young = Papers { born: "2015-01-01".parse().ok(), ..papers() };
        assert!(said(&young).contains("no guardian"));
        assert_eq!(said(&Papers { has_guardian_consent: true, ..young }), "");
    }
}
