//! Openings derived from events of scheduling, on both databases.

use std::time::Duration;

use matchday_api::{scheduling::v1 as scheduling, visitors::v1 as visitors};
use matchday_kernel::Instant;
use matchday_rpc::parse::{to_duration, to_timestamp};
use matchday_store::{Effect, Event, NewEvent, Store};

use tokio::{sync::oneshot, time::timeout};

use super::*;
use crate::{
    domain::course::Phase,
    grpc::redeem::Redeem,
    stage::{device, furnish, houses, minute, write},
    store::openings::count_taking_place,
};

const SESSION: &str = "tournaments/t/sessions/final";
const NAME: &str = "tournaments/t/openings/final";

fn event<M: prost::Name>(at: Instant, payload: &M) -> Event {
    Event {
        r#type: M::full_name(),
        tournament: "tournaments/t".into(),
        time: Some(to_timestamp(at)),
        payload: Some(NewEvent::new("", None, payload).payload),
        ..Event::default()
    }
}

fn session() -> scheduling::Session {
    scheduling::Session {
        name: SESSION.into(),
        title: "Finals".into(),
        venue: "sites/s/venues/v".into(),
        expected_attendance: 7000,
        service_class: "finals".into(),
        ..Default::default()
    }
}

/// A match of the session that kicks off at a minute.
fn final_at(start: i64, state: scheduling::ActivityState) -> scheduling::Activity {
    scheduling::Activity {
        name: "tournaments/t/activities/m01".into(),
        zone: "sites/s/venues/v/zones/pitch".into(),
        session: SESSION.into(),
        start_time: Some(to_timestamp(minute(start))),
        end_time: Some(to_timestamp(minute(start + 115))),
        planned_start_time: Some(to_timestamp(minute(1000))),
        set_up: Some(to_duration(matchday_kernel::SignedDuration::ZERO)),
        r#match: Some(scheduling::Match::default()),
        state: state.into(),
        ..Default::default()
    }
}

/// Opens two hours before the kick-off, lets nobody in from minute 75 of the match.
fn plan(number: u32, gates: &[&str]) -> scheduling::ServicePlanApplied {
    let gates = scheduling::GatePlan {
        opens: "KO-120".into(),
        exit_only: "KO+75".into(),
        free_egress: "END-10".into(),
        clears: "END+45".into(),
        gates: gates.iter().map(ToString::to_string).collect(),
        ..Default::default()
    };
    let class = scheduling::PlanClass {
        id: "finals".into(),
        subject: scheduling::PlanSubject::Session.into(),
        gates: Some(gates),
        ..Default::default()
    };
    let name = format!("tournaments/t/plans/{number}");
    scheduling::ServicePlanApplied {
        plan: Some(scheduling::ServicePlan { name, classes: vec![class], ..Default::default() }),
    }
}

fn moved(at: i64, start: i64, state: scheduling::ActivityState) -> Event {
    let activity = Some(final_at(start, state));
    event(minute(at), &scheduling::ActivityDelayed { activity, ..Default::default() })
}

/// The events up to a published schedule with one final at minute 1000, and a plan.
fn published() -> Vec<Event> {
    let at = minute(0);
    let scheduled = scheduling::ActivityState::Scheduled;
    let version =
        Some(scheduling::ScheduleVersion { name: "tournaments/t/versions/1".into(), ..Default::default() });
    vec![
        event(at, &scheduling::SessionCreated { session: Some(session()) }),
        event(
            at,
            &scheduling::ActivityCreated { activity: Some(final_at(1000, scheduled)), ..Default::default() },
        ),
        event(at, &plan(1, &[])),
        event(at, &scheduling::PublicationStarted { version: version.clone() }),
        event(at, &scheduling::SchedulePublished { version }),
    ]
}

async fn hear(store: &Store, events: Vec<Event>) {
    let locks = Scheduling.locks(&events);
    write(store, minute(0), locks, move |tx| {
        Box::pin(async move {
            for event in &events {
                Scheduling.apply(tx, event).await.unwrap();
            }
            Ok(())
        })
    })
    .await
    .unwrap();
}

async fn opening(store: &Store) -> Option<OpeningRow> {
    OpeningRow::find(&mut store.read().await.unwrap(), NAME).await.unwrap()
}

async fn taking_place(store: &Store) -> i64 {
    count_taking_place(&mut store.read().await.unwrap(), "tournaments/t").await.unwrap()
}

async fn told(store: &Store) -> Vec<String> {
    problems(&mut store.read().await.unwrap(), "tournaments/t").await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_opening_is_derived_when_its_session_is_published() {
    for (database, [store, _]) in houses().await {
        let mut events = published();
        let last = events.pop().unwrap();
        hear(&store, events).await;
        assert!(opening(&store).await.is_none(), "{}", database.name());
        hear(&store, vec![last]).await;
        let row = opening(&store).await.unwrap();
        assert_eq!((row.opens, row.exit_only), (minute(880).as_micros(), minute(1075).as_micros()));
        assert_eq!((row.plan.as_str(), row.expected_attendance), ("tournaments/t/plans/1", 7000));
        // the whole log once more changes nothing
        hear(&store, published()).await;
        assert_eq!(opening(&store).await.unwrap(), row, "{}", database.name());
        assert_eq!(told(&store).await, [format!("{SESSION}: sites/s/venues/v has no gates: import them")]);
        furnish(&store, 0).await;
        assert!(told(&store).await.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delay_moves_the_opening_and_never_one_that_has_begun() {
    let delayed = scheduling::ActivityState::Delayed;
    for (database, [store, _]) in houses().await {
        hear(&store, published()).await;
        hear(&store, vec![moved(800, 1030, delayed)]).await;
        assert_eq!(opening(&store).await.unwrap().opens, minute(910).as_micros());
        hear(&store, vec![moved(1010, 1060, delayed)]).await;
        let begun = opening(&store).await.unwrap();
        let times = (begun.opens, begun.exit_only, begun.clears);
        let expected = (minute(910), minute(1135), minute(1220));
        assert_eq!(times, (expected.0.as_micros(), expected.1.as_micros(), expected.2.as_micros()));
        assert_eq!(begun.opening().unwrap().course.phase(minute(1010)), Phase::Open, "{}", database.name());
        hear(&store, vec![moved(1020, 1060, scheduling::ActivityState::Cancelled)]).await;
        assert_eq!(opening(&store).await.unwrap(), begun, "people are inside");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_session_has_no_opening_until_it_takes_place_again() {
    for (database, [store, _]) in houses().await {
        hear(&store, published()).await;
        hear(&store, vec![moved(500, 1000, scheduling::ActivityState::Cancelled)]).await;
        let phase = |row: OpeningRow| row.opening().unwrap().course.phase(minute(900));
        assert_eq!(phase(opening(&store).await.unwrap()), Phase::Cancelled, "{}", database.name());
        assert_eq!(taking_place(&store).await, 0);
        hear(&store, vec![moved(510, 1100, scheduling::ActivityState::Rescheduled)]).await;
        let revived = opening(&store).await.unwrap();
        assert_eq!(revived.opens, minute(980).as_micros());
        assert_eq!(phase(revived), Phase::Planned);
        assert_eq!(taking_place(&store).await, 1);
    }
}

/// Somebody at the north gate with ticket k-0.
fn entry() -> Redeem {
    let scan = visitors::RedeemCredentialRequest {
        device: device(0),
        sequence: 1,
        opening: NAME.into(),
        code: "k-0".into(),
        direction: visitors::Direction::Entry.into(),
        ..visitors::RedeemCredentialRequest::default()
    };
    Redeem::parse(&scan).expect("a good scan")
}

/// A delay that is heard late: an opening has begun once a scan has seen it open, not by one at a wrong gate.
#[tokio::test(flavor = "multi_thread")]
async fn a_scan_at_a_wrong_gate_does_not_begin_an_opening() {
    for (gate, opens) in [("south", 940), ("north", 880)] {
        for (database, [store, _]) in houses().await {
            furnish(&store, 1).await;
            hear(&store, published()).await;
            hear(&store, vec![event(minute(1), &plan(2, &[gate]))]).await;
            let redeem = entry();
            let locks = redeem.locks();
            write(&store, minute(885), locks, move |tx| Box::pin(redeem.carry_out(tx))).await.unwrap();
            hear(&store, vec![moved(870, 1060, scheduling::ActivityState::Delayed)]).await;
            let row = opening(&store).await.unwrap();
            assert_eq!(row.opens, minute(opens).as_micros(), "{}: {gate}", database.name());
        }
    }
}

/// A scan that another process is about to commit when the session is given up: whoever was let in is not left
/// inside an opening that does not take place.
#[tokio::test(flavor = "multi_thread")]
async fn an_opening_is_not_given_up_under_a_scan() {
    for (database, [store, other]) in houses().await {
        // each has written before: the first batches of an hour run one after the other
        furnish(&store, 1).await;
        hear(&other, published()).await;
        let redeem = entry();
        let (decided, is_decided) = oneshot::channel();
        let (through, is_through) = oneshot::channel();
        let scanned = write(&store, minute(900), redeem.locks(), move |tx| {
            Box::pin(async move {
                let reply = redeem.carry_out(tx).await?;
                decided.send(()).unwrap();
                // the scan is decided and not committed: nothing gives the opening up meanwhile
                assert!(timeout(Duration::from_millis(300), is_through).await.is_err());
                Ok(reply)
            })
        });
        let given_up = async {
            is_decided.await.unwrap();
            let plan = Some(scheduling::ServicePlan::default());
            hear(&other, vec![event(minute(870), &scheduling::ServicePlanApplied { plan })]).await;
            // nobody may be waiting for it any more
            let _ = through.send(());
        };
        let (reply, ()) = tokio::join!(scanned, given_up);
        assert_eq!(reply.unwrap().scan.unwrap().verdict(), visitors::Verdict::Admitted);
        let course = opening(&store).await.unwrap().course().unwrap();
        assert_eq!(course.phase(minute(900)), Phase::Open, "{}", database.name());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn gates_that_do_not_exist_are_told_and_kept() {
    for (database, [store, _]) in houses().await {
        hear(&store, published()).await;
        hear(&store, vec![event(minute(10), &plan(2, &["moon"]))]).await;
        let row = opening(&store).await.unwrap();
        assert_eq!(
            (row.gates.as_str(), row.plan.as_str()),
            ("sites/s/venues/v/gates/moon", "tournaments/t/plans/2")
        );
        let told = told(&store).await;
        assert_eq!(told.len(), 1, "{}", database.name());
        assert!(told[0].contains("sites/s/venues/v/gates/moon does not exist"), "{told:?}");
    }
}
