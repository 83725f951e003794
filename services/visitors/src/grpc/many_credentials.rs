//! Tests of imports: every fault is told, and many rows are written.

use matchday_api::visitors::v1 as pb;
use matchday_kernel::{Fault, TournamentName};
use matchday_store::{Locks, Record, Store};

use super::import::Import;
use crate::{
    Error,
    stage::{houses, minute, write},
    store::credentials::CredentialRow,
};

fn tournament() -> TournamentName {
    "tournaments/t".parse().unwrap()
}

fn ticket(code: impl std::fmt::Display) -> pb::Credential {
    pb::Credential {
        name: format!("tournaments/t/credentials/{code}"),
        kind: pb::CredentialKind::Ticket.into(),
        sessions: vec!["tournaments/t/sessions/s1".into()],
        ..pb::Credential::default()
    }
}

fn parse(credentials: Vec<pb::Credential>, validate_only: bool) -> Result<Import, Error> {
    let request = pb::ImportCredentialsRequest { credentials, validate_only, ..Default::default() };
    Import::parse(tournament(), request, &["tournaments/t/sessions/s1".to_owned()])
}

async fn import(
    store: &Store,
    credentials: Vec<pb::Credential>,
    validate_only: bool,
) -> Result<pb::ImportCredentialsResponse, Error> {
    let import = parse(credentials, validate_only)?;
    write(store, minute(0), Locks::of(["tournaments/t"]), move |tx| Box::pin(import.carry_out(tx))).await
}

#[test]
fn every_fault_is_told_with_its_field() {
    let credentials = vec![
        ticket("k-1"),
        pb::Credential { sessions: vec!["tournaments/t/sessions/s9".into()], ..ticket("k-2") },
        pb::Credential { kind: 0, ..ticket("K 3") },
        pb::Credential { name: "tournaments/u/credentials/k-4".into(), ..ticket("k-4") },
        pb::Credential { zones: vec!["sites/s".into()], ..ticket("k-5") },
        pb::Credential { state: pb::CredentialState::Revoked.into(), ..ticket("k-6") },
        pb::Credential { sessions: vec!["tournaments/u/sessions/s1".into()], ..ticket("k-7") },
        ticket("k-1"),
    ];
    let error = parse(credentials, false).unwrap_err();
    assert_eq!(error.reason(), "INVALID_FIELD");
    let fields: Vec<String> = error.violations().into_iter().map(|one| one.subject).collect();
    let expected = [
        "credentials[1].sessions[0]",
        "credentials[2].name",
        "credentials[2].kind",
        "credentials[3].name",
        "credentials[4].zones[0]",
        "credentials[5].state",
        "credentials[6].sessions[0]",
        "credentials[7].name",
    ];
    assert_eq!(fields, expected);
    assert!(
        error.to_string().starts_with("8 fields of the import are wrong, nothing was created"),
        "{error}"
    );
}

#[test]
fn faults_are_collected_up_to_a_limit() {
    let wrong = (0..2500).map(|number| pb::Credential { kind: 0, ..ticket(number) }).collect();
    assert_eq!(parse(wrong, false).unwrap_err().violations().len(), 1000);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_is_all_or_nothing() {
    for (database, [store, other]) in houses().await {
        let name = database.name();
        let many: Vec<_> = (0..1234).map(ticket).collect();
        assert_eq!(import(&store, many.clone(), true).await.unwrap().credentials, 1234, "{name}");
        assert_eq!(import(&store, many.clone(), false).await.unwrap().credentials, 1234, "{name}");
        let row: CredentialRow = other.get("tournaments/t/credentials/1233").await.unwrap();
        assert_eq!((row.revision, row.sessions.as_str()), (1, "tournaments/t/sessions/s1"));

        let overlapping: Vec<_> = (1200..1300).map(ticket).collect();
        for validate_only in [true, false] {
            let error = import(&store, overlapping.clone(), validate_only).await.unwrap_err();
            assert_eq!((error.reason(), error.violations().len()), ("CREDENTIALS_EXIST", 34), "{name}");
        }
        let mut conn = store.read().await.unwrap();
        assert!(CredentialRow::find(&mut conn, "tournaments/t/credentials/1250").await.unwrap().is_none());
        drop(conn);
        assert_eq!(import(&store, vec![ticket("1250")], false).await.unwrap().credentials, 1, "{name}");
    }
}
