//! `matchday hours`: the ledger of volunteers' hours (志愿服务时长); certificates are in `certificate`.

use clap::{Args, Subcommand};
use matchday_api::volunteers::v1::{
    ConfirmHoursRequest, CorrectHoursRequest, GetHoursRulesRequest, HoursBalance, HoursEntry, HoursKind,
    HoursRules, ListHoursBalancesRequest, ListHoursRequest, RecordHoursRequest, SetHoursRulesRequest,
};
use matchday_kernel::{HoursEntryName, ShiftName, TournamentName, VolunteerName};
use matchday_rpc::parse::to_timestamp;
use prost_types::Timestamp;

use super::{
    certificate::{self, Issue, Render, Revoke},
    connection::{Client, Connection},
    names, pages,
    refusal::Repeat,
    times::Clocks,
};
use crate::{
    failure::{Failure, say},
    output::{Cell, Column, Shown},
    words,
};

/// The command and where it goes.
#[derive(Args)]
pub(crate) struct Hours {
    #[command(flatten)]
    connection: Connection,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// List entries of the ledger, of a tournament or of a volunteer; as CSV for other systems of hours
    #[command(
        after_long_help = "Examples:\n  matchday hours list fisu-2023/v001\n  matchday hours list fisu-2023 \
                                 --unconfirmed\n  matchday hours list fisu-2023 --output csv > hours.csv"
    )]
    List(List),
    /// List what each volunteer's ledger comes to
    Balance {
        /// The tournament: fisu-2023
        tournament: String,
    },
    /// Confirm the entries of a shift, as its leader
    #[command(
        after_long_help = "Examples:\n  matchday hours confirm fisu-2023/opening-gate-stewards\n  matchday \
                                 hours confirm fisu-2023/opening-gate-stewards v078 v079"
    )]
    Confirm(Confirm),
    /// Take an entry back by a counter-entry (冲销), and write the right one
    #[command(after_long_help = "Examples:\n  matchday hours correct fisu-2023/v001/0003 --start \
                                 '2023-10-21 13:00' --end '2023-10-21 18:30' --reason 'signed out late'\n  \
                                 matchday hours correct fisu-2023/v001/0003 --none --reason 'was not there'")]
    Correct(Correct),
    /// Record service that no shift knows
    #[command(
        after_long_help = "Example:\n  matchday hours record fisu-2023/v001 --start '2023-10-20 09:00' --end \
                                 '2023-10-20 12:00' --reason 'packed welcome bags'"
    )]
    Record(Record),
    /// Show how service at night is credited, or set it
    #[command(
        after_long_help = "Examples:\n  matchday hours rules fisu-2023\n  matchday hours rules fisu-2023 \
                                 --night 22:00-06:00 --percent 150 --source 'Volunteer handbook, section 4'"
    )]
    Rules(Rules),
    /// Issue a certificate of the confirmed hours of a volunteer (志愿服务证书)
    #[command(
        after_long_help = "Example:\n  matchday hours certificate fisu-2023/v001 --language zh-CN --out \
                                 v001.pdf"
    )]
    Certificate(Issue),
    /// List the certificates of a tournament, the latest first
    Certificates {
        /// The tournament: fisu-2023
        tournament: String,
    },
    /// Write a certificate that was issued as a page to print
    Print(Render),
    /// Take a certificate back
    Revoke(Revoke),
}

#[derive(Args)]
struct List {
    /// The tournament or the volunteer: fisu-2023, fisu-2023/v001
    of: String,
    /// Only those of one shift, as `shift list` shows it
    #[arg(long)]
    shift: Option<String>,
    /// Only those that nobody has confirmed
    #[arg(long)]
    unconfirmed: bool,
}

#[derive(Args)]
struct Confirm {
    /// The shift, as `shift list` shows it: fisu-2023/opening-gate-stewards
    shift: String,
    /// Only these volunteers: v001
    volunteers: Vec<String>,
    #[command(flatten)]
    repeat: Repeat,
}

#[derive(Args)]
struct Correct {
    /// The entry, as `hours list` shows it: fisu-2023/v001/0003
    entry: String,
    /// When the service really began, on the tournament's clocks
    #[arg(long, value_name = "TIME", required_unless_present = "none", requires = "end")]
    start: Option<String>,
    /// When it really ended
    #[arg(long, value_name = "TIME", requires = "start")]
    end: Option<String>,
    /// It did not take place
    #[arg(long, conflicts_with_all = ["start", "end"])]
    none: bool,
    /// Why, without naming a person
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    repeat: Repeat,
}

#[derive(Args)]
struct Record {
    /// The volunteer: fisu-2023/v001
    volunteer: String,
    /// When the service began, on the tournament's clocks
    #[arg(long, value_name = "TIME")]
    start: String,
    /// When it ended
    #[arg(long, value_name = "TIME")]
    end: String,
    /// What it was, without naming a person
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    repeat: Repeat,
}

#[derive(Args)]
struct Rules {
    /// The tournament: fisu-2023
    tournament: String,
    /// From when until when it is night, on the tournament's clocks
    #[arg(long, value_name = "HH:MM-HH:MM", requires_all = ["percent", "source"])]
    night: Option<String>,
    /// What a minute of the night is credited with, in hundredths of a minute: 100 to 300
    #[arg(long, requires = "night")]
    percent: Option<i32>,
    /// Where the rules come from
    #[arg(long, requires = "night")]
    source: Option<String>,
    #[command(flatten)]
    repeat: Repeat,
}

impl Shown for HoursEntry {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("name", |it: &Self| Cell::name(&it.name)),
        Column::new("kind", |it: &Self| Cell::Text(words::word_of::<HoursKind>(it.kind))),
        Column::new("shift", |it: &Self| Cell::name(&it.shift)),
        Column::clock("start", |it: &Self| Cell::Time(it.start_time)),
        Column::new("end", |it: &Self| Cell::Time(it.end_time)),
        Column::new("minutes", |it: &Self| Cell::Number(it.minutes.into())),
        Column::new("night", |it: &Self| Cell::Number(it.night_minutes.into())),
        Column::new("credited", |it: &Self| Cell::Number(it.credited_minutes.into())),
        Column::new("confirmed-by", |it: &Self| Cell::text(&it.confirmer)),
        Column::new("taken-back", |it: &Self| Cell::text(if it.countered { "yes" } else { "no" })),
        Column::detail("counters", |it: &Self| Cell::name(&it.counters)),
        Column::new("reason", |it: &Self| Cell::text(&it.reason)),
        Column::detail("author", |it: &Self| Cell::text(&it.author)),
        Column::detail("recorded", |it: &Self| Cell::Time(it.record_time)),
        Column::detail("confirmed", |it: &Self| Cell::Time(it.confirm_time)),
    ];
}

impl Shown for HoursBalance {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("volunteer", |it: &Self| Cell::name(&it.volunteer)),
        Column::new("shifts", |it: &Self| Cell::Number(it.shifts.into())),
        Column::new("minutes", |it: &Self| Cell::Number(it.minutes)),
        Column::new("night", |it: &Self| Cell::Number(it.night_minutes)),
        Column::new("credited", |it: &Self| Cell::Number(it.credited_minutes)),
        Column::new("confirmed", |it: &Self| Cell::Number(it.confirmed_minutes)),
        Column::clock("first", |it: &Self| Cell::Time(it.first_time)),
        Column::new("last", |it: &Self| Cell::Time(it.last_time)),
    ];
}

impl Shown for HoursRules {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("night-start", |it: &Self| Cell::text(&it.night_start)),
        Column::new("night-end", |it: &Self| Cell::text(&it.night_end)),
        Column::new("percent", |it: &Self| Cell::Number(it.night_percent.into())),
        Column::new("source", |it: &Self| {
            Cell::text(if it.source.is_empty() { "assumed" } else { &it.source })
        }),
    ];
}

impl Hours {
    /// Does what the command says.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let client = self.connection.open()?;
        match self.command {
            Command::List(list) => list.run(&client).await,
            Command::Balance { tournament } => balance(&client, &tournament).await,
            Command::Confirm(confirm) => confirm.run(&client).await,
            Command::Correct(correct) => correct.run(&client).await,
            Command::Record(record) => record.run(&client).await,
            Command::Rules(rules) => rules.run(&client).await,
            Command::Certificate(issue) => issue.run(&client).await,
            Command::Certificates { tournament } => certificate::list(&client, &tournament).await,
            Command::Print(render) => render.run(&client).await,
            Command::Revoke(revoke) => revoke.run(&client).await,
        }
    }
}

impl List {
    async fn run(self, client: &Client) -> Result<(), Failure> {
        // a tournament is one part, or two when it is written in full
        let is_tournament = !self.of.trim_start_matches("tournaments/").contains('/');
        let (parent, tournament): (String, TournamentName) = if is_tournament {
            let tournament: TournamentName = names::read(&self.of)?;
            (tournament.to_string(), tournament)
        } else {
            let volunteer: VolunteerName = names::read(&self.of)?;
            (volunteer.to_string(), volunteer.parent())
        };
        let shift = self.shift.as_deref();
        let shift =
            shift.map(|text| names::read_within::<ShiftName>(Some(tournament.id()), text)).transpose()?;
        let request = ListHoursRequest {
            parent,
            page_size: pages::PAGE_SIZE,
            shift: shift.map(String::from).unwrap_or_default(),
            unconfirmed: self.unconfirmed,
            ..ListHoursRequest::default()
        };
        let entries = pages::all(async |page_token| {
            let request = ListHoursRequest { page_token, ..request.clone() };
            let page = client.hours().list_hours(request).await?.into_inner();
            Ok((page.entries, page.next_page_token))
        });
        show(client, &tournament, &entries.await?).await
    }
}

async fn balance(client: &Client, tournament: &str) -> Result<(), Failure> {
    let tournament: TournamentName = names::read(tournament)?;
    let balances = pages::all(async |page_token| {
        let request = ListHoursBalancesRequest {
            parent: tournament.to_string(),
            page_size: pages::PAGE_SIZE,
            page_token,
        };
        let page = client.hours().list_hours_balances(request).await?.into_inner();
        Ok((page.balances, page.next_page_token))
    });
    let balances = balances.await?;
    let zone = Clocks::Tournament(&tournament).zone_to_show(client).await;
    client.output.list(&balances, &zone)?;
    let sum = |minutes: fn(&HoursBalance) -> i64| balances.iter().map(minutes).sum::<i64>() / 60;
    say(format_args!(
        "volunteers: {}; hours served: {}, credited: {}, confirmed: {}",
        balances.len(),
        sum(|one| one.minutes),
        sum(|one| one.credited_minutes),
        sum(|one| one.confirmed_minutes),
    ));
    Ok(())
}

impl Confirm {
    async fn run(self, client: &Client) -> Result<(), Failure> {
        let (shift, request): (ShiftName, _) = (names::read(&self.shift)?, self.repeat.request());
        let tournament = shift.parent();
        let within = |text: &String| names::read_within::<VolunteerName>(Some(tournament.id()), text);
        let volunteers = self.volunteers.iter().map(|text| within(text).map(String::from));
        let confirm = ConfirmHoursRequest {
            shift: shift.to_string(),
            volunteers: volunteers.collect::<Result<_, _>>()?,
            request_id: request.id(),
        };
        let confirmed = client.hours().confirm_hours(confirm).await;
        let entries = confirmed.map_err(|status| request.refused(status))?.into_inner().entries;
        show(client, &tournament, &entries).await?;
        say(format_args!("{} entries confirmed", entries.len()));
        Ok(())
    }
}

impl Correct {
    async fn run(self, client: &Client) -> Result<(), Failure> {
        let (name, request): (HoursEntryName, _) = (names::read(&self.entry)?, self.repeat.request());
        let tournament = name.parent().parent();
        let correct = CorrectHoursRequest {
            name: name.to_string(),
            start_time: moment(client, &tournament, "--start", self.start.as_deref()).await?,
            end_time: moment(client, &tournament, "--end", self.end.as_deref()).await?,
            reason: self.reason,
            request_id: request.id(),
        };
        let corrected = client.hours().correct_hours(correct).await;
        let response = corrected.map_err(|status| request.refused(status))?.into_inner();
        let written: Vec<HoursEntry> = response.counter.into_iter().chain(response.corrected).collect();
        show(client, &tournament, &written).await
    }
}

impl Record {
    async fn run(self, client: &Client) -> Result<(), Failure> {
        let (volunteer, request): (VolunteerName, _) = (names::read(&self.volunteer)?, self.repeat.request());
        let tournament = volunteer.parent();
        let record = RecordHoursRequest {
            volunteer: volunteer.to_string(),
            start_time: moment(client, &tournament, "--start", Some(&self.start)).await?,
            end_time: moment(client, &tournament, "--end", Some(&self.end)).await?,
            reason: self.reason,
            request_id: request.id(),
        };
        let recorded = client.hours().record_hours(record).await;
        let response = recorded.map_err(|status| request.refused(status))?.into_inner();
        let zone = Clocks::Tournament(&tournament).zone_to_show(client).await;
        client.output.one(&response.entry.unwrap_or_default(), &zone)
    }
}

impl Rules {
    async fn run(self, client: &Client) -> Result<(), Failure> {
        let tournament: TournamentName = names::read(&self.tournament)?;
        let parent = tournament.to_string();
        let rules = match self.night {
            None => {
                let request = GetHoursRulesRequest { parent };
                client.hours().get_hours_rules(request).await?.into_inner().rules
            }
            Some(night) => {
                let (start, end) = night.split_once('-').ok_or_else(|| {
                    Failure::input("--night: write from when until when, as 22:00-06:00".to_owned())
                })?;
                let rules = HoursRules {
                    night_start: start.trim().to_owned(),
                    night_end: end.trim().to_owned(),
                    night_percent: self.percent.unwrap_or_default(),
                    source: self.source.unwrap_or_default(),
                };
                let request = self.repeat.request();
                let set = SetHoursRulesRequest { parent, rules: Some(rules), request_id: request.id() };
                let set = client.hours().set_hours_rules(set).await;
                set.map_err(|status| request.refused(status))?.into_inner().rules
            }
        };
        let zone = Clocks::Tournament(&tournament).zone_to_show(client).await;
        client.output.one(&rules.unwrap_or_default(), &zone)
    }
}

async fn moment(
    client: &Client,
    tournament: &TournamentName,
    flag: &str,
    text: Option<&str>,
) -> Result<Option<Timestamp>, Failure> {
    match text {
        None => Ok(None),
        Some(text) => {
            Ok(Some(to_timestamp(Clocks::Tournament(tournament).moment(client, flag, text).await?)))
        }
    }
}

async fn show(client: &Client, tournament: &TournamentName, entries: &[HoursEntry]) -> Result<(), Failure> {
    let zone = Clocks::Tournament(tournament).zone_to_show(client).await;
    client.output.list(entries, &zone)
}
