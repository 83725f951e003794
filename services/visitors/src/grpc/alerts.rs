//! `AlertService`: the alerts of a venue, what is done about them, and how good the alarms are.

use std::collections::BTreeMap;

use matchday_api::visitors::v1::{self as pb, alert_service_server::AlertService};
use matchday_kernel::{AlertName, Common, Instant, SignedDuration, VenueName};
use matchday_rpc::{
    Caller,
    parse::{self, to_duration, to_timestamp},
};
use matchday_runtime::{Desk, events};
use matchday_store::{BoxStream, Conn, Locks, Record, StoreError, Tx};
use tonic::{Request, Response, Status};

use super::alert_rules::{SetChain, SetRules};
use crate::{
    Error, Visitors,
    alerts::{alerts_of, keep::happened, rules},
    domain::alert::{
        Level,
        case::{Case, LONGEST_SHELF, Refusal, Step},
        figures::{Figures, Frequent, Marked, figures},
    },
    store::alerts::{self as rows, AlertRow, Filter, cause_to_pb, level_to_pb},
};

/// Steps of an alert that are told.
const MOST_STEPS: i64 = 1_000;
/// Steps that figures are made from.
const MOST_MARKS: i64 = 200_000;
/// Longest time that figures are of.
const LONGEST: SignedDuration = SignedDuration::from_hours(31 * 24);
/// Alerts that are kept for those who watch, and those that a watch is taken up with.
const KEPT: i64 = 200;
const TAKEN_UP: i64 = 1_000;

/// The alerts of a venue that changed last.
#[derive(PartialEq)]
pub(crate) struct Alerts {
    /// By sequence.
    alerts: Vec<pb::Alert>,
    /// All that changed after this sequence are there.
    floor: i64,
}

impl Alerts {
    /// Reads them.
    pub(crate) async fn read(desk: Desk, venue: VenueName) -> Result<Self, Status> {
        let mut conn = desk.read().await?;
        let read = |error: StoreError| Status::from(Error::from(error));
        let (_, head) = rows::heads(&mut conn, venue.as_str()).await.map_err(read)?;
        // a change takes one sequence or more: there are at most so many alerts behind them
        let floor = (head - KEPT).max(0);
        let changed = rows::changed(&mut conn, venue.as_str(), floor, 2 * KEPT).await.map_err(read)?;
        Ok(Self { alerts: shown(&changed)?, floor })
    }

    /// Those that changed after a sequence; `None` when none did.
    fn after(&self, sent: &mut i64) -> Result<Option<pb::WatchAlertsResponse>, Status> {
        if *sent < self.floor {
            return Err(Error::WatchBehind { sequence: *sent }.into());
        }
        let changed = self.alerts.iter().filter(|alert| alert.sequence > *sent);
        let alerts: Vec<pb::Alert> = changed.cloned().collect();
        let Some(last) = alerts.last() else { return Ok(None) };
        *sent = last.sequence;
        Ok(Some(pb::WatchAlertsResponse { sequence: *sent, alerts }))
    }
}

fn shown(rows: &[AlertRow]) -> Result<Vec<pb::Alert>, Status> {
    rows.iter().map(|row| Ok(row.to_pb().map_err(Error::from)?)).collect()
}

/// The first message of a watch: what is open, and what changed since it broke.
async fn taken_up(conn: &mut Conn, venue: &str, after: i64) -> Result<pb::WatchAlertsResponse, Status> {
    let read = |error: StoreError| Status::from(Error::from(error));
    // the head first: what changes meanwhile comes again
    let (_, head) = rows::heads(conn, venue).await.map_err(read)?;
    let mut alerts: BTreeMap<i64, AlertRow> = BTreeMap::new();
    alerts.extend(rows::open(conn, venue).await.map_err(read)?.into_iter().map(|row| (row.sequence, row)));
    let mut sequence = head;
    if after > 0 {
        let changed = rows::changed(conn, venue, after, TAKEN_UP).await.map_err(read)?;
        if changed.len() >= usize::try_from(TAKEN_UP).unwrap_or(usize::MAX) {
            sequence = changed.last().map_or(head, |row| row.sequence);
        }
        alerts.extend(changed.into_iter().map(|row| (row.sequence, row)));
    }
    let alerts: Vec<AlertRow> = alerts.into_values().collect();
    Ok(pb::WatchAlertsResponse { alerts: shown(&alerts)?, sequence })
}

/// What somebody does about an alert, read and checked.
pub(crate) struct Act {
    name: AlertName,
    etag: String,
    deed: Deed,
}

/// Until when an alert is shelved.
#[derive(Clone, Copy)]
pub(crate) enum End {
    At(Instant),
    After(SignedDuration),
}

impl End {
    fn parse(request: &pb::ShelveAlertRequest) -> Result<Self, Error> {
        match (parse::instant("end_time", request.end_time)?, request.lasts) {
            (Some(end), None) => Ok(Self::At(end)),
            (None, Some(lasts)) => Ok(Self::After(parse::duration("lasts", Some(lasts), LONGEST_SHELF)?)),
            _ => Err(Common::field("end_time", "or how long it lasts is required, and not both").into()),
        }
    }
}

/// What is done.
pub(crate) enum Deed {
    Acknowledge,
    Shelve { end: End, reason: String },
    Unshelve,
}

impl Act {
    pub(crate) fn parse(name: &str, etag: &str, deed: Deed) -> Result<Self, Error> {
        Ok(Self { name: parse::text_as("name", name)?, etag: etag.to_owned(), deed })
    }

    pub(crate) fn locks(&self) -> Locks {
        Locks::of([alerts_of(self.name.parent().as_str())])
    }

    pub(crate) async fn carry_out(self, tx: &mut Tx) -> Result<pb::Alert, Error> {
        let row = AlertRow::get(tx, self.name.as_str()).await?;
        row.check_etag(&self.etag)?;
        let decided = self.decide(row.case()?, tx);
        let (case, step) = decided.map_err(|refusal| self.refused(refusal))?;
        let row = match step {
            Some(step) => {
                let reason = if let Deed::Shelve { reason, .. } = &self.deed { reason } else { "" };
                happened(tx, row, case, step, reason).await?
            }
            None => row,
        };
        Ok(row.to_pb()?)
    }

    fn decide(&self, case: Case, tx: &Tx) -> Result<(Case, Option<Step>), Refusal> {
        match &self.deed {
            Deed::Acknowledge => case.acknowledge(tx.actor(), tx.now()),
            Deed::Unshelve => case.unshelve(tx.now()),
            Deed::Shelve { end, reason } => {
                let until = match end {
                    End::At(until) => *until,
                    End::After(lasts) => tx.now().saturating_add(*lasts),
                };
                case.shelve(until, reason, tx.now()).map(|(case, step)| (case, Some(step)))
            }
        }
    }

    fn refused(&self, refusal: Refusal) -> Error {
        match refusal {
            Refusal::End => {
                Common::field("end_time", "lies in the past, or more than eight hours ahead").into()
            }
            Refusal::Over | Refusal::Top => Error::Alert { alert: self.name.to_string(), refusal },
        }
    }
}

/// The figures as the contract shows them.
fn to_pb(venue: &VenueName, from: Instant, until: Instant, found: Figures) -> pb::AlarmFigures {
    let number = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
    let subject = |one: Frequent| pb::AlarmSubject {
        cause: cause_to_pb(one.cause).into(),
        subject: one.subject,
        alarms: number(one.alarms),
    };
    #[expect(clippy::cast_precision_loss, reason = "alarms of a month")]
    let share = |alarms: usize| {
        if found.alarms == 0 { 0.0 } else { alarms as f64 / found.alarms as f64 }
    };
    let levels = Level::ALL.into_iter().zip(found.levels).zip([0.80, 0.15, 0.05]).rev();
    let levels = levels.map(|((level, alarms), recommended)| pb::AlarmLevelShare {
        level: level_to_pb(level).into(),
        alarms: number(alarms),
        share: share(alarms),
        recommended,
    });
    pb::AlarmFigures {
        venue: venue.to_string(),
        start_time: Some(to_timestamp(from)),
        end_time: Some(to_timestamp(until)),
        alarms: number(found.alarms),
        average_per_ten_minutes: found.average,
        peak_per_ten_minutes: number(found.peak),
        peak_time: found.peak_at.map(to_timestamp),
        flood_share: found.flood_share,
        floods: number(found.floods),
        stale: number(found.stale),
        levels: levels.collect(),
        chattering: found.chattering.into_iter().map(subject).collect(),
        most_frequent: found.most_frequent.into_iter().map(subject).collect(),
        acknowledged: number(found.acknowledged),
        median_acknowledgement: found.median.map(to_duration),
        ninth_decile_acknowledgement: found.ninth_decile.map(to_duration),
        escalations: number(found.escalations),
    }
}

/// A stretch of time that figures are asked of.
fn stretch(request: &pb::GetAlarmFiguresRequest, now: Instant) -> Result<(Instant, Instant), Error> {
    let until = parse::instant("end_time", request.end_time)?.unwrap_or(now);
    let from = parse::instant("start_time", request.start_time)?;
    let from = from.unwrap_or_else(|| until.saturating_add(-SignedDuration::from_hours(24)));
    if from >= until || until.since(from) > LONGEST {
        return Err(
            Common::field("start_time", "is not before the end, or more than 31 days before it").into()
        );
    }
    Ok((from, until))
}

fn filter(request: &pb::ListAlertsRequest) -> Result<Filter, Error> {
    for state in &request.states {
        parse::one_of::<pb::AlertState>("states", *state)?;
    }
    let level = Some(request.level).filter(|level| *level != 0);
    let cause = Some(request.cause).filter(|cause| *cause != 0);
    Ok(Filter {
        states: Filter::of_states(&request.states),
        level: level
            .map(|it| parse::one_of::<pb::AlertLevel>("level", it))
            .transpose()?
            .map_or(0, Into::into),
        cause: cause
            .map(|it| parse::one_of::<pb::AlertCause>("cause", it))
            .transpose()?
            .map_or(0, Into::into),
        subject: parse::optional_text("subject", &request.subject)?,
    })
}

fn venue_of(parent: &str) -> Result<VenueName, Error> {
    Ok(parse::text_as("parent", parent)?)
}

#[tonic::async_trait]
impl AlertService for Visitors {
    type WatchAlertsStream = BoxStream<'static, Result<pb::WatchAlertsResponse, Status>>;

    async fn list_alerts(
        &self,
        request: Request<pb::ListAlertsRequest>,
    ) -> Result<Response<pb::ListAlertsResponse>, Status> {
        let paging = Caller::of(&request)?.page(request.get_ref())?;
        let (venue, filter) = (venue_of(&request.get_ref().parent)?, filter(request.get_ref())?);
        let mut conn = self.desk.read().await?;
        let page = rows::page(&mut conn, venue.as_str(), &filter, paging.after.as_deref(), paging.size).await;
        let page = page.map_err(Error::from)?;
        let next_page_token = paging.seal(page.next.as_deref());
        Ok(Response::new(pb::ListAlertsResponse { alerts: shown(&page.items)?, next_page_token }))
    }

    async fn get_alert(
        &self,
        request: Request<pb::GetAlertRequest>,
    ) -> Result<Response<pb::GetAlertResponse>, Status> {
        let row: AlertRow = self.desk.get::<AlertName, _>(&request.get_ref().name).await?;
        let mut conn = self.desk.read().await?;
        let steps = rows::transitions(&mut conn, &row.venue, row.number, MOST_STEPS).await;
        let transitions = steps.map_err(Error::from)?.into_iter().map(Into::into).collect();
        let alert = Some(row.to_pb().map_err(Error::from)?);
        Ok(Response::new(pb::GetAlertResponse { alert, transitions }))
    }

    async fn watch_alerts(
        &self,
        request: Request<pb::WatchAlertsRequest>,
    ) -> Result<Response<Self::WatchAlertsStream>, Status> {
        let venue = venue_of(&request.get_ref().parent)?;
        let mut conn = self.desk.read().await?;
        let first = taken_up(&mut conn, venue.as_str(), request.get_ref().after_sequence).await?;
        drop(conn);
        let changes = self.feeds.alerts.stream(&venue, first.sequence, |sent, alerts| alerts.after(sent));
        let stream = futures_util::StreamExt::chain(futures_util::stream::iter([Ok(first)]), changes);
        Ok(Response::new(events::until_ending(Box::pin(stream), &self.stop)))
    }

    async fn acknowledge_alert(
        &self,
        request: Request<pb::AcknowledgeAlertRequest>,
    ) -> Result<Response<pb::AcknowledgeAlertResponse>, Status> {
        let pb::AcknowledgeAlertRequest { name, etag, .. } = request.get_ref();
        let act = Act::parse(name, etag, Deed::Acknowledge)?;
        let work = async |tx: &mut Tx, act: Act| {
            Ok::<_, Error>(pb::AcknowledgeAlertResponse { alert: Some(act.carry_out(tx).await?) })
        };
        self.desk.write(&request, act.locks(), move |tx| Box::pin(work(tx, act))).await
    }

    async fn shelve_alert(
        &self,
        request: Request<pb::ShelveAlertRequest>,
    ) -> Result<Response<pb::ShelveAlertResponse>, Status> {
        let pb::ShelveAlertRequest { name, reason, etag, .. } = request.get_ref();
        let end = End::parse(request.get_ref())?;
        let reason = parse::required_text("reason", reason).map_err(Error::from)?;
        let act = Act::parse(name, etag, Deed::Shelve { end, reason })?;
        let work = async |tx: &mut Tx, act: Act| {
            Ok::<_, Error>(pb::ShelveAlertResponse { alert: Some(act.carry_out(tx).await?) })
        };
        self.desk.write(&request, act.locks(), move |tx| Box::pin(work(tx, act))).await
    }

    async fn unshelve_alert(
        &self,
        request: Request<pb::UnshelveAlertRequest>,
    ) -> Result<Response<pb::UnshelveAlertResponse>, Status> {
        let pb::UnshelveAlertRequest { name, etag, .. } = request.get_ref();
        let act = Act::parse(name, etag, Deed::Unshelve)?;
        let work = async |tx: &mut Tx, act: Act| {
            Ok::<_, Error>(pb::UnshelveAlertResponse { alert: Some(act.carry_out(tx).await?) })
        };
        self.desk.write(&request, act.locks(), move |tx| Box::pin(work(tx, act))).await
    }

    async fn get_alarm_figures(
        &self,
        request: Request<pb::GetAlarmFiguresRequest>,
    ) -> Result<Response<pb::GetAlarmFiguresResponse>, Status> {
        let venue = venue_of(&request.get_ref().parent)?;
        let (from, until) = stretch(request.get_ref(), self.desk.now())?;
        let mut conn = self.desk.read().await?;
        let steps = rows::transitions_between(&mut conn, venue.as_str(), from, until, MOST_MARKS).await;
        let marks = steps.map_err(Error::from)?;
        let marks: Result<Vec<Option<Marked>>, StoreError> =
            marks.iter().map(rows::TransitionRow::marked).collect();
        let marks: Vec<Marked> = marks.map_err(Error::from)?.into_iter().flatten().collect();
        let open = rows::open_at(&mut conn, venue.as_str(), until).await.map_err(Error::from)?;
        let figures = to_pb(&venue, from, until, figures(from, until, &marks, &open));
        Ok(Response::new(pb::GetAlarmFiguresResponse { figures: Some(figures) }))
    }

    async fn get_alert_rules(
        &self,
        request: Request<pb::GetAlertRulesRequest>,
    ) -> Result<Response<pb::GetAlertRulesResponse>, Status> {
        let venue = venue_of(&request.get_ref().parent)?;
        let mut conn = self.desk.read().await?;
        let rules = rules::shown(&mut conn, venue.as_str()).await.map_err(Error::from)?;
        Ok(Response::new(pb::GetAlertRulesResponse { rules: Some(rules) }))
    }

    async fn set_alert_rules(
        &self,
        request: Request<pb::SetAlertRulesRequest>,
    ) -> Result<Response<pb::SetAlertRulesResponse>, Status> {
        let set = SetRules::parse(request.get_ref())?;
        let locks = Locks::of([alerts_of(set.venue.as_str())]);
        self.desk.write(&request, locks, move |tx| Box::pin(set.carry_out(tx))).await
    }

    async fn set_duty_holder(
        &self,
        request: Request<pb::SetDutyHolderRequest>,
    ) -> Result<Response<pb::SetDutyHolderResponse>, Status> {
        let set = SetChain::parse(request.get_ref())?;
        let locks = Locks::of([alerts_of(set.venue.as_str())]);
        self.desk.write(&request, locks, move |tx| Box::pin(set.carry_out(tx))).await
    }

    async fn list_duty_holders(
        &self,
        request: Request<pb::ListDutyHoldersRequest>,
    ) -> Result<Response<pb::ListDutyHoldersResponse>, Status> {
        let venue = venue_of(&request.get_ref().parent)?;
        let mut conn = self.desk.read().await?;
        let chains = rows::rules::chains(&mut conn, venue.as_str()).await.map_err(Error::from)?;
        Ok(Response::new(pb::ListDutyHoldersResponse { chains }))
    }
}
