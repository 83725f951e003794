//! Work orders follow the service plan: what a class asks for is made, moved or cancelled.

use std::collections::HashMap;

use matchday_agenda::{Occasion, Unresolved, follow};
use matchday_api::{scheduling::v1::WorkItem, venues::v1 as pb};
use matchday_kernel::WorkOrderName;
use matchday_store::{Conn, Defect, Event, NewEvent, Record, StoreError, Tx};

use crate::{
    Error,
    domain::work_order::{State, Task, WorkOrder},
    store::{
        places::ZoneRow,
        work_orders::{self, WorkOrderRow},
    },
};

/// Derives work orders anew for all that an event touches.
pub(super) async fn apply(tx: &mut Tx, event: &Event) -> Result<(), Defect> {
    for occasion in matchday_agenda::hear(tx, event).await? {
        derive(tx, &occasion).await?;
    }
    Ok(())
}

/// What the plan in force asks for, and could not be given a time or has no place, one sentence each.
pub(crate) async fn problems(conn: &mut Conn, tournament: &str) -> Result<Vec<String>, StoreError> {
    let mut problems = Vec::new();
    let mut known: HashMap<String, bool> = HashMap::new();
    for occasion in matchday_agenda::occasions(conn, tournament).await? {
        for item in items(&occasion) {
            let zone = Some(occasion.item_place(&item.zone)).filter(|_| !item.zone.is_empty());
            if let Err(problem) = asked(&occasion, item) {
                problems.push(format!("work item {}: {problem}", item.id));
            } else if let Some(zone) = zone
                && !is_known(conn, &mut known, &zone).await?
            {
                let next = "import it, or apply another plan";
                problems
                    .push(format!("work item {}: {}: {zone} does not exist: {next}", item.id, occasion.name));
            }
        }
    }
    Ok(problems)
}

/// Whether there is a zone; each is looked up once.
async fn is_known(
    conn: &mut Conn,
    known: &mut HashMap<String, bool>,
    zone: &str,
) -> Result<bool, StoreError> {
    if let Some(is_known) = known.get(zone) {
        return Ok(*is_known);
    }
    let is_known = ZoneRow::find(conn, zone).await?.is_some();
    known.insert(zone.to_owned(), is_known);
    Ok(is_known)
}

/// The work that an occasion asks for while it takes place.
fn items(occasion: &Occasion) -> impl Iterator<Item = &WorkItem> {
    let class = occasion.class.as_ref().filter(|_| occasion.takes_place);
    class.into_iter().flat_map(|class| &class.work_orders)
}

/// What an item asks for at its time now.
fn asked(occasion: &Occasion, item: &WorkItem) -> Result<Task, Unresolved> {
    let time = occasion.interval(&item.start, &item.due, item.on_delay())?;
    Ok(Task {
        title: item.title.clone(),
        place: occasion.item_place(&item.zone),
        tournament: occasion.tournament.clone(),
        occasion: occasion.name.clone(),
        item: item.id.clone(),
        time,
        planned_due: occasion.planned(&item.start, &item.due).unwrap_or(time).end(),
        assignee: item.assignee.clone(),
        plan: occasion.plan.clone(),
    })
}

/// Makes the work orders of an occasion those that its class asks for; what is there and unchanged stays.
async fn derive(tx: &mut Tx, occasion: &Occasion) -> Result<(), Error> {
    let mut stored = Vec::new();
    for row in work_orders::of_occasion(tx, &occasion.name).await? {
        stored.push((row.order()?, row));
    }
    for item in items(occasion) {
        // what has no time is not asked for; GetPlanFollowed says why
        let Ok(task) = asked(occasion, item) else { continue };
        match stored.iter().position(|(order, _)| order.is_for(&item.id, &occasion.venue)) {
            Some(index) => {
                let (order, row) = stored.remove(index);
                let begun_at = follow(task.time, item.on_delay(), Some(order.task.time));
                settle(tx, &row, &order, order.clone().follow(task, begun_at)).await?;
            }
            None => plan(tx, occasion, task).await?,
        }
    }
    for (order, row) in stored {
        settle(tx, &row, &order, order.clone().drop_out()).await?;
    }
    Ok(())
}

/// Makes a work order under a name that no other has.
async fn plan(tx: &mut Tx, occasion: &Occasion, task: Task) -> Result<(), Error> {
    let mut attempt = 0;
    let order = loop {
        let id = matchday_agenda::work_id(&task.occasion, &task.item, attempt);
        let name = WorkOrderName::new(&occasion.venue, id);
        let mut row = WorkOrderRow::of(WorkOrder::new(name, task.clone()), None);
        row.stamp(tx.now().as_micros());
        // one statement where the name is free, as nearly every one is: a version has thousands
        if row.insert(tx).await? {
            break pb::WorkOrder::from(row);
        }
        attempt += 1;
    };
    let event = pb::WorkOrderPlanned { work_order: Some(order.clone()) };
    tx.emit(NewEvent::new(&order.name, Some(&order.tournament), &event));
    Ok(())
}

/// Stores what became of a work order, if anything did.
async fn settle(tx: &mut Tx, row: &WorkOrderRow, before: &WorkOrder, now: WorkOrder) -> Result<(), Error> {
    if now == *before {
        return Ok(());
    }
    let state = now.state;
    let order: pb::WorkOrder = WorkOrderRow::of(now, Some(row)).save(tx).await?.into();
    let (name, tournament, work_order) = (order.name.clone(), order.tournament.clone(), Some(order));
    tx.emit(if state == State::Cancelled {
        NewEvent::new(name, Some(&tournament), &pb::WorkOrderCancelled { work_order })
    } else if before.state == State::Cancelled {
        NewEvent::new(name, Some(&tournament), &pb::WorkOrderPlanned { work_order })
    } else {
        let previous = Some(row.clone().into());
        NewEvent::new(name, Some(&tournament), &pb::WorkOrderChanged { work_order, previous })
    });
    Ok(())
}

#[cfg(test)]
mod tests;
