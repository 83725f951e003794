//! `GovernorService`: how many may be inside, and whether the gates let anybody in.

use matchday_api::{
    common::v1::Permission,
    visitors::v1::{self as pb, governor_service_server::GovernorService},
};
use matchday_kernel::{Common, GateName, OpeningName};
use matchday_rpc::{Caller, parse};
use matchday_runtime::events;
use matchday_store::{BoxStream, Conn, Locks, Record, StoreError, Tx};
use tonic::{Request, Response, Status};

use super::{emit, openings_of};
use crate::{
    Error, Visitors,
    domain::capacity::{Approved, Filling, Limits, Refusal, reached},
    store::{
        control::{self, CountRow, EntryControlRow, limits_to_pb, number},
        gates::GateRow,
        openings::OpeningRow,
    },
};

/// Most people a figure can say.
const MOST_PEOPLE: i32 = 1_000_000;

/// Writes who is inside now, and that a limit is reached when that begins.
pub(super) async fn fill(
    tx: &mut Tx,
    opening: &str,
    before: CountRow,
    filling: Filling,
) -> Result<(), StoreError> {
    let (is_reached, is_news) = reached(before.reached != 0, filling.tier());
    control::save_count(tx, opening, &CountRow::of(filling, is_reached)).await?;
    if is_news {
        let event = pb::CapacityReached {
            opening: opening.to_owned(),
            public_limit: filling.public_limit.map(number),
            everyone_limit: filling.everyone_limit.map(number),
            public: number(filling.public),
            everyone: number(filling.everyone),
            offline_places: number(filling.held),
        };
        emit(tx, opening, &event);
    }
    Ok(())
}

/// The limits of an opening and its entry states, as the contract shows them.
pub(super) async fn control_of(conn: &mut Conn, opening: &str) -> Result<pb::EntryControl, StoreError> {
    let row = control(conn, opening).await?;
    shown(conn, row).await
}

async fn control(conn: &mut Conn, opening: &str) -> Result<EntryControlRow, StoreError> {
    let without = || EntryControlRow { name: opening.to_owned(), ..EntryControlRow::default() };
    Ok(EntryControlRow::find(conn, opening).await?.unwrap_or_else(without))
}

async fn shown(conn: &mut Conn, row: EntryControlRow) -> Result<pb::EntryControl, StoreError> {
    let states = control::states(conn, &row.name).await?;
    let identity_checked = control::is_identity_checked(conn, &row.name).await?;
    Ok(row.into_pb(&states, identity_checked))
}

fn figure(field: &str, people: Option<i32>) -> Result<Option<i64>, Error> {
    match people {
        Some(people) if !(0..=MOST_PEOPLE).contains(&people) => {
            let problem = format!("is {people}; a limit is 0 to {MOST_PEOPLE} people");
            Err(Common::field(field, problem).into())
        }
        people => Ok(people.map(i64::from)),
    }
}

fn limits(limits: &pb::CapacityLimits) -> Result<Limits, Error> {
    let approved = figure("limits.approved", limits.approved)?;
    let safe_limit = figure("limits.safe_limit", limits.safe_limit)?;
    if let Some(safe) = safe_limit
        && approved.is_none_or(|approved| safe > approved)
    {
        let problem = "is above the approved number, or there is none: nothing is safe beyond the permit";
        return Err(Common::field("limits.safe_limit", problem).into());
    }
    let approved = match approved {
        Some(number) => {
            let permit = parse::required_text("limits.permit", &limits.permit)?;
            Some(Approved { number, permit })
        }
        None if limits.permit.is_empty() => None,
        None => return Err(Common::field("limits.approved", "is required with a permit").into()),
    };
    Ok(Limits {
        approved,
        entry: figure("limits.entry", limits.entry)?,
        holding: figure("limits.holding", limits.holding)?,
        exit: figure("limits.exit", limits.exit)?,
        emergency: figure("limits.emergency", limits.emergency)?,
        everyone: figure("limits.everyone", limits.everyone)?,
        safe_limit,
    })
}

/// The limits of an opening, read and checked.
pub(super) struct SetCapacity {
    name: OpeningName,
    limits: Limits,
    etag: String,
    /// Whether who sets them answers for higher figures.
    may_raise: bool,
}

impl SetCapacity {
    pub(super) fn parse(request: &pb::SetCapacityRequest, may_raise: bool) -> Result<Self, Error> {
        let wanted = parse::required("limits", request.limits.clone())?;
        let name = parse::text_as("name", &request.name)?;
        Ok(Self { name, limits: limits(&wanted)?, etag: request.etag.clone(), may_raise })
    }

    pub(super) async fn carry_out(self, tx: &mut Tx) -> Result<pb::SetCapacityResponse, Error> {
        let opening = self.name.as_str();
        OpeningRow::get(tx, opening).await?;
        let row = control(tx, opening).await?;
        row.check_etag(&self.etag)?;
        let before = row.limits();
        let limits =
            self.limits.after(&before, self.may_raise).map_err(|refusal| refused(opening, refusal))?;
        let is_new = row.revision == 0;
        let row = EntryControlRow::of(limits, row);
        let row = if is_new { row.create(tx).await? } else { row.save(tx).await? };
        let filling = limit(tx, &row).await?;
        let control = shown(tx, row).await?;
        let event = pb::CapacitySet {
            control: Some(control.clone()),
            previous: Some(limits_to_pb(before)),
            public: number(filling.public),
            everyone: number(filling.everyone),
        };
        emit(tx, opening, &event);
        Ok(pb::SetCapacityResponse { control: Some(control) })
    }
}

/// Lets the limits of a row hold from now on.
async fn limit(tx: &mut Tx, row: &EntryControlRow) -> Result<Filling, StoreError> {
    let count = control::count_from_now_on(tx, &row.name).await?;
    let (public_limit, everyone_limit) = (row.public_limit(), row.everyone);
    let filling = Filling { public_limit, everyone_limit, ..count.filling() };
    fill(tx, &row.name, count, filling).await?;
    Ok(filling)
}

fn refused(opening: &str, refusal: Refusal) -> Error {
    Error::Capacity { opening: opening.to_owned(), refusal }
}

/// A number that a supervisor raises the lowest figure to, read and checked.
pub(super) struct OverrideCapacity {
    name: OpeningName,
    raised_to: i64,
    reason: String,
}

impl OverrideCapacity {
    pub(super) fn parse(request: &pb::OverrideCapacityRequest) -> Result<Self, Error> {
        let raised_to = figure("raised_to", Some(request.raised_to))?.unwrap_or_default();
        let reason = parse::required_text("reason", &request.reason)?;
        Ok(Self { name: parse::text_as("name", &request.name)?, raised_to, reason })
    }

    pub(super) async fn carry_out(self, tx: &mut Tx) -> Result<pb::OverrideCapacityResponse, Error> {
        let opening = self.name.as_str();
        OpeningRow::get(tx, opening).await?;
        let row = control(tx, opening).await?;
        let raised = row.limits().raised_to(self.raised_to);
        let raised = raised.map_err(|refusal| refused(opening, refusal))?;
        let row = EntryControlRow { raised_to: Some(raised), ..row }.save(tx).await?;
        limit(tx, &row).await?;
        let control = shown(tx, row).await?;
        let event = pb::CapacityOverridden { control: Some(control.clone()), reason: self.reason };
        emit(tx, opening, &event);
        Ok(pb::OverrideCapacityResponse { control: Some(control) })
    }
}

/// An entry state, read and checked as far as it can be without the opening.
pub(super) struct SetEntryState {
    name: OpeningName,
    gate: Option<GateName>,
    state: pb::EntryState,
}

impl SetEntryState {
    pub(super) fn parse(request: &pb::SetEntryStateRequest) -> Result<Self, Error> {
        let state = parse::one_of::<pb::EntryState>("state", request.state)?;
        if state == pb::EntryState::Unspecified {
            return Err(Common::field("state", "is required").into());
        }
        let is_one = !request.gate.is_empty();
        let gate = is_one.then(|| parse::text_as("gate", &request.gate)).transpose()?;
        Ok(Self { name: parse::text_as("name", &request.name)?, gate, state })
    }

    pub(super) async fn carry_out(self, tx: &mut Tx) -> Result<pb::SetEntryStateResponse, Error> {
        let opening = self.name.as_str();
        let row = OpeningRow::get(tx, opening).await?.opening()?;
        let gate = self.gate.as_ref().map_or("", GateName::as_str);
        if !gate.is_empty() {
            // a slip of the pen must not pass for a gate that is shut
            GateRow::get(tx, gate).await?;
        }
        if !gate.is_empty() && !row.is_gate(gate) {
            let problem = format!("{gate} does not open for {opening}: name one of its gates");
            return Err(Common::field("gate", problem).into());
        }
        control::set_state(tx, opening, gate, self.state).await?;
        let event = pb::EntryStateSet {
            opening: opening.to_owned(),
            gate: gate.to_owned(),
            state: self.state.into(),
        };
        emit(tx, opening, &event);
        let row = control(tx, opening).await?;
        Ok(pb::SetEntryStateResponse { control: Some(shown(tx, row).await?) })
    }
}

/// Lets an opening check identities from now on, or not any more.
pub(super) async fn check_identity(
    tx: &mut Tx,
    name: OpeningName,
    checked: bool,
) -> Result<pb::SetIdentityCheckResponse, Error> {
    let opening = name.as_str();
    OpeningRow::get(tx, opening).await?;
    if control::is_identity_checked(tx, opening).await? != checked {
        control::check_identity(tx, opening, checked).await?;
        emit(tx, opening, &pb::IdentityCheckSet { opening: opening.to_owned(), checked });
    }
    Ok(pb::SetIdentityCheckResponse { control: Some(control_of(tx, opening).await?) })
}

#[tonic::async_trait]
impl GovernorService for Visitors {
    type WatchGateStream = BoxStream<'static, Result<pb::WatchGateResponse, Status>>;

    async fn get_entry_control(
        &self,
        request: Request<pb::GetEntryControlRequest>,
    ) -> Result<Response<pb::GetEntryControlResponse>, Status> {
        let read = |error: StoreError| Status::from(Error::from(error));
        let name: OpeningName = parse::text_as("name", &request.get_ref().name).map_err(Error::from)?;
        let mut conn = self.desk.read().await?;
        OpeningRow::get(&mut conn, name.as_str()).await.map_err(read)?;
        let control = control_of(&mut conn, name.as_str()).await.map_err(read)?;
        Ok(Response::new(pb::GetEntryControlResponse { control: Some(control) }))
    }

    async fn set_capacity(
        &self,
        request: Request<pb::SetCapacityRequest>,
    ) -> Result<Response<pb::SetCapacityResponse>, Status> {
        let identity = Caller::of(&request)?.identity;
        let may_raise = identity.may(Permission::GateOverride, &request.get_ref().name);
        let set = SetCapacity::parse(request.get_ref(), may_raise)?;
        let locks = Locks::of([openings_of(set.name.as_str())]);
        self.desk.write(&request, locks, move |tx| Box::pin(set.carry_out(tx))).await
    }

    async fn override_capacity(
        &self,
        request: Request<pb::OverrideCapacityRequest>,
    ) -> Result<Response<pb::OverrideCapacityResponse>, Status> {
        let raise = OverrideCapacity::parse(request.get_ref())?;
        let locks = Locks::of([openings_of(raise.name.as_str())]);
        self.desk.write(&request, locks, move |tx| Box::pin(raise.carry_out(tx))).await
    }

    async fn set_entry_state(
        &self,
        request: Request<pb::SetEntryStateRequest>,
    ) -> Result<Response<pb::SetEntryStateResponse>, Status> {
        let set = SetEntryState::parse(request.get_ref())?;
        let locks = Locks::of([openings_of(set.name.as_str())]);
        self.desk.write(&request, locks, move |tx| Box::pin(set.carry_out(tx))).await
    }

    async fn set_identity_check(
        &self,
        request: Request<pb::SetIdentityCheckRequest>,
    ) -> Result<Response<pb::SetIdentityCheckResponse>, Status> {
        let pb::SetIdentityCheckRequest { name, checked, .. } = request.get_ref();
        let (name, checked): (OpeningName, _) =
            (parse::text_as("name", name).map_err(Error::from)?, *checked);
        let locks = Locks::of([openings_of(name.as_str())]);
        self.desk.write(&request, locks, move |tx| Box::pin(check_identity(tx, name, checked))).await
    }

    async fn watch_gate(
        &self,
        request: Request<pb::WatchGateRequest>,
    ) -> Result<Response<Self::WatchGateStream>, Status> {
        let name: OpeningName = parse::text_as("name", &request.get_ref().name).map_err(Error::from)?;
        let mut conn = self.desk.read().await?;
        OpeningRow::get(&mut conn, name.as_str()).await.map_err(Error::from)?;
        drop(conn);
        let views = self.feeds.gates.stream(&name, (), |(), view: &pb::GateView| {
            Ok(Some(pb::WatchGateResponse { view: Some(view.clone()) }))
        });
        Ok(Response::new(events::until_ending(views, &self.stop)))
    }
}
