//! Interview slots, and who takes them.

use clap::{Args, Subcommand};
use matchday_api::volunteers::v1::{
    BookInterviewRequest, CancelInterviewRequest, CreateInterviewSlotRequest, InterviewSlot,
    ListInterviewSlotsRequest,
};
use matchday_kernel::{ApplicationName, InterviewSlotName, TournamentName};
use matchday_rpc::parse::to_timestamp;

use super::{decide, show};
use crate::{
    client::{connection::Client, names, pages, refusal::Repeat, times::Clocks},
    failure::Failure,
    output::{Cell, Column, Shown},
};

#[derive(Args)]
pub(super) struct Interview {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make a slot
    #[command(
        after_long_help = "Example:\n  matchday application interview add fisu-2023/monday-1 --start '2023-09-04 \
                                 09:00' --end '2023-09-04 10:00'\n    --capacity 6 --place 'Room 204'"
    )]
    Add(Add),
    /// List the slots of a tournament
    Slots {
        /// The tournament: fisu-2023
        tournament: String,
    },
    /// Give a screened applicant a place in a slot, in exchange for one booked before
    Book {
        /// The application: fisu-2023/a001
        name: String,
        /// The slot: monday-1
        slot: String,
        #[command(flatten)]
        repeat: Repeat,
    },
    /// Give the place of an applicant back
    Cancel {
        /// The application: fisu-2023/a001
        name: String,
        #[command(flatten)]
        repeat: Repeat,
    },
    /// Record that applicants were interviewed and found fit for training
    Pass(decide::Names),
}

#[derive(Args)]
struct Add {
    /// The slot: fisu-2023/monday-1
    name: String,
    /// When it begins, on the tournament's clocks
    #[arg(long)]
    start: String,
    /// When it ends
    #[arg(long)]
    end: String,
    /// Applicants it has room for
    #[arg(long)]
    capacity: i32,
    /// Where
    #[arg(long, default_value = "", hide_default_value = true)]
    place: String,
    #[command(flatten)]
    repeat: Repeat,
}

impl Shown for InterviewSlot {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("name", |it: &Self| Cell::name(&it.name)),
        Column::clock("time", |it: &Self| Cell::Span(it.start_time, it.end_time)),
        Column::new("place", |it: &Self| Cell::text(&it.place)),
        Column::new("capacity", |it: &Self| Cell::Number(it.capacity.into())),
        Column::new("booked", |it: &Self| Cell::Number(it.booked.into())),
        Column::detail("etag", |it: &Self| Cell::text(&it.etag)),
    ];
}

impl Interview {
    pub(super) async fn run(self, client: &Client) -> Result<(), Failure> {
        match self.command {
            Command::Add(add) => add.run(client).await,
            Command::Slots { tournament } => slots(client, &names::read(&tournament)?).await,
            Command::Book { name, slot, repeat } => {
                let name: ApplicationName = names::read(&name)?;
                let slot: InterviewSlotName = names::read_within(Some(name.parent().id()), &slot)?;
                let request = repeat.request();
                let (name_of, slot, request_id) = (name.to_string(), slot.into(), request.id());
                let book = BookInterviewRequest { name: name_of, slot, request_id };
                let booked = client.applications().book_interview(book).await;
                let booked = booked.map_err(|status| request.refused(status))?.into_inner();
                show(client, &name, booked.application).await
            }
            Command::Cancel { name, repeat } => {
                let name: ApplicationName = names::read(&name)?;
                let request = repeat.request();
                let cancel = CancelInterviewRequest { name: name.to_string(), request_id: request.id() };
                let cancelled = client.applications().cancel_interview(cancel).await;
                let cancelled = cancelled.map_err(|status| request.refused(status))?.into_inner();
                show(client, &name, cancelled.application).await
            }
            Command::Pass(names) => names.run(client, decide::Step::PassInterview).await,
        }
    }
}

impl Add {
    async fn run(self, client: &Client) -> Result<(), Failure> {
        let name: InterviewSlotName = names::read(&self.name)?;
        let tournament = name.parent();
        let clocks = Clocks::Tournament(&tournament);
        let start = clocks.moment(client, "--start", &self.start).await?;
        let end = clocks.moment(client, "--end", &self.end).await?;
        let slot = InterviewSlot {
            name: name.to_string(),
            start_time: Some(to_timestamp(start)),
            end_time: Some(to_timestamp(end)),
            place: self.place,
            capacity: self.capacity,
            ..InterviewSlot::default()
        };
        let request = self.repeat.request();
        let (parent, request_id) = (tournament.to_string(), request.id());
        let create = CreateInterviewSlotRequest { parent, slot: Some(slot), request_id };
        let created = client.applications().create_interview_slot(create).await;
        let created = created.map_err(|status| request.refused(status))?.into_inner();
        let zone = clocks.zone_to_show(client).await;
        client.output.one(&created.slot.unwrap_or_default(), &zone)
    }
}

async fn slots(client: &Client, tournament: &TournamentName) -> Result<(), Failure> {
    let zone = Clocks::Tournament(tournament).zone_of_known(client).await?;
    let slots = pages::all(async |page_token| {
        let parent = tournament.to_string();
        let request = ListInterviewSlotsRequest { parent, page_size: pages::PAGE_SIZE, page_token };
        let page = client.applications().list_interview_slots(request).await?.into_inner();
        Ok((page.slots, page.next_page_token))
    });
    client.output.list(&slots.await?, &zone)
}
