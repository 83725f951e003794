//! `OfflineService`: quotas, uploads, conflicts.

use matchday_api::visitors::v1::{self as pb, offline_service_server::OfflineService};
use matchday_kernel::OpeningName;
use matchday_rpc::{Caller, parse};
use matchday_store::{Record, StoreError};
use tonic::{Request, Response, Status};

use super::{
    quotas::{Grant, WriteOff},
    upload::Upload,
};
use crate::{
    Error, Visitors,
    store::{
        control::{self, number},
        offline::{self, conflict_to_pb},
        openings::OpeningRow,
    },
};

fn refuse(error: StoreError) -> Status {
    Error::from(error).into()
}

#[tonic::async_trait]
impl OfflineService for Visitors {
    async fn grant_quota(
        &self,
        request: Request<pb::GrantQuotaRequest>,
    ) -> Result<Response<pb::GrantQuotaResponse>, Status> {
        let grant = Grant::parse(request.get_ref())?;
        let locks = grant.locks();
        self.desk.write(&request, locks, move |tx| Box::pin(grant.carry_out(tx))).await
    }

    async fn write_off_quota(
        &self,
        request: Request<pb::WriteOffQuotaRequest>,
    ) -> Result<Response<pb::WriteOffQuotaResponse>, Status> {
        let write_off = WriteOff::parse(request.get_ref())?;
        let locks = write_off.locks();
        self.desk.write(&request, locks, move |tx| Box::pin(write_off.carry_out(tx))).await
    }

    async fn list_quotas(
        &self,
        request: Request<pb::ListQuotasRequest>,
    ) -> Result<Response<pb::ListQuotasResponse>, Status> {
        let paging = Caller::of(&request)?.page(request.get_ref())?;
        let opening: OpeningName =
            parse::text_as("parent", &request.get_ref().parent).map_err(Error::from)?;
        let mut conn = self.desk.read().await?;
        OpeningRow::get(&mut conn, opening.as_str()).await.map_err(refuse)?;
        let page = offline::quotas(&mut conn, opening.as_str(), paging.after.as_deref(), paging.size)
            .await
            .map_err(refuse)?;
        Ok(Response::new(pb::ListQuotasResponse {
            next_page_token: paging.seal(page.next.as_deref()),
            quotas: page.items.into_iter().map(Into::into).collect(),
        }))
    }

    async fn upload_scans(
        &self,
        request: Request<pb::UploadScansRequest>,
    ) -> Result<Response<pb::UploadScansResponse>, Status> {
        let upload = Upload::parse(request.get_ref())?;
        let locks = upload.locks();
        self.desk.write(&request, locks, move |tx| Box::pin(upload.carry_out(tx))).await
    }

    async fn list_conflicts(
        &self,
        request: Request<pb::ListConflictsRequest>,
    ) -> Result<Response<pb::ListConflictsResponse>, Status> {
        let paging = Caller::of(&request)?.page(request.get_ref())?;
        let opening: OpeningName =
            parse::text_as("parent", &request.get_ref().parent).map_err(Error::from)?;
        let mut conn = self.desk.read().await?;
        OpeningRow::get(&mut conn, opening.as_str()).await.map_err(refuse)?;
        let count = control::count(&mut conn, opening.as_str()).await.map_err(refuse)?;
        let page = offline::conflicts(&mut conn, opening.as_str(), paging.after.as_deref(), paging.size)
            .await
            .map_err(refuse)?;
        let conflicts = page.items.into_iter().map(|row| conflict_to_pb(opening.as_str(), row));
        Ok(Response::new(pb::ListConflictsResponse {
            next_page_token: paging.seal(page.next.as_deref()),
            conflicts: conflicts.collect(),
            offline_places: number(count.map_or(0, |count| count.held)),
        }))
    }
}
