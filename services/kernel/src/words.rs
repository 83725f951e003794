//! What people read, in each language, through Project Fluent: a service brings its messages, this says them.

use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};

/// A language that people read.
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
}

/// The words of one language.
pub struct Words {
    language: Language,
    bundle: FluentBundle<FluentResource>,
}

impl Words {
    /// The words of each language, from the two texts of a service in Fluent's syntax.
    ///
    /// # Panics
    /// When a text is not well formed or says a message twice: both are part of the program, and a test of the service
    /// reads them.
    #[must_use]
    pub fn all(english: &str, chinese: &str) -> [Self; 2] {
        [Self::new(Language::English, english), Self::new(Language::Chinese, chinese)]
    }

    fn new(language: Language, source: &str) -> Self {
        let tag = language.tag().parse().expect("the tags are well formed");
        let mut bundle = FluentBundle::new_concurrent(vec![tag]);
        // the marks around arguments are for texts that mix directions of writing
        bundle.set_use_isolating(false);
        let resource = FluentResource::try_new(source.to_owned()).expect("a test reads the words");
        bundle.add_resource(resource).expect("a test finds no message twice");
        Self { language, bundle }
    }

    /// Those of one language among those of all.
    #[must_use]
    pub fn among(all: &[Self; 2], language: Language) -> &Self {
        let [english, chinese] = all;
        match language {
            Language::English => english,
            Language::Chinese => chinese,
        }
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
    use super::*;

    #[test]
    fn a_language_is_read_from_its_tag() {
        assert_eq!(Language::read(""), Some(Language::English));
        assert_eq!(Language::read("zh-CN"), Some(Language::Chinese));
        assert_eq!(Language::read("fr"), None);
        for language in Language::ALL {
            assert_eq!(Language::read(language.tag()), Some(language));
        }
    }

    #[test]
    fn a_message_is_said_in_the_language_asked_for() {
        let all = Words::all("winner = winner of { $of }", "winner = { $of } 胜者");
        let say = |language| Words::among(&all, language).say("winner", &[("of", "m37")]);
        assert_eq!(
            (say(Language::English), say(Language::Chinese)),
            ("winner of m37".into(), "m37 胜者".into())
        );
        assert_eq!(Words::among(&all, Language::English).say("none", &[]), "none");
    }
}
