//! The files of `examples/fisu-2023`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use matchday_api::scheduling::v1::{Activity, ActivityKind};
use matchday_api::venues::v1::VenuePurpose;

use crate::file::{site, tournament};

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
