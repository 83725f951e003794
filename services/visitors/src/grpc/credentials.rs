//! `CredentialService`: tickets and passes.

use matchday_api::visitors::v1::{self as pb, credential_service_server::CredentialService};
use matchday_kernel::{Common, CredentialName, TournamentName, VolunteerName};
use matchday_rpc::parse;
use matchday_store::{Locks, Record, Tx};
use tonic::{Request, Response, Status};

use super::{emit, import::Import};
use crate::{
    Error, Visitors,
    store::{
        credentials::{CredentialRow, known_sessions},
        passes,
    },
};

/// A revocation, read and checked.
struct Revoke {
    name: CredentialName,
    reason: String,
    etag: String,
}

impl Revoke {
    fn parse(request: &pb::RevokeCredentialRequest) -> Result<Self, Error> {
        Ok(Self {
            name: parse::text_as("name", &request.name)?,
            reason: parse::required_text("reason", &request.reason)?,
            etag: request.etag.clone(),
        })
    }

    async fn carry_out(self, tx: &mut Tx) -> Result<pb::RevokeCredentialResponse, Error> {
        let row = CredentialRow::get(tx, self.name.as_str()).await?;
        row.check_etag(&self.etag)?;
        let revoked: i32 = pb::CredentialState::Revoked.into();
        if row.state == revoked {
            // whoever revokes wants it revoked: a second time changes nothing
            return Ok(pb::RevokeCredentialResponse { credential: Some(row.into()) });
        }
        let row = CredentialRow { state: revoked, ..row }.save(tx).await?;
        let credential = Some(pb::Credential::from(row));
        let event = pb::CredentialRevoked { credential: credential.clone(), reason: self.reason };
        emit(tx, self.name.as_str(), &event);
        Ok(pb::RevokeCredentialResponse { credential })
    }
}

/// That a holder is kept out or let in again, read and checked.
pub(super) struct Block {
    name: CredentialName,
    is_blocked: bool,
    reason: String,
    etag: String,
}

impl Block {
    pub(super) fn parse(request: &pb::BlockCredentialRequest) -> Result<Self, Error> {
        Ok(Self {
            name: parse::text_as("name", &request.name)?,
            is_blocked: request.blocked,
            reason: parse::required_text("reason", &request.reason)?,
            etag: request.etag.clone(),
        })
    }

    pub(super) async fn carry_out(self, tx: &mut Tx) -> Result<pb::BlockCredentialResponse, Error> {
        use pb::CredentialState as State;
        let row = CredentialRow::get(tx, self.name.as_str()).await?;
        row.check_etag(&self.etag)?;
        if row.state == i32::from(State::Revoked) {
            return Err(Error::CredentialRevoked { credential: self.name.to_string() });
        }
        let state: i32 = if self.is_blocked { State::Blocked } else { State::Valid }.into();
        if row.state == state {
            return Ok(pb::BlockCredentialResponse { credential: Some(row.into()) });
        }
        let row = CredentialRow { state, ..row }.save(tx).await?;
        let credential = Some(pb::Credential::from(row));
        let event = pb::CredentialBlocked { credential: credential.clone(), reason: self.reason };
        emit(tx, self.name.as_str(), &event);
        Ok(pb::BlockCredentialResponse { credential })
    }
}

#[tonic::async_trait]
impl CredentialService for Visitors {
    async fn import_credentials(
        &self,
        request: Request<pb::ImportCredentialsRequest>,
    ) -> Result<Response<pb::ImportCredentialsResponse>, Status> {
        let call = self.desk.call(&request)?;
        let request = request.into_inner();
        let tournament: TournamentName = parse::text_as("parent", &request.parent).map_err(Error::from)?;
        let mut conn = self.desk.read().await?;
        // scheduling never forgets a session: one that is known now is known in the transaction
        let sessions = known_sessions(&mut conn, tournament.as_str()).await.map_err(Error::from)?;
        drop(conn);
        let locks = Locks::of([tournament.as_str()]);
        let import = Import::parse(tournament, request, &sessions)?;
        let reply = self.desk.carry_out(call, locks, move |tx| Box::pin(import.carry_out(tx))).await?;
        Ok(Response::new(reply))
    }

    async fn get_credential(
        &self,
        request: Request<pb::GetCredentialRequest>,
    ) -> Result<Response<pb::GetCredentialResponse>, Status> {
        let row: CredentialRow = self.desk.get::<CredentialName, _>(&request.get_ref().name).await?;
        Ok(Response::new(pb::GetCredentialResponse { credential: Some(row.into()) }))
    }

    async fn get_pass(
        &self,
        request: Request<pb::GetPassRequest>,
    ) -> Result<Response<pb::GetPassResponse>, Status> {
        let volunteer: VolunteerName =
            parse::text_as("volunteer", &request.get_ref().volunteer).map_err(Error::from)?;
        let mut conn = self.desk.read().await?;
        let pass = passes::pass(&mut conn, volunteer.as_str()).await.map_err(Error::from)?;
        let name = pass.ok_or_else(|| Error::from(Common::not_found(format!("a pass of {volunteer}"))))?;
        let row = CredentialRow::get(&mut conn, &name).await.map_err(Error::from)?;
        Ok(Response::new(pb::GetPassResponse { credential: Some(row.into()) }))
    }

    async fn list_credentials(
        &self,
        request: Request<pb::ListCredentialsRequest>,
    ) -> Result<Response<pb::ListCredentialsResponse>, Status> {
        let parent: TournamentName =
            parse::text_as("parent", &request.get_ref().parent).map_err(Error::from)?;
        let (rows, next_page_token) =
            self.desk.list::<CredentialRow>(&request, &format!("{parent}/credentials")).await?;
        let credentials = rows.into_iter().map(Into::into).collect();
        Ok(Response::new(pb::ListCredentialsResponse { credentials, next_page_token }))
    }

    async fn revoke_credential(
        &self,
        request: Request<pb::RevokeCredentialRequest>,
    ) -> Result<Response<pb::RevokeCredentialResponse>, Status> {
        let revoke = Revoke::parse(request.get_ref())?;
        let locks = Locks::of([revoke.name.as_str()]);
        self.desk.write(&request, locks, move |tx| Box::pin(revoke.carry_out(tx))).await
    }

    async fn block_credential(
        &self,
        request: Request<pb::BlockCredentialRequest>,
    ) -> Result<Response<pb::BlockCredentialResponse>, Status> {
        let block = Block::parse(request.get_ref())?;
        let locks = Locks::of([block.name.as_str()]);
        self.desk.write(&request, locks, move |tx| Box::pin(block.carry_out(tx))).await
    }
}
