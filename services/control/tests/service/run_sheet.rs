//! The run sheet: what four services say, by time, and as it changes.

use std::time::Duration;

use matchday_api::{
    control::v1::{self as pb, RunSheetState},
    scheduling::v1 as scheduling,
    venues::v1 as venues,
    visitors::v1 as visitors,
    volunteers::v1 as volunteers,
};
use tokio::time::timeout;
use tonic::Streaming;

use crate::house::{House, TOURNAMENT, at};

const M01: &str = "tournaments/t/activities/m01";
const PITCH: &str = "sites/s/venues/v/zones/pitch";

/// A match from minute 100 to 215.
fn m01(delay: i64, revision: i64) -> scheduling::Activity {
    scheduling::Activity {
        name: M01.into(),
        title: "China – Brazil".into(),
        zone: PITCH.into(),
        start_time: Some(at(100 + delay)),
        end_time: Some(at(215 + delay)),
        planned_start_time: Some(at(100)),
        r#match: Some(scheduling::Match::default()),
        state: scheduling::ActivityState::Scheduled.into(),
        revision,
        ..scheduling::Activity::default()
    }
}

/// The booking of the match, and whether that of another is in its way.
fn booking(state: venues::BookingState, in_the_way: bool) -> venues::Booking {
    venues::Booking {
        name: format!("{PITCH}/bookings/a"),
        zone: PITCH.into(),
        holder: M01.into(),
        state: state.into(),
        conflicts: in_the_way.then(|| format!("{PITCH}/bookings/b")).into_iter().collect(),
        ..venues::Booking::default()
    }
}

fn order(state: venues::WorkOrderState, revision: i64) -> venues::WorkOrder {
    venues::WorkOrder {
        name: "sites/s/venues/v/work-orders/m01-lines".into(),
        tournament: TOURNAMENT.into(),
        title: "Mark the pitch".into(),
        occasion: M01.into(),
        due_time: Some(at(40)),
        planned_due_time: Some(at(40)),
        assignee: "grounds crew".into(),
        state: state.into(),
        revision,
        ..venues::WorkOrder::default()
    }
}

fn shift(taken: i32, signed_in: i32, revision: i64) -> volunteers::Shift {
    volunteers::Shift {
        name: "tournaments/t/shifts/m01-ushers".into(),
        title: "Ushers".into(),
        occasion: M01.into(),
        start_time: Some(at(10)),
        end_time: Some(at(240)),
        planned_start_time: Some(at(10)),
        planned_end_time: Some(at(240)),
        headcount: 4,
        taken,
        accepted: taken,
        signed_in,
        state: volunteers::ShiftState::Planned.into(),
        revision,
        ..volunteers::Shift::default()
    }
}

fn opening(phase: visitors::OpeningPhase, revision: i64) -> visitors::Opening {
    visitors::Opening {
        name: "tournaments/t/openings/opening".into(),
        session: "tournaments/t/sessions/opening".into(),
        venue: "sites/s/venues/v".into(),
        open_time: Some(at(20)),
        exit_only_time: Some(at(190)),
        free_egress_time: Some(at(210)),
        clear_time: Some(at(260)),
        phase: phase.into(),
        revision,
        ..visitors::Opening::default()
    }
}

/// Publishes the match.
async fn publish(house: &mut House) {
    let version = || {
        Some(scheduling::ScheduleVersion { name: "tournaments/t/versions/1".into(), ..Default::default() })
    };
    house
        .say("scheduling", &scheduling::ActivityCreated { activity: Some(m01(0, 1)), ..Default::default() })
        .await;
    house.say("scheduling", &scheduling::PublicationStarted { version: version() }).await;
    house.say("scheduling", &scheduling::SchedulePublished { version: version() }).await;
}

async fn delay(house: &mut House) {
    house
        .say("scheduling", &scheduling::ActivityDelayed { activity: Some(m01(45, 2)), previous: None })
        .await;
}

fn sheet() -> pb::ListRunSheetItemsRequest {
    pb::ListRunSheetItemsRequest { parent: TOURNAMENT.into(), ..Default::default() }
}

/// The lines of a list: kind, state, and what is wrong.
async fn lines(house: &mut House, request: pb::ListRunSheetItemsRequest) -> Vec<String> {
    let page = house.run_sheet.list_run_sheet_items(request).await.expect("a page").into_inner();
    let line = |item: &pb::RunSheetItem| {
        let (kind, state) = (item.kind().as_str_name(), item.state().as_str_name());
        let attention = item.attention.join("; ");
        let line = format!("{kind} {state} {attention}").replace("RUN_SHEET_KIND_", "");
        line.replace("RUN_SHEET_STATE_", "").trim_end().to_owned()
    };
    page.items.iter().map(line).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn four_services_make_one_sheet() {
    for mut house in House::on_each_database().await {
        house
            .say(
                "scheduling",
                &scheduling::ActivityCreated { activity: Some(m01(0, 1)), ..Default::default() },
            )
            .await;
        assert!(lines(&mut house, sheet()).await.is_empty(), "it is not published");
        // heard before the match is on the sheet: it waits for it
        let displaced = Some(booking(venues::BookingState::Displaced, true));
        house.say("venues", &venues::BookingDisplaced { booking: displaced, previous: None }).await;
        publish(&mut house).await;
        let planned = Some(order(venues::WorkOrderState::Planned, 1));
        house.say("venues", &venues::WorkOrderPlanned { work_order: planned }).await;
        house.say("volunteers", &volunteers::ShiftPlanned { shift: Some(shift(2, 0, 1)) }).await;
        let planned = Some(opening(visitors::OpeningPhase::Planned, 1));
        house.say("visitors", &visitors::OpeningPlanned { opening: planned }).await;
        delay(&mut house).await;
        let blocked = format!("its place {PITCH} is not free: {PITCH}/bookings/b in the way");
        let expected = [
            "SHIFT PLANNED 2 seats open".to_owned(),
            "GATES_OPEN PLANNED".to_owned(),
            "WORK_ORDER PLANNED".to_owned(),
            format!("ACTIVITY PLANNED kick-off delayed by 45 min; {blocked}"),
            "EXIT_ONLY PLANNED".to_owned(),
            "CLEAR PLANNED".to_owned(),
        ];
        assert_eq!(lines(&mut house, sheet()).await, expected);

        let moved = Some(booking(venues::BookingState::Booked, true));
        house.say("venues", &venues::BookingMoved { booking: moved, previous: None }).await;
        let runs_over = format!("it runs into what comes next in {PITCH}: {PITCH}/bookings/b");
        assert_eq!(
            lines(&mut house, sheet()).await[3],
            format!("ACTIVITY PLANNED kick-off delayed by 45 min; {runs_over}")
        );
        let moved = Some(booking(venues::BookingState::Booked, false));
        house.say("venues", &venues::BookingMoved { booking: moved, previous: None }).await;
        let done = Some(order(venues::WorkOrderState::Done, 3));
        house.say("venues", &venues::WorkOrderChanged { work_order: done, previous: None }).await;
        let (assignment, shift) = (None, Some(shift(4, 3, 1)));
        house.say("volunteers", &volunteers::AssignmentChanged { assignment, shift }).await;
        house.set_clock(150);
        let expected = [
            "SHIFT UNDER_WAY 3 of 4 are there",
            "GATES_OPEN UNDER_WAY",
            "WORK_ORDER DONE",
            "ACTIVITY UNDER_WAY kick-off delayed by 45 min",
            "EXIT_ONLY PLANNED",
            "CLEAR PLANNED",
        ];
        assert_eq!(lines(&mut house, sheet()).await, expected);
        house.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_paged_and_chosen_from() {
    for mut house in House::on_each_database().await {
        publish(&mut house).await;
        let opening = Some(opening(visitors::OpeningPhase::Cancelled, 1));
        house.say("visitors", &visitors::OpeningCancelled { opening }).await;
        house.say("volunteers", &volunteers::ShiftPlanned { shift: Some(shift(4, 0, 1)) }).await;
        assert_eq!(lines(&mut house, sheet()).await, ["SHIFT PLANNED", "ACTIVITY PLANNED"]);
        let all = pb::ListRunSheetItemsRequest { show_cancelled: true, ..sheet() };
        assert_eq!(lines(&mut house, all.clone()).await.len(), 5);
        let until = pb::ListRunSheetItemsRequest { from: Some(at(10)), until: Some(at(100)), ..sheet() };
        assert_eq!(lines(&mut house, until).await, ["SHIFT PLANNED"]);
        let of_session = "tournaments/t/sessions/opening".to_owned();
        let of_session = pb::ListRunSheetItemsRequest { occasion: of_session, ..all.clone() };
        assert_eq!(lines(&mut house, of_session).await.len(), 3);
        let no_name = pb::ListRunSheetItemsRequest { occasion: "a\0b".into(), ..all.clone() };
        let refusal = house.run_sheet.list_run_sheet_items(no_name).await.unwrap_err();
        assert_eq!(matchday_rpc::reason(&refusal).as_deref(), Some("INVALID_FIELD"));

        let (mut kinds, mut request) = (Vec::new(), pb::ListRunSheetItemsRequest { page_size: 2, ..all });
        loop {
            let page = house.run_sheet.list_run_sheet_items(request.clone()).await.unwrap().into_inner();
            kinds.extend(page.items.iter().map(pb::RunSheetItem::kind));
            if page.next_page_token.is_empty() {
                break;
            }
            request.page_token = page.next_page_token;
        }
        let names: Vec<&str> =
            kinds.iter().map(|kind| &kind.as_str_name()["RUN_SHEET_KIND_".len()..]).collect();
        assert_eq!(names, ["SHIFT", "GATES_OPEN", "ACTIVITY", "EXIT_ONLY", "CLEAR"]);
        house.close().await;
    }
}

async fn next(watch: &mut Streaming<pb::WatchRunSheetItemsResponse>) -> pb::WatchRunSheetItemsResponse {
    let message = timeout(Duration::from_secs(20), watch.message()).await.expect("it comes in time");
    message.expect("a message").expect("the stream goes on")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watch_shows_what_is_there_and_each_change_once() {
    for mut house in House::on_each_database().await {
        publish(&mut house).await;
        let (parent, until) = (TOURNAMENT.into(), Some(at(120)));
        let request = pb::WatchRunSheetItemsRequest { parent, from: None, until };
        let mut watch = house.run_sheet.watch_run_sheet_items(request).await.unwrap().into_inner();
        let first = next(&mut watch).await;
        assert_eq!(first.item.as_ref().map(|item| (item.resource.as_str(), item.revision)), Some((M01, 1)));
        assert!(next(&mut watch).await.current);
        // nothing changes on the sheet: not sent
        house.say("scheduling", &scheduling::ActivityUpdated { activity: Some(m01(0, 2)) }).await;
        house.say("volunteers", &volunteers::ShiftPlanned { shift: Some(shift(2, 0, 1)) }).await;
        house
            .say("volunteers", &volunteers::ShiftChanged { shift: Some(shift(2, 0, 2)), previous: None })
            .await;
        let item = next(&mut watch).await.item.unwrap();
        assert_eq!((item.title.as_str(), item.wanted, item.sure), ("Ushers", 4, 2));
        // it moves out of the times asked for: sent once more, and then not any more
        let activity = Some(m01(45, 3));
        house.say("scheduling", &scheduling::ActivityDelayed { activity, previous: None }).await;
        let item = next(&mut watch).await.item.unwrap();
        assert_eq!((item.time, item.attention.len(), item.revision), (Some(at(145)), 1, 2));
        let activity = Some(m01(50, 4));
        house.say("scheduling", &scheduling::ActivityDelayed { activity, previous: None }).await;
        house
            .say("volunteers", &volunteers::ShiftChanged { shift: Some(shift(2, 0, 3)), previous: None })
            .await;
        let shift = Some(shift(4, 1, 4));
        house.say("volunteers", &volunteers::ShiftChanged { shift, previous: None }).await;
        let item = next(&mut watch).await.item.unwrap();
        assert_eq!((item.title.as_str(), item.state()), ("Ushers", RunSheetState::UnderWay));
        house.close().await;
        let end = watch.message().await.unwrap_err();
        assert_eq!(matchday_rpc::reason(&end).as_deref(), Some("SERVER_ENDING"));
    }
}
