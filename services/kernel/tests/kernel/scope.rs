use matchday_kernel::Scope;
use proptest::prelude::*;

fn scope(text: &str) -> Scope {
    text.parse().expect("the test writes a proper scope")
}

#[test]
fn a_scope_covers_what_lies_below_it() {
    let stadium = scope("sites/jinjiang/venues/stadium");
    assert!(stadium.covers("sites/jinjiang/venues/stadium"));
    assert!(stadium.covers("sites/jinjiang/venues/stadium/zones/pitch"));
    assert!(!stadium.covers("sites/jinjiang"));
    assert!(!stadium.covers("sites/jinjiang/venues/stadium-two"));
    assert!(!stadium.covers("sites/jinjiang/venues/hall/zones/pitch"));
    assert!(!stadium.covers(""));
}

#[test]
fn segments_count_and_not_letters() {
    assert!(!scope("sites/a").covers("sites/ab"));
    assert!(!scope("sites/a").covers("sites/ab/venues/a"));
    assert!(scope("sites/a").covers("sites/a/venues/b"));
}

#[test]
fn a_collection_is_the_beginning_of_a_name() {
    assert!(scope("tournaments").covers("tournaments/fisu-2023"));
    assert!(!scope("tournaments").covers("sites/jinjiang"));
}

#[test]
fn a_collection_may_be_of_two_words() {
    let venue = "sites/a/venues/b";
    assert!(scope(&format!("{venue}/work-orders")).covers(&format!("{venue}/work-orders/sweep")));
    assert!("sites/a/venues/b/-orders/x".parse::<Scope>().is_err());
}

#[test]
fn everything_covers_everything() {
    assert_eq!(scope("*"), Scope::everything());
    assert!(scope("*").covers("sites/jinjiang"));
    assert!(scope("*").covers(""));
}

#[test]
fn a_malformed_scope_says_what_is_wrong() {
    let cases = [
        ("", "\"\" is not a collection such as sites"),
        ("/sites", "\"\" is not a collection such as sites"),
        ("**", "\"**\" is not a collection such as sites"),
        ("sites/*", "the id \"*\" has characters other than a-z, 0-9 and -"),
        ("sites/", "the id \"\" is empty"),
        ("sites/a/", "\"\" is not a collection such as sites"),
    ];
    for (written, problem) in cases {
        let error = written.parse::<Scope>().expect_err("the test writes a malformed scope");
        let form = "* or the beginning of a resource name";
        assert_eq!(error.to_string(), format!("{written:?} is not of the form {form}: {problem}"));
    }
}

proptest! {
    #[test]
    fn covering_is_comparing_segments(scope_text in "a(/[ab]{1,2}(/a)?)?", resource in "a(/[ab]{1,2}){0,3}") {
        let wanted: Vec<_> = scope_text.split('/').collect();
        let given: Vec<_> = resource.split('/').collect();
        prop_assert_eq!(scope(&scope_text).covers(&resource), given.starts_with(&wanted));
    }
}
