//! Applications as rows: where each stands, and who applies.

use std::{collections::BTreeMap, sync::LazyLock};

use matchday_api::volunteers::v1 as pb;
use matchday_kernel::{Common, Instant, Page, PageSize, Zone};
use matchday_rpc::parse::{micros_to_timestamp, to_provenance};
use matchday_store::{Conn, Record, StoreError, Tx, on_db, table};

use super::{
    volunteers::{availability, to_availability},
    words,
};
use crate::domain::{
    accreditation::{Insurance, Papers},
    application::State,
};

/// Rows, or values, of one statement; `SQLite` takes 32,766 values in one.
const ROWS: usize = 500;

table! {
    /// An application as stored.
    pub(crate) struct ApplicationRow in "applications" {
        state: i32,
        reason: String,
        group_name: String,
        skills: String,
        languages: String,
        availability: String,
        zones: String,
        consent_version: String,
        consented: Option<i64>,
        guardian_version: String,
        guardian_consented: Option<i64>,
        insurance: i32,
        insured_until: Option<i64>,
        slot: String,
        volunteer: String,
        display_name: String,
        email: String,
        phone: String,
        birth_date: String,
        document_hash: String,
        document_last: String,
        guardian: String,
        note: String,
        erased: Option<i64>,
        source: String,
        generated: String,
    }
}

fn instant(micros: i64) -> Result<Instant, StoreError> {
    Instant::from_micros(micros).map_err(StoreError::internal)
}

/// The state that is kept as a number, of something of a name.
pub(crate) fn state(name: &str, number: i32) -> Result<State, StoreError> {
    let at = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
    let state = at.and_then(|at| State::ALL.get(at)).copied();
    state.ok_or_else(|| Common::internal(format!("{name}: state {number}")).into())
}

fn consent(version: &str, time: Option<i64>) -> Option<pb::Consent> {
    time.map(|time| pb::Consent { version: version.to_owned(), time: Some(micros_to_timestamp(time)) })
}

impl ApplicationRow {
    /// Where it stands.
    pub(crate) fn at(&self) -> Result<State, StoreError> {
        state(&self.name, self.state)
    }

    /// The number that a state is kept as.
    pub(crate) fn number(state: State) -> i32 {
        state as i32 + 1
    }

    /// What an accreditation looks at.
    pub(crate) fn papers(&self) -> Result<Papers, StoreError> {
        let insurance = match pb::InsuranceState::try_from(self.insurance) {
            Ok(pb::InsuranceState::Requested) => Insurance::Requested,
            Ok(pb::InsuranceState::Refused) => Insurance::Refused,
            Ok(pb::InsuranceState::Covered) => {
                Insurance::Covered(self.insured_until.map(instant).transpose()?)
            }
            _ => Insurance::Unknown,
        };
        Ok(Papers {
            application: self.name.clone(),
            has_consent: self.consented.is_some(),
            has_guardian_consent: self.guardian_consented.is_some(),
            born: self.birth_date.parse().ok(),
            insurance,
        })
    }

    /// The application as a reader sees it, at a moment, on the clocks of a zone.
    pub(crate) fn shown(&self, now: Instant, zone: &Zone) -> Result<pb::Application, StoreError> {
        Ok(pb::Application {
            display_name: self.display_name.clone(),
            reason: self.reason.clone(),
            ..self.told(now, zone)?
        })
    }

    /// The same without what is said of the person: for events, and for replies that are kept.
    pub(crate) fn told(&self, now: Instant, zone: &Zone) -> Result<pb::Application, StoreError> {
        let times = availability(&self.name, &self.availability)?;
        Ok(pb::Application {
            name: self.name.clone(),
            state: self.state,
            group: self.group_name.clone(),
            skills: words(&self.skills),
            languages: words(&self.languages),
            availability: to_availability(&times),
            zones: words(&self.zones),
            consent: consent(&self.consent_version, self.consented),
            guardian_consent: consent(&self.guardian_version, self.guardian_consented),
            minor: self.papers()?.is_minor(now, zone),
            insurance: self.insurance,
            insured_until: self.insured_until.map(micros_to_timestamp),
            interview_slot: self.slot.clone(),
            volunteer: self.volunteer.clone(),
            erase_time: self.erased.map(micros_to_timestamp),
            create_time: Some(micros_to_timestamp(self.created)),
            provenance: Some(to_provenance(self.source.clone(), &self.generated)),
            etag: self.etag(),
            ..pb::Application::default()
        })
    }

    /// Who applies.
    pub(crate) fn applicant(&self) -> pb::Applicant {
        pb::Applicant {
            display_name: self.display_name.clone(),
            email: self.email.clone(),
            phone: self.phone.clone(),
            birth_date: self.birth_date.clone(),
            document_number: String::new(),
            document_last: self.document_last.clone(),
            guardian: self.guardian.clone(),
            note: self.note.clone(),
        }
    }
}

/// A page of the applications of a tournament in some states, by name.
pub(crate) async fn page(
    conn: &mut Conn,
    tournament: &str,
    states: &[pb::ApplicationState],
    after: Option<&str>,
    size: PageSize,
) -> Result<Page<ApplicationRow>, StoreError> {
    let numbers: Vec<String> = states.iter().map(|state| i32::from(*state).to_string()).collect();
    let columns = &ApplicationRow::sql().columns;
    let sql = format!(
        "SELECT {columns} FROM applications WHERE name > $1 AND name < $2 AND state IN ({}) ORDER BY name LIMIT $3",
        numbers.join(", ")
    );
    let (first, until) = (format!("{tournament}/"), format!("{tournament}0"));
    let rows: Vec<ApplicationRow> = on_db!(conn, |c| sqlx::query_as(&sql)
        .bind(after.filter(|key| key.starts_with(&first)).unwrap_or(&first))
        .bind(&until)
        .bind(i64::from(size.get()) + 1)
        .fetch_all(c)
        .await)?;
    Ok(Page::cut(rows, size, |row| row.name.clone()))
}

/// Which of these values of a column stand in applications, with the names of those.
async fn holders(
    conn: &mut Conn,
    column: &'static str,
    values: &[&str],
) -> Result<BTreeMap<String, String>, StoreError> {
    let mut found = BTreeMap::new();
    for values in values.chunks(ROWS) {
        let rows: Vec<(String, String)> = on_db!(conn, |c| {
            let mut query = sqlx::QueryBuilder::new(format!(
                "SELECT {column}, name FROM applications WHERE {column} <> '' AND {column} IN ("
            ));
            let mut list = query.separated(", ");
            for value in values {
                list.push_bind(*value);
            }
            query.push(")");
            query.build_query_as().fetch_all(c).await
        })?;
        found.extend(rows);
    }
    Ok(found)
}

/// The applications that hold identity documents of these hashes, by hash.
pub(crate) async fn with_documents(
    conn: &mut Conn,
    hashes: &[&str],
) -> Result<BTreeMap<String, String>, StoreError> {
    holders(conn, "document_hash", hashes).await
}

/// The applications of these volunteers, by volunteer.
pub(crate) async fn of_volunteers(
    conn: &mut Conn,
    volunteers: &[&str],
) -> Result<BTreeMap<String, String>, StoreError> {
    holders(conn, "volunteer", volunteers).await
}

/// Which of these applications exist.
pub(crate) async fn existing(
    conn: &mut Conn,
    names: &[&str],
) -> Result<BTreeMap<String, String>, StoreError> {
    holders(conn, "name", names).await
}

/// Writes new applications; the rows come back as written.
pub(crate) async fn insert_all(tx: &mut Tx, rows: &mut [ApplicationRow]) -> Result<(), StoreError> {
    static SQL: LazyLock<String> =
        LazyLock::new(|| format!("INSERT INTO applications ({}) ", ApplicationRow::sql().columns));
    let now = tx.now().as_micros();
    for row in &mut *rows {
        row.stamp(now);
    }
    for rows in rows.chunks(ROWS) {
        on_db!(tx, |c| {
            let mut query = sqlx::QueryBuilder::new(SQL.as_str());
            query.push_values(rows, |mut values, row| {
                values.push_bind(&row.name).push_bind(row.state).push_bind(&row.reason);
                values.push_bind(&row.group_name).push_bind(&row.skills).push_bind(&row.languages);
                values.push_bind(&row.availability).push_bind(&row.zones);
                values.push_bind(&row.consent_version).push_bind(row.consented);
                values.push_bind(&row.guardian_version).push_bind(row.guardian_consented);
                values.push_bind(row.insurance).push_bind(row.insured_until);
                values.push_bind(&row.slot).push_bind(&row.volunteer).push_bind(&row.display_name);
                values.push_bind(&row.email).push_bind(&row.phone).push_bind(&row.birth_date);
                values.push_bind(&row.document_hash).push_bind(&row.document_last);
                values.push_bind(&row.guardian).push_bind(&row.note).push_bind(row.erased);
                values.push_bind(&row.source).push_bind(&row.generated);
                values.push_bind(row.revision).push_bind(row.created).push_bind(row.updated);
            });
            query.build().execute(c).await.map(drop)
        })?;
    }
    Ok(())
}

/// Whether anybody has applied at a tournament.
pub(crate) async fn any(conn: &mut Conn, tournament: &str) -> Result<bool, StoreError> {
    let any: Option<String> = on_db!(conn, |c| sqlx::query_scalar(
        "SELECT name FROM applications WHERE name > $1 AND name < $2 LIMIT 1"
    )
    .bind(format!("{tournament}/"))
    .bind(format!("{tournament}0"))
    .fetch_optional(c)
    .await)?;
    Ok(any.is_some())
}
