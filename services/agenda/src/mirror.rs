//! The table `agenda` of a follower: what scheduling says, as the contract encodes it.

use std::collections::BTreeMap;

use matchday_api::{common::v1::PlanFollowed, scheduling::v1 as pb};
use matchday_kernel::Instant;
use matchday_rpc::parse;
use matchday_store::{Conn, Defect, Event, Locks, StoreError, Tx, on_db};
use prost::{Message, Name};

use crate::changed::{Changed, changed};
use crate::occasion::{Known, KnownSession, Occasion, group};

/// Most problems told of a plan, so that the answer fits a message.
const MOST_PROBLEMS: usize = 1000;

/// A row of the table.
#[derive(Debug, sqlx::FromRow)]
struct Row {
    name: String,
    session: String,
    body: Vec<u8>,
    published: i32,
}

/// The locks of what [`hear`] writes: the tournaments of the events.
#[must_use]
pub fn locks(events: &[Event]) -> Locks {
    Locks::of(events.iter().map(|event| event.tournament.clone()).filter(|name| !name.is_empty()))
}

/// When an event happened: the present, as far as followers go.
///
/// # Errors
/// [`Defect`] when it does not say.
pub fn time_of(event: &Event) -> Result<Instant, Defect> {
    let time = parse::instant("time", event.time).map_err(Defect::new)?;
    time.ok_or_else(|| Defect::new("the event has no time"))
}

/// Applies an event of scheduling's log, and returns the occasions it may have changed: an activity with its
/// session and all in it, a session with all in it, everything when a plan or a version came into force. Other
/// events, and what no version in force ever held, give none.
///
/// # Errors
/// [`Defect`] when the event cannot be read or the table cannot be written.
pub async fn hear(tx: &mut Tx, event: &Event) -> Result<Vec<Occasion>, Defect> {
    let Some(Changed { activity, .. }) = changed(event)? else {
        return hear_other(tx, event).await;
    };
    let before = find(tx, &activity.name).await?;
    keep(tx, &activity.name, &event.tournament, &activity.session, &activity).await?;
    if let Some(version) = version_of(event)? {
        fix_one(tx, &activity.name, &version).await?;
    }
    let mut occasions = around(tx, &event.tournament, &activity.name, &activity.session).await?;
    if let Some(before) =
        before.filter(|before| before.session != activity.session && !before.session.is_empty())
    {
        occasions.extend(of_session(tx, &event.tournament, &before.session).await?);
    }
    Ok(occasions)
}

/// The version that an activity came with.
fn version_of(event: &Event) -> Result<Option<String>, Defect> {
    if event.r#type != pb::ActivityCreated::full_name() {
        return Ok(None);
    }
    Ok(Some(read::<pb::ActivityCreated>(event)?.version).filter(|version| !version.is_empty()))
}

async fn hear_other(tx: &mut Tx, event: &Event) -> Result<Vec<Occasion>, Defect> {
    let kind = event.r#type.as_str();
    let tournament = event.tournament.as_str();
    let session = if kind == pb::SessionCreated::full_name() {
        read::<pb::SessionCreated>(event)?.session
    } else if kind == pb::SessionUpdated::full_name() {
        read::<pb::SessionUpdated>(event)?.session
    } else if kind == pb::ServicePlanApplied::full_name() {
        let plan = read::<pb::ServicePlanApplied>(event)?.plan.unwrap_or_default();
        keep(tx, &plan_key(tournament), tournament, "", &plan).await?;
        return Ok(occasions(tx, tournament).await?);
    } else if kind == pb::PublicationStarted::full_name() {
        let version = read::<pb::PublicationStarted>(event)?.version.unwrap_or_default();
        fix(tx, tournament, &version.name).await?;
        return Ok(vec![]);
    } else if kind == pb::SchedulePublished::full_name() {
        let version = read::<pb::SchedulePublished>(event)?.version.unwrap_or_default();
        publish(tx, tournament, &version.name).await?;
        return Ok(occasions(tx, tournament).await?);
    } else {
        return Ok(vec![]);
    };
    let session = session.ok_or_else(|| Defect::new("the event has no session"))?;
    keep(tx, &session.name, tournament, "", &session).await?;
    Ok(of_session(tx, tournament, &session.name).await?)
}

/// Every occasion of a tournament that a version in force has held, sessions before what is in them.
///
/// # Errors
/// [`StoreError`]
pub async fn occasions(conn: &mut Conn, tournament: &str) -> Result<Vec<Occasion>, StoreError> {
    let rows: Vec<Row> = on_db!(conn, |c| sqlx::query_as(
        "SELECT name, session, body, published FROM agenda WHERE tournament = $1 ORDER BY name"
    )
    .bind(tournament)
    .fetch_all(c)
    .await)?;
    let mut plan = None;
    let mut sessions = Vec::new();
    let mut activities: BTreeMap<String, Vec<Known>> = BTreeMap::new();
    for row in rows {
        if row.name == plan_key(tournament) {
            plan = Some(decode::<pb::ServicePlan>(&row)?);
        } else if is_session(&row.name) {
            sessions.push(known_session(&row)?);
        } else {
            activities.entry(row.session.clone()).or_default().push(known(&row)?);
        }
    }
    let alone = activities.remove("").unwrap_or_default();
    let mut all = Vec::new();
    for session in &sessions {
        let inside = activities.get(&session.session.name).map(Vec::as_slice).unwrap_or_default();
        all.extend(group(tournament, Some(session), inside, plan.as_ref()));
    }
    for activity in alone {
        all.extend(group(tournament, None, &[activity], plan.as_ref()));
    }
    Ok(all)
}

/// The service plan in force of a tournament.
///
/// # Errors
/// [`StoreError`]
pub async fn plan(conn: &mut Conn, tournament: &str) -> Result<Option<pb::ServicePlan>, StoreError> {
    let row = find(conn, &plan_key(tournament)).await?;
    row.as_ref().map(decode).transpose()
}

/// What a follower answers who asks how far the plan in force of a tournament led: `derived` things take place, and
/// `problems` say what could not be derived; of very many the first.
///
/// # Errors
/// [`StoreError`]
pub async fn followed(
    conn: &mut Conn,
    tournament: &str,
    derived: i64,
    problems: impl IntoIterator<Item = String> + Send,
) -> Result<PlanFollowed, StoreError> {
    let problems = problems.into_iter().take(MOST_PROBLEMS).collect();
    let plan = plan(conn, tournament).await?.map(|plan| plan.name).unwrap_or_default();
    Ok(PlanFollowed { plan, derived: i32::try_from(derived).unwrap_or(i32::MAX), problems })
}

/// The occasions around an activity: its session's, or its own.
async fn around(
    conn: &mut Conn,
    tournament: &str,
    activity: &str,
    session: &str,
) -> Result<Vec<Occasion>, StoreError> {
    if !session.is_empty() {
        return of_session(conn, tournament, session).await;
    }
    let Some(row) = find(conn, activity).await?.filter(|row| row.published != 0) else {
        return Ok(vec![]);
    };
    let plan = plan(conn, tournament).await?;
    Ok(group(tournament, None, &[known(&row)?], plan.as_ref()))
}

async fn of_session(conn: &mut Conn, tournament: &str, session: &str) -> Result<Vec<Occasion>, StoreError> {
    let rows: Vec<Row> = on_db!(conn, |c| sqlx::query_as(
        "SELECT name, session, body, published FROM agenda WHERE session = $1 ORDER BY name"
    )
    .bind(session)
    .fetch_all(c)
    .await)?;
    let session = find(conn, session).await?;
    if rows.iter().chain(&session).all(|row| row.published == 0) {
        return Ok(vec![]);
    }
    let activities = rows.iter().map(known).collect::<Result<Vec<_>, _>>()?;
    let session = session.as_ref().map(known_session).transpose()?;
    let plan = plan(conn, tournament).await?;
    Ok(group(tournament, session.as_ref(), &activities, plan.as_ref()))
}

async fn find(conn: &mut Conn, name: &str) -> Result<Option<Row>, StoreError> {
    Ok(on_db!(conn, |c| sqlx::query_as("SELECT name, session, body, published FROM agenda WHERE name = $1")
        .bind(name)
        .fetch_optional(c)
        .await)?)
}

async fn keep(
    tx: &mut Tx,
    name: &str,
    tournament: &str,
    session: &str,
    message: &impl Message,
) -> Result<(), StoreError> {
    on_db!(tx, |c| {
        sqlx::query(
        "INSERT INTO agenda (name, tournament, session, body, fixed, published) VALUES ($1, $2, $3, $4, '', 0) \
         ON CONFLICT (name) DO UPDATE SET session = excluded.session, body = excluded.body"
    )
    .bind(name)
    .bind(tournament)
    .bind(session)
    .bind(message.encode_to_vec())
    .execute(c)
    .await
    .map(drop)
    })?;
    Ok(())
}

/// Notes the version that is being fixed: it holds every activity there is now.
async fn fix(tx: &mut Tx, tournament: &str, version: &str) -> Result<(), StoreError> {
    on_db!(tx, |c| sqlx::query("UPDATE agenda SET fixed = $1 WHERE tournament = $2")
        .bind(version)
        .bind(tournament)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// Notes that a version being published holds an activity that came with it.
async fn fix_one(tx: &mut Tx, activity: &str, version: &str) -> Result<(), StoreError> {
    on_db!(tx, |c| sqlx::query("UPDATE agenda SET fixed = $1 WHERE name = $2")
        .bind(version)
        .bind(activity)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

async fn publish(tx: &mut Tx, tournament: &str, version: &str) -> Result<(), StoreError> {
    on_db!(tx, |c| sqlx::query("UPDATE agenda SET published = 1 WHERE tournament = $1 AND fixed = $2")
        .bind(tournament)
        .bind(version)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

fn plan_key(tournament: &str) -> String {
    format!("{tournament}/plans")
}

fn is_session(name: &str) -> bool {
    name.split('/').nth(2) == Some("sessions")
}

fn known(row: &Row) -> Result<Known, StoreError> {
    Ok(Known { activity: decode(row)?, is_published: row.published != 0 })
}

fn known_session(row: &Row) -> Result<KnownSession, StoreError> {
    Ok(KnownSession { session: decode(row)?, is_published: row.published != 0 })
}

fn decode<M: Message + Default>(row: &Row) -> Result<M, StoreError> {
    M::decode(row.body.as_slice()).map_err(StoreError::internal)
}

fn read<M: Message + Name + Default>(event: &Event) -> Result<M, Defect> {
    let payload = event.payload.as_ref().ok_or_else(|| Defect::new("the event has no payload"))?;
    M::decode(payload.value.as_slice()).map_err(Defect::new)
}
