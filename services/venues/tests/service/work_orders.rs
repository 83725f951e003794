//! Work orders by call: listed, assigned, started, completed.

use matchday_api::{
    scheduling::v1 as scheduling,
    venues::v1::{self as pb, WorkOrderState},
};
use matchday_rpc::reason;
use tonic::{Code, Status};

use crate::house::{House, TOURNAMENT, VENUE, at};

const LINES: &str = "sites/s/venues/v/work-orders/m01-lines";

/// Publishes a match at minute 300 that needs its pitch marked, its goals checked, and something unknown.
async fn publish(house: &mut House) {
    let activity = Some(scheduling::Activity {
        name: "tournaments/t/activities/m01".into(),
        zone: format!("{VENUE}/zones/pitch"),
        start_time: Some(at(300)),
        end_time: Some(at(415)),
        planned_start_time: Some(at(300)),
        r#match: Some(scheduling::Match::default()),
        service_class: "group-match".into(),
        ..scheduling::Activity::default()
    });
    house.say(&scheduling::ActivityCreated { activity, ..Default::default() }).await;
    let item = |id: &str, start: &str, due: &str| scheduling::WorkItem {
        id: id.into(),
        title: id.into(),
        start: start.into(),
        due: due.into(),
        on_delay: scheduling::OnDelay::Move.into(),
        ..scheduling::WorkItem::default()
    };
    let class = scheduling::PlanClass {
        id: "group-match".into(),
        subject: scheduling::PlanSubject::Activity.into(),
        work_orders: vec![
            item("lines", "KO-120", "KO-60"),
            item("goals", "KO-90", "KO-60"),
            item("sweep", "GATES-60", "GATES"),
        ],
        ..scheduling::PlanClass::default()
    };
    let name = "tournaments/t/plans/1".into();
    let plan = Some(scheduling::ServicePlan { name, classes: vec![class], ..Default::default() });
    house.say(&scheduling::ServicePlanApplied { plan }).await;
    let name = "tournaments/t/versions/1";
    let version = || Some(scheduling::ScheduleVersion { name: name.into(), ..Default::default() });
    house.say(&scheduling::PublicationStarted { version: version() }).await;
    house.say(&scheduling::SchedulePublished { version: version() }).await;
}

async fn start(house: &mut House, etag: &str) -> Result<pb::WorkOrder, Status> {
    let (name, etag, request_id) = (LINES.into(), etag.into(), String::new());
    let request = pb::StartWorkOrderRequest { name, etag, request_id };
    let reply = house.work_orders.start_work_order(request).await?.into_inner();
    Ok(reply.work_order.expect("a reply has the work order"))
}

async fn complete(house: &mut House) -> Result<pb::WorkOrder, Status> {
    let request = pb::CompleteWorkOrderRequest { name: LINES.into(), ..Default::default() };
    let reply = house.work_orders.complete_work_order(request).await?.into_inner();
    Ok(reply.work_order.expect("a reply has the work order"))
}

fn is_wrong_state(refusal: &Status) -> bool {
    refusal.code() == Code::FailedPrecondition && reason(refusal).as_deref() == Some("WORK_ORDER_STATE")
}

#[tokio::test(flavor = "multi_thread")]
async fn work_is_assigned_started_and_completed() {
    for mut house in House::on_each_database().await {
        publish(&mut house).await;
        assert!(is_wrong_state(&complete(&mut house).await.unwrap_err()), "it is not started");
        let request = pb::AssignWorkOrderRequest {
            name: LINES.into(),
            assignee: "grounds crew".into(),
            etag: "1".into(),
            request_id: "once".into(),
        };
        let assigned = house.work_orders.assign_work_order(request.clone()).await.unwrap().into_inner();
        let repeated = house.work_orders.assign_work_order(request.clone()).await.unwrap().into_inner();
        assert_eq!(assigned, repeated);
        assert_eq!(assigned.work_order.unwrap().assignee, "grounds crew");
        let nobody = pb::AssignWorkOrderRequest { assignee: String::new(), ..request };
        let refusal = house.work_orders.assign_work_order(nobody).await.unwrap_err();
        assert_eq!(refusal.code(), Code::InvalidArgument);

        house.set_clock(190);
        let refusal = start(&mut house, "1").await.unwrap_err();
        assert_eq!(reason(&refusal).as_deref(), Some("ETAG_MISMATCH"));
        let started = start(&mut house, "2").await.unwrap();
        assert_eq!((started.state(), started.begin_time), (WorkOrderState::InProgress, Some(at(190))));
        assert!(is_wrong_state(&start(&mut house, "").await.unwrap_err()), "it is started");
        house.set_clock(230);
        let done = complete(&mut house).await.unwrap();
        assert_eq!((done.state(), done.done_time, done.revision), (WorkOrderState::Done, Some(at(230)), 4));
        let request = pb::GetWorkOrderRequest { name: LINES.into() };
        let got = house.work_orders.get_work_order(request).await.unwrap().into_inner();
        assert_eq!(got.work_order, Some(done));
        house.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_by_the_moment_due_and_the_plan_says_what_it_could_not_give() {
    for mut house in House::on_each_database().await {
        publish(&mut house).await;
        start(&mut house, "").await.unwrap();
        let ids = |reply: &pb::ListWorkOrdersResponse| -> Vec<String> {
            reply.work_orders.iter().map(|order| order.item.clone()).collect()
        };
        let all = pb::ListWorkOrdersRequest { parent: "sites/s".into(), ..Default::default() };
        let planned = vec![WorkOrderState::Planned.into()];
        let chosen = [
            (all.clone(), vec!["goals", "lines"]),
            (pb::ListWorkOrdersRequest { parent: VENUE.into(), ..all.clone() }, vec!["goals", "lines"]),
            (pb::ListWorkOrdersRequest { states: planned, ..all.clone() }, vec!["goals"]),
            (pb::ListWorkOrdersRequest { from: Some(at(240)), ..all.clone() }, vec![]),
            (pb::ListWorkOrdersRequest { until: Some(at(240)), ..all.clone() }, vec![]),
            (pb::ListWorkOrdersRequest { tournament: "tournaments/u".into(), ..all.clone() }, vec![]),
        ];
        for (request, expected) in chosen {
            let reply = house.work_orders.list_work_orders(request.clone()).await.unwrap().into_inner();
            assert_eq!(ids(&reply), expected, "{request:?}");
        }
        let first = pb::ListWorkOrdersRequest { page_size: 1, ..all.clone() };
        let page = house.work_orders.list_work_orders(first.clone()).await.unwrap().into_inner();
        let second = pb::ListWorkOrdersRequest { page_token: page.next_page_token.clone(), ..first };
        let last = house.work_orders.list_work_orders(second).await.unwrap().into_inner();
        assert_eq!((ids(&page), ids(&last)), (vec!["goals".to_owned()], vec!["lines".to_owned()]));
        assert_eq!(last.next_page_token, "");
        let nowhere = pb::ListWorkOrdersRequest { parent: "sites/x".into(), ..all };
        let refusal = house.work_orders.list_work_orders(nowhere).await.unwrap_err();
        assert_eq!(refusal.code(), Code::NotFound);

        let request = pb::GetPlanFollowedRequest { parent: TOURNAMENT.into() };
        let reply = house.work_orders.get_plan_followed(request).await.unwrap().into_inner();
        let followed = reply.followed.unwrap();
        assert_eq!((followed.plan.as_str(), followed.derived), ("tournaments/t/plans/1", 2));
        assert_eq!(
            followed.problems,
            ["work item sweep: tournaments/t/activities/m01: GATES is not known here"]
        );
        house.close().await;
    }
}
