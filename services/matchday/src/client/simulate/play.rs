//! The day, step by step, at the pace that is asked for.

use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt, future::try_join_all, stream};
use matchday_api::visitors::v1::{
    AdvanceOpeningRequest, CapacityTier, ClearOpeningRequest, GrantQuotaRequest, Occupancy, OpeningPhase,
    QuotaState, RedeemCredentialRequest, Scan,
};
use matchday_kernel::SignedDuration;
use matchday_rpc::parse::to_duration;
use tokio::time::{Instant as Stopwatch, sleep_until};

use super::{
    super::{connection::Client, refusal::Request},
    gates::{answered, redeem, seen},
    stage::{Stage, occupancy},
};
use crate::{
    failure::{Failure, say},
    output,
    simulation::{Crowd, Dice, Ledger, MINUTE, Script, Step},
    words,
};

/// Scans within such a time go together, in any order.
const TICK: i64 = 10_000;
/// Scans under way at once.
const AT_ONCE: usize = 64;
/// The day is told so often.
const TOLD_EVERY: i64 = 5 * MINUTE;
/// One scan in so many is sent twice at once, as if the answer was lost.
const TWICE: usize = 30;
/// Scans that may be sent again long after.
const KEPT: usize = 500;

/// Somebody before a lane that has a network.
struct Due {
    credential: usize,
    lane: usize,
    is_exit: bool,
}

/// A scan that was sent.
#[derive(Clone)]
struct Sent {
    credential: usize,
    lane: usize,
    request: RedeemCredentialRequest,
}

/// A day that is played.
pub(super) struct Play<'c> {
    pub(super) client: &'c Client,
    pub(super) stage: Stage,
    pub(super) ledger: Ledger,
    /// Scans that were sent more than once.
    pub(super) again: usize,
    /// Places of all quotas.
    pub(super) quotas: i64,
    /// The most that counted against the public's limit at once, and the limit.
    pub(super) fullest: (i64, i64),
    pub(super) crowd: Crowd,
    /// So many times as fast as the clock; `None` as fast as the server answers.
    pace: Option<u32>,
    dice: Dice,
    sent: Vec<Sent>,
}

impl<'c> Play<'c> {
    /// A day before it begins.
    pub(super) fn new(client: &'c Client, stage: Stage, crowd: Crowd, pace: Option<u32>, seed: u64) -> Self {
        let ledger = Ledger::new(crowd.public);
        let dice = Dice::of(!seed);
        let (again, quotas, fullest, sent) = (0, 0, (0, 0), Vec::new());
        Self { client, stage, ledger, again, quotas, fullest, crowd, pace, dice, sent }
    }

    /// Plays it.
    pub(super) async fn run(&mut self, Script(events): &Script) -> Result<(), Failure> {
        if self.stage.is_planned {
            self.advance(OpeningPhase::Open).await?;
        }
        output::print(HEADER)?;
        let began = Stopwatch::now();
        let (mut due, mut tick, mut told) = (Vec::new(), TICK, 0);
        for event in events {
            while event.at >= tick {
                self.pass(std::mem::take(&mut due)).await?;
                self.wait(began, tick).await;
                if tick >= told {
                    self.tell(tick).await?;
                    told += TOLD_EVERY;
                }
                tick += TICK;
            }
            match event.step {
                Step::Scan { credential, lane, is_exit } if self.stage.lanes[lane].is_cut_off() => {
                    let code = &self.stage.codes[credential];
                    let (sequence, seen) = self.stage.lanes[lane].decide(credential, code, is_exit);
                    self.ledger.enter((lane, sequence), seen);
                }
                Step::Scan { credential, lane, is_exit } => due.push(Due { credential, lane, is_exit }),
                step => {
                    self.pass(std::mem::take(&mut due)).await?;
                    self.step(step).await?;
                }
            }
        }
        self.pass(due).await?;
        self.tell(tick).await
    }

    async fn wait(&self, began: Stopwatch, at: i64) {
        if let (Some(times), Ok(at)) = (self.pace, u64::try_from(at)) {
            sleep_until(began + Duration::from_millis(at) / times).await;
        }
    }

    /// Sends scans in any order, some of them twice at once, and one of those before again.
    async fn pass(&mut self, due: Vec<Due>) -> Result<(), Failure> {
        let mut scans: Vec<(Sent, usize)> = Vec::new();
        for Due { credential, lane, is_exit } in due {
            let code = &self.stage.codes[credential];
            let request = self.stage.lanes[lane].next(&self.stage.opening, code, is_exit);
            let times = if self.dice.once_in(TWICE) { 2 } else { 1 };
            scans.push((Sent { credential, lane, request }, times));
        }
        let fresh: Vec<Sent> = scans.iter().map(|(sent, _)| sent.clone()).collect();
        if !scans.is_empty() && !self.sent.is_empty() && self.dice.once_in(3) {
            scans.push((self.sent[self.dice.below(self.sent.len())].clone(), 1));
            self.again += 1;
        }
        self.again += scans.iter().filter(|(_, times)| *times > 1).count();
        self.dice.shuffle(&mut scans);
        let client = self.client;
        let calls = scans.into_iter().map(async |(sent, times)| -> Result<(Sent, Vec<Scan>), Failure> {
            let answers = try_join_all((0..times).map(|_| redeem(client, &sent.request))).await?;
            Ok((sent, answers))
        });
        let answers: Vec<_> = stream::iter(calls).buffer_unordered(AT_ONCE).try_collect().await?;
        for (sent, scans) in answers {
            for scan in scans {
                self.ledger.enter((sent.lane, sent.request.sequence), seen(sent.credential, &scan));
            }
        }
        self.sent.extend(fresh);
        let surplus = self.sent.len().saturating_sub(KEPT);
        self.sent.drain(..surplus);
        Ok(())
    }

    async fn step(&mut self, step: Step) -> Result<(), Failure> {
        match step {
            Step::Scan { .. } => Ok(()),
            Step::CutOff { lane, places } => self.cut_off(lane, places).await,
            Step::Back { lane } => {
                self.stage.lanes[lane].back();
                Ok(())
            }
            Step::Upload { lane } => self.upload(lane).await,
            Step::ExitOnly => self.advance(OpeningPhase::ExitOnly).await,
            Step::FreeEgress => self.advance(OpeningPhase::FreeEgress).await,
            Step::Clear => self.clear().await,
        }
    }

    /// A lane loses its network; without room for its places it has none.
    async fn cut_off(&mut self, lane: usize, places: usize) -> Result<(), Failure> {
        let now = occupancy(self.client, &self.stage.opening).await?;
        let free = now.public_limit.map(|limit| limit - now.public - now.offline_places);
        let free = free.map_or(places, |free| usize::try_from(free).unwrap_or(0));
        let places = places.min(free);
        let mut number = 0;
        if places > 0 {
            let granted = GrantQuotaRequest {
                opening: self.stage.opening.to_string(),
                device: self.stage.lanes[lane].device.clone(),
                places: i32::try_from(places).unwrap_or(i32::MAX),
                lasts: Some(to_duration(SignedDuration::from_mins(35))),
                request_id: Request::new().id(),
                last_sequence: self.stage.lanes[lane].sequence,
            };
            let granted = answered(async || self.client.offline().grant_quota(granted.clone()).await).await?;
            number = granted.into_inner().quota.unwrap_or_default().number;
        }
        self.quotas += i64::try_from(places).unwrap_or(0);
        self.stage.lanes[lane].cut_off(places, number);
        Ok(())
    }

    async fn upload(&mut self, lane: usize) -> Result<(), Failure> {
        let Stage { opening, lanes, .. } = &mut self.stage;
        let told = lanes[lane].tell(self.client, opening, &self.dice).await?;
        self.ledger.told(lane);
        if let Some(quota) = told.quota
            && (quota.state() != QuotaState::Settled || told.missing != 0)
        {
            let fault = format!("{} told everything, and {} scans are missing", quota.device, told.missing);
            self.ledger.faults.push(fault);
        }
        Ok(())
    }

    async fn advance(&self, phase: OpeningPhase) -> Result<(), Failure> {
        let name = self.stage.opening.to_string();
        let (phase, request_id) = (phase.into(), Request::new().id());
        let advance = AdvanceOpeningRequest { name, phase, request_id, ..Default::default() };
        answered(async || self.client.admission().advance_opening(advance.clone()).await).await?;
        Ok(())
    }

    async fn clear(&mut self) -> Result<(), Failure> {
        let name = self.stage.opening.to_string();
        let clear = ClearOpeningRequest { name, request_id: Request::new().id(), ..Default::default() };
        let cleared = answered(async || self.client.admission().clear_opening(clear.clone()).await);
        self.ledger.clear(cleared.await?.into_inner().closed.into());
        Ok(())
    }

    /// Shows where the day is, and compares who is inside with the account.
    async fn tell(&mut self, at: i64) -> Result<(), Failure> {
        let now = occupancy(self.client, &self.stage.opening).await?;
        let (public, everyone) = self.ledger.known();
        let clock = clock(at);
        self.ledger.check(&format!("the public inside at {clock}"), now.public.into(), public);
        self.ledger.check(&format!("everyone inside at {clock}"), now.everyone.into(), everyone);
        let limit = now.public_limit.map_or(i64::MAX, i64::from);
        let taken = i64::from(now.public) + i64::from(now.offline_places);
        if taken > limit || self.ledger.public > limit {
            let fault = format!("{taken} places of {limit} are taken at {clock}");
            self.ledger.faults.push(fault);
        }
        if taken >= self.fullest.0 {
            self.fullest = (taken, limit);
        }
        output::print(&line(&clock, self.crowd.waiting(at), &now))?;
        if let Some(fault) = self.ledger.faults.last() {
            say(format_args!("not in balance: {fault}"));
        }
        Ok(())
    }
}

const HEADER: &str = "clock  security  tickets  public  everyone  offline  refused  tier    full\n";

/// A line of the day.
fn line(clock: &str, (security, tickets): (usize, usize), now: &Occupancy) -> String {
    const BLOCKS: i64 = 30;
    let taken = i64::from(now.public) + i64::from(now.offline_places);
    let limit = i64::from(now.public_limit.unwrap_or_default()).max(1);
    let blocks = usize::try_from((taken * BLOCKS / limit).clamp(0, BLOCKS)).unwrap_or_default();
    let tier = words::word_of::<CapacityTier>(now.tier);
    let Occupancy { public, everyone, offline_places, refused, .. } = now;
    format!(
        "{clock:5}  {security:8}  {tickets:7}  {public:6}  {everyone:8}  {offline_places:7}  {refused:7}  {tier:6}  \
         {}\n",
        "█".repeat(blocks)
    )
}

/// Hours and minutes since the gates opened.
fn clock(at: i64) -> String {
    let minutes = at / MINUTE;
    format!("{}:{:02}", minutes / 60, minutes % 60)
}
