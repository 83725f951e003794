//! `matchday schedule result`: how a match ended.

use clap::Args;
use matchday_api::scheduling::v1::{RecordResultRequest, Result as Score, ResultOutcome};
use matchday_kernel::{ActivityName, TeamName};

use super::super::{activity::Named, connection::Client, names, refusal::Repeat, times::Clocks};
use crate::failure::{Failure, say};

/// A result to record.
#[derive(Args)]
#[command(
    after_long_help = "Matches that wait for it get their teams at once, and are shown behind it. A result that \
                             was recorded is corrected with --reason; once a match after it has begun with those \
                             who came there, it is not.\n\nExamples:\n  matchday schedule result fisu-2023/m01 1-0\n  \
                             matchday schedule result fisu-2023/m46 1-1 --penalties 5-4\n  matchday schedule result \
                             fisu-2023/m35 2-1 --after-extra-time\n  matchday schedule result fisu-2023/m09 \
                             --walkover uvt\n  matchday schedule result fisu-2023/m01 2-0 --reason 'a goal was \
                             missing'"
)]
pub(crate) struct Record {
    #[command(flatten)]
    named: Named,
    /// Goals of both sides, after extra time if there was any: 2-1
    #[arg(value_parser = two, required_unless_present = "walkover")]
    goals: Option<[i32; 2]>,
    /// It was decided in extra time
    #[arg(long, conflicts_with_all = ["penalties", "walkover", "abandoned"])]
    after_extra_time: bool,
    /// It was decided by kicks from the penalty mark: 5-4
    #[arg(long, value_name = "KICKS", value_parser = two, conflicts_with_all = ["walkover", "abandoned"])]
    penalties: Option<[i32; 2]>,
    /// It was awarded to this team without play, 3-0 where no goals are given
    #[arg(long, value_name = "TEAM", conflicts_with = "abandoned")]
    walkover: Option<String>,
    /// It was abandoned; the goals are those that the competition has decided on
    #[arg(long)]
    abandoned: bool,
    /// The team that goes on from an abandoned match, where the goals do not say it
    #[arg(long, value_name = "TEAM", requires = "abandoned")]
    awarded_to: Option<String>,
    /// What else is known: half-time 0-2
    #[arg(long, default_value = "")]
    note: String,
    /// Why the result that was recorded is corrected; it names no person
    #[arg(long, default_value = "")]
    reason: String,
    /// Show what would come of it, and record nothing
    #[arg(long)]
    preview: bool,
    #[command(flatten)]
    repeat: Repeat,
}

/// Two numbers: `2-1`.
fn two(text: &str) -> Result<[i32; 2], String> {
    let wrong = || format!("{text:?} is not the figures of two sides, like 2-1");
    let (home, away) = text.split_once('-').ok_or_else(wrong)?;
    let number = |text: &str| text.trim().parse().map_err(|_| wrong());
    Ok([number(home)?, number(away)?])
}

impl Record {
    /// Records the result, and shows the match and what changed with it.
    pub(crate) async fn run(self, client: &Client) -> Result<(), Failure> {
        let name = self.named.read()?;
        let score = self.score(&name)?;
        let request = self.repeat.request();
        let record = RecordResultRequest {
            name: name.to_string(),
            result: Some(score),
            reason: self.reason,
            validate_only: self.preview,
            request_id: request.id(),
            ..RecordResultRequest::default()
        };
        let recorded = client.competitions().record_result(record).await;
        let response = recorded.map_err(|status| request.refused(status))?.into_inner();
        if self.preview {
            say("this would be recorded, and change what follows; nothing was changed");
        }
        let zone = Clocks::Tournament(&name.parent()).zone_to_show(client).await;
        let activities: Vec<_> = response.activity.into_iter().chain(response.changed).collect();
        client.output.list(&activities, &zone)
    }

    fn score(&self, name: &ActivityName) -> Result<Score, Failure> {
        let team = |id: &Option<String>| match id {
            Some(id) => names::read_within::<TeamName>(Some(name.parent().id()), id).map(String::from),
            None => Ok(String::new()),
        };
        let outcome = match self {
            Self { walkover: Some(_), .. } => ResultOutcome::Walkover,
            Self { abandoned: true, .. } => ResultOutcome::Abandoned,
            Self { penalties: Some(_), .. } => ResultOutcome::Penalties,
            Self { after_extra_time: true, .. } => ResultOutcome::ExtraTime,
            _ => ResultOutcome::NormalTime,
        };
        Ok(Score {
            home_goals: self.goals.map(|[home, _]| home),
            away_goals: self.goals.map(|[_, away]| away),
            home_penalties: self.penalties.map(|[home, _]| home),
            away_penalties: self.penalties.map(|[_, away]| away),
            outcome: outcome.into(),
            awarded_to: team(if self.walkover.is_some() { &self.walkover } else { &self.awarded_to })?,
            note: self.note.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_of_two_sides_are_read() {
        assert_eq!(two("2-1"), Ok([2, 1]));
        assert_eq!(two("10 - 0"), Ok([10, 0]));
        for wrong in ["", "2", "2:1", "a-1", "2-"] {
            assert!(two(wrong).is_err(), "{wrong}");
        }
    }
}
