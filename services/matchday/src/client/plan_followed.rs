//! Which service plan each follower follows for a tournament, and what it could not derive from it.

use matchday_api::{
    common::v1::PlanFollowed, venues::v1 as venues, visitors::v1 as visitors, volunteers::v1 as volunteers,
};
use matchday_kernel::TournamentName;
use serde::Serialize;
use tonic::{Code, Status};

use super::connection::Client;
use crate::{
    failure::Failure,
    output::{Cell, Column, Shown, ToJson},
};

/// How far a service has come with a plan.
#[derive(Clone, Serialize)]
pub(super) struct Following {
    service: &'static str,
    plan: String,
    derived: i32,
    problems: Vec<String>,
}

impl ToJson for Following {
    type Json = Self;

    fn to_json(&self) -> Result<Self, Failure> {
        Ok(self.clone())
    }
}

impl Shown for Following {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("service", |it: &Self| Cell::text(it.service)),
        Column::new("follows", |it: &Self| Cell::name(&it.plan)),
        Column::new("derived", |it: &Self| Cell::Number(it.derived.into())),
        Column::new("problems", |it: &Self| Cell::Text(it.problems.join("; "))),
    ];
}

/// Asks the three followers.
///
/// # Errors
/// [`Failure`] when one refuses for another reason than that it is not hosted there.
pub(super) async fn ask(client: &Client, tournament: &TournamentName) -> Result<Vec<Following>, Failure> {
    let parent = tournament.to_string();
    let request = venues::GetPlanFollowedRequest { parent: parent.clone() };
    let answer = client.work().get_plan_followed(request).await;
    let work = following("venues", answer.map(|response| response.into_inner().followed))?;
    let request = volunteers::GetPlanFollowedRequest { parent: parent.clone() };
    let answer = client.roster().get_plan_followed(request).await;
    let shifts = following("volunteers", answer.map(|response| response.into_inner().followed))?;
    let request = visitors::GetPlanFollowedRequest { parent };
    let answer = client.admission().get_plan_followed(request).await;
    let openings = following("visitors", answer.map(|response| response.into_inner().followed))?;
    Ok(vec![work, shifts, openings])
}

fn following(
    service: &'static str,
    answer: Result<Option<PlanFollowed>, Status>,
) -> Result<Following, Failure> {
    match answer {
        Ok(followed) => {
            let PlanFollowed { plan, derived, problems } = followed.unwrap_or_default();
            Ok(Following { service, plan, derived, problems })
        }
        Err(status) if matches!(status.code(), Code::Unimplemented | Code::PermissionDenied) => {
            let problem = match status.code() {
                Code::Unimplemented => "this server does not host it",
                _ => "the token does not allow to ask",
            };
            Ok(Following { service, plan: String::new(), derived: 0, problems: vec![problem.to_owned()] })
        }
        Err(status) => Err(status.into()),
    }
}
