use matchday_kernel::{Common, ErrorKind, Fault, SiteName, Violation};

const SITE: &str = "sites/jinjiang";

#[test]
fn each_refusal_says_what_it_is() {
    let cases = [
        (Common::field("page_size", "is negative"), ErrorKind::InvalidArgument, "INVALID_FIELD"),
        (Common::not_found(SITE), ErrorKind::NotFound, "RESOURCE_NOT_FOUND"),
        (Common::already_exists(SITE), ErrorKind::AlreadyExists, "RESOURCE_EXISTS"),
        (Common::etag_mismatch(SITE), ErrorKind::Aborted, "ETAG_MISMATCH"),
        (Common::internal("the disk is full"), ErrorKind::Internal, "INTERNAL"),
    ];
    for (error, kind, reason) in cases {
        assert_eq!((error.kind(), error.reason()), (kind, reason));
    }
}

#[test]
fn a_refusal_names_its_resource() {
    let name: SiteName = SITE.parse().expect("it is a name");
    for error in [Common::not_found(&name), Common::already_exists(&name), Common::etag_mismatch(&name)] {
        assert_eq!(error.resource(), Some(SITE));
        assert_eq!(error.metadata(), [("resource", SITE.to_owned())]);
        assert!(error.to_string().starts_with(SITE), "{error}");
        assert_eq!(error.violations(), []);
    }
}

#[test]
fn a_wrong_field_is_a_violation() {
    let problem = "x".parse::<SiteName>().expect_err("it is not a name");
    let error = Common::field("site.name", &problem);
    let description =
        "\"x\" is not of the form sites/{site}: 2 segments are expected in place of 1".to_owned();
    assert_eq!(error.to_string(), format!("site.name: {description}"));
    assert_eq!(error.violations(), [Violation { subject: "site.name".to_owned(), description }]);
    assert_eq!(error.metadata(), [("field", "site.name".to_owned())]);
    assert_eq!(error.resource(), None);
}

#[test]
fn the_cause_of_a_defect_is_not_shown() {
    let error = Common::internal("the disk is full");
    assert_eq!(error.to_string(), "internal error");
    assert_eq!(error, Common::Internal("the disk is full".into()));
    assert_eq!(error.metadata(), []);
}
