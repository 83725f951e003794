//! One match in one session, about its kick-off, with all that hangs on it: a service plan, as many
//! volunteers, devices and tickets as a test wants.

use matchday_api::{
    common::v1::Basis,
    scheduling::v1::{
        Activity, ActivityKind, ApplyServicePlanRequest, GatePlan, ImportTournamentRequest, Match, OnDelay,
        PlanBasis, PlanClass, PlanSubject, Post, ServicePlan, Session, WorkItem,
    },
    visitors::v1::{
        Credential, CredentialKind, Device, Direction, Gate, ImportCredentialsRequest, ImportGatesRequest,
        RedeemCredentialRequest,
    },
    volunteers::v1::{ImportVolunteersRequest, Volunteer},
};
use matchday_kernel::{Instant, SignedDuration};
use matchday_rpc::parse::to_timestamp;
use prost_types::Timestamp;

use crate::{clients::Clients, log, make, refusal::answered, stage::Stage};

/// The tournament.
pub const CUP: &str = "tournaments/cup";
/// The match.
pub const MATCH: &str = "tournaments/cup/activities/m1";
/// The post that wants one volunteer.
pub const CREW: &str = "tournaments/cup/shifts/m1-crew";
/// The post that wants two volunteers, at the same time.
pub const STEWARDS: &str = "tournaments/cup/shifts/m1-stewards";
/// The opening of the gates.
pub const OPENING: &str = "tournaments/cup/openings/evening";
const SESSION: &str = "tournaments/cup/sessions/evening";
const GATE: &str = "sites/jinjiang/venues/stadium/gates/north";

/// The evening of a stage.
#[derive(Clone, Copy, Debug)]
pub struct Evening {
    kick_off: Instant,
}

impl Evening {
    /// Imports, publishes and plans everything twenty minutes before the kick-off, with so many volunteers, devices
    /// and tickets each.
    ///
    /// # Panics
    /// When something is refused.
    pub async fn begin(stage: &Stage, many: usize) -> Self {
        Self::with_kick_off(stage, many, 20).await
    }

    /// The same so many minutes before the kick-off is planned; a negative number of them after it.
    ///
    /// # Panics
    /// When something is refused.
    pub async fn with_kick_off(stage: &Stage, many: usize, minutes: i64) -> Self {
        let minute = stage.now().as_micros().div_euclid(60_000_000) * 60_000_000;
        let now = Instant::from_micros(minute).expect("a time of the calendar");
        let evening = Self { kick_off: now.saturating_add(SignedDuration::from_mins(minutes)) };
        let mut admin = stage.admin();
        make::set_up(&mut admin, 1, evening.programme()).await;
        answered(admin.plans.apply_service_plan(plan()).await);
        make::published(&mut admin, "cup").await;
        log::settle(&mut admin).await;
        answered(admin.people.import_volunteers(volunteers(many)).await);
        answered(admin.gates.import_gates(gates(many)).await);
        answered(admin.credentials.import_credentials(tickets(many)).await);
        evening
    }

    /// So many minutes after the kick-off as planned.
    #[must_use]
    pub fn at(&self, minutes: i64) -> Timestamp {
        to_timestamp(self.kick_off.saturating_add(SignedDuration::from_mins(minutes)))
    }

    fn programme(self) -> ImportTournamentRequest {
        let mut programme = make::programme("cup", &[]);
        programme.sessions.push(Session {
            name: SESSION.into(),
            title: "Evening".into(),
            venue: make::VENUE.into(),
            service_class: "evening".into(),
            ..Session::default()
        });
        programme.activities.push(Activity {
            name: MATCH.into(),
            title: "Match 1".into(),
            kind: ActivityKind::Match.into(),
            zone: make::pitch(1),
            start_time: Some(self.at(0)),
            end_time: Some(self.at(115)),
            session: SESSION.into(),
            service_class: "match".into(),
            r#match: Some(Match {
                competition: "men".into(),
                stage: "group".into(),
                home: "first".into(),
                away: "second".into(),
                ..Match::default()
            }),
            ..Activity::default()
        });
        programme
    }
}

fn assumed() -> PlanBasis {
    PlanBasis { basis: Basis::Assumed.into(), source: String::new() }
}

fn post(id: &str, headcount: i32) -> Post {
    Post {
        id: id.into(),
        title: format!("Post {id}"),
        start: "KO-60".into(),
        end: "END+30".into(),
        on_delay: OnDelay::Extend.into(),
        headcount,
        basis: Some(assumed()),
        ..Post::default()
    }
}

/// The service plan.
#[must_use]
pub fn plan() -> ApplyServicePlanRequest {
    let strike = WorkItem {
        id: "strike".into(),
        title: "Stage strike".into(),
        start: "KO-15".into(),
        due: "KO-5".into(),
        on_delay: OnDelay::Move.into(),
        basis: Some(assumed()),
        ..WorkItem::default()
    };
    let of_match = PlanClass {
        id: "match".into(),
        title: "Match".into(),
        subject: PlanSubject::Activity.into(),
        posts: vec![post("crew", 1), post("stewards", 2)],
        work_orders: vec![strike],
        gates: None,
    };
    let gates = GatePlan {
        opens: "KO-120".into(),
        exit_only: "KO+90".into(),
        free_egress: "END-10".into(),
        clears: "END+45".into(),
        gates: vec![],
        basis: Some(assumed()),
    };
    let of_session = PlanClass {
        id: "evening".into(),
        title: "Evening".into(),
        subject: PlanSubject::Session.into(),
        gates: Some(gates),
        ..PlanClass::default()
    };
    let plan = ServicePlan {
        title: "Plan of the cup".into(),
        classes: vec![of_match, of_session],
        ..ServicePlan::default()
    };
    ApplyServicePlanRequest { parent: CUP.into(), plan: Some(plan), ..ApplyServicePlanRequest::default() }
}

/// Name of a volunteer; they count from 0.
#[must_use]
pub fn volunteer(number: usize) -> String {
    format!("{CUP}/volunteers/v{number}")
}

/// So many volunteers without a group.
#[must_use]
pub fn volunteers(many: usize) -> ImportVolunteersRequest {
    let volunteers = (0..many).map(|number| Volunteer {
        name: volunteer(number),
        display_name: format!("志愿者 {number}"),
        ..Volunteer::default()
    });
    ImportVolunteersRequest {
        parent: CUP.into(),
        volunteers: volunteers.collect(),
        ..ImportVolunteersRequest::default()
    }
}

fn gates(many: usize) -> ImportGatesRequest {
    let gate = Gate {
        name: GATE.into(),
        display_name: "North 北门".into(),
        zone: make::pitch(1),
        ..Gate::default()
    };
    let devices = (0..many).map(|number| Device {
        name: format!("{GATE}/devices/d{number}"),
        display_name: format!("Device {number}"),
        ..Device::default()
    });
    ImportGatesRequest {
        parent: make::SITE.into(),
        gates: vec![gate],
        devices: devices.collect(),
        ..ImportGatesRequest::default()
    }
}

fn tickets(many: usize) -> ImportCredentialsRequest {
    let tickets = (0..many).map(|number| Credential {
        name: format!("{CUP}/credentials/t{number}"),
        kind: CredentialKind::Ticket.into(),
        sessions: vec![SESSION.into()],
        ..Credential::default()
    });
    ImportCredentialsRequest {
        parent: CUP.into(),
        credentials: tickets.collect(),
        ..ImportCredentialsRequest::default()
    }
}

/// A scan of a ticket on its way in, by a device; both count from 0.
#[must_use]
pub fn scan(device: usize, sequence: i64, ticket: usize) -> RedeemCredentialRequest {
    RedeemCredentialRequest {
        device: format!("{GATE}/devices/d{device}"),
        sequence,
        opening: OPENING.into(),
        code: format!("t{ticket}"),
        direction: Direction::Entry.into(),
        ..RedeemCredentialRequest::default()
    }
}

/// The sequences of all five logs.
///
/// # Panics
/// When one cannot be read.
pub async fn heads(clients: &mut Clients) -> [i64; 5] {
    [
        log::head(&mut clients.scheduling, "scheduling").await,
        log::head(&mut clients.venues, "venues").await,
        log::head(&mut clients.volunteers, "volunteers").await,
        log::head(&mut clients.visitors, "visitors").await,
        log::head(&mut clients.control, "control").await,
    ]
}
