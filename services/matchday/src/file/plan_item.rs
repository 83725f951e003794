//! What a class of a service plan asks for: posts, work orders and gates.

use matchday_api::common::v1::Basis;
use matchday_api::scheduling::v1::{GatePlan, OnDelay, PlanBasis, Post, WorkItem};
use matchday_kernel::{KeyMoment, Slug};
use serde::Deserialize;

use super::{
    Faults, FileError,
    item::{Item, Text},
    plan::id,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PostEntry {
    pub(super) id: Text,
    title: Text,
    start: Text,
    end: Text,
    on_delay: Text,
    headcount: Text,
    unit: Option<Text>,
    #[serde(default)]
    skills: Vec<Text>,
    #[serde(default)]
    languages: Vec<Text>,
    zone: Option<Text>,
    #[serde(default)]
    reserve: bool,
    basis: Text,
    source: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WorkEntry {
    pub(super) id: Text,
    title: Text,
    start: Text,
    due: Text,
    on_delay: Text,
    assignee: Option<Text>,
    zone: Option<Text>,
    basis: Text,
    source: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GatesEntry {
    opens: Text,
    exit_only: Text,
    free_egress: Text,
    clears: Text,
    #[serde(default)]
    gates: Vec<Text>,
    basis: Text,
    source: Option<String>,
}

impl GatesEntry {
    /// What is written first, and shows where the entry stands.
    pub(super) fn first(&self) -> &Text {
        &self.opens
    }
}

/// How well the numbers of an entry are founded, as it is written.
pub(super) struct Founded {
    pub(super) basis: Text,
    pub(super) source: Option<String>,
}

impl Founded {
    /// Reads it.
    pub(super) fn read(self, item: &Item<'_>, faults: &mut Faults) -> PlanBasis {
        let basis: Basis = faults.keep(item.word("basis", &self.basis));
        PlanBasis { basis: basis.into(), source: self.source.unwrap_or_default() }
    }
}

/// Reads a post.
pub(super) fn post(item: &Item<'_>, entry: PostEntry, faults: &mut Faults) -> Post {
    let founded = Founded { basis: entry.basis, source: entry.source };
    Post {
        id: faults.keep(id(item, &entry.id)),
        title: faults.keep(item.text("title", &entry.title)),
        start: faults.keep(moment(item, "start", &entry.start)),
        end: faults.keep(moment(item, "end", &entry.end)),
        on_delay: faults.keep(item.word::<OnDelay>("on_delay", &entry.on_delay)).into(),
        headcount: faults.keep(headcount(item, &entry.headcount)),
        unit: optional(item, "unit", entry.unit.as_ref(), faults),
        skills: ids(item, "skills", &entry.skills, faults),
        languages: ids(item, "languages", &entry.languages, faults),
        zone: faults.keep(item.optional_id("zone", entry.zone.as_ref())),
        reserve: entry.reserve,
        basis: Some(founded.read(item, faults)),
    }
}

/// Reads a work order.
pub(super) fn work_order(item: &Item<'_>, entry: WorkEntry, faults: &mut Faults) -> WorkItem {
    let founded = Founded { basis: entry.basis, source: entry.source };
    WorkItem {
        id: faults.keep(id(item, &entry.id)),
        title: faults.keep(item.text("title", &entry.title)),
        start: faults.keep(moment(item, "start", &entry.start)),
        due: faults.keep(moment(item, "due", &entry.due)),
        on_delay: faults.keep(item.word::<OnDelay>("on_delay", &entry.on_delay)).into(),
        assignee: optional(item, "assignee", entry.assignee.as_ref(), faults),
        zone: faults.keep(item.optional_id("zone", entry.zone.as_ref())),
        basis: Some(founded.read(item, faults)),
    }
}

/// Reads how the gates of a session work.
pub(super) fn gates(item: &Item<'_>, entry: GatesEntry, faults: &mut Faults) -> GatePlan {
    let founded = Founded { basis: entry.basis, source: entry.source };
    GatePlan {
        opens: faults.keep(moment(item, "opens", &entry.opens)),
        exit_only: faults.keep(moment(item, "exit_only", &entry.exit_only)),
        free_egress: faults.keep(moment(item, "free_egress", &entry.free_egress)),
        clears: faults.keep(moment(item, "clears", &entry.clears)),
        gates: ids(item, "gates", &entry.gates, faults),
        basis: Some(founded.read(item, faults)),
    }
}

/// Reads a key time with an offset; the plan keeps it as it is written.
fn moment(item: &Item<'_>, field: &str, text: &Text) -> Result<String, FileError> {
    match item.parse(field, text)? {
        KeyMoment::Relative { .. } => Ok(text.value.trim().to_owned()),
        KeyMoment::Fixed(_) => {
            let problem =
                format!("{:?} follows no key time: write it like KO-120, END+30 or START", text.value);
            Err(item.wrong(field, text, problem))
        }
    }
}

fn headcount(item: &Item<'_>, text: &Text) -> Result<i32, FileError> {
    let number = text.value.parse().ok().filter(|number| (1..=10_000).contains(number));
    let problem = || format!("{:?} is not a number from 1 to 10000", text.value);
    number.ok_or_else(|| item.wrong("headcount", text, problem()))
}

fn ids(item: &Item<'_>, field: &str, texts: &[Text], faults: &mut Faults) -> Vec<String> {
    let read = texts.iter().enumerate().map(|(index, text)| {
        let id = item.parse::<Slug>(&format!("{field}[{index}]"), text);
        faults.keep(id.map(|id| id.to_string()))
    });
    read.collect()
}

fn optional(item: &Item<'_>, field: &str, text: Option<&Text>, faults: &mut Faults) -> String {
    text.map(|text| faults.keep(item.text(field, text))).unwrap_or_default()
}
