//! Pitches and times as SVG (Gantt chart): a band for each day, a row for each place, an hour for each line.
//!
//! The pale bar is the time a place is needed, set-up and turnaround included; the bar on it is the activity.

use std::collections::BTreeSet;

use matchday_api::scheduling::v1::{ActivityKind, ActivityState};
use matchday_kernel::{Instant, civil::Date};
use maud::{Markup, PreEscaped, html};

use super::{
    sheet::{Entry, Sheet},
    words::Words,
};

/// Width of the names of places, in units of the drawing.
const NAMES: i64 = 260;
/// Width of an hour.
const HOUR: i64 = 96;
/// Height of a row.
const ROW: i64 = 44;
/// Height of the line with the day, and of the one with the hours.
const HEAD: i64 = 24;
const MINUTES: i64 = 60;

/// A day of the chart.
struct Band<'s> {
    date: Date,
    entries: Vec<&'s Entry>,
    places: Vec<&'s [String; 2]>,
    /// First moment shown, a full hour of the day.
    from: Instant,
    hours: i64,
    top: i64,
}

impl<'s> Band<'s> {
    fn new(sheet: &Sheet, date: Date, entries: Vec<&'s Entry>, top: i64) -> Self {
        let day = sheet.zone.day(date);
        let minutes = |moment: Instant| moment.since(day.start()).as_mins();
        let first = entries.iter().map(|entry| minutes(entry.occupation.start())).min().unwrap_or(0);
        let last = entries.iter().map(|entry| minutes(entry.occupation.end())).max().unwrap_or(0);
        let from = first.div_euclid(MINUTES);
        let hours = (last + MINUTES - 1).div_euclid(MINUTES) - from;
        let places: BTreeSet<&[String; 2]> = entries.iter().map(|entry| &entry.place).collect();
        let from = day.start().saturating_add(matchday_kernel::SignedDuration::from_hours(from));
        // a camp may last for weeks: the chart shows its first two days
        Self { date, entries, places: places.into_iter().collect(), from, hours: hours.clamp(1, 48), top }
    }

    fn rows(&self) -> i64 {
        i64::try_from(self.places.len()).unwrap_or(i64::MAX / ROW)
    }

    fn height(&self) -> i64 {
        2 * HEAD + self.rows() * ROW + HEAD
    }

    fn width(&self) -> i64 {
        NAMES + self.hours * HOUR + 1
    }

    /// Where a moment lies, within the band.
    fn x(&self, moment: Instant) -> i64 {
        let minutes = moment.since(self.from).as_mins().clamp(0, self.hours * MINUTES);
        NAMES + minutes * HOUR / MINUTES
    }

    fn y(&self, entry: &Entry) -> i64 {
        let row = self.places.iter().position(|place| **place == entry.place).unwrap_or(0);
        self.top + 2 * HEAD + i64::try_from(row).unwrap_or(0) * ROW
    }

    fn draw(&self, sheet: &Sheet, words: &Words) -> Markup {
        let lines = self.top + 2 * HEAD;
        let bottom = lines + self.rows() * ROW;
        html! {
            text.day x="4" y=(self.top + HEAD - 6) { (self.date) }
            @for hour in 0..=self.hours {
                @let x = NAMES + hour * HOUR;
                @let moment = self.from.saturating_add(matchday_kernel::SignedDuration::from_hours(hour));
                line.hour x1=(x) y1=(lines) x2=(x) y2=(bottom) {}
                text.clock x=(x) y=(lines - 6) { (sheet.clock(moment)) }
            }
            @for (row, place) in (0_i64..).zip(&self.places) {
                @let y = lines + row * ROW;
                line.row x1="0" y1=(y) x2=(NAMES + self.hours * HOUR) y2=(y) {}
                (clipped([4, y, NAMES - 8, ROW], &html! {
                    text.place x="0" y="18" { (place[0]) }
                    text x="0" y="34" { (place[1]) }
                }))
            }
            @for entry in &self.entries {
                (self.bar(sheet, entry, words))
            }
        }
    }

    fn bar(&self, sheet: &Sheet, entry: &Entry, words: &Words) -> Markup {
        let y = self.y(entry) + 3;
        let height = ROW - 6;
        let [needed, start, end, free] =
            [entry.occupation.start(), entry.time.start(), entry.time.end(), entry.occupation.end()]
                .map(|moment| self.x(moment));
        let sides = entry.game.as_ref().map_or_else(String::new, |game| game.sides_in(words));
        let (first, second) = if sides.is_empty() { (&entry.title, &sides) } else { (&entry.id, &sides) };
        let clock = sheet.clock(entry.time.start());
        html! {
            g class=(class(entry)) {
                title {
                    (clock) "–" (sheet.clock(entry.time.end())) " " (entry.id) " " (entry.title) " " (sides) " ("
                    (entry.state_in(words)) ")"
                }
                rect.needed x=(needed) y=(y) width=(free - needed) height=(height) {}
                rect.bar x=(start) y=(y) width=(end - start) height=(height) {}
                (clipped([start + 3, y, end - start - 4, height], &html! {
                    text.label x="0" y="15" { (clock) " " (first) }
                    text.label x="0" y="31" { (second) }
                }))
            }
        }
    }
}

/// What is drawn within a frame of x, y, width and height alone: long names end at their bar.
fn clipped([x, y, width, height]: [i64; 4], content: &Markup) -> Markup {
    html! { svg x=(x) y=(y) width=(width.max(0)) height=(height) { (content) } }
}

fn class(entry: &Entry) -> &'static str {
    match (entry.state, entry.kind) {
        (ActivityState::Cancelled, _) => "off",
        (ActivityState::Delayed | ActivityState::Rescheduled, _) => "changed",
        (ActivityState::InPlay | ActivityState::Suspended, _) => "live",
        (ActivityState::Finished | ActivityState::Abandoned, _) => "over",
        (_, ActivityKind::Match) => "match",
        _ => "other",
    }
}

const STYLE: &str = "text{font:13px 'Noto Sans','Noto Sans CJK SC',sans-serif;fill:#111}.day{font-weight:bold}\
.clock{font-size:11px;text-anchor:middle;fill:#444}.place{font-weight:bold}.hour,.row{stroke:#ccc}\
.needed{fill:#e3e3e3}.bar{stroke:#333}.match .bar{fill:#bfe3c6}.other .bar{fill:#cfdcf2}\
.changed .bar{fill:#ffe08a}.live .bar{fill:#f7b2a8}.over .bar{fill:#d9d9d9}\
.off .bar{fill:#fff;stroke-dasharray:4}.off .label{text-decoration:line-through}";

/// The schedule as a chart; a sheet without entries says that nothing takes place.
#[must_use]
pub fn chart(sheet: &Sheet, words: &Words) -> String {
    let mut bands: Vec<Band> = Vec::new();
    let mut top = HEAD;
    for (date, entries) in sheet.days() {
        let band = Band::new(sheet, date, entries, top);
        top += band.height();
        bands.push(band);
    }
    let width = bands.iter().map(Band::width).max().unwrap_or(NAMES + 4 * HOUR) + HOUR / 2;
    let height = top + if bands.is_empty() { HEAD } else { 0 };
    let view = format!("0 0 {width} {height}");
    html! {
        svg xmlns="http://www.w3.org/2000/svg" lang=(words.language().tag()) viewBox=(view) width=(width)
            height=(height) role="img" {
            style { (PreEscaped(STYLE)) }
            rect width="100%" height="100%" fill="#fff" {}
            text.day x="4" y=(HEAD - 6) { (sheet.title) " · " (words.say("zone", &[("zone", sheet.zone.name())])) }
            @if bands.is_empty() {
                text x="4" y=(2 * HEAD - 6) { (words.say("nothing", &[])) }
            }
            @for band in &bands {
                (band.draw(sheet, words))
            }
        }
    }
    .into_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::export::{
        Language,
        sheet::tests::{at, game, sheet},
        words,
    };

    #[test]
    fn a_bar_lies_where_its_time_is() {
        let sheet = sheet(vec![game("m1", 600, ["a <b>", "c"]), game("m2", 1425, ["a", "b"])]);
        let band = Band::new(&sheet, sheet.zone.local_date(at(600)), sheet.days().remove(0).1, 0);
        // from nine, when m1 needs its place, to two in the night, when m2 has left it
        assert_eq!((band.from, band.hours), (at(540), 18));
        assert_eq!(band.x(at(600)), NAMES + HOUR);
        assert_eq!(band.x(at(0)), NAMES, "what lies before is cut");
        let drawn = chart(&sheet, words::of(Language::Chinese));
        assert!(drawn.starts_with("<svg "), "{drawn}");
        assert!(drawn.contains("a &lt;b&gt; – c") && !drawn.contains("<b>"), "{drawn}");
        assert!(drawn.contains("主体育场"));
    }

    #[test]
    fn an_empty_chart_says_so() {
        assert!(chart(&sheet(vec![]), words::of(Language::Chinese)).contains("没有活动"));
    }
}
