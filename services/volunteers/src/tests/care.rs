//! Breaks, meals and equipment of people on duty.

use matchday_api::scheduling::v1::OnDelay;

use super::*;
use crate::grpc::care::{self, Care, Handing, SetRules, Step};

impl World {
    async fn care(&self, id: &str, step: Step) -> Result<pb::OnDuty, Error> {
        let care = Care::parse(&assignment("m01-gate", id), step)?;
        self.write(move |tx| Box::pin(care.carry_out(tx))).await
    }

    async fn hand_out(&self, id: &str, item: &str) -> Result<pb::Equipment, Error> {
        let (name, item) = (assignment("m01-gate", id), item.to_owned());
        let item = Handing::issue(&pb::IssueEquipmentRequest { name, item, ..Default::default() })?;
        self.write(move |tx| Box::pin(item.carry_out(tx))).await
    }

    async fn take_back(&self, item: &str) -> Result<pb::Equipment, Error> {
        let (parent, item) = (TOURNAMENT.to_owned(), item.to_owned());
        let item = Handing::take_back(&pb::ReturnEquipmentRequest { parent, item, ..Default::default() })?;
        self.write(move |tx| Box::pin(item.carry_out(tx))).await
    }

    async fn on_duty(&self) -> Vec<pb::OnDuty> {
        let mut conn = self.store.read().await.unwrap();
        care::on_duty_now(&mut conn, TOURNAMENT, TOURNAMENT, self.now).await.unwrap()
    }
}

/// A match at noon in Shanghai with a gate of two from 09:00 to the kick-off; `v1` and `v2` are there at 08:30, `v3` is
/// not.
async fn noon(world: &World) {
    let posts = vec![post("gate", "KO-180", "END+60", OnDelay::Move, 3)];
    world.publish(vec![game("m01", 720, 720)], plan(1, posts)).await;
    world.import(people(&["v1", "v2", "v3"])).await.unwrap();
    for id in ["v1", "v2", "v3"] {
        world.assign("m01-gate", id).await.unwrap();
        world.accept(id).await;
    }
    for id in ["v1", "v2"] {
        world.at(510).attend("m01-gate", id, Attend::SignIn).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_break_is_due_after_four_hours_and_begins_and_ends_once() {
    for (database, world) in worlds().await {
        noon(&world).await;
        assert!(world.at(749).on_duty().await.iter().all(|one| !one.break_due), "{}", database.name());
        let due = world.at(750).on_duty().await;
        assert_eq!((due.len(), due.iter().all(|one| one.break_due)), (2, true));
        let resting = world.at(750).care("v1", Step::StartBreak).await.unwrap();
        assert_eq!(resting.break_start_time, Some(to_timestamp(at(750))));
        assert_eq!(reason(&world.at(755).care("v1", Step::StartBreak).await), "DUTY_STATE");
        let back = world.at(780).care("v1", Step::EndBreak).await.unwrap();
        assert_eq!(back.break_due_time, Some(to_timestamp(at(780 + 240))));
        assert_eq!(reason(&world.at(785).care("v1", Step::EndBreak).await), "DUTY_STATE");
        assert_eq!(reason(&world.at(785).care("v3", Step::StartBreak).await), "DUTY_STATE", "not there");
        let first: Vec<String> =
            world.at(790).on_duty().await.into_iter().map(|one| one.assignment).collect();
        assert_eq!(first, [assignment("m01-gate", "v2"), assignment("m01-gate", "v1")], "due first");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_meal_is_given_once_to_who_is_entitled() {
    for (database, world) in worlds().await {
        noon(&world).await;
        let lunch = || Step::Meal("lunch".into());
        let there = world.at(700);
        let given = there.care("v1", lunch()).await.unwrap();
        assert_eq!(given.meals_open, Vec::<String>::new(), "{}", database.name());
        assert_eq!(reason(&there.care("v1", lunch()).await), "DUTY_STATE", "had it");
        assert_eq!(reason(&there.care("v2", Step::Meal("dinner".into())).await), "DUTY_STATE");
        assert_eq!(reason(&there.care("v2", Step::Meal("tea".into())).await), "INVALID_FIELD");
        let mut conn = world.store.read().await.unwrap();
        let day = "2023-10-21".parse().unwrap();
        let expected = care::forecast(&mut conn, TOURNAMENT, day).await.unwrap();
        let told: Vec<(&str, i32, i32)> =
            expected.iter().map(|one| (one.meal.as_str(), one.people, one.given)).collect();
        assert_eq!(told, [("lunch", 3, 1), ("dinner", 0, 0)]);
        drop(conn);

        let tea =
            pb::Meal { id: "tea".into(), start: "11:00".into(), end: "12:00".into(), least_minutes: 60 };
        let rules = |meals: Vec<pb::Meal>| pb::SetDutyRulesRequest {
            parent: TOURNAMENT.into(),
            rules: Some(pb::DutyRules { break_after_minutes: 60, meals, source: "caterer".into() }),
            ..pb::SetDutyRulesRequest::default()
        };
        let backwards = pb::Meal { end: "10:00".into(), ..tea.clone() };
        for wrong in [vec![backwards], vec![tea.clone(), tea.clone()]] {
            assert_eq!(reason(&SetRules::parse(rules(wrong)).map(drop)), "INVALID_FIELD");
        }
        let set = SetRules::parse(rules(vec![tea])).unwrap();
        let _set: pb::SetDutyRulesResponse =
            world.write::<_, Error, _>(move |tx| Box::pin(set.carry_out(tx))).await.unwrap();
        there.care("v2", Step::Meal("tea".into())).await.unwrap();
        assert!(there.on_duty().await.iter().all(|one| one.break_due), "after an hour now");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_is_with_one_person_and_stays_out_until_it_is_back() {
    for (database, world) in worlds().await {
        noon(&world).await;
        let there = world.at(600);
        there.hand_out("v1", "radio-17").await.unwrap();
        let taken = there.hand_out("v2", "radio-17").await;
        assert_eq!(reason(&taken), "DUTY_STATE", "{}", database.name());
        assert!(taken.unwrap_err().to_string().contains("v1"));
        assert_eq!(reason(&there.hand_out("v3", "radio-18").await), "DUTY_STATE", "not there");
        let held: Vec<usize> = there.on_duty().await.iter().map(|one| one.equipment.len()).collect();
        assert_eq!(held.iter().sum::<usize>(), 1);

        // who goes home with it is known
        world.at(900).attend("m01-gate", "v1", Attend::SignOut).await.unwrap();
        let mut conn = world.store.read().await.unwrap();
        let out = care::equipment(&mut conn, TOURNAMENT).await.unwrap();
        assert_eq!((out.len(), out[0].overdue), (1, true));
        drop(conn);
        let back = world.at(960).take_back("radio-17").await.unwrap();
        assert_eq!(back.assignment, assignment("m01-gate", "v1"));
        assert_eq!(reason(&world.at(961).take_back("radio-17").await), "DUTY_STATE");
        world.at(961).hand_out("v2", "radio-17").await.unwrap();
    }
}
