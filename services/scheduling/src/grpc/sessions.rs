//! Sessions: read, checked, created, changed.

use matchday_api::scheduling::v1 as pb;
use matchday_kernel::{Common, SessionName, Slug, TournamentName, VenueName};
use matchday_rpc::parse::{self, Mask};
use matchday_store::{Conn, Record, Tx};

use super::{emit, optional_id};
use crate::{
    Error,
    domain::place,
    store::activities,
    store::tournaments::{SessionRow, TournamentRow, in_sessions},
};

/// Most spectators of one session.
const MOST_EXPECTED: i32 = 1_000_000;

pub(super) fn session(name: &SessionName, wanted: pb::Session) -> Result<SessionRow, Error> {
    if !(0..=MOST_EXPECTED).contains(&wanted.expected_attendance) {
        let problem = format!("must lie between 0 and {MOST_EXPECTED}");
        return Err(Common::field("session.expected_attendance", problem).into());
    }
    let venue: VenueName = parse::text_as("session.venue", &wanted.venue)?;
    let provenance = parse::provenance("session.provenance", wanted.provenance)?;
    Ok(SessionRow {
        name: name.to_string(),
        title: parse::required_text("session.title", &wanted.title)?,
        venue: venue.to_string(),
        expected_attendance: wanted.expected_attendance,
        service_class: optional_id("session.service_class", wanted.service_class)?,
        generated: parse::generated_to_text(&provenance),
        source: provenance.source,
        ..SessionRow::default()
    })
}

pub(super) fn to_create(request: &pb::CreateSessionRequest) -> Result<(TournamentName, SessionRow), Error> {
    let parent: TournamentName = parse::text_as("parent", &request.parent)?;
    let id: Slug = parse::text_as("session_id", &request.session_id)?;
    let row = session(&SessionName::new(&parent, id), parse::required("session", request.session.clone())?)?;
    Ok((parent, row))
}

pub(super) async fn create(
    tx: &mut Tx,
    parent: TournamentName,
    row: SessionRow,
) -> Result<pb::CreateSessionResponse, Error> {
    TournamentRow::get(tx, parent.as_str()).await?;
    let session = row.create(tx).await?.with(&[]);
    emit(tx, &session.name, &parent, &pb::SessionCreated { session: Some(session.clone()) });
    Ok(pb::CreateSessionResponse { session: Some(session) })
}

/// The session with its activities.
pub(super) async fn read(conn: &mut Conn, row: SessionRow) -> Result<pb::Session, Error> {
    let activities = in_sessions(conn, &row.name, &row.name).await?;
    Ok(row.with(&activities))
}

/// Sessions that follow one another by name, with their activities.
pub(super) async fn read_all(conn: &mut Conn, rows: Vec<SessionRow>) -> Result<Vec<pb::Session>, Error> {
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
        return Ok(vec![]);
    };
    let activities = in_sessions(conn, &first.name, &last.name).await?;
    Ok(rows.into_iter().map(|row| row.with(&activities)).collect())
}

pub(super) async fn update(
    tx: &mut Tx,
    request: pb::UpdateSessionRequest,
) -> Result<pb::UpdateSessionResponse, Error> {
    let allowed = ["title", "venue", "expected_attendance", "service_class", "provenance"];
    let mask = Mask::new(request.update_mask, &allowed)?;
    let wanted = parse::required("session", request.session)?;
    let name: SessionName = parse::text_as("session.name", &wanted.name)?;
    let row = SessionRow::update::<Error>(tx, name.as_str(), &wanted.etag.clone(), |current| {
        let mut merged = current.clone().with(&[]);
        mask.apply("title", &mut merged.title, wanted.title);
        mask.apply("venue", &mut merged.venue, wanted.venue);
        mask.apply("expected_attendance", &mut merged.expected_attendance, wanted.expected_attendance);
        mask.apply("service_class", &mut merged.service_class, wanted.service_class);
        mask.apply("provenance", &mut merged.provenance, wanted.provenance);
        session(&name, merged)
    })
    .await?;
    let session = read(tx, row).await?;
    for activity in activities::of_session(tx, name.as_str()).await? {
        if activity.takes_place() {
            place::check_at_venue(&activity.zone, &session.name, &session.venue)?;
        }
    }
    emit(tx, name.as_str(), &name.parent(), &pb::SessionUpdated { session: Some(session.clone()) });
    Ok(pb::UpdateSessionResponse { session: Some(session) })
}
