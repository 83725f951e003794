//! `matchday demo`: the reference tournament in one command, with figures read from the services.
//!
//! It serves, imports the site and its two users, publishes their schedules, shows the opening day, delays
//! the opening match, and shows every booking that followed or was displaced. Its writes have fixed request
//! ids: on a data directory it was run on before, it tells the same and changes nothing.

use clap::{Args, ValueEnum};
use matchday_api::{
    event::v1::{AwaitFollowerRequest, Event, GetLogRequest, TailEventsRequest},
    scheduling::v1::{Activity, DelayActivityRequest},
    venues::v1::{self as venues, Booking, ListBookingsRequest},
};
use matchday_kernel::{Interval, SignedDuration, SiteName, TournamentName, Zone, civil::Date};
use matchday_rpc::parse::{to_duration, to_timestamp};
use matchday_runtime::{Exit, Running, keys, settings::Written, telemetry};
use prost::{Message, Name};
use prost_types::{Duration, Timestamp};

use crate::{
    client::{booking, change, connection::Client, refusal::Request, site, times::Clocks, tournament},
    failure::{Failure, say},
    file,
    output::{self, Format},
    serve::{self, Signals},
};

const SITE: &str = include_str!("../../../examples/fisu-2023/site.yaml");
const TOURNAMENT: &str = include_str!("../../../examples/fisu-2023/tournament.yaml");
const NEIGHBOURS: &str = include_str!("../../../examples/fisu-2023/neighbours.yaml");

/// What the demo shows.
#[derive(Args)]
pub(crate) struct Demo {
    /// The tournament to play
    #[arg(value_enum)]
    example: Example,
    /// End when the story is told, instead of serving on
    #[arg(long)]
    exit: bool,
    #[command(flatten)]
    written: Written,
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
        let data = self.written.data.clone().unwrap_or_else(|| temporary.path().to_owned());
        let log = self.written.log.clone().or_else(|| Some("warn".to_owned()));
        let written = Written { data: Some(data), log, ..self.written };
        let settings = written.complete(&serve::known()).map_err(|error| Failure::of(Exit::Usage, &error))?;
        telemetry::start(&settings.log, settings.log_format)
            .map_err(|error| Failure::of(Exit::Usage, &error))?;
        let mut signals = Signals::listen()?;
        let running = serve::start(settings.clone()).await?;
        serve::greet(&settings, &running);

        let story = Story::open(&running, &settings.data)?;
        tokio::select! {
            told = story.tell() => told?,
            () = signals.next() => return Ok(Exit::Interrupted),
        }
        if self.exit {
            running.stop().await;
            return Ok(Exit::Done);
        }
        say(format_args!(
            "\nIt stays up; end it with Ctrl-C. In another terminal, for example:\n  matchday activity list \
             fisu-2023 --day 2023-10-21 --server http://{} --data {}",
            running.address(),
            settings.data.display()
        ));
        Ok(signals.stay(running).await)
    }
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
    fn open(running: &Running, data: &std::path::Path) -> Result<Self, Failure> {
        let token = std::fs::read_to_string(data.join(keys::ADMIN_TOKEN))?;
        let client = Client::at(&format!("http://{}", running.address()), &token, Format::Table)?;
        let site = "sites/jinjiang".parse().map_err(Failure::input)?;
        Ok(Self { client, site, day: Date::constant(2023, 10, 21) })
    }

    async fn tell(&self) -> Result<(), Failure> {
        let began = std::time::Instant::now();
        let request = |what: &str| Request::named(format!("demo-{what}"));
        site::import(&self.client, file::site_text("site.yaml", SITE)?, &request("site")).await?;
        for (name, text) in [("tournament.yaml", TOURNAMENT), ("neighbours.yaml", NEIGHBOURS)] {
            let import = file::tournament_text(name, text)?;
            let tournament = tournament::import(&self.client, import, &request(name)).await?;
            let tournament: TournamentName = tournament.name.parse().map_err(Failure::input)?;
            let publish = request(&format!("publish-{}", tournament.id()));
            let published = tournament::publish(&self.client, &tournament, false, &publish).await?;
            let version = published.version.unwrap_or_default();
            say(format_args!(
                "published {}: {} activities, {} places reserved",
                version.name, version.activities, published.places_created
            ));
        }

        let zone = Clocks::Site(&self.site).zone(&self.client).await?;
        say(format_args!(
            "\nThe opening day, {}; times of {zone}, set-up and turnaround included:",
            self.day
        ));
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
        let delayed = change::delay(&self.client, delay, &request("delay")).await?;
        say("\nThe opening match is delayed by 45 minutes. What moved with it:");
        output::table(&["PLANNED", "NOW", "ACTIVITY"], delayed.activities.iter().map(|it| moved(it, &zone)))?;

        let followed = self.followed(&delayed.change).await?;
        let displaced =
            followed.iter().filter(|it| it.now.state() == venues::BookingState::Displaced).count();
        say(format_args!(
            "\nBookings that followed: {}; displaced: {displaced}:",
            followed.len() - displaced
        ));
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
        let mut events = self.client.events();
        let sequence = self.head("scheduling").await?;
        let applied = AwaitFollowerRequest { follower: "venues".into(), log: "scheduling".into(), sequence };
        events.await_follower(applied).await?;
        let head = self.head("venues").await?;
        let tail = TailEventsRequest { log: "venues".into(), ..TailEventsRequest::default() };
        let mut stream = events.tail_events(tail).await?.into_inner();
        let mut followed = Vec::new();
        while let Some(event) = stream.message().await?.and_then(|response| response.event) {
            if event.change == change {
                followed.extend(read(&event));
            }
            if event.sequence >= head {
                break;
            }
        }
        Ok(followed)
    }

    async fn head(&self, log: &str) -> Result<i64, Failure> {
        Ok(self.client.events().get_log(GetLogRequest { log: log.into() }).await?.into_inner().sequence)
    }

    async fn figures(&self, took: std::time::Duration) -> Result<(), Failure> {
        let (scheduling, venues) = (self.head("scheduling").await?, self.head("venues").await?);
        say(format_args!(
            "\n{scheduling} events in the log of scheduling, {venues} in the log of venues; told in {:.1} s.\nWhat \
             nobody published is generated, and marked so on each resource.",
            took.as_secs_f64()
        ));
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
    let shifted = |time: Option<Timestamp>, by: Option<Duration>, sign: i64| {
        time.map(|time| Timestamp { seconds: time.seconds + sign * by.unwrap_or_default().seconds, ..time })
    };
    let from = shifted(booking.start_time, booking.set_up, -1);
    let until = shifted(booking.end_time, booking.turnaround, 1);
    format!("{}–{}", clock(from, zone), clock(until, zone))
}

/// `20:00`
fn clock(time: Option<Timestamp>, zone: &Zone) -> String {
    let moment = matchday_rpc::parse::instant("", time).ok().flatten();
    moment.map_or_else(String::new, |moment| moment.in_zone(zone).strftime("%H:%M").to_string())
}
