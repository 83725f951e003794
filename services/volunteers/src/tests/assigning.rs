//! Assigning, inviting, attending, filling.

use matchday_api::{scheduling::v1::OnDelay, volunteers::v1::AssignmentState as State};
use tokio::task::JoinSet;

use super::*;
use crate::grpc::fixed::{CallOff, Create};

/// A match at minute 1200 with a gate crew of one before it and stewards during it.
async fn opening(world: &World) {
    let posts = vec![
        post("gate", "KO-120", "KO", OnDelay::Move, 1),
        post("stewards", "KO", "END", OnDelay::Move, 2),
        post("late", "KO-60", "KO", OnDelay::Move, 5),
    ];
    world.publish(vec![game("m01", 1200, 1200)], plan(1, posts)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_seat_is_taken_once() {
    for (database, world) in worlds().await {
        opening(&world).await;
        let ids: Vec<String> = (0..24).map(|number| format!("v{number}")).collect();
        world.import(people(&ids.iter().map(String::as_str).collect::<Vec<_>>())).await.unwrap();
        // on PostgreSQL every other client comes through another process
        let other = if database.is_postgres() {
            let store = database.open(crate::NAME, crate::migrations()).await.unwrap();
            World { store, now: world.now }
        } else {
            world.clone()
        };
        let mut clients = JoinSet::new();
        for (index, id) in ids.into_iter().enumerate() {
            let world = if index % 2 == 0 { world.clone() } else { other.clone() };
            clients.spawn(async move { world.assign("m01-gate", &id).await });
        }
        let outcomes = clients.join_all().await;
        let (winners, losers): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
        assert_eq!(winners.len(), 1, "{}", database.name());
        for loser in losers {
            let refusal = loser.unwrap_err();
            assert_eq!(refusal.reason(), "SHIFT_FULL");
            let told: Vec<String> = refusal.violations().into_iter().map(|one| one.subject).collect();
            assert_eq!(told, [shift("m01-late"), shift("m01-stewards")]);
        }
        assert_eq!(world.shift("m01-gate").await.taken, 1);
        world.check().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn shifts_beside_the_plan_are_made_and_called_off_together_and_nothing_moves_them() {
    for (_database, world) in worlds().await {
        opening(&world).await;
        world.import(people(&["v1"])).await.unwrap();
        let new = |id: &str, start: i64| pb::NewShift {
            name: shift(id),
            title: "Information desk".into(),
            place: "town hall".into(),
            start_time: Some(to_timestamp(at(start))),
            end_time: Some(to_timestamp(at(start + 60))),
            headcount: 2,
            ..pb::NewShift::default()
        };
        let create = |shifts: Vec<pb::NewShift>| {
            let request = pb::CreateShiftsRequest { parent: TOURNAMENT.into(), shifts, ..Default::default() };
            Create::parse(&request)
        };
        let made = create(vec![new("desk-1", 100), new("desk-2", 1100)]).unwrap();
        assert_eq!(world.write(move |tx| Box::pin(made.carry_out(tx))).await.unwrap().shifts.len(), 2);
        let half = create(vec![new("desk-3", 100), new("desk-2", 1100)]).unwrap();
        assert_eq!(reason(&world.write(move |tx| Box::pin(half.carry_out(tx))).await), "RESOURCE_EXISTS");
        let past = create(vec![new("desk-3", -100)]).unwrap();
        assert_eq!(reason(&world.write(move |tx| Box::pin(past.carry_out(tx))).await), "INVALID_FIELD");
        assert_eq!(
            create(vec![new("desk-4", 1), new("desk-4", 1)]).map(drop).unwrap_err().reason(),
            "INVALID_FIELD"
        );
        // a delay moves those of the plan alone, and an overlap is one whoever made the shift
        world.assign("desk-2", "v1").await.unwrap();
        assert_eq!(reason(&world.assign("m01-gate", "v1").await), "SHIFT_OVERLAP");
        world.hear(&delayed(game("m01", 1200, 1260)), "c2").await;
        assert_eq!(world.shift("desk-2").await.start_time, Some(to_timestamp(at(1100))));

        let call_off = |names: &[&str]| {
            let names = names.iter().map(|id| shift(id)).collect();
            let request = pb::CancelShiftsRequest { parent: TOURNAMENT.into(), names, ..Default::default() };
            CallOff::parse(&request).unwrap()
        };
        let of_plan = call_off(&["desk-1", "m01-gate"]);
        assert_eq!(reason(&world.write(move |tx| Box::pin(of_plan.carry_out(tx))).await), "SHIFT_STATE");
        assert_eq!(world.shift("desk-1").await.state(), pb::ShiftState::Planned, "all or none");
        let both = call_off(&["desk-1", "desk-2"]);
        world.write(move |tx| Box::pin(both.carry_out(tx))).await.unwrap();
        assert_eq!(world.shift("desk-2").await.state(), pb::ShiftState::Cancelled);
        assert_eq!(world.assignment("desk-2", "v1").await.state(), State::Withdrawn);
        world.check().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_assignment_goes_from_proposed_to_signed_out() {
    for (_database, world) in worlds().await {
        opening(&world).await;
        world.import(people(&["v1", "v2"])).await.unwrap();
        assert_eq!(reason(&world.answer("v1", Answer::Accept).await), "NO_INVITATION");
        world.assign("m01-gate", "v1").await.unwrap();
        world.assign("m01-stewards", "v1").await.unwrap();
        assert_eq!(reason(&world.assign("m01-late", "v1").await), "SHIFT_OVERLAP");
        assert_eq!(reason(&world.assign("m01-gate", "v1").await), "ASSIGNMENT_STATE");
        assert_eq!(world.answer("v1", Answer::Invite(None)).await.unwrap().len(), 2, "the whole roster");
        assert_eq!(world.answer("v1", Answer::Accept).await.unwrap().len(), 2);
        let early = world.at(1019).attend("m01-gate", "v1", Attend::SignIn).await;
        assert_eq!(reason(&early), "SHIFT_STATE");
        let there = world.at(1020).attend("m01-gate", "v1", Attend::SignIn).await.unwrap();
        assert_eq!(there.sign_in_time, Some(to_timestamp(at(1020))));
        let gate = world.shift("m01-gate").await;
        assert_eq!((gate.taken, gate.accepted, gate.signed_in), (1, 1, 1));
        let two_places = world.at(1190).attend("m01-stewards", "v1", Attend::SignIn).await;
        assert_eq!(reason(&two_places), "SHIFT_OVERLAP", "signed in elsewhere");
        world.at(1195).attend("m01-gate", "v1", Attend::SignOut).await.unwrap();
        world.at(1196).attend("m01-stewards", "v1", Attend::SignIn).await.unwrap();
        let gate = world.shift("m01-gate").await;
        assert_eq!((gate.taken, gate.accepted, gate.signed_in), (1, 1, 0));
        assert_eq!(reason(&world.at(1400).assign("m01-gate", "v2").await), "SHIFT_STATE");
        world.check().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_answer_counts_for_what_is_still_to_come() {
    for (_database, world) in worlds().await {
        opening(&world).await;
        world.import(people(&["v1"])).await.unwrap();
        world.assign("m01-gate", "v1").await.unwrap();
        world.assign("m01-stewards", "v1").await.unwrap();
        world.answer("v1", Answer::Invite(None)).await.unwrap();
        let late = world.at(1200);
        let accepted = late.answer("v1", Answer::Accept).await.unwrap();
        let names: Vec<&str> = accepted.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, [assignment("m01-stewards", "v1")]);
        assert_eq!(world.assignment("m01-gate", "v1").await.state(), State::Invited);
        assert_eq!(reason(&late.answer("v1", Answer::Accept).await), "NO_INVITATION");
        world.check().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_declined_is_proposed_anew_by_hand_and_not_by_filling() {
    for (_database, world) in worlds().await {
        opening(&world).await;
        world.import(people(&["v1"])).await.unwrap();
        let first = world.assign("m01-gate", "v1").await.unwrap();
        world.answer("v1", Answer::Invite(None)).await.unwrap();
        world.answer("v1", Answer::Decline("exam".into())).await.unwrap();
        let declined = world.assignment("m01-gate", "v1").await;
        assert_eq!((declined.state(), declined.reason.as_str()), (State::Declined, "exam"));
        let filled = world.fill(false).await;
        assert_eq!(filled.proposed, 2, "the two other shifts follow each other");
        assert_eq!(filled.open[0].shift, shift("m01-gate"));
        assert_eq!(filled.open[0].blocked[0].reason, "ASSIGNMENT_STATE");
        world.attend("m01-late", "v1", Attend::Withdraw("busy".into())).await.unwrap();
        let anew = world.assign("m01-gate", "v1").await.unwrap();
        assert_eq!((anew.name, anew.state), (first.name, State::Proposed.into()));
        world.check().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn filling_shows_without_writing_and_fills_once() {
    for (_database, world) in worlds().await {
        opening(&world).await;
        world.import(people(&["v1", "v2", "v3", "v4"])).await.unwrap();
        let events = world.events(0).await.len();
        let shown = world.fill(true).await;
        assert!(world.events(events).await.is_empty());
        let filled = world.fill(false).await;
        assert_eq!(filled, shown);
        assert_eq!(filled.proposed, 1 + 3 + 2);
        assert_eq!((filled.open.len(), filled.open[0].seats), (1, 2));
        assert_eq!(world.events(events).await, vec!["AssignmentChanged"; 6]);
        assert_eq!(world.fill(false).await.proposed, 0);
        world.check().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hard_limit_refuses_and_a_soft_one_flags() {
    use matchday_api::scheduling::v1::WorkLimitKind as Kind;

    for (_database, world) in worlds().await {
        let posts = vec![
            post("gate", "KO-300", "KO", OnDelay::Move, 1),
            post("stewards", "KO", "END+60", OnDelay::Move, 2),
        ];
        let mut limited = plan(1, posts);
        limited.limits = vec![limit(Kind::Day, 7, true)];
        world.publish(vec![game("m01", 1200, 1200)], limited.clone()).await;
        world.import(people(&["v1"])).await.unwrap();
        world.assign("m01-gate", "v1").await.unwrap();
        let refused = world.assign("m01-stewards", "v1").await;
        assert_eq!(reason(&refused), "SHIFT_LIMIT");
        let told = refused.unwrap_err().metadata();
        assert!(told.contains(&("minutes", "475".into())) && told.contains(&("limit_minutes", "420".into())));
        limited.limits = vec![limit(Kind::Day, 7, false)];
        limited.name = format!("{TOURNAMENT}/plans/2");
        world.apply(limited).await;
        world.assign("m01-stewards", "v1").await.unwrap();
        for id in ["m01-gate", "m01-stewards"] {
            let alerts = world.shift(id).await.alerts;
            assert_eq!(
                (alerts[0].code.as_str(), &alerts[0].volunteers),
                ("DAY_TOO_LONG", &vec![volunteer("v1")])
            );
        }
        world.attend("m01-gate", "v1", Attend::Withdraw("too long".into())).await.unwrap();
        for id in ["m01-gate", "m01-stewards"] {
            assert!(world.shift(id).await.alerts.is_empty(), "{id}");
        }
        world.check().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_known_yet_is_not_found() {
    for (_database, world) in worlds().await {
        world.import(people(&["v1"])).await.unwrap();
        assert_eq!(reason(&world.assign("m01-gate", "v1").await), "RESOURCE_NOT_FOUND");
        assert_eq!(world.fill(false).await, pb::FillShiftsResponse::default());
        opening(&world).await;
        assert_eq!(reason(&world.assign("m01-gate", "v9").await), "RESOURCE_NOT_FOUND");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unit_is_counted_and_volunteers_are_not() {
    for (_database, world) in worlds().await {
        let medics =
            scheduling::Post { unit: "hospital".into(), ..post("medics", "KO-60", "END", OnDelay::Move, 4) };
        let posts = vec![post("gate", "KO-120", "KO", OnDelay::Move, 1), medics];
        world.publish(vec![game("m01", 1200, 1200)], plan(1, posts)).await;
        let report = async |on: &str, reported| {
            let name = shift(on);
            let request =
                pb::ReportHeadcountRequest { name, reported, ..pb::ReportHeadcountRequest::default() };
            let headcount = Headcount::parse(&request)?;
            world.write::<_, Error, _>(move |tx| Box::pin(headcount.carry_out(tx))).await
        };
        assert_eq!(reason(&report("m01-gate", 1).await), "SHIFT_OF_VOLUNTEERS");
        assert_eq!(reason(&report("m01-medics", -1).await), "INVALID_FIELD");
        let medics = report("m01-medics", 3).await.unwrap().shift.unwrap();
        assert_eq!((medics.headcount, medics.reported), (4, Some(3)));
        assert_eq!(world.events(2).await, ["ShiftChanged"]);
    }
}
