//! Phases of the roster, what volunteers do for themselves, and the codes of posts.

use matchday_api::{scheduling::v1::OnDelay, volunteers::v1::AssignmentState as State};

use super::*;
use crate::grpc::{
    by_code::{self, ByCode},
    phase::SetPhase,
    trade::Trade,
};

impl World {
    async fn phase(&self, day: &str, phase: pb::RosterPhase) -> Result<pb::RosterPhases, Error> {
        let set = SetPhase::parse(&pb::SetRosterPhaseRequest {
            parent: TOURNAMENT.into(),
            day: day.into(),
            phase: phase.into(),
            ..pb::SetRosterPhaseRequest::default()
        })?;
        let set: pb::SetRosterPhaseResponse = self.write(move |tx| Box::pin(set.carry_out(tx))).await?;
        Ok(set.phases.unwrap())
    }

    async fn take(&self, on: &str, id: &str) -> Result<State, Error> {
        let take = Assign::by_self(&shift(on), volunteer(id).parse().unwrap(), false)?;
        let taken = self.write::<_, Error, _>(move |tx| Box::pin(take.carry_out(tx))).await?;
        Ok(taken.assignment.unwrap().state())
    }

    async fn give_back(&self, on: &str, id: &str) -> Result<State, Error> {
        Ok(self.attend(on, id, Attend::GiveBack("exam".into())).await?.state())
    }

    async fn code(&self, on: &str) -> Result<String, Error> {
        let shift = shift(on).parse().unwrap();
        let shown = self.write(move |tx| Box::pin(by_code::show(tx, shift, [3; 32])));
        Ok(shown.await?.code)
    }

    async fn by_code(&self, id: &str, code: &str, step: Attend) -> Result<State, Error> {
        let volunteer = volunteer(id).parse().unwrap();
        // the key of the tournament stands already: another fresh one changes nothing
        let by_code = ByCode { volunteer, code: code.to_owned(), step, fresh: [9; 32] };
        let done: pb::Assignment = self.write(move |tx| Box::pin(by_code.carry_out(tx))).await?;
        Ok(done.state())
    }
}

/// A match at minute 1200 and another a day later, each with a gate of two; three people.
async fn weekend(world: &World) {
    let posts = vec![post("gate", "KO-60", "KO", OnDelay::Move, 2)];
    world.publish(vec![game("m01", 1200, 1200), game("m02", 2640, 2640)], plan(1, posts)).await;
    world.import(people(&["v1", "v2", "v3"])).await.unwrap();
}

/// The local day of a shift.
async fn day(world: &World, on: &str) -> String {
    let start = world.shift(on).await.start_time.unwrap();
    let start = Instant::from_micros(start.seconds * 1_000_000).unwrap();
    "Asia/Shanghai".parse::<matchday_kernel::Zone>().unwrap().local_date(start).to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn volunteers_take_seats_where_a_day_is_open_for_sign_up() {
    for (database, world) in worlds().await {
        weekend(&world).await;
        assert_eq!(reason(&world.take("m01-gate", "v1").await), "ROSTER_PHASE", "{}", database.name());
        let first = day(&world, "m01-gate").await;
        let phases = world.phase(&first, pb::RosterPhase::SignUp).await.unwrap();
        assert_eq!(phases.phase(), pb::RosterPhase::Supervised);
        assert_eq!(phases.days.len(), 1);
        assert_eq!(world.take("m01-gate", "v1").await.unwrap(), State::Accepted);
        assert_eq!(reason(&world.take("m02-gate", "v1").await), "ROSTER_PHASE", "another day");
        assert_eq!(reason(&world.take("m01-gate", "v1").await), "ASSIGNMENT_STATE", "held already");
        assert_eq!(world.take("m01-gate", "v2").await.unwrap(), State::Accepted);

        // full: only what is open for sign-up is offered instead
        let full = world.take("m01-gate", "v3").await.unwrap_err();
        assert_eq!((full.reason(), full.violations().len()), ("SHIFT_FULL", 0));
        world.phase("", pb::RosterPhase::SignUp).await.unwrap();
        let full = world.take("m01-gate", "v3").await.unwrap_err();
        assert_eq!(full.violations()[0].subject, shift("m02-gate"));
        world.check().await;

        // a seat given back is taken anew
        assert_eq!(world.give_back("m01-gate", "v2").await.unwrap(), State::Declined);
        assert_eq!(world.take("m01-gate", "v2").await.unwrap(), State::Accepted, "the person's own again");
        assert_eq!(world.give_back("m01-gate", "v2").await.unwrap(), State::Declined);
        assert_eq!(world.take("m01-gate", "v3").await.unwrap(), State::Accepted);
        world.check().await;

        // what somebody else took is for others to give, and what has begun is not given back
        world.attend("m01-gate", "v3", Attend::Withdraw("elsewhere".into())).await.unwrap();
        assert_eq!(reason(&world.take("m01-gate", "v3").await), "ASSIGNMENT_STATE");
        world.assign("m02-gate", "v3").await.unwrap();
        assert_eq!(reason(&world.give_back("m02-gate", "v3").await), "ASSIGNMENT_STATE", "not asked yet");
        assert_eq!(reason(&world.at(1140).give_back("m01-gate", "v1").await), "SHIFT_STATE", "begun");
        world.check().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_day_stands_and_people_can_still_leave_it() {
    for (database, world) in worlds().await {
        weekend(&world).await;
        for (on, id) in [("m01-gate", "v1"), ("m02-gate", "v2")] {
            world.assign(on, id).await.unwrap();
            world.accept(id).await;
        }
        let first = day(&world, "m01-gate").await;
        world.phase(&first, pb::RosterPhase::Locked).await.unwrap();
        assert_eq!(reason(&world.assign("m01-gate", "v3").await), "ROSTER_PHASE", "{}", database.name());
        assert_eq!(reason(&world.take("m01-gate", "v3").await), "ROSTER_PHASE");
        let trade = Trade::parse(&pb::TradeAssignmentsRequest {
            one: assignment("m01-gate", "v1"),
            other: assignment("m02-gate", "v2"),
            ..pb::TradeAssignmentsRequest::default()
        });
        let trade = trade.unwrap();
        let traded: Result<pb::TradeAssignmentsResponse, Error> =
            world.write(move |tx| Box::pin(trade.carry_out(tx))).await;
        assert_eq!(reason(&traded), "ROSTER_PHASE");
        let filled = world.fill(false).await;
        assert_eq!(filled.proposed, 1, "the other day alone: {filled:?}");
        assert_eq!(world.shift("m01-gate").await.taken, 1);
        // nobody is forced to serve, and what the day needs is done
        world.attend("m01-gate", "v1", Attend::Withdraw("unwell".into())).await.unwrap();
        world.phase(&first, pb::RosterPhase::Unspecified).await.unwrap();
        world.assign("m01-gate", "v3").await.unwrap();
        world.check().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn phases_are_of_days_that_exist() {
    for (_database, world) in worlds().await {
        for day in ["2023-02-30", "tomorrow", "2023-10-21 10:00"] {
            let refused = world.phase(day, pb::RosterPhase::Locked).await;
            assert_eq!(reason(&refused), "INVALID_FIELD", "{day}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_stands_at_the_post_signs_in_and_out_with_its_code() {
    for (database, world) in worlds().await {
        weekend(&world).await;
        world.assign("m01-gate", "v1").await.unwrap();
        world.accept("v1").await;
        let there = world.at(1130);
        let (code, other) = (there.code("m01-gate").await.unwrap(), there.code("m02-gate").await.unwrap());
        for (id, code) in [("v1", other.as_str()), ("v1", ""), ("v2", code.as_str())] {
            let refused = there.by_code(id, code, Attend::SignIn).await;
            assert_eq!(reason(&refused), "SIGN_IN_CODE_WRONG", "{id} {code} {}", database.name());
        }
        let early = world.at(1000);
        let early_code = early.code("m01-gate").await.unwrap();
        assert_eq!(reason(&early.by_code("v1", &early_code, Attend::SignIn).await), "SHIFT_STATE");
        let old = world.at(1141).by_code("v1", &code, Attend::SignIn).await;
        assert_eq!(reason(&old), "SIGN_IN_CODE_WRONG", "eleven minutes old");
        let signed_in = there.by_code("v1", &code.to_lowercase(), Attend::SignIn).await;
        assert_eq!(signed_in.unwrap(), State::SignedIn);
        assert_eq!(reason(&there.by_code("v1", &code, Attend::SignIn).await), "ASSIGNMENT_STATE");
        // who stays to the end signs out after it
        let end = world.at(1230);
        let code = end.code("m01-gate").await.unwrap();
        assert_eq!(end.by_code("v1", &code, Attend::SignOut).await.unwrap(), State::SignedOut);
        assert_eq!(reason(&world.at(1200 + 181).code("m01-gate").await), "SHIFT_STATE", "long over");
        world.check().await;
    }
}
