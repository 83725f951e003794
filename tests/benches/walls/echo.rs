//! A bare tonic server: no layers, no token, no database. It answers every `GetBooking` with the same booking.

use matchday_api::venues::v1::{
    self as pb,
    booking_service_server::{BookingService, BookingServiceServer},
};
use matchday_rpc::{Peer, peer};
use tokio::{net::TcpListener, task::JoinHandle};
use tonic::{
    Request, Response, Status,
    transport::{Server, server::TcpIncoming},
};

/// An echo at a port of its own, until it is dropped.
pub(crate) struct Echo {
    url: String,
    server: JoinHandle<Result<(), tonic::transport::Error>>,
}

impl Echo {
    /// Starts an echo that answers with this booking.
    ///
    /// # Panics
    /// When it finds no port.
    pub(crate) async fn start(booking: pb::Booking) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("it is bound"));
        let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
        let service = BookingServiceServer::new(Answer { booking });
        let server = tokio::spawn(Server::builder().add_service(service).serve_with_incoming(incoming));
        Self { url, server }
    }

    /// A connection to its port, of the same kind as those to the services.
    ///
    /// # Panics
    /// When the echo has no address.
    pub(crate) fn connection(&self) -> Peer {
        peer::remote(&self.url).expect("an address")
    }
}

impl Drop for Echo {
    fn drop(&mut self) {
        self.server.abort();
    }
}

struct Answer {
    booking: pb::Booking,
}

type Answered<T> = Result<Response<T>, Status>;

fn unused<T>() -> Answered<T> {
    Err(Status::unimplemented("an echo answers GetBooking alone"))
}

#[tonic::async_trait]
impl BookingService for Answer {
    async fn get_booking(&self, _: Request<pb::GetBookingRequest>) -> Answered<pb::GetBookingResponse> {
        Ok(Response::new(pb::GetBookingResponse { booking: Some(self.booking.clone()) }))
    }

    async fn create_booking(
        &self,
        _: Request<pb::CreateBookingRequest>,
    ) -> Answered<pb::CreateBookingResponse> {
        unused()
    }

    async fn list_bookings(&self, _: Request<pb::ListBookingsRequest>) -> Answered<pb::ListBookingsResponse> {
        unused()
    }

    async fn place_booking(&self, _: Request<pb::PlaceBookingRequest>) -> Answered<pb::PlaceBookingResponse> {
        unused()
    }

    async fn release_booking(
        &self,
        _: Request<pb::ReleaseBookingRequest>,
    ) -> Answered<pb::ReleaseBookingResponse> {
        unused()
    }

    async fn reserve_bookings(
        &self,
        _: Request<pb::ReserveBookingsRequest>,
    ) -> Answered<pb::ReserveBookingsResponse> {
        unused()
    }
}
