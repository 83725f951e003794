use std::str::FromStr;

use matchday_kernel::{
    ActivityName, BookingName, NameError, ScheduleVersionName, ServiceName, SessionName, SiteName, Slug,
    StaffName, TeamName, TournamentName, VenueName, ZoneName,
};
use proptest::prelude::*;
use uuid::Uuid;

const SLUG: &str = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

fn slug(text: &str) -> Slug {
    text.parse().expect("the test writes a proper slug")
}

fn refusal<T: FromStr<Err = NameError> + std::fmt::Debug>(text: &str) -> String {
    text.parse::<T>().expect_err("the test writes a malformed name").to_string()
}

#[test]
fn names_are_built_from_the_top_down_and_read_back() {
    let site = SiteName::new(slug("jinjiang"));
    let venue = VenueName::new(&site, slug("stadium"));
    let zone = ZoneName::new(&venue, slug("north-stand"));
    let booking = BookingName::new(&zone, slug("b1"));

    let written = "sites/jinjiang/venues/stadium/zones/north-stand/bookings/b1";
    assert_eq!(booking.as_str(), written);
    assert_eq!(booking.to_string(), written);
    assert_eq!(written.parse(), Ok(booking.clone()));
    assert_eq!(BookingName::try_from(written.to_owned()), Ok(booking.clone()));
    assert_eq!(String::from(booking.clone()), written);
    assert_eq!(booking.id(), "b1");
    assert_eq!(booking.parent(), zone);
    assert_eq!(zone.parent(), venue);
    assert_eq!(venue.parent(), site);
    assert_eq!(site.id(), "jinjiang");
}

#[test]
fn every_name_has_its_pattern() {
    let tournament = TournamentName::new(slug("fisu-2023"));
    let names = [
        tournament.to_string(),
        TeamName::new(&tournament, slug("brazil-women")).to_string(),
        ActivityName::new(&tournament, slug("m17")).to_string(),
        SessionName::new(&tournament, slug("s3")).to_string(),
        ScheduleVersionName::new(&tournament, slug("4")).to_string(),
        StaffName::new(slug("lin")).to_string(),
        ServiceName::new(slug("venues")).to_string(),
    ];
    assert_eq!(
        names,
        [
            "tournaments/fisu-2023",
            "tournaments/fisu-2023/teams/brazil-women",
            "tournaments/fisu-2023/activities/m17",
            "tournaments/fisu-2023/sessions/s3",
            "tournaments/fisu-2023/versions/4",
            "staff/lin",
            "services/venues",
        ]
    );
    assert_eq!(TeamName::PATTERN.as_str(), "tournaments/{tournament}/teams/{team}");
}

#[test]
fn a_malformed_name_says_what_is_wrong() {
    let form = "is not of the form sites/{site}/venues/{venue}";
    let cases = [
        ("", "nothing is written"),
        ("sites/jinjiang", "4 segments are expected in place of 2"),
        ("sites/jinjiang/venues/stadium/", "4 segments are expected in place of 5"),
        ("sites//venues/stadium", "the site is empty"),
        ("sites/jinjiang/venues/", "the venue is empty"),
        ("sites/jinjiang/halls/stadium", "\"venues\" is expected in place of \"halls\""),
        ("/jinjiang/venues/stadium", "\"sites\" is expected in place of \"\""),
        ("Sites/jinjiang/venues/stadium", "\"sites\" is expected in place of \"Sites\""),
        ("sites/Jinjiang/venues/stadium", "the site has characters other than a-z, 0-9 and -"),
        ("sites/jinjiang/venues/体育场", "the venue has characters other than a-z, 0-9 and -"),
        ("sites/jinjiang/venues/stadium ", "the venue has characters other than a-z, 0-9 and -"),
        ("sites/jinjiang/venues/-", "the venue begins or ends with a hyphen"),
        ("sites/{site}/venues/x", "the site has characters other than a-z, 0-9 and -"),
    ];
    for (written, problem) in cases {
        assert_eq!(refusal::<VenueName>(written), format!("{written:?} {form}: {problem}"));
    }
}

#[test]
fn a_slug_has_1_to_63_characters() {
    assert!("a".repeat(63).parse::<Slug>().is_ok());
    let long = "a".repeat(64);
    let form = format!("is not of the form {SLUG}");
    assert_eq!(refusal::<Slug>(&long), format!("{long:?} {form}: it is longer than 63 characters"));
    assert_eq!(refusal::<Slug>(""), format!("\"\" {form}: it is empty"));
    assert_eq!(refusal::<Slug>("a-"), format!("\"a-\" {form}: it begins or ends with a hyphen"));
}

#[test]
fn a_long_text_is_cut_in_the_error() {
    let error = "球".repeat(10_000).parse::<SiteName>().expect_err("it is not a name");
    assert_eq!(error.written, format!("{}…", "球".repeat(200)));
    assert_eq!(error.pattern, "sites/{site}");
}

#[test]
fn a_uuid_is_a_slug() {
    let id = Uuid::from_u128(0x0123_4567_89ab_7def_8000_0000_0000_0001);
    assert_eq!(Slug::from(id).to_string().parse(), Ok(Slug::from(id)));
}

proptest! {
    #[test]
    fn any_slugs_make_a_name_that_reads_back(tournament in SLUG, activity in SLUG) {
        let parent = TournamentName::new(slug(&tournament));
        let name = ActivityName::new(&parent, slug(&activity));
        prop_assert_eq!(name.as_str().parse(), Ok(name.clone()));
        prop_assert_eq!(name.id(), activity);
        prop_assert_eq!(name.parent(), parent);
    }

    #[test]
    fn what_is_read_is_what_was_written(text in "(sites|site|)(/[a-z-]{0,3}){0,4}|.*") {
        if let Ok(name) = text.parse::<VenueName>() {
            prop_assert_eq!(name.as_str(), &text);
            prop_assert_eq!(VenueName::new(&name.parent(), slug(name.id())), name);
        }
    }
}
