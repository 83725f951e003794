//! Deadlines of invitations, waiting lists and trades.

use matchday_api::{scheduling::v1::OnDelay, volunteers::v1::AssignmentState as State};

use super::*;
use crate::{
    grpc::{
        trade::Trade,
        waiting::{Join, lapse},
    },
    store::waitlist,
};

impl World {
    async fn wait(&self, on: &str, id: &str) -> Result<i32, Error> {
        let join = Join::parse(&shift(on), &volunteer(id))?;
        Ok(self.write(move |tx| Box::pin(join.carry_out(tx))).await?.place)
    }

    async fn waiting(&self, on: &str) -> Vec<String> {
        let mut conn = self.store.read().await.unwrap();
        let waiting = waitlist::waiting(&mut conn, &shift(on), 100).await.unwrap();
        waiting.into_iter().map(|(name, _)| name.rsplit('/').next().unwrap().to_owned()).collect()
    }

    async fn lapse(&self) -> pb::LapseInvitationsResponse {
        let tournament = TOURNAMENT.parse().unwrap();
        self.write::<_, Error, _>(move |tx| Box::pin(lapse(tx, tournament))).await.unwrap()
    }

    async fn trade(
        &self,
        one: (&str, &str),
        other: (&str, &str),
    ) -> Result<pb::TradeAssignmentsResponse, Error> {
        let trade = Trade::parse(&pb::TradeAssignmentsRequest {
            one: assignment(one.0, one.1),
            other: assignment(other.0, other.1),
            ..pb::TradeAssignmentsRequest::default()
        })?;
        self.write(move |tx| Box::pin(trade.carry_out(tx))).await
    }

    async fn hold_seat(&self, on: &str, id: &str) {
        self.assign(on, id).await.unwrap();
        self.answer(id, Answer::Invite(None)).await.unwrap();
        self.answer(id, Answer::Accept).await.unwrap();
    }
}

/// Two matches at minutes 1200 and 2640, each with a gate of one; six people.
async fn weekend(world: &World) {
    let posts = vec![post("gate", "KO-60", "KO", OnDelay::Move, 1)];
    world.publish(vec![game("m01", 1200, 1200), game("m02", 2640, 2640)], plan(1, posts)).await;
    world.import(people(&["v1", "v2", "v3", "v4", "v5", "v6"])).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_lapses_and_who_waits_first_is_invited() {
    for (database, world) in worlds().await {
        weekend(&world).await;
        assert_eq!(reason(&world.wait("m01-gate", "v2").await), "SHIFT_STATE", "a seat is open");
        world.assign("m01-gate", "v1").await.unwrap();
        let past = world.at(10).answer("v1", Answer::Invite(Some(at(5)))).await;
        assert_eq!(reason(&past), "INVALID_FIELD");
        world.answer("v1", Answer::Invite(Some(at(100)))).await.unwrap();
        assert_eq!(world.wait("m01-gate", "v3").await.unwrap(), 1);
        assert_eq!(world.wait("m01-gate", "v2").await.unwrap(), 2);
        assert_eq!(world.wait("m01-gate", "v3").await.unwrap(), 1, "once");
        assert_eq!(reason(&world.wait("m01-gate", "v1").await), "SHIFT_STATE", "holds it");
        assert_eq!(world.at(100).lapse().await.lapsed.len(), 0, "the deadline is part of the time");
        assert_eq!(reason(&world.at(101).answer("v1", Answer::Accept).await), "ANSWER_TOO_LATE");

        let lapsed = world.at(101).lapse().await;
        assert_eq!((lapsed.lapsed.len(), lapsed.invited.len()), (1, 1), "{}", database.name());
        assert_eq!(lapsed.lapsed[0].state(), State::Declined);
        let invited = &lapsed.invited[0];
        assert_eq!((invited.volunteer.as_str(), invited.state()), (volunteer("v3").as_str(), State::Invited));
        assert_eq!(invited.answer_by, Some(to_timestamp(at(101 + 720))), "twelve hours");
        assert_eq!(world.waiting("m01-gate").await, ["v2"]);
        world.check().await;

        // who declines makes room for the next; from then on nobody waits
        world.at(200).answer("v3", Answer::Decline("exam".into())).await.unwrap();
        assert_eq!(world.assignment("m01-gate", "v2").await.state(), State::Invited);
        assert_eq!(world.waiting("m01-gate").await, Vec::<String>::new());
        assert_eq!(
            world.at(1000).answer("v2", Answer::Accept).await.unwrap_err().reason(),
            "ANSWER_TOO_LATE"
        );
        world.check().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_cannot_take_the_seat_keeps_the_place_and_the_next_is_invited() {
    for (_database, world) in worlds().await {
        weekend(&world).await;
        world.hold_seat("m01-gate", "v1").await;
        world.wait("m01-gate", "v2").await.unwrap();
        world.wait("m01-gate", "v3").await.unwrap();
        // the match of v2 moves into the way of the other
        world.hold_seat("m02-gate", "v2").await;
        world.hear(&delayed(game("m02", 2640, 1230)), "c2").await;
        assert_eq!(reason(&world.wait("m01-gate", "v2").await), "SHIFT_OVERLAP");
        world.attend("m01-gate", "v1", Attend::Withdraw("unwell".into())).await.unwrap();
        assert_eq!(world.assignment("m01-gate", "v3").await.state(), State::Invited);
        assert_eq!(world.waiting("m01-gate").await, ["v2"]);
        world.check().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_trade_their_shifts_or_neither_does() {
    for (_database, world) in worlds().await {
        weekend(&world).await;
        world.hold_seat("m01-gate", "v1").await;
        world.hold_seat("m02-gate", "v2").await;
        let (one, other) = (("m01-gate", "v1"), ("m02-gate", "v2"));
        let traded = world.trade(one, other).await.unwrap();
        let (took, gave) = (traded.one.unwrap(), traded.other.unwrap());
        assert_eq!((took.name, took.state), (assignment("m02-gate", "v1"), State::Accepted.into()));
        assert_eq!((gave.name, gave.state), (assignment("m01-gate", "v2"), State::Accepted.into()));
        for (on, id) in [one, other] {
            assert_eq!(world.assignment(on, id).await.state(), State::Withdrawn);
            assert_eq!(world.shift(on).await.taken, 1);
        }
        world.check().await;
        // back again; and not with somebody who has left
        let back = (("m02-gate", "v1"), ("m01-gate", "v2"));
        world.trade(back.0, back.1).await.unwrap();
        assert_eq!(reason(&world.trade(back.0, back.1).await), "ASSIGNMENT_STATE", "held no more");
        world.at(1150).attend("m01-gate", "v1", Attend::SignIn).await.unwrap();
        let late = world.at(1150).trade(one, other).await;
        assert_eq!(reason(&late), "ASSIGNMENT_STATE", "has begun");
        assert_eq!(world.assignment("m02-gate", "v2").await.state(), State::Accepted, "neither changed");
        assert_eq!(reason(&world.trade(one, ("m01-gate", "v2")).await), "INVALID_FIELD");
        world.check().await;
    }
}
