//! Courses and who is enrolled in them, as rows.

use std::sync::LazyLock;

use matchday_api::volunteers::v1 as pb;
use matchday_rpc::parse::micros_to_timestamp;
use matchday_store::{Conn, Record, StoreError, Tx, on_db, table};

table! {
    /// A course as stored; instants in microseconds.
    pub(crate) struct CourseRow in "courses" {
        title: String,
        starts: i64,
        ends: i64,
        place: String,
        capacity: i32,
        enrolled: i32,
        skill: String,
        valid_days: i32,
        required: i32,
    }
}

impl From<CourseRow> for pb::Course {
    fn from(row: CourseRow) -> Self {
        Self {
            etag: row.etag(),
            start_time: Some(micros_to_timestamp(row.starts)),
            end_time: Some(micros_to_timestamp(row.ends)),
            name: row.name,
            title: row.title,
            place: row.place,
            capacity: row.capacity,
            enrolled: row.enrolled,
            skill: row.skill,
            valid_days: row.valid_days,
            required: row.required != 0,
        }
    }
}

/// Somebody in a course, as stored; instants in microseconds.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct EnrolmentRow {
    pub(crate) course: String,
    pub(crate) person: String,
    pub(crate) state: i32,
    pub(crate) skill: String,
    pub(crate) attended: Option<i64>,
    pub(crate) expires: Option<i64>,
}

impl From<EnrolmentRow> for pb::Enrolment {
    fn from(row: EnrolmentRow) -> Self {
        let expire_time = row.expires.map(micros_to_timestamp);
        Self { course: row.course, person: row.person, state: row.state, expire_time }
    }
}

impl EnrolmentRow {
    /// Writes it, over what was of the person in the course.
    pub(crate) async fn put(&self, tx: &mut Tx) -> Result<(), StoreError> {
        on_db!(tx, |c| {
            sqlx::query(
            "INSERT INTO enrolments (course, person, state, skill, attended, expires) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (course, person) DO UPDATE SET state = excluded.state, \
             skill = excluded.skill, attended = excluded.attended, expires = excluded.expires"
        )
        .bind(&self.course)
        .bind(&self.person)
        .bind(self.state)
        .bind(&self.skill)
        .bind(self.attended)
        .bind(self.expires)
        .execute(c)
        .await
        .map(drop)
        })?;
        Ok(())
    }
}

const COLUMNS: &str = "course, person, state, skill, attended, expires";

/// Everybody of a course, by person.
pub(crate) async fn of_course(conn: &mut Conn, course: &str) -> Result<Vec<EnrolmentRow>, StoreError> {
    static SQL: LazyLock<String> =
        LazyLock::new(|| format!("SELECT {COLUMNS} FROM enrolments WHERE course = $1 ORDER BY person"));
    Ok(on_db!(conn, |c| sqlx::query_as(&SQL).bind(course).fetch_all(c).await)?)
}

/// What somebody has attended, by course; a second name of the same person counts, too.
pub(crate) async fn attended(
    conn: &mut Conn,
    person: &str,
    also: &str,
) -> Result<Vec<EnrolmentRow>, StoreError> {
    static SQL: LazyLock<String> = LazyLock::new(|| {
        format!("SELECT {COLUMNS} FROM enrolments WHERE person IN ($1, $2) AND state = 2 ORDER BY course")
    });
    Ok(on_db!(conn, |c| sqlx::query_as(&SQL).bind(person).bind(also).fetch_all(c).await)?)
}

/// Where somebody has a place and has not been recorded, by course; a second name of the same person counts, too.
pub(crate) async fn places(
    conn: &mut Conn,
    person: &str,
    also: &str,
) -> Result<Vec<EnrolmentRow>, StoreError> {
    static SQL: LazyLock<String> = LazyLock::new(|| {
        format!("SELECT {COLUMNS} FROM enrolments WHERE person IN ($1, $2) AND state = 1 ORDER BY course")
    });
    Ok(on_db!(conn, |c| sqlx::query_as(&SQL).bind(person).bind(also).fetch_all(c).await)?)
}

/// Names, titles and skills of the courses of a tournament without which nobody is accredited.
pub(crate) async fn required(
    conn: &mut Conn,
    tournament: &str,
) -> Result<Vec<(String, String, String)>, StoreError> {
    Ok(on_db!(conn, |c| sqlx::query_as(
        "SELECT name, title, skill FROM courses WHERE name > $1 AND name < $2 AND required = 1 ORDER BY name"
    )
    .bind(format!("{tournament}/"))
    .bind(format!("{tournament}0"))
    .fetch_all(c)
    .await)?)
}

/// Names of other courses with room that are still to come and teach the same skill as one, the next first: at most so
/// many.
pub(crate) async fn with_room(
    conn: &mut Conn,
    tournament: &str,
    course: &CourseRow,
    after: i64,
    most: i64,
) -> Result<Vec<String>, StoreError> {
    Ok(on_db!(conn, |c| {
        sqlx::query_scalar(
            "SELECT name FROM courses WHERE name > $1 AND name < $2 AND name <> $3 AND skill = $4 AND skill <> '' \
             AND enrolled < capacity AND starts > $5 ORDER BY starts, name LIMIT $6",
        )
        .bind(format!("{tournament}/"))
        .bind(format!("{tournament}0"))
        .bind(&course.name)
        .bind(&course.skill)
        .bind(after)
        .bind(most)
        .fetch_all(c)
        .await
    })?)
}
