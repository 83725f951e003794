//! What a service plan asks for, one line each: posts, work orders and gates of its classes.

use matchday_api::{
    common::v1::Basis,
    scheduling::v1::{GatePlan, OnDelay, PlanBasis, PlanClass, Post, ServicePlan, WorkItem},
};
use serde::Serialize;

use crate::{
    failure::Failure,
    output::{Cell, Column, Shown, ToJson},
    words,
};

/// One post, work order or gate plan of a class.
#[derive(Clone, Serialize)]
pub(super) struct PlanItem {
    class: String,
    kind: &'static str,
    id: String,
    from: String,
    until: String,
    on_delay: String,
    people: String,
    who: String,
    zone: String,
    title: String,
    basis: String,
    source: String,
}

impl ToJson for PlanItem {
    type Json = Self;

    fn to_json(&self) -> Result<Self, Failure> {
        Ok(self.clone())
    }
}

impl Shown for PlanItem {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("class", |it: &Self| Cell::text(&it.class)),
        Column::new("kind", |it: &Self| Cell::text(it.kind)),
        Column::new("id", |it: &Self| Cell::text(&it.id)),
        Column::new("from", |it: &Self| Cell::text(&it.from)),
        Column::new("until", |it: &Self| Cell::text(&it.until)),
        Column::new("on-delay", |it: &Self| Cell::text(&it.on_delay)),
        Column::new("people", |it: &Self| Cell::text(&it.people)),
        Column::new("who", |it: &Self| Cell::text(&it.who)),
        Column::new("zone", |it: &Self| Cell::text(&it.zone)),
        Column::new("title", |it: &Self| Cell::text(&it.title)),
        Column::new("basis", |it: &Self| Cell::text(&it.basis)),
        Column::detail("source", |it: &Self| Cell::text(&it.source)),
    ];
}

/// The lines of a plan, class by class.
pub(super) fn of(plan: &ServicePlan) -> Vec<PlanItem> {
    plan.classes.iter().flat_map(of_class).collect()
}

fn of_class(class: &PlanClass) -> impl Iterator<Item = PlanItem> {
    let gates = class.gates.iter().map(|gates| of_gates(&class.title, gates));
    let posts = class.posts.iter().map(of_post);
    let work = class.work_orders.iter().map(of_work);
    gates.chain(posts).chain(work).map(|item| PlanItem { class: class.id.clone(), ..item })
}

fn of_gates(title: &str, gates: &GatePlan) -> PlanItem {
    let who = if gates.gates.is_empty() { "all gates".to_owned() } else { gates.gates.join(", ") };
    PlanItem {
        kind: "gates",
        from: gates.opens.clone(),
        until: gates.clears.clone(),
        who,
        title: format!("{title}: exit only {}, free egress {}", gates.exit_only, gates.free_egress),
        ..founded(gates.basis.as_ref())
    }
}

fn of_post(post: &Post) -> PlanItem {
    let needs = [post.skills.as_slice(), post.languages.as_slice()].concat();
    let kind = if post.reserve { "reserve" } else { "volunteers" };
    let volunteers = if needs.is_empty() { kind.to_owned() } else { format!("{kind}: {}", needs.join(", ")) };
    PlanItem {
        kind: "post",
        id: post.id.clone(),
        from: post.start.clone(),
        until: post.end.clone(),
        on_delay: words::word_of::<OnDelay>(post.on_delay),
        people: post.headcount.to_string(),
        who: if post.unit.is_empty() { volunteers } else { post.unit.clone() },
        zone: post.zone.clone(),
        title: post.title.clone(),
        ..founded(post.basis.as_ref())
    }
}

fn of_work(work: &WorkItem) -> PlanItem {
    PlanItem {
        kind: "work order",
        id: work.id.clone(),
        from: work.start.clone(),
        until: work.due.clone(),
        on_delay: words::word_of::<OnDelay>(work.on_delay),
        who: work.assignee.clone(),
        zone: work.zone.clone(),
        title: work.title.clone(),
        ..founded(work.basis.as_ref())
    }
}

/// A line that says no more than how well its numbers are founded.
fn founded(basis: Option<&PlanBasis>) -> PlanItem {
    PlanItem {
        class: String::new(),
        kind: "",
        id: String::new(),
        from: String::new(),
        until: String::new(),
        on_delay: String::new(),
        people: String::new(),
        who: String::new(),
        zone: String::new(),
        title: String::new(),
        basis: basis.map_or_else(String::new, |basis| words::word_of::<Basis>(basis.basis)),
        source: basis.map_or_else(String::new, |basis| basis.source.clone()),
    }
}
