//! `matchday token`: who may do what. Tokens are made and read without a server, with the key in its data
//! directory.

use std::path::PathBuf;

use clap::{
    Args, Subcommand,
    builder::{PossibleValuesParser, TypedValueParser},
};
use matchday_kernel::{Instant, NameError, Scope, ServiceName, StaffName, VolunteerName};
use matchday_rpc::{Grant, Identity, Role};
use matchday_runtime::{
    Exit, ambient,
    keys::{self, Keys},
};
use serde::Serialize;

use super::{connection::TokenPlace, times};
use crate::{
    failure::{Failure, say},
    output::{self, Cell, Column, Format, Shown, ToJson},
};

/// The command.
#[derive(Args)]
pub(crate) struct Tokens {
    #[command(flatten)]
    place: TokenPlace,
    /// How data is written to standard output
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "FORMAT",
        default_value_t,
        help_heading = "Connection and output"
    )]
    output: Format,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make the keys and the administrator's token in the data directory, as the first `serve` does
    Init,
    /// Make a token and print it
    #[command(
        after_long_help = "Examples:\n  matchday token issue --subject staff/li --role scheduler --scope \
                                 tournaments/fisu-2023\n  matchday token issue --subject staff/chen --grant \
                                 venue-manager@sites/jinjiang/venues/stadium\n    --grant viewer@'*' --expires \
                                 12h --out chen.token\n  matchday token issue --subject services/venues --role \
                                 service --scope '*' --out venues.token\n  matchday token issue --subject \
                                 tournaments/fisu-2023/volunteers/v001 --role volunteer\n    --scope \
                                 tournaments/fisu-2023/volunteers/v001 --out v001.token\n\nA scope is '*' for everything, or \
                                 a name that covers all below it: sites/jinjiang."
    )]
    Issue(Issue),
    /// Check the token in use and say whose it is, what it allows and until when
    Show,
}

#[derive(Args)]
struct Issue {
    /// Who will hold it: staff/li, services/venues, tournaments/fisu-2023/volunteers/v001
    #[arg(long, value_name = "NAME")]
    subject: String,
    /// What the holder may do; with --scope
    #[arg(long, requires = "scope", required_unless_present = "grant", value_parser = role())]
    role: Option<Role>,
    /// Where the role holds; with --role
    #[arg(long, requires = "role")]
    scope: Option<Scope>,
    /// A role and where it holds, in one; may be given more than once
    #[arg(long, value_name = "ROLE@SCOPE")]
    grant: Vec<Grant>,
    /// How long it is valid
    #[arg(long, value_name = "LENGTH", default_value = "30d", allow_hyphen_values = true)]
    expires: String,
    /// Write it to a file that only you can read, and print nothing
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Reads a role, where a shell offers those there are.
fn role() -> impl TypedValueParser<Value = Role> {
    PossibleValuesParser::new(Role::ALL.map(Role::name)).try_map(|name| name.parse::<Role>())
}

/// What a token says.
#[derive(Serialize)]
struct Claimed {
    subject: String,
    grants: Vec<String>,
    expires: String,
    #[serde(skip)]
    until: Instant,
}

impl ToJson for Claimed {
    type Json = Self;

    fn to_json(&self) -> Result<Self, Failure> {
        Ok(Self {
            subject: self.subject.clone(),
            grants: self.grants.clone(),
            expires: self.expires.clone(),
            until: self.until,
        })
    }
}

impl Shown for Claimed {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("subject", |it: &Self| Cell::text(&it.subject)),
        Column::new("grants", |it: &Self| Cell::Text(it.grants.join(", "))),
        Column::new("expires", |it: &Self| Cell::Time(Some(matchday_rpc::parse::to_timestamp(it.until)))),
    ];
}

impl From<&Identity> for Claimed {
    fn from(identity: &Identity) -> Self {
        Self {
            subject: identity.subject.clone(),
            grants: identity.grants.iter().map(ToString::to_string).collect(),
            expires: identity.expires.to_string(),
            until: identity.expires,
        }
    }
}

impl Tokens {
    /// Does what the command says.
    pub(crate) fn run(self) -> Result<(), Failure> {
        match self.command {
            Command::Init => {
                keys::init(self.place.data(), ambient::clock())
                    .map_err(|error| Failure::of(Exit::Data, &error))?;
                say(format_args!(
                    "the keys and {} are in {}",
                    keys::ADMIN_TOKEN,
                    self.place.data().display()
                ));
                Ok(())
            }
            Command::Issue(issue) => issue.run(&self.place),
            Command::Show => {
                let token = self.place.read()?;
                let public = self.place.data().join(keys::PUBLIC_KEY);
                let verifier =
                    keys::verifier_from(&public, ambient::clock()).map_err(|error| no_keys(&error))?;
                let identity =
                    verifier.verify(token.trim()).map_err(|error| Failure::of(Exit::Denied, &error))?;
                self.output.one(&Claimed::from(&*identity), &times::utc())
            }
        }
    }
}

impl Issue {
    fn run(self, place: &TokenPlace) -> Result<(), Failure> {
        check_subject(&self.subject)?;
        let lasts = times::length("--expires", &self.expires)?;
        let pair = self.role.zip(self.scope).map(|(role, scope)| Grant { role, scope });
        let grants: Vec<Grant> = pair.into_iter().chain(self.grant).collect();
        let keys = Keys::open(place.data(), ambient::clock()).map_err(|error| no_keys(&error))?;
        let token =
            keys.issue(&self.subject, &grants, lasts).map_err(|error| Failure::of(Exit::Data, &error))?;
        match &self.out {
            Some(path) => {
                keys::write_secret(path, &token).map_err(|error| Failure::of(Exit::Failed, &error))?;
                say(format_args!("the token is in {}", path.display()));
            }
            None => output::print(&format!("{token}\n"))?,
        }
        let told: Vec<String> = grants.iter().map(ToString::to_string).collect();
        say(format_args!(
            "{} may act as {}, until {}",
            self.subject,
            told.join(", "),
            times::utc().format(ambient::clock().now().saturating_add(lasts))
        ));
        Ok(())
    }
}

/// A token belongs to somebody of the staff, to a service or to a volunteer.
fn check_subject(subject: &str) -> Result<(), Failure> {
    let is_staff = subject.parse::<StaffName>();
    let is_other = subject.parse::<ServiceName>().is_ok() || subject.parse::<VolunteerName>().is_ok();
    if is_staff.is_ok() || is_other {
        return Ok(());
    }
    let problem = is_staff.err().map(|error: NameError| error.problem);
    Err(Failure::input(format!("--subject: {subject:?} names nobody: {}", problem.unwrap_or_default()))
        .with_hint("write it like staff/li, services/venues or tournaments/fisu-2023/volunteers/v001"))
}

fn no_keys(error: &keys::KeysError) -> Failure {
    Failure::of(Exit::Data, error)
        .with_hint("`matchday token init`, or the first `matchday serve`, makes the keys; name their directory with --data")
}
