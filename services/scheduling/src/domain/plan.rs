//! What a service plan must be like before anybody follows it.

use std::collections::BTreeSet;

use matchday_api::{common::v1::Basis, scheduling::v1 as pb};
use matchday_kernel::{KeyMoment, KeyTime, Slug, Violation};

/// Most classes of a plan, and most posts or work orders of a class.
pub const MOST_ITEMS: usize = 200;
/// Most people of a post.
pub const MOST_PEOPLE: i32 = 10_000;
/// Longest limit of work, in seconds: 48 hours.
pub const LONGEST_LIMIT: i64 = 48 * 3600;
/// Longest text, in bytes.
const LONGEST_TEXT: usize = 1000;
/// Most faults told at once.
const MOST_FAULTS: usize = 100;

/// Everything that is wrong with a plan, each with the path of its field (`plan.classes[0].posts[2].start`); at
/// most a hundred faults. Empty when it can be followed.
#[must_use]
pub fn faults(plan: &pb::ServicePlan) -> Vec<Violation> {
    let mut faults = Faults::default();
    faults.text("plan.title", &plan.title, true);
    faults.count("plan.classes", plan.classes.len());
    let mut ids = BTreeSet::new();
    for (index, class) in plan.classes.iter().enumerate() {
        let at = format!("plan.classes[{index}]");
        faults.id(&format!("{at}.id"), &class.id, &mut ids);
        faults.class(&at, class);
    }
    let mut kinds = BTreeSet::new();
    for (index, limit) in plan.limits.iter().enumerate() {
        let at = format!("plan.limits[{index}]");
        if limit.kind() == pb::WorkLimitKind::Unspecified {
            faults.add(format!("{at}.kind"), "is one of shift, day and rest".into());
        } else if !kinds.insert(limit.kind) {
            faults.add(format!("{at}.kind"), "stands twice".into());
        }
        // whole seconds: followers read the value as it stands
        if !limit.value.is_some_and(|value| value.nanos == 0 && (1..=LONGEST_LIMIT).contains(&value.seconds))
        {
            faults
                .add(format!("{at}.value"), "must be whole seconds, more than 0 and at most 48 hours".into());
        }
        faults.basis(&format!("{at}.basis"), limit.basis.as_ref());
    }
    faults.found
}

/// The classes of a plan that nothing has, and the classes that activities or sessions have and the plan does
/// not. `known` holds the classes that activities and sessions have, each with what has it.
#[must_use]
pub fn unmatched(
    plan: &pb::ServicePlan,
    known: &BTreeSet<(pb::PlanSubject, String)>,
) -> (Vec<String>, Vec<String>) {
    let asked: BTreeSet<(pb::PlanSubject, String)> =
        plan.classes.iter().map(|class| (class.subject(), class.id.clone())).collect();
    let ids = |of: Vec<&(pb::PlanSubject, String)>| of.into_iter().map(|(_, id)| id.clone()).collect();
    (ids(asked.difference(known).collect()), ids(known.difference(&asked).collect()))
}

/// By how many minutes the second moment comes after the first; `None` where only the key times can tell.
fn distance((from, until): (KeyMoment, KeyMoment)) -> Option<i32> {
    match (from, until) {
        (KeyMoment::Relative { key, offset }, KeyMoment::Relative { key: other, offset: later })
            if key == other =>
        {
            Some(later.as_minutes() - offset.as_minutes())
        }
        _ => None,
    }
}

#[derive(Default)]
struct Faults {
    found: Vec<Violation>,
}

impl Faults {
    fn add(&mut self, subject: String, description: String) {
        if self.found.len() < MOST_FAULTS {
            self.found.push(Violation { subject, description });
        }
    }

    fn class(&mut self, at: &str, class: &pb::PlanClass) {
        self.text(&format!("{at}.title"), &class.title, true);
        let subject = class.subject();
        if subject == pb::PlanSubject::Unspecified {
            self.add(format!("{at}.subject"), "is one of activity and session".into());
        }
        if let Some(gates) = &class.gates {
            self.gates(&format!("{at}.gates"), gates);
            if subject == pb::PlanSubject::Activity {
                self.add(format!("{at}.gates"), "belong to a session, not to an activity".into());
            }
        }
        self.count(&format!("{at}.posts"), class.posts.len());
        self.count(&format!("{at}.work_orders"), class.work_orders.len());
        let mut ids = BTreeSet::new();
        for (index, post) in class.posts.iter().enumerate() {
            let at = format!("{at}.posts[{index}]");
            self.id(&format!("{at}.id"), &post.id, &mut ids);
            self.text(&format!("{at}.title"), &post.title, true);
            self.text(&format!("{at}.unit"), &post.unit, false);
            if post.reserve && !post.unit.is_empty() {
                self.add(format!("{at}.reserve"), "is held by volunteers, not by a unit".into());
            }
            self.span(&at, ("start", &post.start), ("end", &post.end), post.on_delay());
            if !(1..=MOST_PEOPLE).contains(&post.headcount) {
                self.add(format!("{at}.headcount"), format!("must lie between 1 and {MOST_PEOPLE}"));
            }
            self.slugs(&format!("{at}.skills"), &post.skills);
            self.slugs(&format!("{at}.languages"), &post.languages);
            self.zone(&at, &post.zone);
            self.basis(&format!("{at}.basis"), post.basis.as_ref());
        }
        for (index, item) in class.work_orders.iter().enumerate() {
            let at = format!("{at}.work_orders[{index}]");
            self.id(&format!("{at}.id"), &item.id, &mut ids);
            self.text(&format!("{at}.title"), &item.title, true);
            self.text(&format!("{at}.assignee"), &item.assignee, false);
            self.span(&at, ("start", &item.start), ("due", &item.due), item.on_delay());
            self.zone(&at, &item.zone);
            self.basis(&format!("{at}.basis"), item.basis.as_ref());
        }
    }

    fn gates(&mut self, at: &str, gates: &pb::GatePlan) {
        let moments = [
            ("opens", &gates.opens),
            ("exit_only", &gates.exit_only),
            ("free_egress", &gates.free_egress),
            ("clears", &gates.clears),
        ];
        let mut before = None;
        for (field, text) in moments {
            let moment = self.moment(format!("{at}.{field}"), text);
            if let Some(KeyMoment::Relative { key: KeyTime::GatesOpen | KeyTime::Clear, .. }) = moment {
                let problem = "counts from KO, START or END: the gates are what GATES and CLEAR stand for";
                self.add(format!("{at}.{field}"), problem.into());
            }
            // they are open for a while; what comes then may come at once
            let least = i32::from(field == "exit_only");
            if before.zip(moment).and_then(distance).is_some_and(|minutes| minutes < least) {
                let problem = "is too early: gates open, let nobody in, let everybody out, and are cleared";
                self.add(format!("{at}.{field}"), problem.into());
            }
            before = moment;
        }
        self.slugs(&format!("{at}.gates"), &gates.gates);
        self.basis(&format!("{at}.basis"), gates.basis.as_ref());
    }

    /// A start and an end; where both count from one key time their order can be told.
    fn span(&mut self, at: &str, start: (&str, &str), end: (&str, &str), on_delay: pb::OnDelay) {
        let from = self.moment(format!("{at}.{}", start.0), start.1);
        let until = self.moment(format!("{at}.{}", end.0), end.1);
        if from.zip(until).and_then(distance).is_some_and(|by| by <= 0) {
            self.add(format!("{at}.{}", end.0), format!("{} is not after {}", end.1, start.1));
        }
        if on_delay == pb::OnDelay::Unspecified {
            self.add(format!("{at}.on_delay"), "is one of move, extend and stay".into());
        }
    }

    fn moment(&mut self, field: String, text: &str) -> Option<KeyMoment> {
        match text.parse::<KeyMoment>() {
            Ok(KeyMoment::Fixed(_)) => {
                self.add(field, "follows a key time, such as KO-120: a plan holds no dates".into());
                None
            }
            Ok(moment) => Some(moment),
            Err(error) => {
                self.add(field, error.to_string());
                None
            }
        }
    }

    fn id(&mut self, field: &str, id: &str, seen: &mut BTreeSet<String>) {
        if let Err(error) = id.parse::<Slug>() {
            self.add(field.into(), error.to_string());
        } else if !seen.insert(id.to_owned()) {
            self.add(field.into(), format!("{id} stands twice"));
        }
    }

    fn slugs(&mut self, field: &str, ids: &[String]) {
        self.count(field, ids.len());
        for (index, id) in ids.iter().enumerate().take(MOST_ITEMS) {
            if let Err(error) = id.parse::<Slug>() {
                self.add(format!("{field}[{index}]"), error.to_string());
            }
        }
    }

    fn zone(&mut self, at: &str, zone: &str) {
        if !zone.is_empty()
            && let Err(error) = zone.parse::<Slug>()
        {
            self.add(format!("{at}.zone"), error.to_string());
        }
    }

    fn basis(&mut self, field: &str, basis: Option<&pb::PlanBasis>) {
        let basis = basis.cloned().unwrap_or_default();
        if basis.basis() == Basis::Unspecified {
            self.add(field.into(), "is one of verified, reported and assumed".into());
        }
        self.text(&format!("{field}.source"), &basis.source, basis.basis() != Basis::Assumed);
    }

    fn text(&mut self, field: &str, text: &str, is_required: bool) {
        if is_required && text.trim().is_empty() {
            self.add(field.into(), "is required".into());
        } else if text.len() > LONGEST_TEXT || text.chars().any(char::is_control) {
            let problem = format!("is a text of at most {LONGEST_TEXT} bytes without control characters");
            self.add(field.into(), problem);
        } else if text.trim() != text {
            self.add(field.into(), "begins or ends with a space".into());
        }
    }

    fn count(&mut self, field: &str, count: usize) {
        if count > MOST_ITEMS {
            self.add(field.into(), format!("are more than {MOST_ITEMS}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan() -> pb::ServicePlan {
        let basis = Some(pb::PlanBasis { basis: Basis::Assumed.into(), source: String::new() });
        let post = pb::Post {
            id: "pitch-crew".into(),
            title: "Pitch crew".into(),
            start: "KO-300".into(),
            end: "END+60".into(),
            on_delay: pb::OnDelay::Extend.into(),
            headcount: 4,
            basis: basis.clone(),
            ..pb::Post::default()
        };
        let class = pb::PlanClass {
            id: "group-match".into(),
            title: "Group match".into(),
            subject: pb::PlanSubject::Activity.into(),
            posts: vec![post],
            ..pb::PlanClass::default()
        };
        let limit = pb::WorkLimit {
            kind: pb::WorkLimitKind::Shift.into(),
            value: Some(prost_types::Duration { seconds: 8 * 3600, nanos: 0 }),
            hard: false,
            basis,
        };
        pb::ServicePlan {
            title: "Plan".into(),
            classes: vec![class],
            limits: vec![limit],
            ..pb::ServicePlan::default()
        }
    }

    fn subjects(change: impl FnOnce(&mut pb::ServicePlan)) -> Vec<String> {
        let mut plan = plan();
        change(&mut plan);
        faults(&plan).into_iter().map(|fault| fault.subject).collect()
    }

    #[test]
    fn a_good_plan_has_no_faults() {
        assert_eq!(faults(&plan()), vec![]);
    }

    #[test]
    fn every_fault_is_told_with_its_field() {
        let found = subjects(|plan| {
            let post = &mut plan.classes[0].posts[0];
            post.start = "XX-5".into();
            post.end = "2023-10-21T12:00:00Z".into();
            post.headcount = 0;
            post.on_delay = 0;
            post.zone = "Nord".into();
            post.skills = vec!["first aid".into()];
            plan.limits[0].value = None;
        });
        let expected = ["start", "end", "on_delay", "headcount", "skills[0]", "zone"];
        let mut expected: Vec<String> =
            expected.iter().map(|field| format!("plan.classes[0].posts[0].{field}")).collect();
        expected.push("plan.limits[0].value".into());
        assert_eq!(found, expected);
    }

    #[test]
    fn an_end_is_after_its_start_where_that_can_be_told() {
        let at = |start: &str, end: &str| {
            subjects(|plan| {
                plan.classes[0].posts[0].start = start.into();
                plan.classes[0].posts[0].end = end.into();
            })
        };
        assert_eq!(at("KO-10", "KO-20"), ["plan.classes[0].posts[0].end"]);
        assert_eq!(at("KO", "KO"), ["plan.classes[0].posts[0].end"]);
        assert!(at("END", "KO+10").is_empty(), "known only with the times");
    }

    #[test]
    fn ids_are_unique_within_a_class_and_classes_within_a_plan() {
        let found = subjects(|plan| {
            let post = plan.classes[0].posts[0].clone();
            plan.classes[0].posts.push(post);
            let class = plan.classes[0].clone();
            plan.classes.push(class);
        });
        assert_eq!(
            found,
            ["plan.classes[0].posts[1].id", "plan.classes[1].id", "plan.classes[1].posts[1].id"]
        );
    }

    #[test]
    fn gates_belong_to_sessions_and_do_not_count_from_themselves() {
        let gates = pb::GatePlan {
            opens: "GATES-10".into(),
            exit_only: "KO+75".into(),
            free_egress: "END".into(),
            clears: "CLEAR".into(),
            basis: Some(pb::PlanBasis { basis: Basis::Reported.into(), source: "AFC".into() }),
            ..pb::GatePlan::default()
        };
        let found = subjects(|plan| plan.classes[0].gates = Some(gates));
        assert_eq!(
            found,
            ["opens", "clears", ""].map(|field| match field {
                "" => "plan.classes[0].gates".to_owned(),
                field => format!("plan.classes[0].gates.{field}"),
            })
        );
    }

    #[test]
    fn gates_go_through_their_phases_in_order_where_that_can_be_told() {
        let at = |moments: [&str; 4]| {
            subjects(|plan| {
                let [opens, exit_only, free_egress, clears] = moments.map(str::to_owned);
                let basis = plan.limits[0].basis.clone();
                plan.classes[0].subject = pb::PlanSubject::Session.into();
                let gates = vec![];
                plan.classes[0].gates =
                    Some(pb::GatePlan { opens, exit_only, free_egress, clears, gates, basis });
            })
        };
        assert!(at(["KO-120", "KO+75", "KO+75", "END+45"]).is_empty());
        assert_eq!(at(["KO-120", "KO-120", "END", "END"]), ["plan.classes[0].gates.exit_only"]);
        assert_eq!(at(["KO-120", "KO+75", "END+50", "END+45"]), ["plan.classes[0].gates.clears"]);
    }

    #[test]
    fn texts_are_lines_and_a_limit_is_whole_seconds() {
        let text = |wrong: &str| {
            subjects(|plan| {
                plan.title = wrong.into();
                plan.classes[0].posts[0].unit = wrong.into();
            })
        };
        for wrong in [" ", "two\nlines", "\u{1b}[2J", "a\0b", "police "] {
            assert_eq!(text(wrong), ["plan.title", "plan.classes[0].posts[0].unit"], "{wrong:?}");
        }
        let limit = |seconds, nanos| {
            subjects(|plan| plan.limits[0].value = Some(prost_types::Duration { seconds, nanos }))
        };
        assert!(limit(LONGEST_LIMIT, 0).is_empty());
        for (seconds, nanos) in [(0, 0), (1, i32::MIN), (LONGEST_LIMIT, 1), (LONGEST_LIMIT + 1, 0)] {
            assert_eq!(limit(seconds, nanos), ["plan.limits[0].value"], "{seconds} {nanos}");
        }
    }

    #[test]
    fn a_number_that_is_not_assumed_names_its_source() {
        let verified = pb::PlanBasis { basis: Basis::Verified.into(), source: String::new() };
        let found = subjects(|plan| plan.limits[0].basis = Some(verified));
        assert_eq!(found, ["plan.limits[0].basis.source"]);
    }

    #[test]
    fn classes_are_matched_with_what_has_them() {
        let known = BTreeSet::from([
            (pb::PlanSubject::Session, "group-match".to_owned()),
            (pb::PlanSubject::Activity, "final".to_owned()),
        ]);
        let (unknown, missing) = unmatched(&plan(), &known);
        assert_eq!(unknown, ["group-match"], "a class of activities is none of sessions");
        assert_eq!(missing, ["final", "group-match"]);
    }
}
