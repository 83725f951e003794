//! The words of exported schedules, in each language.

use std::sync::LazyLock;

pub use matchday_kernel::words::{Language, Words};

const ENGLISH: &str = include_str!("../../../locales/en.ftl");
const CHINESE: &str = include_str!("../../../locales/zh-CN.ftl");

/// The words of a language.
#[must_use]
pub fn of(language: Language) -> &'static Words {
    static ALL: LazyLock<[Words; 2]> = LazyLock::new(|| Words::all(ENGLISH, CHINESE));
    Words::among(&ALL, language)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use matchday_api::scheduling::v1 as pb;

    use super::*;
    use crate::domain::export::sheet::word;

    fn ids(source: &'static str) -> BTreeSet<&'static str> {
        let lines = source.lines().filter_map(|line| line.split_once(" = "));
        lines.map(|(id, _)| id).collect()
    }

    #[test]
    fn both_languages_say_the_same() {
        assert_eq!(ids(ENGLISH), ids(CHINESE));
        for language in Language::ALL {
            assert!(ids(ENGLISH).iter().all(|id| of(language).has(id)));
        }
    }

    #[test]
    fn every_kind_and_state_has_its_word() {
        let words = of(Language::Chinese);
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
        let say = |language| of(language).say("slot-of-match-winner", &[("of", "m37")]);
        assert_eq!(say(Language::English), "winner of m37");
        assert_eq!(say(Language::Chinese), "m37 胜者");
    }
}
