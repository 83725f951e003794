//! `matchday activity`: what occupies a place for a time; listed, shown and watched. What changes one is in
//! `change` and `update`, what is recorded of it on the day in `live`.

use clap::{Args, Subcommand};
use matchday_api::scheduling::v1::{
    Activity, ActivityKind, ActivityState, GetActivityRequest, ListActivitiesRequest, Match, Result as Score,
    WatchActivitiesRequest,
};
use matchday_kernel::{ActivityName, SessionName, TournamentName};
use matchday_rpc::parse::to_timestamp;

use super::{
    change::{Cancel, Create, Delay, Move},
    connection::{Client, Connection},
    live::{self, Verb},
    names, pages,
    times::Clocks,
    update::Update,
};
use crate::{
    failure::{Failure, say},
    output::{Cell, Column, Shown},
    words,
};

/// The command and where it goes.
#[derive(Args)]
pub(crate) struct Activities {
    #[command(flatten)]
    connection: Connection,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// List the activities of a tournament by start
    #[command(after_long_help = "Examples:\n  matchday activity list fisu-2023 --day 2023-10-21\n  \
                                 matchday activity list fisu-2023 --session opening --output csv")]
    List(List),
    /// Show one activity
    Show(Named),
    /// Create an activity
    Create(Box<Create>),
    /// Change the title, the session, the class, the set-up or the turnaround of an activity
    Update(Update),
    /// Let an activity start later (推迟开球); its session and its bookings follow
    Delay(Delay),
    /// Give an activity another time, another zone, or both (改期); its bookings follow
    Move(Move),
    /// Cancel an activity (取消); its bookings are released
    Cancel(Cancel),
    /// Record that a match kicked off (开球), or that another activity began
    #[command(
        name = "kick-off",
        after_long_help = "Examples:\n  matchday activity kick-off fisu-2023/m01\n  matchday activity kick-off \
                           fisu-2023/m01 --at '2023-10-21 20:07'"
    )]
    KickOff(live::Step),
    /// Record that it was interrupted (中断); the referee decides
    #[command(
        after_long_help = "Example:\n  matchday activity suspend fisu-2023/m01 --decided-by referee --reason \
                                 thunderstorm"
    )]
    Suspend(live::Step),
    /// Record that it goes on; it ends later by the time that was lost
    #[command(after_long_help = "Example:\n  matchday activity resume fisu-2023/m01 --decided-by referee \
                                 --precondition police=agreed")]
    Resume(live::Step),
    /// Record that extra time or kicks from the penalty mark follow
    Extend(Box<live::Extend>),
    /// Record that it was ended before its time (腰斩)
    #[command(
        after_long_help = "Example:\n  matchday activity abandon fisu-2023/m01 --decided-by referee --reason \
                                 'the pitch is under water'"
    )]
    Abandon(live::Step),
    /// Record that it is over; the rest of its booking is given free
    #[command(after_long_help = "Example:\n  matchday activity finish fisu-2023/m01 --at '2023-10-21 21:58'")]
    Finish(live::Step),
    /// Correct when it kicked off or ended, or that it was over; the wrong record stays
    Correct(Box<live::Correct>),
    /// Record what the police, the broadcaster or others said to a decision
    Precondition(live::Said),
    /// List what was recorded of an activity on the day
    Records(Named),
    /// Show every activity as it is, and again whenever it changes, until interrupted
    Watch {
        /// The tournament: fisu-2023
        tournament: String,
    },
}

/// One activity.
#[derive(Args)]
pub(crate) struct Named {
    /// The activity: fisu-2023/m01, or m01 with --tournament
    name: String,
    /// The tournament, for a name without it
    #[arg(long, value_name = "TOURNAMENT")]
    tournament: Option<String>,
}

impl Named {
    /// Its full name.
    ///
    /// # Errors
    /// [`Failure`] when it is no name.
    pub(crate) fn read(&self) -> Result<ActivityName, Failure> {
        names::read_within(self.tournament.as_deref(), &self.name)
    }
}

#[derive(Args)]
struct List {
    /// The tournament: fisu-2023
    tournament: String,
    /// Only those of one day, on the tournament's clocks
    #[arg(long, value_name = "YYYY-MM-DD")]
    day: Option<String>,
    /// Only those of one session
    #[arg(long, value_name = "SESSION")]
    session: Option<String>,
}

impl Shown for Activity {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("name", |it: &Self| Cell::name(&it.name)),
        Column::new("state", |it: &Self| Cell::Text(words::word_of::<ActivityState>(it.state))),
        Column::new("start", |it: &Self| Cell::Time(it.start_time)),
        Column::new("end", |it: &Self| Cell::Time(it.end_time)),
        Column::new("zone", |it: &Self| Cell::name(&it.zone)),
        Column::new("session", |it: &Self| Cell::id(&it.session)),
        Column::new("title", |it: &Self| Cell::text(&it.title)),
        Column::new("reason", |it: &Self| Cell::text(&it.reason)),
        Column::detail("planned-start", |it: &Self| Cell::Time(it.planned_start_time)),
        Column::detail("planned-end", |it: &Self| Cell::Time(it.planned_end_time)),
        Column::detail("actual-start", |it: &Self| Cell::Time(it.actual_start_time)),
        Column::detail("actual-end", |it: &Self| Cell::Time(it.actual_end_time)),
        Column::detail("set-up", |it: &Self| Cell::Length(it.set_up)),
        Column::detail("turnaround", |it: &Self| Cell::Length(it.turnaround)),
        Column::detail("kind", |it: &Self| Cell::Text(words::word_of::<ActivityKind>(it.kind))),
        Column::detail("class", |it: &Self| Cell::text(&it.service_class)),
        Column::detail("competition", |it: &Self| of_match(it, |it| Cell::text(&it.competition))),
        Column::detail("stage", |it: &Self| of_match(it, |it| Cell::text(&it.stage))),
        Column::detail("group", |it: &Self| of_match(it, |it| Cell::text(&it.group))),
        Column::detail("home", |it: &Self| of_match(it, |it| Cell::id(&it.home))),
        Column::detail("away", |it: &Self| of_match(it, |it| Cell::id(&it.away))),
        Column::detail("result", |it: &Self| {
            of_match(it, |it| Cell::Text(it.result.as_ref().map_or_else(String::new, score)))
        }),
        Column::detail("officials", |it: &Self| of_match(it, |it| Cell::Text(it.officials.join(", ")))),
        Column::detail("source", |it: &Self| super::source(it.provenance.as_ref())),
        Column::detail("generated", |it: &Self| super::generated(it.provenance.as_ref())),
        Column::detail("revision", |it: &Self| Cell::Number(it.revision)),
        Column::detail("etag", |it: &Self| Cell::text(&it.etag)),
    ];
}

fn of_match(activity: &Activity, cell: fn(&Match) -> Cell) -> Cell {
    activity.r#match.as_ref().map_or(Cell::text(""), cell)
}

/// A result as people write it: `2-1 after penalties`; what nobody published is left out.
pub(super) fn score(score: &Score) -> String {
    let goals = score.home_goals.zip(score.away_goals).map(|(home, away)| format!("{home}-{away}"));
    let parts: Vec<String> =
        goals.into_iter().chain((!score.note.is_empty()).then(|| score.note.clone())).collect();
    parts.join(" ")
}

impl Activities {
    /// Does what the command says.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let client = self.connection.open()?;
        match self.command {
            Command::List(list) => list.run(&client).await,
            Command::Show(named) => show(&client, &named.read()?).await,
            Command::Create(create) => create.run(&client).await,
            Command::Update(update) => update.run(&client).await,
            Command::Delay(delay) => delay.run(&client).await,
            Command::Move(moving) => moving.run(&client).await,
            Command::Cancel(cancel) => cancel.run(&client).await,
            Command::KickOff(step) => step.run(&client, Verb::KickOff).await,
            Command::Suspend(step) => step.run(&client, Verb::Suspend).await,
            Command::Resume(step) => step.run(&client, Verb::Resume).await,
            Command::Extend(extend) => extend.run(&client).await,
            Command::Abandon(step) => step.run(&client, Verb::Abandon).await,
            Command::Finish(step) => step.run(&client, Verb::Finish).await,
            Command::Correct(correct) => correct.run(&client).await,
            Command::Precondition(said) => said.run(&client).await,
            Command::Records(named) => live::records(&client, &named.read()?).await,
            Command::Watch { tournament } => watch(&client, &names::read(&tournament)?).await,
        }
    }
}

impl List {
    async fn run(self, client: &Client) -> Result<(), Failure> {
        let tournament: TournamentName = names::read(&self.tournament)?;
        let session: Option<SessionName> =
            self.session.map(|session| names::read_within(Some(tournament.id()), &session)).transpose()?;
        let clocks = Clocks::Tournament(&tournament);
        let day = match &self.day {
            Some(day) => Some(clocks.day(client, "--day", day).await?),
            None => None,
        };
        let zone = clocks.zone_of_known(client).await?;
        let request = ListActivitiesRequest {
            parent: tournament.to_string(),
            page_size: pages::PAGE_SIZE,
            from: day.map(|day| to_timestamp(day.start())),
            until: day.map(|day| to_timestamp(day.end())),
            session: session.map(String::from).unwrap_or_default(),
            ..ListActivitiesRequest::default()
        };
        let activities = pages::all(async |page_token| {
            let request = ListActivitiesRequest { page_token, ..request.clone() };
            let page = client.schedule().list_activities(request).await?.into_inner();
            Ok((page.activities, page.next_page_token))
        });
        client.output.list(&activities.await?, &zone)
    }
}

async fn show(client: &Client, name: &ActivityName) -> Result<(), Failure> {
    let request = GetActivityRequest { name: name.to_string() };
    let response = client.schedule().get_activity(request).await?.into_inner();
    let zone = Clocks::Tournament(&name.parent()).zone_to_show(client).await;
    client.output.one(&response.activity.unwrap_or_default(), &zone)
}

async fn watch(client: &Client, tournament: &TournamentName) -> Result<(), Failure> {
    let zone = Clocks::Tournament(tournament).zone_of_known(client).await?;
    let request = WatchActivitiesRequest { parent: tournament.to_string() };
    let mut responses = client.schedule().watch_activities(request).await?.into_inner();
    let stream = client.output.stream::<Activity>()?;
    while let Some(response) = responses.message().await? {
        if let Some(activity) = &response.activity {
            stream.item(activity, &zone)?;
        }
        if response.current {
            say("these are all; changes follow");
        }
    }
    Ok(())
}
