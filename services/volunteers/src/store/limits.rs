//! What bounds the work of people in a tournament: the limits of its plan, and its time zone.

use matchday_api::scheduling::v1 as scheduling;
use matchday_kernel::{Common, SignedDuration, Zone};
use matchday_store::{Conn, StoreError, Tx, on_db};

use crate::domain::limits::{Limit, Limits};

/// The limits in force of a tournament. Before the tournament is known its days are those of UTC.
pub(crate) async fn limits(conn: &mut Conn, tournament: &str) -> Result<Limits, StoreError> {
    let zone = zone(conn, tournament).await?;
    let plan = matchday_agenda::plan(conn, tournament).await?;
    Ok(of_plan(plan.as_ref().map_or(&[], |plan| plan.limits.as_slice()), zone))
}

/// The time zone of a tournament; UTC before it is known.
pub(crate) async fn zone(conn: &mut Conn, tournament: &str) -> Result<Zone, StoreError> {
    let zone: Option<String> =
        on_db!(conn, |c| sqlx::query_scalar("SELECT time_zone FROM tournaments WHERE name = $1")
            .bind(tournament)
            .fetch_optional(c)
            .await)?;
    Ok(zone.as_deref().unwrap_or("UTC").parse().map_err(Common::internal)?)
}

fn of_plan(limits: &[scheduling::WorkLimit], zone: Zone) -> Limits {
    use scheduling::WorkLimitKind as Kind;

    let find = |kind: Kind| {
        let limit = limits.iter().find(|limit| limit.kind() == kind)?;
        let value = limit.value?;
        Some(Limit { value: SignedDuration::new(value.seconds, value.nanos), is_hard: limit.hard })
    };
    Limits { shift: find(Kind::Shift), day: find(Kind::Day), rest: find(Kind::Rest), zone }
}

/// What people call a tournament; its id before it is known.
pub(crate) async fn title(conn: &mut Conn, tournament: &str) -> Result<String, StoreError> {
    let title: Option<String> =
        on_db!(conn, |c| sqlx::query_scalar("SELECT title FROM tournaments WHERE name = $1")
            .bind(tournament)
            .fetch_optional(c)
            .await)?;
    let id = || tournament.rsplit('/').next().unwrap_or_default().to_owned();
    Ok(title.filter(|title| !title.is_empty()).unwrap_or_else(id))
}

/// Keeps the time zone of a tournament, and what people call it.
pub(crate) async fn keep(tx: &mut Tx, tournament: &scheduling::Tournament) -> Result<(), StoreError> {
    on_db!(tx, |c| sqlx::query(
        "INSERT INTO tournaments (name, time_zone, title) VALUES ($1, $2, $3) \
         ON CONFLICT (name) DO UPDATE SET time_zone = excluded.time_zone, title = excluded.title"
    )
    .bind(&tournament.name)
    .bind(&tournament.time_zone)
    .bind(&tournament.display_name)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}
