//! What a run searches for: the schedule as the engine knows it, and its faults, found before any search begins.

use matchday_api::scheduling::v1 as pb;
use matchday_kernel::{Common, TournamentName};
use matchday_store::Record;
use matchday_timetable::{
    disruption::{Adapted, apply, present},
    model::{Instance, Minute},
    outcome,
    validate::{Code, Fault, validate},
};
use tonic::Status;

use super::{Order, Runs, drafts::Conclusion, rows::check_base, search::Answer};
use crate::{
    Error,
    domain::{disruption::Disruption, instance::Stated, run::Budget},
    frame::{self, Basis},
    store::tournaments::TournamentRow,
};

/// What a run searches for.
pub(super) struct Task {
    /// The schedule as it was read.
    pub(super) basis: Basis,
    /// The schedule as the engine knows it.
    pub(super) stated: Stated,
    /// What it is repaired after; `None` when a timetable is made.
    pub(super) repair: Option<Disrupted>,
}

/// What a schedule is repaired after.
pub(super) struct Disrupted {
    /// The present.
    pub(super) now: Minute,
    /// What has happened.
    pub(super) happened: Vec<Disruption>,
    /// The same as the engine knows it.
    pub(super) disruptions: Vec<outcome::Disruption>,
    /// What it makes of the instance.
    pub(super) adapted: Adapted,
}

/// What a run begins with.
pub(super) struct Prepared {
    pub(super) task: Task,
    pub(super) budget: Budget,
    /// Name of the version in force.
    pub(super) base: String,
}

impl Prepared {
    /// What a run has come to.
    pub(super) fn conclusion(self, run: String, tournament: TournamentName, answer: Answer) -> Conclusion {
        let Self { task, base, .. } = self;
        Conclusion { run, tournament, base, task, answer }
    }
}

impl Task {
    /// The instance that a timetable found must hold.
    pub(super) fn instance(&self) -> &Instance {
        self.repair.as_ref().map_or(&self.stated.instance, |repair| &repair.adapted.instance)
    }

    fn new(basis: Basis, disruptions: Option<Vec<Disruption>>) -> Result<Self, Error> {
        let mut stated = basis.state()?;
        // once it is over, all of it has begun
        let now = stated.calendar.minute_after(basis.material.now).min(stated.calendar.end());
        let repair = match disruptions {
            None => {
                let open = present(&stated.instance, &stated.timetable, now);
                stated.instance = open.map_err(|fault| basis.invalid(vec![fault]))?;
                check_open(&basis, &stated.instance)?;
                None
            }
            Some(happened) => Some(Disrupted::new(&basis, &mut stated, now, happened)?),
        };
        Ok(Self { basis, stated, repair })
    }
}

/// Refuses what the present makes impossible to state. Too little room is for the search to explain, with what the
/// ladder leads to.
fn check_open(basis: &Basis, instance: &Instance) -> Result<(), Error> {
    let faults: Vec<Fault> =
        validate(instance).into_iter().filter(|fault| fault.code != Code::Places).collect();
    if faults.is_empty() { Ok(()) } else { Err(basis.invalid(faults)) }
}

impl Disrupted {
    fn new(
        basis: &Basis,
        stated: &mut Stated,
        now: Minute,
        happened: Vec<Disruption>,
    ) -> Result<Self, Error> {
        let mut disruptions = Vec::with_capacity(happened.len());
        for (index, one) in happened.iter().enumerate() {
            one.make_way(&mut stated.instance);
            let one = one.stated(stated);
            disruptions.push(one.map_err(|problem| Common::field(format!("disruptions[{index}]"), problem))?);
        }
        let adapted = apply(&stated.instance, &stated.timetable, now, &disruptions)
            .map_err(|fault| Common::field("disruptions", fault))?;
        check_open(basis, &adapted.instance)?;
        Ok(Self { now, happened, disruptions, adapted })
    }
}

impl Runs {
    /// Reads what a run begins with, and refuses what is wrong with it.
    pub(super) async fn prepare(&self, order: &Order) -> Result<Prepared, Status> {
        let tournament = order.tournament.as_str();
        let mut conn = self.desk.read().await?;
        let row = TournamentRow::get(&mut conn, tournament).await.map_err(Error::from)?;
        drop(conn);
        let base = row.published_version;
        if !order.seen.is_empty() {
            check_base(&order.seen, &base)?;
        }
        let basis = frame::read(&self.desk, &self.inquiry, tournament).await?;
        if let Err(problem) = &basis.material.timetable.venues {
            return Err(Error::VenuesUnavailable { problem: problem.clone() }.into());
        }
        let disruptions = (order.kind == pb::RunKind::Repair).then(|| order.disruptions.clone());
        // a large tournament takes its time: other calls go on meanwhile
        let task = tokio::task::spawn_blocking(move || Task::new(basis, disruptions));
        let task = task.await.map_err(|error| Error::from(Common::internal(error)))??;
        Ok(Prepared { task, budget: order.budget, base })
    }
}
