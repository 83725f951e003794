//! The files of `examples/fisu-2023`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use matchday_api::scheduling::v1::{Activity, ActivityKind, FormatKind, TieBreakOrder};
use matchday_api::venues::v1::VenuePurpose;

use crate::file::{competitions, competitions_text, frame, rules, site, tournament};

fn example(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/fisu-2023").join(file)
}

/// How many matches of a competition there are, by stage.
fn stages(activities: &[Activity], competition: &str) -> BTreeMap<String, usize> {
    let mut stages = BTreeMap::new();
    let played = activities.iter().filter_map(|activity| activity.r#match.as_ref());
    for played in played.filter(|played| played.competition == competition) {
        *stages.entry(played.stage.clone()).or_default() += 1;
    }
    stages
}

#[test]
fn examples_hold_the_site_and_its_two_programmes() {
    let site = site(&example("site.yaml")).unwrap();
    let venues = |purpose| site.venues.iter().filter(|venue| venue.purpose() == purpose).count();
    assert_eq!(venues(VenuePurpose::Match), 6);
    assert_eq!(venues(VenuePurpose::Reserve), 1);
    assert_eq!(venues(VenuePurpose::Training), 6);

    let neighbours = tournament(&example("neighbours.yaml")).unwrap();
    assert!(neighbours.teams.is_empty() && neighbours.sessions.is_empty());
    let games = tournament(&example("tournament.yaml")).unwrap();
    assert_eq!(games.tournament.unwrap().name, "tournaments/fisu-2023");
    assert_eq!(games.teams.iter().filter(|team| team.competition == "men").count(), 12);
    assert_eq!(games.teams.iter().filter(|team| team.competition == "women").count(), 8);
    let matches = games.activities.iter().filter(|activity| activity.kind() == ActivityKind::Match);
    assert_eq!(matches.count(), 46);

    let opening = games.activities.iter().filter(|activity| activity.session.ends_with("/sessions/opening"));
    let opening: Vec<&str> = opening.map(|activity| activity.name.as_str()).collect();
    let expected = ["opening-ceremony", "m01", "welcome-market"];
    assert_eq!(opening, expected.map(|id| format!("tournaments/fisu-2023/activities/{id}")));

    for activity in games.activities.iter().chain(&neighbours.activities) {
        assert!(site.zones.iter().any(|zone| zone.name == activity.zone), "{}", activity.zone);
        let provenance = activity.provenance.as_ref().unwrap();
        assert!(!provenance.generated.is_empty(), "{} says what was generated", activity.name);
    }
}

#[test]
fn example_tournament_has_46_matches_in_the_stages_played() {
    let games = tournament(&example("tournament.yaml")).unwrap();
    let men = [
        ("eleventh place", 1),
        ("fifth place", 1),
        ("final", 1),
        ("group", 12),
        ("ninth place", 1),
        ("placement 5-8", 2),
        ("placement 9-12", 2),
        ("quarter-final", 4),
        ("semi-final", 2),
        ("seventh place", 1),
        ("third place", 1),
    ];
    let women = [
        ("fifth place", 1),
        ("final", 1),
        ("group", 12),
        ("semi-final", 2),
        ("seventh place", 1),
        ("third place", 1),
    ];
    let counted = |stages: &[(&str, usize)]| {
        stages.iter().map(|(stage, count)| ((*stage).to_owned(), *count)).collect()
    };
    assert_eq!(stages(&games.activities, "men"), counted(&men));
    assert_eq!(stages(&games.activities, "women"), counted(&women));
}

#[test]
fn the_frame_of_the_example_names_its_places_teams_and_matches() {
    let (site, games) =
        (site(&example("site.yaml")).unwrap(), tournament(&example("tournament.yaml")).unwrap());
    let request = frame(&example("timetable.yaml")).unwrap();
    assert_eq!(request.parent, "tournaments/fisu-2023");
    let frame = request.frame.unwrap();
    let is_zone = |name: &String| site.zones.iter().any(|zone| zone.name == *name);
    assert_eq!(frame.pitches.len(), 7, "six match venues and the reserve");
    assert!(frame.pitches.iter().all(|pitch| is_zone(&pitch.zone) && is_zone(&pitch.warm_up_area)));
    let named: Vec<String> = frame.teams.iter().map(|team| team.team.clone()).collect();
    let entered = games.teams.iter().map(|team| team.name.rsplit('/').next().unwrap_or_default());
    assert_eq!(named, entered.collect::<Vec<_>>());
    let steps: Vec<usize> = frame.ladder.iter().map(|step| step.easings.len()).collect();
    assert_eq!(steps, [1, 1, 1, 1]);
    assert!(rules(&example("rules.yaml")).unwrap().len() > 20);
}

#[test]
fn examples_hold_what_the_competitions_are_like() {
    let cup = "tournaments/fisu-2023".parse().unwrap();
    let read = competitions(&example("competitions.yaml"), &cup).unwrap();
    let told: Vec<_> = read
        .iter()
        .map(|one| (one.competition.as_str(), one.format.as_ref().unwrap().kind(), one.order()))
        .collect();
    let both = |name| (name, FormatKind::GroupsAndKnockout, TieBreakOrder::Fifa);
    assert_eq!(told, [both("men"), both("women")]);

    let alone = "competitions:\n  - competition: men\n    format: { kind: knockout, seeds: [hohai] }\n";
    let read = competitions_text("f", alone, &cup).unwrap();
    assert_eq!(read[0].format.as_ref().unwrap().seeds, ["tournaments/fisu-2023/teams/hohai"]);
    let wrong = alone.replace("knockout", "ladder");
    let error = competitions_text("f", &wrong, &cup).unwrap_err().to_string();
    assert!(error.starts_with("f:3: competitions[0].format.kind: \"ladder\" is none of league"), "{error}");
}
