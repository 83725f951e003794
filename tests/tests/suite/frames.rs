//! What timetables are made within: applied, derived, refused; and the rules that the timetable engine decides.

use std::path::Path;

use matchday_api::{
    common::v1::Basis,
    scheduling::v1::{
        ApplyRulesRequest, ApplyTimetableFrameRequest, CheckScheduleRequest, CheckScheduleResponse,
        DailyWindow, DayList, FrameApplied, FrameClosure, FrameDay, FrameEasing, FrameLodging, FrameMatches,
        FrameOrigin, FramePitch, FrameStep, FrameTeam, GetTimetableFrameRequest, KickOffWindow, KickOffs,
        MatchList, PlaceSuggestion, Rule, RuleKind, RuleOutcome, RuleReport, RuleScope, RuleSeverity,
        SuggestPlacesRequest, TimetableFrame, rule::Value,
    },
};
use matchday_tests::{
    clients::Clients,
    log, make, on_every_stage, on_separate_processes,
    process::command,
    refusal::{answered, refused, refused_field, subjects},
    stage::Stage,
};
use tonic::{Code, Status};

on_every_stage! {
    a_frame_is_applied_whole_and_derived_where_it_is_silent
    wrong_frames_are_named
}

on_separate_processes! {
    the_reference_tournament_keeps_what_its_committee_decided
}

const CAMP: &str = "tournaments/camp";

async fn in_force(admin: &mut Clients, tournament: &str) -> (TimetableFrame, FrameOrigin) {
    let request = GetTimetableFrameRequest { parent: tournament.into() };
    let response = answered(admin.frames.get_timetable_frame(request).await);
    let origin = response.origin();
    (response.frame.expect("a frame"), origin)
}

fn apply(frame: TimetableFrame) -> ApplyTimetableFrameRequest {
    ApplyTimetableFrameRequest {
        parent: CAMP.into(),
        frame: Some(frame),
        ..ApplyTimetableFrameRequest::default()
    }
}

fn kick_offs(times: &[&str]) -> KickOffs {
    KickOffs { times: times.iter().map(ToString::to_string).collect(), windows: vec![] }
}

async fn a_frame_is_applied_whole_and_derived_where_it_is_silent(stage: Stage) {
    let mut admin = stage.admin();
    make::set_up(&mut admin, 1, make::programme("camp", &[("a1", 1, 600, 60)])).await;
    let (derived, origin) = in_force(&mut admin, CAMP).await;
    assert_eq!(origin, FrameOrigin::Derived);
    assert_eq!(derived.name, "tournaments/camp/timetableFrame");
    assert!(derived.etag.is_empty() && derived.pitches.is_empty(), "no match is played: {derived:?}");

    let wanted = TimetableFrame {
        kick_offs: Some(kick_offs(&["16:00", "19:00"])),
        pitches: vec![FramePitch { zone: make::pitch(1), capacity: 500, ..FramePitch::default() }],
        kept: vec!["a1".into()],
        ..TimetableFrame::default()
    };
    let trial = ApplyTimetableFrameRequest { validate_only: true, ..apply(wanted.clone()) };
    let before = log::head(&mut admin.scheduling, "scheduling").await;
    answered(admin.frames.apply_timetable_frame(trial).await);
    assert_eq!(in_force(&mut admin, CAMP).await.1, FrameOrigin::Derived, "nothing was changed");

    let request = ApplyTimetableFrameRequest { request_id: "first".into(), ..apply(wanted) };
    let applied = answered(admin.frames.apply_timetable_frame(request.clone()).await);
    assert_eq!(answered(admin.frames.apply_timetable_frame(request).await), applied);
    let events = log::whole(&mut admin.scheduling, "scheduling").await;
    assert_eq!(i64::try_from(events.len()), Ok(before + 1), "one event, and none for the repeat");
    let event = events.last().and_then(log::read::<FrameApplied>).expect("a frame was applied");
    assert_eq!((event.tournament.as_str(), &event.frame), (CAMP, &applied.frame));

    let (frame, origin) = in_force(&mut admin, CAMP).await;
    assert_eq!((Some(&frame), origin), (applied.frame.as_ref(), FrameOrigin::Applied));
    let second = TimetableFrame { kept: vec![], ..frame.clone() };
    answered(admin.frames.apply_timetable_frame(apply(second)).await);
    let late = admin.frames.apply_timetable_frame(apply(frame)).await;
    refused(late, Code::Aborted, "ETAG_MISMATCH");
    assert!(in_force(&mut admin, CAMP).await.0.kept.is_empty());
    let mut viewer = stage.clients("viewer@tournaments/camp");
    assert_eq!(in_force(&mut viewer, CAMP).await.1, FrameOrigin::Applied);
    let denied = viewer.frames.apply_timetable_frame(apply(TimetableFrame::default())).await;
    refused(denied, Code::PermissionDenied, "PERMISSION_MISSING");
}

async fn wrong_frames_are_named(stage: Stage) {
    let mut admin = stage.admin();
    make::set_up(&mut admin, 1, make::programme("camp", &[])).await;
    let of_pitch = |pitch: FramePitch| TimetableFrame { pitches: vec![pitch], ..TimetableFrame::default() };
    let pitch = FramePitch { zone: make::pitch(1), ..FramePitch::default() };
    let at = |times: KickOffs| TimetableFrame { kick_offs: Some(times), ..TimetableFrame::default() };
    let window = KickOffWindow { from: "10:00".into(), until: "20:00".into(), step: Some(make::minutes(30)) };
    let within = |window: KickOffWindow| at(KickOffs { times: vec![], windows: vec![window] });
    let day = |date: &str| FrameDay { date: date.into(), ..FrameDay::default() };
    let closure =
        FrameClosure { start_time: Some(make::at(60)), end_time: Some(make::at(0)), why: "x".into() };
    let hours = DailyWindow { opens: "8".into(), closes: "24:00".into() };
    let team = FrameTeam { team: "hohai".into(), people: 20, lodging: "inn".into() };
    let step = FrameStep { title: "more".into(), easings: vec![FrameEasing { easing: None }] };
    let lodging = FrameLodging { id: "inn".into(), ways: vec![] };
    let with = |change: &dyn Fn(&mut TimetableFrame)| {
        let mut frame = TimetableFrame::default();
        change(&mut frame);
        frame
    };
    for (frame, field) in [
        (at(kick_offs(&["19:00", "7 pm"])), "frame.kick_offs.times[1]"),
        (
            within(KickOffWindow { until: "09:00".into(), ..window.clone() }),
            "frame.kick_offs.windows[0].until",
        ),
        (within(KickOffWindow { step: None, ..window.clone() }), "frame.kick_offs.windows[0].step"),
        (with(&|it| it.days = vec![day("21 October")]), "frame.days[0].date"),
        (with(&|it| it.days = vec![day("2023-10-21"), day("2023-10-21")]), "frame.days[1].date"),
        (of_pitch(FramePitch::default()), "frame.pitches[0].zone"),
        (with(&|it| it.pitches = vec![pitch.clone(), pitch.clone()]), "frame.pitches[1].zone"),
        (of_pitch(FramePitch { capacity: -1, ..pitch.clone() }), "frame.pitches[0].capacity"),
        (
            of_pitch(FramePitch { hours: Some(hours.clone()), ..pitch.clone() }),
            "frame.pitches[0].hours.opens",
        ),
        (
            of_pitch(FramePitch { closures: vec![closure.clone()], ..pitch.clone() }),
            "frame.pitches[0].closures[0].end_time",
        ),
        (
            with(&|it| it.matches = vec![FrameMatches { people: Some(-1), ..FrameMatches::default() }]),
            "frame.matches[0].people",
        ),
        (with(&|it| it.kept = vec!["M 1".into()]), "frame.kept[0]"),
        (with(&|it| it.teams = vec![team.clone()]), "frame.teams[0].lodging"),
        (with(&|it| it.lodgings = vec![lodging.clone(), lodging.clone()]), "frame.lodgings[1].id"),
        (with(&|it| it.ladder = vec![step.clone()]), "frame.ladder[0].easings[0].easing"),
    ] {
        refused_field(admin.frames.apply_timetable_frame(apply(frame)).await, field);
    }
    assert_eq!(in_force(&mut admin, CAMP).await.1, FrameOrigin::Derived, "nothing of it stays");
    let nowhere = GetTimetableFrameRequest { parent: "tournaments/nowhere".into() };
    refused(admin.frames.get_timetable_frame(nowhere).await, Code::NotFound, "RESOURCE_NOT_FOUND");
}

async fn check(admin: &mut Clients) -> CheckScheduleResponse {
    let parent = "tournaments/fisu-2023".to_owned();
    answered(admin.checks.check_schedule(CheckScheduleRequest { parent }).await)
}

fn report<'a>(checked: &'a CheckScheduleResponse, rule: &str) -> &'a RuleReport {
    let of = |report: &&RuleReport| report.rule.as_ref().is_some_and(|of| of.id == rule);
    checked.reports.iter().find(of).expect("a report for each rule")
}

fn rule(id: &str, kind: RuleKind, value: Option<Value>) -> Rule {
    Rule {
        id: id.into(),
        kind: kind.into(),
        severity: RuleSeverity::Hard.into(),
        source: "a test".into(),
        basis: Basis::Assumed.into(),
        value,
        ..Rule::default()
    }
}

async fn suggested(admin: &mut Clients, match_id: &str) -> Result<Vec<PlaceSuggestion>, Status> {
    let name = make::name("fisu-2023", match_id);
    let answer = admin.frames.suggest_places(SuggestPlacesRequest { name, most: 0 }).await;
    answer.map(|response| response.into_inner().suggestions)
}

/// The best places for a match stand first, each with what it does to the rules.
async fn places_are_ranked(admin: &mut Clients) {
    let places = suggested(admin, "m17").await.expect("places for m17");
    let rank = |place: &PlaceSuggestion| (place.hard_violations, place.cost);
    assert!(places.len() > 10 && places.is_sorted_by_key(rank), "{places:#?}");
    assert_eq!(places.iter().filter(|place| place.stands).count(), 1);
    // 28 October, on the clocks of Jinjiang: minutes are counted from 08:00 there
    let cultural_day = make::at(7 * 1440 - 480).seconds..make::at(8 * 1440 - 480).seconds;
    let kick_offs = places.iter().filter_map(|place| place.start_time);
    assert!(kick_offs.clone().count() == places.len());
    assert!(kick_offs.into_iter().all(|time| !cultural_day.contains(&time.seconds)), "{places:#?}");
    let worse = places.iter().find(|place| place.cost > 0).expect("some place costs more");
    assert!(!worse.effects.is_empty() && worse.effects[0].units != 0, "{worse:#?}");
    let kept = suggested(admin, "m06").await.expect("the place of m06");
    assert!(kept.len() == 1 && kept[0].stands, "it is kept: {kept:#?}");

    refused(suggested(admin, "m99").await, Code::NotFound, "RESOURCE_NOT_FOUND");
    refused_field(suggested(admin, "opening-ceremony").await, "name");
}

async fn the_reference_tournament_keeps_what_its_committee_decided(mut stage: Stage) {
    let mut admin = stage.admin();
    let token = stage.data().join("admin.token").display().to_string();
    let file = |name: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/fisu-2023").join(name);
        path.display().to_string()
    };
    for (what, name, service) in
        [("site", "site.yaml", "venues"), ("tournament", "tournament.yaml", "scheduling")]
    {
        let server = stage.town().url(service);
        let _ = command(&[what, "import", &file(name), "--server", &server, "--token-file", &token]);
    }
    let server = stage.town().url("scheduling");
    let run = |args: &[&str]| command(&[args, &["--server", &server, "--token-file", &token]].concat());
    let frame = run(&["schedule", "frame", "apply", &file("timetable.yaml")]);
    assert!(frame.contains("2023-10-28 (none)") && frame.contains("jinjiang/reserve/pitch"), "{frame}");
    let _ = run(&["rule", "apply", &file("rules.yaml"), "--tournament", "fisu-2023"]);

    let checked = check(&mut admin).await;
    let broken: Vec<_> = checked.reports.iter().filter(|report| report.violation_count > 0).collect();
    assert_eq!(checked.hard_violations, 0, "{broken:#?}");
    for id in [
        "no-match-on-the-cultural-day",
        "finals-on-the-last-day",
        "womens-final-in-the-afternoon",
        "mens-final-in-the-evening",
        "womens-final-first",
        "mens-final-in-the-park",
        "matches-per-pitch-and-day",
        "fits-capacity",
        "way-to-a-match",
    ] {
        let report = report(&checked, id);
        assert_eq!(report.outcome(), RuleOutcome::Checked, "{report:?}");
        assert!(report.looked_at > 0, "{report:?}");
    }
    let neutral = report(&checked, "official-neutral");
    assert_eq!(neutral.outcome(), RuleOutcome::NotApplicable, "no official is known: {neutral:?}");
    let rested = report(&checked, "equal-rest");
    assert!(rested.looked_at > 0, "the matches that two others feed: {rested:?}");
    places_are_ranked(&mut admin).await;
    let ranked = run(&["schedule", "suggest", "fisu-2023/m17", "--most", "50"]);
    assert!(ranked.contains("stands here now"), "{ranked}");
    let shown = run(&["schedule", "check", "fisu-2023"]);
    assert_eq!(shown, run(&["check", "fisu-2023"]), "one check, by two names");

    // what is broken is told by whom and with what would resolve it
    let scope = Some(RuleScope { matches: vec!["m45".into()], ..RuleScope::default() });
    let days = |date: &str| Some(Value::Days(DayList { dates: vec![date.into()] }));
    let order = Some(Value::Matches(MatchList { ids: vec!["m46".into(), "m45".into()] }));
    let rules = vec![
        Rule { scope, ..rule("elsewhere", RuleKind::OnDays, days("2023-10-30")) },
        rule("order", RuleKind::MatchesInOrder, order),
        rule("typo", RuleKind::NotOnDays, days("2022-10-28")),
    ];
    let request =
        ApplyRulesRequest { parent: "tournaments/fisu-2023".into(), rules, ..ApplyRulesRequest::default() };
    answered(admin.checks.apply_rules(request).await);
    let checked = check(&mut admin).await;
    assert_eq!(checked.hard_violations, 2);
    for (id, words) in [("elsewhere", "m45"), ("order", "m46")] {
        let [violation] = &report(&checked, id).violations[..] else { panic!("{checked:#?}") };
        assert!(violation.sentence.contains(words), "{violation:?}");
        assert!(violation.resources[0].starts_with("tournaments/fisu-2023/activities/m4"), "{violation:?}");
        assert!(!violation.resolution.is_empty(), "{violation:?}");
    }
    let typo = report(&checked, "typo");
    assert_eq!(typo.outcome(), RuleOutcome::NotApplicable);
    assert!(typo.why.contains("2022-10-28, which is no day of the tournament"), "{}", typo.why);

    // and no search begins with it: every fault is told at once
    let mut frame = in_force(&mut admin, "tournaments/fisu-2023").await.0;
    let closure = FrameClosure {
        start_time: Some(make::at(-2 * 1440)),
        end_time: Some(make::at(20 * 1440)),
        why: "works".into(),
    };
    frame.pitches[6].closures = vec![closure];
    let parent = "tournaments/fisu-2023".to_owned();
    answered(admin.frames.apply_timetable_frame(ApplyTimetableFrameRequest { parent, ..apply(frame) }).await);
    let faults = refused(suggested(&mut admin, "m17").await, Code::FailedPrecondition, "TIMETABLE_INVALID");
    assert_eq!(subjects(&faults), ["unknown", "unknown", "never-open"]);
}
