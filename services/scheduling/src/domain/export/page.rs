//! A page to print: each day with its table, and the chart of all.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{
    chart::chart,
    sheet::{Entry, Sheet},
    words::Words,
};

const STYLE: &str = "@page{size:A4 landscape;margin:12mm}\
body{font:14px/1.4 'Noto Sans','Noto Sans CJK SC',sans-serif;color:#111;margin:16px}\
h1{font-size:20px;margin:0}h2{font-size:16px;margin:16px 0 4px}p{margin:4px 0}\
table{border-collapse:collapse;width:100%}th,td{border:1px solid #999;padding:3px 6px;text-align:left;vertical-align:top}\
th{background:#eee}tr{break-inside:avoid}section{break-inside:auto}.off td{text-decoration:line-through;color:#555}\
.time{white-space:nowrap}figure{margin:16px 0;overflow-x:auto}";

/// The columns, by the ids of their headings.
const HEADINGS: [&str; 10] = [
    "heading-start",
    "heading-end",
    "heading-activity",
    "heading-sides",
    "heading-stage",
    "heading-place",
    "heading-session",
    "heading-officials",
    "heading-result",
    "heading-state",
];

/// The schedule as a page.
#[must_use]
pub fn page(sheet: &Sheet, words: &Words) -> String {
    html! {
        (DOCTYPE)
        html lang=(words.language().tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width";
                title { (sheet.title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                h1 { (sheet.title) }
                p { (words.say("zone", &[("zone", sheet.zone.name())])) }
                @if let Some(moment) = sheet.as_of {
                    p { (words.say("as-of", &[("time", &sheet.zone.format(moment))])) }
                }
                @if sheet.entries.is_empty() {
                    p { (words.say("nothing", &[])) }
                }
                @for (date, entries) in sheet.days() {
                    section {
                        h2 { (date) }
                        table {
                            thead { tr { @for id in HEADINGS { th scope="col" { (words.say(id, &[])) } } } }
                            tbody { @for entry in entries { (row(sheet, entry, words)) } }
                        }
                    }
                }
                @if !sheet.entries.is_empty() {
                    figure { (PreEscaped(chart(sheet, words))) }
                }
            }
        }
    }
    .into_string()
}

fn row(sheet: &Sheet, entry: &Entry, words: &Words) -> Markup {
    let of_game = |text: &dyn Fn(&super::Game) -> String| entry.game.as_ref().map_or_else(String::new, text);
    html! {
        tr class=[entry.is_cancelled().then_some("off")] {
            td.time {
                (sheet.clock(entry.time.start()))
                @if entry.planned_start != entry.time.start() {
                    br; small { (words.say("planned", &[("time", &sheet.zone.format(entry.planned_start))])) }
                }
            }
            td.time { (sheet.clock(entry.time.end())) }
            td { (entry.id) " " (entry.title) }
            td { (of_game(&|game| game.sides_in(words))) }
            td { (of_game(&|game| game.stage_in(words))) }
            td { (entry.place()) }
            td { (entry.session) }
            td { (of_game(&|game| game.officials.join(", "))) }
            td { (of_game(&|game| game.result_in(words))) }
            td {
                (entry.state_in(words))
                @if !entry.reason.is_empty() {
                    br; small { (words.say("because", &[("reason", &entry.reason)])) }
                }
            }
        }
    }
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
    fn names_are_shown_and_never_run() {
        let mut one = game("m1", 600, ["<script>alert(1)</script>", "b"]);
        one.title = "</title><script>".into();
        let written = page(&sheet(vec![one]), words::of(Language::English));
        assert!(!written.contains("<script"), "{written}");
        assert!(written.contains("&lt;script&gt;alert(1)&lt;/script&gt; – b"), "{written}");
        assert!(written.contains("<th scope=\"col\">Place</th>"), "{written}");
    }

    #[test]
    fn a_page_is_of_one_language() {
        let written =
            page(&sheet(vec![game("m1", 600, ["a", "winner of m2"])]), words::of(Language::Chinese));
        assert!(written.contains("<html lang=\"zh-CN\">") && written.contains("m2 胜者"), "{written}");
        assert!(!written.contains("Start"), "{written}");
    }
}
