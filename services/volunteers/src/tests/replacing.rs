//! Putting somebody else in the place of who is missing, and sending people to other posts.

use matchday_api::{
    scheduling::v1::OnDelay,
    volunteers::v1::{AssignmentState as State, SubstituteSource as Source},
};
use tokio::task::JoinSet;

use super::*;
use crate::grpc::replace::{Redeploy, Replace};

impl World {
    async fn replace(
        &self,
        on: &str,
        id: &str,
        change: impl FnOnce(&mut pb::ReplaceVolunteerRequest),
    ) -> Result<pb::ReplaceVolunteerResponse, Error> {
        let mut request = pb::ReplaceVolunteerRequest {
            name: assignment(on, id),
            reason: "unwell".into(),
            ..pb::ReplaceVolunteerRequest::default()
        };
        change(&mut request);
        let replace = Replace::parse(&request)?;
        self.write(move |tx| Box::pin(replace.carry_out(tx))).await
    }

    async fn redeploy(&self, on: &str, id: &str, to: &str) -> Result<pb::RedeployVolunteerResponse, Error> {
        let redeploy = Redeploy::parse(&pb::RedeployVolunteerRequest {
            name: assignment(on, id),
            to_shift: shift(to),
            reason: "crowded".into(),
            ..pb::RedeployVolunteerRequest::default()
        })?;
        self.write(move |tx| Box::pin(redeploy.carry_out(tx))).await
    }

    /// Assigns somebody and records the yes.
    async fn hold(&self, on: &str, id: &str) {
        self.assign(on, id).await.unwrap();
        self.answer(id, Answer::Invite(None)).await.unwrap();
        self.answer(id, Answer::Accept).await.unwrap();
    }
}

/// A match at minute 1200 with a gate, stewards and a reserve, each held by one who has accepted; `v9` is free.
async fn evening(world: &World) {
    let mut reserve = post("reserve", "KO-120", "END", OnDelay::Move, 1);
    reserve.reserve = true;
    let posts = vec![
        post("gate", "KO-60", "END", OnDelay::Move, 1),
        post("stewards", "KO-60", "END", OnDelay::Move, 1),
        reserve,
    ];
    world.publish(vec![game("m01", 1200, 1200)], plan(1, posts)).await;
    world.import(people(&["v1", "v2", "v3", "v9"])).await.unwrap();
    for (on, id) in [("m01-gate", "v1"), ("m01-stewards", "v2"), ("m01-reserve", "v3")] {
        world.hold(on, id).await;
    }
}

fn source(response: &pb::ReplaceVolunteerResponse) -> (Source, &str) {
    let substitute = response.substitute.as_ref().unwrap();
    (substitute.source(), substitute.volunteer.rsplit('/').next().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reserve_that_is_there_takes_the_place_at_once() {
    for (database, world) in worlds().await {
        evening(&world).await;
        world.at(1085).attend("m01-reserve", "v3", Attend::SignIn).await.unwrap();
        let shown = world.at(1140).replace("m01-gate", "v1", |one| one.validate_only = true).await.unwrap();
        assert_eq!(source(&shown), (Source::ReservePresent, "v3"));
        assert_eq!(world.assignment("m01-gate", "v1").await.state(), State::Accepted, "nothing was changed");

        let replaced = world.at(1140).replace("m01-gate", "v1", |_| {}).await.unwrap();
        assert_eq!(source(&replaced), (Source::ReservePresent, "v3"), "{}", database.name());
        let others: Vec<Source> = replaced.others.iter().map(pb::Substitute::source).collect();
        assert_eq!(others, [Source::Free], "v9; nobody else is there");
        let (gone, taken) = (replaced.replaced.unwrap(), replaced.assignment.unwrap());
        assert_eq!((gone.state(), gone.reason.as_str()), (State::Withdrawn, "unwell"));
        assert_eq!((taken.state(), taken.sign_in_time), (State::SignedIn, Some(to_timestamp(at(1140)))));
        let left = world.assignment("m01-reserve", "v3").await;
        assert_eq!((left.state(), left.sign_out_time), (State::Left, Some(to_timestamp(at(1140)))));
        let reserve = world.shift("m01-reserve").await;
        assert_eq!((reserve.taken, reserve.signed_in, reserve.reserve), (0, 0, true));
        world.check().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_falls_ill_on_duty_is_replaced_and_nobody_is_taken_from_a_post_unnamed() {
    for (_database, world) in worlds().await {
        evening(&world).await;
        for (on, id) in [("m01-gate", "v1"), ("m01-stewards", "v2")] {
            world.at(1130).attend(on, id, Attend::SignIn).await.unwrap();
        }
        // the reserve has not come yet, and is called in
        let first = world.at(1210).replace("m01-gate", "v1", |_| {}).await.unwrap();
        assert_eq!(source(&first), (Source::Reserve, "v3"));
        assert_eq!(first.replaced.unwrap().state(), State::Left);
        assert_eq!(first.assignment.unwrap().state(), State::Accepted, "the reserve has agreed before");
        assert_eq!(world.assignment("m01-reserve", "v3").await.state(), State::Withdrawn);
        // then who is free, and has to be asked
        let second = world.at(1211).replace("m01-gate", "v3", |_| {}).await.unwrap();
        assert_eq!(source(&second), (Source::Free, "v9"));
        assert_eq!(second.assignment.unwrap().state(), State::Invited);
        // then nobody but the steward, who is not sent unasked
        let third = world.at(1212).replace("m01-gate", "v9", |_| {}).await;
        assert_eq!(reason(&third), "NO_SUBSTITUTE");
        let message = third.unwrap_err().to_string();
        assert!(message.ends_with(&format!("signed in on another post: {}", volunteer("v2"))), "{message}");
        assert_eq!(world.assignment("m01-gate", "v9").await.state(), State::Invited, "nothing was changed");
        let named = world.at(1212).replace("m01-gate", "v9", |one| one.substitute = volunteer("v2")).await;
        let named = named.unwrap();
        assert_eq!(source(&named), (Source::OtherPost, "v2"));
        assert_eq!(named.assignment.unwrap().state(), State::SignedIn);
        assert_eq!(world.shift("m01-stewards").await.taken, 0, "the seat left is open");
        world.check().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_substitute_keeps_every_rule_and_a_full_shift_misses_nobody() {
    for (_database, world) in worlds().await {
        evening(&world).await;
        let by = |id: &str| {
            let id = volunteer(id);
            move |one: &mut pb::ReplaceVolunteerRequest| one.substitute = id
        };
        assert_eq!(reason(&world.replace("m01-gate", "v1", by("v2")).await), "SHIFT_OVERLAP");
        assert_eq!(reason(&world.replace("m01-gate", "v1", by("nobody")).await), "RESOURCE_NOT_FOUND");
        assert_eq!(reason(&world.replace("m01-gate", "v1", by("v1")).await), "INVALID_FIELD");
        assert_eq!(reason(&world.replace("m01-gate", "v1", |one| one.reason.clear()).await), "INVALID_FIELD");
        assert_eq!(reason(&world.at(1400).replace("m01-gate", "v1", |_| {}).await), "SHIFT_STATE");
        let unnamed = world.replace("m01-gate", "v1", |one| one.agreed = true).await;
        assert_eq!(reason(&unnamed), "INVALID_FIELD", "nobody has agreed who was not asked");
        let agreed = world.replace("m01-gate", "v1", |one| {
            (one.agreed, one.substitute) = (true, volunteer("v9"));
        });
        assert_eq!(agreed.await.unwrap().assignment.unwrap().state(), State::Accepted);
        let again = world.replace("m01-gate", "v1", |_| {}).await;
        assert_eq!(reason(&again), "SHIFT_STATE", "the place is taken: {}", again.unwrap_err());
        world.check().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_are_missing_at_once_each_gets_somebody_else() {
    for (database, world) in worlds().await {
        evening(&world).await;
        let other = database.open(crate::NAME, crate::migrations()).await;
        let other = other.map_or_else(|_| world.clone(), |store| World { store, now: world.now });
        let mut calls = JoinSet::new();
        for (world, on, id) in [(world.clone(), "m01-gate", "v1"), (other, "m01-stewards", "v2")] {
            calls.spawn(async move { world.at(1000).replace(on, id, |_| {}).await.unwrap() });
        }
        let mut taken: Vec<String> =
            calls.join_all().await.iter().map(|one| source(one).1.to_owned()).collect();
        taken.sort();
        assert_eq!(taken, ["v3", "v9"], "{}", database.name());
        world.check().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_goes_before_the_end_leaves_an_open_seat_and_who_stays_to_it_does_not() {
    for (_database, world) in worlds().await {
        evening(&world).await;
        for (on, id) in [("m01-gate", "v1"), ("m01-stewards", "v2")] {
            world.at(1130).attend(on, id, Attend::SignIn).await.unwrap();
        }
        let gone = world.at(1200).attend("m01-gate", "v1", Attend::Leave("unwell".into())).await.unwrap();
        assert_eq!((gone.state(), gone.reason.as_str()), (State::Left, "unwell"));
        world.at(1300).attend("m01-stewards", "v2", Attend::SignOut).await.unwrap();
        assert_eq!((world.shift("m01-gate").await.taken, world.shift("m01-stewards").await.taken), (0, 1));
        world.at(1210).hold("m01-gate", "v9").await;
        world.check().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_to_come_to_a_shift_anyway_goes_there_although_it_is_full() {
    for (_database, world) in worlds().await {
        let posts = vec![
            post("early", "KO-120", "KO-60", OnDelay::Move, 1),
            post("late", "KO-60", "KO", OnDelay::Move, 1),
        ];
        world.publish(vec![game("m01", 1200, 1200)], plan(1, posts)).await;
        world.import(people(&["v1"])).await.unwrap();
        world.hold("m01-early", "v1").await;
        world.hold("m01-late", "v1").await;
        world.at(1080).attend("m01-early", "v1", Attend::SignIn).await.unwrap();
        let sent = world.at(1120).redeploy("m01-early", "v1", "m01-late").await.unwrap();
        assert_eq!(sent.assignment.unwrap().state(), State::SignedIn);
        assert_eq!(world.shift("m01-late").await.taken, 1);
        world.check().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_there_is_sent_to_another_post_and_back() {
    for (_database, world) in worlds().await {
        evening(&world).await;
        world.at(1130).attend("m01-gate", "v1", Attend::SignIn).await.unwrap();
        let to_full = world.at(1150).redeploy("m01-gate", "v1", "m01-stewards").await;
        assert_eq!(reason(&to_full), "SHIFT_STATE");
        assert_eq!(reason(&world.at(1150).redeploy("m01-gate", "v1", "m01-gate").await), "INVALID_FIELD");
        let absent = world.at(1150).redeploy("m01-stewards", "v2", "m01-gate").await;
        assert_eq!(reason(&absent), "ASSIGNMENT_STATE", "who is not there is not sent");
        world.at(1201).attend("m01-stewards", "v2", Attend::NoShow).await.unwrap();
        let sent = world.at(1202).redeploy("m01-gate", "v1", "m01-stewards").await.unwrap();
        let (left, taken) = (sent.left.unwrap(), sent.assignment.unwrap());
        assert_eq!((left.state(), left.reason.as_str()), (State::Left, "crowded"));
        assert_eq!((taken.state(), taken.sign_in_time), (State::SignedIn, Some(to_timestamp(at(1202)))));
        assert_eq!((world.shift("m01-gate").await.taken, world.shift("m01-stewards").await.taken), (0, 1));
        world.check().await;
        let back = world.at(1230).redeploy("m01-stewards", "v1", "m01-gate").await.unwrap();
        assert_eq!(back.assignment.unwrap().sign_in_time, Some(to_timestamp(at(1230))));
        world.check().await;
    }
}
