//! Importing groups and volunteers: everything is checked before anything is written.

use std::collections::{BTreeMap, BTreeSet};

use matchday_api::volunteers::v1 as pb;
use matchday_kernel::{Common, GroupName, TournamentName, VolunteerName};
use matchday_rpc::parse;
use matchday_store::Tx;

use super::fields::{Faults, availability, name_of, words};
use crate::{
    Error,
    domain::{
        application::Refusal,
        import::{check_groups, check_leaders},
    },
    roster::emit,
    store::{
        erasures, import,
        volunteers::{GroupRow, VolunteerRow},
    },
};

/// Most volunteers of one import.
const MOST_VOLUNTEERS: usize = 250_000;
/// Most groups of one import.
const MOST_GROUPS: usize = 10_000;

/// Groups and volunteers, read and checked as far as they can be alone.
pub(crate) struct Import {
    tournament: TournamentName,
    groups: Vec<GroupRow>,
    volunteers: Vec<VolunteerRow>,
    validate_only: bool,
}

impl Import {
    pub(crate) fn parse(request: pb::ImportVolunteersRequest) -> Result<Self, Error> {
        let tournament: TournamentName = parse::text_as("parent", &request.parent)?;
        for (field, count, most) in [
            ("groups", request.groups.len(), MOST_GROUPS),
            ("volunteers", request.volunteers.len(), MOST_VOLUNTEERS),
        ] {
            if count > most {
                return Err(Common::field(field, format!("are {count}; at most {most} in one import")).into());
            }
        }
        let mut faults = Faults::default();
        let mut names = BTreeSet::new();
        let mut groups = Vec::with_capacity(request.groups.len());
        for (index, one) in request.groups.into_iter().enumerate() {
            let row = group(&mut faults, index, one, &tournament);
            if !row.name.is_empty() && !names.insert(row.name.clone()) {
                faults.add(format!("groups[{index}].name"), format!("{} stands twice", row.name));
            }
            groups.push(row);
        }
        let mut volunteers = Vec::with_capacity(request.volunteers.len());
        for (index, one) in request.volunteers.into_iter().enumerate() {
            volunteers.push(volunteer(&mut faults, index, one, &tournament));
        }
        faults.check()?;
        let group_of = |row: &VolunteerRow| (row.name.clone(), row.group_name.clone());
        check_groups(volunteers.iter().map(|row| (row.name.as_str(), row.group_name.as_str())))?;
        check_once(&volunteers)?;
        let by_name: BTreeMap<String, String> = volunteers.iter().map(group_of).collect();
        let by_name = by_name.iter().map(|(name, group)| (name.as_str(), group.as_str())).collect();
        check_leaders(groups.iter().map(|row| (row.name.as_str(), row.leader.as_str())), &by_name)?;
        Ok(Self { tournament, groups, volunteers, validate_only: request.validate_only })
    }

    pub(crate) fn tournament(&self) -> &TournamentName {
        &self.tournament
    }

    pub(crate) async fn carry_out(self, tx: &mut Tx) -> Result<pb::ImportVolunteersResponse, Error> {
        self.check_groups_exist(tx).await?;
        self.check_new(tx).await?;
        self.check_not_erased(tx).await?;
        let count = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
        let (groups, volunteers) = (count(self.groups.len()), count(self.volunteers.len()));
        if !self.validate_only {
            import::insert_groups(tx, self.groups).await?;
            import::insert_volunteers(tx, self.volunteers).await?;
            let imported = pb::VolunteersImported { groups, volunteers };
            emit(tx, self.tournament.as_str(), self.tournament.as_str(), &imported);
        }
        Ok(pb::ImportVolunteersResponse { groups, volunteers })
    }

    /// Refuses volunteers of groups that are neither imported nor there.
    async fn check_groups_exist(&self, tx: &mut Tx) -> Result<(), Error> {
        let imported: BTreeSet<&str> = self.groups.iter().map(|row| row.name.as_str()).collect();
        let named: BTreeSet<&str> = self.volunteers.iter().map(|row| row.group_name.as_str()).collect();
        let others: Vec<&str> =
            named.difference(&imported).copied().filter(|name| !name.is_empty()).collect();
        let there = import::existing_groups(tx, self.tournament.as_str(), &others).await?;
        let unknown: BTreeSet<&str> = others.into_iter().filter(|name| !there.contains_key(*name)).collect();
        let mut faults = Faults::default();
        for (index, row) in self.volunteers.iter().enumerate() {
            if unknown.contains(row.group_name.as_str()) {
                faults
                    .add(format!("volunteers[{index}].group"), format!("{} does not exist", row.group_name));
            }
        }
        faults.check()
    }

    /// Refuses names of people who were erased.
    async fn check_not_erased(&self, tx: &mut Tx) -> Result<(), Error> {
        let names: Vec<&str> = self.volunteers.iter().map(|row| row.name.as_str()).collect();
        match erasures::any(tx, &names).await? {
            Some(name) => Err(Refusal::erased(&name).into()),
            None => Ok(()),
        }
    }

    /// Refuses what exists already; a volunteer who is there in another group is told of both.
    async fn check_new(&self, tx: &mut Tx) -> Result<(), Error> {
        let tournament = self.tournament.as_str();
        let names: Vec<&str> = self.groups.iter().map(|row| row.name.as_str()).collect();
        let groups = import::existing_groups(tx, tournament, &names).await?;
        let names: Vec<&str> = self.volunteers.iter().map(|row| row.name.as_str()).collect();
        let there = import::existing_volunteers(tx, tournament, &names).await?;
        let both = there.iter().map(|(name, group)| (name.as_str(), group.as_str()));
        let again = self.volunteers.iter().filter(|row| there.contains_key(&row.name));
        check_groups(both.chain(again.map(|row| (row.name.as_str(), row.group_name.as_str()))))?;
        let mut found = Faults::default();
        for (index, row) in self.groups.iter().enumerate().filter(|(_, row)| groups.contains_key(&row.name)) {
            found.add(format!("groups[{index}].name"), &row.name);
        }
        for (index, row) in
            self.volunteers.iter().enumerate().filter(|(_, row)| there.contains_key(&row.name))
        {
            found.add(format!("volunteers[{index}].name"), &row.name);
        }
        let names = found.into_violations();
        if names.is_empty() { Ok(()) } else { Err(Error::Exist { names }) }
    }
}

/// Refuses volunteers who stand twice, in the same group.
fn check_once(volunteers: &[VolunteerRow]) -> Result<(), Error> {
    let (mut names, mut faults) = (BTreeSet::new(), Faults::default());
    for (index, row) in volunteers.iter().enumerate() {
        if !names.insert(row.name.as_str()) {
            faults.add(format!("volunteers[{index}].name"), format!("{} stands twice", row.name));
        }
    }
    faults.check()
}

fn group(faults: &mut Faults, index: usize, group: pb::Group, tournament: &TournamentName) -> GroupRow {
    let field = |name: &str| format!("groups[{index}].{name}");
    let name = name_of::<GroupName>(&field("name"), &group.name, tournament, GroupName::parent);
    let leader = if group.leader.is_empty() {
        Ok(String::new())
    } else {
        name_of::<VolunteerName>(&field("leader"), &group.leader, tournament, VolunteerName::parent)
    };
    let provenance = faults.take(parse::provenance(&field("provenance"), group.provenance));
    GroupRow {
        name: faults.take(name),
        display_name: faults.take(parse::required_text(&field("display_name"), &group.display_name)),
        leader: faults.take(leader),
        generated: parse::generated_to_text(&provenance),
        source: provenance.source,
        ..GroupRow::default()
    }
}

fn volunteer(
    faults: &mut Faults,
    index: usize,
    volunteer: pb::Volunteer,
    tournament: &TournamentName,
) -> VolunteerRow {
    let field = |name: &str| format!("volunteers[{index}].{name}");
    let name = name_of::<VolunteerName>(&field("name"), &volunteer.name, tournament, VolunteerName::parent);
    let group = if volunteer.group.is_empty() {
        Ok(String::new())
    } else {
        name_of::<GroupName>(&field("group"), &volunteer.group, tournament, GroupName::parent)
    };
    let provenance = faults.take(parse::provenance(&field("provenance"), volunteer.provenance));
    VolunteerRow {
        name: faults.take(name),
        display_name: faults.take(parse::required_text(&field("display_name"), &volunteer.display_name)),
        group_name: faults.take(group),
        skills: words(faults, &field("skills"), &volunteer.skills),
        languages: words(faults, &field("languages"), &volunteer.languages),
        availability: availability(faults, &field("availability"), volunteer.availability),
        generated: parse::generated_to_text(&provenance),
        source: provenance.source,
        ..VolunteerRow::default()
    }
}
