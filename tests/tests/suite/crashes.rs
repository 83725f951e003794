//! Processes killed while activities move: no write that was acknowledged is lost, none is followed twice, and
//! bookings are what scheduling's log says.
//!
//! `MATCHDAY_CRASH_ROUNDS` sets how many times a process is killed in each test, `MATCHDAY_CRASH_SEED` what is
//! written and when it is killed.

use std::collections::{BTreeMap, BTreeSet};

use matchday_api::{
    event::v1::{Event, FollowerState, ListFollowersRequest},
    scheduling::v1::{
        Activity, CancelActivityRequest, DelayActivityRequest, MoveActivityRequest, Session,
        UpdateActivityRequest,
    },
    venues::v1::BookingState,
};
use matchday_tests::{
    clients::Clients,
    dice::Dice,
    log, make,
    model::{Model, Told},
    overlap::double_bookings,
    refusal::answered,
    stage::{Engine, Hosting, Stage},
    town::Plan,
};
use prost_types::FieldMask;
use tokio::sync::{mpsc, watch};
use tonic::{Code, Status};

const WRITERS: u64 = 6;
const ACTIVITIES: u64 = 12;
/// Pitches there are; activities are also moved to one that is not.
const PITCHES: u64 = 3;

fn setting(name: &str, usual: u64) -> u64 {
    let set = std::env::var(name).ok();
    set.map_or(usual, |text| text.parse().unwrap_or_else(|_| panic!("{name} is a number")))
}

/// How many times a process is killed.
pub(crate) fn rounds() -> u64 {
    setting("MATCHDAY_CRASH_ROUNDS", 8)
}

/// The seed of a test, which has a number of its own.
pub(crate) fn seed(number: u64) -> u64 {
    setting("MATCHDAY_CRASH_SEED", 1) * 1000 + number
}

async fn run(engine: Engine, plan: Plan, number: u64) {
    let seed = seed(number);
    let Some(mut stage) = Stage::open(engine, Hosting::Processes(plan)).await else {
        return;
    };
    let mut admin = stage.admin();
    set_up(&mut admin).await;
    let (alive, is_alive) = watch::channel(true);
    let (stop, is_stopped) = watch::channel(false);
    let (acknowledge, mut acknowledged) = mpsc::unbounded_channel();
    let writers: Vec<_> = (0..WRITERS)
        .map(|number| {
            let writer = Writer {
                clients: stage.admin(),
                dice: Dice::new(seed * 100 + number),
                number,
                is_alive: is_alive.clone(),
                acknowledge: acknowledge.clone(),
            };
            tokio::spawn(writer.run(is_stopped.clone()))
        })
        .collect();

    let dice = Dice::new(seed);
    for _ in 0..rounds() {
        for _ in 0..=dice.below(60) {
            acknowledged.recv().await.expect("the writers write on");
        }
        let size = u64::try_from(stage.town().size()).expect("a small number");
        let victim = usize::try_from(dice.below(size)).expect("a small number");
        stage.town().process(victim).kill();
        alive.send_replace(false);
        stage.town().process(victim).start_again().await;
        alive.send_replace(true);
    }
    stop.send_replace(true);
    let mut fates = BTreeMap::new();
    for writer in writers {
        fates.extend(writer.await.expect("it does not panic"));
    }
    log::settle(&mut admin).await;
    check(&mut admin, &fates).await;
}

/// Twelve activities on three pitches, three of them in one session, published.
async fn set_up(admin: &mut Clients) {
    let ids: Vec<String> = (0..ACTIVITIES).map(|number| format!("a{number}")).collect();
    let trainings: Vec<_> = ids
        .iter()
        .zip(0..)
        .map(|(id, number): (_, u64)| {
            let from = i64::try_from(number / PITCHES).expect("a small number") * 150;
            (id.as_str(), 1 + number % PITCHES, from, 90)
        })
        .collect();
    let mut programme = make::programme("cup", &trainings);
    let session = Session {
        name: "tournaments/cup/sessions/opening".into(),
        title: "Opening".into(),
        venue: make::VENUE.into(),
        ..Session::default()
    };
    for activity in &mut programme.activities[..3] {
        activity.session.clone_from(&session.name);
    }
    programme.sessions.push(session);
    make::set_up(admin, PITCHES, programme).await;
    make::published(admin, "cup").await;
}

/// What became of a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Acknowledged,
    Refused,
}

struct Writer {
    clients: Clients,
    dice: Dice,
    number: u64,
    is_alive: watch::Receiver<bool>,
    acknowledge: mpsc::UnboundedSender<()>,
}

impl Writer {
    /// Writes until it is told to stop, each write until its fate is known; returns them by request id.
    async fn run(mut self, is_stopped: watch::Receiver<bool>) -> BTreeMap<String, Fate> {
        let mut fates = BTreeMap::new();
        for count in 0.. {
            if *is_stopped.borrow() {
                break;
            }
            let id = format!("w{}-{count}", self.number);
            let write = self.choose(&id);
            let fate = self.carry_out(write).await;
            if fate == Fate::Acknowledged {
                // nobody counts at the end
                let _ = self.acknowledge.send(());
            }
            fates.insert(id, fate);
        }
        fates
    }

    fn choose(&self, id: &str) -> Write {
        let name = make::name("cup", &format!("a{}", self.dice.below(ACTIVITIES)));
        let minute = i64::try_from(self.dice.below(80)).expect("a small number") * 15;
        match self.dice.below(100) {
            // most go on, so that there is something to move
            0 => Write::Cancel(CancelActivityRequest {
                name: make::name("cup", "a11"),
                reason: "the storm".into(),
                request_id: id.into(),
                ..CancelActivityRequest::default()
            }),
            1..10 => Write::Update(Box::new(UpdateActivityRequest {
                activity: Some(Activity { name, title: format!("Title {id}"), ..Activity::default() }),
                update_mask: Some(FieldMask { paths: vec!["title".into()] }),
                request_id: id.into(),
            })),
            10..40 => Write::Delay(DelayActivityRequest {
                request_id: id.into(),
                ..make::delay(&name, 5 + minute % 60)
            }),
            _ => Write::Move(MoveActivityRequest {
                request_id: id.into(),
                ..make::move_to(&name, 1 + self.dice.below(PITCHES + 1), minute)
            }),
        }
    }

    async fn carry_out(&mut self, write: Write) -> Fate {
        loop {
            let Err(status) = write.send(&mut self.clients).await else {
                return Fate::Acknowledged;
            };
            match status.code() {
                Code::FailedPrecondition => return Fate::Refused,
                // killed before or after it was written: the same call again tells
                Code::Unavailable => {
                    self.is_alive.wait_for(|is_alive| *is_alive).await.expect("it comes back");
                }
                _ => panic!("neither acknowledged nor refused: {status:?}"),
            }
        }
    }
}

enum Write {
    Move(MoveActivityRequest),
    Delay(DelayActivityRequest),
    Update(Box<UpdateActivityRequest>),
    Cancel(CancelActivityRequest),
}

impl Write {
    async fn send(&self, clients: &mut Clients) -> Result<(), Status> {
        match self {
            Self::Move(request) => clients.schedule.move_activity(request.clone()).await.map(drop),
            Self::Delay(request) => clients.schedule.delay_activity(request.clone()).await.map(drop),
            Self::Update(request) => {
                clients.schedule.update_activity(UpdateActivityRequest::clone(request)).await.map(drop)
            }
            Self::Cancel(request) => clients.schedule.cancel_activity(request.clone()).await.map(drop),
        }
    }
}

async fn check(admin: &mut Clients, fates: &BTreeMap<String, Fate>) {
    let scheduled = log::whole(&mut admin.scheduling, "scheduling").await;
    let followed = log::whole(&mut admin.venues, "venues").await;
    log::check_gap_free(&scheduled);
    log::check_gap_free(&followed);
    check_each_write_once(&scheduled, fates);

    let mut model = Model::new((1..=PITCHES).map(make::pitch));
    model.replay(&scheduled);
    let told = Told::of(&followed);
    eprintln!("{} writes decided, {} effects, {} kills", fates.len(), told.effects().len(), rounds());
    for (number, (must, is)) in model.effects().iter().zip(told.effects()).enumerate() {
        assert_eq!(is, must, "effect {number}");
    }
    assert_eq!(told.effects().len(), model.effects().len(), "each event was followed once");

    let all = [BookingState::Booked, BookingState::Displaced, BookingState::Released];
    let bookings = make::bookings_in(admin, &all).await;
    assert_eq!(double_bookings(&bookings), []);
    let live: Vec<_> =
        bookings.into_iter().filter(|booking| booking.state() != BookingState::Released).collect();
    assert_eq!(told.places(&live), model.places());
    let followers = answered(admin.venues.list_followers(ListFollowersRequest {}).await).followers;
    let states: Vec<FollowerState> = followers.iter().map(matchday_api::event::v1::Follower::state).collect();
    assert!(!states.is_empty());
    assert!(states.iter().all(|state| *state == FollowerState::Following), "{states:?}");
}

/// Every write that was acknowledged is in the log once, and nothing else is.
fn check_each_write_once(log: &[Event], fates: &BTreeMap<String, Fate>) {
    let mut written: BTreeMap<&str, Vec<&Event>> = BTreeMap::new();
    for event in log.iter().filter(|event| !event.request_id.is_empty()) {
        written.entry(&event.request_id).or_default().push(event);
    }
    for (id, events) in &written {
        assert_eq!(fates.get(*id), Some(&Fate::Acknowledged), "{id} is in the log");
        let changes: BTreeSet<&str> = events.iter().map(|event| event.change.as_str()).collect();
        let resources: BTreeSet<&str> = events.iter().map(|event| event.resource.as_str()).collect();
        assert_eq!((changes.len(), resources.len()), (1, events.len()), "{id} was written once: {events:?}");
    }
    let acknowledged = fates.iter().filter(|(_, fate)| **fate == Fate::Acknowledged);
    for (id, _) in acknowledged {
        assert!(written.contains_key(id.as_str()), "{id} was acknowledged and is lost");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_process_on_sqlite() {
    run(Engine::Sqlite, Plan::One, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_process_on_postgres() {
    run(Engine::Postgres, Plan::One, 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn separate_processes_on_sqlite() {
    run(Engine::Sqlite, Plan::Separate, 3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn separate_processes_on_postgres() {
    run(Engine::Postgres, Plan::Separate, 4).await;
}
