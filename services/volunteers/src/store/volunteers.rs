//! Groups and volunteers as rows. The table of volunteers is the one place that says who somebody is.

use std::{collections::BTreeMap, sync::LazyLock};

use matchday_api::volunteers::v1 as pb;
use matchday_kernel::{Common, Instant, Interval, Page, PageSize};
use matchday_rpc::parse::{to_provenance, to_timestamp};
use matchday_store::{Conn, Record, StoreError, on_db, table};

use super::words;
use crate::domain::person::Person;

/// Names that are asked for in one statement.
const NAMES: usize = 64;

table! {
    /// A group as stored.
    pub(crate) struct GroupRow in "groups" {
        display_name: String,
        leader: String,
        source: String,
        generated: String,
    }
}

table! {
    /// A volunteer as stored.
    pub(crate) struct VolunteerRow in "volunteers" {
        display_name: String,
        group_name: String,
        skills: String,
        languages: String,
        availability: String,
        source: String,
        generated: String,
        learned: String,
    }
}

/// Learned skills as they are kept: each with when it expires, in microseconds.
pub(crate) fn learned_to_text(learned: &[(String, Instant)]) -> String {
    let text = |(skill, expires): &(String, Instant)| format!("{skill}@{}", expires.as_micros());
    learned.iter().map(text).collect::<Vec<_>>().join(" ")
}

/// Learned skills as they were kept of a name.
pub(crate) fn learned(name: &str, text: &str) -> Result<Vec<(String, Instant)>, StoreError> {
    let read = |part: &str| {
        let (skill, expires) = part.split_once('@')?;
        Some((skill.to_owned(), Instant::from_micros(expires.parse().ok()?).ok()?))
    };
    let one = |part| read(part).ok_or_else(|| Common::internal(format!("{name}: learned {part}")).into());
    text.split_whitespace().map(one).collect()
}

/// Availability as it is kept: start and end of each time in microseconds.
pub(crate) fn availability_to_text(times: &[Interval]) -> String {
    let text = |time: &Interval| format!("{}/{}", time.start().as_micros(), time.end().as_micros());
    times.iter().map(text).collect::<Vec<_>>().join(" ")
}

/// Availability as it was kept of a name.
pub(crate) fn availability(name: &str, text: &str) -> Result<Vec<Interval>, StoreError> {
    let read = |part: &str| {
        let (start, end) = part.split_once('/')?;
        let instant = |micros: &str| Instant::from_micros(micros.parse().ok()?).ok();
        Interval::new(instant(start)?, instant(end)?).ok()
    };
    let time =
        |part| read(part).ok_or_else(|| Common::internal(format!("{name}: availability {part}")).into());
    text.split_whitespace().map(time).collect()
}

/// Availability as the contract writes it.
pub(crate) fn to_availability(times: &[Interval]) -> Vec<pb::Availability> {
    let time = |time: &Interval| pb::Availability {
        start_time: Some(to_timestamp(time.start())),
        end_time: Some(to_timestamp(time.end())),
    };
    times.iter().map(time).collect()
}

/// What the rules need of a volunteer: name, group, skills, languages, availability and what was learned.
type PersonRow = (String, String, String, String, String, String);

fn person((name, group, skills, languages, times, courses): PersonRow) -> Result<Person, StoreError> {
    let availability = availability(&name, &times)?;
    let learned = learned(&name, &courses)?;
    Ok(Person { name, group, skills: words(&skills), learned, languages: words(&languages), availability })
}

impl VolunteerRow {
    /// The volunteer as the rules see it.
    pub(crate) fn person(&self) -> Result<Person, StoreError> {
        let Self { name, group_name, skills, languages, availability, learned, .. } = self.clone();
        person((name, group_name, skills, languages, availability, learned))
    }
}

impl From<GroupRow> for pb::Group {
    fn from(row: GroupRow) -> Self {
        Self {
            etag: row.etag(),
            name: row.name,
            display_name: row.display_name,
            leader: row.leader,
            provenance: Some(to_provenance(row.source, &row.generated)),
        }
    }
}

impl TryFrom<VolunteerRow> for pb::Volunteer {
    type Error = StoreError;

    fn try_from(row: VolunteerRow) -> Result<Self, StoreError> {
        let times = availability(&row.name, &row.availability)?;
        let learned = learned(&row.name, &row.learned)?;
        let learned_skill = |(skill, expires)| pb::LearnedSkill {
            skill,
            expire_time: (expires != Instant::MAX).then(|| to_timestamp(expires)),
        };
        Ok(Self {
            learned: learned.into_iter().map(learned_skill).collect(),
            etag: row.etag(),
            name: row.name,
            display_name: row.display_name,
            group: row.group_name,
            skills: words(&row.skills),
            languages: words(&row.languages),
            availability: to_availability(&times),
            provenance: Some(to_provenance(row.source, &row.generated)),
        })
    }
}

/// Volunteers of a tournament as the rules see them, by name.
pub(crate) async fn people(conn: &mut Conn, tournament: &str) -> Result<Vec<Person>, StoreError> {
    let rows: Vec<PersonRow> = on_db!(conn, |c| sqlx::query_as(
        "SELECT name, group_name, skills, languages, availability, learned FROM volunteers \
         WHERE name > $1 AND name < $2 ORDER BY name"
    )
    .bind(format!("{tournament}/"))
    .bind(format!("{tournament}0"))
    .fetch_all(c)
    .await)?;
    rows.into_iter().map(person).collect()
}

/// Leaders of the groups of a tournament, by name of the group.
pub(crate) async fn leaders(
    conn: &mut Conn,
    tournament: &str,
) -> Result<BTreeMap<String, String>, StoreError> {
    let rows: Vec<(String, String)> =
        on_db!(conn, |c| sqlx::query_as("SELECT name, leader FROM groups WHERE name > $1 AND name < $2")
            .bind(format!("{tournament}/"))
            .bind(format!("{tournament}0"))
            .fetch_all(c)
            .await)?;
    Ok(rows.into_iter().collect())
}

/// These volunteers as the rules see them, in no order.
pub(crate) async fn people_named(conn: &mut Conn, names: &[&str]) -> Result<Vec<Person>, StoreError> {
    let mut people = Vec::with_capacity(names.len());
    for names in names.chunks(NAMES) {
        for row in VolunteerRow::find_all(conn, names).await? {
            people.push(row.person()?);
        }
    }
    Ok(people)
}

/// A page of the volunteers of a group, by name.
pub(crate) async fn of_group(
    conn: &mut Conn,
    tournament: &str,
    group: &str,
    after: Option<&str>,
    size: PageSize,
) -> Result<Page<VolunteerRow>, StoreError> {
    static SQL: LazyLock<String> = LazyLock::new(|| {
        let columns = &VolunteerRow::sql().columns;
        format!(
            "SELECT {columns} FROM volunteers WHERE group_name = $1 AND name > $2 AND name < $3 ORDER BY name LIMIT $4"
        )
    });
    let (first, until) = (format!("{tournament}/"), format!("{tournament}0"));
    let rows: Vec<VolunteerRow> = on_db!(conn, |c| sqlx::query_as(&SQL)
        .bind(group)
        .bind(after.filter(|key| key.starts_with(&first)).unwrap_or(&first))
        .bind(&until)
        .bind(i64::from(size.get()) + 1)
        .fetch_all(c)
        .await)?;
    Ok(Page::cut(rows, size, |row| row.name.clone()))
}
