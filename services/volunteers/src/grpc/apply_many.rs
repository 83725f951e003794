//! Handing in many applications: all that is wrong is told, and nothing is written unless it is asked to leave that out.

use std::collections::{BTreeMap, BTreeSet};

use matchday_api::volunteers::v1 as pb;
use matchday_kernel::{Common, Instant, TournamentName, Violation};
use matchday_rpc::parse;
use matchday_store::Tx;
use uuid::Uuid;

use super::{
    apply::{Draft, Frame},
    fields::{Faults, MOST_FAULTS},
};
use crate::{
    Error,
    roster::emit,
    store::{
        applications::{self, ApplicationRow},
        identity::{KEY, key},
        import,
    },
};

/// Most applications of one import.
const MOST: usize = 400_000;

/// Applications, read and checked as far as they can be alone.
pub(crate) struct ApplyMany {
    tournament: TournamentName,
    drafts: Vec<Draft>,
    wrong: Wrong,
    fresh: [u8; KEY],
    skip_bad: bool,
    validate_only: bool,
}

/// What is wrong, by the place of the application in the request.
#[derive(Default)]
struct Wrong {
    places: BTreeSet<usize>,
    told: Vec<(usize, pb::ApplicationFault)>,
}

impl Wrong {
    fn add(&mut self, place: usize, field: &str, problem: impl Into<String>) {
        self.places.insert(place);
        if self.told.len() < MOST_FAULTS {
            let field = format!("new_applications[{place}].{field}");
            self.told.push((place, pb::ApplicationFault { field, problem: problem.into() }));
        }
    }

    fn take(&mut self, place: usize, faults: Faults) {
        for fault in faults.into_violations() {
            self.places.insert(place);
            if self.told.len() < MOST_FAULTS {
                let (field, problem) = (fault.subject, fault.description);
                self.told.push((place, pb::ApplicationFault { field, problem }));
            }
        }
    }

    /// All of it, in the order of the request.
    fn in_order(mut self) -> Vec<pb::ApplicationFault> {
        self.told.sort_by_key(|(place, _)| *place);
        self.told.into_iter().map(|(_, fault)| fault).collect()
    }
}

impl ApplyMany {
    /// Reads applications; `ids` are for those that name none, `fresh` becomes the key of the tournament, if that has
    /// none yet.
    pub(crate) fn parse(
        request: pb::ImportApplicationsRequest,
        now: Instant,
        ids: impl Fn() -> Uuid,
        fresh: [u8; KEY],
    ) -> Result<Self, Error> {
        let tournament: TournamentName = parse::text_as("parent", &request.parent)?;
        let count = request.new_applications.len();
        if count > MOST {
            let problem = format!("are {count}; at most {MOST} in one import");
            return Err(Common::field("new_applications", problem).into());
        }
        let (mut wrong, mut drafts) = (Wrong::default(), Vec::with_capacity(count));
        let frame = Frame::new(&tournament, now)?;
        for (place, new) in request.new_applications.into_iter().enumerate() {
            let mut faults = Faults::default();
            let field = format!("new_applications[{place}]");
            drafts.push(Draft::read(&mut faults, &field, new, &frame, ids()));
            wrong.take(place, faults);
        }
        let (skip_bad, validate_only) = (request.skip_bad, request.validate_only);
        Ok(Self { tournament, drafts, wrong, fresh, skip_bad, validate_only })
    }

    pub(crate) fn tournament(&self) -> &TournamentName {
        &self.tournament
    }

    pub(crate) async fn carry_out(mut self, tx: &mut Tx) -> Result<pb::ImportApplicationsResponse, Error> {
        let tournament = self.tournament.clone();
        // a check leaves nothing behind: the key of its hashes is not kept
        let key = if self.validate_only && !applications::any(tx, tournament.as_str()).await? {
            self.fresh.to_vec()
        } else {
            key(tx, tournament.as_str(), &self.fresh).await?
        };
        for draft in &mut self.drafts {
            draft.hash(&key);
        }
        self.check_twice();
        self.check_there(tx).await?;
        let left_out = self.wrong.places.len();
        if left_out > 0 && !self.skip_bad && !self.validate_only {
            let faults = self.wrong.in_order().into_iter();
            let faults = faults.map(|one| Violation { subject: one.field, description: one.problem });
            return Err(Error::Fields { faults: faults.collect() });
        }
        let drafts = std::mem::take(&mut self.drafts).into_iter().enumerate();
        let right = drafts.filter(|(place, _)| !self.wrong.places.contains(place));
        let mut rows: Vec<ApplicationRow> = right.map(|(_, draft)| draft.row).collect();
        let count = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
        let applications = count(rows.len());
        if !self.validate_only && !rows.is_empty() {
            applications::insert_all(tx, &mut rows).await?;
            let imported = pb::ApplicationsImported { applications };
            emit(tx, tournament.as_str(), tournament.as_str(), &imported);
        }
        let (left_out, faults) = (count(left_out), self.wrong.in_order());
        Ok(pb::ImportApplicationsResponse { applications, left_out, faults })
    }

    /// Finds what stands twice in the request; the first of them counts.
    fn check_twice(&mut self) {
        for (field, of) in UNIQUE {
            let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
            for (place, draft) in self.drafts.iter().enumerate() {
                let value = of(&draft.row);
                if value.is_empty() || self.wrong.places.contains(&place) {
                    continue;
                }
                match seen.get(value) {
                    Some(first) => {
                        self.wrong.add(place, field, format!("is that of new_applications[{first}] too"));
                    }
                    None => drop(seen.insert(value, place)),
                }
            }
        }
    }

    /// Finds what is there already, and what is named and not there.
    async fn check_there(&mut self, tx: &mut Tx) -> Result<(), Error> {
        let tournament = self.tournament.as_str();
        let values = |of: Of| -> Vec<&str> {
            let distinct: BTreeSet<&str> = self.drafts.iter().map(|draft| of(&draft.row)).collect();
            distinct.into_iter().filter(|value| !value.is_empty()).collect()
        };
        let mut taken = Vec::new();
        if applications::any(tx, tournament).await? {
            taken = vec![
                applications::existing(tx, &values(UNIQUE[0].1)).await?,
                applications::with_documents(tx, &values(UNIQUE[1].1)).await?,
                applications::of_volunteers(tx, &values(UNIQUE[2].1)).await?,
            ];
        }
        let volunteers = import::existing_volunteers(tx, tournament, &values(UNIQUE[2].1)).await?;
        let groups = import::existing_groups(tx, tournament, &values(group)).await?;
        for (place, draft) in self.drafts.iter().enumerate() {
            for ((field, of), taken) in UNIQUE.iter().zip(&taken) {
                if let Some(other) = taken.get(of(&draft.row)) {
                    self.wrong.add(place, field, format!("is that of {other} already"));
                }
            }
            for (field, name, there) in [
                ("application.volunteer", &draft.row.volunteer, &volunteers),
                ("application.group", &draft.row.group_name, &groups),
            ] {
                if !name.is_empty() && !there.contains_key(name) {
                    self.wrong.add(place, field, format!("{name} does not exist"));
                }
            }
        }
        Ok(())
    }
}

/// A value of an application.
type Of = fn(&ApplicationRow) -> &str;

/// What no two applications share: the field, and its value.
const UNIQUE: [(&str, Of); 3] = [
    ("application.name", |row| &row.name),
    ("applicant.document_number", |row| &row.document_hash),
    ("application.volunteer", |row| &row.volunteer),
];

fn group(row: &ApplicationRow) -> &str {
    &row.group_name
}
