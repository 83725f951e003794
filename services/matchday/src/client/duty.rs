//! `matchday duty`: breaks, meals and equipment of people on duty (在岗保障).

use clap::{Args, Subcommand};
use matchday_api::volunteers::v1::{
    DutyRules, EndBreakRequest, Equipment, ForecastMealsRequest, GetDutyRulesRequest, GiveMealRequest,
    IssueEquipmentRequest, ListEquipmentRequest, ListOnDutyRequest, Meal, MealForecast, OnDuty,
    ReturnEquipmentRequest, SetDutyRulesRequest, StartBreakRequest,
};
use matchday_kernel::{ShiftName, TournamentName};

use super::{
    assignment::Seat,
    connection::{Client, Connection},
    names,
    refusal::Repeat,
    times::{self, Clocks},
};
use crate::{
    failure::Failure,
    output::{Cell, Column, Shown},
};

/// The command and where it goes.
#[derive(Args)]
pub(crate) struct Duty {
    #[command(flatten)]
    connection: Connection,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// List who is signed in, those whose break is due first
    List {
        /// The tournament or the shift: fisu-2023, fisu-2023/opening-gate-stewards
        of: String,
    },
    /// Record that somebody has a break
    Break(Step),
    /// Record that somebody is back from a break
    Back(Step),
    /// Record that somebody has got a meal, once on a day
    #[command(after_long_help = "Example:\n  matchday duty meal fisu-2023/opening-gate-stewards v078 dinner")]
    Meal {
        #[command(flatten)]
        step: Step,
        /// The meal, as `duty rules` shows it: lunch
        meal: String,
    },
    /// Say how many of each meal are to be expected on a day
    Meals {
        /// The tournament: fisu-2023
        tournament: String,
        /// The day: 2023-10-21
        #[arg(long, value_name = "DATE")]
        day: String,
    },
    /// Hand an item to somebody who is signed in
    #[command(
        after_long_help = "Example:\n  matchday duty issue fisu-2023/opening-gate-stewards v078 radio-17"
    )]
    Issue {
        #[command(flatten)]
        step: Step,
        /// What is written on the item: radio-17
        item: String,
    },
    /// Take an item back, whoever brings it
    Return {
        /// The tournament: fisu-2023
        tournament: String,
        /// What is written on the item: radio-17
        item: String,
        #[command(flatten)]
        repeat: Repeat,
    },
    /// List the items that are out, the longest first
    Equipment {
        /// The tournament: fisu-2023
        tournament: String,
        /// Only those of people who have gone
        #[arg(long)]
        overdue: bool,
    },
    /// Show or set when a break is due, and which meals there are
    #[command(
        after_long_help = "Example:\n  matchday duty rules fisu-2023 --break-after 180 --meal lunch,11:00-13:30,30 \
                                 --meal dinner,17:00-19:30,30\n    --source 'Catering contract'"
    )]
    Rules(Rules),
}

/// Somebody on duty.
#[derive(Args)]
struct Step {
    #[command(flatten)]
    seat: Seat,
    #[command(flatten)]
    repeat: Repeat,
}

#[derive(Args)]
struct Rules {
    /// The tournament: fisu-2023
    tournament: String,
    /// Minutes on duty, or since the last break, after which one is due
    #[arg(long, value_name = "MINUTES", requires = "source")]
    break_after: Option<i32>,
    /// A meal, from when until when, and the minutes of a shift within that entitle to it; all meals at once
    #[arg(long, value_name = "ID,FROM-UNTIL,MINUTES", requires = "source", value_parser = meal)]
    meal: Vec<Meal>,
    /// Where the rules come from; with it those given are set, and the others stay
    #[arg(long)]
    source: Option<String>,
    #[command(flatten)]
    repeat: Repeat,
}

fn meal(text: &str) -> Result<Meal, String> {
    let read = || {
        let mut parts = text.split(',');
        let (id, time) = (parts.next()?, parts.next()?);
        let (start, end) = time.split_once('-')?;
        let least_minutes = parts.next()?.parse().ok()?;
        Some(Meal { id: id.into(), start: start.into(), end: end.into(), least_minutes })
    };
    read().ok_or_else(|| format!("{text:?} is no meal: write it like lunch,11:00-13:30,30"))
}

impl Shown for OnDuty {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("assignment", |it: &Self| Cell::name(&it.assignment)),
        Column::clock("signed-in", |it: &Self| Cell::Time(it.sign_in_time)),
        Column::new("break-due", |it: &Self| Cell::Time(it.break_due_time)),
        Column::new("break", |it: &Self| {
            Cell::text(match (it.break_start_time.is_some(), it.break_due) {
                (true, _) => "has one",
                (false, true) => "DUE",
                (false, false) => "",
            })
        }),
        Column::new("meals-open", |it: &Self| Cell::Text(it.meals_open.join(", "))),
        Column::new("equipment", |it: &Self| Cell::Text(it.equipment.join(", "))),
    ];
}

impl Shown for Equipment {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("item", |it: &Self| Cell::text(&it.item)),
        Column::new("assignment", |it: &Self| Cell::name(&it.assignment)),
        Column::clock("issued", |it: &Self| Cell::Time(it.issue_time)),
        Column::new("overdue", |it: &Self| Cell::text(if it.overdue { "yes" } else { "no" })),
    ];
}

impl Shown for MealForecast {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("meal", |it: &Self| Cell::text(&it.meal)),
        Column::new("people", |it: &Self| Cell::Number(it.people.into())),
        Column::new("given", |it: &Self| Cell::Number(it.given.into())),
    ];
}

impl Shown for DutyRules {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("break-after", |it: &Self| Cell::Text(format!("{} min", it.break_after_minutes))),
        Column::new("meals", |it: &Self| {
            let meal = |one: &Meal| format!("{},{}-{},{}", one.id, one.start, one.end, one.least_minutes);
            Cell::Text(it.meals.iter().map(meal).collect::<Vec<_>>().join("; "))
        }),
        Column::new("source", |it: &Self| {
            Cell::text(if it.source.is_empty() { "assumed" } else { &it.source })
        }),
    ];
}

async fn show<R: Shown>(client: &Client, tournament: &TournamentName, items: &[R]) -> Result<(), Failure> {
    let zone = Clocks::Tournament(tournament).zone_to_show(client).await;
    client.output.list(items, &zone)
}

impl Duty {
    /// Does what the command says.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let client = self.connection.open()?;
        match self.command {
            Command::List { of } => list(&client, &of).await,
            Command::Break(step) => step.run(&client, Care::Break).await,
            Command::Back(step) => step.run(&client, Care::Back).await,
            Command::Meal { step, meal } => step.run(&client, Care::Meal(meal)).await,
            Command::Meals { tournament, day } => {
                let tournament: TournamentName = names::read(&tournament)?;
                let (parent, day) = (tournament.to_string(), times::date("--day", &day)?.to_string());
                let request = ForecastMealsRequest { parent, day };
                let meals = client.duty().forecast_meals(request).await?.into_inner().meals;
                client.output.list(&meals, &times::utc())
            }
            Command::Issue { step, item } => step.run(&client, Care::Issue(item)).await,
            Command::Return { tournament, item, repeat } => {
                let (tournament, request): (TournamentName, _) =
                    (names::read(&tournament)?, repeat.request());
                let back =
                    ReturnEquipmentRequest { parent: tournament.to_string(), item, request_id: request.id() };
                let back = client.duty().return_equipment(back).await;
                let back = back.map_err(|status| request.refused(status))?.into_inner().equipment;
                show(&client, &tournament, &[back.unwrap_or_default()]).await
            }
            Command::Equipment { tournament, overdue } => {
                let tournament: TournamentName = names::read(&tournament)?;
                let request = ListEquipmentRequest { parent: tournament.to_string(), overdue };
                let items = client.duty().list_equipment(request).await?.into_inner().equipment;
                show(&client, &tournament, &items).await
            }
            Command::Rules(rules) => rules.run(&client).await,
        }
    }
}

async fn list(client: &Client, of: &str) -> Result<(), Failure> {
    let (tournament, shift) = if of.trim_start_matches("tournaments/").contains('/') {
        let shift: ShiftName = names::read(of)?;
        (shift.parent(), shift.to_string())
    } else {
        (names::read(of)?, String::new())
    };
    let request = ListOnDutyRequest { parent: tournament.to_string(), shift };
    let on_duty = client.duty().list_on_duty(request).await?.into_inner().on_duty;
    show(client, &tournament, &on_duty).await
}

/// What is done for somebody on duty.
enum Care {
    Break,
    Back,
    Meal(String),
    Issue(String),
}

impl Step {
    async fn run(self, client: &Client, care: Care) -> Result<(), Failure> {
        let (assignment, request) = (self.seat.assignment()?, self.repeat.request());
        let (name, request_id, mut duty) = (assignment.to_string(), request.id(), client.duty());
        let done = match care {
            Care::Break => {
                let step = StartBreakRequest { name, request_id };
                duty.start_break(step).await.map(|done| done.into_inner().on_duty)
            }
            Care::Back => {
                let step = EndBreakRequest { name, request_id };
                duty.end_break(step).await.map(|done| done.into_inner().on_duty)
            }
            Care::Meal(meal) => {
                let step = GiveMealRequest { name, meal, request_id };
                duty.give_meal(step).await.map(|done| done.into_inner().on_duty)
            }
            Care::Issue(item) => {
                let issue = IssueEquipmentRequest { name, item, request_id };
                let issued = duty.issue_equipment(issue).await.map_err(|status| request.refused(status))?;
                let equipment = issued.into_inner().equipment.unwrap_or_default();
                return show(client, &assignment.parent().parent(), &[equipment]).await;
            }
        };
        let on_duty = done.map_err(|status| request.refused(status))?.unwrap_or_default();
        show(client, &assignment.parent().parent(), &[on_duty]).await
    }
}

impl Rules {
    async fn run(self, client: &Client) -> Result<(), Failure> {
        let tournament: TournamentName = names::read(&self.tournament)?;
        let parent = tournament.to_string();
        let request = GetDutyRulesRequest { parent: parent.clone() };
        let now = client.duty().get_duty_rules(request).await?.into_inner().rules.unwrap_or_default();
        let Some(source) = self.source else {
            return client.output.one(&now, &times::utc());
        };
        let rules = DutyRules {
            break_after_minutes: self.break_after.unwrap_or(now.break_after_minutes),
            meals: if self.meal.is_empty() { now.meals } else { self.meal },
            source,
        };
        let request = self.repeat.request();
        let set = SetDutyRulesRequest { parent, rules: Some(rules), request_id: request.id() };
        let set = client.duty().set_duty_rules(set).await.map_err(|status| request.refused(status))?;
        client.output.one(&set.into_inner().rules.unwrap_or_default(), &times::utc())
    }
}
