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
        Column::summary("problems", |it: &Self| {
            Cell::Count(i32::try_from(it.problems.len()).unwrap_or(i32::MAX))
        }),
        Column::detail("problems", |it: &Self| Cell::Text(it.problems.join("; "))),
    ];
}

/// Problems that are told one by one.
const TOLD: usize = 10;

/// The problems of all, one a line; of many, the first and how many more there are.
pub(super) fn problems(following: &[Following]) -> String {
    let all = following.iter().flat_map(|it| it.problems.iter().map(|problem| (it.service, problem)));
    let count = all.clone().count();
    let mut lines: Vec<String> =
        all.take(TOLD).map(|(service, problem)| format!("{service}: {problem}\n")).collect();
    if count > TOLD {
        lines.push(format!("and {} more: --output json tells them all\n", count - TOLD));
    }
    lines.concat()
}

/// Asks the three followers.
///
/// # Errors
/// [`Failure`] when one refuses for another reason than that it is not hosted there, not allowed, or
/// does not answer.
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
        Err(status) => {
            let problem = match status.code() {
                Code::Unimplemented => "this server does not host it".to_owned(),
                Code::PermissionDenied => "the token does not allow to ask".to_owned(),
                Code::Unavailable | Code::DeadlineExceeded => status.message().to_owned(),
                _ => return Err(status.into()),
            };
            Ok(Following { service, plan: String::new(), derived: 0, problems: vec![problem] })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problems_stand_on_lines_of_their_own_up_to_a_number() {
        let following = |service, count: usize| Following {
            service,
            plan: String::new(),
            derived: 0,
            problems: (1..=count).map(|number| format!("problem {number}")).collect(),
        };
        assert_eq!(problems(&[following("venues", 0)]), "");
        let few = problems(&[following("venues", 1), following("visitors", 1)]);
        assert_eq!(few, "venues: problem 1\nvisitors: problem 1\n");
        let many = problems(&[following("venues", 8), following("visitors", 8)]);
        assert_eq!(many.lines().count(), 11);
        assert!(many.ends_with("visitors: problem 2\nand 6 more: --output json tells them all\n"), "{many}");
    }
}
