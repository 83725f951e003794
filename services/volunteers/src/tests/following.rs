//! Shifts follow scheduling, and what becomes of those who hold them.

use matchday_api::{
    scheduling::v1::{OnDelay, WorkLimitKind},
    volunteers::v1::{AssignmentState as State, ShiftState},
};

use super::*;

/// Start and end of a shift, in minutes.
fn time(shift: &pb::Shift) -> (i64, i64) {
    let minute = |seconds: i64| (seconds - at(0).as_micros() / 1_000_000) / 60;
    (minute(shift.start_time.unwrap().seconds), minute(shift.end_time.unwrap().seconds))
}

fn posts() -> Vec<scheduling::Post> {
    vec![
        post("gate", "KO-120", "KO", OnDelay::Move, 2),
        post("pitch", "KO-60", "END", OnDelay::Extend, 2),
        scheduling::Post { unit: "hospital".into(), ..post("medics", "KO-60", "END", OnDelay::Move, 4) },
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn shifts_are_derived_once_and_follow() {
    for (_database, world) in worlds().await {
        world.publish(vec![game("m01", 1200, 1200)], plan(1, posts())).await;
        assert_eq!(world.events(0).await, vec!["ShiftPlanned"; 3]);
        assert_eq!(time(&world.shift("m01-gate").await), (1080, 1200));
        world.apply(plan(1, posts())).await;
        assert_eq!(world.events(3).await.len(), 0, "the same again");

        world.at(600).hear(&delayed(game("m01", 1200, 1245)), "d1").await;
        let gate = world.shift("m01-gate").await;
        assert_eq!(time(&gate), (1125, 1245));
        assert_eq!(gate.planned_start_time, Some(to_timestamp(at(1080))));
        assert_eq!(time(&world.shift("m01-pitch").await), (1140, 1360));
        assert_eq!(world.events(3).await, vec!["ShiftChanged"; 3]);

        // the gate crew is at work: it is left alone, the pitch crew stays longer
        world.at(1150).hear(&delayed(game("m01", 1200, 1300)), "d2").await;
        assert_eq!(time(&world.shift("m01-gate").await), (1125, 1245));
        assert_eq!(time(&world.shift("m01-pitch").await), (1140, 1415));
        world.check().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_cancelled_opens_its_seats_and_may_be_planned_anew() {
    for (_database, world) in worlds().await {
        world.publish(vec![game("m01", 1200, 1200)], plan(1, posts())).await;
        world.import(people(&["v1"])).await.unwrap();
        world.assign("m01-gate", "v1").await.unwrap();
        let mut fewer = posts();
        fewer.remove(0);
        world.apply(plan(2, fewer)).await;
        let gate = world.shift("m01-gate").await;
        assert_eq!((gate.state(), gate.taken), (ShiftState::Cancelled, 0));
        assert_eq!(world.assignment("m01-gate", "v1").await.state(), State::Withdrawn);
        assert_eq!(reason(&world.assign("m01-gate", "v1").await), "SHIFT_STATE");
        world.apply(plan(3, posts())).await;
        let gate = world.shift("m01-gate").await;
        assert_eq!((gate.state(), gate.taken), (ShiftState::Planned, 0));
        assert_eq!(world.assignment("m01-gate", "v1").await.state(), State::Withdrawn);
        assert_eq!(world.fill(false).await.proposed, 1);
        let again = world.assignment("m01-gate", "v1").await;
        assert_eq!(again.state(), State::Proposed, "whom the schedule took is proposed again");
        world.check().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn shifts_that_move_together_break_nothing() {
    for (_database, world) in worlds().await {
        world.publish(vec![game("m01", 1200, 1200)], plan(1, posts())).await;
        let after =
            vec![post("gate", "KO-120", "KO", OnDelay::Move, 2), post("exit", "KO", "END", OnDelay::Move, 2)];
        world.apply(plan(2, after)).await;
        world.import(people(&["v1"])).await.unwrap();
        world.assign("m01-gate", "v1").await.unwrap();
        world.assign("m01-exit", "v1").await.unwrap();
        world.accept("v1").await;
        world.at(600).hear(&delayed(game("m01", 1200, 1245)), "d1").await;
        for id in ["m01-gate", "m01-exit"] {
            assert_eq!(world.assignment(id, "v1").await.state(), State::Accepted, "{id}");
        }
        world.check().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_clashes_is_to_be_replaced_and_mended_within_the_change() {
    for (_database, world) in worlds().await {
        let posts = vec![post("crew", "KO-30", "END", OnDelay::Move, 1)];
        world.publish(vec![game("m01", 1000, 1000), game("m02", 1200, 1200)], plan(1, posts)).await;
        world.import(people(&["v1", "v2"])).await.unwrap();
        world.assign("m01-crew", "v1").await.unwrap();
        world.assign("m02-crew", "v1").await.unwrap();
        world.accept("v1").await;
        // the first event of the change breaks the shift it moves
        world.at(600).hear(&delayed(game("m01", 1000, 1100)), "d1").await;
        let broken = world.assignment("m01-crew", "v1").await;
        assert_eq!(broken.state(), State::ToBeReplaced);
        assert!(broken.reason.ends_with(&shift("m02-crew")), "{}", broken.reason);
        let crew = world.shift("m01-crew").await;
        assert_eq!((crew.taken, crew.accepted, crew.to_be_replaced), (0, 0, 1));
        // the second one moves the other away
        world.at(600).hear(&delayed(game("m02", 1200, 1300)), "d1").await;
        assert_eq!(world.assignment("m01-crew", "v1").await.state(), State::Accepted);
        // of another change it stays broken, and is replaced
        world.at(600).hear(&delayed(game("m01", 1000, 1200)), "d2").await;
        world.at(600).hear(&delayed(game("m02", 1200, 1400)), "d3").await;
        assert_eq!(world.assignment("m01-crew", "v1").await.state(), State::ToBeReplaced);
        world.assign("m01-crew", "v2").await.unwrap();
        let crew = world.shift("m01-crew").await;
        assert_eq!((crew.taken, crew.to_be_replaced), (1, 0));
        world.check().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_there_stays_and_what_comes_next_is_to_be_replaced() {
    for (_database, world) in worlds().await {
        let posts = vec![post("crew", "KO-30", "END", OnDelay::Extend, 1)];
        let mut limited = plan(1, posts);
        limited.limits = vec![limit(WorkLimitKind::Shift, 3, false)];
        world.publish(vec![game("m01", 1000, 1000), game("m02", 1150, 1150)], limited).await;
        world.import(people(&["v1"])).await.unwrap();
        world.assign("m01-crew", "v1").await.unwrap();
        world.assign("m02-crew", "v1").await.unwrap();
        world.accept("v1").await;
        world.at(960).attend("m01-crew", "v1", Attend::SignIn).await.unwrap();
        world.at(990).hear(&delayed(game("m01", 1000, 1045)), "d1").await;
        assert_eq!(time(&world.shift("m01-crew").await), (970, 1160));
        assert_eq!(world.assignment("m01-crew", "v1").await.state(), State::SignedIn);
        assert_eq!(world.assignment("m02-crew", "v1").await.state(), State::ToBeReplaced);
        let alerts = world.shift("m01-crew").await.alerts;
        assert_eq!(alerts[0].description, "the shift lasts 3 h 10 min; the limit is 3 h");
        world.check().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_that_asks_for_more_skills_or_fewer_people_parts_with_some() {
    for (_database, world) in worlds().await {
        world.publish(vec![game("m01", 1200, 1200)], plan(1, posts())).await;
        let mut request = people(&["v1", "v2", "v3"]);
        request.volunteers[0].skills = vec!["driving".into()];
        world.import(request).await.unwrap();
        for (on, id) in [("m01-gate", "v1"), ("m01-gate", "v2"), ("m01-pitch", "v3")] {
            world.assign(on, id).await.unwrap();
        }
        let mut stricter = posts();
        stricter[0].skills = vec!["driving".into()];
        stricter[1] = post("pitch", "KO-60", "END", OnDelay::Extend, 1);
        world.apply(plan(2, stricter.clone())).await;
        assert_eq!(world.assignment("m01-gate", "v1").await.state(), State::Proposed);
        assert_eq!(world.assignment("m01-gate", "v2").await.state(), State::ToBeReplaced);
        assert_eq!(world.assignment("m01-pitch", "v3").await.state(), State::Proposed);
        stricter[0].unit = "school".into();
        world.apply(plan(3, stricter)).await;
        let gate = world.shift("m01-gate").await;
        assert_eq!((gate.taken, gate.to_be_replaced, gate.unit.as_str()), (0, 0, "school"));
        assert_eq!(reason(&world.assign("m01-gate", "v1").await), "SHIFT_OF_UNIT");
        world.check().await;
    }
}
