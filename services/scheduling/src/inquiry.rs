//! Asking the venues what they know of a tournament's sites: the zones there, and who holds them.

use std::{collections::BTreeMap, time::Duration};

use matchday_api::venues::v1::{
    Booking, BookingState, ListBookingsRequest, ListVenuesRequest, ListZonesRequest, Venue, Zone,
    booking_service_client::BookingServiceClient, place_service_client::PlaceServiceClient,
};
use matchday_kernel::Interval;
use matchday_rpc::{
    Peer,
    parse::{self, to_timestamp},
};
use tonic::{Code, Status};

use crate::domain::check::timetable::{Held, Venues};

/// How long the venues may take to answer everything.
const PATIENCE: Duration = Duration::from_secs(10);
/// Items asked for at once: the most that a list gives.
const PAGE: i32 = 1000;

/// Asks the venues.
#[derive(Clone)]
pub(crate) struct Inquiry {
    places: PlaceServiceClient<Peer>,
    bookings: BookingServiceClient<Peer>,
}

impl Inquiry {
    pub(crate) fn new(venues: &Peer) -> Self {
        Self {
            places: PlaceServiceClient::new(venues.clone()),
            bookings: BookingServiceClient::new(venues.clone()),
        }
    }

    /// The zones of some sites, and what holds them during a time and is not the tournament's own.
    ///
    /// # Errors
    /// Why the venues could not be asked.
    pub(crate) async fn ask(
        &self,
        tournament: &str,
        sites: &[String],
        during: Option<Interval>,
    ) -> Result<Venues, String> {
        let all = async {
            let mut known = Venues::default();
            for site in sites {
                self.zones(site, |zone| known.zones.extend([zone.name])).await?;
                if let Some(during) = during {
                    self.held(tournament, site, during, &mut known.held).await?;
                }
            }
            Ok(known)
        };
        match tokio::time::timeout(PATIENCE, all).await {
            Ok(answer) => answer.map_err(|status: Status| status.message().to_owned()),
            Err(_) => Err(format!("no answer within {} s", PATIENCE.as_secs())),
        }
    }

    /// What people call the zones of some sites and their venues, by zone, as far as the venues answer: a file is written
    /// without them, too.
    pub(crate) async fn titles(&self, sites: &[String]) -> BTreeMap<String, [String; 2]> {
        let mut titles = BTreeMap::new();
        let all = async {
            for site in sites {
                let mut venues = BTreeMap::new();
                self.venues(site, |venue| venues.extend([(venue.name, venue.display_name)])).await?;
                self.zones(site, |zone| {
                    let venue = zone.name.split("/zones/").next().and_then(|venue| venues.get(venue));
                    let venue: String = venue.cloned().unwrap_or_default();
                    titles.extend([(zone.name, [venue, zone.display_name])]);
                })
                .await?;
            }
            Ok::<(), Status>(())
        };
        match tokio::time::timeout(PATIENCE, all).await {
            Ok(Ok(())) => {}
            Ok(Err(status)) => tracing::warn!(problem = status.message(), "places are shown by their ids"),
            Err(_) => tracing::warn!("places are shown by their ids: the venues do not answer"),
        }
        titles
    }

    /// Takes every venue of a site.
    async fn venues(&self, site: &str, mut take: impl FnMut(Venue)) -> Result<(), Status> {
        let mut page_token = String::new();
        loop {
            let request = ListVenuesRequest { parent: site.to_owned(), page_size: PAGE, page_token };
            let page = match self.places.clone().list_venues(request).await {
                Ok(page) => page.into_inner(),
                // a site that is not there has no venues
                Err(status) if status.code() == Code::NotFound => return Ok(()),
                Err(status) => return Err(status),
            };
            page.venues.into_iter().for_each(&mut take);
            page_token = page.next_page_token;
            if page_token.is_empty() {
                return Ok(());
            }
        }
    }

    /// Takes every zone of a site.
    async fn zones(&self, site: &str, mut take: impl FnMut(Zone)) -> Result<(), Status> {
        let mut page_token = String::new();
        loop {
            let request = ListZonesRequest { parent: site.to_owned(), page_size: PAGE, page_token };
            let page = match self.places.clone().list_zones(request).await {
                Ok(page) => page.into_inner(),
                // a site that is not there has no zones
                Err(status) if status.code() == Code::NotFound => return Ok(()),
                Err(status) => return Err(status),
            };
            page.zones.into_iter().for_each(&mut take);
            page_token = page.next_page_token;
            if page_token.is_empty() {
                return Ok(());
            }
        }
    }

    async fn held(
        &self,
        tournament: &str,
        site: &str,
        during: Interval,
        held: &mut Vec<Held>,
    ) -> Result<(), Status> {
        let own = format!("{tournament}/");
        let mut page_token = String::new();
        loop {
            let request = ListBookingsRequest {
                parent: site.to_owned(),
                page_size: PAGE,
                page_token,
                from: Some(to_timestamp(during.start())),
                until: Some(to_timestamp(during.end())),
                states: vec![BookingState::Booked.into()],
                tournament: String::new(),
            };
            let page = match self.bookings.clone().list_bookings(request).await {
                Ok(page) => page.into_inner(),
                Err(status) if status.code() == Code::NotFound => return Ok(()),
                Err(status) => return Err(status),
            };
            let others = page.bookings.into_iter().filter(|booking| !booking.holder.starts_with(&own));
            for booking in others {
                held.push(read(booking).map_err(|error| Status::internal(error.to_string()))?);
            }
            page_token = page.next_page_token;
            if page_token.is_empty() {
                return Ok(());
            }
        }
    }
}

fn read(booking: Booking) -> Result<Held, Box<dyn std::error::Error + Send + Sync>> {
    let time = parse::interval("", booking.start_time, booking.end_time)?;
    let buffer = |field, length| parse::duration(field, length, matchday_kernel::SignedDuration::MAX);
    let occupation =
        time.with_buffers(buffer("set_up", booking.set_up)?, buffer("turnaround", booking.turnaround)?)?;
    Ok(Held { booking: booking.name, zone: booking.zone, title: booking.title, occupation })
}
