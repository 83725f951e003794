//! Admissions and conflicts of many credentials at once, for what devices decided without a network.

use std::collections::HashMap;

use matchday_api::visitors::v1 as pb;
use matchday_kernel::{Common, Instant};
use matchday_store::{Conn, StoreError, Tx, on_db};
use sqlx::QueryBuilder;

use super::admissions::{CLEARED, DOUBLE, LEFT, OPEN};
use crate::domain::{
    passages::{Passage, ScanKey},
    scan::Direction,
};

/// Rows of one statement; statements of this size are kept prepared.
const ROWS: usize = 500;

/// An admission as stored.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct AdmissionRow {
    pub(crate) device: String,
    pub(crate) sequence: i64,
    pub(crate) credential: String,
    pub(crate) kind: i32,
    pub(crate) state: i32,
    pub(crate) entered: i64,
    pub(crate) closed: Option<i64>,
    pub(crate) exit_device: Option<String>,
    pub(crate) exit_sequence: Option<i64>,
}

impl AdmissionRow {
    /// Whether somebody is inside by it.
    pub(crate) fn is_open(&self) -> bool {
        matches!(self.state, OPEN | DOUBLE)
    }

    /// Whether the permit counts who is inside by it.
    pub(crate) fn is_public(&self) -> bool {
        self.kind == i32::from(pb::CredentialKind::Ticket)
    }

    /// The passages it was made of.
    pub(crate) fn passages(&self) -> Result<Vec<Passage>, StoreError> {
        let scan = ScanKey { device: self.device.clone(), sequence: self.sequence };
        let mut passages = vec![passage(scan, self.entered, Direction::Entry)?];
        if let (LEFT, Some(closed)) = (self.state, self.closed) {
            let device = self.exit_device.clone().unwrap_or_default();
            let scan = ScanKey { device, sequence: self.exit_sequence.unwrap_or_default() };
            passages.push(passage(scan, closed, Direction::Exit)?);
        }
        Ok(passages)
    }
}

fn passage(scan: ScanKey, at: i64, direction: Direction) -> Result<Passage, StoreError> {
    Ok(Passage { at: Instant::from_micros(at).map_err(Common::internal)?, scan, direction })
}

/// A conflict as stored.
#[derive(Clone, Debug, PartialEq, Eq, Hash, sqlx::FromRow)]
pub(crate) struct ConflictRow {
    pub(crate) device: String,
    pub(crate) sequence: i64,
    pub(crate) kind: i32,
    pub(crate) credential: String,
    pub(crate) happened: i64,
    pub(crate) other_device: String,
    pub(crate) other_sequence: i64,
}

impl ConflictRow {
    /// What kind it is.
    pub(crate) fn kind(&self) -> pb::ConflictKind {
        pb::ConflictKind::try_from(self.kind).unwrap_or_default()
    }

    /// The exit it is of, when it is one of nobody.
    pub(crate) fn stray(&self) -> Result<Option<Passage>, StoreError> {
        let is_stray = self.kind() == pb::ConflictKind::ExitWithoutEntry;
        let scan = ScanKey { device: self.device.clone(), sequence: self.sequence };
        is_stray.then(|| passage(scan, self.happened, Direction::Exit)).transpose()
    }
}

/// Kinds and states of credentials, by name; one that does not exist is left out.
pub(crate) async fn credentials(
    conn: &mut Conn,
    names: &[&str],
) -> Result<HashMap<String, (i32, i32)>, StoreError> {
    let mut found = HashMap::new();
    for chunk in names.chunks(ROWS) {
        let rows: Vec<(String, i32, i32)> = on_db!(conn, |c| {
            let mut query = QueryBuilder::new("SELECT name, kind, state FROM credentials WHERE name IN (");
            push_all(&mut query, chunk);
            query.build_query_as().persistent(chunk.len() == ROWS).fetch_all(c).await
        })?;
        found.extend(rows.into_iter().map(|(name, kind, state)| (name, (kind, state))));
    }
    Ok(found)
}

fn push_all<'q, D>(query: &mut QueryBuilder<'q, D>, names: &[&'q str])
where
    D: sqlx::Database,
    &'q str: sqlx::Encode<'q, D> + sqlx::Type<D>,
{
    let mut list = query.separated(", ");
    for name in names {
        list.push_bind(*name);
    }
    query.push(")");
}

/// The admissions of an opening with these credentials. They are found by the credentials, never by the opening,
/// which `|| ''` keeps from every index: all who are inside would be read. A plan that was kept from a time when
/// nobody was inside would do so, too.
pub(crate) async fn admissions(
    conn: &mut Conn,
    opening: &str,
    credentials: &[&str],
) -> Result<Vec<AdmissionRow>, StoreError> {
    let mut found = Vec::new();
    for chunk in credentials.chunks(ROWS) {
        let rows: Vec<AdmissionRow> = on_db!(conn, |c| {
            let mut query = QueryBuilder::new(
                "SELECT device, sequence, credential, kind, state, entered, closed, exit_device, exit_sequence \
                 FROM admissions WHERE opening || '' = ",
            );
            query.push_bind(opening).push(" AND credential IN (");
            push_all(&mut query, chunk);
            query.build_query_as().persistent(false).fetch_all(c).await
        })?;
        found.extend(rows);
    }
    Ok(found)
}

/// The conflicts of an opening that follow from the passages with these credentials.
pub(crate) async fn conflicts(
    conn: &mut Conn,
    opening: &str,
    credentials: &[&str],
) -> Result<Vec<ConflictRow>, StoreError> {
    let mut found = Vec::new();
    for chunk in credentials.chunks(ROWS) {
        let rows: Vec<ConflictRow> = on_db!(conn, |c| {
            let mut query = QueryBuilder::new(
                "SELECT device, sequence, kind, credential, happened, other_device, other_sequence \
                 FROM conflicts WHERE opening || '' = ",
            );
            query.push_bind(opening).push(" AND kind IN (1, 2) AND credential IN (");
            push_all(&mut query, chunk);
            query.build_query_as().persistent(false).fetch_all(c).await
        })?;
        found.extend(rows);
    }
    Ok(found)
}

/// Writes new admissions.
pub(crate) async fn insert_admissions(
    tx: &mut Tx,
    opening: &str,
    rows: &[AdmissionRow],
) -> Result<(), StoreError> {
    for chunk in rows.chunks(ROWS) {
        on_db!(tx, |c| {
            let mut query = QueryBuilder::new(
                "INSERT INTO admissions (device, sequence, opening, credential, kind, state, entered, closed, \
                 exit_device, exit_sequence) ",
            );
            query.push_values(chunk, |mut values, row| {
                values
                    .push_bind(&row.device)
                    .push_bind(row.sequence)
                    .push_bind(opening)
                    .push_bind(&row.credential)
                    .push_bind(row.kind)
                    .push_bind(row.state)
                    .push_bind(row.entered)
                    .push_bind(row.closed)
                    .push_bind(&row.exit_device)
                    .push_bind(row.exit_sequence);
            });
            query.build().persistent(chunk.len() == ROWS).execute(c).await.map(drop)
        })?;
    }
    Ok(())
}

/// Writes an admission over what it was.
pub(crate) async fn update_admission(tx: &mut Tx, row: &AdmissionRow) -> Result<(), StoreError> {
    on_db!(tx, |c| sqlx::query(
        "UPDATE admissions SET state = $1, closed = $2, exit_device = $3, exit_sequence = $4 \
         WHERE device = $5 AND sequence = $6"
    )
    .bind(row.state)
    .bind(row.closed)
    .bind(&row.exit_device)
    .bind(row.exit_sequence)
    .bind(&row.device)
    .bind(row.sequence)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Takes back a conflict that an earlier passage explains.
pub(crate) async fn delete_conflict(tx: &mut Tx, row: &ConflictRow) -> Result<(), StoreError> {
    on_db!(tx, |c| sqlx::query("DELETE FROM conflicts WHERE device = $1 AND sequence = $2 AND kind = $3")
        .bind(&row.device)
        .bind(row.sequence)
        .bind(row.kind)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// Writes new conflicts.
pub(crate) async fn insert_conflicts(
    tx: &mut Tx,
    opening: &str,
    rows: &[ConflictRow],
) -> Result<(), StoreError> {
    for chunk in rows.chunks(ROWS) {
        on_db!(tx, |c| {
            let mut query = QueryBuilder::new(
                "INSERT INTO conflicts (device, sequence, kind, opening, credential, happened, other_device, \
                 other_sequence) ",
            );
            query.push_values(chunk, |mut values, row| {
                values
                    .push_bind(&row.device)
                    .push_bind(row.sequence)
                    .push_bind(row.kind)
                    .push_bind(opening)
                    .push_bind(&row.credential)
                    .push_bind(row.happened)
                    .push_bind(&row.other_device)
                    .push_bind(row.other_sequence);
            });
            query.build().persistent(chunk.len() == ROWS).execute(c).await.map(drop)
        })?;
    }
    Ok(())
}

/// The state of a stay that is not over: the first of a credential's is the one the gates see.
pub(crate) const fn open_state(is_cleared: bool, is_first: bool) -> i32 {
    match (is_cleared, is_first) {
        (true, _) => CLEARED,
        (false, true) => OPEN,
        (false, false) => DOUBLE,
    }
}
