//! Many at once on the day.

use matchday_api::{scheduling::v1::OnDelay, volunteers::v1::AssignmentState as State};

use super::*;
use crate::grpc::many::{NoShows, SignInMany};

impl World {
    async fn sign_in_many(
        &self,
        change: impl FnOnce(&mut pb::SignInManyRequest),
    ) -> Result<pb::SignInManyResponse, Error> {
        let mut request =
            pb::SignInManyRequest { shift: shift("m01-gate"), ..pb::SignInManyRequest::default() };
        change(&mut request);
        let many = SignInMany::parse(&request)?;
        self.write(move |tx| Box::pin(many.carry_out(tx))).await
    }

    async fn no_shows(&self, on: &str, replace: bool) -> Result<pb::RecordNoShowsResponse, Error> {
        let no_shows = NoShows::parse(&pb::RecordNoShowsRequest {
            shift: shift(on),
            replace,
            ..pb::RecordNoShowsRequest::default()
        })?;
        self.write(move |tx| Box::pin(no_shows.carry_out(tx))).await
    }
}

/// A match at minute 1200 with a gate of four from 1140: `v1` and `v2` of a group, `v3` alone, all accepted; `v4` is
/// invited, `v5` on the reserve and there, `v6` free.
async fn evening(world: &World) {
    let mut reserve = post("reserve", "KO-120", "END", OnDelay::Move, 1);
    reserve.reserve = true;
    let posts = vec![post("gate", "KO-60", "END", OnDelay::Move, 4), reserve];
    world.publish(vec![game("m01", 1200, 1200)], plan(1, posts)).await;
    let group = pb::Group {
        name: format!("{TOURNAMENT}/groups/g1"),
        display_name: "g1".into(),
        leader: volunteer("v1"),
        ..pb::Group::default()
    };
    let mut import = people(&["v1", "v2", "v3", "v4", "v5", "v6"]);
    import.volunteers[0].group.clone_from(&group.name);
    import.volunteers[1].group.clone_from(&group.name);
    import.groups.push(group);
    world.import(import).await.unwrap();
    for id in ["v1", "v2", "v3", "v4"] {
        world.assign("m01-gate", id).await.unwrap();
        world.answer(id, Answer::Invite(None)).await.unwrap();
        if id != "v4" {
            world.answer(id, Answer::Accept).await.unwrap();
        }
    }
    world.assign("m01-reserve", "v5").await.unwrap();
    world.answer("v5", Answer::Invite(None)).await.unwrap();
    world.answer("v5", Answer::Accept).await.unwrap();
    world.at(1090).attend("m01-reserve", "v5", Attend::SignIn).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_is_signed_in_with_its_leader_and_a_list_tells_who_is_not() {
    for (database, world) in worlds().await {
        evening(&world).await;
        let there = world.at(1130);
        let group = format!("{TOURNAMENT}/groups/g1");
        let of_group = there.sign_in_many(|one| one.group.clone_from(&group)).await.unwrap();
        assert_eq!((of_group.signed_in.len(), of_group.refused.len()), (2, 0), "{}", database.name());
        let of_list = there.sign_in_many(|one| {
            one.volunteers = ["v3", "v4", "v6", "v1", "v3"].map(volunteer).into();
        });
        let of_list = of_list.await.unwrap();
        let signed: Vec<&str> = of_list.signed_in.iter().map(|one| one.volunteer.as_str()).collect();
        assert_eq!(signed, [volunteer("v3")]);
        let refused: Vec<(&str, &str)> =
            of_list.refused.iter().map(|one| (one.volunteer.as_str(), one.reason.as_str())).collect();
        let (v1, v4, v6) = (volunteer("v1"), volunteer("v4"), volunteer("v6"));
        let expected = [
            (v1.as_str(), "ASSIGNMENT_STATE"),
            (v4.as_str(), "ASSIGNMENT_STATE"),
            (v6.as_str(), "RESOURCE_NOT_FOUND"),
        ];
        assert_eq!(refused, expected);
        assert_eq!(reason(&there.sign_in_many(|_| {}).await), "INVALID_FIELD");
        let unknown = there.sign_in_many(|one| one.group = format!("{TOURNAMENT}/groups/none")).await;
        assert_eq!(reason(&unknown), "RESOURCE_NOT_FOUND");
        world.check().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_not_come_after_the_grace_is_replaced_by_the_reserve_and_then_by_who_is_free() {
    for (database, world) in worlds().await {
        evening(&world).await;
        world.at(1130).attend("m01-gate", "v1", Attend::SignIn).await.unwrap();
        assert_eq!(reason(&world.at(1154).no_shows("m01-gate", true).await), "SHIFT_STATE");
        let recorded = world.at(1155).no_shows("m01-gate", true).await.unwrap();
        let missing: Vec<&str> = recorded.missing.iter().map(|one| one.volunteer.as_str()).collect();
        assert_eq!(missing, [volunteer("v2"), volunteer("v3")], "{}", database.name());
        let found: Vec<(&str, State)> =
            recorded.substitutes.iter().map(|one| (one.volunteer.as_str(), one.state())).collect();
        let (v5, v6) = (volunteer("v5"), volunteer("v6"));
        assert_eq!(found, [(v5.as_str(), State::SignedIn), (v6.as_str(), State::Invited)]);
        assert_eq!(recorded.left_open, 0);
        // the substitute says yes, and has the grace from then on
        world.at(1160).answer("v6", Answer::Accept).await.unwrap();
        let again = world.at(1174).no_shows("m01-gate", true).await.unwrap();
        assert_eq!((again.missing.len(), again.substitutes.len()), (0, 0), "on the way");
        assert_eq!(again.on_the_way, 1);
        // a delay of the schedule gives nobody another grace
        world.hear(&delayed(game("m01", 1200, 1230)), "c3").await;
        let late = world.at(1175).no_shows("m01-gate", true).await.unwrap();
        assert_eq!((late.missing.len(), late.left_open), (1, 1), "nobody is left");
        // who did not come is called to nothing else at that time by filling either
        let filled = world.at(1176).fill(false).await;
        assert_eq!(filled.proposed, 0, "{filled:?}");
        // who comes after all takes the seat that is open
        let there = world.at(1180).attend("m01-gate", "v6", Attend::SignIn).await.unwrap();
        assert_eq!(there.state(), State::SignedIn);
        world.check().await;
        world.check().await;
    }
}
