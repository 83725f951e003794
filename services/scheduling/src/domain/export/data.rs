//! CSV and JSON: one row, or one object, for each activity.

use serde::Serialize;

use super::{
    sheet::{Entry, Sheet},
    words::Words,
};

/// An activity as it is written; texts that are words are of the language of the file.
#[derive(Serialize)]
struct Row {
    id: String,
    kind: String,
    title: String,
    start: String,
    end: String,
    planned_start: String,
    venue: String,
    place: String,
    session: String,
    state: String,
    competition: String,
    stage: String,
    group: String,
    home: String,
    away: String,
    result: String,
    officials: String,
    reason: String,
    revision: i64,
}

impl Row {
    fn of(sheet: &Sheet, entry: &Entry, words: &Words) -> Self {
        let game = entry.game.as_ref();
        let side = |index: usize| game.map_or_else(String::new, |game| game.sides[index].text_in(words));
        Self {
            id: entry.id.clone(),
            kind: entry.kind_in(words),
            title: entry.title.clone(),
            start: sheet.iso(entry.time.start()),
            end: sheet.iso(entry.time.end()),
            planned_start: sheet.iso(entry.planned_start),
            venue: entry.place[0].clone(),
            place: entry.place[1].clone(),
            session: entry.session.clone(),
            state: entry.state_in(words),
            competition: game.map_or_else(String::new, |game| game.competition.clone()),
            stage: game.map_or_else(String::new, |game| game.stage.clone()),
            group: game.map_or_else(String::new, |game| game.group.clone()),
            home: side(0),
            away: side(1),
            result: game.map_or_else(String::new, |game| game.result_in(words)),
            officials: game.map_or_else(String::new, |game| game.officials.join(" ")),
            reason: entry.reason.clone(),
            revision: entry.revision,
        }
    }

    /// With no text that a spreadsheet would take for a formula.
    fn harmless(self) -> Self {
        let text = |text: String| {
            if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text }
        };
        Self {
            title: text(self.title),
            venue: text(self.venue),
            place: text(self.place),
            session: text(self.session),
            competition: text(self.competition),
            stage: text(self.stage),
            group: text(self.group),
            home: text(self.home),
            away: text(self.away),
            reason: text(self.reason),
            ..self
        }
    }
}

fn rows(sheet: &Sheet, words: &Words) -> impl Iterator<Item = Row> {
    sheet.entries.iter().map(|entry| Row::of(sheet, entry, words))
}

/// The schedule as CSV, for spreadsheets: UTF-8 with the mark by which they know it.
///
/// # Errors
/// [`csv::Error`] never, as far as is known: memory is written to.
pub fn csv(sheet: &Sheet, words: &Words) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    for row in rows(sheet, words) {
        writer.serialize(row.harmless())?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

/// The schedule as JSON.
///
/// # Errors
/// [`serde_json::Error`] never, as far as is known: it has no map with keys that are no texts.
pub fn json(sheet: &Sheet, words: &Words) -> Result<Vec<u8>, serde_json::Error> {
    #[derive(Serialize)]
    struct File<'s> {
        tournament: &'s str,
        title: &'s str,
        time_zone: &'s str,
        language: &'static str,
        activities: Vec<Row>,
    }
    serde_json::to_vec_pretty(&File {
        tournament: &sheet.tournament,
        title: &sheet.title,
        time_zone: sheet.zone.name(),
        language: words.language().tag(),
        activities: rows(sheet, words).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::export::{
        Language,
        sheet::tests::{game, sheet},
        words,
    };

    #[test]
    fn a_row_is_read_by_a_spreadsheet_and_is_no_formula() {
        let mut one = game("m1", 600, ["=1+1", "东道主"]);
        one.title = "a, \"b\"".into();
        let written = csv(&sheet(vec![one]), words::of(Language::Chinese)).unwrap();
        let text = String::from_utf8(written).unwrap();
        let text = text.strip_prefix('\u{feff}').unwrap();
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let headings = reader.headers().unwrap().clone();
        let row = reader.records().next().unwrap().unwrap();
        let of = |name: &str| &row[headings.iter().position(|heading| heading == name).unwrap()];
        assert_eq!(of("title"), "a, \"b\"");
        assert_eq!(of("home"), "'=1+1");
        assert_eq!(of("away"), "东道主");
        assert_eq!(of("state"), "已排定");
        assert_eq!(of("start"), "2023-10-25T10:00:00+08:00");
    }

    #[test]
    fn json_says_whose_times_it_tells() {
        let written = json(&sheet(vec![game("m1", 600, ["a", "b"])]), words::of(Language::English)).unwrap();
        let read: serde_json::Value = serde_json::from_slice(&written).unwrap();
        assert_eq!(read["time_zone"], "Asia/Shanghai");
        assert_eq!(read["activities"][0]["home"], "a");
        assert_eq!(read["activities"][0]["revision"], 3);
    }
}
