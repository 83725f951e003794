//! `BookingService`: who holds a zone.

use matchday_api::venues::v1::{self as pb, booking_service_server::BookingService};
use matchday_kernel::{BookingName, Common, Slug, TournamentName, ZoneName};
use matchday_rpc::{Caller, parse};
use matchday_store::{Call, Locks, Record, Tx};
use tonic::{Request, Response, Status};

use super::{emit, names, places, reserve};
use crate::{
    Error, Venues,
    domain::{
        booking::{Booking, in_the_way, in_words},
        occupant::{LONGEST, LONGEST_BUFFER, Occupant},
    },
    store::{
        bookings::{self, BookingRow, Filter},
        places::ZoneRow,
    },
};

/// Reads a booking made by hand.
fn by_hand(request: &pb::CreateBookingRequest) -> Result<Occupant, Error> {
    let booking = parse::required("booking", request.booking.clone())?;
    let time = parse::interval("booking.", booking.start_time, booking.end_time)?;
    if time.duration() > LONGEST {
        return Err(Common::field("booking.end_time", "is more than 366 days after the start").into());
    }
    if !booking.tournament.is_empty() {
        parse::text_as::<TournamentName>("booking.tournament", &booking.tournament)?;
    }
    Ok(Occupant {
        holder: String::new(),
        revision: 0,
        tournament: booking.tournament,
        title: parse::required_text("booking.title", &booking.title)?,
        zone: parse::text_as("parent", &request.parent)?,
        time,
        set_up: parse::duration("booking.set_up", booking.set_up, LONGEST_BUFFER)?,
        turnaround: parse::duration("booking.turnaround", booking.turnaround, LONGEST_BUFFER)?,
    })
}

/// Refuses a booking whose zone does not exist or is not free.
async fn check_free(tx: &mut Tx, booking: &Booking) -> Result<(), Error> {
    let zone = &booking.occupant.zone;
    ZoneRow::get(tx, zone.as_str()).await?;
    let held = bookings::held(tx, zone, &booking.occupation).await?;
    let blockers = names(in_the_way(zone, &booking.occupation, &held));
    if blockers.is_empty() {
        return Ok(());
    }
    Err(Error::ZoneNotFree { wish: in_words(zone, &booking.occupation), blockers })
}

async fn create(
    tx: &mut Tx,
    id: Slug,
    occupant: Occupant,
    validate_only: bool,
) -> Result<pb::CreateBookingResponse, Error> {
    let occupation = occupant.occupation().map_err(|error| Common::field("booking.end_time", error))?;
    let booking = Booking::new(id, occupant, occupation);
    check_free(tx, &booking).await?;
    let row = BookingRow::of(booking, None);
    if validate_only {
        return Ok(pb::CreateBookingResponse { booking: Some(row.into()) });
    }
    let booking: pb::Booking = row.create(tx).await?.into();
    emit(tx, &booking, &pb::BookingCreated { booking: Some(booking.clone()) });
    Ok(pb::CreateBookingResponse { booking: Some(booking) })
}

async fn place(tx: &mut Tx, name: BookingName) -> Result<pb::PlaceBookingResponse, Error> {
    let row = BookingRow::get(tx, name.as_str()).await?;
    let booking = row.booking()?;
    booking.check_displaced()?;
    check_free(tx, &booking).await?;
    let placed = BookingRow::of(booking.place(&[]), Some(&row)).save(tx).await?;
    let (now, previous) = (pb::Booking::from(placed), pb::Booking::from(row));
    emit(tx, &now, &pb::BookingMoved { booking: Some(now.clone()), previous: Some(previous) });
    Ok(pb::PlaceBookingResponse { booking: Some(now) })
}

async fn release(tx: &mut Tx, name: BookingName, etag: String) -> Result<pb::ReleaseBookingResponse, Error> {
    let row = BookingRow::get(tx, name.as_str()).await?;
    row.check_etag(&etag)?;
    let given_up = row.booking()?.give_up()?;
    let released: pb::Booking = BookingRow::of(given_up, Some(&row)).save(tx).await?.into();
    emit(tx, &released, &pb::BookingReleased { booking: Some(released.clone()) });
    Ok(pb::ReleaseBookingResponse { booking: Some(released) })
}

fn name_of(text: &str) -> Result<BookingName, Error> {
    Ok(parse::text_as("name", text)?)
}

fn filter(request: &pb::ListBookingsRequest) -> Result<Filter, Error> {
    let mut states = [false; 3];
    for number in &request.states {
        let state: pb::BookingState = parse::one_of("states", *number)?;
        states[state as usize - 1] = true;
    }
    if request.states.is_empty() {
        states = [true, true, false];
    }
    if !request.tournament.is_empty() {
        parse::text_as::<TournamentName>("tournament", &request.tournament)?;
    }
    Ok(Filter {
        ancestor: request.parent.clone(),
        from: parse::instant("from", request.from)?,
        until: parse::instant("until", request.until)?,
        states,
        tournament: request.tournament.clone(),
    })
}

#[tonic::async_trait]
impl BookingService for Venues {
    async fn create_booking(
        &self,
        request: Request<pb::CreateBookingRequest>,
    ) -> Result<Response<pb::CreateBookingResponse>, Status> {
        let occupant = by_hand(request.get_ref())?;
        let (id, validate_only) = (Slug::from(self.desk.new_id()), request.get_ref().validate_only);
        let locks = Locks::of([occupant.zone.as_str()]);
        self.desk.write(&request, locks, move |tx| Box::pin(create(tx, id, occupant, validate_only))).await
    }

    async fn get_booking(
        &self,
        request: Request<pb::GetBookingRequest>,
    ) -> Result<Response<pb::GetBookingResponse>, Status> {
        let row: BookingRow = self.desk.get::<BookingName, _>(&request.get_ref().name).await?;
        Ok(Response::new(pb::GetBookingResponse { booking: Some(row.into()) }))
    }

    async fn list_bookings(
        &self,
        request: Request<pb::ListBookingsRequest>,
    ) -> Result<Response<pb::ListBookingsResponse>, Status> {
        let paging = Caller::of(&request)?.page(request.get_ref())?;
        let filter = filter(request.get_ref())?;
        let mut conn = self.desk.read().await?;
        places::check_exists(&mut conn, &filter.ancestor).await?;
        let page = bookings::page(&mut conn, &filter, paging.after.as_deref(), paging.size)
            .await
            .map_err(Error::from)?;
        Ok(Response::new(pb::ListBookingsResponse {
            next_page_token: paging.seal(page.next.as_deref()),
            bookings: page.items.into_iter().map(Into::into).collect(),
        }))
    }

    async fn place_booking(
        &self,
        request: Request<pb::PlaceBookingRequest>,
    ) -> Result<Response<pb::PlaceBookingResponse>, Status> {
        let name = name_of(&request.get_ref().name)?;
        let locks = Locks::of([name.parent()]);
        self.desk.write(&request, locks, move |tx| Box::pin(place(tx, name))).await
    }

    async fn release_booking(
        &self,
        request: Request<pb::ReleaseBookingRequest>,
    ) -> Result<Response<pb::ReleaseBookingResponse>, Status> {
        let (name, etag) = (name_of(&request.get_ref().name)?, request.get_ref().etag.clone());
        let locks = Locks::of([name.parent()]);
        self.desk.write(&request, locks, move |tx| Box::pin(release(tx, name, etag))).await
    }

    async fn reserve_bookings(
        &self,
        request: Request<pb::ReserveBookingsRequest>,
    ) -> Result<Response<pb::ReserveBookingsResponse>, Status> {
        let order = reserve::Order::parse(request.get_ref())?;
        let mut call = self.desk.call(&request)?;
        if !request.get_ref().change.is_empty() {
            call.change.clone_from(&request.get_ref().change);
        }
        if let Some(attempt) = order.attempt() {
            // in a write of its own: a refusal must not forget that the attempt was heard
            let take = Call { request_id: None, ..call.clone() };
            self.desk.carry_out(take, order.locks(), move |tx| Box::pin(attempt.take(tx))).await?;
        }
        let (desk, locks) = (self.desk.clone(), order.locks());
        let reply = self.desk.carry_out(call, locks, move |tx| Box::pin(order.carry_out(tx, desk))).await?;
        Ok(Response::new(reply))
    }
}

/// A zone name of a request, for its lock.
pub(super) fn zone_of(field: &str, text: &str) -> Result<ZoneName, Error> {
    Ok(parse::text_as(field, text)?)
}
