//! `matchday my`: what volunteers do for themselves, with a token of their own. It says who they are.

use clap::{Args, Subcommand};
use matchday_api::volunteers::v1::{
    AnswerInvitationRequest, Assignment, AssignmentState, FindOwnShiftsRequest, GetOwnRosterRequest,
    GetOwnRosterResponse, GiveBackShiftRequest, OwnOffer, OwnShift, SignInByCodeRequest,
    SignOutByCodeRequest, StopWaitingRequest, TakeShiftRequest, WaitForShiftRequest,
};
use matchday_kernel::{ShiftName, VolunteerName, Zone};

use super::{
    connection::{Client, Connection},
    names, phase,
    refusal::Repeat,
    times,
};
use crate::{
    failure::{Failure, say},
    output::{Cell, Column, Shown},
    words,
};

/// The command and where it goes.
#[derive(Args)]
pub(crate) struct My {
    #[command(flatten)]
    connection: Connection,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Show the shifts you hold, are asked for and wait for
    Shifts,
    /// Show on which days volunteers take shifts for themselves
    Phases,
    /// Show the shifts you could take now, the most useful first
    Offers {
        /// Those, too, that one rule alone keeps you from
        #[arg(long)]
        nearest: bool,
    },
    /// Accept all that you are invited to
    Accept {
        #[command(flatten)]
        repeat: Repeat,
    },
    /// Decline all that you are invited to
    Decline {
        /// Why, without naming a person
        #[arg(long, default_value = "", hide_default_value = true)]
        reason: String,
        #[command(flatten)]
        repeat: Repeat,
    },
    /// Take an open seat, on a day that is open for sign-up
    #[command(after_long_help = "Example:\n  matchday my take opening-gate-stewards --dry-run")]
    Take {
        /// The shift: opening-gate-stewards
        shift: String,
        /// Say whether it is possible, and change nothing
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        repeat: Repeat,
    },
    /// Give a seat up before the shift has begun
    GiveBack {
        /// The shift: opening-gate-stewards
        shift: String,
        /// Why, without naming a person
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        repeat: Repeat,
    },
    /// Wait for a seat of a full shift, or wait no more
    Wait {
        /// The shift: opening-gate-stewards
        shift: String,
        /// Wait no more
        #[arg(long)]
        off: bool,
        #[command(flatten)]
        repeat: Repeat,
    },
    /// Sign in with the code that is shown at your post
    SignIn(Code),
    /// Sign out with the code that is shown at your post
    SignOut(Code),
}

/// A code of a post.
#[derive(Args)]
struct Code {
    /// The code as it is shown: 7KQM-3XWD
    code: String,
    #[command(flatten)]
    repeat: Repeat,
}

impl Shown for OwnShift {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("shift", |it: &Self| Cell::text(id(it.assignment.as_ref()))),
        Column::new("title", |it: &Self| Cell::text(&it.title)),
        Column::new("place", |it: &Self| Cell::name(&it.place)),
        Column::clock("start", |it: &Self| Cell::Time(it.assignment.as_ref().and_then(|of| of.start_time))),
        Column::new("end", |it: &Self| Cell::Time(it.assignment.as_ref().and_then(|of| of.end_time))),
        Column::new("state", |it: &Self| {
            let state = it.assignment.as_ref().map(|of| of.state).unwrap_or_default();
            Cell::Text(words::word_of::<AssignmentState>(state))
        }),
        Column::new("answer-by", |it: &Self| Cell::Time(it.assignment.as_ref().and_then(|of| of.answer_by))),
    ];
}

impl Shown for OwnOffer {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("shift", |it: &Self| {
            let shift = it.offer.as_ref().map(|offer| offer.shift.as_str()).unwrap_or_default();
            Cell::text(shift.rsplit('/').next().unwrap_or_default())
        }),
        Column::new("title", |it: &Self| Cell::text(&it.title)),
        Column::new("place", |it: &Self| Cell::name(&it.place)),
        Column::clock("start", |it: &Self| Cell::Time(it.start_time)),
        Column::new("end", |it: &Self| Cell::Time(it.end_time)),
        Column::new("kept-by", |it: &Self| {
            Cell::text(it.offer.as_ref().map(|offer| offer.rule.as_str()).unwrap_or_default())
        }),
    ];
}

/// Id of the shift of an assignment.
fn id(assignment: Option<&Assignment>) -> &str {
    let name = assignment.map(|one| one.name.as_str()).unwrap_or_default();
    name.split('/').nth(3).unwrap_or_default()
}

/// The own roster, and the time zone that its times are those of.
struct Own {
    roster: GetOwnRosterResponse,
    zone: Zone,
}

impl Own {
    async fn read(client: &Client) -> Result<Self, Failure> {
        let roster = client.own().get_own_roster(GetOwnRosterRequest {}).await?.into_inner();
        let zone = roster.time_zone.parse().unwrap_or_else(|_| times::utc());
        Ok(Self { roster, zone })
    }

    /// A shift of the own tournament, as people write it.
    fn shift(&self, text: &str) -> Result<String, Failure> {
        let volunteer: VolunteerName = names::read(&self.roster.volunteer)?;
        let shift: ShiftName = names::read_within(Some(volunteer.parent().id()), text)?;
        Ok(shift.to_string())
    }

    /// Shows assignments that were just changed.
    async fn show(client: &Client, changed: &[Assignment]) -> Result<(), Failure> {
        let Self { roster, zone } = Self::read(client).await?;
        let is_changed = |one: &OwnShift| {
            let name = one.assignment.as_ref().map(|of| of.name.as_str());
            changed.iter().any(|changed| Some(changed.name.as_str()) == name)
        };
        let shifts: Vec<OwnShift> = roster.shifts.into_iter().filter(is_changed).collect();
        client.output.list(&shifts, &zone)
    }
}

impl My {
    /// Does what the command says.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let client = self.connection.open()?;
        match self.command {
            Command::Shifts => shifts(&client).await,
            Command::Phases => {
                phase::show(&client, Own::read(&client).await?.roster.phases.unwrap_or_default())
            }
            Command::Offers { nearest } => offers(&client, nearest).await,
            Command::Accept { repeat } => answer(&client, true, String::new(), repeat).await,
            Command::Decline { reason, repeat } => answer(&client, false, reason, repeat).await,
            Command::Take { shift, dry_run, repeat } => take(&client, &shift, dry_run, repeat).await,
            Command::GiveBack { shift, reason, repeat } => give_back(&client, &shift, reason, repeat).await,
            Command::Wait { shift, off, repeat } => wait(&client, &shift, off, repeat).await,
            Command::SignIn(code) => {
                let request = code.repeat.request();
                let sign_in = SignInByCodeRequest { code: code.code, request_id: request.id() };
                let signed = client.own().sign_in_by_code(sign_in).await;
                let signed = signed.map_err(|status| request.refused(status))?.into_inner().assignment;
                Own::show(&client, &[signed.unwrap_or_default()]).await
            }
            Command::SignOut(code) => {
                let request = code.repeat.request();
                let sign_out = SignOutByCodeRequest { code: code.code, request_id: request.id() };
                let signed = client.own().sign_out_by_code(sign_out).await;
                let signed = signed.map_err(|status| request.refused(status))?.into_inner().assignment;
                Own::show(&client, &[signed.unwrap_or_default()]).await
            }
        }
    }
}

async fn shifts(client: &Client) -> Result<(), Failure> {
    let Own { roster, zone } = Own::read(client).await?;
    client.output.list(&roster.shifts, &zone)?;
    if !roster.waiting.is_empty() {
        let waiting: Vec<&str> =
            roster.waiting.iter().map(|name| name.rsplit('/').next().unwrap_or_default()).collect();
        say(format_args!("waits for: {}", waiting.join(", ")));
    }
    let (hours, minutes) = (roster.credited_minutes / 60, roster.credited_minutes % 60);
    say(format_args!("credited so far: {hours} h {minutes} min"));
    Ok(())
}

async fn offers(client: &Client, nearest: bool) -> Result<(), Failure> {
    let zone = Own::read(client).await?.zone;
    let found = client.own().find_own_shifts(FindOwnShiftsRequest {}).await?.into_inner();
    let shown = if nearest { [found.free, found.nearest].concat() } else { found.free };
    client.output.list(&shown, &zone)
}

async fn answer(client: &Client, accept: bool, reason: String, repeat: Repeat) -> Result<(), Failure> {
    let request = repeat.request();
    let answer = AnswerInvitationRequest { accept, reason, request_id: request.id() };
    let answered = client.own().answer_invitation(answer).await;
    let answered = answered.map_err(|status| request.refused(status))?.into_inner();
    Own::show(client, &answered.assignments).await
}

async fn take(client: &Client, shift: &str, validate_only: bool, repeat: Repeat) -> Result<(), Failure> {
    let (shift, request) = (Own::read(client).await?.shift(shift)?, repeat.request());
    let take = TakeShiftRequest { shift, validate_only, request_id: request.id() };
    let taken = client.own().take_shift(take).await.map_err(|status| request.refused(status))?;
    if validate_only {
        say("it is possible; nothing was changed");
        return Ok(());
    }
    Own::show(client, &[taken.into_inner().assignment.unwrap_or_default()]).await
}

async fn give_back(client: &Client, shift: &str, reason: String, repeat: Repeat) -> Result<(), Failure> {
    let (shift, request) = (Own::read(client).await?.shift(shift)?, repeat.request());
    let give_back = GiveBackShiftRequest { shift, reason, request_id: request.id() };
    let given = client.own().give_back_shift(give_back).await.map_err(|status| request.refused(status))?;
    Own::show(client, &[given.into_inner().assignment.unwrap_or_default()]).await
}

async fn wait(client: &Client, shift: &str, off: bool, repeat: Repeat) -> Result<(), Failure> {
    let (shift, request) = (Own::read(client).await?.shift(shift)?, repeat.request());
    if off {
        let stop = StopWaitingRequest { shift, request_id: request.id() };
        client.own().stop_waiting(stop).await.map_err(|status| request.refused(status))?;
        say("you do not wait any more");
        return Ok(());
    }
    let wait = WaitForShiftRequest { shift, request_id: request.id() };
    let waiting = client.own().wait_for_shift(wait).await.map_err(|status| request.refused(status))?;
    say(format_args!("you wait in place {}", waiting.into_inner().place));
    Ok(())
}
