//! A plan, a delay, a move and a cancellation, on both databases.

use matchday_api::scheduling::v1 as scheduling;
use matchday_kernel::Instant;
use matchday_rpc::parse::to_timestamp;
use matchday_store::{
    Locks, Store,
    testing::{call, databases, now},
};
use prost::Name;
use prost_types::Any;

use super::*;

const M01: &str = "tournaments/t/activities/m01";

fn at(minute: i64) -> Instant {
    Instant::from_micros(minute * 60_000_000).unwrap()
}

fn event<M: Name>(payload: &M) -> Event {
    Event {
        r#type: M::full_name(),
        tournament: "tournaments/t".into(),
        time: Some(to_timestamp(now())),
        payload: Some(Any { type_url: M::type_url(), value: payload.encode_to_vec() }),
        ..Event::default()
    }
}

/// A match planned from minute 1000 to 1115, at its venue's pitch.
fn m01(venue: &str, delay: i64, state: scheduling::ActivityState) -> scheduling::Activity {
    scheduling::Activity {
        name: M01.into(),
        zone: format!("sites/s/venues/{venue}/zones/pitch"),
        start_time: Some(to_timestamp(at(1000 + delay))),
        end_time: Some(to_timestamp(at(1115 + delay))),
        planned_start_time: Some(to_timestamp(at(1000))),
        r#match: Some(scheduling::Match::default()),
        state: state.into(),
        service_class: "group-match".into(),
        ..scheduling::Activity::default()
    }
}

fn item(id: &str, start: &str, due: &str, on_delay: scheduling::OnDelay) -> WorkItem {
    WorkItem {
        id: id.into(),
        title: id.into(),
        start: start.into(),
        due: due.into(),
        on_delay: on_delay.into(),
        assignee: "plan's crew".into(),
        ..WorkItem::default()
    }
}

fn plan_of(number: i32, items: Vec<WorkItem>) -> scheduling::ServicePlanApplied {
    let class = scheduling::PlanClass {
        id: "group-match".into(),
        subject: scheduling::PlanSubject::Activity.into(),
        work_orders: items,
        ..scheduling::PlanClass::default()
    };
    let name = format!("tournaments/t/plans/{number}");
    let plan = scheduling::ServicePlan { name, classes: vec![class], ..scheduling::ServicePlan::default() };
    scheduling::ServicePlanApplied { plan: Some(plan) }
}

fn items_of_plan() -> Vec<WorkItem> {
    use scheduling::OnDelay::{Extend, Move, Stay};
    vec![
        item("lines", "KO-120", "KO-60", Move),
        item("stands", "KO-60", "END+30", Extend),
        item("bus", "KO-300", "KO-240", Stay),
        item("sweep", "GATES-60", "GATES", Move),
    ]
}

async fn hear(store: &Store, event: Event) {
    let work = store.write::<i64, Error, _>(call(None, 0), Locks::none(), move |tx| {
        Box::pin(async move {
            apply(tx, &event).await.map_err(matchday_kernel::Common::internal)?;
            Ok(0)
        })
    });
    work.await.expect("the event is applied");
}

/// A step by hand.
async fn step(store: &Store, name: &str, step: fn(WorkOrder) -> WorkOrder) {
    let name = name.to_owned();
    let work = store.write::<i64, Error, _>(call(None, 0), Locks::none(), move |tx| {
        Box::pin(async move {
            let row = WorkOrderRow::get(tx, &name).await?;
            WorkOrderRow::of(step(row.order()?), Some(&row)).save(tx).await?;
            Ok(0)
        })
    });
    work.await.expect("the step is stored");
}

/// Everything ever derived: id under its venue, state, begin and end in minutes, assignee.
async fn orders(store: &Store) -> Vec<String> {
    let mut conn = store.read().await.expect("a connection");
    let rows = work_orders::of_occasion(&mut conn, M01).await.expect("rows");
    let line = |row: &WorkOrderRow| {
        let order = row.order().expect("an order");
        let (time, name) = (order.task.time, order.name.to_string().replace("sites/s/venues/", ""));
        let minute = |instant: Instant| instant.as_micros() / 60_000_000;
        let name = name.replace("/work-orders/m01-", " ");
        format!("{name} {} {}–{}", order.state.word(), minute(time.start()), minute(time.end()))
    };
    rows.iter().map(line).collect()
}

async fn kinds_after(store: &Store, sequence: i64) -> Vec<String> {
    let events = store.log().after(sequence, 100).await.expect("events");
    let kind = |event: Event| event.r#type.replace("matchday.venues.v1.WorkOrder", "");
    events.into_iter().map(kind).collect()
}

/// A store that has heard of the match, the plan and the published version.
async fn published(store: &Store) {
    let version = || {
        Some(scheduling::ScheduleVersion { name: "tournaments/t/versions/1".into(), ..Default::default() })
    };
    let activity = Some(m01("v", 0, scheduling::ActivityState::Scheduled));
    hear(store, event(&scheduling::ActivityCreated { activity, ..Default::default() })).await;
    hear(store, event(&plan_of(1, items_of_plan()))).await;
    hear(store, event(&scheduling::PublicationStarted { version: version() })).await;
    assert_eq!(orders(store).await, Vec::<String>::new(), "nothing before it is published");
    hear(store, event(&scheduling::SchedulePublished { version: version() })).await;
}

async fn move_to(store: &Store, venue: &str, delay: i64, state: scheduling::ActivityState) {
    let activity = Some(m01(venue, delay, state));
    hear(store, event(&scheduling::ActivityMoved { activity, previous: None })).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn planned_work_follows_a_delay_by_its_rule() {
    for database in databases().await {
        let store = database.open(crate::NAME, crate::migrations()).await.unwrap();
        published(&store).await;
        assert_eq!(
            orders(&store).await,
            ["v bus planned 700–760", "v lines planned 880–940", "v stands planned 940–1145"]
        );
        assert_eq!(kinds_after(&store, 0).await, ["Planned", "Planned", "Planned"]);

        hear(&store, event(&plan_of(1, items_of_plan()))).await;
        assert_eq!(store.log().head().await.unwrap(), 3, "what is there and unchanged stays");

        let activity = Some(m01("v", 45, scheduling::ActivityState::Delayed));
        hear(&store, event(&scheduling::ActivityDelayed { activity, previous: None })).await;
        assert_eq!(
            orders(&store).await,
            ["v bus planned 700–760", "v lines planned 925–985", "v stands planned 940–1190"]
        );
        assert_eq!(kinds_after(&store, 3).await, ["Changed", "Changed"]);
        let mut conn = store.read().await.unwrap();
        assert_eq!(
            problems(&mut conn, "tournaments/t").await.unwrap(),
            [format!("work item sweep: {M01}: GATES is not known here")]
        );
        assert_eq!(work_orders::count(&mut conn, "tournaments/t").await.unwrap(), 3);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn begun_work_is_left_alone_and_another_venue_means_other_work() {
    for database in databases().await {
        let store = database.open(crate::NAME, crate::migrations()).await.unwrap();
        published(&store).await;
        let name = |id: &str| format!("sites/s/venues/v/work-orders/m01-{id}");
        step(&store, &name("lines"), |order| order.start(at(890)).unwrap()).await;
        step(&store, &name("stands"), |order| order.start(at(940)).unwrap()).await;
        step(&store, &name("bus"), |order| order.assign("own crew".into()).unwrap()).await;
        move_to(&store, "v", 45, scheduling::ActivityState::Delayed).await;
        assert_eq!(
            orders(&store).await,
            ["v bus planned 700–760", "v lines in progress 880–940", "v stands in progress 940–1190"],
            "what is extended ends later, even when it has begun"
        );
        step(&store, &name("lines"), |order| order.complete(at(930)).unwrap()).await;

        move_to(&store, "w", 0, scheduling::ActivityState::Rescheduled).await;
        let moved = [
            "v bus cancelled 700–760",
            "v lines done 880–940",
            "v stands in progress 940–1190",
            "w bus planned 700–760",
            "w lines planned 880–940",
            "w stands planned 940–1145",
        ];
        assert_eq!(orders(&store).await, moved);

        let activity = Some(m01("w", 0, scheduling::ActivityState::Cancelled));
        hear(&store, event(&scheduling::ActivityCancelled { activity })).await;
        assert!(orders(&store).await[3..].iter().all(|order| order.contains("cancelled")));
        let head = store.log().head().await.unwrap();
        move_to(&store, "v", 0, scheduling::ActivityState::Rescheduled).await;
        assert_eq!(orders(&store).await[0], "v bus planned 700–760", "the same work is planned again");
        // the work that was done there stays done, and is not asked for again
        assert_eq!(kinds_after(&store, head).await, ["Planned"]);
        let mut conn = store.read().await.unwrap();
        assert_eq!(WorkOrderRow::get(&mut conn, &name("bus")).await.unwrap().assignee, "own crew");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn work_in_a_zone_that_does_not_exist_is_told_and_planned() {
    for database in databases().await {
        let store = database.open(crate::NAME, crate::migrations()).await.unwrap();
        published(&store).await;
        let lines = item("lines", "KO-90", "KO-60", scheduling::OnDelay::Move);
        let on_the_moon = WorkItem { zone: "moon".into(), ..lines };
        hear(&store, event(&plan_of(2, vec![on_the_moon]))).await;
        let mut conn = store.read().await.unwrap();
        let told = problems(&mut conn, "tournaments/t").await.unwrap();
        let next = "import it, or apply another plan";
        let zone = "sites/s/venues/v/zones/moon";
        assert_eq!(told, [format!("work item lines: {M01}: {zone} does not exist: {next}")]);
        let order = WorkOrderRow::get(&mut conn, "sites/s/venues/v/work-orders/m01-lines").await.unwrap();
        assert_eq!(order.place, zone);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_plan_changes_what_is_asked_for() {
    for database in databases().await {
        let store = database.open(crate::NAME, crate::migrations()).await.unwrap();
        published(&store).await;
        let items = vec![item("lines", "KO-90", "KO-60", scheduling::OnDelay::Move)];
        hear(&store, event(&plan_of(2, items))).await;
        assert_eq!(
            orders(&store).await,
            ["v bus cancelled 700–760", "v lines planned 910–940", "v stands cancelled 940–1145"]
        );
        assert_eq!(kinds_after(&store, 3).await, ["Changed", "Cancelled", "Cancelled"]);
    }
}
