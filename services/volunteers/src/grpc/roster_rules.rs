//! Setting what rosters cost.

use matchday_api::volunteers::v1 as pb;
use matchday_kernel::{Common, Slug, TournamentName};
use matchday_rpc::parse;
use matchday_store::Tx;

use crate::{Error, roster::emit, store::roster_rules};

/// Highest weight: the engine takes no higher one.
const HIGHEST: i64 = 1_000_000;
/// Highest limit of a wish.
const LARGEST: i32 = 1_000;

/// Rules to set, read and checked.
pub(crate) struct SetRules {
    tournament: TournamentName,
    rules: pb::RosterRules,
}

fn check_weight(field: &str, weight: i64, least: i64) -> Result<(), Error> {
    if (least..=HIGHEST).contains(&weight) {
        return Ok(());
    }
    let problem = format!("must lie between {least} and {HIGHEST}");
    Err(Common::field(format!("rules.{field}"), problem).into())
}

impl SetRules {
    pub(crate) fn parse(request: pb::SetRosterRulesRequest) -> Result<Self, Error> {
        let tournament: TournamentName = parse::text_as("parent", &request.parent)?;
        let rules = request.rules.ok_or_else(|| Common::field("rules", "must be given"))?;
        parse::required_text("rules.source", &rules.source)?;
        check_weight("open_seat", rules.open_seat, 1)?;
        let weights = [
            ("short_rest", rules.short_rest),
            ("long_day_minute", rules.long_day_minute),
            ("unequal_minute", rules.unequal_minute),
            ("broken_group", rules.broken_group),
            ("person_told", rules.person_told),
            ("assignment_taken", rules.assignment_taken),
            ("no_leader", rules.no_leader),
        ];
        for (field, weight) in weights {
            check_weight(field, weight, 0)?;
        }
        let wishes = [
            ("week_hours", rules.week_hours),
            ("days_in_a_row", rules.days_in_a_row),
            ("nights", rules.nights),
            ("engagement", rules.engagement),
        ];
        for (field, wish) in wishes {
            let Some(wish) = wish else { continue };
            check_weight(&format!("{field}.weight"), wish.weight, 1)?;
            if !(1..=LARGEST).contains(&wish.limit) {
                let problem = format!("must lie between 1 and {LARGEST}");
                return Err(Common::field(format!("rules.{field}.limit"), problem).into());
            }
        }
        if !rules.leader_skill.is_empty() {
            parse::text_as::<Slug>("rules.leader_skill", &rules.leader_skill)?;
        }
        Ok(Self { rules: pb::RosterRules { tournament: tournament.to_string(), ..rules }, tournament })
    }

    pub(crate) fn tournament(&self) -> &TournamentName {
        &self.tournament
    }

    pub(crate) async fn carry_out(self, tx: &mut Tx) -> Result<pb::SetRosterRulesResponse, Error> {
        roster_rules::set(tx, &self.rules).await?;
        let rules = Some(self.rules);
        let tournament = self.tournament.as_str();
        emit(tx, tournament, tournament, &pb::RosterRulesSet { rules: rules.clone() });
        Ok(pb::SetRosterRulesResponse { rules })
    }
}
