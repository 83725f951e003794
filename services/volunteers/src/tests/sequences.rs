//! Whatever is done in whatever order: the rules hold.

use matchday_api::scheduling::v1::OnDelay;
use matchday_store::testing::sqlite;
use proptest::prelude::*;

use super::*;

/// Something that somebody does, or scheduling says.
#[derive(Clone, Debug)]
enum Deed {
    Assign(usize, usize),
    Accept(usize),
    Decline(usize),
    Attend(usize, usize, usize),
    Fill,
    /// A match starts at a minute, as one or two events of a change.
    Delay(usize, i64),
    Cancel(usize),
    /// A plan with other posts comes into force.
    Plan(usize),
}

const SHIFTS: [&str; 6] = ["m0-gate", "m0-crew", "m1-gate", "m1-crew", "m2-gate", "m2-crew"];
const PEOPLE: [&str; 4] = ["v0", "v1", "v2", "v3"];
const STARTS: [i64; 3] = [1000, 1180, 2500];
const PLANS: usize = 5;

/// The posts of a plan: as at first; longer; one less; of a unit; more people, with a skill that not all have.
fn posts(plan: usize) -> Vec<scheduling::Post> {
    let gate = post("gate", "KO-120", "KO", OnDelay::Move, 1);
    let crew = post("crew", "KO-30", "END", OnDelay::Extend, 2);
    match plan {
        0 => vec![gate, crew],
        1 => vec![scheduling::Post { start: "KO-240".into(), ..gate }, crew],
        2 => vec![crew],
        3 => vec![scheduling::Post { unit: "police".into(), ..gate }, crew],
        _ => vec![gate, scheduling::Post { headcount: 3, skills: vec!["radio".into()], ..crew }],
    }
}

fn deed() -> impl Strategy<Value = Deed> {
    let (shifts, people) = (0..SHIFTS.len(), 0..PEOPLE.len());
    prop_oneof![
        4 => (shifts.clone(), people.clone()).prop_map(|(on, who)| Deed::Assign(on, who)),
        3 => people.clone().prop_map(Deed::Accept),
        1 => people.clone().prop_map(Deed::Decline),
        5 => (shifts, people, 0usize..4).prop_map(|(on, who, step)| Deed::Attend(on, who, step)),
        1 => Just(Deed::Fill),
        3 => (0..STARTS.len(), 0i64..300).prop_map(|(which, by)| Deed::Delay(which, by)),
        1 => (0..STARTS.len()).prop_map(Deed::Cancel),
        2 => (0..PLANS).prop_map(Deed::Plan),
    ]
}

impl World {
    async fn does(&self, deed: &Deed, change: &str) {
        let game = |which: usize, by| game(&format!("m{which}"), STARTS[which], STARTS[which] + by);
        // whether a deed is refused is not the matter here
        match *deed {
            Deed::Assign(on, who) => drop(self.assign(SHIFTS[on], PEOPLE[who]).await),
            Deed::Accept(who) => {
                drop(self.answer(PEOPLE[who], Answer::Invite(None)).await);
                drop(self.answer(PEOPLE[who], Answer::Accept).await);
            }
            Deed::Decline(who) => {
                drop(self.answer(PEOPLE[who], Answer::Invite(None)).await);
                drop(self.answer(PEOPLE[who], Answer::Decline(String::new())).await);
            }
            Deed::Attend(on, who, step) => {
                let step = [Attend::SignIn, Attend::SignOut, Attend::NoShow, Attend::Withdraw("x".into())]
                    .into_iter()
                    .nth(step);
                drop(self.attend(SHIFTS[on], PEOPLE[who], step.unwrap()).await);
            }
            Deed::Fill => drop(self.fill(false).await),
            Deed::Delay(which, by) => self.hear(&delayed(game(which, by)), change).await,
            Deed::Cancel(which) => {
                let state = scheduling::ActivityState::Cancelled.into();
                let activity = Some(scheduling::Activity { state, ..game(which, 0) });
                self.hear(&scheduling::ActivityCancelled { activity }, change).await;
            }
            Deed::Plan(which) => {
                let plan = plan(i32::try_from(which).unwrap() + 1, posts(which));
                self.hear(&scheduling::ServicePlanApplied { plan: Some(plan) }, change).await;
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, max_shrink_iters: 64, ..ProptestConfig::default() })]

    /// Nobody ever holds two assignments that overlap, no seat is given twice, and the counters are right.
    #[test]
    fn the_rules_hold(deeds in prop::collection::vec((deed(), 0i64..120), 1..40)) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        runtime.block_on(async {
            let database = sqlite();
            let store = database.open(crate::NAME, crate::migrations()).await.unwrap();
            let mut world = World { store, now: at(700) };
            let games = (0..).zip(STARTS).map(|(which, start)| game(&format!("m{which}"), start, start));
            world.publish(games.collect(), plan(1, posts(0))).await;
            let mut request = people(&PEOPLE);
            for volunteer in &mut request.volunteers[..2] {
                volunteer.skills = vec!["radio".into()];
            }
            world.import(request).await.unwrap();
            for (number, (deed, minutes)) in deeds.iter().enumerate() {
                world.now = world.now.saturating_add(SignedDuration::from_mins(*minutes));
                world.does(deed, &format!("c{}", number / 3)).await;
                world.check().await;
            }
            world.store.close().await;
        });
    }
}
