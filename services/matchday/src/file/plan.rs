//! The file of a service plan: what activities and sessions of each class need.

use std::collections::HashMap;

use matchday_api::scheduling::v1::{
    ApplyServicePlanRequest, PlanClass, PlanSubject, ServicePlan, WorkLimit, WorkLimitKind,
};
use matchday_kernel::{Slug, TournamentName};
use matchday_rpc::parse::to_duration;
use serde::Deserialize;

use super::{
    Faults, FileError,
    item::{Item, Text},
    plan_item::{self, Founded, GatesEntry, PostEntry, WorkEntry},
};

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PlanFile {
    tournament: Text,
    title: Text,
    source: Option<String>,
    #[serde(default)]
    generated: Vec<Text>,
    #[serde(default)]
    limits: Vec<LimitEntry>,
    #[serde(default)]
    classes: Vec<ClassEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LimitEntry {
    kind: Text,
    value: Text,
    #[serde(default)]
    hard: bool,
    basis: Text,
    source: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClassEntry {
    id: Text,
    title: Text,
    subject: Text,
    gates: Option<GatesEntry>,
    #[serde(default)]
    posts: Vec<PostEntry>,
    #[serde(default)]
    work_orders: Vec<WorkEntry>,
}

/// Turns the file into the request that applies it.
///
/// # Errors
/// Every fault of it.
pub(super) fn read(name: &str, file: PlanFile) -> Result<ApplyServicePlanRequest, Faults> {
    let (whole, mut faults) = (Item::whole(name), Faults::default());
    let parent = whole.parse("tournament", &file.tournament).map(|id| TournamentName::new(id).to_string());
    let mut plan = ServicePlan {
        title: faults.keep(whole.text("title", &file.title)),
        provenance: faults.keep(whole.provenance(
            file.source,
            file.generated,
            &["title", "classes", "limits"],
        )),
        ..ServicePlan::default()
    };
    let mut seen = HashMap::new();
    for (index, entry) in file.limits.into_iter().enumerate() {
        let item = whole.nth("limits", index);
        faults.keep(item.unique_as(&mut seen, "kind", &entry.kind, &entry.kind.value));
        plan.limits.push(read_limit(&item, entry, &mut faults));
    }
    seen.clear();
    for (index, entry) in file.classes.into_iter().enumerate() {
        let item = whole.nth("classes", index);
        faults.keep(item.unique(&mut seen, &entry.id));
        plan.classes.push(read_class(&item, entry, &mut faults));
    }
    let parent = faults.keep(parent);
    faults.settle(ApplyServicePlanRequest { parent, plan: Some(plan), ..ApplyServicePlanRequest::default() })
}

fn read_limit(item: &Item<'_>, entry: LimitEntry, faults: &mut Faults) -> WorkLimit {
    const LONGEST_HOURS: i64 = 48;
    let value = item.duration("value", Some(&entry.value)).and_then(|value| {
        if value.is_zero() || value.as_secs() > LONGEST_HOURS * 3600 {
            let problem = format!("{:?} is not more than nothing and at most 48h", entry.value.value);
            return Err(item.wrong("value", &entry.value, problem));
        }
        Ok(value)
    });
    let founded = Founded { basis: entry.basis, source: entry.source };
    WorkLimit {
        kind: faults.keep(item.word::<WorkLimitKind>("kind", &entry.kind)).into(),
        value: Some(to_duration(faults.keep(value))),
        hard: entry.hard,
        basis: Some(founded.read(item, faults)),
    }
}

fn read_class(item: &Item<'_>, entry: ClassEntry, faults: &mut Faults) -> PlanClass {
    let subject = item.word("subject", &entry.subject);
    if let (Ok(PlanSubject::Activity), Some(gates)) = (&subject, &entry.gates) {
        faults.add(item.wrong("gates", gates.first(), "an activity has no gates: they are its session's"));
    }
    let mut class = PlanClass {
        id: faults.keep(id(item, &entry.id)),
        title: faults.keep(item.text("title", &entry.title)),
        subject: faults.keep(subject).into(),
        gates: entry.gates.map(|gates| plan_item::gates(&item.within("gates"), gates, faults)),
        ..PlanClass::default()
    };
    // posts and work orders share their ids
    let mut seen = HashMap::new();
    for (index, entry) in entry.posts.into_iter().enumerate() {
        let item = item.nth("posts", index);
        faults.keep(item.unique(&mut seen, &entry.id));
        class.posts.push(plan_item::post(&item, entry, faults));
    }
    for (index, entry) in entry.work_orders.into_iter().enumerate() {
        let item = item.nth("work_orders", index);
        faults.keep(item.unique(&mut seen, &entry.id));
        class.work_orders.push(plan_item::work_order(&item, entry, faults));
    }
    class
}

/// Reads an id that is not part of a name.
pub(super) fn id(item: &Item<'_>, text: &Text) -> Result<String, FileError> {
    item.parse::<Slug>("id", text).map(|id| id.to_string())
}
