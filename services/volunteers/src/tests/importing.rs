//! Importing groups and volunteers.

use super::*;

fn group(id: &str, leader: &str) -> pb::Group {
    pb::Group {
        name: format!("{TOURNAMENT}/groups/{id}"),
        display_name: id.into(),
        leader: if leader.is_empty() { String::new() } else { volunteer(leader) },
        ..pb::Group::default()
    }
}

fn member(id: &str, group: &str) -> pb::Volunteer {
    pb::Volunteer { group: format!("{TOURNAMENT}/groups/{group}"), ..person(id) }
}

fn request(groups: Vec<pb::Group>, volunteers: Vec<pb::Volunteer>) -> pb::ImportVolunteersRequest {
    pb::ImportVolunteersRequest { parent: TOURNAMENT.into(), groups, volunteers, ..people(&[]) }
}

#[tokio::test(flavor = "multi_thread")]
async fn thousands_are_imported_at_once_and_nothing_says_who_they_are() {
    for (_database, world) in worlds().await {
        let volunteers = (0..2_345).map(|number| member(&format!("v{number}"), "g1")).collect();
        let import = request(vec![group("g1", "v7")], volunteers);
        let only_checked = pb::ImportVolunteersRequest { validate_only: true, ..import.clone() };
        assert_eq!(world.import(only_checked).await.unwrap().volunteers, 2_345);
        assert!(world.events(0).await.is_empty());
        let imported = world.import(import.clone()).await.unwrap();
        assert_eq!((imported.groups, imported.volunteers), (1, 2_345));
        assert_eq!(world.events(0).await, ["VolunteersImported"]);
        let again = world.import(import).await;
        assert_eq!(reason(&again), "RESOURCE_EXISTS");
        assert_eq!(again.unwrap_err().violations().len(), 1_000, "bounded");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_is_named_by_its_field() {
    for (_database, world) in worlds().await {
        let mut wrong = member("v1", "g1");
        wrong.languages = vec!["zh".into(), "not a language".into()];
        wrong.availability = vec![pb::Availability::default()];
        let nameless = pb::Volunteer { name: "tournaments/other/volunteers/v2".into(), ..person("v2") };
        let refused =
            world.import(request(vec![group("g1", "")], vec![wrong, nameless, member("v3", "g9")])).await;
        assert_eq!(reason(&refused), "INVALID_FIELD");
        let fields: Vec<String> =
            refused.unwrap_err().violations().into_iter().map(|one| one.subject).collect();
        assert_eq!(
            fields,
            ["volunteers[0].languages[1]", "volunteers[0].availability[0].start_time", "volunteers[1].name"]
        );
        let unknown = world.import(request(vec![], vec![person("v1"), member("v3", "g9")])).await;
        assert_eq!(unknown.unwrap_err().violations()[0].subject, "volunteers[1].group");
        let twice = world.import(request(vec![], vec![person("v1"), person("v1")])).await;
        assert_eq!(twice.unwrap_err().violations()[0].subject, "volunteers[1].name");
        assert!(world.events(0).await.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_comes_with_two_groups_and_a_leader_is_one_of_their_own() {
    for (_database, world) in worlds().await {
        let groups = || vec![group("g1", "v1"), group("g2", "")];
        let both = request(groups(), vec![member("v1", "g1"), member("v1", "g2")]);
        assert_eq!(reason(&world.import(both).await), "VOLUNTEER_IN_TWO_GROUPS");
        let others = request(groups(), vec![member("v1", "g2")]);
        assert_eq!(reason(&world.import(others).await), "GROUP_LEADER_UNKNOWN");
        world.import(request(groups(), vec![member("v1", "g1"), member("v2", "g2")])).await.unwrap();
        let moved = world.import(request(vec![], vec![member("v1", "g2")])).await.unwrap_err();
        assert_eq!(moved.reason(), "VOLUNTEER_IN_TWO_GROUPS");
        assert!(moved.violations()[0].description.ends_with("groups/g1 and in tournaments/t/groups/g2"));
        let same = world.import(request(vec![], vec![member("v2", "g2")])).await;
        assert_eq!(reason(&same), "RESOURCE_EXISTS");
    }
}
