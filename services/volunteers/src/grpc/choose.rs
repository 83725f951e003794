//! Who a broadcast is for and what it says, read from the wire; whom it reaches, and whom not.

use std::collections::{BTreeMap, BTreeSet};

use matchday_api::volunteers::v1 as pb;
use matchday_kernel::{
    Common, GroupName, ShiftName, TournamentName, VenueName, VolunteerName, ZoneName, words::Language,
};
use matchday_rpc::parse;
use matchday_store::{Conn, Tx};

use super::{calendars::language, fields::name_of};
use crate::{
    Error,
    domain::{
        message::Channel,
        reach::{Contact, Refusal, Unreached},
        selection::{OnShift, Selection},
        wording::{Content, LONGEST_BODY, LONGEST_FIELD, LONGEST_SUBJECT, TEMPLATES, Template, Text},
    },
    store::{broadcasts, messages, volunteers},
};

/// Most values of one kind in a selection.
const MOST_VALUES: usize = 500;
/// Names shown of those who are not reached for one reason.
const MOST_SHOWN: usize = 100;

/// A channel of the contract.
pub(super) fn channel(number: i32) -> Result<Channel, Error> {
    let known: pb::MessageChannel = parse::one_of("channel", number)?;
    Ok(messages::channel(known.into()).ok_or_else(|| Common::internal("a channel without a sender"))?)
}

/// A selection, read and checked.
pub(super) fn selection(
    tournament: &TournamentName,
    written: Option<&pb::Selection>,
) -> Result<Selection, Error> {
    let written = parse::required("selection", written)?;
    let on_shift = match (written.on_shift_now, written.on_shift_from, written.on_shift_until) {
        (false, None, None) => None,
        (true, None, None) => Some(OnShift::Now),
        (false, from, until) => Some(OnShift::During(parse::interval("selection.on_shift", from, until)?)),
        (true, ..) => {
            let problem = "is given beside an interval: give one of them";
            return Err(Common::field("selection.on_shift_now", problem).into());
        }
    };
    let of = |field: &str, list: &[String], read: &dyn Fn(&str, &str) -> Result<String, Common>| {
        let field = format!("selection.{field}");
        if list.len() > MOST_VALUES {
            return Err(Common::field(field, format!("holds more than {MOST_VALUES} values")));
        }
        list.iter().map(|text| read(&field, text)).collect::<Result<Vec<_>, _>>()
    };
    let word = |field: &str, text: &str| parse::required_text(field, text);
    let shift = |field: &str, text: &str| name_of(field, text, tournament, ShiftName::parent);
    let group = |field: &str, text: &str| name_of(field, text, tournament, GroupName::parent);
    let volunteer = |field: &str, text: &str| name_of(field, text, tournament, VolunteerName::parent);
    let place = |field: &str, text: &str| match text.parse::<VenueName>() {
        Ok(venue) => Ok(venue.to_string()),
        Err(_) => parse::text_as::<ZoneName>(field, text).map(|zone| zone.to_string()),
    };
    let selection = Selection {
        is_everybody: written.everybody,
        on_shift,
        shifts: of("shifts", &written.shifts, &shift)?,
        posts: of("posts", &written.posts, &word)?,
        zones: of("zones", &written.zones, &place)?,
        skills: of("skills", &written.skills, &word)?,
        languages: of("languages", &written.languages, &word)?,
        groups: of("groups", &written.groups, &group)?,
        volunteers: of("volunteers", &written.volunteers, &volunteer)?,
        with_invited: written.invited,
    };
    if selection.says_something() {
        return Ok(selection);
    }
    let problem = "chooses nobody: say who is told, or everybody";
    Err(Common::field("selection", problem).into())
}

/// What a broadcast says, read and checked.
pub(super) fn content(request: &pb::BroadcastRequest) -> Result<Content, Error> {
    let is_template = !request.template.is_empty();
    if is_template != request.texts.is_empty() || (!is_template && !request.fields.is_empty()) {
        let problem = "is given without a template and its fields, or left out with them";
        return Err(Common::field("texts", problem).into());
    }
    if is_template { template(&request.template, &request.fields) } else { texts(&request.texts) }
}

fn texts(written: &[pb::MessageText]) -> Result<Content, Error> {
    let mut texts: Vec<Text> = Vec::new();
    for one in written {
        let language: Language = language(&one.language)?;
        if texts.iter().any(|text| text.language == language) {
            return Err(Common::field("texts.language", "is given twice").into());
        }
        texts.push(Text {
            language,
            subject: line("texts.subject", &one.subject, LONGEST_SUBJECT)?,
            body: lines("texts.body", &one.body, LONGEST_BODY)?,
        });
    }
    Ok(Content::Texts(texts))
}

fn template(id: &str, written: &[pb::TemplateField]) -> Result<Content, Error> {
    let unknown = || {
        let known: Vec<&str> = TEMPLATES.iter().map(|template| template.id).collect();
        Common::field("template", format!("is none of {}", known.join(", ")))
    };
    let template = Template::with_id(id).ok_or_else(unknown)?;
    let mut fields = BTreeMap::new();
    for field in written {
        fields.insert(field.name.clone(), line("fields.value", &field.value, LONGEST_FIELD)?);
    }
    let given: BTreeSet<&str> = fields.keys().map(String::as_str).collect();
    if given != template.fields.iter().copied().collect() || given.len() != written.len() {
        let problem = format!("of {id} are each given once: {}", template.fields.join(", "));
        return Err(Common::field("fields", problem).into());
    }
    Ok(Content::Template(template, fields))
}

/// Text in one line.
fn line(field: &str, text: &str, longest: usize) -> Result<String, Common> {
    if text.chars().any(char::is_control) {
        return Err(Common::field(field, "holds control characters: it is one line"));
    }
    lines(field, text, longest)
}

/// Text that is not empty.
fn lines(field: &str, text: &str, longest: usize) -> Result<String, Common> {
    let text = text.replace("\r\n", "\n");
    let text = text.trim();
    if text.is_empty() {
        return Err(Common::field(field, "is empty"));
    }
    if text.chars().any(|one| one.is_control() && one != '\n') {
        return Err(Common::field(field, "holds control characters"));
    }
    let length = text.chars().count();
    if length > longest {
        return Err(Common::field(field, format!("is {length} characters long; at most {longest} are sent")));
    }
    Ok(text.to_owned())
}

/// People who were chosen: who is reached at which address, and who is not and why.
#[derive(Default)]
pub(super) struct Reach {
    /// Volunteers with their addresses, by name.
    pub(super) reached: BTreeMap<String, String>,
    unreached: BTreeMap<Unreached, Vec<String>>,
}

impl Reach {
    /// Finds out of whom a selection consists, and how each is reached.
    pub(super) async fn of_selection(
        tx: &mut Tx,
        tournament: &TournamentName,
        selection: &Selection,
        channel: Channel,
    ) -> Result<Self, Error> {
        let people = volunteers::people(tx, tournament.as_str()).await?;
        let held = if selection.looks_at_shifts() {
            broadcasts::held(tx, tournament.as_str()).await?
        } else {
            Vec::new()
        };
        let mut chosen = selection.choose(&people, &held, tx.now());
        Refusal::check_size(chosen.len())?;
        // who is named and not there was erased, or is a mistake of the caller
        let known: BTreeSet<&str> = people.iter().map(|person| person.name.as_str()).collect();
        let gone = selection.volunteers.iter().map(String::as_str).filter(|name| !known.contains(name));
        let gone: BTreeSet<&str> = gone.collect();
        chosen.extend(&gone);
        let reach = Self::of_volunteers(tx, &chosen, channel).await?;
        let erased = reach.unreached.get(&Unreached::Erased);
        let is_erased = |name: &&str| erased.is_some_and(|names| names.iter().any(|one| one == name));
        match gone.into_iter().find(|name| !is_erased(name)) {
            Some(name) => Err(Common::not_found(name).into()),
            None => Ok(reach),
        }
    }

    /// Finds out how volunteers are reached.
    pub(super) async fn of_volunteers(
        conn: &mut Conn,
        volunteers: &[&str],
        channel: Channel,
    ) -> Result<Self, Error> {
        let contacts = broadcasts::contacts(conn, volunteers).await?;
        let (mut reach, unknown) = (Self::default(), Contact::default());
        for name in volunteers {
            match contacts.get(*name).unwrap_or(&unknown).address(channel) {
                Ok(address) => {
                    reach.reached.insert((*name).to_owned(), address.to_owned());
                }
                Err(why) => reach.unreached.entry(why).or_default().push((*name).to_owned()),
            }
        }
        Ok(reach)
    }

    /// Number of those who are not reached.
    pub(super) fn missed(&self) -> usize {
        self.unreached.values().map(Vec::len).sum()
    }

    /// Those who are not reached, as the contract has it.
    pub(super) fn unreached(&self) -> Vec<pb::Unreached> {
        let told = |(why, names): (&Unreached, &Vec<String>)| pb::Unreached {
            reason: match why {
                Unreached::NoAddress => pb::UnreachedReason::NoAddress,
                Unreached::NoConsent => pb::UnreachedReason::NoConsent,
                Unreached::Withdrawn => pb::UnreachedReason::Withdrawn,
                Unreached::Erased => pb::UnreachedReason::Erased,
            }
            .into(),
            count: i32::try_from(names.len()).unwrap_or(i32::MAX),
            volunteers: names.iter().take(MOST_SHOWN).cloned().collect(),
        };
        self.unreached.iter().map(told).collect()
    }
}
