//! `VersionService`: drafts, earlier versions again, and what differs.

use matchday_api::scheduling::v1::{self as pb, version_service_server::VersionService};
use matchday_kernel::{Common, ScheduleVersionName, TournamentName};
use matchday_rpc::parse;
use matchday_store::{Locks, Record, Tx};
use tonic::{Request, Response, Status};

use super::{diff::Diff, emit};
use crate::{
    Error, Scheduling,
    domain::{restore::restore, version::State},
    draft::{self, Proposal},
    publish::Subject,
    store::{
        activities,
        tournaments::{TeamRow, TournamentRow},
        versions::{self, VersionRow},
    },
};

fn version(text: &str) -> Result<ScheduleVersionName, Error> {
    Ok(parse::text_as("name", text)?)
}

async fn discard(tx: &mut Tx, name: ScheduleVersionName) -> Result<pb::DiscardVersionResponse, Error> {
    let row = VersionRow::get(tx, name.as_str()).await?;
    row.check_is_draft()?;
    let row = row.in_state(State::Discarded).save(tx).await?;
    let version = Some(pb::ScheduleVersion::from(row));
    emit(tx, name.as_str(), &name.parent(), &pb::DraftDiscarded { version: version.clone() });
    Ok(pb::DiscardVersionResponse { version })
}

async fn propose(
    tx: &mut Tx,
    tournament: TournamentName,
    request: pb::ProposeVersionRequest,
) -> Result<pb::ProposeVersionResponse, Error> {
    let in_force = TournamentRow::get(tx, tournament.as_str()).await?.published_version;
    let base = match request.base {
        none if none.is_empty() => in_force,
        named => {
            let base: ScheduleVersionName = parse::text_as("base", &named)?;
            if base.parent() != tournament {
                return Err(Common::field("base", format!("{base} is not of {tournament}")).into());
            }
            VersionRow::get(tx, base.as_str()).await?.name
        }
    };
    let proposal = Proposal {
        origin: pb::VersionOrigin::Proposed,
        title: request.title,
        run: String::new(),
        base,
        activities: request.activities,
    };
    let version = Some(draft::propose(tx, &tournament, proposal).await?.into());
    Ok(pb::ProposeVersionResponse { version })
}

/// A version to repeat, read and checked.
struct Restore {
    name: ScheduleVersionName,
    title: String,
}

impl Restore {
    fn parse(request: &pb::RestoreVersionRequest) -> Result<Self, Error> {
        let name = version(&request.name)?;
        let title = match parse::optional_text("title", &request.title)? {
            title if title.is_empty() => format!("version {} again", name.id()),
            title => title,
        };
        Ok(Self { name, title })
    }

    async fn carry_out(self, tx: &mut Tx) -> Result<pb::RestoreVersionResponse, Error> {
        let row = VersionRow::get(tx, self.name.as_str()).await?;
        if !matches!(row.state()?, State::Published | State::Superseded) {
            let next = "only a version that was in force can be repeated";
            return Err(Error::VersionState { version: row.name, state: "not published", next });
        }
        let tournament = self.name.parent();
        let earlier = versions::content(tx, &row.name).await?;
        let stands = activities::of_tournament(tx, tournament.as_str()).await?;
        let (first, until) = (format!("{tournament}/"), format!("{tournament}0"));
        let teams = TeamRow::between(tx, &first, &until, i64::MAX).await?;
        let left = teams.into_iter().filter(|team| team.state == i32::from(pb::TeamState::Withdrawn));
        let restored = restore(
            earlier,
            stands.into_iter().map(Into::into).collect(),
            &left.map(|team| team.name).collect(),
            tx.now(),
            &format!("version {} does not hold it", self.name.id()),
        );
        let proposal = Proposal {
            origin: pb::VersionOrigin::RolledBack,
            title: self.title,
            run: String::new(),
            base: row.name,
            activities: restored.activities,
        };
        let version = Some(draft::propose(tx, &tournament, proposal).await?.into());
        let why = |(activity, reason): (String, &str)| pb::NotRestored { activity, reason: reason.into() };
        let not_restored = restored.not_restored.into_iter().map(why).collect();
        Ok(pb::RestoreVersionResponse { version, not_restored })
    }
}

#[tonic::async_trait]
impl VersionService for Scheduling {
    async fn propose_version(
        &self,
        request: Request<pb::ProposeVersionRequest>,
    ) -> Result<Response<pb::ProposeVersionResponse>, Status> {
        let body = request.get_ref().clone();
        let tournament: TournamentName = parse::text_as("parent", &body.parent).map_err(Error::from)?;
        let locks = Locks::of([tournament.as_str()]);
        self.desk.write(&request, locks, move |tx| Box::pin(propose(tx, tournament, body))).await
    }

    async fn publish_version(
        &self,
        request: Request<pb::PublishVersionRequest>,
    ) -> Result<Response<pb::PublishVersionResponse>, Status> {
        let subject = Subject::Draft(version(&request.get_ref().name)?);
        let published = if request.get_ref().validate_only {
            self.publisher.check(&subject).await?
        } else {
            self.publisher.publish(&request, subject).await?
        };
        Ok(Response::new(pb::PublishVersionResponse {
            version: published.version,
            places_created: published.places_created,
            places_moved: published.places_moved,
            places_kept: published.places_kept,
            places_released: published.places_released,
        }))
    }

    async fn diff_versions(
        &self,
        request: Request<pb::DiffVersionsRequest>,
    ) -> Result<Response<pb::DiffVersionsResponse>, Status> {
        Diff::parse(request.get_ref())?.read(&self.desk).await.map(Response::new)
    }

    async fn discard_version(
        &self,
        request: Request<pb::DiscardVersionRequest>,
    ) -> Result<Response<pb::DiscardVersionResponse>, Status> {
        let name = version(&request.get_ref().name)?;
        let locks = Locks::of([name.parent()]);
        self.desk.write(&request, locks, move |tx| Box::pin(discard(tx, name))).await
    }

    async fn restore_version(
        &self,
        request: Request<pb::RestoreVersionRequest>,
    ) -> Result<Response<pb::RestoreVersionResponse>, Status> {
        let restore = Restore::parse(request.get_ref())?;
        let locks = Locks::of([restore.name.parent()]);
        self.desk.write(&request, locks, move |tx| Box::pin(restore.carry_out(tx))).await
    }
}
