//! `matchday shift`: posts to be held (班次); who holds them is in `assignment`.

use clap::{Args, Subcommand};
use matchday_api::volunteers::v1::{
    GetShiftRequest, ListShiftsRequest, ReportHeadcountRequest, Shift, ShiftState,
};
use matchday_kernel::{ShiftName, TournamentName};

use super::{
    assignment::{self, Assign, Attend, Held, Pin, Withdraw},
    connection::{Client, Connection},
    fill::Fill,
    fixed::{CallOff, Create},
    invitation::{Answer, Answers, Invite, Step},
    names, occasion, pages, phase,
    refusal::Repeat,
    replacement::{Redeploy, Replace},
    times::{self, Clocks, Window},
    turnout::{Forecast, NoShows, SignInMany},
    waiting::{self, Trade, Wait},
};
use crate::{
    failure::Failure,
    output::{Cell, Column, Shown},
    words::{self, Words},
};

/// The command and where it goes.
#[derive(Args)]
pub(crate) struct Shifts {
    #[command(flatten)]
    connection: Connection,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// List the shifts of a tournament by start
    #[command(
        after_long_help = "Examples:\n  matchday shift list fisu-2023 --day 2023-10-21\n  matchday shift \
                                 list fisu-2023 --occasion opening --open"
    )]
    List(List),
    /// Show one shift
    Show {
        /// The shift, as `shift list` shows it
        shift: String,
    },
    /// Make a shift beside the service plan, or one for each of several days
    #[command(
        after_long_help = "Example:\n  matchday shift create fisu-2023/info-desk --title 'Information desk 咨询台' \
                                 --day 2023-10-21\n    --until 2023-10-31 --start 09:00 --end 13:00 --headcount 2 \
                                 --languages en"
    )]
    Create(Create),
    /// Call off shifts that were made beside the service plan and have not begun
    #[command(
        after_long_help = "Example:\n  matchday shift call-off fisu-2023 info-desk-2023-10-21 info-desk-2023-10-22"
    )]
    CallOff(CallOff),
    /// Propose volunteers for the open seats, and say why seats stay open
    Fill(Fill),
    /// Propose one volunteer for one shift
    #[command(
        after_long_help = "Example:\n  matchday shift assign fisu-2023/opening-gate-stewards v001 --dry-run"
    )]
    Assign(Assign),
    /// Invite a volunteer, or all, to everything that is proposed (派岗邀请)
    #[command(
        after_long_help = "Examples:\n  matchday shift invite fisu-2023/v001\n  matchday shift invite \
                                 --all fisu-2023 --until '2023-10-20 18:00'"
    )]
    Invite(Invite),
    /// Record that a volunteer, or everybody invited, accepted the invitation
    #[command(
        after_long_help = "Examples:\n  matchday shift accept fisu-2023/v001\n  matchday shift accept \
                                 --all fisu-2023"
    )]
    Accept(Answers),
    /// Record that a volunteer declined the invitation; the seats are open again
    Decline {
        #[command(flatten)]
        answer: Answer,
        /// Why, without naming a person
        #[arg(long, default_value = "", hide_default_value = true)]
        reason: String,
    },
    /// Take an assignment back that has not begun
    Withdraw(Withdraw),
    /// Keep an assignment from being moved by a roster, or let it move again
    #[command(
        after_long_help = "Examples:\n  matchday shift pin fisu-2023/opening-gate-stewards v078\n  matchday \
                                 shift pin fisu-2023/opening-gate-stewards v078 --off"
    )]
    Pin(Pin),
    /// Record that a volunteer is there (签到)
    #[command(after_long_help = "Example:\n  matchday shift sign-in fisu-2023/opening-gate-stewards v078")]
    SignIn(Attend),
    /// Record that a volunteer has left (签退)
    #[command(
        after_long_help = "Examples:\n  matchday shift sign-out fisu-2023/opening-gate-stewards v078\n  matchday \
                                 shift sign-out fisu-2023/opening-gate-stewards v078 --leaves unwell"
    )]
    SignOut {
        #[command(flatten)]
        attend: Attend,
        /// The person goes before the end, for this reason; the seat is open again
        #[arg(long, value_name = "REASON", default_value = "", hide_default_value = true)]
        leaves: String,
    },
    /// Record that a volunteer did not come; the seat is open again
    #[command(after_long_help = "Example:\n  matchday shift no-show fisu-2023/opening-gate-stewards v078")]
    NoShow(Attend),
    /// Sign in a list of volunteers, or a whole group with its leader
    #[command(
        after_long_help = "Examples:\n  matchday shift sign-in-many fisu-2023/opening-gate-stewards v078 v079\n  \
                                 matchday shift sign-in-many fisu-2023/opening-gate-stewards --group university-2"
    )]
    SignInMany(SignInMany),
    /// Show the code of a post, which changes every five minutes: volunteers sign in and out with it
    #[command(after_long_help = "Example:\n  matchday shift code fisu-2023/opening-gate-stewards")]
    Code {
        /// The shift, as `shift list` shows it
        shift: String,
    },
    /// Record everybody who has not come after a period of grace, and replace them
    #[command(
        after_long_help = "Example:\n  matchday shift no-shows fisu-2023/opening-gate-stewards --grace 20 \
                                 --replace"
    )]
    NoShows(NoShows),
    /// Say how many are to be expected, which shifts are at risk, and how many come to sign in when
    #[command(
        after_long_help = "Examples:\n  matchday shift forecast fisu-2023 --day 2023-10-21 --at-risk\n  matchday \
                                 shift forecast fisu-2023 --day 2023-10-21 --desk"
    )]
    Forecast(Forecast),
    /// Put somebody else in the place of a volunteer who cannot come or has to go: the reserve first (机动岗)
    #[command(
        after_long_help = "Examples:\n  matchday shift replace fisu-2023/opening-gate-stewards v078 --reason \
                                 unwell --dry-run\n  matchday shift replace \
                                 fisu-2023/opening-gate-stewards v078 --reason unwell --with v012 --agreed"
    )]
    Replace(Replace),
    /// Send a volunteer who is signed in to another post at once
    #[command(after_long_help = "Example:\n  matchday shift redeploy fisu-2023/opening-gate-stewards v078 \
                                 opening-ushers --reason crowded")]
    Redeploy(Redeploy),
    /// Put a volunteer on the waiting list of a full shift (候补), or take the person off it
    #[command(
        after_long_help = "Examples:\n  matchday shift wait fisu-2023/opening-gate-stewards v078\n  matchday shift \
                                 wait fisu-2023/opening-gate-stewards v078 --leave"
    )]
    Wait(Wait),
    /// List who waits for a seat of a shift
    Waitlist {
        /// The shift, as `shift list` shows it
        shift: String,
    },
    /// Let invitations lapse whose deadline has passed; those who wait are invited
    Lapse {
        /// The tournament: fisu-2023
        tournament: String,
        #[command(flatten)]
        repeat: Repeat,
    },
    /// Swap the shifts of two volunteers who have agreed
    #[command(after_long_help = "Example:\n  matchday shift trade fisu-2023/opening-gate-stewards v078 \
                                 fisu-2023/opening-ushers v079 --dry-run")]
    Trade(Trade),
    /// Record how many people a unit has brought to its shift
    #[command(after_long_help = "Example:\n  matchday shift headcount fisu-2023/opening-security 118")]
    Headcount {
        /// The shift, as `shift list` shows it
        shift: String,
        /// People who are there
        number: i32,
        #[command(flatten)]
        repeat: Repeat,
    },
    /// List assignments (派岗) of a tournament or of a shift
    #[command(
        after_long_help = "Examples:\n  matchday shift assignments fisu-2023 --volunteer v001\n  matchday \
                                 shift assignments fisu-2023/opening-gate-stewards --state to-be-replaced"
    )]
    Assignments(Held),
}

#[derive(Args)]
struct List {
    /// The tournament: fisu-2023
    tournament: String,
    /// Only those of one day, on the tournament's clocks
    #[arg(long, value_name = "YYYY-MM-DD")]
    day: Option<String>,
    /// Only those for one activity or session: m01, opening
    #[arg(long, value_name = "NAME")]
    occasion: Option<String>,
    /// Only those with seats left open, or fewer people of a unit than planned
    #[arg(long)]
    open: bool,
    /// Cancelled ones, too
    #[arg(long, conflicts_with = "open")]
    all: bool,
}

impl Shown for Shift {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::clock("time", |it: &Self| Cell::Span(it.start_time, it.end_time)).of_lists(),
        Column::new("name", |it: &Self| Cell::name(&it.name)),
        Column::summary("post", |it: &Self| Cell::text(&it.title)),
        Column::summary("place", |it: &Self| Cell::place(&it.place)),
        Column::detail("state", |it: &Self| Cell::Text(words::word_of::<ShiftState>(it.state))),
        Column::clock("start", |it: &Self| Cell::Time(it.start_time)).of_details(),
        Column::detail("end", |it: &Self| Cell::Time(it.end_time)),
        Column::detail("place", |it: &Self| Cell::name(&it.place)),
        Column::detail("title", |it: &Self| Cell::text(&it.title)),
        Column::summary("seats", |it: &Self| Cell::Text(seats(it))),
        Column::new("accepted", |it: &Self| Cell::Count(it.accepted)),
        Column::summary("in", |it: &Self| Cell::Count(it.signed_in)),
        Column::detail("signed-in", |it: &Self| Cell::Number(it.signed_in.into())),
        Column::detail("to-be-replaced", |it: &Self| Cell::Number(it.to_be_replaced.into())),
        Column::detail("unit", |it: &Self| Cell::text(&it.unit)),
        Column::detail("reserve", |it: &Self| Cell::text(if it.reserve { "yes" } else { "no" })),
        Column::summary("alerts", |it: &Self| {
            let missing = (it.to_be_replaced > 0).then(|| format!("{} to be replaced", it.to_be_replaced));
            Cell::Text(missing.into_iter().chain(alerts(it)).collect::<Vec<_>>().join("; "))
        }),
        Column::detail("for", |it: &Self| Cell::name(&it.occasion)),
        Column::detail("post", |it: &Self| Cell::text(&it.post)),
        Column::detail("planned-start", |it: &Self| Cell::Time(it.planned_start_time)),
        Column::detail("planned-end", |it: &Self| Cell::Time(it.planned_end_time)),
        Column::detail("headcount", |it: &Self| Cell::Count(it.headcount)),
        Column::detail("taken", |it: &Self| Cell::Number(it.taken.into())),
        Column::detail("reported", |it: &Self| {
            Cell::Text(it.reported.map_or_else(String::new, |number| number.to_string()))
        }),
        Column::detail("skills", |it: &Self| Cell::Text(it.skills.join(", "))),
        Column::detail("languages", |it: &Self| Cell::Text(it.languages.join(", "))),
        Column::detail("alert", |it: &Self| Cell::Text(alerts(it).collect::<Vec<_>>().join("; "))),
        Column::detail("plan", |it: &Self| Cell::name(&it.plan)),
        Column::detail("revision", |it: &Self| Cell::Number(it.revision)),
        Column::detail("etag", |it: &Self| Cell::text(&it.etag)),
    ];
}

/// Seats taken and seats there are; of a unit, the people it has reported; that it is cancelled, where it is.
fn seats(shift: &Shift) -> String {
    match (shift.unit.as_str(), shift.reported) {
        _ if shift.state() == ShiftState::Cancelled => ShiftState::Cancelled.word(),
        ("", _) => format!("{}/{}", shift.taken, shift.headcount),
        (_, Some(reported)) => format!("{reported}/{}", shift.headcount),
        (_, None) => format!("?/{}", shift.headcount),
    }
}

/// The limits it breaks, each in a sentence.
fn alerts(shift: &Shift) -> impl Iterator<Item = String> {
    shift.alerts.iter().map(|alert| alert.description.clone())
}

fn is_open(shift: &Shift) -> bool {
    let there = if shift.unit.is_empty() { shift.taken } else { shift.reported.unwrap_or_default() };
    there < shift.headcount
}

impl Shifts {
    /// Does what the command says.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let client = self.connection.open()?;
        match self.command {
            Command::List(list) => list.run(&client).await,
            Command::Show { shift } => {
                let name: ShiftName = names::read(&shift)?;
                let request = GetShiftRequest { name: name.to_string() };
                let response = client.roster().get_shift(request).await?.into_inner();
                show(&client, &name, response.shift).await
            }
            Command::Create(create) => create.run(&client).await,
            Command::CallOff(call_off) => call_off.run(&client).await,
            Command::Fill(fill) => fill.run(&client).await,
            Command::Assign(assign) => assign.run(&client).await,
            Command::Invite(invite) => invite.run(&client).await,
            Command::Accept(answers) => answers.give(Step::Accept, &client).await,
            Command::Decline { answer, reason } => answer.decline(&client, reason).await,
            Command::Withdraw(withdraw) => withdraw.run(&client).await,
            Command::Pin(pin) => pin.run(&client).await,
            Command::SignIn(attend) => attend.sign_in(&client).await,
            Command::SignOut { attend, leaves } => attend.sign_out(&client, leaves).await,
            Command::NoShow(attend) => attend.no_show(&client).await,
            Command::Wait(wait) => wait.run(&client).await,
            Command::Waitlist { shift } => waiting::list(&client, &shift).await,
            Command::Lapse { tournament, repeat } => waiting::lapse(&client, &tournament, repeat).await,
            Command::Trade(trade) => trade.run(&client).await,
            Command::SignInMany(many) => many.run(&client).await,
            Command::Code { shift } => phase::code(&client, &shift).await,
            Command::NoShows(no_shows) => no_shows.run(&client).await,
            Command::Forecast(forecast) => forecast.run(&client).await,
            Command::Replace(replace) => replace.run(&client).await,
            Command::Redeploy(redeploy) => redeploy.run(&client).await,
            Command::Headcount { shift, number, repeat } => {
                let (name, request): (ShiftName, _) = (names::read(&shift)?, repeat.request());
                let report = ReportHeadcountRequest {
                    name: name.to_string(),
                    reported: number,
                    request_id: request.id(),
                    ..ReportHeadcountRequest::default()
                };
                let reported = client.roster().report_headcount(report).await;
                let response = reported.map_err(|status| request.refused(status))?.into_inner();
                show(&client, &name, response.shift).await
            }
            Command::Assignments(held) => assignment::list(&client, held).await,
        }
    }
}

impl List {
    async fn run(self, client: &Client) -> Result<(), Failure> {
        let tournament: TournamentName = names::read(&self.tournament)?;
        let day = self.day.as_deref().map(|day| times::date("--day", day)).transpose()?;
        let zone = Clocks::Tournament(&tournament).zone_of_known(client).await?;
        let window = Window::of(day, &zone);
        let request = ListShiftsRequest {
            parent: tournament.to_string(),
            page_size: pages::PAGE_SIZE,
            from: window.from,
            until: window.until,
            occasion: occasion::read_if(client, &tournament, self.occasion.as_deref()).await?,
            show_cancelled: self.all,
            ..ListShiftsRequest::default()
        };
        let mut shifts = list(client, &request).await?;
        if self.open {
            shifts.retain(is_open);
        }
        client.output.brief(&shifts, &zone, day)
    }
}

/// All shifts a request asks for, page by page.
///
/// # Errors
/// [`Failure`] when the server refuses.
pub(crate) async fn list(client: &Client, request: &ListShiftsRequest) -> Result<Vec<Shift>, Failure> {
    pages::all(async |page_token| {
        let request = ListShiftsRequest { page_token, ..request.clone() };
        let page = client.roster().list_shifts(request).await?.into_inner();
        Ok((page.shifts, page.next_page_token))
    })
    .await
}

async fn show(client: &Client, name: &ShiftName, shift: Option<Shift>) -> Result<(), Failure> {
    let zone = Clocks::Tournament(&name.parent()).zone_to_show(client).await;
    client.output.one(&shift.unwrap_or_default(), &zone)
}
