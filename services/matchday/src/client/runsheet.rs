//! `matchday runsheet`: all key-time work of a tournament or a day in the order of time (流程单).

use clap::Args;
use matchday_api::control::v1::{
    ListRunSheetItemsRequest, RunSheetItem, RunSheetKind, RunSheetState, WatchRunSheetItemsRequest,
};
use matchday_kernel::{TournamentName, Zone};

use super::{
    connection::{Client, Connection},
    names, occasion, pages,
    times::{self, Clocks, Window},
};
use crate::{
    failure::{Failure, say},
    output::{Cell, Column, Shown},
    words::{self, Words},
};

/// What is asked for, and where it goes.
#[derive(Args)]
#[command(
    after_long_help = "Examples:\n  matchday runsheet fisu-2023 --day 2023-10-21\n  matchday runsheet \
                             fisu-2023 --occasion opening\n  matchday runsheet fisu-2023 --day 2023-10-21 \
                             --watch"
)]
pub(crate) struct RunSheet {
    /// The tournament: fisu-2023
    tournament: String,
    /// Only one day, on the tournament's clocks
    #[arg(long, value_name = "YYYY-MM-DD")]
    day: Option<String>,
    /// Only what is for one activity or session: m01, opening
    #[arg(long, value_name = "NAME")]
    occasion: Option<String>,
    /// What does not take place, too
    #[arg(long, conflicts_with = "watch")]
    all: bool,
    /// Go on with each line as it changes, until interrupted
    #[arg(long)]
    watch: bool,
    // last: its heading in the help is for all arguments after it
    #[command(flatten)]
    connection: Connection,
}

impl Shown for RunSheetItem {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::clock("time", |it: &Self| Cell::Time(it.time)),
        Column::summary("end", |it: &Self| Cell::Until(it.time, it.end_time)),
        Column::detail("planned", |it: &Self| Cell::Time(it.planned_time)),
        Column::detail("state", |it: &Self| Cell::Text(words::word_of::<RunSheetState>(it.state))),
        Column::detail("kind", |it: &Self| Cell::Text(words::word_of::<RunSheetKind>(it.kind))),
        Column::detail("title", |it: &Self| Cell::text(&it.title)),
        Column::summary("what", |it: &Self| Cell::Text(what(it))),
        Column::new("place", |it: &Self| Cell::place(&it.place)),
        Column::new("owner", |it: &Self| Cell::text(&it.owner)),
        Column::summary("state", |it: &Self| Cell::Text(words::word_of::<RunSheetState>(it.state))),
        Column::summary("people", |it: &Self| Cell::Text(people(it))),
        Column::new("attention", |it: &Self| Cell::Text(it.attention.join("; "))),
        Column::detail("resource", |it: &Self| Cell::name(&it.resource)),
        Column::detail("end", |it: &Self| Cell::Time(it.end_time)),
        Column::detail("for", |it: &Self| Cell::name(&it.occasion)),
        Column::detail("wanted", |it: &Self| Cell::Number(it.wanted.into())),
        Column::detail("sure", |it: &Self| Cell::Number(it.sure.into())),
        Column::detail("present", |it: &Self| Cell::Number(it.present.into())),
    ];
}

/// What is done or happens: of gates it says what they do, `gates-open: Opening`.
fn what(item: &RunSheetItem) -> String {
    match item.kind() {
        kind @ (RunSheetKind::GatesOpen | RunSheetKind::ExitOnly | RunSheetKind::Clear) => {
            format!("{}: {}", kind.word(), item.title)
        }
        _ => item.title.clone(),
    }
}

/// How many people are sure and wanted, and how many are there: `20/24, 18 there`.
fn people(item: &RunSheetItem) -> String {
    match (item.wanted, item.present) {
        (0, _) => String::new(),
        (wanted, 0) => format!("{}/{wanted}", item.sure),
        (wanted, present) => format!("{}/{wanted}, {present} there", item.sure),
    }
}

impl RunSheet {
    /// Does what the command says.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let tournament: TournamentName = names::read(&self.tournament)?;
        let client = self.connection.open()?;
        let day = self.day.as_deref().map(|day| times::date("--day", day)).transpose()?;
        let zone = Clocks::Tournament(&tournament).zone_of_known(&client).await?;
        let window = Window::of(day, &zone);
        let occasion = occasion::read_if(&client, &tournament, self.occasion.as_deref()).await?;
        if self.watch {
            return watch(&client, &tournament, window, &occasion, &zone).await;
        }
        let request = ListRunSheetItemsRequest {
            parent: tournament.to_string(),
            page_size: pages::PAGE_SIZE,
            from: window.from,
            until: window.until,
            occasion,
            show_cancelled: self.all,
            ..ListRunSheetItemsRequest::default()
        };
        client.output.brief(&list(&client, &request).await?, &zone, day)
    }
}

/// All lines a request asks for, page by page.
///
/// # Errors
/// [`Failure`] when the server refuses.
pub(crate) async fn list(
    client: &Client,
    request: &ListRunSheetItemsRequest,
) -> Result<Vec<RunSheetItem>, Failure> {
    pages::all(async |page_token| {
        let request = ListRunSheetItemsRequest { page_token, ..request.clone() };
        let page = client.run_sheet().list_run_sheet_items(request).await?.into_inner();
        Ok((page.items, page.next_page_token))
    })
    .await
}

async fn watch(
    client: &Client,
    tournament: &TournamentName,
    window: Window,
    occasion: &str,
    zone: &Zone,
) -> Result<(), Failure> {
    let request =
        WatchRunSheetItemsRequest { parent: tournament.to_string(), from: window.from, until: window.until };
    let mut responses = client.run_sheet().watch_run_sheet_items(request).await?.into_inner();
    let stream = client.output.stream::<RunSheetItem>()?;
    while let Some(response) = responses.message().await? {
        let item = response.item.filter(|item| occasion.is_empty() || item.occasion == occasion);
        if let Some(item) = &item {
            stream.brief(item, zone)?;
        }
        if response.current {
            say("these are all; changes follow");
        }
    }
    Ok(())
}
