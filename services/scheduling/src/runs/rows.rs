//! The row of a run, from the beginning to the end: each step is one write, and the first end counts.

use std::sync::Arc;

use matchday_api::scheduling::v1 as pb;
use matchday_kernel::{Common, RunName, Slug, TournamentName};
use matchday_rpc::parse::to_timestamp;
use matchday_store::{Record, Tx};
use tokio::sync::oneshot;

use super::{drafts::Conclusion, in_short, lost};
use crate::{
    Error,
    domain::run::State,
    grpc::emit,
    store::{
        runs::{self, RunRow},
        tournaments::TournamentRow,
    },
};

/// How a search came to its end.
pub(super) enum End {
    /// With an answer.
    Answered(Box<Conclusion>, pb::RunProgress),
    /// With a defect.
    Failed(String),
    /// The process ends.
    Interrupted,
}

/// Makes the row of a run that waits, and hands it over.
pub(super) async fn enter(
    tx: &mut Tx,
    tournament: TournamentName,
    row: RunRow,
    run: pb::Run,
    entered: oneshot::Sender<RunRow>,
) -> Result<pb::Run, Error> {
    let in_force = TournamentRow::get(tx, tournament.as_str()).await?.published_version;
    check_base(&run.base, &in_force)?;
    let number = runs::highest(tx, tournament.as_str()).await? + 1;
    let id: Slug = number.to_string().parse().map_err(Common::internal)?;
    let row = RunRow { name: RunName::new(&tournament, id).to_string(), number, ..row };
    let row = row.with(&run, State::Queued).create(tx).await?;
    let run = row.run()?;
    emit(tx, &run.name, &tournament, &pb::RunStarted { run: Some(run.clone()) });
    // nobody takes it only where the process ends
    let _ = entered.send(row);
    Ok(run)
}

/// Writes how far a run is; one that has ended stays as it ended.
pub(super) async fn kept(tx: &mut Tx, name: String, run: pb::Run) -> Result<pb::Run, Error> {
    let row = RunRow::get(tx, &name).await?;
    if !row.state()?.is_open() {
        return Ok(row.run()?);
    }
    Ok(row.with(&run, State::Running).save(tx).await?.run()?)
}

/// Refuses what was made for a version that is not in force any more.
pub(super) fn check_base(seen: &str, in_force: &str) -> Result<(), Error> {
    if seen == in_force {
        return Ok(());
    }
    Err(Error::BaseSuperseded { seen: seen.to_owned(), in_force: in_force.to_owned() })
}

/// Writes the answer of a search with its drafts, or why there is none.
pub(super) async fn concluded(tx: &mut Tx, name: String, end: Arc<End>) -> Result<pb::Run, Error> {
    let row = RunRow::get(tx, &name).await?;
    let mut run = row.run()?;
    if !row.state()?.is_open() {
        return Ok(run);
    }
    let state = match &*end {
        End::Answered(conclusion, progress) => {
            run.progress = Some(*progress);
            conclusion.write(tx, &mut run).await?
        }
        End::Failed(reason) => {
            run.reason.clone_from(reason);
            State::Failed
        }
        End::Interrupted => {
            lost::INTERRUPTED.clone_into(&mut run.reason);
            State::Interrupted
        }
    };
    finish(tx, row, run, state).await
}

/// Ends a run without drafts; one that was cancelled before stays so.
pub(super) async fn cancelled(tx: &mut Tx, name: RunName) -> Result<pb::CancelRunResponse, Error> {
    let row = RunRow::get(tx, name.as_str()).await?;
    let run = row.run()?;
    let state = row.state()?;
    let run = match state {
        State::Cancelled => run,
        _ if state.is_open() => finish(tx, row, run, State::Cancelled).await?,
        _ => return Err(Error::RunEnded { run: run.name, state: pb::RunState::from(state).as_str_name() }),
    };
    Ok(pb::CancelRunResponse { run: Some(run) })
}

/// Ends a run.
pub(super) async fn finish(tx: &mut Tx, row: RunRow, mut run: pb::Run, to: State) -> Result<pb::Run, Error> {
    let Some(state) = row.state()?.step(to) else { return Ok(row.run()?) };
    let tournament: TournamentName = row.tournament.parse().map_err(Common::internal)?;
    run.progress.get_or_insert_default().phase = pb::RunPhase::Ended.into();
    run.end_time = Some(to_timestamp(tx.now()));
    let run = row.with(&run, state).save(tx).await?.run()?;
    emit(tx, &run.name, &tournament, &pb::RunEnded { run: Some(in_short(run.clone())) });
    Ok(run)
}
