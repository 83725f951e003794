//! `matchday message`: volunteers told what they have to know (群发通知); who is told is in `selected`.

use clap::{Args, Subcommand};
use matchday_api::volunteers::v1::{
    Broadcast, BroadcastRequest, BroadcastResponse, CancelBroadcastRequest, GetBroadcastRequest,
    ListBroadcastsRequest, ListMessagesRequest, Message, MessageChannel, MessageState, MessageText,
    RetryMessagesRequest, TemplateField, Unreached, UnreachedReason,
};
use matchday_kernel::{BroadcastName, TournamentName, VolunteerName};

use super::{
    connection::{Client, Connection},
    names, pages,
    refusal::Repeat,
    selected::Selected,
    times::Clocks,
};
use crate::{
    failure::{Failure, say},
    output::{Cell, Column, Shown},
    words,
};

/// Names said of those who are not reached for one reason.
const MOST_SAID: usize = 20;

/// The command and where it goes.
#[derive(Args)]
pub(crate) struct Messages {
    #[command(flatten)]
    connection: Connection,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Tell a selection of volunteers something
    #[command(
        after_long_help = "Examples:\n  matchday message broadcast fisu-2023 --on-shift-now --channel email --en \
                           'Gate C is closed: send people to gate D' --zh 'C门关闭，请引导观众前往D门'\n  matchday \
                           message broadcast fisu-2023 --post gate-stewards --zone jinjiang/stadium --channel \
                           webhook\n    --template meeting-point --field place='gate A' --field time=17:30 \
                           --dry-run"
    )]
    Broadcast(Box<Send>),
    /// List the broadcasts of a tournament, the latest first
    List {
        /// The tournament: fisu-2023
        tournament: String,
    },
    /// Show a broadcast: what it said, to whom, and how many of its messages stand where
    Show {
        /// The broadcast, as `message list` shows it: fisu-2023/7
        broadcast: String,
    },
    /// List the messages of a broadcast: who was told, and where each message stands. That it was read is recorded
    Messages {
        /// The broadcast, as `message list` shows it: fisu-2023/7
        broadcast: String,
        /// Only those that stand here
        #[arg(long = "state", value_name = "STATE", value_parser = words::values::<MessageState>())]
        states: Vec<MessageState>,
    },
    /// Send messages again that have failed, or of which it is uncertain whether they have gone
    #[command(
        after_long_help = "Examples:\n  matchday message retry fisu-2023/7 --failed\n  matchday message retry \
                           fisu-2023/7 --uncertain v001 v002\n\nWho has got a mail that is uncertain gets it twice."
    )]
    Retry(Retry),
    /// Take back the messages of a broadcast that have not gone
    Cancel {
        /// The broadcast, as `message list` shows it: fisu-2023/7
        broadcast: String,
        #[command(flatten)]
        repeat: Repeat,
    },
}

#[derive(Args)]
struct Send {
    /// The tournament: fisu-2023
    tournament: String,
    #[command(flatten)]
    who: Selected,
    /// How: email, webhook (a program that is called) or file
    #[arg(long, value_parser = words::values::<MessageChannel>())]
    channel: MessageChannel,
    /// What it is about, in English; the beginning of the text when left out
    #[arg(long, value_name = "LINE", requires = "en")]
    en_subject: Option<String>,
    /// The text in English
    #[arg(long, value_name = "TEXT", required_unless_present_any = ["zh", "template"], conflicts_with = "template")]
    en: Option<String>,
    /// What it is about, in Chinese
    #[arg(long, value_name = "LINE", requires = "zh")]
    zh_subject: Option<String>,
    /// The text in Chinese
    #[arg(long, value_name = "TEXT", conflicts_with = "template")]
    zh: Option<String>,
    /// A text with fields instead: shift-reminder, meeting-point, weather-pause, thanks
    #[arg(long)]
    template: Option<String>,
    /// A field of the template
    #[arg(long = "field", value_name = "NAME=VALUE", requires = "template")]
    fields: Vec<String>,
    /// Show whom it would reach and whom not, and tell nobody
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    repeat: Repeat,
}

#[derive(Args)]
struct Retry {
    /// The broadcast, as `message list` shows it: fisu-2023/7
    broadcast: String,
    /// Only those to these volunteers: v001
    volunteers: Vec<String>,
    /// Those that have failed
    #[arg(long, required_unless_present = "uncertain")]
    failed: bool,
    /// Those of which it is uncertain whether they have gone
    #[arg(long)]
    uncertain: bool,
    #[command(flatten)]
    repeat: Repeat,
}

impl Shown for Broadcast {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("name", |it: &Self| Cell::name(&it.name)),
        Column::new("channel", |it: &Self| Cell::Text(words::word_of::<MessageChannel>(it.channel))),
        Column::clock("sent-at", |it: &Self| Cell::Time(it.create_time)),
        Column::new("author", |it: &Self| Cell::text(&it.author)),
        Column::new("about", |it: &Self| Cell::text(about(it))),
        Column::new("queued", |it: &Self| Cell::Number(it.queued.into())),
        Column::new("sending", |it: &Self| Cell::Number(it.sending.into())),
        Column::new("sent", |it: &Self| Cell::Number(it.sent.into())),
        Column::new("failed", |it: &Self| Cell::Number(it.failed.into())),
        Column::new("uncertain", |it: &Self| Cell::Number(it.uncertain.into())),
        Column::new("cancelled", |it: &Self| Cell::Number(it.cancelled.into())),
        Column::new("unreached", |it: &Self| Cell::Number(it.unreached.into())),
        Column::detail("text", |it: &Self| {
            Cell::Text(it.texts.iter().map(|text| text.body.as_str()).collect::<Vec<_>>().join(" / "))
        }),
    ];
}

impl Shown for Message {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("volunteer", |it: &Self| Cell::name(&it.volunteer)),
        Column::new("state", |it: &Self| Cell::Text(words::word_of::<MessageState>(it.state))),
        Column::new("attempts", |it: &Self| Cell::Number(it.attempts.into())),
        Column::clock("last", |it: &Self| Cell::Time(it.attempt_time)),
        Column::new("next", |it: &Self| Cell::Time(it.due_time)),
        Column::new("problem", |it: &Self| Cell::text(&it.problem)),
        Column::new("languages", |it: &Self| Cell::Text(it.languages.join(" "))),
        Column::detail("key", |it: &Self| Cell::text(&it.key)),
    ];
}

/// What a broadcast is about, as far as it is told.
fn about(broadcast: &Broadcast) -> &str {
    broadcast.texts.first().map_or(&broadcast.template, |text| &text.subject)
}

impl Messages {
    /// Does what the command says.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let client = self.connection.open()?;
        match self.command {
            Command::Broadcast(send) => send.run(&client).await,
            Command::List { tournament } => list(&client, &tournament).await,
            Command::Show { broadcast } => show(&client, &broadcast).await,
            Command::Messages { broadcast, states } => messages(&client, &broadcast, &states).await,
            Command::Retry(retry) => retry.run(&client).await,
            Command::Cancel { broadcast, repeat } => cancel(&client, &broadcast, repeat).await,
        }
    }
}

/// A text with what it is about: its first line, as far as that is short, when nobody says.
fn text(language: &str, subject: Option<String>, body: Option<String>) -> Option<MessageText> {
    let body = body?;
    let first: String = body.lines().next().unwrap_or_default().chars().take(60).collect();
    Some(MessageText { language: language.to_owned(), subject: subject.unwrap_or(first), body })
}

impl Send {
    async fn run(self, client: &Client) -> Result<(), Failure> {
        let tournament: TournamentName = names::read(&self.tournament)?;
        let request = self.repeat.request();
        let field = |text: &String| match text.split_once('=') {
            Some((name, value)) => Ok(TemplateField { name: name.to_owned(), value: value.to_owned() }),
            None => Err(Failure::input(format!("--field: {text:?} is no NAME=VALUE"))),
        };
        let broadcast = BroadcastRequest {
            parent: tournament.to_string(),
            selection: Some(self.who.selection(client, &tournament).await?),
            channel: self.channel.into(),
            texts: [text("zh-CN", self.zh_subject, self.zh), text("en", self.en_subject, self.en)]
                .into_iter()
                .flatten()
                .collect(),
            template: self.template.unwrap_or_default(),
            fields: self.fields.iter().map(field).collect::<Result<_, _>>()?,
            validate_only: self.dry_run,
            request_id: request.id(),
        };
        let sent = client.messages().broadcast(broadcast).await;
        let response = sent.map_err(|status| request.refused(status))?.into_inner();
        tell(&response, self.dry_run);
        if self.dry_run {
            return Ok(());
        }
        show_one(client, &tournament, &response.broadcast.unwrap_or_default()).await
    }
}

/// Says whom a broadcast reaches.
fn tell(response: &BroadcastResponse, is_dry_run: bool) {
    if is_dry_run {
        say(format_args!("it would reach {} volunteers; nobody was told", response.reached));
    } else {
        say(format_args!("{} messages are on their way", response.reached));
    }
    tell_unreached(&response.unreached);
    tell_missing(response.sender_missing);
}

fn tell_unreached(unreached: &[Unreached]) {
    for Unreached { reason, count, volunteers } in unreached {
        let why = words::word_of::<UnreachedReason>(*reason);
        let ids: Vec<&str> =
            volunteers.iter().filter_map(|name| name.rsplit('/').next()).take(MOST_SAID).collect();
        let more = if usize::try_from(*count).unwrap_or_default() > ids.len() { " …" } else { "" };
        say(format_args!("not reached, {why}: {count}: {}{more}", ids.join(" ")));
    }
}

fn tell_missing(is_missing: bool) {
    if is_missing {
        say("the server has no sender of this channel: messages wait until it is started with one \
             (`matchday serve --help`)");
    }
}

async fn list(client: &Client, tournament: &str) -> Result<(), Failure> {
    let tournament: TournamentName = names::read(tournament)?;
    let broadcasts = pages::all(async |page_token| {
        let parent = tournament.to_string();
        let request = ListBroadcastsRequest { parent, page_size: pages::PAGE_SIZE, page_token };
        let page = client.messages().list_broadcasts(request).await?.into_inner();
        Ok((page.broadcasts, page.next_page_token))
    });
    let broadcasts = broadcasts.await?;
    let zone = Clocks::Tournament(&tournament).zone_to_show(client).await;
    client.output.list(&broadcasts, &zone)
}

async fn show(client: &Client, broadcast: &str) -> Result<(), Failure> {
    let name: BroadcastName = names::read(broadcast)?;
    let request = GetBroadcastRequest { name: name.to_string() };
    let response = client.messages().get_broadcast(request).await?.into_inner();
    let broadcast = response.broadcast.unwrap_or_default();
    tell_missing(response.sender_missing && broadcast.queued > 0);
    show_one(client, &name.parent(), &broadcast).await
}

async fn messages(client: &Client, broadcast: &str, states: &[MessageState]) -> Result<(), Failure> {
    let name: BroadcastName = names::read(broadcast)?;
    let messages = pages::all(async |page_token| {
        let request = ListMessagesRequest {
            parent: name.to_string(),
            page_size: pages::PAGE_SIZE,
            page_token,
            states: states.iter().map(|state| (*state).into()).collect(),
        };
        let page = client.messages().list_messages(request).await?.into_inner();
        Ok((page.messages, page.next_page_token))
    });
    let messages = messages.await?;
    let zone = Clocks::Tournament(&name.parent()).zone_to_show(client).await;
    client.output.list(&messages, &zone)
}

impl Retry {
    async fn run(self, client: &Client) -> Result<(), Failure> {
        let (name, request): (BroadcastName, _) = (names::read(&self.broadcast)?, self.repeat.request());
        let tournament = name.parent();
        let within = |text: &String| names::read_within::<VolunteerName>(Some(tournament.id()), text);
        let states = [(self.failed, MessageState::Failed), (self.uncertain, MessageState::Uncertain)];
        let retry = RetryMessagesRequest {
            name: name.to_string(),
            states: states.into_iter().filter(|(wanted, _)| *wanted).map(|(_, state)| state.into()).collect(),
            volunteers: self
                .volunteers
                .iter()
                .map(|text| within(text).map(String::from))
                .collect::<Result<_, _>>()?,
            request_id: request.id(),
        };
        let retried = client.messages().retry_messages(retry).await;
        let response = retried.map_err(|status| request.refused(status))?.into_inner();
        say(format_args!("{} messages are queued again", response.queued));
        tell_unreached(&response.unreached);
        show_one(client, &tournament, &response.broadcast.unwrap_or_default()).await
    }
}

async fn cancel(client: &Client, broadcast: &str, repeat: Repeat) -> Result<(), Failure> {
    let (name, request): (BroadcastName, _) = (names::read(broadcast)?, repeat.request());
    let cancel = CancelBroadcastRequest { name: name.to_string(), request_id: request.id() };
    let cancelled = client.messages().cancel_broadcast(cancel).await;
    let response = cancelled.map_err(|status| request.refused(status))?.into_inner();
    say(format_args!("{} messages were taken back", response.cancelled));
    show_one(client, &name.parent(), &response.broadcast.unwrap_or_default()).await
}

async fn show_one(
    client: &Client,
    tournament: &TournamentName,
    broadcast: &Broadcast,
) -> Result<(), Failure> {
    let zone = Clocks::Tournament(tournament).zone_to_show(client).await;
    client.output.one(broadcast, &zone)
}
