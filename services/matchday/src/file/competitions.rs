//! The file of what a tournament's competitions are like.

use matchday_api::scheduling::v1::{Competition, Format, FormatKind, TieBreakOrder, TieBreaker};
use matchday_kernel::{TeamName, TournamentName};
use serde::Deserialize;

use super::{
    FileError,
    item::{Item, Text},
};

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CompetitionsFile {
    competitions: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    competition: Text,
    format: Option<FormatEntry>,
    order: Option<Text>,
    #[serde(default)]
    tie_breakers: Vec<Text>,
    points_won: Option<Text>,
    points_drawn: Option<Text>,
    source: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FormatEntry {
    kind: Text,
    legs: Option<Text>,
    advancing: Option<Text>,
    last_rank: Option<Text>,
    #[serde(default)]
    byes: bool,
    #[serde(default)]
    seeds: Vec<Text>,
}

/// Turns the file into the descriptions it holds.
///
/// # Errors
/// [`FileError::Field`]
pub(super) fn read(
    name: &str,
    file: CompetitionsFile,
    tournament: &TournamentName,
) -> Result<Vec<Competition>, FileError> {
    let whole = Item::whole(name);
    let entries = file.competitions.into_iter().enumerate();
    entries.map(|(index, entry)| entry.read(&whole.nth("competitions", index), tournament)).collect()
}

impl Entry {
    fn read(self, item: &Item<'_>, tournament: &TournamentName) -> Result<Competition, FileError> {
        let format = self.format.map(|format| format.read(&item.within("format"), tournament)).transpose()?;
        let order =
            self.order.as_ref().map(|order| item.word::<TieBreakOrder>("order", order)).transpose()?;
        let breakers = self.tie_breakers.iter().map(|one| item.word::<TieBreaker>("tie_breakers", one));
        Ok(Competition {
            competition: item.text("competition", &self.competition)?,
            format,
            order: order.unwrap_or_default().into(),
            tie_breakers: breakers.map(|one| one.map(Into::into)).collect::<Result<_, _>>()?,
            points_won: item.count("points_won", self.points_won.as_ref())?.unwrap_or_default(),
            points_drawn: item.count("points_drawn", self.points_drawn.as_ref())?,
            provenance: item.provenance(self.source, Vec::new(), &[])?,
            ..Competition::default()
        })
    }
}

impl FormatEntry {
    fn read(self, item: &Item<'_>, tournament: &TournamentName) -> Result<Format, FileError> {
        let count = |field: &str, value: &Option<Text>| {
            item.count(field, value.as_ref()).map(Option::unwrap_or_default)
        };
        let seeds = self.seeds.iter().map(|id| item.parse("seeds", id));
        Ok(Format {
            kind: item.word::<FormatKind>("kind", &self.kind)?.into(),
            legs: count("legs", &self.legs)?,
            advancing: count("advancing", &self.advancing)?,
            last_rank: count("last_rank", &self.last_rank)?,
            byes: self.byes,
            seeds: seeds
                .map(|id| Ok(TeamName::new(tournament, id?).into()))
                .collect::<Result<_, FileError>>()?,
        })
    }
}
