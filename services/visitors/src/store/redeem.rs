//! All that a scan is decided from, in one statement: a round trip costs more than the rows.

use matchday_api::visitors::v1 as pb;
use matchday_kernel::Instant;
use matchday_store::{Conn, StoreError, on_db};

use super::{
    control::{CountRow, entry_state},
    openings::OpeningRow,
    scans::ScanRow,
    words,
};
use crate::domain::{
    entry::Entry,
    scan::{self, Credential, CredentialState, Direction, Identity, Place},
    verdict::Verdict,
};

/// What is known when a scan comes in.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct Scene {
    device_state: i32,
    gate: String,
    zone: String,
    #[sqlx(flatten)]
    opening: OpeningRow,
    credential_kind: Option<i32>,
    credential_state: Option<i32>,
    credential_sessions: Option<String>,
    credential_zones: Option<String>,
    credential_entries: Option<i32>,
    entries_used: i64,
    is_identity_checked: bool,
    is_inside: bool,
    has_double: bool,
    scan_offline: Option<i32>,
    scan_identity: Option<i32>,
    scan_opening: Option<String>,
    scan_code: Option<String>,
    scan_direction: Option<i32>,
    scan_verdict: Option<i32>,
    scan_device_time: Option<i64>,
    scan_decided: Option<i64>,
    everywhere_state: Option<i32>,
    everywhere_room: Option<i64>,
    here_state: Option<i32>,
    here_room: Option<i64>,
    public_limit: Option<i64>,
    everyone_limit: Option<i64>,
    public_inside: Option<i64>,
    everyone_inside: Option<i64>,
    held: Option<i64>,
    reached: Option<i32>,
}

impl Scene {
    /// The scan of that key, if it was decided before.
    pub(crate) fn stored(&self, device: &str, sequence: i64) -> Option<ScanRow> {
        Some(ScanRow {
            device: device.to_owned(),
            sequence,
            opening: self.scan_opening.clone()?,
            code: self.scan_code.clone()?,
            direction: self.scan_direction?,
            verdict: self.scan_verdict?,
            device_time: self.scan_device_time,
            decided: self.scan_decided?,
            offline: self.scan_offline?,
            identity: self.scan_identity?,
        })
    }

    /// Kind of the credential; 0 when there is none.
    pub(crate) fn kind(&self) -> i32 {
        self.credential_kind.unwrap_or_default()
    }

    /// Whether the permit counts the holder of the credential.
    pub(crate) fn is_public(&self) -> bool {
        self.credential_kind == Some(pb::CredentialKind::Ticket.into())
    }

    /// Whether somebody else is inside with the same credential, too.
    pub(crate) fn has_double(&self) -> bool {
        self.has_double
    }

    /// Name of the gate.
    pub(crate) fn gate(&self) -> &str {
        &self.gate
    }

    /// Who is inside, where it is counted along.
    pub(crate) fn count(&self) -> Option<CountRow> {
        Some(CountRow {
            public_limit: self.public_limit,
            everyone_limit: self.everyone_limit,
            public_inside: self.public_inside?,
            everyone_inside: self.everyone_inside?,
            held: self.held?,
            reached: self.reached?,
        })
    }

    /// What may keep somebody out.
    pub(crate) fn entry(&self) -> Result<Entry, StoreError> {
        Ok(Entry {
            everywhere: entry_state(self.everywhere_state, self.everywhere_room)?,
            here: entry_state(self.here_state, self.here_room)?,
            filling: self.count().unwrap_or_default().filling(),
        })
    }

    /// Decides the scan.
    pub(crate) fn decide(
        &self,
        direction: Direction,
        identity: Identity,
        now: Instant,
    ) -> Result<Verdict, StoreError> {
        let opening = self.opening.opening()?;
        let place = Place {
            is_device_revoked: self.device_state != i32::from(pb::DeviceState::Active),
            gate: &self.gate,
            zone: &self.zone,
            opening: &opening,
            is_identity_checked: self.is_identity_checked,
            entry: self.entry()?,
        };
        let entries = i64::from(self.credential_entries.unwrap_or_default());
        let credential = self.credential_state.map(|state| Credential {
            is_public: self.is_public(),
            state: state_of(state),
            is_used_up: entries > 0 && self.entries_used >= entries,
            sessions: words(self.credential_sessions.as_deref().unwrap_or_default()),
            zones: words(self.credential_zones.as_deref().unwrap_or_default()),
        });
        Ok(scan::decide(place, credential.as_ref(), self.is_inside, direction, identity, now))
    }
}

/// The state of the contract's number for it; what is none can be redeemed by nobody.
fn state_of(state: i32) -> CredentialState {
    match pb::CredentialState::try_from(state) {
        Ok(pb::CredentialState::Valid) => CredentialState::Valid,
        Ok(pb::CredentialState::Blocked) => CredentialState::Blocked,
        Ok(pb::CredentialState::Revoked | pb::CredentialState::Unspecified) | Err(_) => {
            CredentialState::Revoked
        }
    }
}

/// Reads what a scan is decided from; `None` when the device or the opening does not exist. An empty
/// credential is none.
pub(crate) async fn scene(
    conn: &mut Conn,
    device: &str,
    sequence: i64,
    opening: &str,
    credential: &str,
) -> Result<Option<Scene>, StoreError> {
    Ok(on_db!(conn, |c| {
        sqlx::query_as(
        "SELECT d.state AS device_state, d.gate, g.zone, o.name, o.session, o.title, o.venue, o.gates, o.opens, \
         o.exit_only, o.free_egress, o.clears, o.phase, o.plan, o.expected_attendance, o.revision, o.created, \
         o.updated, c.kind AS credential_kind, c.state AS credential_state, \
         c.sessions AS credential_sessions, c.zones AS credential_zones, c.entries AS credential_entries, \
         CASE WHEN c.entries > 0 THEN (SELECT COUNT(*) FROM admissions u WHERE u.credential = $4) ELSE 0 END \
         AS entries_used, i.opening IS NOT NULL AS is_identity_checked, a.state IS NOT NULL AS is_inside, \
         EXISTS (SELECT 1 FROM admissions b WHERE b.opening = $3 AND b.credential = $4 AND b.state = 4) \
         AS has_double, s.offline AS scan_offline, s.identity AS scan_identity, \
         s.opening AS scan_opening, s.code AS scan_code, s.direction AS scan_direction, \
         s.verdict AS scan_verdict, s.device_time AS scan_device_time, s.decided AS scan_decided, \
         w.state AS everywhere_state, w.room AS everywhere_room, e.state AS here_state, e.room AS here_room, \
         n.public_limit, n.everyone_limit, n.public_inside, n.everyone_inside, n.held, n.reached \
         FROM devices d JOIN gates g ON g.name = d.gate JOIN openings o ON o.name = $3 \
         LEFT JOIN credentials c ON c.name = $4 \
         LEFT JOIN admissions a ON a.opening = $3 AND a.credential = $4 AND a.state = 1 \
         LEFT JOIN scans s ON s.device = $1 AND s.sequence = $2 \
         LEFT JOIN identity_checks i ON i.opening = $3 \
         LEFT JOIN entry_counts n ON n.opening = $3 \
         LEFT JOIN entry_states w ON w.opening = $3 AND w.gate = '' \
         LEFT JOIN entry_states e ON e.opening = $3 AND e.gate = d.gate \
         WHERE d.name = $1"
    )
    .bind(device)
    .bind(sequence)
    .bind(opening)
    .bind(credential)
    .fetch_optional(c)
    .await
    })?)
}
