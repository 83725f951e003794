//! How a match ended: what may be recorded, and who has won.

use matchday_kernel::Instant;

use super::{refused::Refusal, slot::State};

/// Goals of a walkover, where the regulations say nothing else (FIFA Disciplinary Code: a match forfeited is
/// lost 3-0).
const WALKOVER: [i32; 2] = [3, 0];

/// How a match came to its result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Course {
    /// In normal time, or nobody said.
    #[default]
    NormalTime,
    /// In extra time.
    ExtraTime,
    /// By kicks from the penalty mark.
    Penalties,
    /// 弃权: awarded without play.
    Walkover,
    /// Abandoned, and decided on by the competition.
    Abandoned,
}

/// A result.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// Goals of both sides, from 0.
    pub goals: [i32; 2],
    /// Kicks from the penalty mark that both sides scored.
    pub penalties: Option<[i32; 2]>,
    /// How the match came to it.
    pub course: Course,
    /// Index of the side that goes on, where somebody decided so.
    pub awarded_to: Option<usize>,
}

impl Score {
    /// Index of the side that has won; `None` of a draw.
    #[must_use]
    pub fn winner(&self) -> Option<usize> {
        let ahead = |[home, away]: [i32; 2]| (home != away).then(|| usize::from(away > home));
        self.awarded_to.or_else(|| ahead(self.goals)).or_else(|| self.penalties.and_then(ahead))
    }

    /// As people write it: `2-2, penalties 5-4`.
    #[must_use]
    pub fn text(&self) -> String {
        let [home, away] = self.goals;
        let penalties =
            self.penalties.map_or_else(String::new, |[home, away]| format!(", penalties {home}-{away}"));
        format!("{home}-{away}{penalties}")
    }
}

/// A match whose result is to be recorded.
#[derive(Clone, Debug)]
pub struct Finished<'a> {
    /// Name of the activity.
    pub activity: &'a str,
    /// Where it stands.
    pub state: State,
    /// Its kick-off.
    pub kick_off: Instant,
    /// Names of the teams, or the words for who is not known.
    pub sides: [&'a str; 2],
    /// In a group or a league a match may end in a draw.
    pub may_be_drawn: bool,
    /// The result it has.
    pub recorded: Option<&'a Score>,
    /// Somebody says why the result is corrected.
    pub is_correction: bool,
}

/// What somebody says of a result.
#[derive(Clone, Debug, Default)]
pub struct Told<'a> {
    /// Goals of both sides; absent only of a walkover.
    pub goals: Option<[i32; 2]>,
    /// Kicks from the penalty mark that both sides scored.
    pub penalties: Option<[i32; 2]>,
    /// How the match came to it.
    pub course: Course,
    /// Name of the team that it is awarded to; empty where nobody decided.
    pub awarded_to: &'a str,
}

/// Checks a result and makes it complete.
///
/// # Errors
/// [`Refusal`] when nobody knows who plays, when the match is not over, when no match ends like that, or when
/// there is another result and nobody says why it is corrected.
pub fn record(game: &Finished<'_>, told: &Told<'_>, now: Instant) -> Result<Score, Refusal> {
    let activity = game.activity.to_owned();
    if let Some(side) = game.sides.iter().find(|side| !side.starts_with("tournaments/")) {
        return Err(Refusal::SidesUnknown { activity, side: (*side).to_owned() });
    }
    if let Some(why) = not_over(game, told.course, now) {
        return Err(Refusal::TooEarly { activity, why });
    }
    let score = complete(game, told)
        .map_err(|problem| Refusal::Impossible { activity: activity.clone(), problem })?;
    match game.recorded {
        Some(recorded) if *recorded != score && !game.is_correction => {
            Err(Refusal::Recorded { activity, score: recorded.text() })
        }
        _ => Ok(score),
    }
}

/// Why a match is not over.
fn not_over(game: &Finished<'_>, course: Course, now: Instant) -> Option<String> {
    match game.state {
        State::InPlay => Some("it is in play: finish it first".to_owned()),
        State::Suspended => Some("it is suspended: resume or abandon it first".to_owned()),
        _ if course == Course::Walkover || now >= game.kick_off => None,
        _ => Some(format!("its kick-off is at {}, and only a walkover is recorded before", game.kick_off)),
    }
}

fn complete(game: &Finished<'_>, told: &Told<'_>) -> Result<Score, String> {
    let awarded_to = awarded_to(game, told)?;
    let walkover = awarded_to.map(|side| if side == 0 { WALKOVER } else { [WALKOVER[1], WALKOVER[0]] });
    let goals = match (told.goals, told.course) {
        (Some(goals), _) => goals,
        (None, Course::Walkover) => walkover.ok_or("a walkover is awarded to one of its teams")?,
        (None, _) => return Err("its goals are missing".to_owned()),
    };
    let score = Score { goals, penalties: told.penalties, course: told.course, awarded_to };
    let [home, away] = goals;
    let is_level = home == away;
    match told.course {
        Course::Abandoned if game.state != State::Abandoned && game.recorded.is_none() => {
            return Err("it was not abandoned".to_owned());
        }
        Course::NormalTime | Course::ExtraTime | Course::Penalties if game.state == State::Abandoned => {
            return Err(
                "it was abandoned: say so, with the goals that the competition has decided on".to_owned()
            );
        }
        Course::ExtraTime | Course::Penalties if game.may_be_drawn => {
            return Err("a match of a group or league has neither extra time nor penalties".to_owned());
        }
        Course::Penalties if !is_level => {
            return Err(format!("penalties follow a draw, and it is {home}-{away}"));
        }
        Course::Penalties if told.penalties.is_none() => return Err("the penalties are missing".to_owned()),
        Course::Walkover if is_level => return Err("a walkover has a winner".to_owned()),
        _ => {}
    }
    if told.course != Course::Penalties && told.penalties.is_some() {
        return Err("there are penalties, and it was not decided by them".to_owned());
    }
    if let Some([home, away]) = told.penalties
        && home == away
    {
        return Err(format!("penalties go on until one side has won, and they are {home}-{away}"));
    }
    if score.winner().is_none() && !game.may_be_drawn {
        return Err(format!("it is {home}-{away}, and somebody must go on"));
    }
    Ok(score)
}

/// Index of the side that the match is awarded to.
fn awarded_to(game: &Finished<'_>, told: &Told<'_>) -> Result<Option<usize>, String> {
    if told.awarded_to.is_empty() {
        return Ok(None);
    }
    if !matches!(told.course, Course::Walkover | Course::Abandoned) {
        return Err("only a walkover or an abandoned match is awarded".to_owned());
    }
    let side = game.sides.iter().position(|side| *side == told.awarded_to);
    let side = side.ok_or_else(|| format!("{} does not play it", told.awarded_to))?;
    match told.goals {
        Some(goals) if goals[side] < goals[1 - side] => {
            Err(format!("{} has fewer goals, and is to go on", told.awarded_to))
        }
        _ => Ok(Some(side)),
    }
}

#[cfg(test)]
mod tests {
    use matchday_kernel::SignedDuration;

    use super::*;

    const HOME: &str = "tournaments/t/teams/a";
    const AWAY: &str = "tournaments/t/teams/b";

    fn kick_off() -> Instant {
        "2023-10-21T12:00:00Z".parse().unwrap()
    }

    fn game(may_be_drawn: bool) -> Finished<'static> {
        Finished {
            activity: "tournaments/t/activities/m1",
            state: State::Scheduled,
            kick_off: kick_off(),
            sides: [HOME, AWAY],
            may_be_drawn,
            recorded: None,
            is_correction: false,
        }
    }

    fn told(goals: [i32; 2], course: Course) -> Told<'static> {
        Told { goals: Some(goals), course, ..Told::default() }
    }

    fn after(minutes: i64) -> Instant {
        kick_off().saturating_add(SignedDuration::from_mins(minutes))
    }

    #[track_caller]
    fn impossible(game: &Finished<'_>, told: &Told<'_>, words: &str) {
        match record(game, told, after(120)) {
            Err(Refusal::Impossible { problem, .. }) => assert!(problem.contains(words), "{problem}"),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_group_match_may_be_drawn_and_has_no_penalties() {
        let drawn = record(&game(true), &told([1, 1], Course::NormalTime), after(120)).unwrap();
        assert_eq!((drawn.winner(), drawn.text()), (None, "1-1".to_owned()));
        impossible(&game(true), &told([1, 1], Course::ExtraTime), "neither extra time");
        let penalties = Told { penalties: Some([5, 4]), ..told([1, 1], Course::Penalties) };
        impossible(&game(true), &penalties, "neither extra time");
    }

    #[test]
    fn somebody_goes_on_from_a_knockout_match() {
        impossible(&game(false), &told([1, 1], Course::NormalTime), "somebody must go on");
        impossible(&game(false), &told([1, 1], Course::ExtraTime), "somebody must go on");
        impossible(&game(false), &told([1, 1], Course::Penalties), "penalties are missing");
        let kicks = |goals, penalties| Told { penalties: Some(penalties), ..told(goals, Course::Penalties) };
        impossible(&game(false), &kicks([2, 1], [5, 4]), "penalties follow a draw, and it is 2-1");
        impossible(&game(false), &kicks([1, 1], [4, 4]), "until one side has won");
        let on = record(&game(false), &kicks([2, 2], [4, 5]), after(160)).unwrap();
        assert_eq!((on.winner(), on.text()), (Some(1), "2-2, penalties 4-5".to_owned()));
        let wrong = Told { penalties: Some([5, 4]), ..told([2, 1], Course::NormalTime) };
        impossible(&game(false), &wrong, "not decided by them");
    }

    #[test]
    fn only_a_walkover_is_recorded_before_kick_off() {
        let early = record(&game(true), &told([1, 0], Course::NormalTime), after(-1));
        assert!(matches!(&early, Err(Refusal::TooEarly { why, .. }) if why.contains("2023-10-21T12:00:00Z")));
        let walkover = Told { course: Course::Walkover, awarded_to: AWAY, ..Told::default() };
        let awarded = record(&game(true), &walkover, after(-1)).unwrap();
        assert_eq!((awarded.goals, awarded.winner()), ([0, 3], Some(1)));
        for (state, words) in [(State::InPlay, "in play"), (State::Suspended, "suspended")] {
            let game = Finished { state, ..game(true) };
            let open = record(&game, &told([1, 0], Course::NormalTime), after(120));
            assert!(matches!(open, Err(Refusal::TooEarly { why, .. }) if why.contains(words)));
        }
    }

    #[test]
    fn a_walkover_names_its_winner() {
        impossible(&game(true), &Told { course: Course::Walkover, ..Told::default() }, "awarded to one");
        impossible(&game(true), &told([0, 0], Course::Walkover), "has a winner");
        let against = Told { awarded_to: HOME, ..told([0, 3], Course::Walkover) };
        impossible(&game(true), &against, "fewer goals");
        let other = Told { awarded_to: "tournaments/t/teams/c", ..told([3, 0], Course::Walkover) };
        impossible(&game(true), &other, "does not play it");
        impossible(
            &game(true),
            &Told { awarded_to: HOME, ..told([1, 0], Course::NormalTime) },
            "only a walkover",
        );
        impossible(&game(true), &Told::default(), "goals are missing");
    }

    #[test]
    fn what_was_abandoned_is_decided_on() {
        let stopped = Finished { state: State::Abandoned, ..game(false) };
        impossible(&stopped, &told([1, 0], Course::NormalTime), "it was abandoned");
        impossible(&game(false), &told([1, 0], Course::Abandoned), "was not abandoned");
        impossible(&stopped, &told([1, 1], Course::Abandoned), "somebody must go on");
        let awarded = Told { awarded_to: AWAY, ..told([1, 1], Course::Abandoned) };
        assert_eq!(record(&stopped, &awarded, after(120)).unwrap().winner(), Some(1));
    }

    #[test]
    fn a_result_is_corrected_with_a_reason() {
        let first = record(&game(true), &told([1, 0], Course::NormalTime), after(120)).unwrap();
        let again = Finished { recorded: Some(&first), ..game(true) };
        assert_eq!(record(&again, &told([1, 0], Course::NormalTime), after(130)).as_ref(), Ok(&first));
        let other = told([2, 0], Course::NormalTime);
        assert!(matches!(record(&again, &other, after(130)), Err(Refusal::Recorded { .. })));
        let correction = Finished { is_correction: true, ..again };
        assert_eq!(record(&correction, &other, after(130)).unwrap().goals, [2, 0]);
    }

    #[test]
    fn nobody_has_a_result_before_the_sides_are_known() {
        let open = Finished { sides: [HOME, "winner of m25"], ..game(false) };
        let refused = record(&open, &told([1, 0], Course::NormalTime), after(120));
        assert!(matches!(refused, Err(Refusal::SidesUnknown { side, .. }) if side == "winner of m25"));
    }
}
