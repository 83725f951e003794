//! What a message says, in the language of who gets it: a text written for the occasion, or a template.
//!
//! One more template is two messages in each of `locales/messages.*.ftl`, and a line at [`TEMPLATES`].

use std::{collections::BTreeMap, sync::LazyLock};

use matchday_kernel::words::{Language, Words};

const ENGLISH: &str = include_str!("../../locales/messages.en.ftl");
const CHINESE: &str = include_str!("../../locales/messages.zh-CN.ftl");

/// Longest subject, in characters.
pub const LONGEST_SUBJECT: usize = 200;
/// Longest text, in characters.
pub const LONGEST_BODY: usize = 2000;
/// Longest value of a field of a template, in characters.
pub const LONGEST_FIELD: usize = 200;

/// The templates there are.
pub const TEMPLATES: [Template; 4] = [
    Template { id: "shift-reminder", fields: &["note"] },
    Template { id: "meeting-point", fields: &["place", "time"] },
    Template { id: "weather-pause", fields: &["until"] },
    Template { id: "thanks", fields: &[] },
];

/// A text with fields, in every language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Template {
    /// Its id.
    pub id: &'static str,
    /// Its fields, beside the names of the person and the tournament.
    pub fields: &'static [&'static str],
}

/// A text in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The language.
    pub language: Language,
    /// Subject, in one line.
    pub subject: String,
    /// The text.
    pub body: String,
}

/// What a broadcast says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// These texts, each in another language; at least one.
    Texts(Vec<Text>),
    /// A template with the values of its fields.
    Template(Template, BTreeMap<String, String>),
}

/// What one person gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wording {
    /// The languages it is in.
    pub languages: Vec<Language>,
    /// Subject, in one line.
    pub subject: String,
    /// The text.
    pub body: String,
}

/// Who gets a message.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    /// What people call the person.
    pub name: &'a str,
    /// Languages spoken, the first one first.
    pub languages: &'a [String],
    /// What people call the tournament.
    pub tournament: &'a str,
}

impl Template {
    /// The template of an id.
    #[must_use]
    pub fn with_id(id: &str) -> Option<Self> {
        TEMPLATES.into_iter().find(|template| template.id == id)
    }

    fn text(self, fields: &BTreeMap<String, String>, language: Language, reader: Reader<'_>) -> Text {
        static ALL: LazyLock<[Words; 2]> = LazyLock::new(|| Words::all(ENGLISH, CHINESE));
        let own = [("name", reader.name), ("tournament", reader.tournament)];
        let given = self.fields.iter().map(|name| (*name, fields.get(*name).map_or("", String::as_str)));
        let arguments: Vec<(&'static str, &str)> = own.into_iter().chain(given).collect();
        let words = Words::among(&ALL, language);
        let say = |part: &str| words.say(&format!("{}-{part}", self.id), &arguments);
        Text { language, subject: say("subject"), body: say("body") }
    }
}

impl Content {
    /// What it says to somebody: in the first of the person's languages that it has, otherwise in all it has.
    #[must_use]
    pub fn to(&self, reader: Reader<'_>) -> Wording {
        let has: Vec<Language> = match self {
            Self::Texts(texts) => texts.iter().map(|text| text.language).collect(),
            Self::Template(..) => Language::ALL.into(),
        };
        let spoken = reader.languages.iter().filter_map(|tag| Language::read(tag));
        let preferred = spoken.into_iter().find(|language| has.contains(language));
        let languages = preferred.map_or(has, |language| vec![language]);
        let texts: Vec<Text> = match self {
            Self::Texts(texts) => {
                texts.iter().filter(|text| languages.contains(&text.language)).cloned().collect()
            }
            Self::Template(template, fields) => {
                languages.iter().map(|language| template.text(fields, *language, reader)).collect()
            }
        };
        let join =
            |part: fn(&Text) -> &str, between| texts.iter().map(part).collect::<Vec<_>>().join(between);
        let subject = join(|text| &text.subject, " / ");
        Wording { languages, subject, body: join(|text| &text.body, "\n\n") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reader(languages: &[String]) -> Reader<'_> {
        Reader { name: "Lin", languages, tournament: "the Cup" }
    }

    fn speaks(tags: &str) -> Vec<String> {
        tags.split_whitespace().map(str::to_owned).collect()
    }

    fn text(language: Language, body: &str) -> Text {
        Text { language, subject: format!("about {body}"), body: body.into() }
    }

    #[test]
    fn everybody_is_written_to_in_a_language_of_their_own() {
        let both = Content::Texts(vec![text(Language::English, "rain"), text(Language::Chinese, "下雨")]);
        assert_eq!(both.to(reader(&speaks("es zh en"))).body, "下雨");
        assert_eq!(both.to(reader(&speaks("en zh"))).languages, [Language::English]);
        let unknown = both.to(reader(&speaks("es")));
        assert_eq!(
            (unknown.subject.as_str(), unknown.body.as_str()),
            ("about rain / about 下雨", "rain\n\n下雨")
        );
        let one = Content::Texts(vec![text(Language::English, "rain")]);
        assert_eq!(one.to(reader(&speaks("zh"))).body, "rain");
    }

    #[test]
    fn every_template_says_all_its_fields_in_every_language() {
        for template in TEMPLATES {
            let fields: BTreeMap<_, _> =
                template.fields.iter().map(|name| ((*name).to_owned(), format!("<{name}>"))).collect();
            for language in Language::ALL {
                let languages = speaks(language.tag());
                let said = Content::Template(template, fields.clone()).to(reader(&languages));
                assert_eq!(said.languages, [language]);
                assert!(said.subject.contains("the Cup") && said.body.contains("Lin"), "{said:?}");
                for name in template.fields {
                    assert!(said.body.contains(&format!("<{name}>")), "{}: {name}", template.id);
                }
                assert!(!said.body.contains("{$") && !said.subject.contains('\n'), "{said:?}");
            }
        }
    }
}
