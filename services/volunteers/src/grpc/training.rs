//! `TrainingService`: courses, who is enrolled, and what is learned.

use std::collections::{BTreeMap, BTreeSet};

use matchday_api::volunteers::v1::{self as pb, training_service_server::TrainingService};
use matchday_kernel::{
    ApplicationName, Common, CourseName, Instant, Interval, Slug, TournamentName, VolunteerName,
};
use matchday_rpc::{Caller, parse};
use matchday_store::{Record, Tx};
use tonic::{Request, Response, Status};

use super::{learning::teach, lock};
use crate::{
    Error, Volunteers,
    domain::{
        application,
        training::{Course, Refusal, State},
    },
    roster::emit,
    store::{
        applications::{self, ApplicationRow},
        training::{self, CourseRow, EnrolmentRow},
        volunteers::VolunteerRow,
    },
};

/// Most places of a course, and most days that a skill lasts.
const MOST_PLACES: i32 = 1_000;
const MOST_DAYS: i32 = 3_650;
/// People enrolled in one call.
const MOST_PEOPLE: usize = 500;
/// Courses with room that are named to somebody who finds one full.
const ALTERNATIVES: i64 = 5;

impl CourseRow {
    /// The course as the rules see it.
    fn course(&self) -> Result<Course, Error> {
        let instant = |micros| Instant::from_micros(micros).map_err(Common::internal);
        let time = Interval::new(instant(self.starts)?, instant(self.ends)?).map_err(Common::internal)?;
        let (name, valid_days) = (self.name.clone(), self.valid_days);
        Ok(Course { name, time, capacity: self.capacity, enrolled: self.enrolled, valid_days })
    }
}

fn to_pb(state: State) -> pb::EnrolmentState {
    match state {
        State::Enrolled => pb::EnrolmentState::Enrolled,
        State::Attended => pb::EnrolmentState::Attended,
        State::Missed => pb::EnrolmentState::Missed,
        State::Left => pb::EnrolmentState::Left,
    }
}

fn state(row: &EnrolmentRow) -> Result<State, Error> {
    let is_it = |state: &State| i32::from(to_pb(*state)) == row.state;
    let found = State::ALL.into_iter().find(is_it);
    Ok(found.ok_or_else(|| Common::internal(format!("{} in {}: state", row.person, row.course)))?)
}

/// Everybody of a course with the state, by name.
async fn states(tx: &mut Tx, course: &str) -> Result<BTreeMap<String, (State, EnrolmentRow)>, Error> {
    let rows = training::of_course(tx, course).await?;
    rows.into_iter().map(|row| Ok((row.person.clone(), (state(&row)?, row)))).collect()
}

/// The name of an application or a volunteer of a tournament.
fn person(field: &str, text: &str, tournament: &TournamentName) -> Result<String, Error> {
    let of = match text.split('/').nth(2) {
        Some("applications") => parse::text_as::<ApplicationName>(field, text)?.parent(),
        _ => parse::text_as::<VolunteerName>(field, text)?.parent(),
    };
    if of != *tournament {
        return Err(Common::field(field, format!("{text} is not of {tournament}")).into());
    }
    Ok(text.to_owned())
}

fn people(
    field: &str,
    names: &[String],
    course: &CourseName,
    most: usize,
) -> Result<BTreeSet<String>, Error> {
    if names.len() > most {
        return Err(Common::field(field, format!("are more than {most}")).into());
    }
    let tournament = course.parent();
    names.iter().map(|name| person(field, name, &tournament)).collect()
}

fn tell(tx: &mut Tx, course: pb::Course) {
    let (name, event) = (course.name.clone(), pb::CourseChanged { course: Some(course) });
    let tournament = name.split("/courses/").next().unwrap_or_default().to_owned();
    emit(tx, &tournament, &name, &event);
}

/// A new course, read and checked.
pub(crate) struct NewCourse {
    pub(crate) tournament: TournamentName,
    row: CourseRow,
}

impl NewCourse {
    pub(crate) fn parse(request: &pb::CreateCourseRequest) -> Result<Self, Error> {
        let tournament: TournamentName = parse::text_as("parent", &request.parent)?;
        let course = parse::required("course", request.course.clone())?;
        let name: CourseName = parse::text_as("course.name", &course.name)?;
        if name.parent() != tournament {
            return Err(Common::field("course.name", format!("{name} is not of {tournament}")).into());
        }
        let time = parse::interval("course.", course.start_time, course.end_time)?;
        let within = |field: &str, number: i32, least: i32, most: i32| {
            let problem = || Common::field(field, format!("must lie between {least} and {most}"));
            (least..=most).contains(&number).then_some(number).ok_or_else(problem)
        };
        if !course.skill.is_empty() {
            parse::text_as::<Slug>("course.skill", &course.skill)?;
        }
        let row = CourseRow {
            name: name.into(),
            title: parse::required_text("course.title", &course.title)?,
            starts: time.start().as_micros(),
            ends: time.end().as_micros(),
            place: parse::optional_text("course.place", &course.place)?,
            capacity: within("course.capacity", course.capacity, 1, MOST_PLACES)?,
            skill: course.skill,
            valid_days: within("course.valid_days", course.valid_days, 0, MOST_DAYS)?,
            required: course.required.into(),
            ..CourseRow::default()
        };
        Ok(Self { tournament, row })
    }

    pub(crate) async fn carry_out(self, tx: &mut Tx) -> Result<pb::CreateCourseResponse, Error> {
        self.row.course()?.check_enrol(0, tx.now(), &[])?;
        let course: pb::Course = self.row.create(tx).await?.into();
        tell(tx, course.clone());
        Ok(pb::CreateCourseResponse { course: Some(course) })
    }
}

/// People to enrol, read and checked.
pub(crate) struct Enrol {
    pub(crate) course: CourseName,
    people: BTreeSet<String>,
}

impl Enrol {
    pub(crate) fn parse(request: &pb::EnrolInCourseRequest) -> Result<Self, Error> {
        let course = parse::text_as("course", &request.course)?;
        let people = people("people", &request.people, &course, MOST_PEOPLE)?;
        if people.is_empty() {
            return Err(Common::field("people", "names nobody".to_owned()).into());
        }
        Ok(Self { course, people })
    }

    pub(crate) async fn carry_out(self, tx: &mut Tx) -> Result<pb::EnrolInCourseResponse, Error> {
        let row = CourseRow::get(tx, self.course.as_str()).await?;
        let course = row.course()?;
        let known = states(tx, &row.name).await?;
        let mut new: BTreeSet<String> = BTreeSet::new();
        for name in &self.people {
            let names = who(tx, &row.name, name).await?;
            let has_place = |name: &String| known.get(name).is_some_and(|(state, _)| state.holds_place());
            // who became a volunteer keeps the place of the application
            if !names.iter().any(has_place) {
                new.extend(names.into_iter().next());
            }
        }
        let (tournament, now) = (self.course.parent(), tx.now());
        let alternatives =
            training::with_room(tx, tournament.as_str(), &row, now.as_micros(), ALTERNATIVES).await?;
        course.check_enrol(new.len(), now, &alternatives)?;
        let mut enrolments = Vec::with_capacity(new.len());
        for name in &new {
            let enrolment = EnrolmentRow {
                course: row.name.clone(),
                person: name.clone(),
                state: to_pb(State::Enrolled).into(),
                skill: row.skill.clone(),
                ..EnrolmentRow::default()
            };
            enrolment.put(tx).await?;
            enrolments.push(enrolment.into());
        }
        let places = i32::try_from(new.len()).unwrap_or(MOST_PLACES);
        let course: pb::Course = take(tx, row, places).await?;
        Ok(pb::EnrolInCourseResponse { course: Some(course), enrolments })
    }
}

/// The names of somebody who may be enrolled: as a volunteer, where the person is one, and as an applicant.
async fn who(tx: &mut Tx, course: &str, name: &str) -> Result<Vec<String>, Error> {
    if !name.contains("/applications/") {
        VolunteerRow::get(tx, name).await?;
        let application = applications::of_volunteers(tx, &[name]).await?.into_values().next();
        return Ok([Some(name.to_owned()), application].into_iter().flatten().collect());
    }
    let row = ApplicationRow::get(tx, name).await?;
    let state = row.at()?;
    if row.erased.is_some() || !(state.is_open() || state == application::State::Accredited) {
        let (course, is) = (course.to_owned(), state.in_words());
        let problem = format!("takes nobody whose application is {is}, or was erased: {name}");
        return Err(Refusal::State { course, problem }.into());
    }
    let volunteer = Some(row.volunteer).filter(|volunteer| !volunteer.is_empty());
    Ok(volunteer.into_iter().chain([row.name]).collect())
}

/// Gives back the places of somebody in courses that are not recorded yet.
pub(crate) async fn give_back(tx: &mut Tx, person: &str, also: &str) -> Result<(), Error> {
    for enrolment in training::places(tx, person, also).await? {
        let row = CourseRow::get(tx, &enrolment.course).await?;
        EnrolmentRow { state: to_pb(State::Left).into(), ..enrolment }.put(tx).await?;
        take(tx, row, -1).await?;
    }
    Ok(())
}

/// Takes places of a course, or gives them back where the number is negative.
async fn take(tx: &mut Tx, row: CourseRow, places: i32) -> Result<pb::Course, Error> {
    if places == 0 {
        return Ok(row.into());
    }
    let course: pb::Course = CourseRow { enrolled: row.enrolled + places, ..row }.save(tx).await?.into();
    tell(tx, course.clone());
    Ok(course)
}

/// Somebody who gives the place back, read and checked.
pub(crate) struct Leave {
    pub(crate) course: CourseName,
    person: String,
}

impl Leave {
    pub(crate) fn parse(request: &pb::LeaveCourseRequest) -> Result<Self, Error> {
        let course: CourseName = parse::text_as("course", &request.course)?;
        let person = person("person", &request.person, &course.parent())?;
        Ok(Self { course, person })
    }

    pub(crate) async fn carry_out(self, tx: &mut Tx) -> Result<pb::LeaveCourseResponse, Error> {
        let row = CourseRow::get(tx, self.course.as_str()).await?;
        let known = states(tx, &row.name).await?.remove(&self.person);
        let wanted = [State::Enrolled];
        row.course()?.check_person(&self.person, known.as_ref().map(|(state, _)| *state), &wanted)?;
        if let Some((_, enrolment)) = known {
            EnrolmentRow { state: to_pb(State::Left).into(), ..enrolment }.put(tx).await?;
        }
        Ok(pb::LeaveCourseResponse { course: Some(take(tx, row, -1).await?) })
    }
}

/// Who was there and who was not, read and checked.
pub(crate) struct Attendance {
    pub(crate) course: CourseName,
    attended: BTreeSet<String>,
    missed: BTreeSet<String>,
}

impl Attendance {
    pub(crate) fn parse(request: &pb::RecordCourseAttendanceRequest) -> Result<Self, Error> {
        let course = parse::text_as("course", &request.course)?;
        let most = usize::try_from(MOST_PLACES).unwrap_or_default();
        let attended = people("attended", &request.attended, &course, most)?;
        let missed = people("missed", &request.missed, &course, most)?;
        if let Some(both) = attended.intersection(&missed).next() {
            return Err(Common::field("missed", format!("{both} stands among the others, too")).into());
        }
        if attended.is_empty() && missed.is_empty() {
            return Err(Common::field("attended", "names nobody, and `missed` neither".to_owned()).into());
        }
        Ok(Self { course, attended, missed })
    }

    pub(crate) async fn carry_out(self, tx: &mut Tx) -> Result<pb::RecordCourseAttendanceResponse, Error> {
        let row = CourseRow::get(tx, self.course.as_str()).await?;
        let course = row.course()?;
        course.check_begun(tx.now())?;
        let mut known = states(tx, &row.name).await?;
        let (mut enrolments, mut freed) = (Vec::new(), 0);
        let there = self.attended.iter().map(|name| (name, State::Attended));
        let missing = self.missed.iter().map(|name| (name, State::Missed));
        for (name, now) in there.chain(missing) {
            let before = known.remove(name);
            let stood = before.as_ref().map(|(state, _)| *state);
            // a register may have been wrong: what it says last holds
            course.check_person(name, stood, &[State::Enrolled, State::Attended, State::Missed])?;
            let Some((stood, enrolment)) = before else { continue };
            freed += i32::from(stood.holds_place()) - i32::from(now.holds_place());
            let is_there = now == State::Attended;
            let enrolment = EnrolmentRow {
                state: to_pb(now).into(),
                attended: is_there.then(|| tx.now().as_micros()),
                expires: course.expires().filter(|_| is_there).map(Instant::as_micros),
                ..enrolment
            };
            enrolment.put(tx).await?;
            teach(tx, name).await?;
            enrolments.push(pb::Enrolment::from(enrolment));
        }
        take(tx, row, -freed).await?;
        let event = pb::CourseAttended { enrolments: enrolments.clone() };
        emit(tx, self.course.parent().as_str(), self.course.as_str(), &event);
        Ok(pb::RecordCourseAttendanceResponse { enrolments })
    }
}

#[tonic::async_trait]
impl TrainingService for Volunteers {
    async fn create_course(
        &self,
        request: Request<pb::CreateCourseRequest>,
    ) -> Result<Response<pb::CreateCourseResponse>, Status> {
        let new = NewCourse::parse(request.get_ref())?;
        let locks = lock(&new.tournament);
        self.desk.write(&request, locks, move |tx| Box::pin(new.carry_out(tx))).await
    }

    async fn list_courses(
        &self,
        request: Request<pb::ListCoursesRequest>,
    ) -> Result<Response<pb::ListCoursesResponse>, Status> {
        let paging = Caller::of(&request)?.page(request.get_ref())?;
        let tournament: TournamentName =
            parse::text_as("parent", &request.get_ref().parent).map_err(Error::from)?;
        let mut conn = self.desk.read().await?;
        let ancestor = format!("{tournament}/courses");
        let page = CourseRow::below(&mut conn, &ancestor, paging.after.as_deref(), paging.size)
            .await
            .map_err(Error::from)?;
        Ok(Response::new(pb::ListCoursesResponse {
            next_page_token: paging.seal(page.next.as_deref()),
            courses: page.items.into_iter().map(Into::into).collect(),
        }))
    }

    async fn enrol_in_course(
        &self,
        request: Request<pb::EnrolInCourseRequest>,
    ) -> Result<Response<pb::EnrolInCourseResponse>, Status> {
        let enrol = Enrol::parse(request.get_ref())?;
        let locks = lock(enrol.course.parent());
        self.desk.write(&request, locks, move |tx| Box::pin(enrol.carry_out(tx))).await
    }

    async fn leave_course(
        &self,
        request: Request<pb::LeaveCourseRequest>,
    ) -> Result<Response<pb::LeaveCourseResponse>, Status> {
        let leave = Leave::parse(request.get_ref())?;
        let locks = lock(leave.course.parent());
        self.desk.write(&request, locks, move |tx| Box::pin(leave.carry_out(tx))).await
    }

    async fn record_course_attendance(
        &self,
        request: Request<pb::RecordCourseAttendanceRequest>,
    ) -> Result<Response<pb::RecordCourseAttendanceResponse>, Status> {
        let attendance = Attendance::parse(request.get_ref())?;
        let locks = lock(attendance.course.parent());
        self.desk.write(&request, locks, move |tx| Box::pin(attendance.carry_out(tx))).await
    }

    async fn list_enrolments(
        &self,
        request: Request<pb::ListEnrolmentsRequest>,
    ) -> Result<Response<pb::ListEnrolmentsResponse>, Status> {
        let row: CourseRow = self.desk.get::<CourseName, _>(&request.get_ref().course).await?;
        let mut conn = self.desk.read().await?;
        let rows = training::of_course(&mut conn, &row.name).await.map_err(Error::from)?;
        Ok(Response::new(pb::ListEnrolmentsResponse {
            enrolments: rows.into_iter().map(Into::into).collect(),
        }))
    }
}
