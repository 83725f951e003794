//! `matchday work`: work orders, what is to be done on places by a moment.

use clap::{Args, Subcommand};
use matchday_api::venues::v1::{
    AssignWorkOrderRequest, CompleteWorkOrderRequest, ListWorkOrdersRequest, StartWorkOrderRequest,
    WorkOrder, WorkOrderState,
};
use matchday_kernel::{TournamentName, WorkOrderName};

use super::{
    connection::{Client, Connection},
    names, pages,
    refusal::Repeat,
    times::{self, Clocks, Window},
};
use crate::{
    failure::Failure,
    output::{Cell, Column, Shown},
    words::{self, Words},
};

/// The command and where it goes.
#[derive(Args)]
pub(crate) struct Work {
    #[command(flatten)]
    connection: Connection,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// List the work orders of a site or a venue by the moment they are due
    #[command(
        after_long_help = "Examples:\n  matchday work list jinjiang --day 2023-10-21\n  matchday work \
                                 list jinjiang/stadium --state planned"
    )]
    List(List),
    /// Say which unit or crew does it
    #[command(
        after_long_help = "Example:\n  matchday work assign jinjiang/stadium/opening-sweep 'Jinjiang security'"
    )]
    Assign {
        #[command(flatten)]
        named: Named,
        /// The unit or crew, without naming a person: 'Venue crew'
        assignee: String,
        #[command(flatten)]
        repeat: Repeat,
    },
    /// Record that the work has begun
    #[command(after_long_help = "Example:\n  matchday work start jinjiang/stadium/opening-sweep")]
    Start {
        #[command(flatten)]
        named: Named,
        #[command(flatten)]
        repeat: Repeat,
    },
    /// Record that the work is done
    #[command(after_long_help = "Example:\n  matchday work done jinjiang/stadium/opening-sweep")]
    Done {
        #[command(flatten)]
        named: Named,
        #[command(flatten)]
        repeat: Repeat,
    },
}

/// One work order.
#[derive(Args)]
struct Named {
    /// The work order, as `work list` shows it
    name: String,
}

#[derive(Args)]
struct List {
    /// The site or the venue: jinjiang, jinjiang/stadium
    place: String,
    /// Only what is due on one day, on the site's clocks
    #[arg(long, value_name = "YYYY-MM-DD")]
    day: Option<String>,
    /// Only those in this state (may be given more than once)
    #[arg(long, value_parser = words::values::<WorkOrderState>())]
    state: Vec<WorkOrderState>,
    /// Those in every state, cancelled ones too
    #[arg(long, conflicts_with = "state")]
    all: bool,
    /// Only those for one tournament: fisu-2023
    #[arg(long)]
    tournament: Option<String>,
}

impl Shown for WorkOrder {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("name", |it: &Self| Cell::name(&it.name)),
        Column::new("state", |it: &Self| Cell::Text(words::word_of::<WorkOrderState>(it.state))),
        Column::clock("due", |it: &Self| Cell::Time(it.due_time)),
        Column::new("start", |it: &Self| Cell::Time(it.start_time)),
        Column::new("place", |it: &Self| Cell::name(&it.place)),
        Column::new("title", |it: &Self| Cell::text(&it.title)),
        Column::new("assignee", |it: &Self| Cell::text(&it.assignee)),
        Column::new("for", |it: &Self| Cell::name(&it.occasion)),
        Column::detail("planned-due", |it: &Self| Cell::Time(it.planned_due_time)),
        Column::detail("begun", |it: &Self| Cell::Time(it.begin_time)),
        Column::detail("done", |it: &Self| Cell::Time(it.done_time)),
        Column::detail("item", |it: &Self| Cell::text(&it.item)),
        Column::detail("plan", |it: &Self| Cell::name(&it.plan)),
        Column::detail("revision", |it: &Self| Cell::Number(it.revision)),
        Column::detail("etag", |it: &Self| Cell::text(&it.etag)),
    ];
}

impl Work {
    /// Does what the command says.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let client = self.connection.open()?;
        match self.command {
            Command::List(list) => list.run(&client).await,
            Command::Assign { named, assignee, repeat } => {
                let (name, request) = (named.read()?, repeat.request());
                let assign = AssignWorkOrderRequest {
                    name: name.to_string(),
                    assignee,
                    request_id: request.id(),
                    ..AssignWorkOrderRequest::default()
                };
                let assigned = client.work().assign_work_order(assign).await;
                let response = assigned.map_err(|status| request.refused(status))?.into_inner();
                show(&client, &name, response.work_order).await
            }
            Command::Start { named, repeat } => {
                let (name, request) = (named.read()?, repeat.request());
                let start = StartWorkOrderRequest {
                    name: name.to_string(),
                    request_id: request.id(),
                    ..StartWorkOrderRequest::default()
                };
                let started = client.work().start_work_order(start).await;
                let response = started.map_err(|status| request.refused(status))?.into_inner();
                show(&client, &name, response.work_order).await
            }
            Command::Done { named, repeat } => {
                let (name, request) = (named.read()?, repeat.request());
                let complete = CompleteWorkOrderRequest {
                    name: name.to_string(),
                    request_id: request.id(),
                    ..CompleteWorkOrderRequest::default()
                };
                let completed = client.work().complete_work_order(complete).await;
                let response = completed.map_err(|status| request.refused(status))?.into_inner();
                show(&client, &name, response.work_order).await
            }
        }
    }
}

impl Named {
    fn read(&self) -> Result<WorkOrderName, Failure> {
        names::read(&self.name)
    }
}

impl List {
    async fn run(self, client: &Client) -> Result<(), Failure> {
        let place = names::read_place(&self.place)?;
        let tournament: Option<TournamentName> = self.tournament.as_deref().map(names::read).transpose()?;
        let clocks = Clocks::Site(&place.site);
        let day = self.day.as_deref().map(|day| times::date("--day", day)).transpose()?;
        let zone = clocks.zone_of_known(client).await?;
        let window = Window::of(day, &zone);
        let states = if self.all { WorkOrderState::all().collect() } else { self.state };
        let request = ListWorkOrdersRequest {
            parent: place.name,
            page_size: pages::PAGE_SIZE,
            from: window.from,
            until: window.until,
            states: states.into_iter().map(i32::from).collect(),
            tournament: tournament.map(String::from).unwrap_or_default(),
            ..ListWorkOrdersRequest::default()
        };
        client.output.list(&list(client, &request).await?, &zone)
    }
}

/// All work orders a request asks for, page by page.
///
/// # Errors
/// [`Failure`] when the server refuses.
pub(crate) async fn list(
    client: &Client,
    request: &ListWorkOrdersRequest,
) -> Result<Vec<WorkOrder>, Failure> {
    pages::all(async |page_token| {
        let request = ListWorkOrdersRequest { page_token, ..request.clone() };
        let page = client.work().list_work_orders(request).await?.into_inner();
        Ok((page.work_orders, page.next_page_token))
    })
    .await
}

async fn show(client: &Client, name: &WorkOrderName, order: Option<WorkOrder>) -> Result<(), Failure> {
    let zone = Clocks::Site(&name.parent().parent()).zone_to_show(client).await;
    client.output.one(&order.unwrap_or_default(), &zone)
}
