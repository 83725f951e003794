//! `AlertService`: the alerts of a venue, what is done about them, and how good the alarms are.

use futures_util::{StreamExt, stream};
use matchday_api::visitors::v1::{self as pb, alert_service_server::AlertService};
use matchday_kernel::{AlertName, VenueName};
use matchday_rpc::{Caller, parse};
use matchday_runtime::events;
use matchday_store::{BoxStream, Locks, Tx};
use tonic::{Request, Response, Status};

use super::{
    alert_deeds::{Act, Deed, End},
    alert_figures,
    alert_rules::{SetChain, SetRules},
    alert_watch::{shown, taken_up},
};
use crate::{
    Error, Visitors,
    alerts::{alerts_of, rules},
    store::alerts::{self as rows, AlertRow, Filter, steps},
};

/// Steps of an alert that are told.
const MOST_STEPS: i64 = 1_000;

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
        let told = steps::transitions(&mut conn, &row.venue, row.number, MOST_STEPS).await;
        let transitions = told.map_err(Error::from)?.into_iter().map(Into::into).collect();
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
        let stream = stream::iter([Ok(first)]).chain(changes);
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
        let (from, until) = alert_figures::stretch(request.get_ref(), self.desk.now())?;
        let mut conn = self.desk.read().await?;
        let figures = alert_figures::measured(&mut conn, &venue, from, until).await;
        Ok(Response::new(pb::GetAlarmFiguresResponse { figures: Some(figures.map_err(Error::from)?) }))
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
