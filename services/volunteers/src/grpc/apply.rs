//! Handing in one application: reading it, and writing it.

use matchday_api::volunteers::v1 as pb;
use matchday_kernel::{
    ApplicationName, Common, GroupName, Instant, Slug, TournamentName, VenueName, VolunteerName, ZoneName,
    civil::Date,
};
use matchday_rpc::parse;
use matchday_store::{Record, Tx};
use uuid::Uuid;

use super::fields::{Faults, MOST_WORDS, availability, name_of, words};
use crate::{
    Error,
    domain::{
        application::{Refusal, State},
        contact,
        identity::{self, Document},
    },
    roster::emit,
    store::{
        applications::{self, ApplicationRow},
        identity::{KEY, key},
        import,
        limits::zone,
    },
};

/// What every application of a request has in common.
pub(super) struct Frame<'a> {
    /// The tournament.
    pub(super) tournament: &'a TournamentName,
    /// When it is handed in.
    now: Instant,
    /// The day of that, somewhere: who was born on it applies nowhere.
    today: Date,
}

impl<'a> Frame<'a> {
    /// What applications to a tournament have in common that are handed in at a moment.
    pub(super) fn new(tournament: &'a TournamentName, now: Instant) -> Result<Self, Error> {
        let zone = "UTC".parse().map_err(Common::internal)?;
        Ok(Self { tournament, now, today: identity::today(now, &zone) })
    }
}

/// An application that is not written yet, and the identity document that comes with it.
#[derive(Default)]
pub(super) struct Draft {
    /// Its row; the hash of the document is still to come.
    pub(super) row: ApplicationRow,
    /// The document.
    pub(super) document: Option<Document>,
}

impl Draft {
    /// Reads an application; `field` is what it is called in the request, `id` its id where it names none.
    pub(super) fn read(
        faults: &mut Faults,
        field: &str,
        new: pb::NewApplication,
        frame: &Frame<'_>,
        id: Uuid,
    ) -> Self {
        let application = new.application.unwrap_or_default();
        let applicant = new.applicant.unwrap_or_default();
        let at = |name: &str| format!("{field}.application.{name}");
        let of = |name: &str| format!("{field}.applicant.{name}");
        let name = if application.name.is_empty() {
            Ok(ApplicationName::new(frame.tournament, Slug::from(id)).to_string())
        } else {
            name_of(&at("name"), &application.name, frame.tournament, ApplicationName::parent)
        };
        let group = optional(&application.group, |text| {
            name_of(&at("group"), text, frame.tournament, GroupName::parent)
        });
        let volunteer = optional(&application.volunteer, |text| {
            name_of(&at("volunteer"), text, frame.tournament, VolunteerName::parent)
        });
        let provenance = faults.take(parse::provenance(&at("provenance"), application.provenance));
        let document = read(faults, of("document_number"), Document::read(&applicant.document_number));
        let born = identity::birth_date(&applicant.birth_date, frame.today);
        let consent_version = parse::optional_text(&format!("{field}.consent_version"), &new.consent_version);
        let consent_version = faults.take(consent_version);
        let row = ApplicationRow {
            name: faults.take(name),
            state: ApplicationRow::number(State::Applied),
            group_name: faults.take(group),
            volunteer: faults.take(volunteer),
            skills: words(faults, &at("skills"), &application.skills),
            languages: words(faults, &at("languages"), &application.languages),
            availability: availability(faults, &at("availability"), application.availability),
            zones: zones(faults, &at("zones"), &application.zones),
            consented: (!consent_version.is_empty()).then(|| frame.now.as_micros()),
            consent_version,
            display_name: faults.take(parse::required_text(&of("display_name"), &applicant.display_name)),
            email: read(faults, of("email"), contact::email(&applicant.email)),
            phone: read(faults, of("phone"), contact::phone(&applicant.phone)),
            birth_date: read(faults, of("birth_date"), born.map(|date| date.to_string())),
            document_last: document.as_ref().map(Document::last).unwrap_or_default(),
            guardian: faults.take(parse::optional_text(&of("guardian"), &applicant.guardian)),
            note: faults.take(parse::optional_text(&of("note"), &applicant.note)),
            generated: parse::generated_to_text(&provenance),
            source: provenance.source,
            ..ApplicationRow::default()
        };
        Self { row, document }
    }

    /// Takes the hash of its document under a key.
    pub(super) fn hash(&mut self, key: &[u8]) {
        if let Some(document) = &self.document {
            self.row.document_hash = document.hash(key);
        }
    }
}

/// Takes what was read; what is wrong is noted, and the default stands in for it.
fn read<T: Default>(faults: &mut Faults, field: String, read: Result<T, &'static str>) -> T {
    read.unwrap_or_else(|problem| {
        faults.add(field, problem);
        T::default()
    })
}

fn optional<E>(text: &str, read: impl FnOnce(&str) -> Result<String, E>) -> Result<String, E> {
    if text.is_empty() { Ok(String::new()) } else { read(text) }
}

fn zones(faults: &mut Faults, field: &str, names: &[String]) -> String {
    if names.len() > MOST_WORDS {
        faults.add(field.to_owned(), format!("are {}; at most {MOST_WORDS}", names.len()));
        return String::new();
    }
    for (index, name) in names.iter().enumerate() {
        let problem = name.parse::<ZoneName>().err().filter(|_| name.parse::<VenueName>().is_err());
        if let Some(problem) = problem {
            faults.add(format!("{field}[{index}]"), problem.to_string());
        }
    }
    names.join(" ")
}

/// One application, read and checked.
pub(crate) struct Submit {
    tournament: TournamentName,
    draft: Draft,
    fresh: [u8; KEY],
}

impl Submit {
    /// Reads an application; `fresh` becomes the key of its tournament, if that has none yet.
    pub(crate) fn parse(
        request: pb::SubmitApplicationRequest,
        now: Instant,
        id: Uuid,
        fresh: [u8; KEY],
    ) -> Result<Self, Error> {
        let tournament: TournamentName = parse::text_as("parent", &request.parent)?;
        let new = parse::required("new_application", request.new_application)?;
        let mut faults = Faults::default();
        let frame = Frame::new(&tournament, now)?;
        let draft = Draft::read(&mut faults, "new_application", new, &frame, id);
        faults.check()?;
        Ok(Self { tournament, draft, fresh })
    }

    pub(crate) fn tournament(&self) -> &TournamentName {
        &self.tournament
    }

    pub(crate) async fn carry_out(mut self, tx: &mut Tx) -> Result<pb::SubmitApplicationResponse, Error> {
        let tournament = self.tournament.as_str();
        self.draft.hash(&key(tx, tournament, &self.fresh).await?);
        let row = self.draft.row;
        let others = applications::with_documents(tx, &[row.document_hash.as_str()]).await?;
        if let Some(other) = others.into_values().next() {
            return Err(Refusal::DocumentTaken { other }.into());
        }
        let mut faults = Faults::default();
        if !row.group_name.is_empty()
            && import::existing_groups(tx, tournament, &[&row.group_name]).await?.is_empty()
        {
            faults.add("new_application.application.group".into(), "does not exist");
        }
        if !row.volunteer.is_empty() {
            if import::existing_volunteers(tx, tournament, &[&row.volunteer]).await?.is_empty() {
                faults.add("new_application.application.volunteer".into(), "does not exist");
            }
            if let Some(other) =
                applications::of_volunteers(tx, &[&row.volunteer]).await?.into_values().next()
            {
                let problem = format!("has applied with {other}");
                faults.add("new_application.application.volunteer".into(), problem);
            }
        }
        faults.check()?;
        let row = row.create(tx).await?;
        let application = Some(row.told(tx.now(), &zone(tx, tournament).await?)?);
        emit(tx, tournament, &row.name, &pb::ApplicationChanged { application: application.clone() });
        Ok(pb::SubmitApplicationResponse { application })
    }
}
