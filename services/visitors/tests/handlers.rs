//! Gates, devices and credentials over gRPC, with the service alone in a process.

use matchday_api::visitors::v1::{
    self as pb, credential_service_client::CredentialServiceClient, gate_service_client::GateServiceClient,
};
use matchday_rpc::reason;
use matchday_runtime::testing::Solo;

async fn hosted() -> Vec<Solo> {
    Solo::on_each_database(matchday_visitors::NAME, matchday_visitors::build, &[]).await
}

fn gate(venue: &str, id: &str) -> pb::Gate {
    pb::Gate {
        name: format!("sites/s/venues/{venue}/gates/{id}"),
        display_name: "North gate 北门".into(),
        zone: format!("sites/s/venues/{venue}/zones/stand"),
        ..pb::Gate::default()
    }
}

fn device(gate: &pb::Gate, id: &str) -> pb::Device {
    let name = format!("{}/devices/{id}", gate.name);
    pb::Device { name, display_name: "Turnstile".into(), ..pb::Device::default() }
}

fn names(devices: &[pb::Device]) -> Vec<&str> {
    devices.iter().map(|device| device.name.rsplit('/').next().unwrap_or_default()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn gates_and_devices_are_imported_listed_and_revoked() {
    for solo in hosted().await {
        let peer = solo.peer.clone();
        let mut gates = GateServiceClient::new(peer);
        let (north, other) = (gate("v", "north"), gate("w", "north"));
        let import = pb::ImportGatesRequest {
            parent: "sites/s".into(),
            gates: vec![north.clone(), other.clone()],
            devices: vec![device(&north, "d1"), device(&north, "d2"), device(&other, "d3")],
            request_id: "import-1".into(),
        };
        let astray =
            pb::Device { name: "sites/s/venues/v/gates/none/devices/d9".into(), ..device(&north, "d9") };
        let nowhere = pb::ImportGatesRequest {
            devices: [import.devices.clone(), vec![astray]].concat(),
            request_id: String::new(),
            ..import.clone()
        };
        let refusal = gates.import_gates(nowhere).await.unwrap_err();
        assert_eq!(reason(&refusal).as_deref(), Some("RESOURCE_NOT_FOUND"), "all or nothing");
        for _ in 0..2 {
            let reply = gates.import_gates(import.clone()).await.unwrap().into_inner();
            assert_eq!((reply.gates, reply.devices), (2, 3));
        }
        let far = pb::Gate { zone: other.zone.clone(), ..gate("v", "south") };
        let far = pb::ImportGatesRequest { parent: "sites/s".into(), gates: vec![far], ..Default::default() };
        assert_eq!(gates.import_gates(far).await.unwrap_err().code(), tonic::Code::InvalidArgument);

        let list = |parent: &str, page_token: &str| pb::ListDevicesRequest {
            parent: parent.into(),
            page_size: 2,
            page_token: page_token.into(),
        };
        let first = gates.list_devices(list("sites/s", "")).await.unwrap().into_inner();
        assert_eq!(names(&first.devices), ["d1", "d2"]);
        let second = gates.list_devices(list("sites/s", &first.next_page_token)).await.unwrap().into_inner();
        assert_eq!((names(&second.devices), second.next_page_token.as_str()), (vec!["d3"], ""));
        let parents =
            [("sites/s/venues/w", vec!["d3"]), (&north.name, vec!["d1", "d2"]), ("sites/x", vec![])];
        for (parent, expected) in parents {
            let found = gates.list_devices(list(parent, "")).await.unwrap().into_inner();
            assert_eq!(names(&found.devices), expected, "{parent}");
        }
        assert!(gates.list_devices(list("places/s", "")).await.is_err());

        let revoke = pb::RevokeDeviceRequest { name: first.devices[0].name.clone(), ..Default::default() };
        for etag in ["1", "2"] {
            let revoke = pb::RevokeDeviceRequest { etag: etag.into(), ..revoke.clone() };
            let revoked = gates.revoke_device(revoke).await.unwrap().into_inner().device.unwrap();
            assert_eq!((revoked.state(), revoked.etag.as_str()), (pb::DeviceState::Revoked, "2"));
        }
        solo.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_are_imported_listed_and_revoked() {
    for solo in hosted().await {
        let peer = solo.peer.clone();
        let mut credentials = CredentialServiceClient::new(peer);
        let ticket = |id: i32| pb::Credential {
            name: format!("tournaments/t/credentials/t-{id:06}"),
            kind: pb::CredentialKind::Ticket.into(),
            zones: vec!["sites/s/venues/v/zones/stand".into()],
            ..pb::Credential::default()
        };
        let import = pb::ImportCredentialsRequest {
            parent: "tournaments/t".into(),
            credentials: (0..80_000).map(ticket).collect(),
            ..Default::default()
        };
        assert!(prost::Message::encoded_len(&import) > 4 * 1024 * 1024, "larger than other requests may be");
        let reply = credentials.import_credentials(import).await.unwrap().into_inner();
        assert_eq!(reply.credentials, 80_000);

        let unknown = pb::Credential { sessions: vec!["tournaments/t/sessions/s1".into()], ..ticket(80_000) };
        let unknown = pb::ImportCredentialsRequest {
            parent: "tournaments/t".into(),
            credentials: vec![unknown],
            ..Default::default()
        };
        let refusal = credentials.import_credentials(unknown).await.unwrap_err();
        assert!(refusal.message().contains("credentials[0].sessions[0]"), "{refusal}");

        let list =
            pb::ListCredentialsRequest { parent: "tournaments/t".into(), page_size: 2, ..Default::default() };
        let page = credentials.list_credentials(list).await.unwrap().into_inner();
        assert_eq!(page.credentials[1].name, "tournaments/t/credentials/t-000001");
        let revoke = pb::RevokeCredentialRequest {
            name: page.credentials[0].name.clone(),
            reason: "sold twice".into(),
            etag: "1".into(),
            ..Default::default()
        };
        let revoked =
            credentials.revoke_credential(revoke.clone()).await.unwrap().into_inner().credential.unwrap();
        assert_eq!(revoked.state(), pb::CredentialState::Revoked);
        let stale = credentials.revoke_credential(revoke).await.unwrap_err();
        assert_eq!(reason(&stale).as_deref(), Some("ETAG_MISMATCH"));
        let get = pb::GetCredentialRequest { name: revoked.name.clone() };
        let got = credentials.get_credential(get).await.unwrap().into_inner().credential.unwrap();
        assert_eq!(got, revoked);
        solo.close().await;
    }
}
