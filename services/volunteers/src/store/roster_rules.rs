//! What rosters cost.

use matchday_api::volunteers::v1 as pb;
use matchday_kernel::Common;
use matchday_store::{Conn, StoreError, Tx, on_db};
use prost::Message;

use crate::domain::roster_rules::{RosterRules, Wish};

/// The rules of a tournament as somebody has set them, or the assumed ones.
pub(crate) async fn told(conn: &mut Conn, tournament: &str) -> Result<pb::RosterRules, StoreError> {
    let body: Option<Vec<u8>> =
        on_db!(conn, |c| sqlx::query_scalar("SELECT body FROM roster_rules WHERE tournament = $1")
            .bind(tournament)
            .fetch_optional(c)
            .await)?;
    match body {
        Some(body) => Ok(pb::RosterRules::decode(body.as_slice()).map_err(Common::internal)?),
        None => Ok(pb::RosterRules { tournament: tournament.to_owned(), ..assumed() }),
    }
}

/// The same as the engine weighs by.
pub(crate) async fn rules(conn: &mut Conn, tournament: &str) -> Result<RosterRules, StoreError> {
    let told = told(conn, tournament).await?;
    let wish = |wish: Option<pb::RosterWish>| {
        wish.map(|one| Wish { limit: u32::try_from(one.limit).unwrap_or_default(), weight: one.weight })
    };
    Ok(RosterRules {
        open_seat: told.open_seat,
        short_rest: told.short_rest,
        long_day_minute: told.long_day_minute,
        unequal_minute: told.unequal_minute,
        broken_group: told.broken_group,
        person_told: told.person_told,
        assignment_taken: told.assignment_taken,
        week_hours: wish(told.week_hours),
        days_in_a_row: wish(told.days_in_a_row),
        nights: wish(told.nights),
        engagement: wish(told.engagement),
        leader: Some((told.leader_skill, told.no_leader)).filter(|(skill, _)| !skill.is_empty()),
    })
}

fn assumed() -> pb::RosterRules {
    let RosterRules {
        open_seat,
        short_rest,
        long_day_minute,
        unequal_minute,
        broken_group,
        person_told,
        assignment_taken,
        ..
    } = RosterRules::ASSUMED;
    pb::RosterRules {
        open_seat,
        short_rest,
        long_day_minute,
        unequal_minute,
        broken_group,
        person_told,
        assignment_taken,
        ..pb::RosterRules::default()
    }
}

/// Sets the rules of the tournament that they name.
pub(crate) async fn set(tx: &mut Tx, rules: &pb::RosterRules) -> Result<(), StoreError> {
    let body = rules.encode_to_vec();
    on_db!(tx, |c| sqlx::query(
        "INSERT INTO roster_rules (tournament, body) VALUES ($1, $2) \
         ON CONFLICT (tournament) DO UPDATE SET body = excluded.body"
    )
    .bind(&rules.tournament)
    .bind(&body)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}
