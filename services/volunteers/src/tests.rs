//! The steps of handlers and of the follower, on both databases.

mod assigning;
mod care;
mod following;
mod hours;
mod importing;
mod many;
mod replacing;
mod rules;
mod self_service;
mod sequences;
mod training;
mod waiting;

use matchday_api::{scheduling::v1 as scheduling, volunteers::v1 as pb};
use matchday_kernel::{Fault, Instant, SignedDuration};
use matchday_rpc::parse::{to_duration, to_timestamp};
use matchday_store::{
    BoxFuture, Call, Effect, Event, Locks, NewEvent, Record, Store, StoreError, Tx, on_db,
    testing::{TestDatabase, databases},
};
use prost::Message;

use crate::{
    Error,
    domain::shift::tests::at,
    follow::Scheduling,
    grpc::{
        assign::Assign,
        attendance::{Attendance, Headcount, Step as Attend},
        fill::Fill,
        import::Import,
        invitation::{Invitation, Step as Answer},
    },
    store::{assignments::AssignmentRow, shifts::ShiftRow},
};

const TOURNAMENT: &str = "tournaments/t";
/// What no event and no reply may hold.
const PERSON: &str = "Lin Xiaoming";

/// A store of volunteers, at a time.
#[derive(Clone)]
struct World {
    store: Store,
    now: Instant,
}

/// A world on each database; keep what it stands on.
async fn worlds() -> Vec<(TestDatabase, World)> {
    let mut worlds = Vec::new();
    for database in databases().await {
        let store = database.open(crate::NAME, crate::migrations()).await.unwrap();
        worlds.push((database, World { store, now: at(0) }));
    }
    worlds
}

fn volunteer(id: &str) -> String {
    format!("{TOURNAMENT}/volunteers/{id}")
}

fn shift(id: &str) -> String {
    format!("{TOURNAMENT}/shifts/{id}")
}

fn assignment(on: &str, id: &str) -> String {
    format!("{}/assignments/{id}", shift(on))
}

fn person(id: &str) -> pb::Volunteer {
    pb::Volunteer { name: volunteer(id), display_name: PERSON.into(), ..pb::Volunteer::default() }
}

fn people(ids: &[&str]) -> pb::ImportVolunteersRequest {
    let volunteers = ids.iter().map(|id| person(id)).collect();
    pb::ImportVolunteersRequest {
        parent: TOURNAMENT.into(),
        volunteers,
        ..pb::ImportVolunteersRequest::default()
    }
}

fn post(id: &str, start: &str, end: &str, on_delay: scheduling::OnDelay, headcount: i32) -> scheduling::Post {
    scheduling::Post {
        id: id.into(),
        title: id.into(),
        start: start.into(),
        end: end.into(),
        on_delay: on_delay.into(),
        headcount,
        ..scheduling::Post::default()
    }
}

fn plan(number: i32, posts: Vec<scheduling::Post>) -> scheduling::ServicePlan {
    scheduling::ServicePlan {
        name: format!("{TOURNAMENT}/plans/{number}"),
        classes: vec![scheduling::PlanClass {
            id: "match".into(),
            subject: scheduling::PlanSubject::Activity.into(),
            posts,
            ..scheduling::PlanClass::default()
        }],
        ..scheduling::ServicePlan::default()
    }
}

fn limit(kind: scheduling::WorkLimitKind, hours: i64, hard: bool) -> scheduling::WorkLimit {
    let value = Some(to_duration(SignedDuration::from_hours(hours)));
    scheduling::WorkLimit { kind: kind.into(), value, hard, ..scheduling::WorkLimit::default() }
}

/// A match planned at a minute and starting at another, 115 minutes long.
fn game(id: &str, planned: i64, start: i64) -> scheduling::Activity {
    scheduling::Activity {
        name: format!("{TOURNAMENT}/activities/{id}"),
        zone: "sites/s/venues/v/zones/pitch".into(),
        planned_start_time: Some(to_timestamp(at(planned))),
        start_time: Some(to_timestamp(at(start))),
        end_time: Some(to_timestamp(at(start + 115))),
        r#match: Some(scheduling::Match::default()),
        service_class: "match".into(),
        ..scheduling::Activity::default()
    }
}

fn delayed(activity: scheduling::Activity) -> scheduling::ActivityDelayed {
    scheduling::ActivityDelayed { activity: Some(activity), previous: None }
}

impl World {
    fn at(&self, minute: i64) -> Self {
        Self { store: self.store.clone(), now: at(minute) }
    }

    async fn write<R, E, F>(&self, work: F) -> Result<R, E>
    where
        R: Message + Default + 'static,
        E: From<StoreError> + Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<R, E>> + Send + 'static,
    {
        let call = Call {
            actor: "staff/anna".into(),
            method: "test".into(),
            request_id: None,
            body_hash: [0; 32],
            change: "call".into(),
            now: self.now,
        };
        self.store.write(call, Locks::of([TOURNAMENT]), work).await
    }

    /// Hears an event of scheduling, of a change.
    async fn hear<M: prost::Name>(&self, payload: &M, change: &str) {
        let new = NewEvent::new(TOURNAMENT, Some(&TOURNAMENT), payload);
        let event = Event {
            r#type: new.kind,
            tournament: new.tournament,
            change: change.into(),
            time: Some(to_timestamp(self.now)),
            payload: Some(new.payload),
            ..Event::default()
        };
        let heard = self.write(move |tx| {
            Box::pin(async move {
                let applied = Scheduling.apply(tx, &event).await;
                applied.map_err(|defect| StoreError::internal(defect.to_string()))
            })
        });
        heard.await.unwrap();
    }

    /// Hears of a tournament with matches, publishes them, and applies a plan.
    async fn publish(&self, games: Vec<scheduling::Activity>, plan: scheduling::ServicePlan) {
        let tournament = scheduling::Tournament {
            name: TOURNAMENT.into(),
            time_zone: "Asia/Shanghai".into(),
            ..scheduling::Tournament::default()
        };
        self.hear(&scheduling::TournamentCreated { tournament: Some(tournament) }, "c").await;
        for activity in games {
            self.hear(&scheduling::ActivityCreated { activity: Some(activity), ..Default::default() }, "c")
                .await;
        }
        let name = format!("{TOURNAMENT}/versions/1");
        let version = Some(scheduling::ScheduleVersion { name, ..scheduling::ScheduleVersion::default() });
        self.hear(&scheduling::PublicationStarted { version: version.clone() }, "c").await;
        self.hear(&scheduling::SchedulePublished { version }, "c").await;
        self.apply(plan).await;
    }

    async fn apply(&self, plan: scheduling::ServicePlan) {
        self.hear(&scheduling::ServicePlanApplied { plan: Some(plan) }, "plan").await;
    }

    async fn import(
        &self,
        request: pb::ImportVolunteersRequest,
    ) -> Result<pb::ImportVolunteersResponse, Error> {
        let import = Import::parse(request)?;
        self.write(move |tx| Box::pin(import.carry_out(tx))).await
    }

    async fn assign(&self, on: &str, id: &str) -> Result<pb::Assignment, Error> {
        let request = pb::AssignVolunteerRequest {
            shift: shift(on),
            volunteer: volunteer(id),
            ..pb::AssignVolunteerRequest::default()
        };
        let assign = Assign::parse(&request)?;
        Ok(self.write::<_, Error, _>(move |tx| Box::pin(assign.carry_out(tx))).await?.assignment.unwrap())
    }

    async fn answer(&self, id: &str, step: Answer) -> Result<Vec<pb::Assignment>, Error> {
        let invitation = Invitation::parse(&volunteer(id), step)?;
        let work = self.write(move |tx| {
            Box::pin(async move {
                let assignments = invitation.carry_out(tx).await?;
                Ok::<_, Error>(pb::AcceptInvitationResponse { assignments })
            })
        });
        Ok(work.await?.assignments)
    }

    /// Invites a volunteer, who accepts.
    async fn accept(&self, id: &str) {
        self.answer(id, Answer::Invite(None)).await.unwrap();
        self.answer(id, Answer::Accept).await.unwrap();
    }

    async fn attend(&self, on: &str, id: &str, step: Attend) -> Result<pb::Assignment, Error> {
        let attendance = Attendance::parse(&assignment(on, id), "", step)?;
        self.write(move |tx| Box::pin(attendance.carry_out(tx))).await
    }

    async fn fill(&self, validate_only: bool) -> pb::FillShiftsResponse {
        let request = pb::FillShiftsRequest {
            parent: TOURNAMENT.into(),
            validate_only,
            ..pb::FillShiftsRequest::default()
        };
        let fill = Fill::parse(&request).unwrap();
        self.write::<_, Error, _>(move |tx| Box::pin(fill.carry_out(tx))).await.unwrap()
    }

    async fn shift(&self, id: &str) -> pb::Shift {
        ShiftRow::get(&mut self.store.read().await.unwrap(), &shift(id)).await.unwrap().into()
    }

    async fn assignment(&self, on: &str, id: &str) -> pb::Assignment {
        let name = assignment(on, id);
        AssignmentRow::get(&mut self.store.read().await.unwrap(), &name).await.unwrap().into()
    }

    /// Kinds of the events after a number of them, in order; none holds what says who somebody is.
    async fn events(&self, after: usize) -> Vec<String> {
        let mut conn = self.store.read().await.unwrap();
        let events: Vec<(String, Vec<u8>)> =
            on_db!(conn, |c| sqlx::query_as("SELECT kind, payload FROM events ORDER BY sequence")
                .fetch_all(c)
                .await)
            .unwrap();
        let holds_person =
            |payload: &[u8]| payload.windows(PERSON.len()).any(|part| part == PERSON.as_bytes());
        assert!(events.iter().all(|(_, payload)| !holds_person(payload)));
        let last = |kind: &str| kind.rsplit('.').next().unwrap_or_default().to_owned();
        events.into_iter().skip(after).map(|(kind, _)| last(&kind)).collect()
    }

    /// Whether the counters of every shift are those of its assignments, no seat is taken twice, and nobody holds
    /// two that overlap.
    async fn check(&self) {
        let mut conn = self.store.read().await.unwrap();
        let shifts: Vec<ShiftRow> =
            ShiftRow::between(&mut conn, "tournaments/", "tournaments0", 1000).await.unwrap();
        let all = AssignmentRow::between(&mut conn, "tournaments/", "tournaments0", 10_000).await.unwrap();
        for row in shifts {
            let shift = row.shift().unwrap();
            let mut seats = crate::domain::shift::Seats::default();
            for one in all.iter().filter(|one| one.shift == row.name) {
                seats = seats.count(None, one.assignment().unwrap().state);
                assert_eq!((one.starts, one.ends), (row.starts, row.ends), "{}", one.name);
            }
            assert_eq!(seats, shift.seats, "{}", row.name);
            assert!(seats.taken <= shift.headcount, "{}", row.name);
        }
        for one in all.iter().filter(|one| (1..=3).contains(&one.state)) {
            let duty = one.duty().unwrap().unwrap();
            let others =
                all.iter().filter(|other| other.volunteer == one.volunteer && other.name != one.name);
            let held =
                others.filter_map(|other| other.duty().unwrap()).filter(crate::domain::duty::Duty::is_held);
            assert!(held.into_iter().all(|other| !other.time.overlaps(&duty.time)), "{}", one.name);
        }
    }
}

fn reason<T: std::fmt::Debug>(result: &Result<T, Error>) -> &'static str {
    result.as_ref().unwrap_err().reason()
}
