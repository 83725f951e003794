//! A volunteer, as far as the rules look: what the person brings, and when the person can come.

use matchday_kernel::{Instant, Interval};

/// What the rules know of a volunteer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// Name of the volunteer.
    pub name: String,
    /// Name of the group; empty for somebody who comes alone.
    pub group: String,
    /// Skills, by id.
    pub skills: Vec<String>,
    /// Skills learned in courses, and until when they last: [`Instant::MAX`] for good.
    pub learned: Vec<(String, Instant)>,
    /// Languages spoken.
    pub languages: Vec<String>,
    /// When the person can come; empty means always.
    pub availability: Vec<Interval>,
}

impl Person {
    /// The first of these skills that the person does not have until a moment.
    #[must_use]
    pub fn lacks<'a>(&self, skills: &'a [String], until: Instant) -> Option<&'a str> {
        let has = |skill: &String| {
            let lasts = |(learned, expires): &(String, Instant)| learned == skill && *expires >= until;
            self.skills.contains(skill) || self.learned.iter().any(lasts)
        };
        skills.iter().find(|skill| !has(skill)).map(String::as_str)
    }

    /// Whether the person speaks one of these languages; none asked for is always so.
    #[must_use]
    pub fn speaks_one_of(&self, languages: &[String]) -> bool {
        languages.is_empty() || languages.iter().any(|language| self.languages.contains(language))
    }

    /// Whether the person can come all of the time. Times that touch or overlap count as one.
    #[must_use]
    pub fn can_come(&self, time: &Interval) -> bool {
        if self.availability.is_empty() {
            return true;
        }
        let mut times: Vec<&Interval> = self.availability.iter().collect();
        times.sort();
        let mut covered = time.start();
        for one in times {
            if one.start() <= covered {
                covered = covered.max(one.end());
            }
        }
        covered >= time.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::shift::tests::{at, between};

    #[test]
    fn all_skills_and_one_language_are_needed() {
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let person =
            Person { skills: words("driving first-aid"), languages: words("zh"), ..Person::default() };
        assert_eq!(person.lacks(&words("first-aid driving"), at(0)), None);
        assert_eq!(person.lacks(&words("first-aid radio"), at(0)), Some("radio"));
        assert!(person.speaks_one_of(&[]) && person.speaks_one_of(&words("en zh")));
        assert!(!person.speaks_one_of(&words("en es")));
    }

    #[test]
    fn what_was_learned_lasts_until_it_expires() {
        let person = Person { learned: vec![("first-aid".into(), at(100))], ..Person::default() };
        let wanted = ["first-aid".to_owned()];
        assert_eq!(person.lacks(&wanted, at(100)), None);
        assert_eq!(person.lacks(&wanted, at(101)), Some("first-aid"));
    }

    #[test]
    fn availability_covers_the_whole_time() {
        let of = |availability| Person { availability, ..Person::default() };
        assert!(of(vec![]).can_come(&between(0, 60)));
        assert!(of(vec![between(30, 60), between(0, 30)]).can_come(&between(0, 60)));
        assert!(!of(vec![between(0, 30), between(31, 60)]).can_come(&between(0, 60)));
        assert!(!of(vec![between(1, 60)]).can_come(&between(0, 60)));
        assert!(!of(vec![between(70, 90)]).can_come(&between(0, 60)));
    }
}
