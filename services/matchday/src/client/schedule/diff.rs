//! What differs between two schedules, and who has to be told: `matchday schedule diff`.

use std::collections::BTreeMap;

use clap::Args;
use matchday_api::scheduling::v1::{
    Activity, ActivityDifference, DiffVersionsRequest, DiffVersionsResponse, DifferenceAspect, Match, Notice,
    RecipientKind,
};
use matchday_kernel::{ScheduleVersionName, Slug, TournamentName};
use serde::Serialize;

use super::super::{connection::Client, names, times::Clocks};
use crate::{
    failure::{Failure, say},
    output::{Cell, Column, Shown, ToJson},
    words::{self, Words},
};

/// The word for the schedule as it stands.
const NOW: &str = "now";

/// Two schedules to compare.
#[derive(Args)]
#[command(
    after_long_help = "Compares the version in force with the schedule as it stands, unless others are named.\n\n\
                       Examples:\n  matchday schedule diff fisu-2023\n  matchday schedule diff fisu-2023 now 4\n  \
                       matchday schedule diff fisu-2023 2 4 --told --output csv"
)]
pub(crate) struct Diff {
    /// The tournament: fisu-2023
    tournament: String,
    /// The first: the number of a version, or `now` for the schedule as it stands; otherwise the version in force
    from: Option<Slug>,
    /// The second, in the same way; otherwise the schedule as it stands
    to: Option<Slug>,
    /// Show who has to be told what: teams, officials, ticket holders of sessions, venues
    #[arg(long)]
    told: bool,
}

impl Shown for ActivityDifference {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("activity", |it: &Self| Cell::id(&it.activity)),
        Column::new("what", |it: &Self| Cell::Text(what(it))),
        Column::clock("old-start", |it: &Self| start(old(it))),
        Column::new("new-start", |it: &Self| start(new(it))),
        Column::new("old-zone", |it: &Self| zone(old(it))),
        Column::new("new-zone", |it: &Self| zone(new(it))),
        Column::new("other", |it: &Self| Cell::Text(other(it))),
        Column::detail("title", |it: &Self| Cell::Text(title(it))),
    ];
}

fn start(activity: Option<&Activity>) -> Cell {
    Cell::Time(activity.and_then(|it| it.start_time))
}

fn zone(activity: Option<&Activity>) -> Cell {
    Cell::place(activity.map_or("", |it| it.zone.as_str()))
}

fn title(difference: &ActivityDifference) -> String {
    let activity = difference.after.as_ref().or(difference.before.as_ref());
    activity.map_or_else(String::new, |it| it.title.clone())
}

fn old(difference: &ActivityDifference) -> Option<&Activity> {
    difference.before.as_ref()
}

/// The second schedule, where it says something else of time or place.
fn new(difference: &ActivityDifference) -> Option<&Activity> {
    let is_there = |before: &Activity, after: &Activity| {
        (before.start_time, &before.zone) == (after.start_time, &after.zone)
    };
    match (&difference.before, &difference.after) {
        (Some(before), Some(after)) if is_there(before, after) => None,
        (_, after) => after.as_ref(),
    }
}

fn what(difference: &ActivityDifference) -> String {
    difference.aspects().map(DifferenceAspect::word).collect::<Vec<_>>().join(", ")
}

/// What differs beside time and place, old and new.
fn other(difference: &ActivityDifference) -> String {
    let (Some(before), Some(after)) = (&difference.before, &difference.after) else {
        return String::new();
    };
    let played = |activity: &Activity| activity.r#match.clone().unwrap_or_default();
    let id = |name: &str| match name.rsplit_once('/') {
        Some((collection, id)) if collection.starts_with("tournaments/") => id.to_owned(),
        _ => name.to_owned(),
    };
    let sides = |played: &Match| format!("{} – {}", id(&played.home), id(&played.away));
    let (was, is) = (played(before), played(after));
    let pairs = [
        (DifferenceAspect::Sides, sides(&was), sides(&is)),
        (DifferenceAspect::Officials, was.officials.join(" "), is.officials.join(" ")),
        (DifferenceAspect::Session, id(&before.session), id(&after.session)),
        (DifferenceAspect::Details, before.title.clone(), after.title.clone()),
    ];
    let none = |text: String| if text.is_empty() { "none".to_owned() } else { text };
    let told = pairs
        .into_iter()
        .filter(|(aspect, was, is)| difference.aspects().any(|differs| differs == *aspect) && was != is);
    told.map(|(_, was, is)| format!("{} → {}", none(was), none(is))).collect::<Vec<_>>().join("; ")
}

/// One line of what somebody has to be told.
struct Line {
    notice: Notice,
    difference: ActivityDifference,
}

/// A line for programs.
#[derive(Serialize)]
struct JsonLine<N, D> {
    notice: N,
    difference: D,
}

impl ToJson for Line {
    type Json = JsonLine<<Notice as ToJson>::Json, <ActivityDifference as ToJson>::Json>;

    fn to_json(&self) -> Result<Self::Json, Failure> {
        Ok(JsonLine { notice: self.notice.to_json()?, difference: self.difference.to_json()? })
    }
}

impl Shown for Line {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("told", |it: &Self| Cell::Text(words::word_of::<RecipientKind>(it.notice.kind))),
        Column::new("who", |it: &Self| Cell::id(&it.notice.recipient)),
        Column::detail("display-name", |it: &Self| Cell::text(&it.notice.display_name)),
        Column::new("people", |it: &Self| Cell::Count(it.notice.people.unwrap_or_default())),
        Column::new("activity", |it: &Self| Cell::id(&it.difference.activity)),
        Column::new("what", |it: &Self| Cell::Text(what(&it.difference))),
        Column::clock("old-start", |it: &Self| start(old(&it.difference))),
        Column::new("new-start", |it: &Self| start(new(&it.difference))),
        Column::new("old-zone", |it: &Self| zone(old(&it.difference))),
        Column::new("new-zone", |it: &Self| zone(new(&it.difference))),
        Column::new("other", |it: &Self| Cell::Text(other(&it.difference))),
        Column::detail("title", |it: &Self| Cell::Text(title(&it.difference))),
    ];
}

/// What each of those who have to be told is told, a line each.
fn lines(response: DiffVersionsResponse) -> Vec<Line> {
    let by_name: BTreeMap<String, ActivityDifference> =
        response.differences.into_iter().map(|it| (it.activity.clone(), it)).collect();
    let mut lines = Vec::new();
    for notice in response.notices {
        let differences = notice.activities.iter().filter_map(|activity| by_name.get(activity));
        lines.extend(differences.map(|it| Line { notice: notice.clone(), difference: it.clone() }));
    }
    lines
}

/// How much differs, and how many have to be told.
fn summary(response: &DiffVersionsResponse) -> String {
    let differ = match response.difference_count {
        0 => return "nothing differs".to_owned(),
        1 => "1 activity differs".to_owned(),
        many => format!("{many} activities differ"),
    };
    let count = |kind: RecipientKind| response.notices.iter().filter(|it| it.kind() == kind).count();
    let of_kind = |(kind, one, many): (RecipientKind, &str, &str)| match count(kind) {
        0 => None,
        1 => Some(format!("1 {one}")),
        number => Some(format!("{number} {many}")),
    };
    let kinds = [
        (RecipientKind::Team, "team", "teams"),
        (RecipientKind::Official, "official", "officials"),
        (RecipientKind::Session, "session's spectators", "sessions' spectators"),
        (RecipientKind::Venue, "venue", "venues"),
    ];
    let told: Vec<String> = kinds.into_iter().filter_map(of_kind).collect();
    let people: i32 = response.notices.iter().filter_map(|it| it.people).sum();
    match (told.is_empty(), people) {
        (true, _) => format!("{differ}; nobody has to be told"),
        (false, 0) => format!("{differ}; to be told: {}", told.join(", ")),
        (false, people) => format!("{differ}; to be told: {} ({people} people and more)", told.join(", ")),
    }
}

impl Diff {
    /// Shows what differs, or who has to be told.
    pub(crate) async fn run(self, client: &Client) -> Result<(), Failure> {
        let tournament: TournamentName = names::read(&self.tournament)?;
        let side = |side: Option<Slug>| match side {
            None => String::new(),
            Some(now) if now.as_str() == NOW => tournament.to_string(),
            Some(number) => ScheduleVersionName::new(&tournament, number).into(),
        };
        let request =
            DiffVersionsRequest { parent: tournament.to_string(), from: side(self.from), to: side(self.to) };
        let response = client.versions().diff_versions(request).await?.into_inner();
        let zone = Clocks::Tournament(&tournament).zone_to_show(client).await;
        say(summary(&response));
        if self.told {
            return client.output.list(&lines(response), &zone);
        }
        client.output.list(&response.differences, &zone)
    }
}
