//! Publishing a version: it is fixed first, then the venues reserve its places, then it comes into force. A version
//! is the schedule as it stands, or a draft; a draft is applied in the step in which it comes into force.
//!
//! Each step is durable before the next begins, so that a crash between two is finished afterwards by
//! [`Publisher::finish_interrupted`]. Attempts are numbered: should two run at once, in two processes, the
//! venues carry out the later one only, and only its answer decides ([`crate::domain::version::decide`]).

mod apply;
mod reserve;
mod steps;
/// The answer where nothing is left to attempt.
fn decided(row: &VersionRow) -> Result<pb::PublishScheduleResponse, Status> {
    match row.state().map_err(Error::from)? {
        State::Draft | State::Discarded => Err(not_a_draft(&row.name, State::Discarded).into()),
        State::Publishing | State::Published | State::Superseded | State::Refused => Ok(row.clone().reply()),
    }
}

#[cfg(test)]
mod tests;

use std::{sync::Arc, time::Duration};

use matchday_api::{
    scheduling::v1 as pb,
    venues::v1::{ReserveBookingsResponse, booking_service_client::BookingServiceClient},
};
use matchday_kernel::{Common, ScheduleVersionName, TournamentName};
use matchday_rpc::Peer;
use matchday_runtime::Desk;
use matchday_store::{Call, Locks, Record, Tx};
use tokio::sync::{Mutex, Notify};
use tonic::{Request, Status};

use self::reserve::{is_refusal, order, timed, told};
pub(crate) use self::steps::{not_a_draft, version_name};
use crate::{
    Error,
    domain::version::{Answer, State},
    store::versions::{self, VersionRow},
};

/// Waits between two attempts to finish what was interrupted: the first, and the longest.
const RETRY: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(10));

/// What is published.
#[derive(Clone, Debug)]
pub(crate) enum Subject {
    /// The schedule of a tournament as it stands.
    Current(TournamentName),
    /// A draft.
    Draft(ScheduleVersionName),
}

impl Subject {
    fn tournament(&self) -> TournamentName {
        match self {
            Self::Current(tournament) => tournament.clone(),
            Self::Draft(version) => version.parent(),
        }
    }
}

/// Publishes versions.
#[derive(Clone)]
pub(crate) struct Publisher {
    desk: Desk,
    venues: BookingServiceClient<Peer>,
    /// One publication at a time in this process.
    turn: Arc<Mutex<()>>,
    /// Something was interrupted.
    interrupted: Arc<Notify>,
}

impl Publisher {
    pub(crate) fn new(desk: Desk, venues: Peer) -> Self {
        let venues = BookingServiceClient::new(venues);
        Self { desk, venues, turn: Arc::default(), interrupted: Arc::default() }
    }

    /// Asks the venues whether all places are free, and changes nothing.
    pub(crate) async fn check(&self, subject: &Subject) -> Result<pb::PublishScheduleResponse, Status> {
        let mut conn = self.desk.read().await?;
        let row = steps::subject(&mut conn, subject).await?;
        let fixed = steps::content(&mut conn, &row, self.desk.now()).await?;
        drop(conn);
        let row = VersionRow { activities: versions::count(&fixed), ..row };
        let mut order = order(&row, &fixed);
        order.validate_only = true;
        let places = match self.venues.clone().reserve_bookings(timed(order)).await {
            Ok(places) => places.into_inner(),
            Err(status) if is_refusal(&status) => return Err(told(&status)),
            Err(status) => return Err(Error::VenuesUnavailable { problem: status.message().into() }.into()),
        };
        Ok(row.with_places(&places).in_state(State::Publishing).reply())
    }

    /// Fixes a version and publishes it. A repeat with the same request id goes on with the same version. It goes
    /// on, too, when the caller hangs up.
    pub(crate) async fn publish(
        &self,
        request: &Request<impl prost::Message>,
        subject: Subject,
    ) -> Result<pb::PublishScheduleResponse, Status> {
        let call = self.desk.call(request)?;
        let publisher = self.clone();
        let work = async move {
            let outcome = publisher.carry_out(call, subject).await;
            if outcome.is_err() {
                // it may have stopped anywhere: what is still open is finished
                publisher.interrupted.notify_one();
            }
            outcome
        };
        tokio::spawn(work).await.map_err(|error| Error::from(Common::internal(error)))?
    }

    async fn carry_out(&self, call: Call, subject: Subject) -> Result<pb::PublishScheduleResponse, Status> {
        let locks = Locks::of([subject.tournament()]);
        let begun = self.desk.carry_out(call, locks, move |tx| Box::pin(steps::begin(tx, subject))).await?;
        let version = begun.version.map(|version| version.name).unwrap_or_default();
        let _turn = self.turn.lock().await;
        let row = self.read(&version).await?;
        match row.state().map_err(Error::from)? {
            State::Publishing | State::Refused => self.attempt(row, true).await,
            State::Published | State::Superseded | State::Draft | State::Discarded => decided(&row),
        }
    }

    /// Finishes what a crash or an absent peer has left in publishing, for as long as the process runs.
    pub(crate) async fn finish_interrupted(self) {
        let mut wait = RETRY.0;
        loop {
            match self.finish_all().await {
                Ok(()) => {
                    wait = RETRY.0;
                    self.interrupted.notified().await;
                }
                Err(status) => {
                    tracing::warn!(problem = status.message(), "a publication is not finished yet");
                    tokio::time::sleep(wait).await;
                    wait = (wait * 2).min(RETRY.1);
                }
            }
        }
    }

    async fn finish_all(&self) -> Result<(), Status> {
        let mut failed = None;
        for version in self.open().await? {
            failed = self.finish(&version.name).await.err().or(failed);
        }
        // a refusal is an end, too
        match failed {
            Some(status) if !self.open().await?.is_empty() => Err(status),
            _ => Ok(()),
        }
    }

    async fn open(&self) -> Result<Vec<VersionRow>, Status> {
        Ok(versions::publishing(&mut self.desk.read().await?, "").await.map_err(Error::from)?)
    }

    async fn read(&self, version: &str) -> Result<VersionRow, Status> {
        Ok(VersionRow::get(&mut self.desk.read().await?, version).await.map_err(Error::from)?)
    }

    /// Brings a version to its end that is still in publishing; one that was refused meanwhile stays refused.
    async fn finish(&self, version: &str) -> Result<(), Status> {
        let _turn = self.turn.lock().await;
        let row = self.read(version).await?;
        match row.state().map_err(Error::from)? {
            State::Publishing => self.attempt(row, false).await.map(drop),
            State::Published | State::Superseded | State::Refused | State::Draft | State::Discarded => Ok(()),
        }
    }

    async fn attempt(&self, row: VersionRow, is_repeat: bool) -> Result<pb::PublishScheduleResponse, Status> {
        let name = row.name.clone();
        let attempt = self.write(&row, move |tx| Box::pin(steps::claim(tx, name, is_repeat))).await?;
        if attempt == 0 {
            return decided(&self.read(&row.name).await?);
        }
        let row = VersionRow { attempt, ..row };
        let fixed = versions::fixed(&mut self.desk.read().await?, &row.name).await.map_err(Error::from)?;
        match self.venues.clone().reserve_bookings(timed(order(&row, &fixed))).await {
            Ok(places) => self.conclude(&row, Answer::Reserved, places.into_inner()).await,
            Err(status) if is_refusal(&status) => {
                self.conclude(&row, Answer::NotFree, ReserveBookingsResponse::default()).await?;
                Err(told(&status))
            }
            Err(status) => {
                let problem = status.message().to_owned();
                Err(Error::PublishPending { version: row.name, problem }.into())
            }
        }
    }

    async fn conclude(
        &self,
        row: &VersionRow,
        answer: Answer,
        places: ReserveBookingsResponse,
    ) -> Result<pb::PublishScheduleResponse, Status> {
        let (name, attempt) = (row.name.clone(), row.attempt);
        self.write(row, move |tx| Box::pin(steps::conclude(tx, name, attempt, answer, places))).await
    }

    /// Writes on behalf of who published, within the same change.
    async fn write<P, F>(&self, row: &VersionRow, work: F) -> Result<P, Status>
    where
        P: prost::Message + Default + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> matchday_store::BoxFuture<'t, Result<P, Error>> + Send + 'static,
    {
        let call = self.desk.own_call(&row.author, row.change_id.clone());
        self.desk.carry_out(call, Locks::of([&row.tournament]), work).await
    }
}
