//! Groups and the volunteers in them: nobody is in two, and a leader is one of the group's own.

use std::collections::{BTreeMap, btree_map::Entry};

use super::refusal::{Double, Refusal};

/// Refuses volunteers who stand in two groups. Each is a name and a group, empty for none.
///
/// # Errors
/// `VOLUNTEER_IN_TWO_GROUPS`, with all of them.
pub fn check_groups<'a>(volunteers: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<(), Refusal> {
    let mut groups: BTreeMap<&str, &str> = BTreeMap::new();
    let mut doubles = Vec::new();
    for (volunteer, group) in volunteers {
        match groups.entry(volunteer) {
            Entry::Vacant(entry) => drop(entry.insert(group)),
            Entry::Occupied(entry) if *entry.get() == group => {}
            Entry::Occupied(entry) => doubles.push(Double {
                volunteer: volunteer.to_owned(),
                one: (*entry.get()).to_owned(),
                other: group.to_owned(),
            }),
        }
    }
    if doubles.is_empty() { Ok(()) } else { Err(Refusal::TwoGroups { doubles }) }
}

/// Refuses groups whose leader is none of their own volunteers; a group may have no leader yet. `groups` are
/// names with leaders, `volunteers` names with groups.
///
/// # Errors
/// `GROUP_LEADER_UNKNOWN`, with all of them.
pub fn check_leaders<'a>(
    groups: impl IntoIterator<Item = (&'a str, &'a str)>,
    volunteers: &BTreeMap<&str, &str>,
) -> Result<(), Refusal> {
    let leaders: Vec<(String, String)> = groups
        .into_iter()
        .filter(|(group, leader)| !leader.is_empty() && volunteers.get(leader) != Some(group))
        .map(|(group, leader)| (group.to_owned(), leader.to_owned()))
        .collect();
    if leaders.is_empty() { Ok(()) } else { Err(Refusal::LeaderUnknown { leaders }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_in_two_groups() {
        assert_eq!(check_groups([("v1", "g1"), ("v2", ""), ("v1", "g1")]), Ok(()));
        let Err(Refusal::TwoGroups { doubles }) =
            check_groups([("v1", "g1"), ("v2", "g1"), ("v1", "g2"), ("v2", "")])
        else {
            panic!("two are in two groups")
        };
        assert_eq!(doubles.len(), 2);
        assert_eq!((doubles[0].one.as_str(), doubles[0].other.as_str()), ("g1", "g2"));
    }

    #[test]
    fn a_leader_is_one_of_the_groups_own() {
        let volunteers = BTreeMap::from([("v1", "g1"), ("v2", "g2")]);
        assert_eq!(check_leaders([("g1", "v1"), ("g2", "")], &volunteers), Ok(()));
        let Err(Refusal::LeaderUnknown { leaders }) =
            check_leaders([("g1", "v2"), ("g2", "v9")], &volunteers)
        else {
            panic!("both leaders are somebody else's")
        };
        assert_eq!(leaders.len(), 2);
    }
}
