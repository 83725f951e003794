//! `matchday demo`: the reference tournament in one command, with figures read from the services.
//!
//! It serves, imports the site and its two users, publishes their schedules, shows the opening day, delays
//! the opening match, and shows every booking that followed or was displaced. The whole story is told on
//! standard output.

use std::{
    fmt::Display,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use clap::{Args, ValueEnum};
use matchday_api::{
    event::v1::{Event, TailEventsRequest},
    scheduling::v1::{Activity, DelayActivityRequest},
    venues::v1::{self as venues, Booking, ListBookingsRequest},
};
use matchday_kernel::{Interval, SignedDuration, SiteName, TournamentName, Zone, civil::Date};
use matchday_rpc::parse::{to_duration, to_timestamp};
use matchday_runtime::{
    Exit, Running, keys,
    settings::Written,
    telemetry::{self, LogFormat},
};
use prost::{Message, Name};
use prost_types::Timestamp;

use crate::{
    client::{
        booking, change, connection::Client, followed, refusal::Request, site, times::Clocks, tournament,
    },
    failure::Failure,
    file,
    output::{self, Format},
    serve::{self, Signals},
};

const SITE: &str = include_str!("../../../examples/fisu-2023/site.yaml");
const TOURNAMENT: &str = include_str!("../../../examples/fisu-2023/tournament.yaml");
const NEIGHBOURS: &str = include_str!("../../../examples/fisu-2023/neighbours.yaml");

/// What the demo shows.
#[derive(Args)]
#[command(
    after_long_help = "Examples:\n  matchday demo fisu-2023\n  matchday demo fisu-2023 --exit --listen \
                             127.0.0.1:0\n\nEverything is kept in a temporary directory, gone at the end, \
                             unless --data names another."
)]
pub(crate) struct Demo {
    /// The tournament to play
    #[arg(value_enum)]
    example: Example,
    /// End when the story is told, instead of serving on
    #[arg(long)]
    exit: bool,
    /// Directory to keep everything in, without databases yet [default: a temporary one, gone at the end]
    #[arg(long, env = "MATCHDAY_DATA", value_name = "DIR")]
    data: Option<PathBuf>,
    /// Loopback address to listen on; port 0 takes a free one [default: 127.0.0.1:7300]
    #[arg(long, env = "MATCHDAY_LISTEN", value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// Log level, or target=level separated by commas
    #[arg(long, env = "MATCHDAY_LOG", value_name = "FILTER", default_value = "warn")]
    log: String,
    /// How log lines look [default: auto]
    #[arg(long, env = "MATCHDAY_LOG_FORMAT", value_enum, value_name = "FORMAT")]
    log_format: Option<LogFormat>,
}

/// The tournaments this program brings along.
#[derive(Clone, Copy, ValueEnum)]
enum Example {
    /// FISU University World Cup Football 2023, Jinjiang: what was published, the rest generated and marked
    #[value(name = "fisu-2023")]
    Fisu2023,
}

impl Demo {
    /// Tells the story, and stays up unless told otherwise. Without `--data` everything is kept in a
    /// temporary directory and gone at the end.
    ///
    /// # Errors
    /// [`Failure`]
    pub(crate) async fn run(self) -> Result<Exit, Failure> {
        let Example::Fisu2023 = self.example;
        let temporary = tempfile::tempdir()?;
        let data = self.data.unwrap_or_else(|| temporary.path().to_owned());
        check_empty(&data)?;
        let written = Written {
            data: Some(data),
            listen: self.listen,
            log: Some(self.log),
            log_format: self.log_format,
            ..Written::default()
        };
        let settings = written.complete(&serve::known()).map_err(|error| Failure::of(Exit::Usage, &error))?;
        telemetry::start(&settings.log, settings.log_format)
            .map_err(|error| Failure::of(Exit::Usage, &error))?;
        let mut signals = Signals::listen()?;
        let running = serve::start(settings.clone()).await?;
        tell(serve::greeting(&settings, &running))?;

        let story = Story::open(&running, &settings.data)?;
        tokio::select! {
            told = story.tell() => told?,
            () = signals.next() => return Ok(Exit::Interrupted),
        }
        if self.exit {
            running.stop().await;
            return Ok(Exit::Done);
        }
        tell(format_args!(
            "\nIt stays up; end it with Ctrl-C. In another terminal, for example:\n  matchday activity list \
             fisu-2023 --day 2023-10-21 --server http://{} --data {}",
            running.address(),
            settings.data.display()
        ))?;
        Ok(signals.stay(running).await)
    }
}

/// Refuses a directory with databases: what is in them would make the story untrue.
fn check_empty(data: &Path) -> Result<(), Failure> {
    let database = serve::known().map(|name| data.join(format!("{name}.db")));
    match database.iter().find(|path| path.exists()) {
        Some(path) => Err(Failure::new(
            Exit::Data,
            format!("{} is there already: the demo begins without data", path.display()),
        )
        .with_hint("leave --data (and MATCHDAY_DATA) out, or name a new directory")),
        None => Ok(()),
    }
}

/// Tells a line of the story, on standard output like its tables.
fn tell(line: impl Display) -> Result<(), Failure> {
    output::print(&format!("{line}\n"))
}

struct Story {
    client: Client,
    site: SiteName,
    day: Date,
}

/// A booking before and after a change.
struct Followed {
    previous: Booking,
    now: Booking,
}

impl Story {
    /// Gets ready to call the services as the administrator, over the network like everybody.
    fn open(running: &Running, data: &Path) -> Result<Self, Failure> {
        let token = std::fs::read_to_string(data.join(keys::ADMIN_TOKEN))?;
        let client = Client::at(&format!("http://{}", running.address()), &token, Format::Table)?;
        let site = "sites/jinjiang".parse().map_err(Failure::input)?;
        Ok(Self { client, site, day: Date::constant(2023, 10, 21) })
    }

    async fn tell(&self) -> Result<(), Failure> {
        let began = std::time::Instant::now();
        let site = file::site_text("site.yaml", SITE)?;
        let (_, imported) = site::import(&self.client, site, &Request::new()).await?;
        tell(imported)?;
        for (name, text) in [("tournament.yaml", TOURNAMENT), ("neighbours.yaml", NEIGHBOURS)] {
            let import = file::tournament_text(name, text)?;
            let (tournament, imported) = tournament::import(&self.client, import, &Request::new()).await?;
            tell(imported)?;
            let tournament: TournamentName = tournament.name.parse().map_err(Failure::input)?;
            let published = tournament::publish(&self.client, &tournament, false, &Request::new()).await?;
            let version = published.version.unwrap_or_default();
            tell(format_args!(
                "published {}: {} activities, {} places reserved",
                version.name, version.activities, published.places_created
            ))?;
        }

        let zone = Clocks::Site(&self.site).zone(&self.client).await?;
        tell(format_args!(
            "\nThe opening day, {}; times of {zone}, set-up and turnaround included:",
            self.day
        ))?;
        let bookings = self.bookings(zone.day(self.day)).await?;
        output::table(
            &["HELD", "STATE", "ZONE", "WHAT"],
            bookings.iter().map(|booking| row(booking, &zone)),
        )?;

        let delay = DelayActivityRequest {
            name: "tournaments/fisu-2023/activities/m01".into(),
            delay: Some(to_duration(SignedDuration::from_mins(45))),
            reason: "the broadcaster asks for it".into(),
            ..DelayActivityRequest::default()
        };
        let delayed = change::delay(&self.client, delay, &Request::new()).await?;
        tell("\nThe opening match is delayed by 45 minutes. What moved with it:")?;
        output::table(&["PLANNED", "NOW", "ACTIVITY"], delayed.activities.iter().map(|it| moved(it, &zone)))?;

        let followed = self.followed(&delayed.change).await?;
        let displaced =
            followed.iter().filter(|it| it.now.state() == venues::BookingState::Displaced).count();
        tell(format_args!(
            "\nBookings that followed: {}; displaced: {displaced}:",
            followed.len() - displaced
        ))?;
        let rows = followed.iter().map(|it| after(it, &bookings, &zone));
        output::table(&["HELD BEFORE", "WANTED NOW", "STATE", "ZONE", "WHAT", "IN THE WAY"], rows)?;
        self.figures(began.elapsed()).await
    }

    async fn bookings(&self, day: Interval) -> Result<Vec<Booking>, Failure> {
        let request = ListBookingsRequest {
            parent: self.site.to_string(),
            from: Some(to_timestamp(day.start())),
            until: Some(to_timestamp(day.end())),
            ..ListBookingsRequest::default()
        };
        booking::list(&self.client, &request).await
    }

    /// The bookings that a change touched, once venues has heard of it.
    async fn followed(&self, change: &str) -> Result<Vec<Followed>, Failure> {
        followed::applied(&self.client).await?;
        let head = followed::head(&self.client, "venues").await?;
        let tail = TailEventsRequest { log: "venues".into(), ..TailEventsRequest::default() };
        let mut stream = self.client.events().tail_events(tail).await?.into_inner();
        let mut followed = Vec::new();
        while let Some(event) = stream.message().await?.and_then(|response| response.event) {
            if event.change == change {
                followed.extend(read(&event));
            }
            if event.sequence >= head {
                break;
            }
        }
        // the log has the later ones first, for they make room
        followed.sort_by_key(|it| it.previous.start_time.map(|start| start.seconds));
        Ok(followed)
    }

    async fn figures(&self, took: std::time::Duration) -> Result<(), Failure> {
        let scheduling = followed::head(&self.client, "scheduling").await?;
        let venues = followed::head(&self.client, "venues").await?;
        tell(format_args!(
            "\n{scheduling} events in the log of scheduling, {venues} in the log of venues; told in {:.1} s.\nWhat \
             nobody published is generated, and marked so on each resource.",
            took.as_secs_f64()
        ))?;
        Ok(())
    }
}

fn read(event: &Event) -> Option<Followed> {
    let bytes = event.payload.as_ref()?.value.as_slice();
    let (now, previous) = if event.r#type == venues::BookingMoved::full_name() {
        let moved = venues::BookingMoved::decode(bytes).ok()?;
        (moved.booking, moved.previous)
    } else if event.r#type == venues::BookingDisplaced::full_name() {
        let displaced = venues::BookingDisplaced::decode(bytes).ok()?;
        (displaced.booking, displaced.previous)
    } else {
        return None;
    };
    Some(Followed { now: now?, previous: previous? })
}

fn row(booking: &Booking, zone: &Zone) -> Vec<String> {
    vec![held(booking, zone), state(booking), place(&booking.zone), booking.title.clone()]
}

fn moved(activity: &Activity, zone: &Zone) -> Vec<String> {
    vec![clock(activity.planned_start_time, zone), clock(activity.start_time, zone), activity.title.clone()]
}

fn after(followed: &Followed, bookings: &[Booking], zone: &Zone) -> Vec<String> {
    let title = |name: &String| {
        let booking = bookings.iter().find(|booking| booking.name == *name);
        booking.map_or_else(|| name.clone(), |booking| format!("{} ({})", booking.title, held(booking, zone)))
    };
    let blockers: Vec<String> = followed.now.conflicts.iter().map(title).collect();
    let now = &followed.now;
    let (zone_name, what) = (place(&now.zone), now.title.clone());
    vec![held(&followed.previous, zone), held(now, zone), state(now), zone_name, what, blockers.join(", ")]
}

fn state(booking: &Booking) -> String {
    crate::words::word_of::<venues::BookingState>(booking.state)
}

/// `stadium/pitch`
fn place(zone: &str) -> String {
    zone.split('/').skip(3).step_by(2).collect::<Vec<_>>().join("/")
}

/// From when until when a booking holds its zone: `19:50–22:25`.
fn held(booking: &Booking, zone: &Zone) -> String {
    let (from, until) = booking::occupation(booking);
    format!("{}–{}", clock(from, zone), clock(until, zone))
}

/// `20:00`
fn clock(time: Option<Timestamp>, zone: &Zone) -> String {
    let moment = matchday_rpc::parse::instant("", time).ok().flatten();
    moment.map_or_else(String::new, |moment| moment.in_zone(zone).strftime("%H:%M").to_string())
}
