//! Ids made of what things are called: `sao-paulo` of `São Paulo`.

use std::collections::{HashMap, HashSet};

use matchday_kernel::Slug;

/// Longest id made; what makes it unique still fits behind.
const LONGEST: usize = 56;

/// Ids made so far, each once.
pub(super) struct Slugs {
    /// What an id is called where nothing of a text can be written in one.
    fallback: &'static str,
    of: HashMap<String, Slug>,
    taken: HashSet<Slug>,
}

impl Slugs {
    /// No ids yet.
    pub(super) fn new(fallback: &'static str) -> Self {
        Self { fallback, of: HashMap::new(), taken: HashSet::new() }
    }

    /// The id of a text: the same for the same text, another for every other.
    pub(super) fn of(&mut self, text: &str) -> Slug {
        if let Some(slug) = self.of.get(text) {
            return slug.clone();
        }
        let made = slug(text);
        let base = if made.is_empty() { self.fallback } else { &made };
        let slug = (1..=self.taken.len() + 1)
            .map(|number| if number == 1 { base.to_owned() } else { format!("{base}-{number}") })
            .filter_map(|text| text.parse::<Slug>().ok())
            .find(|slug| !self.taken.contains(slug))
            .expect("one more number than there are ids is free");
        self.taken.insert(slug.clone());
        self.of.insert(text.to_owned(), slug.clone());
        slug
    }
}

/// A text in the letters, digits and single hyphens of an id.
fn slug(text: &str) -> String {
    let mut slug = String::new();
    for character in deunicode::deunicode(text).chars() {
        match character.to_ascii_lowercase() {
            character if character.is_ascii_alphanumeric() => slug.push(character),
            '\'' | '.' => {}
            _ if slug.ends_with('-') || slug.is_empty() => {}
            _ => slug.push('-'),
        }
    }
    slug.truncate(LONGEST);
    slug.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_marks_and_other_scripts_become_plain_letters() {
        for (text, expected) in [
            ("São Paulo", "sao-paulo"),
            ("Côte d'Ivoire", "cote-divoire"),
            ("St. Petersburg", "st-petersburg"),
            ("  Bosnia & Herzegovina ", "bosnia-herzegovina"),
            ("Łódź / Ærø", "lodz-aero"),
            ("晋江", "jin-jiang"),
            ("---", ""),
        ] {
            assert_eq!(slug(text), expected, "{text}");
        }
        assert_eq!(slug(&"a".repeat(100)).len(), LONGEST);
    }

    #[test]
    fn ids_stand_once_and_stay() {
        let mut slugs = Slugs::new("team");
        let ids: Vec<String> =
            ["Sao Paulo", "São Paulo", "???", "!!!", "Sao Paulo"].map(|text| slugs.of(text).into()).to_vec();
        assert_eq!(ids, ["sao-paulo", "sao-paulo-2", "team", "team-2", "sao-paulo"]);
    }
}
