//! What rosters cost.

use super::*;
use crate::{
    domain::roster_rules::{RosterRules, Wish},
    grpc::roster_rules::SetRules,
    store::roster_rules,
};

impl World {
    async fn rules(&self) -> (pb::RosterRules, RosterRules) {
        let mut conn = self.store.read().await.unwrap();
        let told = roster_rules::told(&mut conn, TOURNAMENT).await.unwrap();
        (told, roster_rules::rules(&mut conn, TOURNAMENT).await.unwrap())
    }

    async fn set_rules(&self, rules: pb::RosterRules) -> Result<pb::SetRosterRulesResponse, Error> {
        let set = SetRules::parse(pb::SetRosterRulesRequest {
            parent: TOURNAMENT.into(),
            rules: Some(rules),
            ..pb::SetRosterRulesRequest::default()
        })?;
        self.write(move |tx| Box::pin(set.carry_out(tx))).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_are_assumed_until_somebody_sets_them_with_a_source() {
    for (database, world) in worlds().await {
        let (assumed, weighed) = world.rules().await;
        assert_eq!((assumed.open_seat, assumed.source.as_str()), (10_000, ""), "{}", database.name());
        assert_eq!(weighed, RosterRules::ASSUMED);
        assert_eq!(reason(&world.set_rules(assumed.clone()).await), "INVALID_FIELD", "no source");

        let nights = Some(pb::RosterWish { limit: 2, weight: 400 });
        let mut set =
            pb::RosterRules { open_seat: 9_000, nights, source: "handbook".into(), ..assumed.clone() };
        set.leader_skill = "leading".into();
        set.no_leader = 700;
        world.set_rules(set.clone()).await.unwrap();
        let (told, weighed) = world.rules().await;
        assert_eq!(told, set);
        assert_eq!(weighed.nights, Some(Wish { limit: 2, weight: 400 }));
        assert_eq!(weighed.leader, Some(("leading".into(), 700)));
        assert_eq!(weighed.short_rest, 600, "the others stay");

        let wrong = [
            pb::RosterRules { open_seat: 0, ..set.clone() },
            pb::RosterRules { short_rest: -1, ..set.clone() },
            pb::RosterRules { person_told: 1_000_001, ..set.clone() },
            pb::RosterRules { nights: Some(pb::RosterWish { limit: 0, weight: 1 }), ..set.clone() },
            pb::RosterRules { week_hours: Some(pb::RosterWish { limit: 40, weight: 0 }), ..set.clone() },
            pb::RosterRules { leader_skill: "No Such".into(), ..set.clone() },
        ];
        for rules in wrong {
            assert_eq!(reason(&world.set_rules(rules).await), "INVALID_FIELD");
        }
        assert_eq!(world.rules().await.0, set, "what is wrong changes nothing");
    }
}
