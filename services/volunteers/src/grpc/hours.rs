//! `HoursService`: the ledger of hours, confirmed, corrected, added up.

use std::collections::BTreeSet;

use matchday_api::volunteers::v1::{self as pb, hours_service_server::HoursService};
use matchday_kernel::{
    Common, HoursEntryName, Instant, Interval, ShiftName, TournamentName, VolunteerName, civil::Time,
};
use matchday_rpc::{Caller, parse};
use matchday_store::{Record, Tx};
use tonic::{Request, Response, Status};

use super::lock;
use crate::{
    Error, Volunteers,
    domain::hours::{HIGHEST_PERCENT, LONGEST_BY_HAND, NightRule},
    hours::{confirmed, take_back, tell, write_by_hand},
    roster::emit,
    store::{
        hours::{self, HoursRow},
        shifts::ShiftRow,
        volunteers::VolunteerRow,
    },
};

/// Volunteers that one call confirms by name at most.
const MOST_NAMED: usize = 500;

fn filter(request: &pb::ListHoursRequest) -> Result<hours::Filter, Error> {
    let is_of_tournament = request.parent.split('/').count() == 2;
    let ancestor = if is_of_tournament {
        parse::text_as::<TournamentName>("parent", &request.parent)?.to_string()
    } else {
        parse::text_as::<VolunteerName>("parent", &request.parent)?.to_string()
    };
    if !request.shift.is_empty() {
        parse::text_as::<ShiftName>("shift", &request.shift)?;
    }
    Ok(hours::Filter {
        ancestor: if is_of_tournament { format!("{ancestor}/volunteers") } else { ancestor },
        shift: request.shift.clone(),
        unconfirmed: request.unconfirmed,
    })
}

/// Refuses a time that cannot have been served in one piece, or has not been served yet.
fn check_served(time: &Interval, now: Instant) -> Result<(), Error> {
    if time.duration() > LONGEST_BY_HAND {
        return Err(Common::field("end_time", "is more than 24 hours after the start".to_owned()).into());
    }
    if time.end() > now {
        return Err(Common::field("end_time", "lies in the future".to_owned()).into());
    }
    Ok(())
}

/// Entries of a shift to confirm, read and checked.
pub(crate) struct Confirm {
    shift: ShiftName,
    volunteers: BTreeSet<String>,
}

impl Confirm {
    pub(crate) fn parse(request: &pb::ConfirmHoursRequest) -> Result<Self, Error> {
        if request.volunteers.len() > MOST_NAMED {
            return Err(Common::field("volunteers", format!("are more than {MOST_NAMED}")).into());
        }
        for volunteer in &request.volunteers {
            parse::text_as::<VolunteerName>("volunteers", volunteer)?;
        }
        let volunteers = request.volunteers.iter().cloned().collect();
        Ok(Self { shift: parse::text_as("shift", &request.shift)?, volunteers })
    }

    pub(crate) async fn carry_out(self, tx: &mut Tx) -> Result<pb::ConfirmHoursResponse, Error> {
        ShiftRow::get(tx, self.shift.as_str()).await?;
        let mut entries: Vec<pb::HoursEntry> = Vec::new();
        for row in hours::unconfirmed_of(tx, self.shift.as_str()).await? {
            if self.volunteers.is_empty() || self.volunteers.contains(&row.volunteer) {
                entries.push(confirmed(row, tx).save(tx).await?.into());
            }
        }
        if !entries.is_empty() {
            let names = entries.iter().map(|entry| entry.name.clone()).collect();
            let event = pb::HoursConfirmed { shift: self.shift.to_string(), entries: names };
            emit(tx, self.shift.parent().as_str(), self.shift.as_str(), &event);
        }
        Ok(pb::ConfirmHoursResponse { entries })
    }
}

/// An entry to correct, read and checked.
pub(crate) struct Correct {
    name: HoursEntryName,
    time: Option<Interval>,
    reason: String,
}

impl Correct {
    pub(crate) fn parse(request: &pb::CorrectHoursRequest) -> Result<Self, Error> {
        let time = match (request.start_time, request.end_time) {
            (None, None) => None,
            (start, end) => Some(parse::interval("", start, end)?),
        };
        let reason = parse::required_text("reason", &request.reason)?;
        Ok(Self { name: parse::text_as("name", &request.name)?, time, reason })
    }

    pub(crate) fn tournament(&self) -> TournamentName {
        self.name.parent().parent()
    }

    pub(crate) async fn carry_out(self, tx: &mut Tx) -> Result<pb::CorrectHoursResponse, Error> {
        let tournament = self.tournament();
        if let Some(time) = &self.time {
            check_served(time, tx.now())?;
        }
        let entry = HoursRow::get(tx, self.name.as_str()).await?;
        // of somebody who was erased no words are kept
        let is_known = VolunteerRow::find(tx, &entry.volunteer).await?.is_some();
        let reason = if is_known { self.reason } else { String::new() };
        let blank = HoursRow {
            volunteer: entry.volunteer.clone(),
            shift: entry.shift.clone(),
            reason: reason.clone(),
            ..HoursRow::default()
        };
        // what no shift knows has no leader who could confirm it: its author does
        let has_leader = !entry.shift.is_empty() || entry.confirmed.is_none();
        let blank = if has_leader { blank } else { confirmed(blank, tx) };
        let counter = take_back(tx, entry, &reason).await?;
        let corrected = match &self.time {
            Some(time) => Some(write_by_hand(tx, tournament.as_str(), blank, time).await?),
            None => None,
        };
        tell(tx, tournament.as_str(), [counter.clone()].into_iter().chain(corrected.clone()).collect());
        Ok(pb::CorrectHoursResponse { counter: Some(counter.into()), corrected: corrected.map(Into::into) })
    }
}

/// Service that no shift knows, read and checked.
pub(crate) struct Write {
    volunteer: VolunteerName,
    time: Interval,
    reason: String,
}

impl Write {
    pub(crate) fn parse(request: &pb::RecordHoursRequest) -> Result<Self, Error> {
        Ok(Self {
            volunteer: parse::text_as("volunteer", &request.volunteer)?,
            time: parse::interval("", request.start_time, request.end_time)?,
            reason: parse::required_text("reason", &request.reason)?,
        })
    }

    pub(crate) async fn carry_out(self, tx: &mut Tx) -> Result<pb::RecordHoursResponse, Error> {
        check_served(&self.time, tx.now())?;
        let tournament = self.volunteer.parent();
        VolunteerRow::get(tx, self.volunteer.as_str()).await?;
        let (volunteer, reason) = (self.volunteer.to_string(), self.reason);
        let row = confirmed(HoursRow { volunteer, reason, ..HoursRow::default() }, tx);
        let row = write_by_hand(tx, tournament.as_str(), row, &self.time).await?;
        tell(tx, tournament.as_str(), vec![row.clone()]);
        Ok(pb::RecordHoursResponse { entry: Some(row.into()) })
    }
}

/// A time of the day, `22:00`, to the minute.
pub(super) fn time_of_day(field: &str, text: &str) -> Result<Time, Error> {
    let wrong = || Common::field(field, "is a time of the day to the minute, such as 22:00".to_owned());
    let (hour, minute) = text.split_once(':').ok_or_else(wrong)?;
    let (hour, minute) = (hour.parse().map_err(|_| wrong())?, minute.parse().map_err(|_| wrong())?);
    Ok(Time::new(hour, minute, 0, 0).map_err(|_| wrong())?)
}

fn rule(rules: &pb::HoursRules) -> Result<(NightRule, String), Error> {
    let percent = rules.night_percent;
    if !(100..=HIGHEST_PERCENT).contains(&percent) {
        let problem = format!("must lie between 100 and {HIGHEST_PERCENT}");
        return Err(Common::field("rules.night_percent", problem).into());
    }
    let start = time_of_day("rules.night_start", &rules.night_start)?;
    let end = time_of_day("rules.night_end", &rules.night_end)?;
    if start == end {
        let problem = "is the time it begins: a night has an end".to_owned();
        return Err(Common::field("rules.night_end", problem).into());
    }
    Ok((NightRule { start, end, percent }, parse::required_text("rules.source", &rules.source)?))
}

fn rules((rule, source): (NightRule, String)) -> pb::HoursRules {
    let in_words = |time: Time| format!("{:02}:{:02}", time.hour(), time.minute());
    pb::HoursRules {
        night_start: in_words(rule.start),
        night_end: in_words(rule.end),
        night_percent: rule.percent,
        source,
    }
}

#[tonic::async_trait]
impl HoursService for Volunteers {
    async fn list_hours(
        &self,
        request: Request<pb::ListHoursRequest>,
    ) -> Result<Response<pb::ListHoursResponse>, Status> {
        let paging = Caller::of(&request)?.page(request.get_ref())?;
        let filter = filter(request.get_ref())?;
        let mut conn = self.desk.read().await?;
        let page = hours::page(&mut conn, &filter, paging.after.as_deref(), paging.size)
            .await
            .map_err(Error::from)?;
        Ok(Response::new(pb::ListHoursResponse {
            next_page_token: paging.seal(page.next.as_deref()),
            entries: page.items.into_iter().map(Into::into).collect(),
        }))
    }

    async fn list_hours_balances(
        &self,
        request: Request<pb::ListHoursBalancesRequest>,
    ) -> Result<Response<pb::ListHoursBalancesResponse>, Status> {
        let paging = Caller::of(&request)?.page(request.get_ref())?;
        let tournament: TournamentName =
            parse::text_as("parent", &request.get_ref().parent).map_err(Error::from)?;
        let mut conn = self.desk.read().await?;
        let page = hours::balances(&mut conn, tournament.as_str(), paging.after.as_deref(), paging.size)
            .await
            .map_err(Error::from)?;
        Ok(Response::new(pb::ListHoursBalancesResponse {
            next_page_token: paging.seal(page.next.as_deref()),
            balances: page.items.into_iter().map(Into::into).collect(),
        }))
    }

    async fn confirm_hours(
        &self,
        request: Request<pb::ConfirmHoursRequest>,
    ) -> Result<Response<pb::ConfirmHoursResponse>, Status> {
        let confirm = Confirm::parse(request.get_ref())?;
        let locks = lock(confirm.shift.parent());
        self.desk.write(&request, locks, move |tx| Box::pin(confirm.carry_out(tx))).await
    }

    async fn correct_hours(
        &self,
        request: Request<pb::CorrectHoursRequest>,
    ) -> Result<Response<pb::CorrectHoursResponse>, Status> {
        let correct = Correct::parse(request.get_ref())?;
        let locks = lock(correct.tournament());
        self.desk.write(&request, locks, move |tx| Box::pin(correct.carry_out(tx))).await
    }

    async fn record_hours(
        &self,
        request: Request<pb::RecordHoursRequest>,
    ) -> Result<Response<pb::RecordHoursResponse>, Status> {
        let write = Write::parse(request.get_ref())?;
        let locks = lock(write.volunteer.parent());
        self.desk.write(&request, locks, move |tx| Box::pin(write.carry_out(tx))).await
    }

    async fn get_hours_rules(
        &self,
        request: Request<pb::GetHoursRulesRequest>,
    ) -> Result<Response<pb::GetHoursRulesResponse>, Status> {
        let tournament: TournamentName =
            parse::text_as("parent", &request.get_ref().parent).map_err(Error::from)?;
        let mut conn = self.desk.read().await?;
        let rule = hours::night_rule(&mut conn, tournament.as_str()).await.map_err(Error::from)?;
        Ok(Response::new(pb::GetHoursRulesResponse { rules: Some(rules(rule)) }))
    }

    async fn set_hours_rules(
        &self,
        request: Request<pb::SetHoursRulesRequest>,
    ) -> Result<Response<pb::SetHoursRulesResponse>, Status> {
        let pb::SetHoursRulesRequest { parent, rules: wanted, .. } = request.get_ref();
        let tournament: TournamentName = parse::text_as("parent", parent).map_err(Error::from)?;
        let wanted = parse::required("rules", wanted.clone()).map_err(Error::from)?;
        let (rule, source) = rule(&wanted)?;
        let locks = lock(&tournament);
        self.desk
            .write(&request, locks, move |tx| {
                Box::pin(async move {
                    hours::set_night_rule(tx, tournament.as_str(), rule, &source).await?;
                    let rules = rules((rule, source));
                    let event = pb::HoursRulesSet { rules: Some(rules.clone()) };
                    emit(tx, tournament.as_str(), tournament.as_str(), &event);
                    Ok::<_, Error>(pb::SetHoursRulesResponse { rules: Some(rules) })
                })
            })
            .await
    }
}
