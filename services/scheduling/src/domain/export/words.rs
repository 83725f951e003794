//! The words of exported schedules, in each language, through Project Fluent.

use std::sync::LazyLock;

use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};

/// A language that files are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// Chinese as it is written in the People's Republic.
    Chinese,
}

impl Language {
    /// All languages.
    pub const ALL: [Self; 2] = [Self::English, Self::Chinese];

    /// Reads a BCP 47 tag; an empty one is English.
    #[must_use]
    pub fn read(tag: &str) -> Option<Self> {
        match tag.to_ascii_lowercase().as_str() {
            "" | "en" => Some(Self::English),
            "zh-cn" | "zh" => Some(Self::Chinese),
            _ => None,
        }
    }

    /// Its BCP 47 tag.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-CN",
        }
    }

    fn source(self) -> &'static str {
        match self {
            Self::English => include_str!("../../../locales/en.ftl"),
            Self::Chinese => include_str!("../../../locales/zh-CN.ftl"),
        }
    }
}

/// The words of one language.
pub struct Words {
    language: Language,
    bundle: FluentBundle<FluentResource>,
}

impl Words {
    /// The words of a language.
    #[must_use]
    pub fn of(language: Language) -> &'static Self {
        static ALL: LazyLock<[Words; 2]> = LazyLock::new(|| Language::ALL.map(Words::new));
        match language {
            Language::English => &ALL[0],
            Language::Chinese => &ALL[1],
        }
    }

    fn new(language: Language) -> Self {
        let tag = language.tag().parse().expect("the tags are well formed");
        let mut bundle = FluentBundle::new_concurrent(vec![tag]);
        // the marks around arguments are for texts that mix directions of writing
        bundle.set_use_isolating(false);
        let resource = FluentResource::try_new(language.source().to_owned()).expect("a test reads the words");
        bundle.add_resource(resource).expect("a test finds no message twice");
        Self { language, bundle }
    }

    /// The language.
    #[must_use]
    pub fn language(&self) -> Language {
        self.language
    }

    /// A message with its arguments; its id where there is none.
    #[must_use]
    pub fn say(&self, id: &str, arguments: &[(&'static str, &str)]) -> String {
        let Some(pattern) = self.bundle.get_message(id).and_then(|message| message.value()) else {
            return id.to_owned();
        };
        let arguments: FluentArgs = arguments.iter().map(|(name, value)| (*name, *value)).collect();
        self.bundle.format_pattern(pattern, Some(&arguments), &mut Vec::new()).into_owned()
    }

    /// Whether there is such a message.
    #[must_use]
    pub fn has(&self, id: &str) -> bool {
        self.bundle.has_message(id)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use matchday_api::scheduling::v1 as pb;

    use super::*;
    use crate::domain::export::sheet::word;

    fn ids(language: Language) -> BTreeSet<&'static str> {
        let lines = language.source().lines().filter_map(|line| line.split_once(" = "));
        lines.map(|(id, _)| id).collect()
    }

    #[test]
    fn both_languages_say_the_same() {
        assert_eq!(ids(Language::English), ids(Language::Chinese));
        for language in Language::ALL {
            assert!(ids(language).iter().all(|id| Words::of(language).has(id)));
        }
    }

    #[test]
    fn every_kind_and_state_has_its_word() {
        let words = Words::of(Language::Chinese);
        let kinds = (1..).map_while(|number| pb::ActivityKind::try_from(number).ok());
        let states = (1..).map_while(|number| pb::ActivityState::try_from(number).ok());
        let all: Vec<String> = kinds
            .map(|kind| word(kind.as_str_name()))
            .chain(states.map(|state| word(state.as_str_name())))
            .collect();
        assert_eq!(all.len(), 15);
        for id in all {
            assert!(words.has(&id), "{id}");
        }
    }

    #[test]
    fn arguments_stand_in_their_places() {
        let say = |language| Words::of(language).say("slot-of-match-winner", &[("of", "m37")]);
        assert_eq!(say(Language::English), "winner of m37");
        assert_eq!(say(Language::Chinese), "m37 胜者");
    }
}
