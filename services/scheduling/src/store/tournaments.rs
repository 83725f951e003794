//! Tournaments, teams and sessions as rows, and as the contract shows them.

use matchday_api::scheduling::v1 as pb;
use matchday_rpc::parse::{micros_to_timestamp, to_provenance};
use matchday_store::{Conn, Record, StoreError, on_db, table};

table! {
    /// A tournament as stored.
    pub(crate) struct TournamentRow in "tournaments" {
        display_name: String,
        time_zone: String,
        start_date: String,
        end_date: String,
        sites: String,
        published_version: String,
        source: String,
        generated: String,
    }
}

table! {
    /// A team as stored.
    pub(crate) struct TeamRow in "teams" {
        display_name: String,
        competition: String,
        drawn_group: String,
        country: String,
        state: i32,
        replaced_by: String,
        source: String,
        generated: String,
    }
}

table! {
    /// A session as stored; its activities name it.
    pub(crate) struct SessionRow in "sessions" {
        title: String,
        venue: String,
        expected_attendance: i32,
        service_class: String,
        source: String,
        generated: String,
    }
}

impl From<TournamentRow> for pb::Tournament {
    fn from(row: TournamentRow) -> Self {
        Self {
            etag: row.etag(),
            name: row.name,
            display_name: row.display_name,
            time_zone: row.time_zone,
            start_date: row.start_date,
            end_date: row.end_date,
            sites: row.sites.split_whitespace().map(str::to_owned).collect(),
            published_version: row.published_version,
            provenance: Some(to_provenance(row.source, &row.generated)),
            create_time: Some(micros_to_timestamp(row.created)),
            update_time: Some(micros_to_timestamp(row.updated)),
        }
    }
}

impl From<TeamRow> for pb::Team {
    fn from(row: TeamRow) -> Self {
        Self {
            etag: row.etag(),
            name: row.name,
            display_name: row.display_name,
            competition: row.competition,
            group: row.drawn_group,
            country: row.country,
            state: row.state,
            replaced_by: row.replaced_by,
            provenance: Some(to_provenance(row.source, &row.generated)),
            create_time: Some(micros_to_timestamp(row.created)),
            update_time: Some(micros_to_timestamp(row.updated)),
        }
    }
}

/// Where an activity stands in its session.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct InSession {
    pub(crate) session: String,
    pub(crate) name: String,
    pub(crate) starts: i64,
    pub(crate) ends: i64,
}

impl SessionRow {
    /// The session with its activities, given those of it and of others, by start.
    pub(crate) fn with(self, activities: &[InSession]) -> pb::Session {
        let own: Vec<&InSession> =
            activities.iter().filter(|activity| activity.session == self.name).collect();
        pb::Session {
            etag: self.etag(),
            title: self.title,
            venue: self.venue,
            expected_attendance: self.expected_attendance,
            service_class: self.service_class,
            start_time: own.iter().map(|activity| activity.starts).min().map(micros_to_timestamp),
            end_time: own.iter().map(|activity| activity.ends).max().map(micros_to_timestamp),
            activities: own.into_iter().map(|activity| activity.name.clone()).collect(),
            provenance: Some(to_provenance(self.source, &self.generated)),
            create_time: Some(micros_to_timestamp(self.created)),
            update_time: Some(micros_to_timestamp(self.updated)),
            name: self.name,
        }
    }
}

/// The activities of the sessions whose names lie between two, both included, by start; without those that
/// are cancelled.
pub(crate) async fn in_sessions(
    conn: &mut Conn,
    first: &str,
    last: &str,
) -> Result<Vec<InSession>, StoreError> {
    Ok(on_db!(conn, |c| sqlx::query_as(
        "SELECT session, name, starts, ends FROM activities \
         WHERE session >= $1 AND session <= $2 AND session <> '' AND state <> 4 ORDER BY starts, name"
    )
    .bind(first)
    .bind(last)
    .fetch_all(c)
    .await)?)
}
