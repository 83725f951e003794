//! Schedule versions as rows, and what they say.

use std::sync::LazyLock;

use matchday_api::{scheduling::v1 as pb, venues::v1::ReserveBookingsResponse};
use matchday_kernel::{Common, Page, PageSize, TournamentName};
use matchday_rpc::parse::micros_to_timestamp;
use matchday_store::{Conn, StoreError, Tx, on_db, table};
use prost::Message;

use crate::{
    Error,
    domain::{draft::takes_place, version::State},
    publish::not_a_draft,
};

table! {
    /// A schedule version as stored.
    pub(crate) struct VersionRow in "versions" {
        tournament: String,
        number: i64,
        state: i32,
        activities: i32,
        author: String,
        change_id: String,
        attempt: i64,
        published: Option<i64>,
        places_created: i32,
        places_moved: i32,
        places_kept: i32,
        places_released: i32,
        origin: i32,
        title: String,
        run: String,
        base: String,
        supersedes: String,
        kept: String,
    }
}

impl VersionRow {
    /// Where it stands.
    pub(crate) fn state(&self) -> Result<State, StoreError> {
        match pb::VersionState::try_from(self.state) {
            Ok(pb::VersionState::Publishing) => Ok(State::Publishing),
            Ok(pb::VersionState::Published) => Ok(State::Published),
            Ok(pb::VersionState::Superseded) => Ok(State::Superseded),
            Ok(pb::VersionState::Refused) => Ok(State::Refused),
            Ok(pb::VersionState::Draft) => Ok(State::Draft),
            Ok(pb::VersionState::Discarded) => Ok(State::Discarded),
            _ => Err(Common::internal(format!("{} has the state {}", self.name, self.state)).into()),
        }
    }

    /// The row in another state.
    pub(crate) fn in_state(self, state: State) -> Self {
        let state = match state {
            State::Publishing => pb::VersionState::Publishing,
            State::Published => pb::VersionState::Published,
            State::Superseded => pb::VersionState::Superseded,
            State::Refused => pb::VersionState::Refused,
            State::Draft => pb::VersionState::Draft,
            State::Discarded => pb::VersionState::Discarded,
        };
        Self { state: state.into(), ..self }
    }

    /// Whether it was proposed, in place of being fixed as the schedule stood.
    pub(crate) fn is_draft(&self) -> bool {
        match pb::VersionOrigin::try_from(self.origin) {
            Ok(
                pb::VersionOrigin::Generated
                | pb::VersionOrigin::Repaired
                | pb::VersionOrigin::RolledBack
                | pb::VersionOrigin::Proposed,
            ) => true,
            Ok(pb::VersionOrigin::Unspecified | pb::VersionOrigin::Current) | Err(_) => false,
        }
    }

    /// The tournament whose schedule it is.
    pub(crate) fn tournament(&self) -> Result<TournamentName, StoreError> {
        self.tournament.parse().map_err(|error| Common::internal(error).into())
    }

    /// Refuses to publish or discard what is no draft, or not any more.
    pub(crate) fn check_is_draft(&self) -> Result<(), Error> {
        match self.state()? {
            State::Draft => Ok(()),
            State::Refused if self.is_draft() => Ok(()),
            state => Err(not_a_draft(&self.name, state)),
        }
    }

    /// The row with what the venues have reserved for it.
    pub(crate) fn with_places(self, places: &ReserveBookingsResponse) -> Self {
        Self {
            places_created: places.created,
            places_moved: places.moved,
            places_kept: places.kept,
            places_released: places.released,
            ..self
        }
    }

    /// The reply that tells of its publication.
    pub(crate) fn reply(self) -> pb::PublishScheduleResponse {
        pb::PublishScheduleResponse {
            places_created: self.places_created,
            places_moved: self.places_moved,
            places_kept: self.places_kept,
            places_released: self.places_released,
            version: Some(self.into()),
        }
    }
}

impl From<VersionRow> for pb::ScheduleVersion {
    fn from(row: VersionRow) -> Self {
        Self {
            name: row.name,
            state: row.state,
            activities: row.activities,
            author: row.author,
            create_time: Some(micros_to_timestamp(row.created)),
            publish_time: row.published.map(micros_to_timestamp),
            origin: row.origin,
            title: row.title,
            run: row.run,
            base: row.base,
            supersedes: row.supersedes,
            kept: row.kept.split_whitespace().map(str::to_owned).collect(),
        }
    }
}

fn select(condition: &str) -> String {
    format!("SELECT {} FROM versions WHERE {condition}", VersionRow::sql().columns)
}

/// The versions that are being published, of one tournament or (empty) of all.
pub(crate) async fn publishing(conn: &mut Conn, tournament: &str) -> Result<Vec<VersionRow>, StoreError> {
    static SQL: LazyLock<String> =
        LazyLock::new(|| select("state = 1 AND ($1 = '' OR tournament = $1) ORDER BY name"));
    Ok(on_db!(conn, |c| sqlx::query_as(&SQL).bind(tournament).fetch_all(c).await)?)
}

/// The highest number and the highest attempt of a tournament's versions; 0 when there are none.
pub(crate) async fn highest(conn: &mut Conn, tournament: &str) -> Result<(i64, i64), StoreError> {
    Ok(on_db!(conn, |c| sqlx::query_as(
        "SELECT coalesce(max(number), 0), coalesce(max(attempt), 0) FROM versions WHERE tournament = $1"
    )
    .bind(tournament)
    .fetch_one(c)
    .await)?)
}

/// Whether a later version than this one was begun: a draft that nobody has published is none.
pub(crate) async fn is_overtaken(conn: &mut Conn, row: &VersionRow) -> Result<bool, StoreError> {
    let later: Option<i64> = on_db!(conn, |c| {
        sqlx::query_scalar(
        "SELECT number FROM versions WHERE tournament = $1 AND number > $2 AND state NOT IN (5, 6) LIMIT 1"
    )
    .bind(&row.tournament)
    .bind(row.number)
    .fetch_optional(c)
    .await
    })?;
    Ok(later.is_some())
}

/// The version being published that brings an activity of this name with it.
pub(crate) async fn that_brings(conn: &mut Conn, activity: &str) -> Result<Option<String>, StoreError> {
    Ok(on_db!(conn, |c| {
        sqlx::query_scalar(
        "SELECT versions.name FROM versions JOIN version_activities ON version_activities.version = versions.name \
         WHERE versions.state = 1 AND version_activities.activity = $1 AND version_activities.changed = 1"
    )
    .bind(activity)
    .fetch_optional(c)
    .await
    })?)
}

/// A page of a tournament's versions, the latest first.
pub(crate) async fn page(
    conn: &mut Conn,
    tournament: &str,
    after: Option<&str>,
    size: PageSize,
) -> Result<Page<VersionRow>, StoreError> {
    static SQL: LazyLock<String> =
        LazyLock::new(|| select("tournament = $1 AND number < $2 ORDER BY number DESC LIMIT $3"));
    let before: i64 = after.and_then(|key| key.parse().ok()).unwrap_or(i64::MAX);
    let rows: Vec<VersionRow> = on_db!(conn, |c| sqlx::query_as(&SQL)
        .bind(tournament)
        .bind(before)
        .bind(i64::from(size.get()) + 1)
        .fetch_all(c)
        .await)?;
    Ok(Page::cut(rows, size, |row| row.number.to_string()))
}

/// What a version says of an activity.
pub(crate) struct Fixed {
    /// The activity.
    pub(crate) activity: pb::Activity,
    /// Whether the version, a draft, differs here from the schedule it was made from.
    pub(crate) is_changed: bool,
}

impl Fixed {
    /// An activity that a draft changes.
    pub(crate) fn changed(activity: pb::Activity) -> Self {
        Self { activity, is_changed: true }
    }

    /// An activity as it stands.
    pub(crate) fn unchanged(activity: pb::Activity) -> Self {
        Self { activity, is_changed: false }
    }
}

/// How many activities take place.
pub(crate) fn count(fixed: &[Fixed]) -> i32 {
    i32::try_from(fixed.iter().filter(|one| takes_place(&one.activity)).count()).unwrap_or(i32::MAX)
}

/// Fixes what a version says, in place of what it said before.
pub(crate) async fn fix(tx: &mut Tx, version: &str, fixed: &[Fixed]) -> Result<(), StoreError> {
    on_db!(tx, |c| sqlx::query("DELETE FROM version_activities WHERE version = $1")
        .bind(version)
        .execute(c)
        .await
        .map(drop))?;
    for Fixed { activity, is_changed } in fixed {
        on_db!(tx, |c| sqlx::query(
            "INSERT INTO version_activities (version, activity, body, changed) VALUES ($1, $2, $3, $4)"
        )
        .bind(version)
        .bind(&activity.name)
        .bind(activity.encode_to_vec())
        .bind(i32::from(*is_changed))
        .execute(c)
        .await
        .map(drop))?;
    }
    Ok(())
}

/// Keeps an activity as a version has put it in force.
pub(crate) async fn refix(tx: &mut Tx, version: &str, activity: &pb::Activity) -> Result<(), StoreError> {
    on_db!(tx, |c| sqlx::query(
        "UPDATE version_activities SET body = $1 WHERE version = $2 AND activity = $3"
    )
    .bind(activity.encode_to_vec())
    .bind(version)
    .bind(&activity.name)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// The activities a version says, by start.
pub(crate) async fn content(conn: &mut Conn, version: &str) -> Result<Vec<pb::Activity>, StoreError> {
    Ok(fixed(conn, version).await?.into_iter().map(|one| one.activity).collect())
}

/// What a version says, by start.
pub(crate) async fn fixed(conn: &mut Conn, version: &str) -> Result<Vec<Fixed>, StoreError> {
    let rows: Vec<(Vec<u8>, i32)> = on_db!(conn, |c| sqlx::query_as(
        "SELECT body, changed FROM version_activities WHERE version = $1 ORDER BY activity"
    )
    .bind(version)
    .fetch_all(c)
    .await)?;
    let read = |(body, changed): (Vec<u8>, i32)| {
        let activity = pb::Activity::decode(body.as_slice()).map_err(StoreError::internal)?;
        Ok(Fixed { activity, is_changed: changed != 0 })
    };
    let mut fixed = rows.into_iter().map(read).collect::<Result<Vec<_>, StoreError>>()?;
    fixed.sort_by_key(|one| one.activity.start_time.map(|time| (time.seconds, time.nanos)));
    Ok(fixed)
}
