//! What is recorded of an activity on the day: `matchday activity kick-off`, `suspend`, `resume`, `extend`, `abandon`,
//! `finish`, `correct`, `precondition` and `records`.

use clap::Args;
use matchday_api::scheduling::v1::{
    AbandonMatchRequest, Activity, Answer, ConfirmKickOffRequest, CorrectMatchRequest, ExtendMatchRequest,
    Extension, FinishMatchRequest, ListLiveRecordsRequest, LiveKind, LiveRecord, Precondition,
    RecordPreconditionRequest, Recording, ResumeMatchRequest, SuspendMatchRequest,
    correct_match_request::Correction,
};
use matchday_kernel::ActivityName;
use matchday_rpc::parse::{to_duration, to_timestamp};
use prost_types::Timestamp;

use super::{
    activity::Named,
    connection::Client,
    followed, pages,
    refusal::Repeat,
    times::{self, Clocks},
};
use crate::{
    failure::{Failure, say},
    output::{Cell, Column, Shown},
    words,
};

/// What happened, and who decided it.
#[derive(Args)]
pub(crate) struct Step {
    #[command(flatten)]
    named: Named,
    /// When it happened, on the tournament's clocks; now without
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// Why
    #[arg(long, default_value = "", hide_default_value = true)]
    reason: String,
    /// Who decided it, as a role: referee, match-commissioner
    #[arg(long, value_name = "ROLE", default_value = "", hide_default_value = true)]
    decided_by: String,
    /// What somebody beside the referee said: police=agreed (may be given more than once)
    #[arg(long, value_name = "PARTY=ANSWER", value_parser = precondition)]
    precondition: Vec<Precondition>,
    #[command(flatten)]
    repeat: Repeat,
}

/// An extension.
#[derive(Args)]
#[command(
    after_long_help = "Examples:\n  matchday activity extend fisu-2023/m45 --by extra-time\n  matchday activity \
                             extend fisu-2023/m45 --by penalties --for 20m"
)]
pub(crate) struct Extend {
    /// Why it lasts longer
    #[arg(long, value_parser = words::values::<Extension>())]
    by: Extension,
    /// How long from now on, the break before it included; without, 38 minutes of extra time or 15 of kicks
    #[arg(id = "lasts", long = "for", value_name = "LENGTH", allow_hyphen_values = true)]
    lasts: Option<String>,
    #[command(flatten)]
    step: Step,
}

/// A correction.
#[derive(Args)]
#[command(
    after_long_help = "Examples:\n  matchday activity correct fisu-2023/m01 --kick-off '2023-10-21 20:05' --reason \
                             'typing error'\n  matchday activity correct fisu-2023/m01 --reopen --reason 'extra time \
                             follows'"
)]
pub(crate) struct Correct {
    #[command(flatten)]
    named: Named,
    #[command(flatten)]
    wrong: Wrong,
    /// Why
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    repeat: Repeat,
}

/// What was wrong.
#[derive(Args)]
#[group(required = true, multiple = false)]
struct Wrong {
    /// When it kicked off
    #[arg(long, value_name = "TIME")]
    kick_off: Option<String>,
    /// When it ended
    #[arg(long, value_name = "TIME")]
    end: Option<String>,
    /// It was not over: it is in play again
    #[arg(long)]
    reopen: bool,
}

/// What somebody beside the referee said.
#[derive(Args)]
#[command(
    after_long_help = "Example:\n  matchday activity precondition fisu-2023/m01 police=agreed --note 'north stand is \
                             dry'"
)]
pub(crate) struct Said {
    #[command(flatten)]
    named: Named,
    /// Who said what: police=agreed, broadcaster=asked
    #[arg(value_name = "PARTY=ANSWER", value_parser = precondition)]
    precondition: Precondition,
    /// In which words
    #[arg(long, default_value = "", hide_default_value = true)]
    note: String,
    #[command(flatten)]
    repeat: Repeat,
}

/// Reads `police=agreed`.
fn precondition(text: &str) -> Result<Precondition, String> {
    let (party, answer) = text.split_once('=').ok_or("write it like police=agreed")?;
    let answer: Answer = words::read(answer)?;
    Ok(Precondition { party: party.to_owned(), answer: answer.into(), note: String::new() })
}

/// A verb of the live day that is a step and nothing else.
#[derive(Clone, Copy)]
pub(crate) enum Verb {
    /// It kicked off, or began.
    KickOff,
    /// It was interrupted.
    Suspend,
    /// It goes on.
    Resume,
    /// It was ended before its time.
    Abandon,
    /// It is over.
    Finish,
}

impl Step {
    async fn recording(&self, client: &Client, name: &ActivityName) -> Result<Recording, Failure> {
        Ok(Recording {
            time: moment(client, name, "--at", self.at.as_deref()).await?,
            decided_by: self.decided_by.clone(),
            reason: self.reason.clone(),
            preconditions: self.precondition.clone(),
            etag: String::new(),
        })
    }

    /// Records the step, and shows all that it moved.
    pub(crate) async fn run(self, client: &Client, verb: Verb) -> Result<(), Failure> {
        let activity = self.named.read()?;
        let recording = Some(self.recording(client, &activity).await?);
        let name = activity.to_string();
        let request = self.repeat.request();
        let request_id = request.id();
        let mut live = client.live();
        let answer = match verb {
            Verb::KickOff => {
                let answer =
                    live.confirm_kick_off(ConfirmKickOffRequest { name, recording, request_id }).await;
                answer.map(|answer| answer.into_inner().activities)
            }
            Verb::Suspend => {
                let answer = live.suspend_match(SuspendMatchRequest { name, recording, request_id }).await;
                answer.map(|answer| answer.into_inner().activities)
            }
            Verb::Resume => {
                let answer = live.resume_match(ResumeMatchRequest { name, recording, request_id }).await;
                answer.map(|answer| answer.into_inner().activities)
            }
            Verb::Abandon => {
                let answer = live.abandon_match(AbandonMatchRequest { name, recording, request_id }).await;
                answer.map(|answer| answer.into_inner().activities)
            }
            Verb::Finish => {
                let answer = live.finish_match(FinishMatchRequest { name, recording, request_id }).await;
                answer.map(|answer| answer.into_inner().activities)
            }
        };
        show(client, &activity, &answer.map_err(|status| request.refused(status))?).await
    }
}

impl Extend {
    /// Records the extension, and shows all that it moved.
    pub(crate) async fn run(self, client: &Client) -> Result<(), Failure> {
        let name = self.step.named.read()?;
        let lasts = self.lasts.as_deref().map(|lasts| times::length("--for", lasts)).transpose()?;
        let recording = self.step.recording(client, &name).await?;
        let request = self.step.repeat.request();
        let extend = ExtendMatchRequest {
            name: name.to_string(),
            extension: self.by.into(),
            lasts: lasts.map(to_duration),
            recording: Some(recording),
            request_id: request.id(),
        };
        let answer = client.live().extend_match(extend).await;
        show(client, &name, &answer.map_err(|status| request.refused(status))?.into_inner().activities).await
    }
}

impl Correct {
    /// Records the correction, and shows all that it moved.
    pub(crate) async fn run(self, client: &Client) -> Result<(), Failure> {
        let name = self.named.read()?;
        let kick_off = moment(client, &name, "--kick-off", self.wrong.kick_off.as_deref()).await?;
        let end = moment(client, &name, "--end", self.wrong.end.as_deref()).await?;
        let correction = kick_off
            .map(Correction::KickOffTime)
            .or(end.map(Correction::EndTime))
            .unwrap_or(Correction::Reopen(self.wrong.reopen));
        let request = self.repeat.request();
        let correct = CorrectMatchRequest {
            name: name.to_string(),
            recording: Some(Recording { reason: self.reason, ..Recording::default() }),
            request_id: request.id(),
            correction: Some(correction),
        };
        let answer = client.live().correct_match(correct).await;
        show(client, &name, &answer.map_err(|status| request.refused(status))?.into_inner().activities).await
    }
}

impl Said {
    /// Records what was said, and shows the record.
    pub(crate) async fn run(self, client: &Client) -> Result<(), Failure> {
        let name = self.named.read()?;
        let request = self.repeat.request();
        let said = RecordPreconditionRequest {
            name: name.to_string(),
            precondition: Some(Precondition { note: self.note, ..self.precondition }),
            request_id: request.id(),
            ..RecordPreconditionRequest::default()
        };
        let answer = client.live().record_precondition(said).await;
        let record = answer.map_err(|status| request.refused(status))?.into_inner().record;
        let zone = Clocks::Tournament(&name.parent()).zone_to_show(client).await;
        client.output.one(&record.unwrap_or_default(), &zone)
    }
}

/// Lists what was recorded of an activity.
///
/// # Errors
/// [`Failure`] when the server refuses.
pub(crate) async fn records(client: &Client, name: &ActivityName) -> Result<(), Failure> {
    let zone = Clocks::Tournament(&name.parent()).zone_of_known(client).await?;
    let records = pages::all(async |page_token| {
        let name = name.to_string();
        let request = ListLiveRecordsRequest { name, page_size: pages::PAGE_SIZE, page_token };
        let page = client.live().list_live_records(request).await?.into_inner();
        Ok((page.records, page.next_page_token))
    });
    client.output.list(&records.await?, &zone)
}

async fn moment(
    client: &Client,
    name: &ActivityName,
    flag: &str,
    text: Option<&str>,
) -> Result<Option<Timestamp>, Failure> {
    let Some(text) = text else { return Ok(None) };
    let moment = Clocks::Tournament(&name.parent()).moment(client, flag, text).await?;
    Ok(Some(to_timestamp(moment)))
}

/// Shows what a step moved, and says what became of the bookings.
async fn show(client: &Client, name: &ActivityName, activities: &[Activity]) -> Result<(), Failure> {
    let zone = Clocks::Tournament(&name.parent()).zone_to_show(client).await;
    client.output.list(activities, &zone)?;
    if activities.len() > 1 {
        say(format_args!("{} activities after it start later", activities.len() - 1));
    }
    followed::tell(client, activities, &zone).await;
    if let Some(activity) = activities.first() {
        followed::tell_where(activity, &zone);
    }
    Ok(())
}

impl Shown for LiveRecord {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("number", |it: &Self| Cell::Number(it.number.into())),
        Column::clock("time", |it: &Self| Cell::Time(it.time)),
        Column::new("what", |it: &Self| Cell::Text(words::word_of::<LiveKind>(it.kind))),
        Column::new("decided-by", |it: &Self| Cell::text(&it.decided_by)),
        Column::new("reason", |it: &Self| Cell::text(&it.reason)),
        Column::new("said", |it: &Self| Cell::Text(said(it))),
        Column::detail("extension", |it: &Self| {
            Cell::Text(it.lasts.map_or_else(String::new, |_| words::word_of::<Extension>(it.extension)))
        }),
        Column::detail("lasts", |it: &Self| Cell::Length(it.lasts)),
        Column::detail("previous-time", |it: &Self| Cell::Time(it.previous_time)),
        Column::detail("recorded", |it: &Self| Cell::Time(it.record_time)),
        Column::detail("recorder", |it: &Self| Cell::name(&it.recorder)),
    ];
}

/// What others said: `police agreed (north stand is dry)`.
fn said(record: &LiveRecord) -> String {
    let one = |said: &Precondition| {
        let answer = words::word_of::<Answer>(said.answer);
        let note = if said.note.is_empty() { String::new() } else { format!(" ({})", said.note) };
        format!("{} {answer}{note}", said.party)
    };
    record.preconditions.iter().map(one).collect::<Vec<_>>().join("; ")
}
