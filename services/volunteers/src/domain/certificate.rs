//! 志愿服务证书: what a certificate says, and how it is printed: one page, A4 across, as PDF with its font in it.

use std::{ops::Range, sync::LazyLock};

use krilla::{
    Document,
    color::rgb,
    geom::Point,
    metadata::Metadata,
    num::NormalizedF32,
    page::PageSettings,
    paint::Fill,
    surface::Surface,
    text::{Font, GlyphId, KrillaGlyph},
};
use matchday_kernel::{Instant, civil::Date};
use matchday_kernel::{
    Random, Zone,
    words::{Language, Words},
};
use ttf_parser::Face;

use super::hours::Refusal;

const ENGLISH: &str = include_str!("../../locales/en.ftl");
const CHINESE: &str = include_str!("../../locales/zh-CN.ftl");
const FONT: &[u8] = include_bytes!("../../assets/NotoSansCJKsc-Regular.otf");

/// A4 across, in points.
const PAGE: (f32, f32) = (841.89, 595.28);
/// Space kept free on either side.
const MARGIN: f32 = 60.0;

/// Letters and digits of a code: none that is taken for another.
pub(super) const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
/// Characters of a code: 100 bits.
const CODE: usize = 20;

/// The words of certificates in a language.
#[must_use]
pub fn words(language: Language) -> &'static Words {
    static ALL: LazyLock<[Words; 2]> = LazyLock::new(|| Words::all(ENGLISH, CHINESE));
    Words::among(&ALL, language)
}

/// A new code to verify a certificate by: 20 letters and digits in groups of five, of 100 random bits.
#[must_use]
pub fn code(random: &Random) -> String {
    let mut bytes = [0; CODE];
    random.fill(&mut bytes);
    let characters: Vec<char> =
        bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect();
    characters.chunks(5).map(String::from_iter).collect::<Vec<_>>().join("-")
}

/// What a certificate says of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attested {
    /// Minutes credited.
    pub minutes: i64,
    /// Shifts served.
    pub shifts: i32,
    /// When the first service began.
    pub first: Instant,
    /// When the last one ended.
    pub last: Instant,
    /// When the certificate was issued.
    pub issued: Instant,
}

impl Attested {
    /// The credited time in words: `12 h 30 min`.
    #[must_use]
    pub fn hours(&self, words: &Words) -> String {
        let (hours, minutes) = (self.minutes / 60, self.minutes % 60);
        words.say("hours", &[("hours", &hours.to_string()), ("minutes", &minutes.to_string())])
    }

    /// A moment as a day of the tournament's calendar.
    #[must_use]
    pub fn day(moment: Instant, zone: &Zone, language: Language) -> String {
        let date: Date = zone.local_date(moment);
        match language {
            Language::English => format!("{date}"),
            Language::Chinese => format!("{}年{}月{}日", date.year(), date.month(), date.day()),
        }
    }
}

/// A certificate to print.
#[derive(Clone, Debug)]
pub struct Print<'a> {
    /// Name of the certificate.
    pub certificate: &'a str,
    /// Its number.
    pub number: i64,
    /// The person's name.
    pub person: &'a str,
    /// What people call the tournament.
    pub tournament: &'a str,
    /// What it says.
    pub attested: &'a Attested,
    /// What it is verified by.
    pub code: &'a str,
    /// Address of the page that verifies it; empty prints the code alone.
    pub verify_at: &'a str,
}

/// A line of the page: how far from the top, in points, how large, and what.
struct Line {
    from_top: f32,
    size: f32,
    text: String,
}

impl Print<'_> {
    /// The page as PDF, in a language, with days in a time zone.
    ///
    /// # Errors
    /// `NAME_UNPRINTABLE` when the font lacks a character.
    ///
    /// # Panics
    /// When the font that is part of the program cannot be read: a test does.
    pub fn pdf(&self, language: Language, zone: &Zone) -> Result<Vec<u8>, Refusal> {
        let words = words(language);
        let face = Face::parse(FONT, 0).expect("the font is part of the program, and a test reads it");
        let font = Font::new(FONT.into(), 0).expect("the font is part of the program, and a test reads it");
        let mut document = Document::new();
        document.set_metadata(
            Metadata::new()
                .title(format!("{} · {}", words.say("title", &[]), self.tournament))
                .language(language.tag().to_owned())
                .creator("Matchday".to_owned()),
        );
        let settings = PageSettings::from_wh(PAGE.0, PAGE.1).expect("the page is larger than nothing");
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        surface.set_fill(Some(Fill {
            paint: rgb::Color::new(20, 40, 70).into(),
            opacity: NormalizedF32::ONE,
            rule: krilla::paint::FillRule::default(),
        }));
        if let Some(character) = self.person.chars().find(|one| face.glyph_index(*one).is_none()) {
            return Err(Refusal::Unprintable { certificate: self.certificate.to_owned(), character });
        }
        for line in self.lines(words, language, zone) {
            draw(&mut surface, &face, &font, &line);
        }
        surface.finish();
        page.finish();
        Ok(document.finish().expect("nothing but text of an embedded font is on the page"))
    }

    fn lines(&self, words: &Words, language: Language, zone: &Zone) -> Vec<Line> {
        let day = |moment| Attested::day(moment, zone, language);
        let attested = self.attested;
        let line = |from_top, size, text| Line { from_top, size, text };
        let number = self.number.to_string();
        let verify = if self.verify_at.is_empty() {
            words.say("verify", &[("code", self.code)])
        } else {
            words.say("verify-at", &[("address", self.verify_at)])
        };
        let shifts = match attested.shifts {
            0 => String::new(),
            1 => words.say("shift", &[]),
            more => words.say("shifts", &[("shifts", &more.to_string())]),
        };
        vec![
            line(120.0, 40.0, words.say("title", &[])),
            line(190.0, 16.0, words.say("attests", &[])),
            line(240.0, 34.0, self.person.to_owned()),
            line(290.0, 18.0, words.say("served", &[("tournament", self.tournament)])),
            line(325.0, 18.0, words.say("credited", &[("hours", &attested.hours(words))])),
            line(355.0, 16.0, shifts),
            line(
                385.0,
                16.0,
                words.say("between", &[("first", &day(attested.first)), ("last", &day(attested.last))]),
            ),
            line(440.0, 14.0, words.say("thanks", &[])),
            line(515.0, 11.0, words.say("number", &[("number", &number), ("date", &day(attested.issued))])),
            line(535.0, 11.0, verify),
        ]
    }
}

/// Draws a line in the middle; one that is too long is made smaller. A character that the font lacks is left out: of
/// the name none is.
fn draw(surface: &mut Surface<'_>, face: &Face<'_>, font: &Font, line: &Line) {
    let text: String = line.text.chars().filter(|one| face.glyph_index(*one).is_some()).collect();
    let glyphs = glyphs(face, &text);
    let width: f32 = glyphs.iter().map(|glyph| glyph.x_advance).sum();
    let size = line.size.min((PAGE.0 - 2.0 * MARGIN) / width.max(0.1));
    let start = Point::from_xy((PAGE.0 - width * size) / 2.0, line.from_top);
    surface.draw_glyphs(start, &glyphs, font.clone(), &text, size, false);
}

/// The glyphs of a text, one for each character; advances in parts of the size. Neither Latin nor Chinese needs more
/// here.
fn glyphs(face: &Face<'_>, text: &str) -> Vec<KrillaGlyph> {
    let em = f32::from(face.units_per_em());
    let glyph = |(at, character): (usize, char)| {
        let id = face.glyph_index(character)?;
        let advance = f32::from(face.glyph_hor_advance(id).unwrap_or_default()) / em;
        let range: Range<usize> = at..at + character.len_utf8();
        Some(KrillaGlyph::new(GlyphId::new(id.0.into()), advance, 0.0, 0.0, 0.0, range, None))
    };
    text.char_indices().filter_map(glyph).collect()
}

/// A name of which whoever has it in full recognises the rest: the first letter of each word stays.
#[must_use]
pub fn masked(name: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        let first: String = letters.next().into_iter().collect();
        first + &letters.map(|_| '*').collect::<String>()
    };
    name.split_whitespace().map(word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::domain::shift::tests::at;

    fn attested() -> Attested {
        Attested { minutes: 750, shifts: 3, first: at(600), last: at(4000), issued: at(5000) }
    }

    fn print<'a>(person: &'a str, attested: &'a Attested) -> Print<'a> {
        Print {
            certificate: "tournaments/t/certificates/7",
            number: 7,
            person,
            tournament: "FISU University World Cup Football 2023 晋江",
            attested,
            code: "ABCDE-FGHJK-23456-789LM",
            verify_at: "https://volunteers.example.org/certificates/ABCDE-FGHJK-23456-789LM",
        }
    }

    fn zone() -> Zone {
        "Asia/Shanghai".parse().unwrap()
    }

    #[test]
    fn a_certificate_is_a_small_page_in_both_languages() {
        let attested = attested();
        for language in Language::ALL {
            for person in
                ["陈嘉豪", "José Ñandú-Müller", "A name that is far too long for one line of a page, "]
            {
                let pdf = print(person, &attested).pdf(language, &zone()).unwrap();
                assert!(pdf.starts_with(b"%PDF-") && pdf.len() < 100_000, "{} bytes", pdf.len());
            }
        }
    }

    #[test]
    fn lines_say_what_is_attested() {
        let attested = attested();
        let said = |language| {
            let lines = print("陈嘉豪", &attested).lines(words(language), language, &zone());
            lines.into_iter().map(|line| line.text).collect::<Vec<_>>()
        };
        let english = said(Language::English);
        assert_eq!(english[2], "陈嘉豪");
        assert_eq!(english[4], "for 12 h 30 min");
        assert_eq!(english[6], "from 2023-10-21 to 2023-10-23");
        let chinese = said(Language::Chinese);
        assert_eq!(chinese[4], "服务时长 12 小时 30 分钟");
        assert_eq!(chinese[6], "2023年10月21日 至 2023年10月23日");
        assert!(chinese[9].ends_with("certificates/ABCDE-FGHJK-23456-789LM"));
    }

    #[test]
    fn a_character_that_the_font_lacks_is_named() {
        let attested = attested();
        let refused = print("\u{20000}明", &attested).pdf(Language::Chinese, &zone()).unwrap_err();
        let Refusal::Unprintable { character, .. } = refused else { panic!("{refused}") };
        assert_eq!(character, '\u{20000}');
    }

    #[test]
    fn the_font_has_every_character_of_the_words() {
        let face = Face::parse(FONT, 0).unwrap();
        for character in ENGLISH.chars().chain(CHINESE.chars()).filter(|one| !one.is_control()) {
            assert!(face.glyph_index(character).is_some(), "{character:?}");
        }
    }

    #[test]
    fn both_languages_say_the_same() {
        let ids = |source: &'static str| -> BTreeSet<&'static str> {
            source.lines().filter_map(|line| line.split_once(" = ")).map(|(id, _)| id).collect()
        };
        assert_eq!(ids(ENGLISH), ids(CHINESE));
        assert!(ids(ENGLISH).iter().all(|id| Language::ALL.iter().all(|one| words(*one).has(id))));
    }

    #[test]
    fn of_a_name_the_first_letters_are_told() {
        assert_eq!(masked("陈嘉豪"), "陈**");
        assert_eq!(masked("Lin  Xiaoming"), "L** X*******");
        assert_eq!(masked(""), "");
    }

    #[test]
    fn a_title_with_a_picture_is_printed_without_it() {
        let attested = attested();
        let print = Print { tournament: "Cup ⚽ 2023", ..print("陈嘉豪", &attested) };
        assert!(print.pdf(Language::English, &zone()).is_ok());
    }

    #[test]
    fn codes_are_long_and_differ() {
        let random = Random::seeded(7);
        let codes: BTreeSet<String> = (0..100).map(|_| code(&random)).collect();
        assert_eq!(codes.len(), 100);
        for code in codes {
            assert_eq!(code.len(), 23);
            assert!(code.bytes().all(|byte| byte == b'-' || ALPHABET.contains(&byte)), "{code}");
        }
    }
}
