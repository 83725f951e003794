//! The clients of all services, for one caller.

use matchday_api::{
    event::v1::event_service_client::EventServiceClient,
    scheduling::v1::{
        schedule_service_client::ScheduleServiceClient, tournament_service_client::TournamentServiceClient,
    },
    venues::v1::{booking_service_client::BookingServiceClient, place_service_client::PlaceServiceClient},
};
use matchday_rpc::Peer;

/// The clients of all services.
#[derive(Clone, Debug)]
pub struct Clients {
    /// Sites, venues and zones.
    pub places: PlaceServiceClient<Peer>,
    /// Bookings.
    pub bookings: BookingServiceClient<Peer>,
    /// Tournaments and teams.
    pub tournaments: TournamentServiceClient<Peer>,
    /// Activities, sessions, versions.
    pub schedule: ScheduleServiceClient<Peer>,
    /// The log of scheduling.
    pub scheduling: EventServiceClient<Peer>,
    /// The log of venues, and how far it follows.
    pub venues: EventServiceClient<Peer>,
}

impl Clients {
    /// The clients of a caller, with the peer of each service.
    #[must_use]
    pub fn new(scheduling: &Peer, venues: &Peer) -> Self {
        Self {
            places: PlaceServiceClient::new(venues.clone()),
            bookings: BookingServiceClient::new(venues.clone()),
            tournaments: TournamentServiceClient::new(scheduling.clone()),
            schedule: ScheduleServiceClient::new(scheduling.clone()),
            scheduling: EventServiceClient::new(scheduling.clone()),
            venues: EventServiceClient::new(venues.clone()),
        }
    }
}
