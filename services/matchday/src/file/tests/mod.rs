//! Files that are right; those of `examples/fisu-2023` and those that are wrong have their own modules.

mod applications;
mod examples;
mod openfootball;
mod plan;
mod refused;
mod rosters;

use matchday_api::venues::v1::{VenuePurpose, ZoneKind};

use super::{site_text, tournament_text};

const SITE: &str = r#"site: alps
display_name: Alpine ground
time_zone: Europe/Paris
venues:
  - id: main
    display_name: Main ground
    purpose: match
    seats: 1200
    generated: [seats]
    zones:
      - { id: pitch, kind: pitch, display_name: Pitch, source: a plan }
      - { id: warm-up, kind: warm-up-area, display_name: Warm-up, generated: ["*"] }
"#;

const TOURNAMENT: &str = r#"tournament: cup
display_name: Cup
time_zone: Europe/Paris
start_date: 2023-10-28
end_date: "2023-10-29"
sites: [alps]
source: a poster
teams:
  - { id: reds, display_name: Reds, competition: men, group: A }
  - { id: blues, display_name: Blues, competition: men }
sessions:
  - { id: night, title: Night, venue: alps/main, expected_attendance: 900, class: evening }
activities:
  - id: m01
    kind: match
    title: Night match
    zone: alps/main/pitch
    start: 2023-10-28 20:00
    duration: 1h 55m
    set_up: 10m
    session: night
    match: { competition: men, stage: group, home: reds, away: blues, result: { home_goals: 0, note: "half-time" } }
    generated: [match.result]
  - id: m02
    kind: match
    title: Final
    zone: alps/main/pitch
    start: "2023-10-29 20:00"
    duration: 2h 40m
    match: { competition: men, stage: final, home: winner of m01, away: best second, officials: [referee-03, referee-04] }
    class: final-match
"#;

#[test]
fn site_becomes_a_request_with_full_names() {
    let request = site_text("f", SITE).unwrap();
    let site = request.site.unwrap();
    assert_eq!((site.name.as_str(), site.time_zone.as_str()), ("sites/alps", "Europe/Paris"));
    let venue = &request.venues[0];
    assert_eq!((venue.name.as_str(), venue.seats), ("sites/alps/venues/main", 1200));
    assert_eq!(venue.purpose(), VenuePurpose::Match);
    assert_eq!(venue.provenance.as_ref().unwrap().generated, ["seats"]);
    assert_eq!(request.zones[0].provenance.as_ref().unwrap().source, "a plan");
    assert_eq!(request.zones[1].name, "sites/alps/venues/main/zones/warm-up");
    assert_eq!(request.zones[1].kind(), ZoneKind::WarmUpArea);
    assert_eq!(request.request_id, "");
}

#[test]
fn tournament_becomes_a_request_with_full_names_and_instants() {
    let request = tournament_text("f", TOURNAMENT).unwrap();
    let tournament = request.tournament.unwrap();
    assert_eq!(tournament.name, "tournaments/cup");
    assert_eq!(tournament.sites, ["sites/alps"]);
    assert_eq!((tournament.start_date.as_str(), tournament.end_date.as_str()), ("2023-10-28", "2023-10-29"));
    assert_eq!(request.sessions[0].venue, "sites/alps/venues/main");
    let [first, second] = request.activities.as_slice() else { panic!("two activities") };
    assert_eq!(first.zone, "sites/alps/venues/main/zones/pitch");
    assert_eq!(first.session, "tournaments/cup/sessions/night");
    // Paris is two hours ahead of UTC until the 29th, and one hour after.
    assert_eq!(first.start_time.unwrap().to_string(), "2023-10-28T18:00:00Z");
    assert_eq!(first.end_time.unwrap().to_string(), "2023-10-28T19:55:00Z");
    assert_eq!(second.start_time.unwrap().to_string(), "2023-10-29T19:00:00Z");
    assert_eq!((first.set_up.unwrap().seconds, first.turnaround.unwrap().seconds), (600, 0));
    let played = first.r#match.as_ref().unwrap();
    assert_eq!((played.home.as_str(), played.group.as_str()), ("tournaments/cup/teams/reds", ""));
    let result = played.result.as_ref().unwrap();
    assert_eq!((result.home_goals, result.away_goals), (Some(0), None));
    let last = second.r#match.as_ref().unwrap();
    assert_eq!(
        (last.home.as_str(), last.officials.join("+").as_str()),
        ("winner of m01", "referee-03+referee-04")
    );
    assert_eq!((first.service_class.as_str(), second.service_class.as_str()), ("", "final-match"));
    assert_eq!(request.sessions[0].service_class, "evening");
}
