//! The opening day of the reference tournament through all five services, as the demonstration tells it: in one
//! process on SQLite, and in five on PostgreSQL of which each is killed while the day goes on. Both end in the
//! same state.
//!
//! The processes rehearse: their clocks show 19:40 of the opening day, twenty minutes before the kick-off.

use std::collections::BTreeSet;

use matchday_api::{
    control::v1::AppendLogEntryRequest,
    scheduling::v1::{DelayActivityRequest, PublishScheduleRequest},
    venues::v1::{StartWorkOrderRequest, WorkOrderState},
    visitors::v1::{Direction, GetOccupancyRequest, RedeemCredentialRequest, Verdict},
    volunteers::v1::{
        AcceptInvitationRequest, Assignment, AssignmentState, FillShiftsRequest, InviteVolunteerRequest,
        Shift, SignInRequest,
    },
};
use matchday_tests::{
    clients::Clients, log, make, overlap::double_bookings, refusal::answered, rehearsal, stage::Engine,
    town::Plan,
};
use prost_types::Timestamp;
use tokio::sync::{mpsc, watch};
use tonic::{Code, Response, Status};

mod state;

use state::{all_scans, assignments, openings, shifts, state, tickets, work_orders};

const CUP: &str = "tournaments/fisu-2023";
const OPENER: &str = "tournaments/fisu-2023/activities/m01";
const OPENING: &str = "tournaments/fisu-2023/openings/opening";
/// 21 October 2023, 19:40 in Jinjiang, in minutes after [`make::at`]'s first day began.
const NOW: i64 = 11 * 60 + 40;
/// Tickets scanned at the gates.
const CROWD: i64 = 60;

/// Calls until the answer is known: a process that was killed is back soon.
async fn sure<T>(is_alive: &watch::Receiver<bool>, call: impl AsyncFn() -> Result<Response<T>, Status>) -> T {
    loop {
        match call().await {
            Ok(reply) => return reply.into_inner(),
            Err(status) if matches!(status.code(), Code::Unavailable | Code::Aborted) => {
                let mut is_alive = is_alive.clone();
                is_alive.wait_for(|is_alive| *is_alive).await.expect("it comes back");
            }
            Err(status) => panic!("neither done nor unavailable: {status:?}"),
        }
    }
}

/// Plays the day, and tells of each step that is done.
struct Player {
    clients: Clients,
    is_alive: watch::Receiver<bool>,
    steps: mpsc::UnboundedSender<Step>,
}

/// A step of the day that is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Published,
    Staffed,
    Worked,
    Scanned,
    Written,
    Delayed,
}

/// Which service is killed after how many of which steps: each in the middle of its own work, and venues once more
/// when it is to follow the delay.
const ACCIDENTS: [(&str, Step, usize); 6] = [
    ("scheduling", Step::Published, 1),
    ("volunteers", Step::Staffed, 20),
    ("venues", Step::Worked, 3),
    ("visitors", Step::Scanned, 30),
    ("control", Step::Written, 1),
    ("venues", Step::Delayed, 1),
];

impl Player {
    fn done(&self, step: Step) {
        // nobody counts in a day without accidents
        let _ = self.steps.send(step);
    }

    async fn play(self) {
        self.publish().await;
        self.staff().await;
        self.work().await;
        self.scan().await;
        self.write_down("before", "Lightning is seen in the east.").await;
        self.delay().await;
        self.write_down("after", "The crowd was told.").await;
    }

    async fn publish(&self) {
        for id in ["fisu-2023", "jinjiang-community-2023"] {
            let request = PublishScheduleRequest { request_id: format!("publish/{id}"), ..make::publish(id) };
            sure(&self.is_alive, async || {
                self.clients.schedule.clone().publish_schedule(request.clone()).await
            })
            .await;
            self.done(Step::Published);
        }
        log::settle(&mut self.clients.clone()).await;
    }

    /// The open seats of the evening are filled; who is proposed is invited, accepts, and signs in where the
    /// shift has begun.
    async fn staff(&self) {
        let fill = FillShiftsRequest {
            parent: CUP.into(),
            from: Some(make::at(NOW)),
            until: Some(make::at(NOW + 240)),
            request_id: "fill".into(),
            validate_only: false,
        };
        let filled =
            sure(&self.is_alive, async || self.clients.roster.clone().fill_shifts(fill.clone()).await).await;
        assert!(filled.proposed > 100, "{} seats are filled", filled.proposed);
        self.done(Step::Staffed);
        let assignments = assignments(&self.clients).await;
        let people: BTreeSet<String> = assignments.iter().map(|one| one.volunteer.clone()).collect();
        for volunteer in people.into_iter().take(60) {
            let roster = &self.clients.roster;
            let invite = InviteVolunteerRequest {
                request_id: format!("invite/{volunteer}"),
                volunteer: volunteer.clone(),
                answer_by: None,
            };
            sure(&self.is_alive, async || roster.clone().invite_volunteer(invite.clone()).await).await;
            let request_id = format!("accept/{volunteer}");
            let accept = AcceptInvitationRequest { volunteer, request_id };
            let accepted =
                sure(&self.is_alive, async || roster.clone().accept_invitation(accept.clone()).await).await;
            self.done(Step::Staffed);
            let begun =
                accepted.assignments.iter().filter(|one| seconds(one.start_time) <= make::at(NOW).seconds);
            for assignment in begun {
                let sign_in = SignInRequest {
                    name: assignment.name.clone(),
                    request_id: format!("sign-in/{}", assignment.name),
                    ..SignInRequest::default()
                };
                sure(&self.is_alive, async || roster.clone().sign_in(sign_in.clone()).await).await;
            }
        }
    }

    /// The work that is due before the kick-off begins.
    async fn work(&self) {
        let orders = work_orders(&self.clients).await;
        let due = orders.into_iter().filter(|order| seconds(order.due_time) <= make::at(NOW).seconds);
        for order in due.filter(|order| seconds(order.due_time) > make::at(NOW - 300).seconds) {
            let start = StartWorkOrderRequest {
                request_id: format!("start/{}", order.name),
                name: order.name,
                ..StartWorkOrderRequest::default()
            };
            sure(&self.is_alive, async || {
                self.clients.work_orders.clone().start_work_order(start.clone()).await
            })
            .await;
            self.done(Step::Worked);
        }
    }

    async fn scan(&self) {
        let device = "sites/jinjiang/venues/stadium/gates/north/devices/north-1";
        let tickets = tickets(&self.clients, "sites/jinjiang/venues/stadium/zones/north-stand").await;
        for sequence in 1..=CROWD {
            // every tenth ticket is shown twice
            let ticket = if sequence % 10 == 0 { sequence - 2 } else { sequence - 1 };
            let ticket = &tickets[usize::try_from(ticket).expect("a small number")];
            let scan = RedeemCredentialRequest {
                device: device.into(),
                sequence,
                opening: OPENING.into(),
                code: ticket.rsplit('/').next().unwrap_or_default().to_owned(),
                direction: Direction::Entry.into(),
                ..RedeemCredentialRequest::default()
            };
            let admissions = &self.clients.admissions;
            let reply =
                sure(&self.is_alive, async || admissions.clone().redeem_credential(scan.clone()).await).await;
            let again =
                sure(&self.is_alive, async || admissions.clone().redeem_credential(scan.clone()).await).await;
            assert_eq!(again, reply, "the same scan, the same decision");
            self.done(Step::Scanned);
        }
    }

    async fn write_down(&self, id: &str, text: &str) {
        let append = AppendLogEntryRequest {
            parent: CUP.into(),
            text: text.into(),
            resources: vec![OPENER.into()],
            happen_time: Some(make::at(NOW)),
            request_id: id.into(),
        };
        sure(&self.is_alive, async || self.clients.journal.clone().append_log_entry(append.clone()).await)
            .await;
        self.done(Step::Written);
    }

    async fn delay(&self) {
        let delay = DelayActivityRequest { request_id: "delay".into(), ..make::delay(OPENER, 45) };
        sure(&self.is_alive, async || self.clients.schedule.clone().delay_activity(delay.clone()).await)
            .await;
        self.done(Step::Delayed);
    }
}

/// Plays the day, and kills each process once meanwhile where it is told to; returns what it ends in.
async fn play(engine: Engine, plan: Plan, is_dangerous: bool) -> Option<Vec<String>> {
    let mut stage = rehearsal::open(engine, plan, NOW).await?;
    let mut admin = stage.admin();
    let imports: [&[&str]; 5] = [
        &["site", "import", "site.yaml"],
        &["tournament", "import", "tournament.yaml"],
        &["tournament", "import", "neighbours.yaml"],
        &["plan", "apply", "plan.yaml"],
        &["gate", "import", "gates.yaml"],
    ];
    for import in imports {
        rehearsal::run(&mut stage, import);
    }
    // sessions must be known where tickets name them
    log::settle(&mut admin).await;
    let people =
        ["volunteer", "import", "volunteers.csv", "--groups", "groups.csv", "--tournament", "fisu-2023"];
    let tickets = ["credential", "import", "credentials.csv", "--tournament", "fisu-2023"];
    rehearsal::run(&mut stage, &people);
    rehearsal::run(&mut stage, &tickets);

    let (alive, is_alive) = watch::channel(true);
    let (steps, mut is_done) = mpsc::unbounded_channel();
    let player = Player { clients: stage.admin(), is_alive, steps };
    let accidents = async {
        for (service, step, count) in ACCIDENTS.iter().filter(|_| is_dangerous) {
            let mut counted = 0;
            while counted < *count {
                counted += usize::from(is_done.recv().await.expect("the day goes on") == *step);
            }
            let victim = stage.town().home_of(service);
            stage.town().process(victim).kill();
            alive.send_replace(false);
            stage.town().process(victim).start_again().await;
            alive.send_replace(true);
        }
    };
    tokio::join!(player.play(), accidents);
    log::settle(&mut admin).await;
    check(&mut admin).await;
    Some(state(&mut admin).await)
}

/// What a delay of a match that is about to begin must do, and must not.
async fn check(admin: &mut Clients) {
    let shifts = shifts(admin).await;
    let of_opener: Vec<&Shift> = shifts
        .iter()
        .filter(|shift| shift.occasion == OPENER || shift.occasion.ends_with("/opening"))
        .collect();
    let extended = of_opener.iter().filter(|shift| shift.end_time != shift.planned_end_time);
    assert!(extended.clone().count() > 3, "posts that are open are extended: {of_opener:?}");
    for shift in of_opener.iter().filter(|shift| seconds(shift.start_time) < make::at(NOW).seconds) {
        assert_eq!(shift.start_time, shift.planned_start_time, "what has begun keeps its start: {shift:?}");
    }
    let is_long = |shift: &&Shift| shift.alerts.iter().any(|alert| alert.code == "SHIFT_TOO_LONG");
    assert!(shifts.iter().any(|shift| is_long(&shift)), "a crew of more than eight hours is flagged");

    let openings = openings(admin).await;
    let opening = openings.iter().find(|opening| opening.name == OPENING).expect("it is planned");
    assert_eq!(opening.open_time, Some(make::at(NOW - 100)), "an open gate is not opened again");
    assert_eq!(opening.exit_only_time, Some(make::at(NOW + 20 + 90 + 45)));

    let begun = work_orders(admin).await;
    let begun: Vec<_> = begun.iter().filter(|order| order.state() == WorkOrderState::InProgress).collect();
    assert!(!begun.is_empty());
    for order in begun {
        assert_eq!(order.due_time, order.planned_due_time, "begun work is left alone");
    }
    let occupancy = GetOccupancyRequest { name: OPENING.into() };
    let inside = answered(admin.admissions.get_occupancy(occupancy).await).occupancy.expect("a count");
    assert_eq!(i64::from(inside.public), CROWD - CROWD / 10, "each ticket let one person in");
    assert_eq!(i64::from(inside.refused), CROWD / 10);
    let scans = answered(admin.admissions.list_scans(all_scans()).await).scans;
    assert_eq!(i64::try_from(scans.len()), Ok(CROWD), "each scan is kept once");
    let twice = scans.iter().filter(|scan| scan.verdict() == Verdict::AlreadyInside).count();
    assert_eq!(i64::try_from(twice), Ok(CROWD / 10));

    assert_eq!(double_bookings(&make::live_bookings(admin).await), []);
    check_nobody_is_in_two_places(&assignments(admin).await);
    let logs = [
        (&mut admin.scheduling, "scheduling"),
        (&mut admin.venues, "venues"),
        (&mut admin.volunteers, "volunteers"),
        (&mut admin.visitors, "visitors"),
        (&mut admin.control, "control"),
    ];
    for (events, name) in logs {
        log::check_gap_free(&log::whole(events, name).await);
    }
}

fn check_nobody_is_in_two_places(assignments: &[Assignment]) {
    use AssignmentState as S;
    let live = assignments
        .iter()
        .filter(|one| matches!(one.state(), S::Proposed | S::Invited | S::Accepted | S::SignedIn));
    let mut live: Vec<&Assignment> = live.collect();
    live.sort_by_key(|one| (&one.volunteer, seconds(one.start_time)));
    for pair in live.windows(2) {
        let is_apart = pair[0].volunteer != pair[1].volunteer
            || seconds(pair[0].end_time) <= seconds(pair[1].start_time);
        assert!(is_apart, "{pair:?}");
    }
}

fn seconds(time: Option<Timestamp>) -> i64 {
    time.map_or(0, |time| time.seconds)
}

/// The tests of all: the same day, undisturbed in one process and killed in five.
#[tokio::test(flavor = "multi_thread")]
async fn the_day_ends_in_the_same_state_whoever_is_killed() {
    let quiet = Box::pin(play(Engine::Sqlite, Plan::One, false)).await.expect("files need no server");
    assert!(quiet.len() > 500, "{} lines of state", quiet.len());
    let Some(killed) = Box::pin(play(Engine::Postgres, Plan::Separate, true)).await else { return };
    let (quiet, killed): (BTreeSet<_>, BTreeSet<_>) =
        (quiet.into_iter().collect(), killed.into_iter().collect());
    let lost: Vec<_> = quiet.difference(&killed).take(5).collect();
    let new: Vec<_> = killed.difference(&quiet).take(5).collect();
    assert!(lost.is_empty() && new.is_empty(), "only in one process: {lost:#?}\nonly in five: {new:#?}");
}
