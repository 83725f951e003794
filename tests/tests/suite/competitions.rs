//! Competitions: their matches made, played from the groups to every rank; results that race; teams that leave.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::Arc,
};

use futures_util::future::join_all;
use matchday_api::{
    scheduling::v1::{
        Activity, ActivityCancelled, ActivityState, ActivityUpdated, ApplyCompetitionRequest,
        CancelActivityRequest, Competition, DiffVersionsRequest, Format, FormatKind, GenerateMatchesRequest,
        GenerateMatchesResponse, GetActivityRequest, GetBracketRequest, GetStandingsRequest, Grid,
        ImportTournamentRequest, ListActivitiesRequest, Match, RecordLotsRequest, RecordResultRequest,
        RecordResultResponse, ReplaceTeamRequest, Result as Score, ResultOutcome, ResultRecorded, Table,
        Team, TeamState, TieBreaker, WithdrawTeamRequest,
    },
    venues::v1::BookingState,
};
use matchday_kernel::SignedDuration;
use matchday_tests::{
    clients::Clients,
    log, make, on_every_stage,
    process::command,
    refusal::{answered, refusal, refused, refused_field},
    stage::Stage,
    tests_of,
    town::Plan,
};
use tokio::sync::Barrier;
use tonic::{Code, Status};

on_every_stage! {
    a_competition_is_played_to_every_rank
    one_of_many_results_wins
}

mod teams_leave {
    super::tests_of! { teams_leave
        on_sqlite: Sqlite, Local;
        on_postgres: Postgres, Local;
    }
}

mod a_cancelled_match_decides_its_group {
    super::tests_of! { a_cancelled_match_decides_its_group
        on_sqlite: Sqlite, Local;
        on_postgres: Postgres, Local;
    }
}

mod what_nothing_separates_asks_for_lots {
    super::tests_of! { what_nothing_separates_asks_for_lots
        on_sqlite: Sqlite, Local;
        on_postgres: Postgres, Local;
    }
}

mod the_men_of_2023_play_to_the_final {
    super::tests_of! { the_men_of_2023_play_to_the_final
        on_sqlite: Sqlite, Processes(super::Plan::One);
        on_postgres: Postgres, Processes(super::Plan::One);
    }
}

const CUP: &str = "tournaments/cup";

fn team(id: &str) -> String {
    format!("{CUP}/teams/{id}")
}

/// A cup whose men are in groups of three, as many as there are letters.
fn cup(groups: &str) -> ImportTournamentRequest {
    let teams = groups.chars().flat_map(|group| {
        (1..=3).map(move |number| Team {
            name: team(&format!("{}{number}", group.to_lowercase())),
            display_name: format!("Team {group}{number}"),
            competition: "men".into(),
            group: group.to_string(),
            ..Team::default()
        })
    });
    ImportTournamentRequest { teams: teams.collect(), ..make::programme("cup", &[]) }
}

async fn describe(admin: &mut Clients) {
    let format = Format { kind: FormatKind::GroupsAndKnockout.into(), advancing: 2, ..Format::default() };
    let competition =
        Competition { competition: "men".into(), format: Some(format), ..Competition::default() };
    let request = ApplyCompetitionRequest {
        parent: CUP.into(),
        competition: Some(competition),
        ..ApplyCompetitionRequest::default()
    };
    answered(admin.competitions.apply_competition(request).await);
}

fn making() -> GenerateMatchesRequest {
    let zones = (1..=2).map(make::pitch).collect();
    GenerateMatchesRequest {
        parent: CUP.into(),
        competition: "men".into(),
        grid: Some(Grid { first_date: "2023-10-22".into(), zones, ..Grid::default() }),
        ..GenerateMatchesRequest::default()
    }
}

async fn made(admin: &mut Clients) -> GenerateMatchesResponse {
    describe(admin).await;
    answered(admin.competitions.generate_matches(making()).await)
}

/// Lets the services' clock pass the tournament, where it does not run by itself.
fn after_the_tournament(stage: &Stage) {
    if let Some(clock) = stage.clock() {
        clock.advance(SignedDuration::from_hours(14 * 24));
    }
}

async fn matches_of(admin: &mut Clients, tournament: &str) -> Vec<Activity> {
    let parent = format!("tournaments/{tournament}");
    let request = ListActivitiesRequest { parent, page_size: 1000, ..ListActivitiesRequest::default() };
    let listed = answered(admin.schedule.list_activities(request).await).activities;
    listed.into_iter().filter(|activity| activity.r#match.is_some()).collect()
}

async fn game(admin: &mut Clients, name: &str) -> (Activity, Match) {
    let request = GetActivityRequest { name: name.into() };
    let activity = answered(admin.schedule.get_activity(request).await).activity.expect("an activity");
    let game = activity.r#match.clone().expect("a match");
    (activity, game)
}

fn result(name: &str, goals: [i32; 2]) -> RecordResultRequest {
    let [home, away] = goals;
    let result = Score { home_goals: Some(home), away_goals: Some(away), ..Score::default() };
    RecordResultRequest { name: name.into(), result: Some(result), ..RecordResultRequest::default() }
}

async fn record(admin: &mut Clients, request: RecordResultRequest) -> Result<RecordResultResponse, Status> {
    Ok(admin.competitions.record_result(request).await?.into_inner())
}

async fn table(admin: &mut Clients, group: &str) -> Table {
    let request = GetStandingsRequest { parent: CUP.into(), competition: "men".into(), group: group.into() };
    let mut tables = answered(admin.competitions.get_standings(request).await).tables;
    assert_eq!(tables.len(), 1, "{tables:?}");
    tables.remove(0)
}

/// Teams and positions from the top: `a1 1`.
fn positions(table: &Table) -> Vec<(&str, i32)> {
    table.standings.iter().map(|line| (id(&line.team), line.position)).collect()
}

fn id(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or_default()
}

/// The match of two teams.
fn between<'a>(activities: &'a [Activity], teams: [&str; 2]) -> &'a Activity {
    let is_it = |activity: &&Activity| {
        let game = activity.r#match.as_ref();
        game.is_some_and(|game| teams.contains(&id(&game.home)) && teams.contains(&id(&game.away)))
    };
    activities.iter().find(is_it).expect("they meet")
}

/// Plays every match by kick-off: who stands further up in `strength` wins, a final on penalties. Returns how many
/// were played.
async fn play(admin: &mut Clients, tournament: &str, competition: &str, strength: &[String]) -> usize {
    let rank =
        |team: &str| strength.iter().position(|one| one == team).unwrap_or_else(|| panic!("{team} plays"));
    let mut played = 0;
    for listed in matches_of(admin, tournament).await {
        if listed.r#match.as_ref().is_none_or(|game| game.competition != competition) {
            continue;
        }
        let (_, game) = game(admin, &listed.name).await;
        let home_wins = rank(&game.home) < rank(&game.away);
        let mut request = result(&listed.name, if home_wins { [1, 0] } else { [0, 1] });
        // a few scores were published, and of one match that it went to penalties
        if let Some(Score { home_goals: Some(home), away_goals: Some(away), .. }) = game.result {
            request = result(&listed.name, [home, away]);
        }
        if game.stage == "final" {
            let kicks = if home_wins { [5, 4] } else { [4, 5] };
            request.reason = "the kicks were missing".into();
            request.result = Some(Score {
                home_goals: Some(1),
                away_goals: Some(1),
                outcome: ResultOutcome::Penalties.into(),
                home_penalties: Some(kicks[0]),
                away_penalties: Some(kicks[1]),
                ..Score::default()
            });
        }
        let reply =
            record(admin, request).await.unwrap_or_else(|status| panic!("{}: {status:?}", listed.name));
        assert_eq!(reply.activity.expect("the match").state(), ActivityState::Finished);
        played += 1;
    }
    played
}

async fn ranks(admin: &mut Clients, tournament: &str, competition: &str) -> BTreeMap<i32, String> {
    let request =
        GetBracketRequest { parent: format!("tournaments/{tournament}"), competition: competition.into() };
    let bracket = answered(admin.competitions.get_bracket(request).await);
    bracket.ranks.into_iter().map(|ranked| (ranked.rank, ranked.team)).collect()
}

async fn a_competition_is_played_to_every_rank(stage: Stage) {
    let mut admin = stage.admin();
    make::set_up(&mut admin, 2, cup("ABCD")).await;
    let undescribed = admin.competitions.generate_matches(making()).await;
    refused(undescribed, Code::FailedPrecondition, "FORMAT_UNFIT");
    describe(&mut admin).await;
    let preview = GenerateMatchesRequest { validate_only: true, ..making() };
    let shown = answered(admin.competitions.generate_matches(preview).await).activities;
    assert!(matches_of(&mut admin, "cup").await.is_empty());
    let activities = answered(admin.competitions.generate_matches(making()).await).activities;
    let names = |all: &[Activity]| all.iter().map(|one| one.name.clone()).collect::<Vec<_>>();
    assert_eq!((activities.len(), names(&shown)), (28, names(&activities)));
    refused(admin.competitions.generate_matches(making()).await, Code::FailedPrecondition, "MATCHES_EXIST");
    make::published(&mut admin, "cup").await;

    after_the_tournament(&stage);
    let mut admin = stage.admin();
    let final_match = activities.last().expect("a final").name.clone();
    let open = record(&mut admin, result(&final_match, [1, 0])).await;
    refused(open, Code::FailedPrecondition, "RESULT_SIDES_UNKNOWN");
    let strength: Vec<String> = (1..=3)
        .flat_map(|number| "abcd".chars().map(move |group| team(&format!("{group}{number}"))))
        .collect();
    assert_eq!(play(&mut admin, "cup", "men", &strength).await, 28);

    let ranks = ranks(&mut admin, "cup", "men").await;
    assert_eq!(ranks.keys().copied().collect::<Vec<_>>(), (1..=12).collect::<Vec<_>>());
    assert_eq!(ranks.values().collect::<BTreeSet<_>>().len(), 12);
    assert_eq!((&ranks[&1], &ranks[&12]), (&strength[0], &strength[11]));
    let group = table(&mut admin, "A").await;
    assert_eq!(positions(&group), [("a1", 1), ("a2", 2), ("a3", 3)]);
    assert_eq!(group.standings[1].decided_by(), TieBreaker::Points);

    // the slot stays beside the team, and the title names it
    let (activity, game) = game(&mut admin, &final_match).await;
    assert!(game.home_slot.starts_with("winner of m"), "{game:?}");
    assert!(activity.title.contains("Team A1"), "{}", activity.title);
    // who follows is told of both sides of every match of the knockout
    let events = log::whole(&mut admin.scheduling, "scheduling").await;
    let filled = events.iter().filter_map(log::read::<ActivityUpdated>).filter_map(|event| event.activity);
    let filled = filled
        .filter(|activity| activity.name == final_match && activity.state() == ActivityState::Scheduled);
    assert_eq!(filled.count(), 2);
    assert_eq!(events.iter().filter_map(log::read::<ResultRecorded>).count(), 28);

    // a correction that would change who played is refused, and nothing of it stays
    let first = &between(&activities, ["a1", "a2"]).name;
    let (_, before) = self::game(&mut admin, first).await;
    let goals = if before.home == team("a1") { [0, 9] } else { [9, 0] };
    let correction = RecordResultRequest { reason: "a protest".into(), ..result(first, goals) };
    let refused_now = record(&mut admin, correction).await;
    refused(refused_now, Code::FailedPrecondition, "BRACKET_BEGUN");
    assert_eq!(self::game(&mut admin, first).await.1, before);
}

/// Many record the same match differently at once: one does, the others are told what is recorded.
async fn one_of_many_results_wins(stage: Stage) {
    const WRITERS: i32 = 24;
    let mut admin = stage.admin();
    make::set_up(&mut admin, 2, cup("AB")).await;
    let name = made(&mut admin).await.activities[0].name.clone();
    after_the_tournament(&stage);
    let admin = stage.admin();
    let line = Arc::new(Barrier::new(usize::try_from(WRITERS).expect("a small number")));
    let writers = (0..WRITERS).map(|number| {
        let (mut clients, line, name) = (admin.clone(), line.clone(), name.clone());
        tokio::spawn(async move {
            line.wait().await;
            let answer = record(&mut clients, result(&name, [number, 0])).await;
            (number, refusal(&answer).1)
        })
    });
    let told: Vec<(i32, String)> =
        join_all(writers).await.into_iter().map(|one| one.expect("it does not panic")).collect();
    let won: Vec<i32> =
        told.iter().filter(|(_, reason)| reason == "accepted").map(|(goals, _)| *goals).collect();
    let lost = told.iter().filter(|(_, reason)| reason == "RESULT_RECORDED").count();
    assert_eq!((won.len(), lost), (1, told.len() - 1), "{told:?}");
    let (_, game) = game(&mut admin.clone(), &name).await;
    assert_eq!(game.result.and_then(|result| result.home_goals), Some(won[0]));
}

/// The two matches of a group of three that a team leaves are cancelled, the third stands, and both places are taken;
/// a team that takes the place of another moves no kick-off; only their matches change.
async fn teams_leave(stage: Stage) {
    let mut admin = stage.admin();
    make::set_up(&mut admin, 2, cup("AB")).await;
    let activities = made(&mut admin).await.activities;
    make::published(&mut admin, "cup").await;
    let before = matches_of(&mut admin, "cup").await;

    let replacement = ReplaceTeamRequest {
        name: team("b3"),
        team_id: "b9".into(),
        team: Some(Team { display_name: "Team B9".into(), ..Team::default() }),
        ..ReplaceTeamRequest::default()
    };
    let preview = ReplaceTeamRequest { validate_only: true, ..replacement.clone() };
    assert_eq!(answered(admin.competitions.replace_team(preview).await).changed.len(), 2);
    assert_eq!(matches_of(&mut admin, "cup").await, before);
    let replaced = answered(admin.competitions.replace_team(replacement.clone()).await);
    let left = replaced.left.expect("the team that left");
    assert_eq!((left.state(), left.replaced_by), (TeamState::Replaced, team("b9")));
    for activity in &replaced.changed {
        let was = before.iter().find(|one| one.name == activity.name).expect("it was there");
        assert_eq!((activity.start_time, &activity.zone), (was.start_time, &was.zone));
        assert!(activity.title.contains("Team B9"), "{}", activity.title);
    }
    refused(admin.competitions.replace_team(replacement).await, Code::FailedPrecondition, "TEAM_LEFT");

    let withdrawal =
        WithdrawTeamRequest { name: team("a1"), reason: "no visa".into(), ..WithdrawTeamRequest::default() };
    let sequence = log::head(&mut admin.scheduling, "scheduling").await;
    let withdrawn = answered(admin.competitions.withdraw_team(withdrawal.clone()).await);
    assert_eq!(withdrawn.team.expect("the team").state(), TeamState::Withdrawn);
    let in_group: Vec<&Activity> = withdrawn
        .changed
        .iter()
        .filter(|one| one.r#match.as_ref().is_some_and(|game| game.group == "A"))
        .collect();
    assert_eq!(in_group.len(), 2);
    assert!(
        in_group.iter().all(|one| one.state() == ActivityState::Cancelled && one.reason.contains("no visa"))
    );
    let events = log::whole(&mut admin.scheduling, "scheduling").await;
    let since = events.iter().filter(|event| event.sequence > sequence);
    let cancelled: BTreeSet<String> = since
        .filter_map(log::read::<ActivityCancelled>)
        .filter_map(|event| event.activity.map(|activity| activity.name))
        .collect();
    let told: BTreeSet<String> = withdrawn.changed.iter().map(|one| one.name.clone()).collect();
    assert_eq!(cancelled, told, "nobody else is told");
    // who has left is told of no match that waits for the group
    let is_of_knockout = |one: &&Activity| one.r#match.as_ref().is_some_and(|game| game.group.is_empty());
    let waits = activities.iter().filter(is_of_knockout).find(|one| !told.contains(&one.name));
    let waits = waits.expect("a match of the knockout").name.clone();
    answered(admin.schedule.delay_activity(make::delay(&waits, 5)).await);
    let request = DiffVersionsRequest { parent: CUP.into(), ..DiffVersionsRequest::default() };
    let notices = answered(admin.versions.diff_versions(request).await).notices;
    let concerned = notices.iter().filter(|notice| notice.activities.contains(&waits));
    let concerned: BTreeSet<&str> = concerned.map(|notice| id(&notice.recipient)).collect();
    assert!(concerned.contains("b9") || concerned.contains("a2"), "{concerned:?}");
    assert!(!concerned.contains("a1") && !concerned.contains("b3"), "{concerned:?}");
    refused(admin.competitions.withdraw_team(withdrawal).await, Code::FailedPrecondition, "TEAM_LEFT");
    log::settle(&mut admin).await;
    for booking in make::bookings_in(&mut admin, &[BookingState::Booked]).await {
        assert!(!told.contains(&booking.holder), "{booking:?}");
    }

    after_the_tournament(&stage);
    let mut admin = stage.admin();
    let third = &between(&activities, ["a2", "a3"]).name;
    let stands = game(&mut admin, third).await;
    assert_eq!(stands.0.state(), ActivityState::Scheduled);
    let reply = record(&mut admin, result(third, [2, 0])).await.expect("recorded");
    assert_eq!(reply.changed.len(), 2, "both semi-finals: {:?}", reply.changed);
    let group = table(&mut admin, "A").await;
    assert_eq!(positions(&group)[0], (id(&stands.1.home), 1));
    assert_eq!(positions(&group)[2], ("a1", 0));
}

/// Two of three matches are played when the third is called off: the table is complete, and the matches that wait for
/// it have their teams.
async fn a_cancelled_match_decides_its_group(stage: Stage) {
    let mut admin = stage.admin();
    make::set_up(&mut admin, 2, cup("AB")).await;
    let activities = made(&mut admin).await.activities;
    after_the_tournament(&stage);
    let mut admin = stage.admin();
    for (other, goals) in [("a2", 1), ("a3", 2)] {
        let game = between(&activities, ["a1", other]);
        let is_home = game.r#match.as_ref().is_some_and(|sides| sides.home == team("a1"));
        let goals = if is_home { [goals, 0] } else { [0, goals] };
        record(&mut admin, result(&game.name, goals)).await.expect("it is recorded");
    }
    let named = |activities: &[Activity]| {
        let of_knockout = activities.iter().filter_map(|activity| activity.r#match.clone());
        let of_knockout = of_knockout.filter(|sides| sides.group.is_empty());
        let sides = of_knockout.flat_map(|sides| [sides.home, sides.away]);
        sides.filter(|side| side.starts_with(CUP)).collect::<BTreeSet<_>>()
    };
    assert_eq!(named(&matches_of(&mut admin, "cup").await), BTreeSet::new());
    let last = between(&activities, ["a2", "a3"]).name.clone();
    let cancel = CancelActivityRequest {
        name: last,
        reason: "the pitch is under water".into(),
        ..CancelActivityRequest::default()
    };
    answered(admin.schedule.cancel_activity(cancel).await);
    // the third of the group plays for a place, too
    let expected: BTreeSet<String> = ["a1", "a2", "a3"].map(team).into();
    assert_eq!(named(&matches_of(&mut admin, "cup").await), expected);
}

async fn what_nothing_separates_asks_for_lots(stage: Stage) {
    let mut admin = stage.admin();
    make::set_up(&mut admin, 2, cup("AB")).await;
    let activities = made(&mut admin).await.activities;
    // after the groups, and before the semi-finals
    stage.clock().expect("a clock of ours").advance(SignedDuration::from_hours(3 * 24 + 10));
    let mut admin = stage.admin();
    let lots = |group: &str, teams: &[&str]| RecordLotsRequest {
        parent: CUP.into(),
        competition: "men".into(),
        group: group.into(),
        teams: teams.iter().map(|id| team(id)).collect(),
        ..RecordLotsRequest::default()
    };
    let early = admin.competitions.record_lots(lots("A", &[])).await;
    refused(early, Code::FailedPrecondition, "LOTS_NOT_NEEDED");
    for activity in
        activities.iter().filter(|one| one.r#match.as_ref().is_some_and(|game| !game.group.is_empty()))
    {
        record(&mut admin, result(&activity.name, [1, 1])).await.expect("recorded");
    }
    let tied = table(&mut admin, "A").await;
    assert!(tied.needs_lots && tied.complete);
    assert_eq!(positions(&tied), [("a1", 1), ("a2", 1), ("a3", 1)]);
    refused_field(admin.competitions.record_lots(lots("A", &["a3", "a1"])).await, "teams");
    let reply = answered(admin.competitions.record_lots(lots("A", &["a3", "a1", "a2"])).await);
    assert_eq!(positions(&reply.table.expect("the table")), [("a3", 1), ("a1", 2), ("a2", 3)]);
    assert_eq!(reply.changed.len(), 3, "two semi-finals, and the match of the thirds");
    assert_eq!(reply.lots.expect("the lots").seed, "");
    // Matchday draws the others, and keeps what it drew from
    let reply = answered(admin.competitions.record_lots(lots("B", &[])).await);
    let drawn = reply.lots.expect("the lots");
    assert_eq!((drawn.teams.len(), drawn.seed.is_empty()), (3, false));
    let table_of_b = reply.table.expect("the table");
    assert_eq!(table_of_b.standings[1].decided_by(), TieBreaker::Lots);
    assert_eq!(table_of_b.standings[0].team, drawn.teams[0]);
    // a correction before anything has begun is followed
    let first = between(&activities, ["a3", "a2"]);
    let a3_is_home = first.r#match.as_ref().is_some_and(|game| game.home == team("a3"));
    let goals = if a3_is_home { [0, 3] } else { [3, 0] };
    refused(
        record(&mut admin, result(&first.name, goals)).await,
        Code::FailedPrecondition,
        "RESULT_RECORDED",
    );
    let correction = RecordResultRequest { reason: "counted again".into(), ..result(&first.name, goals) };
    let reply = record(&mut admin, correction).await.expect("nothing has begun after it");
    assert_eq!(positions(&table(&mut admin, "A").await), [("a2", 1), ("a1", 2), ("a3", 3)]);
    assert_eq!(reply.changed.len(), 2, "the second stays where it was");
}

/// The strength that the published results of 2023 suggest.
const MEN: [&str; 12] = [
    "paulista-men",
    "sute",
    "myongji",
    "republic",
    "hohai",
    "la-matanza",
    "men-12",
    "ramon-llull",
    "western-sydney",
    "split",
    "auckland",
    "uvt",
];

async fn the_men_of_2023_play_to_the_final(mut stage: Stage) {
    let mut admin = stage.admin();
    let token = stage.data().join("admin.token").display().to_string();
    for (what, file, service) in
        [("site", "site.yaml", "venues"), ("tournament", "tournament.yaml", "scheduling")]
    {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/fisu-2023").join(file);
        let (file, server) = (file.display().to_string(), stage.town().url(service));
        let _ = command(&[what, "import", &file, "--server", &server, "--token-file", &token]);
    }
    let strength = MEN.map(|id| format!("tournaments/fisu-2023/teams/{id}"));
    assert_eq!(play(&mut admin, "fisu-2023", "men", &strength).await, 28);
    let ranks = ranks(&mut admin, "fisu-2023", "men").await;
    assert_eq!(ranks.len(), 12);
    assert_eq!(ranks.values().collect::<BTreeSet<_>>(), strength.iter().collect::<BTreeSet<_>>());
    let podium = [1, 2, 3].map(|rank| ranks[&rank].clone());
    assert_eq!(podium.as_slice(), &strength[..3]);
    // the quarter-finals wait for groups, and were told who plays
    let (activity, game) = game(&mut admin, "tournaments/fisu-2023/activities/m25").await;
    assert_eq!(
        (game.home_slot.as_str(), game.home.as_str()),
        ("first of men's group A", strength[4].as_str())
    );
    assert_eq!(activity.title, "Men's quarter-final 1");
}
