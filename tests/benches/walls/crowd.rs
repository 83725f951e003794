//! A match in a session of its own, its gates, and people with tickets: as the evening of the tests has it, with
//! as many as a measurement needs.

use std::ops::Range;

use matchday_api::{
    scheduling::v1::{Activity, ActivityKind, ImportTournamentRequest, Match, Session},
    visitors::v1::{Credential, CredentialKind, Device, Gate, ImportCredentialsRequest, ImportGatesRequest},
};
use matchday_tests::{clients::Clients, evening, log, make, refusal::answered};

/// Minute of the kick-off; the gates let people in from two hours before to an hour and a half after it.
pub(crate) const KICK_OFF: i64 = 12 * 60;

const SESSION: &str = "tournaments/cup/sessions/evening";
const GATE: &str = "sites/jinjiang/venues/stadium/gates/north";

/// Imports the tournament, and waits until tickets can be sold for its session.
///
/// # Panics
/// When something is refused.
pub(crate) async fn announce(clients: &mut Clients) {
    make::set_up(clients, 1, programme()).await;
    log::settle(clients).await;
}

/// Plans and publishes the session, and puts so many devices at its gate.
///
/// # Panics
/// When something is refused.
pub(crate) async fn open_gates(clients: &mut Clients, devices: usize) {
    answered(clients.plans.apply_service_plan(evening::plan()).await);
    answered(clients.schedule.publish_schedule(make::publish("cup")).await);
    log::settle(clients).await;
    answered(clients.gates.import_gates(gates(devices)).await);
}

fn programme() -> ImportTournamentRequest {
    let mut programme = make::programme("cup", &[]);
    programme.sessions.push(Session {
        name: SESSION.into(),
        title: "Evening".into(),
        venue: make::VENUE.into(),
        service_class: "evening".into(),
        ..Session::default()
    });
    programme.activities.push(Activity {
        name: evening::MATCH.into(),
        title: "Match 1".into(),
        kind: ActivityKind::Match.into(),
        zone: make::pitch(1),
        start_time: Some(make::at(KICK_OFF)),
        end_time: Some(make::at(KICK_OFF + 115)),
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

fn gates(devices: usize) -> ImportGatesRequest {
    let gate = Gate {
        name: GATE.into(),
        display_name: "North 北门".into(),
        zone: make::pitch(1),
        ..Gate::default()
    };
    let devices = (0..devices).map(|number| Device {
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

/// Tickets of these numbers for the session, for every zone.
pub(crate) fn tickets(numbers: Range<usize>) -> ImportCredentialsRequest {
    let tickets = numbers.map(|number| Credential {
        name: format!("{}/credentials/t{number}", evening::CUP),
        kind: CredentialKind::Ticket.into(),
        sessions: vec![SESSION.into()],
        ..Credential::default()
    });
    ImportCredentialsRequest {
        parent: evening::CUP.into(),
        credentials: tickets.collect(),
        ..ImportCredentialsRequest::default()
    }
}
