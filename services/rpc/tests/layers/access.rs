//! Who is let through: tokens, permissions, scopes, health and reflection.

use futures_util::stream;
use matchday_kernel::SignedDuration;
use matchday_rpc::Peer;
use tonic::{Code, Status};
use tonic_health::pb::{HealthCheckRequest, health_client::HealthClient};
use tonic_reflection::pb::{v1, v1alpha};

use crate::support::{GET_SITE, House, frame, get_site, post, refusal, roomy, site_request};

#[tokio::test]
async fn the_right_role_in_the_right_place_is_let_through() {
    for house in House::both(roomy()).await {
        for grant in ["viewer@*", "viewer@sites/a", "administrator@*"] {
            let site = get_site(house.with(grant), "sites/a").await.unwrap();
            assert_eq!(site.display_name, "7", "{} {grant}", house.transport);
        }
    }
}

#[tokio::test]
async fn others_are_refused_with_a_reason_before_the_handler() {
    let refused = [
        (None, "sites/a", Code::Unauthenticated, "TOKEN_MISSING"),
        (Some("monitor@*"), "sites/a", Code::PermissionDenied, "PERMISSION_MISSING"),
        (Some("viewer@sites/a"), "sites/ab", Code::PermissionDenied, "OUT_OF_SCOPE"),
        (Some("viewer@sites/a/venues/b"), "sites/a", Code::PermissionDenied, "OUT_OF_SCOPE"),
        (Some("viewer@sites/a"), "", Code::PermissionDenied, "OUT_OF_SCOPE"),
    ];
    for house in House::both(roomy()).await {
        for (grant, site, code, reason) in refused {
            let caller = grant.map_or_else(|| house.nobody(), |grant| house.with(grant));
            let answer = refusal(get_site(caller, site).await);
            assert_eq!(answer, (code, reason.into()), "{} {grant:?} {site}", house.transport);
        }
        assert_eq!(house.reached(), 0, "{}", house.transport);
    }
}

#[tokio::test]
async fn a_second_copy_of_the_scope_does_not_slip_through() {
    let (ours, theirs) = (site_request("sites/a"), site_request("sites/b"));
    for house in House::both(roomy()).await {
        for both in [[ours.clone(), theirs.clone()].concat(), [theirs.clone(), ours.clone()].concat()] {
            let answer = post(house.with("viewer@sites/a"), GET_SITE, frame(&both)).await;
            assert_eq!(
                refusal(answer),
                (Code::PermissionDenied, "OUT_OF_SCOPE".into()),
                "{}",
                house.transport
            );
        }
        assert_eq!(house.reached(), 0, "{}", house.transport);
    }
}

#[tokio::test]
async fn a_header_that_is_no_token_is_refused() {
    for house in House::both(roomy()).await {
        for (header, reason) in
            [("Basic YTpi", "TOKEN_INVALID"), ("Bearer", "TOKEN_INVALID"), ("Bearer x", "TOKEN_INVALID")]
        {
            let header = http::HeaderValue::from_static(header);
            let caller = matchday_rpc::Credentials::renewed(move || Some(header.clone())).on(house.nobody());
            let answer = refusal(get_site(caller, "sites/a").await);
            assert_eq!(answer, (Code::Unauthenticated, reason.into()), "{}", house.transport);
        }
    }
}

#[tokio::test]
async fn an_expired_token_is_refused() {
    for house in House::both(roomy()).await {
        let caller = house.with("viewer@*");
        assert!(get_site(caller.clone(), "sites/a").await.is_ok(), "{}", house.transport);
        house.clock.advance(SignedDuration::from_hours(1));
        let answer = refusal(get_site(caller, "sites/a").await);
        assert_eq!(answer, (Code::Unauthenticated, "TOKEN_EXPIRED".into()), "{}", house.transport);
    }
}

#[tokio::test]
async fn an_unknown_method_is_unimplemented() {
    for house in House::both(roomy()).await {
        let unknown = [
            "/matchday.venues.v1.PlaceService/Nothing",
            "/matchday.venues.v1.PlaceService/Get%53ite",
            "//matchday.venues.v1.PlaceService/GetSite",
            "/matchday.venues.v1.PlaceService/GetSite/",
            "/",
        ];
        for path in unknown {
            let answer = post(house.with("administrator@*"), path, frame(&site_request("sites/a"))).await;
            assert_eq!(
                refusal(answer),
                (Code::Unimplemented, "METHOD_UNKNOWN".into()),
                "{}",
                house.transport
            );
        }
        assert_eq!(house.reached(), 0, "{}", house.transport);
    }
}

#[tokio::test]
async fn a_handler_that_logs_its_request_logs_no_token() {
    for house in House::both(roomy()).await {
        get_site(house.with("viewer@*"), "sites/a").await.unwrap();
        let logged = house.fake.logged.lock().unwrap().clone();
        assert!(logged.contains("authorization"), "{logged}");
        assert!(!logged.contains(&house.token("viewer@*")), "{logged}");
    }
}

#[tokio::test]
async fn health_is_public() {
    for house in House::both(roomy()).await {
        let answer = HealthClient::new(house.nobody()).check(HealthCheckRequest::default()).await.unwrap();
        assert_eq!(answer.into_inner().status, 1, "{}", house.transport);
    }
}

async fn reflect_v1(peer: Peer) -> Result<String, Status> {
    let question = v1::ServerReflectionRequest {
        message_request: Some(v1::server_reflection_request::MessageRequest::ListServices(String::new())),
        ..Default::default()
    };
    let mut client = v1::server_reflection_client::ServerReflectionClient::new(peer);
    let mut answers = client.server_reflection_info(stream::iter([question])).await?.into_inner();
    Ok(format!("{:?}", answers.message().await?))
}

async fn reflect_v1alpha(peer: Peer) -> Result<String, Status> {
    let question = v1alpha::ServerReflectionRequest {
        message_request: Some(
            v1alpha::server_reflection_request::MessageRequest::ListServices(String::new()),
        ),
        ..Default::default()
    };
    let mut client = v1alpha::server_reflection_client::ServerReflectionClient::new(peer);
    let mut answers = client.server_reflection_info(stream::iter([question])).await?.into_inner();
    Ok(format!("{:?}", answers.message().await?))
}

#[tokio::test]
async fn reflection_needs_a_token_and_any_will_do() {
    let missing = (Code::Unauthenticated, "TOKEN_MISSING".to_owned());
    for house in House::both(roomy()).await {
        assert_eq!(refusal(reflect_v1(house.nobody()).await), missing, "{}", house.transport);
        assert_eq!(refusal(reflect_v1alpha(house.nobody()).await), missing, "{}", house.transport);
        let caller = house.with("monitor@sites/a");
        assert!(reflect_v1(caller.clone()).await.unwrap().contains("PlaceService"), "{}", house.transport);
        assert!(reflect_v1alpha(caller).await.unwrap().contains("PlaceService"), "{}", house.transport);
    }
}
