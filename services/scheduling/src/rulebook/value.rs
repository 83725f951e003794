//! The limit of a rule as people write it: one of several fields, each of its own form.

use matchday_api::scheduling::v1::{
    CrowdNotice, CrowdWindow, DailyWindow, DayList, MatchList, PitchList, WeeklyWear, rule::Value,
};
use matchday_kernel::SignedDuration;
use matchday_rpc::parse::to_duration;
use serde::Deserialize;

use super::{Misread, Text, misread, number, places, texts};

/// The fields of which a rule has one.
#[derive(Debug, Default)]
pub(super) struct Values {
    pub(super) duration: Option<Text>,
    pub(super) count: Option<Text>,
    pub(super) window: Option<WindowEntry>,
    pub(super) matches: Option<Vec<Text>>,
    pub(super) days: Option<Vec<Text>>,
    pub(super) pitches: Option<Vec<Text>>,
    pub(super) wear: Option<WearEntry>,
    pub(super) crowd_window: Option<CrowdWindowEntry>,
    pub(super) notice: Option<NoticeEntry>,
}

/// A time of every day.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WindowEntry {
    opens: Text,
    closes: Text,
}

/// What a pitch bears.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WearEntry {
    surface: Option<Text>,
    most: Text,
}

/// A time of every day, for large crowds.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CrowdWindowEntry {
    opens: Text,
    closes: Text,
    crowd: Text,
}

/// How long before large crowds are announced.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NoticeEntry {
    crowd: Text,
    time: Text,
}

impl Values {
    /// Reads the one that is there; `at` is what the path of the fields begins with.
    pub(super) fn read(self, at: &str) -> Result<Option<Value>, Misread> {
        let field = |name: &str| format!("{at}.{name}");
        // each with the line that told it, as far as it has one
        let mut values: Vec<(u64, Value)> = Vec::new();
        if let Some(text) = &self.duration {
            values.push((line(text), Value::Duration(length(field("duration"), text)?)));
        }
        if let Some(text) = &self.count {
            values.push((line(text), Value::Count(number(field("count"), text)?)));
        }
        if let Some(WindowEntry { opens, closes }) = self.window {
            values.push((line(&opens), Value::Window(window(opens, closes))));
        }
        if let Some(list) = self.matches {
            values.push((first(&list), Value::Matches(MatchList { ids: texts(list) })));
        }
        if let Some(list) = self.days {
            values.push((first(&list), Value::Days(DayList { dates: texts(list) })));
        }
        if let Some(list) = self.pitches {
            let zones = places(&field("pitches"), &list)?;
            values.push((first(&list), Value::Pitches(PitchList { zones })));
        }
        if let Some(WearEntry { surface, most }) = self.wear {
            let surface = surface.map(|text| text.value).unwrap_or_default();
            let wear = WeeklyWear { surface, most: Some(length(field("wear.most"), &most)?) };
            values.push((line(&most), Value::Wear(wear)));
        }
        if let Some(CrowdWindowEntry { opens, closes, crowd }) = self.crowd_window {
            let (line, crowd) = (line(&crowd), number(field("crowd_window.crowd"), &crowd)?);
            let large = CrowdWindow { window: Some(window(opens, closes)), crowd };
            values.push((line, Value::CrowdWindow(large)));
        }
        if let Some(NoticeEntry { crowd, time }) = self.notice {
            let notice = CrowdNotice {
                crowd: number(field("notice.crowd"), &crowd)?,
                time: Some(length(field("notice.time"), &time)?),
            };
            values.push((line(&crowd), Value::Notice(notice)));
        }
        if let [_, (line, _), ..] = values[..] {
            let problem = "stands beside another value: a rule has one value".to_owned();
            return Err(Misread { line, field: at.to_owned(), problem });
        }
        Ok(values.pop().map(|(_, value)| value))
    }
}

fn line(text: &Text) -> u64 {
    text.referenced.line()
}

fn first(list: &[Text]) -> u64 {
    list.first().map_or(0, line)
}

fn window(opens: Text, closes: Text) -> DailyWindow {
    DailyWindow { opens: opens.value, closes: closes.value }
}

fn length(field: String, text: &Text) -> Result<prost_types::Duration, Misread> {
    let read: SignedDuration = text.value.parse().map_err(|_| {
        let problem = format!("{:?} is not a length of time: write it like 44h or 1h 30m", text.value);
        misread(field, text, problem)
    })?;
    Ok(to_duration(read))
}
