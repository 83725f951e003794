//! Lines of the run sheet as rows, and as the contract shows them.

use std::{collections::BTreeMap, sync::LazyLock};

use matchday_api::control::v1 as pb;
use matchday_kernel::{Common, Instant};
use matchday_rpc::parse::micros_to_timestamp;
use matchday_store::{Conn, StoreError, Tx, on_db};

use super::numbers::{kind_to_pb, source_number, source_of, state_of, state_to_pb};
use crate::domain::{
    item::{Item, Key, People},
    line::{Line, Source},
};

/// The columns of a line, in their order.
const COLUMNS: &str = "resource, kind, tournament, at, ends, planned, title, place, occasion, owner, state, wanted, \
                       sure, present, attention, source_revision, revision";

/// A line that has an item, as stored; instants in microseconds.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct LineRow {
    pub(super) resource: String,
    pub(super) kind: i32,
    tournament: String,
    pub(super) at: i64,
    ends: Option<i64>,
    planned: i64,
    title: String,
    place: String,
    occasion: String,
    owner: String,
    state: i32,
    wanted: i32,
    sure: i32,
    present: i32,
    attention: String,
    source_revision: i64,
    revision: i64,
}

/// A line as it was read, and how often it has changed.
#[derive(Debug)]
pub(crate) struct Stored {
    pub(crate) line: Line,
    revision: i64,
}

impl LineRow {
    fn of(key: &Key, line: &Line, revision: i64) -> Option<Self> {
        let (item, attention) = line.shown()?;
        Some(Self {
            resource: key.resource.clone(),
            kind: kind_to_pb(key.kind).into(),
            tournament: item.tournament.clone(),
            at: item.time.as_micros(),
            ends: item.end.map(Instant::as_micros),
            planned: item.planned.as_micros(),
            title: item.title.clone(),
            place: item.place.clone(),
            occasion: item.occasion.clone(),
            owner: item.owner.clone(),
            state: state_to_pb(item.state).into(),
            wanted: item.people.wanted,
            sure: item.people.sure,
            present: item.people.present,
            attention: attention.join("\n"),
            source_revision: line.revision,
            revision,
        })
    }

    /// Name of the tournament.
    pub(crate) fn tournament(&self) -> &str {
        &self.tournament
    }

    fn item(&self) -> Result<Item, StoreError> {
        self.read()
            .map_err(|problem| Common::internal(format!("line of {}: {problem}", self.resource)).into())
    }

    fn read(&self) -> Result<Item, Box<dyn std::error::Error>> {
        Ok(Item {
            tournament: self.tournament.clone(),
            time: Instant::from_micros(self.at)?,
            end: self.ends.map(Instant::from_micros).transpose()?,
            planned: Instant::from_micros(self.planned)?,
            title: self.title.clone(),
            place: self.place.clone(),
            occasion: self.occasion.clone(),
            owner: self.owner.clone(),
            state: state_of(self.state).ok_or("its state is not known")?,
            people: People { wanted: self.wanted, sure: self.sure, present: self.present },
        })
    }
}

impl From<LineRow> for pb::RunSheetItem {
    fn from(row: LineRow) -> Self {
        Self {
            resource: row.resource,
            kind: row.kind,
            time: Some(micros_to_timestamp(row.at)),
            end_time: row.ends.map(micros_to_timestamp),
            planned_time: Some(micros_to_timestamp(row.planned)),
            title: row.title,
            place: row.place,
            occasion: row.occasion,
            owner: row.owner,
            state: row.state,
            wanted: row.wanted,
            sure: row.sure,
            present: row.present,
            attention: row.attention.lines().map(str::to_owned).collect(),
            revision: row.revision,
        }
    }
}

/// The statement that reads lines.
pub(super) fn select(condition: &str) -> String {
    format!("SELECT {COLUMNS} FROM run_sheet WHERE {condition}")
}

/// Reads a line; one that nobody has reported is empty.
pub(crate) async fn find(conn: &mut Conn, key: &Key) -> Result<Stored, StoreError> {
    static SQL: LazyLock<String> = LazyLock::new(|| select("resource = $1 AND kind = $2"));
    let kind = i32::from(kind_to_pb(key.kind));
    let row: Option<LineRow> =
        on_db!(conn, |c| sqlx::query_as(&SQL).bind(&key.resource).bind(kind).fetch_optional(c).await)?;
    let concerns: Vec<(i32, String)> = on_db!(conn, |c| sqlx::query_as(
        "SELECT source, sentences FROM concerns WHERE resource = $1 AND kind = $2"
    )
    .bind(&key.resource)
    .bind(kind)
    .fetch_all(c)
    .await)?;
    let concerns = concerns
        .into_iter()
        .map(|(source, text)| Ok((source_of(source)?, text.lines().map(str::to_owned).collect())))
        .collect::<Result<BTreeMap<_, _>, StoreError>>()?;
    let revision = row.as_ref().map_or(0, |row| row.revision);
    let source_revision = row.as_ref().map_or(0, |row| row.source_revision);
    let item = row.map(|row| row.item()).transpose()?;
    Ok(Stored { line: Line { item, revision: source_revision, concerns }, revision })
}

/// Writes a line over the one that was read; returns it as it is shown now, when that is new.
pub(crate) async fn save(
    tx: &mut Tx,
    key: &Key,
    before: &Stored,
    line: &Line,
) -> Result<Option<LineRow>, StoreError> {
    for source in [Source::Scheduling, Source::Venues, Source::Volunteers, Source::Visitors] {
        let sentences = line.concerns.get(&source);
        if before.line.concerns.get(&source) != sentences {
            save_concern(tx, key, source, sentences).await?;
        }
    }
    let is_new = before.line.shown() != line.shown();
    let Some(row) = LineRow::of(key, line, before.revision + i64::from(is_new)) else {
        return Ok(None);
    };
    save_row(tx, &row).await?;
    Ok(Some(row).filter(|_| is_new))
}

async fn save_row(tx: &mut Tx, row: &LineRow) -> Result<(), StoreError> {
    static SQL: LazyLock<String> = LazyLock::new(|| {
        let columns: Vec<&str> = COLUMNS.split(", ").collect();
        let numbers: Vec<String> = (1..=columns.len()).map(|number| format!("${number}")).collect();
        let pairs: Vec<String> =
            columns[2..].iter().map(|column| format!("{column} = excluded.{column}")).collect();
        format!(
            "INSERT INTO run_sheet ({COLUMNS}) VALUES ({}) ON CONFLICT (resource, kind) DO UPDATE SET {}",
            numbers.join(", "),
            pairs.join(", ")
        )
    });
    on_db!(tx, |c| sqlx::query(&SQL)
        .bind(&row.resource)
        .bind(row.kind)
        .bind(&row.tournament)
        .bind(row.at)
        .bind(row.ends)
        .bind(row.planned)
        .bind(&row.title)
        .bind(&row.place)
        .bind(&row.occasion)
        .bind(&row.owner)
        .bind(row.state)
        .bind(row.wanted)
        .bind(row.sure)
        .bind(row.present)
        .bind(&row.attention)
        .bind(row.source_revision)
        .bind(row.revision)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

async fn save_concern(
    tx: &mut Tx,
    key: &Key,
    source: Source,
    sentences: Option<&Vec<String>>,
) -> Result<(), StoreError> {
    let (kind, source) = (i32::from(kind_to_pb(key.kind)), source_number(source));
    let Some(sentences) = sentences else {
        on_db!(tx, |c| sqlx::query(
            "DELETE FROM concerns WHERE resource = $1 AND kind = $2 AND source = $3"
        )
        .bind(&key.resource)
        .bind(kind)
        .bind(source)
        .execute(c)
        .await
        .map(drop))?;
        return Ok(());
    };
    on_db!(tx, |c| sqlx::query(
        "INSERT INTO concerns (resource, kind, source, sentences) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (resource, kind, source) DO UPDATE SET sentences = excluded.sentences"
    )
    .bind(&key.resource)
    .bind(kind)
    .bind(source)
    .bind(sentences.join("\n"))
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}
