//! Courses on both databases: places, attendance, skills that expire.

use matchday_api::scheduling::v1::OnDelay;
use tokio::task::JoinSet;

use super::*;
use crate::{
    grpc::training::{Attendance as Attended, Enrol, Leave, NewCourse},
    store::{
        training::{CourseRow, of_course},
        volunteers::VolunteerRow,
    },
};

fn course(id: &str) -> String {
    format!("{TOURNAMENT}/courses/{id}")
}

impl World {
    /// Makes a course from minute 0 to 120.
    async fn create(&self, id: &str, change: impl FnOnce(&mut pb::Course)) -> Result<pb::Course, Error> {
        let mut made = pb::Course {
            name: course(id),
            title: id.into(),
            start_time: Some(to_timestamp(at(0))),
            end_time: Some(to_timestamp(at(120))),
            capacity: 2,
            skill: "radio".into(),
            ..pb::Course::default()
        };
        change(&mut made);
        let request = pb::CreateCourseRequest {
            parent: TOURNAMENT.into(),
            course: Some(made),
            ..pb::CreateCourseRequest::default()
        };
        let new = NewCourse::parse(&request)?;
        Ok(self.write(move |tx| Box::pin(new.carry_out(tx))).await?.course.unwrap())
    }

    async fn enrol(&self, id: &str, people: &[&str]) -> Result<pb::EnrolInCourseResponse, Error> {
        let enrol = Enrol::parse(&pb::EnrolInCourseRequest {
            course: course(id),
            people: people.iter().map(|id| volunteer(id)).collect(),
            ..pb::EnrolInCourseRequest::default()
        })?;
        self.write(move |tx| Box::pin(enrol.carry_out(tx))).await
    }

    async fn leave(&self, id: &str, person: &str) -> Result<pb::LeaveCourseResponse, Error> {
        let leave = Leave::parse(&pb::LeaveCourseRequest {
            course: course(id),
            person: volunteer(person),
            ..pb::LeaveCourseRequest::default()
        })?;
        self.write(move |tx| Box::pin(leave.carry_out(tx))).await
    }

    async fn attended(
        &self,
        id: &str,
        there: &[&str],
        missing: &[&str],
    ) -> Result<pb::RecordCourseAttendanceResponse, Error> {
        let record = Attended::parse(&pb::RecordCourseAttendanceRequest {
            course: course(id),
            attended: there.iter().map(|id| volunteer(id)).collect(),
            missed: missing.iter().map(|id| volunteer(id)).collect(),
            ..pb::RecordCourseAttendanceRequest::default()
        })?;
        self.write(move |tx| Box::pin(record.carry_out(tx))).await
    }

    /// Whether the places taken of a course are those of the people in it.
    async fn places(&self, id: &str) -> i32 {
        let mut conn = self.store.read().await.unwrap();
        let row = CourseRow::get(&mut conn, &course(id)).await.unwrap();
        let held = of_course(&mut conn, &row.name).await.unwrap();
        let held = held.iter().filter(|one| one.state == 1 || one.state == 2).count();
        assert_eq!(usize::try_from(row.enrolled).unwrap(), held);
        row.enrolled
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn places_are_taken_once_and_given_back() {
    for (database, world) in worlds().await {
        let ids: Vec<String> = (0..12).map(|number| format!("v{number}")).collect();
        world.import(people(&ids.iter().map(String::as_str).collect::<Vec<_>>())).await.unwrap();
        let early = world.at(-60);
        early.create("c1", |_| {}).await.unwrap();
        early.create("c2", |one| one.capacity = 1).await.unwrap();
        assert_eq!(reason(&early.enrol("c1", &["v0", "v1", "v2"]).await), "COURSE_FULL");
        assert_eq!(world.places("c1").await, 0, "all or none");
        let mut clients = JoinSet::new();
        for id in ids.clone() {
            let world = early.clone();
            clients.spawn(async move { world.enrol("c1", &[&id]).await });
        }
        let (won, lost): (Vec<_>, Vec<_>) = clients.join_all().await.into_iter().partition(Result::is_ok);
        assert_eq!((won.len(), lost.len()), (2, 10), "{}", database.name());
        let refusal = lost.into_iter().next().unwrap().unwrap_err();
        assert_eq!(refusal.violations()[0].subject, course("c2"), "which has room");
        assert_eq!(world.places("c1").await, 2);

        let person = won[0].as_ref().unwrap().enrolments[0].person.rsplit('/').next().unwrap().to_owned();
        assert_eq!(early.enrol("c1", &[&person]).await.unwrap().enrolments.len(), 0, "has a place already");
        early.leave("c1", &person).await.unwrap();
        assert_eq!(reason(&early.leave("c1", &person).await), "COURSE_STATE");
        assert_eq!(world.places("c1").await, 1);
        assert_eq!(reason(&world.at(120).enrol("c1", &[&person]).await), "COURSE_STATE", "over");
        assert_eq!(reason(&early.enrol("c1", &["nobody"]).await), "RESOURCE_NOT_FOUND");
        assert_eq!(
            reason(&world.at(120).create("c3", |_| {}).await),
            "COURSE_STATE",
            "over before it was made"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_attended_has_the_skill_until_it_expires() {
    for (_database, world) in worlds().await {
        // a shift the day after, and one three days after the course: the skill lasts two
        let needing = |id: &str, start: &str, end: &str| {
            let mut post = post(id, start, end, OnDelay::Move, 2);
            post.skills = vec!["radio".into()];
            post
        };
        let posts = vec![needing("gate", "KO-60", "KO")];
        let games = vec![game("m01", 1440, 1440), game("m02", 4320, 4320), game("m03", 5760, 5760)];
        world.publish(games, plan(1, posts)).await;
        world.import(people(&["v1", "v2", "v3"])).await.unwrap();
        let early = world.at(-60);
        early.create("c1", |one| (one.capacity, one.valid_days) = (5, 2)).await.unwrap();
        early.enrol("c1", &["v1", "v2"]).await.unwrap();
        assert_eq!(reason(&early.attended("c1", &["v1"], &[]).await), "COURSE_STATE", "not begun");
        let after = world.at(120);
        assert_eq!(reason(&after.attended("c1", &["v3"], &[]).await), "COURSE_STATE", "not enrolled");
        assert_eq!(reason(&after.assign("m01-gate", "v1").await), "SHIFT_REQUIREMENT");
        let recorded = after.attended("c1", &["v1"], &["v2"]).await.unwrap();
        assert_eq!(recorded.enrolments[0].expire_time, Some(to_timestamp(at(120 + 2880))));
        assert_eq!(world.places("c1").await, 1, "who missed it holds no place");
        after.assign("m01-gate", "v1").await.unwrap();
        assert_eq!(reason(&after.assign("m02-gate", "v1").await), "SHIFT_REQUIREMENT", "expired by then");
        assert_eq!(reason(&after.assign("m01-gate", "v2").await), "SHIFT_REQUIREMENT");
        // came after all; a course that lasts for good gives it for good
        after.attended("c1", &["v2"], &[]).await.unwrap();
        after.assign("m01-gate", "v2").await.unwrap();
        after.create("c2", |one| one.end_time = Some(to_timestamp(at(200)))).await.unwrap();
        after.enrol("c2", &["v1"]).await.unwrap();
        after.attended("c2", &["v1"], &[]).await.unwrap();
        after.assign("m02-gate", "v1").await.unwrap();
        let row = VolunteerRow::get(&mut world.store.read().await.unwrap(), &volunteer("v1")).await.unwrap();
        assert_eq!((row.skills.as_str(), row.learned.starts_with("radio@")), ("", true));
        // the register was wrong: what was not learned is taken back, and lasts as the other course says
        after.attended("c2", &[], &["v1"]).await.unwrap();
        assert_eq!(world.places("c2").await, 0);
        assert_eq!(reason(&after.assign("m03-gate", "v1").await), "SHIFT_REQUIREMENT");
        world.check().await;
    }
}
