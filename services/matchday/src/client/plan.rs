//! `matchday plan`: service plans (保障方案): what activities and sessions of each class need. Who follows one,
//! and what it asks for, is in `plan_followed` and `plan_item`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use matchday_api::scheduling::v1::{
    ApplyServicePlanRequest, ApplyServicePlanResponse, ListServicePlansRequest, ServicePlan, WorkLimitKind,
};
use matchday_kernel::{TournamentName, Zone};
use matchday_runtime::Exit;
use serde::Serialize;

use super::{
    connection::{Client, Connection},
    names, pages,
    plan_followed::{self, Following},
    plan_item,
    refusal::{Repeat, Request},
    times::Clocks,
};
use crate::{
    failure::{Failure, say},
    file,
    output::{self, Cell, Column, Format, Shown, ToJson},
    words,
};

/// The command and where it goes.
#[derive(Args)]
pub(crate) struct Plans {
    #[command(flatten)]
    connection: Connection,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Put a service plan from a YAML file in force; shifts, work orders and gates follow it
    #[command(
        after_long_help = "Example:\n  matchday plan apply examples/fisu-2023/plan.yaml --dry-run\n\nA \
                                 plan that says what the one in force says changes nothing."
    )]
    Apply {
        /// The file; examples/fisu-2023/plan.yaml shows how it is written
        file: PathBuf,
        /// Check the plan, and change nothing
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        repeat: Repeat,
    },
    /// Show the plan in force, what it asks for, and how far it is followed
    Show {
        /// The tournament: fisu-2023
        tournament: String,
    },
    /// List the plans of a tournament, the one in force first
    List {
        /// The tournament: fisu-2023
        tournament: String,
    },
}

impl Shown for ServicePlan {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("name", |it: &Self| Cell::name(&it.name)),
        Column::new("title", |it: &Self| Cell::text(&it.title)),
        Column::new("classes", |it: &Self| {
            Cell::Text(it.classes.iter().map(|class| class.id.clone()).collect::<Vec<_>>().join(", "))
        }),
        Column::detail("limits", |it: &Self| Cell::Text(limits(it))),
        Column::new("author", |it: &Self| Cell::name(&it.author)),
        Column::clock("applied", |it: &Self| Cell::Time(it.create_time)),
        Column::detail("source", |it: &Self| super::source(it.provenance.as_ref())),
        Column::detail("generated", |it: &Self| super::generated(it.provenance.as_ref())),
    ];
}

/// The limits of people's work: `shift 8h, rest 11h (hard)`.
fn limits(plan: &ServicePlan) -> String {
    let limits = plan.limits.iter().map(|limit| {
        let kind = words::word_of::<WorkLimitKind>(limit.kind);
        let value = Cell::Length(limit.value).short(&super::times::utc());
        if limit.hard { format!("{kind} {value} (hard)") } else { format!("{kind} {value}") }
    });
    limits.collect::<Vec<_>>().join(", ")
}

impl Plans {
    /// Does what the command says.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        match self.command {
            Command::Apply { file, dry_run, repeat } => {
                let request = ApplyServicePlanRequest { validate_only: dry_run, ..file::plan(&file)? };
                let tournament: TournamentName = names::read(&request.parent)?;
                let client = self.connection.open()?;
                let response = apply(&client, request, &repeat.request()).await?;
                tell(&response, dry_run);
                let zone = Clocks::Tournament(&tournament).zone_to_show(&client).await;
                client.output.one(&response.plan.unwrap_or_default(), &zone)
            }
            Command::Show { tournament } => {
                let tournament: TournamentName = names::read(&tournament)?;
                let client = self.connection.open()?;
                let Some(plan) = in_force(&client, &tournament).await? else {
                    return Err(Failure::new(Exit::Refused, format!("{tournament} has no service plan"))
                        .with_hint("`matchday plan apply FILE` puts one in force"));
                };
                let following = plan_followed::ask(&client, &tournament).await?;
                let zone = Clocks::Tournament(&tournament).zone_to_show(&client).await;
                show(client.output, &plan, &following, &zone)
            }
            Command::List { tournament } => {
                let tournament: TournamentName = names::read(&tournament)?;
                let client = self.connection.open()?;
                let plans = pages::all(async |page_token| {
                    let parent = tournament.to_string();
                    let request = ListServicePlansRequest { parent, page_size: pages::PAGE_SIZE, page_token };
                    let page = client.plans().list_service_plans(request).await?.into_inner();
                    Ok((page.plans, page.next_page_token))
                });
                let zone = Clocks::Tournament(&tournament).zone_to_show(&client).await;
                client.output.list(&plans.await?, &zone)
            }
        }
    }
}

/// Puts a plan in force.
///
/// # Errors
/// [`Failure`] when the server refuses.
pub(crate) async fn apply(
    client: &Client,
    apply: ApplyServicePlanRequest,
    request: &Request,
) -> Result<ApplyServicePlanResponse, Failure> {
    let apply = ApplyServicePlanRequest { request_id: request.id(), ..apply };
    let applied = client.plans().apply_service_plan(apply).await;
    Ok(applied.map_err(|status| request.refused(status))?.into_inner())
}

/// Says what became of the plan, and what it leaves out.
fn tell(response: &ApplyServicePlanResponse, dry_run: bool) {
    let plan = response.plan.clone().unwrap_or_default();
    let posts: usize = plan.classes.iter().map(|class| class.posts.len()).sum();
    let work: usize = plan.classes.iter().map(|class| class.work_orders.len()).sum();
    let amount = format!("{} classes, {posts} posts, {work} work orders", plan.classes.len());
    match (response.unchanged, dry_run) {
        (true, _) => say(format_args!("the plan in force says the same: {amount}; nothing was changed")),
        (false, true) => say(format_args!("the plan is right: {amount}; nothing was changed")),
        (false, false) => say(format_args!("applied {}: {amount}", plan.name)),
    }
    if !response.classes_missing.is_empty() {
        let missing = response.classes_missing.join(", ");
        say(format_args!("activities or sessions have classes that the plan has not: {missing}"));
    }
}

/// The plan in force, when there is one.
async fn in_force(client: &Client, tournament: &TournamentName) -> Result<Option<ServicePlan>, Failure> {
    let request = ListServicePlansRequest {
        parent: tournament.to_string(),
        page_size: 1,
        ..ListServicePlansRequest::default()
    };
    let page = client.plans().list_service_plans(request).await?.into_inner();
    Ok(page.plans.into_iter().next())
}

/// The plan and who follows it, as JSON.
#[derive(Serialize)]
struct Whole<'a, P> {
    plan: P,
    followed: &'a [Following],
}

fn show(output: Format, plan: &ServicePlan, following: &[Following], zone: &Zone) -> Result<(), Failure> {
    let items = plan_item::of(plan);
    match output {
        Format::Table => {
            output.one(plan, zone)?;
            output::print("\n")?;
            output.list(&items, zone)?;
            output::print("\n")?;
            output.list(following, zone)?;
            output::print(&plan_followed::problems(following))
        }
        Format::Csv => output.list(&items, zone),
        Format::Json => output::print(&output::json(&Whole { plan: plan.to_json()?, followed: following })?),
    }
}
