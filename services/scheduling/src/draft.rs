//! Drafts: a whole schedule proposed as a version, which nothing follows before it is published.

use std::collections::{BTreeMap, btree_map::Entry};

use matchday_api::scheduling::v1 as pb;
use matchday_kernel::{ActivityName, Common, TournamentName};
use matchday_rpc::parse;
use matchday_store::{Record, Tx};

use crate::{
    Error,
    domain::{
        draft::{is_same_plan, takes_place},
        version::State,
    },
    grpc::{activities::check_planned, emit},
    publish::version_name,
    store::{
        activities,
        tournaments::TournamentRow,
        versions::{self, Fixed, VersionRow},
    },
};

/// Most activities of one schedule: as many as the venues reserve at once.
const MOST: usize = 10_000;

/// A schedule as somebody proposes it.
pub(crate) struct Proposal {
    /// Where its content comes from.
    pub(crate) origin: pb::VersionOrigin,
    /// What it is, in words: `fewest people told`.
    pub(crate) title: String,
    /// Name of the run that made it; empty when none did.
    pub(crate) run: String,
    /// Name of the version it was made from (the one in force, or none), or that it repeats.
    pub(crate) base: String,
    /// The whole schedule. Each activity has the revision it was read at; one that is new has 0. Those that shall
    /// not take place are cancelled, with a reason. What is left out stays as it is.
    pub(crate) activities: Vec<pb::Activity>,
}

/// Keeps a proposal as a draft, checked as far as the schedule alone allows: whether its places are free, and
/// whether it is up to date, is asked when it is published.
///
/// # Errors
/// What each activity would be refused with by hand.
pub(crate) async fn propose(
    tx: &mut Tx,
    tournament: &TournamentName,
    proposal: Proposal,
) -> Result<VersionRow, Error> {
    let in_force = TournamentRow::get(tx, tournament.as_str()).await?.published_version;
    let mut fixed = Vec::new();
    let mut proposed = by_name(tournament, proposal.activities)?;
    for row in activities::of_tournament(tx, tournament.as_str()).await? {
        let stands = pb::Activity::from(row);
        match proposed.remove(&stands.name) {
            Some(wanted) if !is_same_plan(&stands, &wanted) => fixed.push(Fixed::changed(wanted)),
            _ if takes_place(&stands) => fixed.push(Fixed::unchanged(stands)),
            _ => {}
        }
    }
    for (name, new) in proposed {
        if new.revision != 0 {
            return Err(Common::not_found(&name).into());
        }
        if !takes_place(&new) {
            let problem = format!("{name} is new, and cancelled: leave it out");
            return Err(Common::field("activities", problem).into());
        }
        fixed.push(Fixed::changed(new));
    }
    for change in fixed.iter().filter(|one| one.is_changed) {
        check_planned(tx, tournament, &change.activity).await?;
    }
    let number = versions::highest(tx, tournament.as_str()).await?.0 + 1;
    let repeats = proposal.origin == pb::VersionOrigin::RolledBack;
    let row = VersionRow {
        name: version_name(tournament, number)?.to_string(),
        tournament: tournament.to_string(),
        number,
        activities: versions::count(&fixed),
        author: tx.actor().to_owned(),
        change_id: tx.change().to_owned(),
        origin: proposal.origin.into(),
        title: parse::optional_text("title", &proposal.title)?,
        run: proposal.run,
        supersedes: if repeats { in_force } else { proposal.base.clone() },
        base: proposal.base,
        ..VersionRow::default()
    };
    let row = row.in_state(State::Draft).create(tx).await?;
    versions::fix(tx, &row.name, &fixed).await?;
    let version = Some(pb::ScheduleVersion::from(row.clone()));
    emit(tx, &row.name, tournament, &pb::DraftProposed { version });
    Ok(row)
}

/// The activities of a proposal by name, each once and all of the tournament.
fn by_name(
    tournament: &TournamentName,
    activities: Vec<pb::Activity>,
) -> Result<BTreeMap<String, pb::Activity>, Error> {
    if activities.len() > MOST {
        return Err(Common::field("activities", format!("are more than {MOST}")).into());
    }
    let mut by_name = BTreeMap::new();
    for (index, activity) in activities.into_iter().enumerate() {
        let field = format!("activities[{index}].name");
        let name: ActivityName = parse::text_as(&field, &activity.name)?;
        if name.parent() != *tournament {
            return Err(Common::field(field, format!("{name} is not of {tournament}")).into());
        }
        match by_name.entry(activity.name.clone()) {
            Entry::Occupied(twice) => {
                return Err(Common::field(field, format!("{} stands twice", twice.key())).into());
            }
            Entry::Vacant(place) => drop(place.insert(activity)),
        }
    }
    Ok(by_name)
}
