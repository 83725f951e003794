//! `matchday booking`: zones held for a time.

use clap::{Args, Subcommand};
use matchday_api::venues::v1::{
    Booking, BookingState, CreateBookingRequest, GetBookingRequest, ListBookingsRequest, PlaceBookingRequest,
    ReleaseBookingRequest,
};
use matchday_kernel::{BookingName, SiteName, TournamentName, ZoneName};
use matchday_rpc::parse::{to_duration, to_timestamp};
use prost_types::{Duration, Timestamp};

use super::{
    connection::{Client, Connection},
    names, pages,
    refusal::Repeat,
    times::{self, Clocks},
};
use crate::{
    failure::{Failure, say},
    output::{Cell, Column, Shown},
    words::{self, Words},
};

/// The command and where it goes.
#[derive(Args)]
pub(crate) struct Bookings {
    #[command(flatten)]
    connection: Connection,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// List the bookings of a site, a venue or a zone by start: those that hold their zone, and those that
    /// were displaced
    #[command(after_long_help = "Examples:\n  matchday booking list jinjiang --day 2023-10-21\n  matchday \
                                 booking list jinjiang/stadium --state displaced\n  matchday booking list \
                                 jinjiang/stadium/pitch --from '2023-10-21 18:00' --until '2023-10-22 00:00'")]
    List(List),
    /// Show one booking
    Show {
        /// The booking, as `booking list` shows it
        name: String,
    },
    /// Book a zone by hand
    #[command(after_long_help = "Example:\n  matchday booking create jinjiang/stadium/media-room --title \
                                 'Press conference'\n    --from '2023-10-21 22:15' --until '2023-10-21 \
                                 23:00' --set-up 15m")]
    Create(Create),
    /// Give a displaced booking its zone, if it is free by now
    Place {
        /// The booking, as `booking list` shows it
        name: String,
        #[command(flatten)]
        repeat: Repeat,
    },
    /// Give a booking up
    Release {
        /// The booking, as `booking list` shows it
        name: String,
        #[command(flatten)]
        repeat: Repeat,
    },
}

#[derive(Args)]
struct List {
    /// The site, venue or zone: jinjiang, jinjiang/stadium, jinjiang/stadium/pitch
    place: String,
    /// Only those that end, turnaround included, after this time
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// Only those that begin, set-up included, before this time
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    /// Only those of one day, on the site's clocks
    #[arg(long, value_name = "YYYY-MM-DD", conflicts_with_all = ["from", "until"])]
    day: Option<String>,
    /// Only those in this state (may be given more than once)
    #[arg(long, value_parser = words::values::<BookingState>())]
    state: Vec<BookingState>,
    /// Those in every state
    #[arg(long, conflicts_with = "state")]
    all: bool,
    /// Only those of one tournament: fisu-2023
    #[arg(long)]
    tournament: Option<String>,
}

#[derive(Args)]
struct Create {
    /// The zone: jinjiang/stadium/media-room
    zone: String,
    /// What it is for
    #[arg(long)]
    title: String,
    /// Start, without set-up: '2023-10-21 22:15' on the site's clocks, or with an offset
    #[arg(long, value_name = "TIME")]
    from: String,
    /// End, without turnaround
    #[arg(long, value_name = "TIME")]
    until: String,
    /// Time needed before the start
    #[arg(long, value_name = "LENGTH", default_value = "0m", allow_hyphen_values = true)]
    set_up: String,
    /// Time needed after the end
    #[arg(long, value_name = "LENGTH", default_value = "0m", allow_hyphen_values = true)]
    turnaround: String,
    /// The tournament it belongs to
    #[arg(long)]
    tournament: Option<String>,
    /// Check whether the zone is free, and book nothing
    #[arg(long)]
    validate_only: bool,
    #[command(flatten)]
    repeat: Repeat,
}

impl Shown for Booking {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("state", |it: &Self| Cell::Text(words::word_of::<BookingState>(it.state))),
        Column::new("start", |it: &Self| Cell::Time(it.start_time)),
        Column::new("end", |it: &Self| Cell::Time(it.end_time)),
        Column::detail("set-up", |it: &Self| Cell::Length(it.set_up)),
        Column::detail("turnaround", |it: &Self| Cell::Length(it.turnaround)),
        Column::summary("held", |it: &Self| {
            let (from, until) = occupation(it);
            Cell::Span(from, until)
        }),
        Column::new("holder", |it: &Self| Cell::name(&it.holder)),
        Column::new("title", |it: &Self| Cell::text(&it.title)),
        Column::new("name", |it: &Self| Cell::name(&it.name)),
        Column::detail("zone", |it: &Self| Cell::name(&it.zone)),
        Column::summary("in the way", |it: &Self| Cell::Names(it.conflicts.clone())),
        Column::detail("conflicts", |it: &Self| Cell::Names(it.conflicts.clone())),
        Column::detail("tournament", |it: &Self| Cell::name(&it.tournament)),
        Column::detail("revision", |it: &Self| Cell::Number(it.revision)),
        Column::detail("etag", |it: &Self| Cell::text(&it.etag)),
    ];
}

impl Bookings {
    /// Does what the command says.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let client = self.connection.open()?;
        match self.command {
            Command::List(list) => list.run(&client).await,
            Command::Create(create) => create.run(&client).await,
            Command::Show { name } => {
                let name: BookingName = names::read(&name)?;
                let request = GetBookingRequest { name: name.to_string() };
                let response = client.bookings().get_booking(request).await?.into_inner();
                show(&client, &name.parent(), response.booking).await
            }
            Command::Place { name, repeat } => {
                let name: BookingName = names::read(&name)?;
                let request = repeat.request();
                let place = PlaceBookingRequest { name: name.to_string(), request_id: request.id() };
                let placed = client.bookings().place_booking(place).await;
                let response = placed.map_err(|status| request.refused(status))?.into_inner();
                show(&client, &name.parent(), response.booking).await
            }
            Command::Release { name, repeat } => {
                let name: BookingName = names::read(&name)?;
                let request = repeat.request();
                let release = ReleaseBookingRequest {
                    name: name.to_string(),
                    request_id: request.id(),
                    ..ReleaseBookingRequest::default()
                };
                let released = client.bookings().release_booking(release).await;
                let response = released.map_err(|status| request.refused(status))?.into_inner();
                show(&client, &name.parent(), response.booking).await
            }
        }
    }
}

impl List {
    async fn run(self, client: &Client) -> Result<(), Failure> {
        let place = names::read_place(&self.place)?;
        let tournament: Option<TournamentName> = self.tournament.as_deref().map(names::read).transpose()?;
        let (from, until) = self.window(client, &place.site).await?;
        let states = if self.all { BookingState::all().collect() } else { self.state };
        let request = ListBookingsRequest {
            parent: place.name,
            from,
            until,
            states: states.into_iter().map(i32::from).collect(),
            tournament: tournament.map(String::from).unwrap_or_default(),
            ..ListBookingsRequest::default()
        };
        let zone = Clocks::Site(&place.site).zone_of_known(client).await?;
        client.output.list(&list(client, &request).await?, &zone)
    }

    async fn window(
        &self,
        client: &Client,
        site: &SiteName,
    ) -> Result<(Option<Timestamp>, Option<Timestamp>), Failure> {
        let clocks = Clocks::Site(site);
        if let Some(day) = &self.day {
            let day = clocks.day(client, "--day", day).await?;
            return Ok((Some(to_timestamp(day.start())), Some(to_timestamp(day.end()))));
        }
        let from = match &self.from {
            Some(from) => Some(to_timestamp(clocks.moment(client, "--from", from).await?)),
            None => None,
        };
        let until = match &self.until {
            Some(until) => Some(to_timestamp(clocks.moment(client, "--until", until).await?)),
            None => None,
        };
        Ok((from, until))
    }
}

/// From when until when a booking holds its zone: set-up and turnaround included.
pub(crate) fn occupation(booking: &Booking) -> (Option<Timestamp>, Option<Timestamp>) {
    let shifted = |time: Option<Timestamp>, by: Option<Duration>, sign: i64| {
        let by = by.unwrap_or_default().seconds.saturating_mul(sign);
        time.map(|time| Timestamp { seconds: time.seconds.saturating_add(by), ..time })
    };
    (shifted(booking.start_time, booking.set_up, -1), shifted(booking.end_time, booking.turnaround, 1))
}

/// All bookings a request asks for; its page is ignored.
///
/// # Errors
/// [`Failure`] when the server refuses.
pub(crate) async fn list(client: &Client, request: &ListBookingsRequest) -> Result<Vec<Booking>, Failure> {
    pages::all(async |page_token| {
        let request = ListBookingsRequest { page_size: pages::PAGE_SIZE, page_token, ..request.clone() };
        let page = client.bookings().list_bookings(request).await?.into_inner();
        Ok((page.bookings, page.next_page_token))
    })
    .await
}

impl Create {
    async fn run(self, client: &Client) -> Result<(), Failure> {
        let zone: ZoneName = names::read(&self.zone)?;
        let tournament: Option<TournamentName> = self.tournament.as_deref().map(names::read).transpose()?;
        let site = zone.parent().parent();
        let clocks = Clocks::Site(&site);
        let booking = Booking {
            title: self.title,
            start_time: Some(to_timestamp(clocks.moment(client, "--from", &self.from).await?)),
            end_time: Some(to_timestamp(clocks.moment(client, "--until", &self.until).await?)),
            set_up: Some(to_duration(times::length_or_none("--set-up", &self.set_up)?)),
            turnaround: Some(to_duration(times::length_or_none("--turnaround", &self.turnaround)?)),
            tournament: tournament.map(String::from).unwrap_or_default(),
            ..Booking::default()
        };
        let request = self.repeat.request();
        let create = CreateBookingRequest {
            parent: zone.to_string(),
            booking: Some(booking),
            request_id: request.id(),
            validate_only: self.validate_only,
        };
        let created = client.bookings().create_booking(create).await;
        let response = created.map_err(|status| request.refused(status))?.into_inner();
        if self.validate_only {
            say("the zone is free; nothing was booked");
        }
        show(client, &zone, response.booking).await
    }
}

async fn show(client: &Client, zone: &ZoneName, booking: Option<Booking>) -> Result<(), Failure> {
    let site = zone.parent().parent();
    let clocks = Clocks::Site(&site).zone_to_show(client).await;
    client.output.one(&booking.unwrap_or_default(), &clocks)
}
