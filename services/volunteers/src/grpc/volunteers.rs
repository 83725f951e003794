//! `VolunteerService`: the people, and their groups.

use matchday_api::volunteers::v1::{self as pb, volunteer_service_server::VolunteerService};
use matchday_kernel::{Common, GroupName, TournamentName, VolunteerName};
use matchday_rpc::{Caller, parse};
use tonic::{Request, Response, Status};

use super::{
    calendars::{Link, unlink},
    import::Import,
    lock,
};
use crate::{
    Error, Volunteers,
    store::volunteers::{self, GroupRow, VolunteerRow},
};

fn tournament(text: &str) -> Result<TournamentName, Error> {
    Ok(parse::text_as("parent", text)?)
}

fn group(text: &str, tournament: &TournamentName) -> Result<Option<GroupName>, Error> {
    if text.is_empty() {
        return Ok(None);
    }
    let group: GroupName = parse::text_as("group", text)?;
    if group.parent() != *tournament {
        return Err(Common::field("group", format!("{group} is not of {tournament}")).into());
    }
    Ok(Some(group))
}

fn to_pb(rows: Vec<VolunteerRow>) -> Result<Vec<pb::Volunteer>, Error> {
    Ok(rows.into_iter().map(TryInto::try_into).collect::<Result<_, _>>()?)
}

#[tonic::async_trait]
impl VolunteerService for Volunteers {
    async fn import_volunteers(
        &self,
        request: Request<pb::ImportVolunteersRequest>,
    ) -> Result<Response<pb::ImportVolunteersResponse>, Status> {
        let call = self.desk.call(&request)?;
        let import = Import::parse(request.into_inner())?;
        let locks = lock(import.tournament());
        let reply = self.desk.carry_out(call, locks, move |tx| Box::pin(import.carry_out(tx))).await?;
        Ok(Response::new(reply))
    }

    async fn get_volunteer(
        &self,
        request: Request<pb::GetVolunteerRequest>,
    ) -> Result<Response<pb::GetVolunteerResponse>, Status> {
        let row: VolunteerRow = self.desk.get::<VolunteerName, _>(&request.get_ref().name).await?;
        let volunteer = row.try_into().map_err(Error::from)?;
        Ok(Response::new(pb::GetVolunteerResponse { volunteer: Some(volunteer) }))
    }

    async fn list_volunteers(
        &self,
        request: Request<pb::ListVolunteersRequest>,
    ) -> Result<Response<pb::ListVolunteersResponse>, Status> {
        let tournament = tournament(&request.get_ref().parent)?;
        let Some(group) = group(&request.get_ref().group, &tournament)? else {
            let (rows, next_page_token) =
                self.desk.list::<VolunteerRow>(&request, tournament.as_str()).await?;
            return Ok(Response::new(pb::ListVolunteersResponse {
                volunteers: to_pb(rows)?,
                next_page_token,
            }));
        };
        let paging = Caller::of(&request)?.page(request.get_ref())?;
        let mut conn = self.desk.read().await?;
        let after = paging.after.as_deref();
        let page = volunteers::of_group(&mut conn, tournament.as_str(), group.as_str(), after, paging.size)
            .await
            .map_err(Error::from)?;
        Ok(Response::new(pb::ListVolunteersResponse {
            next_page_token: paging.seal(page.next.as_deref()),
            volunteers: to_pb(page.items)?,
        }))
    }

    async fn create_calendar_link(
        &self,
        request: Request<pb::CreateCalendarLinkRequest>,
    ) -> Result<Response<pb::CreateCalendarLinkResponse>, Status> {
        let link = Link::parse(request.get_ref(), &self.random)?;
        let locks = lock(link.tournament());
        self.desk.write(&request, locks, move |tx| Box::pin(link.carry_out(tx))).await
    }

    async fn revoke_calendar_link(
        &self,
        request: Request<pb::RevokeCalendarLinkRequest>,
    ) -> Result<Response<pb::RevokeCalendarLinkResponse>, Status> {
        let volunteer: VolunteerName =
            parse::text_as("volunteer", &request.get_ref().volunteer).map_err(Error::from)?;
        let locks = lock(volunteer.parent());
        self.desk.write(&request, locks, move |tx| Box::pin(unlink(volunteer, tx))).await
    }

    async fn list_groups(
        &self,
        request: Request<pb::ListGroupsRequest>,
    ) -> Result<Response<pb::ListGroupsResponse>, Status> {
        let tournament = tournament(&request.get_ref().parent)?;
        let (rows, next_page_token) = self.desk.list::<GroupRow>(&request, tournament.as_str()).await?;
        let groups = rows.into_iter().map(Into::into).collect();
        Ok(Response::new(pb::ListGroupsResponse { groups, next_page_token }))
    }
}
