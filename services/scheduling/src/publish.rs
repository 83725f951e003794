//! Publishing a version: it is fixed first, then the venues reserve its places, then it comes into force.
//!
//! Each step is durable before the next begins, so that a crash between two is finished afterwards by
//! [`Publisher::finish_interrupted`]. Attempts are numbered: should two run at once, in two processes, the
//! venues carry out the later one only, and only its answer decides ([`crate::domain::version::decide`]).

use std::{sync::Arc, time::Duration};

use matchday_api::{
    scheduling::v1 as pb,
    venues::v1::{
        Reservation, ReserveBookingsRequest, ReserveBookingsResponse,
        booking_service_client::BookingServiceClient,
    },
};
use matchday_kernel::{Common, ScheduleVersionName, Slug, TournamentName};
use matchday_rpc::{Peer, reason};
use matchday_runtime::Desk;
use matchday_store::{Call, Conn, Locks, Record, Tx};
use tokio::sync::{Mutex, Notify};
use tonic::{Code, Request, Status};

use crate::{
    Error,
    domain::version::{Answer, State, decide},
    grpc::emit,
    store::{
        activities::{self, ActivityRow},
        tournaments::TournamentRow,
        versions::{self, Fixed, VersionRow},
    },
};

/// How long the venues may take to reserve a schedule.
const RESERVE: Duration = Duration::from_secs(10);
/// Waits between two attempts to finish what was interrupted: the first, and the longest.
const RETRY: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(10));

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
    pub(crate) async fn check(
        &self,
        tournament: &TournamentName,
    ) -> Result<pb::PublishScheduleResponse, Status> {
        let mut conn = self.desk.read().await?;
        let activities = current(&mut conn, tournament).await?;
        let (number, _) = versions::highest(&mut conn, tournament.as_str()).await.map_err(Error::from)?;
        drop(conn);
        let row = VersionRow {
            name: version_name(tournament, number + 1)?.to_string(),
            activities: versions::count(&activities),
            ..VersionRow::default()
        };
        let mut order = order(tournament, &row, &activities);
        order.validate_only = true;
        let places = match self.venues.clone().reserve_bookings(timed(order)).await {
            Ok(places) => places.into_inner(),
            Err(status) if is_refusal(&status) => return Err(told(&status)),
            Err(status) => return Err(Error::VenuesUnavailable { problem: status.message().into() }.into()),
        };
        Ok(with_places(row.in_state(State::Publishing), &places).reply())
    }

    /// Fixes the schedule as a new version and publishes it. A repeat with the same request id goes on with
    /// the same version. It goes on, too, when the caller hangs up.
    pub(crate) async fn publish(
        &self,
        request: &Request<pb::PublishScheduleRequest>,
        tournament: TournamentName,
    ) -> Result<pb::PublishScheduleResponse, Status> {
        let call = self.desk.call(request)?;
        let publisher = self.clone();
        let work = async move {
            let outcome = publisher.carry_out(call, tournament).await;
            if outcome.is_err() {
                // it may have stopped anywhere: what is still open is finished
                publisher.interrupted.notify_one();
            }
            outcome
        };
        tokio::spawn(work).await.map_err(|error| Error::from(Common::internal(error)))?
    }

    async fn carry_out(
        &self,
        call: Call,
        tournament: TournamentName,
    ) -> Result<pb::PublishScheduleResponse, Status> {
        let locks = Locks::of([tournament.as_str()]);
        let begun = self.desk.carry_out(call, locks, move |tx| Box::pin(begin(tx, tournament))).await?;
        let version = begun.version.map(|version| version.name).unwrap_or_default();
        let _turn = self.turn.lock().await;
        let row = self.read(&version).await?;
        match row.state().map_err(Error::from)? {
            State::Published | State::Superseded | State::Draft | State::Discarded => Ok(row.reply()),
            State::Publishing | State::Refused => self.attempt(row).await,
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
            State::Publishing => self.attempt(row).await.map(drop),
            State::Published | State::Superseded | State::Refused | State::Draft | State::Discarded => Ok(()),
        }
    }

    async fn attempt(&self, row: VersionRow) -> Result<pb::PublishScheduleResponse, Status> {
        let tournament: TournamentName =
            row.tournament.parse().map_err(|error| Error::from(Common::internal(error)))?;
        let name = row.name.clone();
        let attempt = self.write(&row, move |tx| Box::pin(claim(tx, name))).await?;
        let row = VersionRow { attempt, ..row };
        let activities =
            versions::fixed(&mut self.desk.read().await?, &row.name).await.map_err(Error::from)?;
        let order = order(&tournament, &row, &activities);
        match self.venues.clone().reserve_bookings(timed(order)).await {
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
        self.write(row, move |tx| Box::pin(conclude(tx, name, attempt, answer, places))).await
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

/// The activities that take place, as they are now.
async fn current(conn: &mut Conn, tournament: &TournamentName) -> Result<Vec<Fixed>, Error> {
    TournamentRow::get(conn, tournament.as_str()).await?;
    let rows = activities::of_tournament(conn, tournament.as_str()).await?;
    Ok(rows.into_iter().filter(ActivityRow::takes_place).map(|row| Fixed::unchanged(row.into())).collect())
}

/// The name of a tournament's version of a number.
pub(crate) fn version_name(tournament: &TournamentName, number: i64) -> Result<ScheduleVersionName, Error> {
    let id: Slug = number.to_string().parse().map_err(Common::internal)?;
    Ok(ScheduleVersionName::new(tournament, id))
}

/// Fixes the schedule as a new version.
async fn begin(tx: &mut Tx, tournament: TournamentName) -> Result<pb::PublishScheduleResponse, Error> {
    if let Some(open) = versions::publishing(tx, tournament.as_str()).await?.into_iter().next() {
        return Err(Error::PublishInProgress { version: open.name });
    }
    let activities = current(tx, &tournament).await?;
    let number = versions::highest(tx, tournament.as_str()).await?.0 + 1;
    let row = VersionRow {
        name: version_name(&tournament, number)?.to_string(),
        tournament: tournament.to_string(),
        number,
        activities: versions::count(&activities),
        author: tx.actor().to_owned(),
        change_id: tx.change().to_owned(),
        origin: pb::VersionOrigin::Current.into(),
        ..VersionRow::default()
    };
    let row = row.in_state(State::Publishing).create(tx).await?;
    versions::fix(tx, &row.name, &activities).await?;
    let version = Some(pb::ScheduleVersion::from(row.clone()));
    emit(tx, &row.name, &tournament, &pb::PublicationStarted { version });
    Ok(row.reply())
}

/// Takes the next attempt for a version. One that was refused is fixed anew: its caller repeats the call.
async fn claim(tx: &mut Tx, name: String) -> Result<i64, Error> {
    let mut row = VersionRow::get(tx, &name).await?;
    let tournament: TournamentName = row.tournament.parse().map_err(Common::internal)?;
    if row.state()? == State::Refused {
        if let Some(open) = versions::publishing(tx, &row.tournament).await?.into_iter().next() {
            return Err(Error::PublishInProgress { version: open.name });
        }
        if versions::highest(tx, &row.tournament).await?.0 > row.number {
            return Err(Error::PublishOutdated { version: name });
        }
        let activities = current(tx, &tournament).await?;
        row.activities = versions::count(&activities);
        versions::fix(tx, &name, &activities).await?;
        row = row.in_state(State::Publishing);
        let version = Some(pb::ScheduleVersion::from(row.clone()));
        emit(tx, &name, &tournament, &pb::PublicationStarted { version });
    }
    row.attempt = versions::highest(tx, &row.tournament).await?.1 + 1;
    Ok(row.save(tx).await?.attempt)
}

/// Brings a version into force, or marks it refused.
async fn conclude(
    tx: &mut Tx,
    name: String,
    attempt: i64,
    answer: Answer,
    places: ReserveBookingsResponse,
) -> Result<pb::PublishScheduleResponse, Error> {
    let row = VersionRow::get(tx, &name).await?;
    let Some(state) = decide(row.state()?, row.attempt, attempt, answer) else {
        return Ok(row.reply());
    };
    let tournament: TournamentName = row.tournament.parse().map_err(Common::internal)?;
    let mut row = with_places(row, &places).in_state(state);
    if state == State::Published {
        row.published = Some(tx.now().as_micros());
        let mut of = TournamentRow::get(tx, tournament.as_str()).await?;
        let previous = std::mem::replace(&mut of.published_version, name.clone());
        of.save(tx).await?;
        if !previous.is_empty() {
            VersionRow::get(tx, &previous).await?.in_state(State::Superseded).save(tx).await?;
        }
    }
    let row = row.save(tx).await?;
    let version = Some(pb::ScheduleVersion::from(row.clone()));
    match state {
        State::Published => emit(tx, &name, &tournament, &pb::SchedulePublished { version }),
        _ => emit(tx, &name, &tournament, &pb::PublicationRefused { version }),
    }
    Ok(row.reply())
}

fn with_places(row: VersionRow, places: &ReserveBookingsResponse) -> VersionRow {
    VersionRow {
        places_created: places.created,
        places_moved: places.moved,
        places_kept: places.kept,
        places_released: places.released,
        ..row
    }
}

fn order(tournament: &TournamentName, row: &VersionRow, fixed: &[Fixed]) -> ReserveBookingsRequest {
    let reservation = |Fixed { activity, .. }: &Fixed| Reservation {
        activity: activity.name.clone(),
        revision: activity.revision,
        title: activity.title.clone(),
        zone: activity.zone.clone(),
        start_time: activity.start_time,
        end_time: activity.end_time,
        set_up: activity.set_up,
        turnaround: activity.turnaround,
    };
    ReserveBookingsRequest {
        tournament: tournament.to_string(),
        version: row.name.clone(),
        reservations: fixed.iter().map(reservation).collect(),
        validate_only: false,
        request_id: String::new(),
        change: row.change_id.clone(),
        attempt: row.attempt,
    }
}

fn timed(order: ReserveBookingsRequest) -> Request<ReserveBookingsRequest> {
    let mut request = Request::new(order);
    request.set_timeout(RESERVE);
    request
}

/// Whether the venues have refused for good, as far as this attempt goes, and reserved nothing. An attempt that
/// was superseded, or a call that may not have arrived, decides nothing.
fn is_refusal(status: &Status) -> bool {
    match status.code() {
        Code::InvalidArgument | Code::NotFound | Code::FailedPrecondition => true,
        _ => matches!(reason(status).as_deref(), Some("SCHEDULE_CHANGED" | "MESSAGE_TOO_LARGE")),
    }
}

/// What the venues said, as this service's own answer: without the headers of their reply.
fn told(status: &Status) -> Status {
    Status::with_details(status.code(), status.message(), status.details().to_vec().into())
}
