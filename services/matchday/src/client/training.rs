//! `matchday training`: courses for volunteers and applicants (培训).

use clap::{Args, Subcommand};
use matchday_api::volunteers::v1::{
    Course, CreateCourseRequest, EnrolInCourseRequest, Enrolment, EnrolmentState, LeaveCourseRequest,
    ListCoursesRequest, ListEnrolmentsRequest, RecordCourseAttendanceRequest,
};
use matchday_kernel::{ApplicationName, CourseName, Slug, TournamentName, VolunteerName};
use matchday_rpc::parse::to_timestamp;

use super::{
    connection::{Client, Connection},
    names, pages,
    refusal::Repeat,
    times::Clocks,
};
use crate::{
    failure::Failure,
    output::{Cell, Column, Shown},
    words,
};

/// The command and where it goes.
#[derive(Args)]
pub(crate) struct Training {
    #[command(flatten)]
    connection: Connection,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make a course
    #[command(
        after_long_help = "Example:\n  matchday training create fisu-2023/first-aid-1 --title 'First aid 急救' \
                                 --start '2023-10-14 09:00'\n    --end '2023-10-14 17:00' --capacity 24 --skill \
                                 first-aid --valid-days 730 --required"
    )]
    Create(Create),
    /// List the courses of a tournament
    List {
        /// The tournament: fisu-2023
        tournament: String,
    },
    /// Give places of a course to people, all or none
    #[command(
        after_long_help = "Examples:\n  matchday training enrol fisu-2023/first-aid-1 v001 v002\n  matchday \
                                 training enrol fisu-2023/first-aid-1 a001 --applications"
    )]
    Enrol(Enrol),
    /// Give a place back
    Leave(Leave),
    /// Record who has attended, and who has not
    #[command(
        after_long_help = "Example:\n  matchday training attended fisu-2023/first-aid-1 v001 v002 --missed v003"
    )]
    Attended(Attended),
    /// List everybody of a course
    People {
        /// The course: fisu-2023/first-aid-1
        course: String,
    },
}

#[derive(Args)]
struct Create {
    /// The course: fisu-2023/first-aid-1
    course: String,
    /// What people call it
    #[arg(long)]
    title: String,
    /// When it begins, on the tournament's clocks
    #[arg(long, value_name = "TIME")]
    start: String,
    /// When it ends
    #[arg(long, value_name = "TIME")]
    end: String,
    /// Where, in words
    #[arg(long, default_value = "", hide_default_value = true)]
    place: String,
    /// Places: 1 to 1000
    #[arg(long)]
    capacity: i32,
    /// Skill that is learned: first-aid
    #[arg(long)]
    skill: Option<Slug>,
    /// Days after the end that the skill lasts; without it for good
    #[arg(long, default_value_t = 0, hide_default_value = true, requires = "skill")]
    valid_days: i32,
    /// Nobody is accredited without it
    #[arg(long)]
    required: bool,
    #[command(flatten)]
    repeat: Repeat,
}

/// People by their ids.
#[derive(Args)]
struct Named {
    /// The ids are those of applications, not of volunteers
    #[arg(long)]
    applications: bool,
}

impl Named {
    fn read(&self, tournament: &TournamentName, text: &str) -> Result<String, Failure> {
        let within = Some(tournament.id());
        Ok(if self.applications {
            names::read_within::<ApplicationName>(within, text)?.into()
        } else {
            names::read_within::<VolunteerName>(within, text)?.into()
        })
    }

    fn all(&self, tournament: &TournamentName, texts: &[String]) -> Result<Vec<String>, Failure> {
        texts.iter().map(|text| self.read(tournament, text)).collect()
    }
}

#[derive(Args)]
struct Enrol {
    /// The course: fisu-2023/first-aid-1
    course: String,
    /// Ids of volunteers: v001 v002
    #[arg(required = true)]
    people: Vec<String>,
    #[command(flatten)]
    named: Named,
    #[command(flatten)]
    repeat: Repeat,
}

#[derive(Args)]
struct Leave {
    /// The course: fisu-2023/first-aid-1
    course: String,
    /// Id of the volunteer: v001
    person: String,
    #[command(flatten)]
    named: Named,
    #[command(flatten)]
    repeat: Repeat,
}

#[derive(Args)]
struct Attended {
    /// The course: fisu-2023/first-aid-1
    course: String,
    /// Ids of volunteers who were there: v001 v002
    #[arg(required_unless_present = "missed")]
    people: Vec<String>,
    /// Ids of those who were not, each after its own --missed
    #[arg(long, value_name = "ID")]
    missed: Vec<String>,
    #[command(flatten)]
    named: Named,
    #[command(flatten)]
    repeat: Repeat,
}

impl Shown for Course {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("name", |it: &Self| Cell::name(&it.name)),
        Column::new("title", |it: &Self| Cell::text(&it.title)),
        Column::clock("start", |it: &Self| Cell::Time(it.start_time)),
        Column::new("end", |it: &Self| Cell::Time(it.end_time)),
        Column::new("place", |it: &Self| Cell::text(&it.place)),
        Column::new("enrolled", |it: &Self| Cell::Number(it.enrolled.into())),
        Column::new("capacity", |it: &Self| Cell::Number(it.capacity.into())),
        Column::new("skill", |it: &Self| Cell::text(&it.skill)),
        Column::new("valid-days", |it: &Self| Cell::Count(it.valid_days)),
        Column::new("required", |it: &Self| Cell::text(if it.required { "yes" } else { "no" })),
        Column::detail("etag", |it: &Self| Cell::text(&it.etag)),
    ];
}

impl Shown for Enrolment {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("person", |it: &Self| Cell::name(&it.person)),
        Column::new("state", |it: &Self| Cell::Text(words::word_of::<EnrolmentState>(it.state))),
        Column::clock("expires", |it: &Self| Cell::Time(it.expire_time)),
        Column::detail("course", |it: &Self| Cell::name(&it.course)),
    ];
}

impl Training {
    /// Does what the command says.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let client = self.connection.open()?;
        match self.command {
            Command::Create(create) => create.run(&client).await,
            Command::List { tournament } => list(&client, &tournament).await,
            Command::Enrol(enrol) => enrol.run(&client).await,
            Command::Leave(leave) => leave.run(&client).await,
            Command::Attended(attended) => attended.run(&client).await,
            Command::People { course } => {
                let course: CourseName = names::read(&course)?;
                let request = ListEnrolmentsRequest { course: course.to_string() };
                let response = client.training().list_enrolments(request).await?.into_inner();
                show_all(&client, &course, &response.enrolments).await
            }
        }
    }
}

impl Create {
    async fn run(self, client: &Client) -> Result<(), Failure> {
        let (name, request): (CourseName, _) = (names::read(&self.course)?, self.repeat.request());
        let tournament = name.parent();
        let clocks = Clocks::Tournament(&tournament);
        let course = Course {
            name: name.to_string(),
            title: self.title,
            start_time: Some(to_timestamp(clocks.moment(client, "--start", &self.start).await?)),
            end_time: Some(to_timestamp(clocks.moment(client, "--end", &self.end).await?)),
            place: self.place,
            capacity: self.capacity,
            skill: self.skill.map(String::from).unwrap_or_default(),
            valid_days: self.valid_days,
            required: self.required,
            ..Course::default()
        };
        let create = CreateCourseRequest {
            parent: tournament.to_string(),
            course: Some(course),
            request_id: request.id(),
        };
        let created = client.training().create_course(create).await;
        let response = created.map_err(|status| request.refused(status))?.into_inner();
        show(client, &name, response.course).await
    }
}

async fn list(client: &Client, tournament: &str) -> Result<(), Failure> {
    let tournament: TournamentName = names::read(tournament)?;
    let courses = pages::all(async |page_token| {
        let request =
            ListCoursesRequest { parent: tournament.to_string(), page_size: pages::PAGE_SIZE, page_token };
        let page = client.training().list_courses(request).await?.into_inner();
        Ok((page.courses, page.next_page_token))
    });
    let courses = courses.await?;
    let zone = Clocks::Tournament(&tournament).zone_to_show(client).await;
    client.output.list(&courses, &zone)
}

impl Enrol {
    async fn run(self, client: &Client) -> Result<(), Failure> {
        let (course, request): (CourseName, _) = (names::read(&self.course)?, self.repeat.request());
        let enrol = EnrolInCourseRequest {
            course: course.to_string(),
            people: self.named.all(&course.parent(), &self.people)?,
            request_id: request.id(),
        };
        let enrolled = client.training().enrol_in_course(enrol).await;
        let response = enrolled.map_err(|status| request.refused(status))?.into_inner();
        show(client, &course, response.course).await
    }
}

impl Leave {
    async fn run(self, client: &Client) -> Result<(), Failure> {
        let (course, request): (CourseName, _) = (names::read(&self.course)?, self.repeat.request());
        let leave = LeaveCourseRequest {
            course: course.to_string(),
            person: self.named.read(&course.parent(), &self.person)?,
            request_id: request.id(),
        };
        let left = client.training().leave_course(leave).await;
        let response = left.map_err(|status| request.refused(status))?.into_inner();
        show(client, &course, response.course).await
    }
}

impl Attended {
    async fn run(self, client: &Client) -> Result<(), Failure> {
        let (course, request): (CourseName, _) = (names::read(&self.course)?, self.repeat.request());
        let record = RecordCourseAttendanceRequest {
            course: course.to_string(),
            attended: self.named.all(&course.parent(), &self.people)?,
            missed: self.named.all(&course.parent(), &self.missed)?,
            request_id: request.id(),
        };
        let recorded = client.training().record_course_attendance(record).await;
        let response = recorded.map_err(|status| request.refused(status))?.into_inner();
        show_all(client, &course, &response.enrolments).await
    }
}

async fn show(client: &Client, name: &CourseName, course: Option<Course>) -> Result<(), Failure> {
    let zone = Clocks::Tournament(&name.parent()).zone_to_show(client).await;
    client.output.one(&course.unwrap_or_default(), &zone)
}

async fn show_all(client: &Client, course: &CourseName, enrolments: &[Enrolment]) -> Result<(), Failure> {
    let zone = Clocks::Tournament(&course.parent()).zone_to_show(client).await;
    client.output.list(enrolments, &zone)
}
