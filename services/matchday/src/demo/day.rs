//! The day, played in steps of ten minutes: volunteers sign in and out, units report, work is done, and a simulated
//! crowd comes to the gates.

use std::collections::BTreeMap;

use futures_util::{StreamExt, TryStreamExt, stream};
use matchday_api::{
    venues::v1::{CompleteWorkOrderRequest, ListWorkOrdersRequest, StartWorkOrderRequest, WorkOrder},
    visitors::v1::{
        Credential, CredentialKind, Direction, GetOccupancyRequest, Occupancy, RedeemCredentialRequest,
        Verdict,
    },
    volunteers::v1::{
        AssignmentState, RecordNoShowRequest, ReportHeadcountRequest, Shift, SignInRequest, SignOutRequest,
    },
};
use matchday_kernel::{Instant, SignedDuration};
use matchday_rpc::parse::{self, to_timestamp};
use prost_types::Timestamp;

use super::{
    stage::{AT_ONCE, Imported},
    story::Story,
    tell,
};
use crate::{client::pages, failure::Failure, words};

/// A step of the day.
const STEP: SignedDuration = SignedDuration::from_mins(10);
/// One in so many volunteers does not come.
const ABSENT: usize = 50;
/// One in so many people tries another gate than the ticket's.
const ASTRAY: usize = 40;
/// One in so many tickets is shown a second time.
const COPIED: usize = 75;
/// The way in takes so many steps, from the opening of the gates on.
const ARRIVALS: usize = 10;

/// Somebody who comes to a gate.
struct Visit {
    device: String,
    code: String,
}

/// What was counted while the day was played.
#[derive(Default)]
struct Counts {
    signed_in: usize,
    absent: usize,
    reported: i32,
    done: usize,
    verdicts: BTreeMap<i32, usize>,
}

impl Story {
    /// Plays the day from its morning until a moment.
    pub(super) async fn play(&self, imported: &Imported, until: Instant) -> Result<(), Failure> {
        let shifts = self.shifts().await?;
        let work = self.work().await?;
        let gates_open = until.saturating_add(STEP * -(ARRIVALS.try_into().unwrap_or(0)));
        let mut visits = self.visits(imported);
        let share = visits.len().div_ceil(ARRIVALS);
        let mut sequences = BTreeMap::new();
        let mut counts = Counts::default();
        let mut before = self.zone.day(self.day).start().saturating_add(SignedDuration::from_hours(7));
        while before < until {
            let now = before.saturating_add(STEP).min(until);
            self.clock.set(now);
            let is_now = |time: Option<Timestamp>| moment(time).is_some_and(|it| before < it && it <= now);
            for shift in shifts.iter().filter(|shift| is_now(shift.start_time)) {
                self.begin(shift, &mut counts).await?;
            }
            for shift in shifts.iter().filter(|shift| is_now(shift.end_time) && shift.unit.is_empty()) {
                self.end(shift).await?;
            }
            for order in &work {
                self.advance(order, is_now(order.start_time), is_now(order.due_time), &mut counts).await?;
            }
            if now > gates_open {
                let arriving = visits.split_off(visits.len().saturating_sub(share));
                self.scan(arriving, &mut sequences, &mut counts).await?;
            }
            before = now;
        }
        self.tell_counts(&counts).await
    }

    /// Those who accepted sign in, but for some who do not come; a unit reports its people.
    async fn begin(&self, shift: &Shift, counts: &mut Counts) -> Result<(), Failure> {
        let request_id = String::new();
        if !shift.unit.is_empty() {
            let name = shift.name.clone();
            let report =
                ReportHeadcountRequest { name, reported: shift.headcount, request_id, ..Default::default() };
            let shift = self.client.roster().report_headcount(report).await?.into_inner().shift;
            counts.reported += shift.and_then(|shift| shift.reported).unwrap_or_default();
            return Ok(());
        }
        let assignments = self.assignments(&shift.name).await?;
        let names = assignments.into_iter().filter(|it| it.state() == AssignmentState::Accepted);
        let first = counts.signed_in + counts.absent;
        let calls = names.zip(first..).map(async |(assignment, number)| -> Result<bool, Failure> {
            let name = assignment.name;
            let comes = number % ABSENT != ABSENT - 1;
            if comes {
                let sign_in = SignInRequest { name, ..SignInRequest::default() };
                self.client.roster().sign_in(sign_in).await?;
            } else {
                let absent = RecordNoShowRequest { name, ..RecordNoShowRequest::default() };
                self.client.roster().record_no_show(absent).await?;
            }
            Ok(comes)
        });
        let came: Vec<bool> = stream::iter(calls).buffer_unordered(AT_ONCE).try_collect().await?;
        counts.signed_in += came.iter().filter(|came| **came).count();
        counts.absent += came.iter().filter(|came| !**came).count();
        Ok(())
    }

    async fn end(&self, shift: &Shift) -> Result<(), Failure> {
        let assignments = self.assignments(&shift.name).await?;
        let there = assignments.into_iter().filter(|it| it.state() == AssignmentState::SignedIn);
        let calls = there.map(async |assignment| -> Result<(), Failure> {
            let sign_out = SignOutRequest { name: assignment.name, ..SignOutRequest::default() };
            self.client.roster().sign_out(sign_out).await?;
            Ok(())
        });
        stream::iter(calls).buffer_unordered(AT_ONCE).try_collect::<Vec<()>>().await?;
        Ok(())
    }

    async fn advance(
        &self,
        order: &WorkOrder,
        starts: bool,
        is_due: bool,
        counts: &mut Counts,
    ) -> Result<(), Failure> {
        let name = order.name.clone();
        if starts {
            let start = StartWorkOrderRequest { name: name.clone(), ..StartWorkOrderRequest::default() };
            self.client.work().start_work_order(start).await?;
        }
        if is_due {
            let complete = CompleteWorkOrderRequest { name, ..CompleteWorkOrderRequest::default() };
            self.client.work().complete_work_order(complete).await?;
            counts.done += 1;
        }
        Ok(())
    }

    /// The crowd of the opening, spread over the gates its tickets lead to; some go astray, some tickets are shown
    /// twice, and some are of other days.
    fn visits(&self, imported: &Imported) -> Vec<Visit> {
        let session = format!("{}/sessions/opening", self.tournament);
        let at_venue = |gate: &&matchday_api::visitors::v1::Gate| gate.name.starts_with(super::story::VENUE);
        let gates: Vec<_> = imported.gates.iter().filter(at_venue).collect();
        let mut visits = Vec::new();
        let is_ticket = |it: &&Credential| it.kind() == CredentialKind::Ticket;
        for (number, ticket) in imported.credentials.iter().filter(is_ticket).enumerate() {
            let is_of_today = ticket.sessions.contains(&session);
            if !is_of_today && number % ASTRAY != 0 {
                continue;
            }
            let own = gates.iter().position(|gate| ticket.zones.contains(&gate.zone)).unwrap_or(0);
            let visit = |gate: usize| Visit {
                device: format!(
                    "{}/devices/{}-{}",
                    gates[gate].name,
                    last(&gates[gate].name),
                    1 + number % 2
                ),
                code: last(&ticket.name).to_owned(),
            };
            if number % ASTRAY == ASTRAY / 2 {
                visits.push(visit((own + 1) % gates.len()));
            }
            visits.push(visit(own));
            if number % COPIED == COPIED - 1 {
                visits.push(visit(own));
            }
        }
        visits.reverse();
        visits
    }

    async fn scan(
        &self,
        visits: Vec<Visit>,
        sequences: &mut BTreeMap<String, i64>,
        counts: &mut Counts,
    ) -> Result<(), Failure> {
        let opening = format!("{}/openings/opening", self.tournament);
        let mut scans = Vec::new();
        for visit in visits.into_iter().rev() {
            let sequence = sequences.entry(visit.device.clone()).or_default();
            *sequence += 1;
            scans.push(RedeemCredentialRequest {
                device: visit.device,
                sequence: *sequence,
                opening: opening.clone(),
                code: visit.code,
                direction: Direction::Entry.into(),
                ..RedeemCredentialRequest::default()
            });
        }
        let calls = scans.into_iter().map(async |scan| -> Result<i32, Failure> {
            let decided = self.client.admission().redeem_credential(scan).await?.into_inner();
            Ok(decided.scan.unwrap_or_default().verdict)
        });
        let verdicts: Vec<i32> = stream::iter(calls).buffer_unordered(AT_ONCE).try_collect().await?;
        for verdict in verdicts {
            *counts.verdicts.entry(verdict).or_default() += 1;
        }
        Ok(())
    }

    async fn tell_counts(&self, counts: &Counts) -> Result<(), Failure> {
        let admitted = Verdict::Admitted as i32;
        let scans: usize = counts.verdicts.values().sum();
        let refused = counts.verdicts.iter().filter(|(verdict, _)| **verdict != admitted);
        let refused: Vec<String> = refused
            .map(|(verdict, count)| format!("{count} {}", words::word_of::<Verdict>(*verdict)))
            .collect();
        let inside = self.inside().await?;
        tell(format_args!(
            "until 19:40: {} volunteers signed in, {} did not come, units reported {}, {} work orders done",
            counts.signed_in, counts.absent, counts.reported, counts.done
        ))?;
        tell(format_args!(
            "gates: {scans} scans of a simulated crowd: {} admitted, {}; inside: {} by ticket, {} in all",
            counts.verdicts.get(&admitted).copied().unwrap_or_default(),
            refused.join(", "),
            inside.public,
            inside.everyone
        ))
    }

    /// Who is inside.
    pub(super) async fn inside(&self) -> Result<Occupancy, Failure> {
        let name = format!("{}/openings/opening", self.tournament);
        let reply = self.client.admission().get_occupancy(GetOccupancyRequest { name }).await?;
        Ok(reply.into_inner().occupancy.unwrap_or_default())
    }

    /// The work orders of the day at the site.
    pub(super) async fn work(&self) -> Result<Vec<WorkOrder>, Failure> {
        let day = self.zone.day(self.day);
        pages::all(async |page_token| {
            let request = ListWorkOrdersRequest {
                parent: self.site.to_string(),
                page_size: pages::PAGE_SIZE,
                page_token,
                from: Some(to_timestamp(day.start())),
                until: Some(to_timestamp(day.end())),
                tournament: self.tournament.to_string(),
                ..ListWorkOrdersRequest::default()
            };
            let page = self.client.work().list_work_orders(request).await?.into_inner();
            Ok((page.work_orders, page.next_page_token))
        })
        .await
    }
}

/// The last part of a name.
fn last(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or_default()
}

/// The moment of a time.
pub(super) fn moment(time: Option<Timestamp>) -> Option<Instant> {
    parse::instant("", time).ok().flatten()
}
