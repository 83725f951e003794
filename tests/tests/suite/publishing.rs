//! Processes killed while a version is published: it is published with all its places, or refused with none.

use matchday_api::{
    event::v1::Event,
    scheduling::v1::{
        ListScheduleVersionsRequest, PublicationRefused, PublicationStarted, PublishScheduleRequest,
        SchedulePublished, ScheduleVersion, VersionState,
    },
    venues::v1::{Booking, BookingCreated, BookingState},
};
use matchday_tests::{
    clients::Clients,
    dice::Dice,
    log, make,
    refusal::{answered, refusal},
    stage::{Engine, Hosting, Stage},
    town::Plan,
};
use tokio::sync::watch;
use tonic::Code;

use crate::crashes::{rounds, seed};

/// Places of each tournament.
const PLACES: usize = 6;
const DAY: i64 = 24 * 60;

/// When a process is killed.
#[derive(Clone, Copy, Debug)]
enum Moment {
    /// While the call is on its way.
    Called,
    /// When the version has been fixed, and the venues are being asked.
    Started,
    /// When the places have been reserved.
    Reserved,
    /// When it has been decided.
    Decided,
}

async fn run(engine: Engine, plan: Plan, number: u64) {
    let Some(mut stage) = Stage::open(engine, Hosting::Processes(plan)).await else {
        return;
    };
    let dice = Dice::new(seed(number));
    let mut admin = stage.admin();
    answered(admin.places.import_site(make::site(3)).await);
    let mut free = 0;
    for round in 0..rounds() {
        let id = format!("cup-{round}");
        let day = i64::try_from(round).expect("a small number") * DAY;
        let trainings = ["a0", "a1", "a2", "a3", "a4", "a5"].into_iter().zip(0..);
        let trainings: Vec<_> = trainings
            .map(|(id, n): (_, u64)| {
                (id, 1 + n % 3, day + i64::try_from(n / 3).expect("a small number") * 300, 90)
            })
            .collect();
        answered(admin.tournaments.import_tournament(make::programme(&id, &trainings)).await);
        let is_blocked = dice.below(3) == 0;
        free += usize::from(!is_blocked);
        if is_blocked {
            answered(admin.bookings.create_booking(make::by_hand(3, day + 320, day + 330)).await);
        }
        let moments = [Moment::Called, Moment::Started, Moment::Reserved, Moment::Decided];
        let moment = match dice.one_of(&moments) {
            Moment::Reserved if is_blocked => Moment::Started,
            other => *other,
        };

        let (alive, is_alive) = watch::channel(true);
        let (scheduled, booked) = heads(&mut admin).await;
        let mut scheduling = log::tail(&mut admin.scheduling, "scheduling", scheduled).await;
        let mut venues = log::tail(&mut admin.venues, "venues", booked).await;
        let request = PublishScheduleRequest { request_id: id.clone(), ..make::publish(&id) };
        let call = move |mut clients: Clients| {
            let request = request.clone();
            async move { refusal(&clients.schedule.publish_schedule(request).await) }
        };
        let publishing = tokio::spawn(until_decided(stage.admin(), id.clone(), scheduled, is_alive, call));
        match moment {
            Moment::Called => {
                for _ in 0..dice.below(300) {
                    tokio::task::yield_now().await;
                }
            }
            Moment::Started => drop(scheduling.next_of::<PublicationStarted>().await),
            Moment::Reserved => drop(venues.next_of::<BookingCreated>().await),
            Moment::Decided => while !is_decision(&scheduling.next().await) {},
        }
        let size = u64::try_from(stage.town().size()).expect("a small number");
        let victim = usize::try_from(dice.below(size)).expect("a small number");
        stage.town().process(victim).kill();
        alive.send_replace(false);
        stage.town().process(victim).start_again().await;
        let places = places_of(&mut admin, &id).await.len();
        assert!(places == 0 || places == PLACES, "round {round}: {places} places at {moment:?}");
        alive.send_replace(true);

        let answer = publishing.await.expect("it does not panic");
        let versions = versions_of(&mut admin, &id).await;
        assert_eq!(versions.len(), 1, "round {round}, {moment:?}: one call makes one version: {versions:?}");
        let places = places_of(&mut admin, &id).await;
        let (code, outcome, number) = if is_blocked {
            (Code::FailedPrecondition, VersionState::Refused, 0)
        } else {
            (Code::Ok, VersionState::Published, PLACES)
        };
        let what = format!("round {round}, {moment:?}, {answer:?}");
        assert_eq!((answer.0, versions[0].state(), places.len()), (code, outcome, number), "{what}");
        assert!(places.iter().all(|booking| booking.state() == BookingState::Booked), "{what}");
    }
    let scheduled = log::whole(&mut admin.scheduling, "scheduling").await;
    log::check_gap_free(&scheduled);
    let published = scheduled.iter().filter(|event| log::read::<SchedulePublished>(event).is_some());
    assert_eq!(published.count(), free, "each version is published once");
}

pub(crate) async fn heads(admin: &mut Clients) -> (i64, i64) {
    let scheduled = log::head(&mut admin.scheduling, "scheduling").await;
    (scheduled, log::head(&mut admin.venues, "venues").await)
}

pub(crate) fn is_decision(event: &Event) -> bool {
    log::read::<SchedulePublished>(event).is_some() || log::read::<PublicationRefused>(event).is_some()
}

/// Calls until it is known what became of a tournament's publication, which began after a sequence of scheduling's
/// log.
pub(crate) async fn until_decided<F, R>(
    mut clients: Clients,
    id: String,
    begun: i64,
    mut is_alive: watch::Receiver<bool>,
    call: F,
) -> (Code, String)
where
    F: Fn(Clients) -> R,
    R: Future<Output = (Code, String)>,
{
    loop {
        let answer = call(clients.clone()).await;
        if !matches!(answer.0, Code::Unavailable | Code::Aborted) {
            return answer;
        }
        is_alive.wait_for(|is_alive| *is_alive).await.expect("it comes back");
        if answer.1.starts_with("PUBLISH_") {
            // it goes on without this call: its decision is worth waiting for
            let mut events = log::tail(&mut clients.scheduling, "scheduling", begun).await;
            let tournament = format!("tournaments/{id}");
            loop {
                let event = events.next().await;
                if event.tournament == tournament && is_decision(&event) {
                    break;
                }
            }
        }
    }
}

pub(crate) async fn versions_of(admin: &mut Clients, id: &str) -> Vec<ScheduleVersion> {
    let list = ListScheduleVersionsRequest {
        parent: format!("tournaments/{id}"),
        ..ListScheduleVersionsRequest::default()
    };
    answered(admin.schedule.list_schedule_versions(list).await).versions
}

async fn places_of(admin: &mut Clients, id: &str) -> Vec<Booking> {
    let mut bookings = make::live_bookings(admin).await;
    bookings.retain(|booking| booking.tournament == format!("tournaments/{id}"));
    bookings
}

#[tokio::test(flavor = "multi_thread")]
async fn one_process_on_sqlite() {
    run(Engine::Sqlite, Plan::One, 11).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_process_on_postgres() {
    run(Engine::Postgres, Plan::One, 12).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn separate_processes_on_sqlite() {
    run(Engine::Sqlite, Plan::Separate, 13).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn separate_processes_on_postgres() {
    run(Engine::Postgres, Plan::Separate, 14).await;
}
