// Generated from the engine's command list. Do not edit: run the engine's tests with UPDATE_GOLDEN=1.

export type Kind = "chat" | "mail" | "note";

export type Party = { 
/**
 * Display name, where given.
 */
name: string | null, 
/**
 * Mail address, phone number or platform user id.
 */
handle: string, };

export type Flags = { 
/**
 * Seen (RFC 9051 `\Seen`).
 */
read: boolean, 
/**
 * Starred (`\Flagged`).
 */
starred: boolean, 
/**
 * Answered (`\Answered`).
 */
answered: boolean, 
/**
 * Not sent yet (`\Draft`).
 */
draft: boolean, };

export type Reaction = { 
/**
 * The emoji.
 */
emoji: string, 
/**
 * Who reacted, beside me.
 */
by: Array<Party>, 
/**
 * I did.
 */
mine: boolean, };

export type Todo = { 
/**
 * The platform's name of its paragraph, as [`crate::Intent::Tick`] wants it.
 */
id: string, 
/**
 * What is to be done, in one line.
 */
text: string, 
/**
 * It is ticked.
 */
done: boolean, };

export type NoteMeta = { 
/**
 * Its to-dos, from top to bottom.
 */
todos: Array<Todo>, 
/**
 * Where to open it on the platform.
 */
url: string | null, 
/**
 * Its content was not fetched yet, or not since it was changed: [`crate::Source::complete`] does.
 */
pending: boolean, };

export type Receipt = "none" | "sent" | "failed" | "delivered" | "read";

export type Reported = "delayed" | "relayed" | "delivered" | "deleted" | "read" | "failed";

export type SourceType = "whatsapp" | "teams" | "slack" | "outlook" | "gmail" | "imap" | "onenote" | "files" | "github" | "jira" | "channel";

export type Capabilities = { 
/**
 * [`Source::wait`] returns when something changed.
 */
live: boolean, 
/**
 * It can send.
 */
send: boolean, 
/**
 * Nothing comes from it and nobody answers there: rules and notifications tell things through it.
 */
send_only: boolean, 
/**
 * It keeps read and unread.
 */
mark_read: boolean, 
/**
 * It keeps stars.
 */
star: boolean, 
/**
 * It can move items between scopes, and so archive and delete.
 */
move_items: boolean, 
/**
 * An item can be in many scopes at once: they are labels, put on and taken off.
 */
labels: boolean, 
/**
 * It keeps drafts, which other programs of mine see and change.
 */
drafts: boolean, 
/**
 * It takes answers to invitations.
 */
rsvp: boolean, 
/**
 * Sending the same key twice has one effect.
 */
idempotent_send: boolean, 
/**
 * It is asked only when somebody looks at it or does something there: its platform allows no
 * more without a person's word.
 */
on_demand: boolean, 
/**
 * [`Source::older`] fetches more of a scope's past than [`Source::pull`] does.
 */
older: boolean, 
/**
 * For so many hours after somebody wrote, one may write to them freely; later only what the platform
 * approved beforehand ([`Source::templates`]).
 */
reply_window: number | null, 
/**
 * Somebody without a conversation may be written to by their number.
 */
by_number: boolean, 
/**
 * How fast a conversation takes messages, where the platform holds back somebody who writes faster.
 */
pace: Pace | null, 
/**
 * It takes answers to choose from with a message ([`crate::Choices`]).
 */
choices: boolean, 
/**
 * It tells whoever is written to that somebody writes ([`Source::typing`]).
 */
typing: boolean, 
/**
 * What it sends may ask for a receipt, and what is reported of it is read.
 */
receipts: boolean, 
/**
 * It takes reactions.
 */
reactions: Reactions, 
/**
 * Largest attachment in bytes; `None`: it takes none.
 */
max_attachment: number | null, };

export type Pace = { 
/**
 * So many at once after a rest.
 */
burst: number, 
/**
 * Seconds for each beyond that.
 */
seconds: number, };

export type CheckStep = { 
/**
 * What was tried, such as `Connect to imap.example.org:993`.
 */
name: string, 
/**
 * It worked.
 */
ok: boolean, 
/**
 * What was seen.
 */
detail: string, 
/**
 * What to do about it, when it did not work.
 */
fix: string | null, };

export type ScopeRole = "inbox" | "archive" | "all" | "sent" | "drafts" | "trash" | "junk" | "chat" | "channel" | "notes" | "label" | "other";

export type Progress = { 
/**
 * Items seen so far.
 */
done: number, 
/**
 * Items there are, when the platform says.
 */
total: number | null, 
/**
 * Everything newer than this has been seen.
 */
since: string | null, 
/**
 * Nothing older is left to fetch.
 */
complete: boolean, };

export type AccountConfig = { "platform": "imap" } & ImapConfig | { "platform": "microsoft" } & MicrosoftConfig | { "platform": "slack" } & SlackConfig | { "platform": "whatsapp" } & WhatsAppConfig | { "platform": "hook" } & HookConfig | { "platform": "channel" } & ChannelConfig | { "platform": "files" } & FilesConfig | { "platform": "demo" } & DemoConfig;

export type ImapConfig = { 
/**
 * The address mail is sent from.
 */
address: string, 
/**
 * The name shown to recipients.
 */
display_name: string | null, 
/**
 * The login, where it is not the address.
 */
user: string | null, 
/**
 * IMAP server.
 */
imap: Endpoint, 
/**
 * Submission server; without it the account only reads.
 */
smtp: Endpoint | null, 
/**
 * How the connections are protected.
 */
tls: Tls, 
/**
 * How to sign in.
 */
auth: Auth, 
/**
 * The provider that issues the access tokens for XOAUTH2; without it a token is given by hand.
 */
oauth: OAuthConfig | null, 
/**
 * A certificate authority to trust beside the system's: a PEM file.
 */
ca: string | null, };

export type MicrosoftConfig = { 
/**
 * Who issues the tokens.
 */
oauth: OAuthConfig, 
/**
 * Root of Graph with its version, such as `https://graph.microsoft.com/v1.0`; sovereign clouds have their own.
 */
api_root: string, 
/**
 * The address that signed in, once it is known.
 */
address: string | null, 
/**
 * What is switched on, of Outlook, Teams and OneNote: nothing else is consented to.
 */
sources: Array<SourceType>, 
/**
 * Channels of teams are read too, which an administrator has to consent to.
 */
channels: boolean, };

export type SlackConfig = { 
/**
 * Root of the Web API, such as `https://slack.com/api`; government workspaces have their own.
 */
api_root: string, 
/**
 * Whose token it is: the address, or the id where the token may not see that.
 */
address: string | null, 
/**
 * The name of the workspace.
 */
workspace: string | null, 
/**
 * How the person signs in at Slack's page; nothing where a token was pasted.
 */
oauth: OAuthConfig | null, };

export type OAuthConfig = { 
/**
 * The provider's page where a person signs in and consents.
 */
authorize_url: string, 
/**
 * Where codes and refresh tokens become access tokens.
 */
token_url: string, 
/**
 * Where a device code is had (RFC 8628); `None`: the provider has none.
 */
device_url: string | null, 
/**
 * The registered app, a public client (RFC 8252).
 */
client_id: string, 
/**
 * What is asked for beside what the sources that are switched on need; for IMAP, the provider's word for mail.
 */
scopes: Array<string>, 
/**
 * Who signed in, as the provider names them, once it is known: nobody else may sign in here later.
 */
subject: string | null, 
/**
 * The port of `http://localhost` that the registration names, where the provider minds; else any that is free.
 */
port: number | null, };

export type WhatsAppConfig = { 
/**
 * Meta's id of the number.
 */
phone_number_id: string, 
/**
 * Meta's id of the business account it belongs to.
 */
business_account_id: string, 
/**
 * Root of the API with its version, such as `https://graph.facebook.com/v23.0`.
 */
api_root: string, 
/**
 * Where events are received, an address of this computer with a port.
 */
listen: string, 
/**
 * Where Meta reaches that address, a tunnel of the person's own, or the relay; without the path of the events.
 */
public_url: string | null, 
/**
 * The number itself, once it is known.
 */
number: string | null, 
/**
 * A relay that receives events while nobody listens here.
 */
relay: RelayConfig | null, };

export type HookConfig = { 
/**
 * Who tells.
 */
service: Service, 
/**
 * Who I am there: the login at GitHub, the account id at Jira (the name on a server of one's own).
 */
me: string, 
/**
 * Where events are received, an address of this computer with a port.
 */
listen: string, 
/**
 * Where the service reaches that address: a tunnel of the person's own, or the relay; without the path of the
 * events.
 */
public_url: string | null, 
/**
 * A relay that receives events while nobody listens here.
 */
relay: RelayConfig | null, };

export type Service = "github" | "jira";

export type RelayConfig = { 
/**
 * Where its NATS is: `tls://` and a host with a port; `nats://` on this computer alone. Several servers of
 * a cluster are separated by commas.
 */
nats: string, 
/**
 * A certificate authority to trust beside the system's: a PEM file.
 */
ca: string | null, };

export type ChannelConfig = { 
/**
 * What it is.
 */
via: Via, 
/**
 * How many messages a minute it is given at most; the platform's own limit when left out.
 */
per_minute: number | null, };

export type Via = { "kind": "slack_webhook" } | { "kind": "telegram", 
/**
 * The id of the chat, or `@name` of a public channel.
 */
chat: string, 
/**
 * Root of the Bot API, such as `https://api.telegram.org`.
 */
api_root: string, } | { "kind": "webhook", 
/**
 * The address.
 */
url: string, } | { "kind": "smtp" } & SmtpConfig;

export type SmtpConfig = { 
/**
 * The address it is sent from.
 */
from: string, 
/**
 * The address it is sent to.
 */
to: string, 
/**
 * The login, where it is not the address it is sent from.
 */
user: string | null, 
/**
 * The server.
 */
server: Endpoint, 
/**
 * How the connection is protected.
 */
tls: Tls, 
/**
 * A certificate authority to trust beside the system's: a PEM file.
 */
ca: string | null, };

export type Template = { 
/**
 * The platform's name of it.
 */
name: string, 
/**
 * Its language, as the platform writes it (`en_US`).
 */
language: string, 
/**
 * What it says, header and footer included, with its blanks as `{{1}}`.
 */
text: string, 
/**
 * Its blanks, in the order they stand there.
 */
blanks: Array<Blank>, 
/**
 * The file that stands above it and goes along with it.
 */
file?: FileKind | null, };

export type Blank = { 
/**
 * The part of the message it is in: `header`, `body`, or `button 0`.
 */
part: string, 
/**
 * Its name, without the braces.
 */
name: string, 
/**
 * What could stand there.
 */
example: string | null, };

export type TemplateUse = { 
/**
 * [`Template::name`].
 */
name: string, 
/**
 * [`Template::language`].
 */
language: string, 
/**
 * What stands in each blank.
 */
values: Array<Filled>, 
/**
 * [`Template::file`].
 */
file?: FileKind | null, };

export type FileKind = "image" | "video" | "document";

export type Choices = { 
/**
 * The words on the button that opens them as a list; `None`: each is a button of its own.
 */
list: string | null, 
/**
 * The answers, in the order they are shown.
 */
offered: Array<Choice>, };

export type Choice = { 
/**
 * What it says.
 */
title: string, 
/**
 * A line below it, in a list.
 */
about: string | null, 
/**
 * The heading it stands under, in a list.
 */
section: string | null, };

export type Filled = { 
/**
 * [`Blank::part`].
 */
part: string, 
/**
 * [`Blank::name`].
 */
name: string, 
/**
 * What stands there.
 */
value: string, };

export type Prompt = { "way": "browser", 
/**
 * Where it is.
 */
url: string, } | { "way": "device", 
/**
 * The page to type it on.
 */
url: string, 
/**
 * The code.
 */
code: string, 
/**
 * The page with the code filled in, where the provider has one.
 */
direct: string | null, 
/**
 * How long the code is good for, in minutes.
 */
minutes: number, };

export type FilesConfig = { 
/**
 * What to read, each an mbox file, an .eml file, a Maildir, an export of WhatsApp or a folder of those.
 */
paths: string[], 
/**
 * What exports of chats do not say themselves.
 */
chats: ChatExports, 
/**
 * What was found in them when they were brought in: mail, chats, or both. Unknown, they are looked through
 * whenever the account is opened.
 */
holds?: Array<Kind> | null, };

export type ChatExports = { 
/**
 * The name I have in them; `None`: it is found out where it can be.
 */
me: string | null, 
/**
 * How their dates are written; `None`: it is found out, and said where it is doubtful.
 */
dates: DateOrder | null, 
/**
 * The time zone of the phone (IANA); `None`: that of this computer.
 */
zone: string | null, };

export type DateOrder = "dmy" | "mdy" | "ymd";

export type Reactions = "none" | "one" | "many";

export type DemoConfig = { 
/**
 * Same seed, same world.
 */
seed: number, 
/**
 * The instant the world was made for; everything in it is dated relative to this.
 */
now: string, 
/**
 * How many times over the world is there, to see a full window; once, unless said otherwise.
 */
copies: number, };

export type Endpoint = { 
/**
 * Host name or address.
 */
host: string, 
/**
 * TCP port.
 */
port: number, };

export type Tls = "implicit" | "starttls" | "loopback-plain";

export type Auth = "password" | "xoauth2";

export type TextKind = "own" | "quote" | "signature";

export type SenderBadge = "authenticated" | "failed" | "unknown";

export type LinkVerdict = { 
/**
 * It may be opened after the person confirmed; anything else can only be copied.
 */
allowed: boolean, 
/**
 * The address to open: parsed and written anew, without a user name or password. Empty when
 * not allowed.
 */
href: string, 
/**
 * The host as it is asked for, `xn--` where it was not ASCII; for a mail link the address.
 */
host: string, 
/**
 * The host as it may be shown.
 */
display_host: string, 
/**
 * The text names another host than the one the link goes to.
 */
mismatch: boolean, 
/**
 * The host's letters can be mistaken for others.
 */
mixed_script: boolean, 
/**
 * It leads to this machine or a private network: ask twice.
 */
private: boolean, 
/**
 * Sentences for the person, the gravest first.
 */
warnings: Array<string>, };

export type TextBlock = { 
/**
 * What it is.
 */
kind: TextKind, 
/**
 * Its lines, without the empty ones at both ends; quote marks are kept.
 */
text: string, };

export type Span = { 
/**
 * The text.
 */
text: string, 
/**
 * It is what was searched for.
 */
hit: boolean, };

export type SenderVerdict = { 
/**
 * The finding of the account's server.
 */
badge: SenderBadge, 
/**
 * The address as it may be shown: no control characters, a deceptive domain as `xn--`.
 */
address: string, 
/**
 * Sentences for the person, the gravest first.
 */
warnings: Array<string>, };

export type Place = "inbox" | "snoozed" | "archive" | "sent" | "drafts" | "notes" | "junk" | "trash";

export type View = "inbox" | "waiting" | "snoozed" | "sent" | "archive" | "notes" | "starred" | "junk" | "trash" | "all";

export type SourceState = "starting" | "syncing" | "live" | "paused" | "off" | "auth_needed" | "throttled" | "offline" | "failing";

export type SourceView = { 
/**
 * Id.
 */
id: string, 
/**
 * Its account.
 */
account: string, 
/**
 * Platform.
 */
type: SourceType, 
/**
 * Family.
 */
kind: Kind, 
/**
 * Name to show.
 */
name: string, 
/**
 * The address or handle I have there.
 */
identity: string | null, 
/**
 * State.
 */
state: SourceState, 
/**
 * One sentence about it, when it is not well.
 */
message: string | null, 
/**
 * When the platform last answered.
 */
last_heard: string | null, 
/**
 * When it is tried again.
 */
next_try: string | null, 
/**
 * How far the first sync has come.
 */
progress: Progress, 
/**
 * What it can do.
 */
capabilities: Capabilities, 
/**
 * Items kept.
 */
items: number, 
/**
 * It may tell of what is new.
 */
notify: boolean, 
/**
 * Unread threads in the inbox.
 */
unread: number, 
/**
 * When what it pushes was not heard, and will not be repeated by itself; the newest first. Gone once somebody has
 * seen it (`accounts.seen_missed`), or something of that time has come.
 */
missed: Array<Missed>, 
/**
 * What of it could not be read, until somebody has seen that (`accounts.seen_unreadable`).
 */
unreadable: Unreadable | null, 
/**
 * What the platform says is wrong with the account, the newest first, until somebody has seen it
 * (`accounts.seen_warnings`).
 */
warnings: Array<Warned>, };

export type Missed = { 
/**
 * From then
 */
since: string, 
/**
 * until then.
 */
until: string, };

export type Unreadable = { 
/**
 * So many, since somebody has seen them last.
 */
count: number, 
/**
 * When the newest of them came.
 */
newest: string, 
/**
 * What is wrong with that one, in one sentence.
 */
reason: string, };

export type Warned = { 
/**
 * When it was said last.
 */
at: string, 
/**
 * What is wrong and what to do, in one sentence.
 */
reason: string, };

export type AccountView = { 
/**
 * Id.
 */
id: string, 
/**
 * Name to show.
 */
name: string, 
/**
 * Settings.
 */
config: AccountConfig, 
/**
 * Its sources.
 */
sources: Array<SourceView>, };

export type Status = { 
/**
 * Version of Inlet.
 */
version: string, 
/**
 * The demo world is in this data directory.
 */
demo: boolean, 
/**
 * Accounts.
 */
accounts: Array<AccountView>, 
/**
 * Unread threads by view, and how many entries outbox and drafts hold.
 */
counts: { [key in string]: number }, 
/**
 * The newest change.
 */
rev: number, 
/**
 * How many changes the search index is behind.
 */
index_behind: number, 
/**
 * The folder everything is kept in.
 */
data_dir: string, 
/**
 * Where that folder was named: `default`, `environment` or `flag`.
 */
data_dir_origin: string, };

export type WorkKind = "sync" | "import" | "export" | "rebuild" | "tidy" | "backup" | "check";

export type WorkView = { 
/**
 * Pass to `work.pause`, `work.resume` and `work.cancel`.
 */
id: string, 
/**
 * What kind.
 */
kind: WorkKind, 
/**
 * The source, folder or index it is about.
 */
title: string, 
/**
 * Pieces done.
 */
done: number, 
/**
 * Pieces there are, where that is known.
 */
total: number | null, 
/**
 * When it began; for a source, when it was last heard.
 */
started_at: string, 
/**
 * It waits for the person.
 */
paused: boolean, 
/**
 * It can be paused.
 */
can_pause: boolean, 
/**
 * It can be ended; what it has done stays.
 */
can_cancel: boolean, };

export type WorkParams = { 
/**
 * As [`WorkView::id`].
 */
id: string, };

export type NextAction = { 
/**
 * `reply`, `todo` or `waiting`.
 */
state: State, 
/**
 * The day it is due, as its sender named it (`2026-03-06`), where that is sure.
 */
day: string | null, };

export type ThreadRow = { 
/**
 * Id.
 */
id: string, 
/**
 * Where it came from.
 */
source: string, 
/**
 * Platform.
 */
source_type: SourceType, 
/**
 * Family.
 */
kind: Kind, 
/**
 * Subject, chat name or page title; empty when it has none.
 */
title: string, 
/**
 * Who is in it, newest writer first, me left out unless alone.
 */
people: Array<Party>, 
/**
 * The beginning of the newest item's own text.
 */
snippet: string, 
/**
 * Nobody wrote the newest item: its text is a sentence of Inlet's about what happened.
 */
event: boolean, 
/**
 * Time of the newest item.
 */
at: string, 
/**
 * Unread items.
 */
unread: number, 
/**
 * Items.
 */
total: number, 
/**
 * An item is starred.
 */
starred: boolean, 
/**
 * Where it lives.
 */
place: Place, 
/**
 * Names of the folders and labels it is in, the special ones left out.
 */
labels: Array<string>, 
/**
 * An item has a file.
 */
has_attachment: boolean, 
/**
 * The newest item is mine.
 */
last_from_me: boolean, 
/**
 * New items stay out of the inbox.
 */
muted: boolean, 
/**
 * When it comes back, if it is snoozed.
 */
snoozed_until: string | null, 
/**
 * I asked something, and nobody has answered.
 */
waiting: boolean, 
/**
 * When it comes back if nobody has answered until then.
 */
remind_at: string | null, 
/**
 * It came back because nobody has answered, since then.
 */
unanswered_since: string | null, 
/**
 * What it asks of me, where that is worth a thought.
 */
next: NextAction | null, };

export type ReplyWindow = { 
/**
 * Hours after somebody wrote.
 */
hours: number, 
/**
 * Until then; nobody has written yet when left out.
 */
until: string | null, };

export type TemplatesParams = { 
/**
 * Source.
 */
source: string, };

export type TypingParams = { 
/**
 * The conversation.
 */
thread: string, };

export type WhatsAppParams = { 
/**
 * Its settings. A number that is connected already is given these.
 */
config: WhatsAppConfig, 
/**
 * Access token of a system user.
 */
token: string, 
/**
 * The secret of the app, which Meta signs events with.
 */
app_secret: string, 
/**
 * What to call it; the number when left out.
 */
name: string | null, };

export type RelayView = { 
/**
 * The path the platform posts to, below the relay's address.
 */
path: string, 
/**
 * The public key of this computer, which events are sealed for.
 */
key: string, 
/**
 * The piece of the relay's file, in TOML.
 */
piece: string, 
/**
 * The relay that is read now.
 */
relay: RelayConfig | null, };

export type RelayParams = { 
/**
 * Account.
 */
id: string, 
/**
 * Where its NATS is; left out, no relay is read any more.
 */
nats: string | null, 
/**
 * A certificate authority to trust beside the system's, for NATS: a PEM file.
 */
ca: string | null, 
/**
 * The login at NATS: a credentials file's text, an nkey seed, `user:password` or a token. Left out, the one
 * that was given stays.
 */
login: string | null, 
/**
 * With no relay any more: what this one may still have is left there.
 */
leave: boolean, 
/**
 * Where the platform is to send events from now on: the relay's own address, or a tunnel's. Left out, it stays.
 */
public_url: string | null, };

export type Group = "people" | "updates";

export type ListParams = { 
/**
 * View.
 */
in: View, 
/**
 * Only this source.
 */
source: string | null, 
/**
 * Only this family.
 */
kind: Kind | null, 
/**
 * Only this folder, chat or section.
 */
scope: string | null, 
/**
 * Only threads with people, or only those of lists and machines.
 */
group: Group | null, 
/**
 * Only threads with something unread.
 */
unread: boolean, 
/**
 * Only threads that this search finds.
 */
query: string | null, 
/**
 * Most rows to return, at most 500; 50 when left out.
 */
limit: number | null, 
/**
 * The `next` of the page before.
 */
after: string | null, 
/**
 * Skip that many rows instead: for a list that is scrolled by hand.
 */
offset: number | null, };

export type ThreadPage = { 
/**
 * Rows.
 */
threads: Array<ThreadRow>, 
/**
 * Pass as `after`; nothing when this was the last page.
 */
next: string | null, 
/**
 * Rows in the whole list.
 */
total: number, 
/**
 * The change the page was read at.
 */
rev: number, };

export type AttachmentView = { 
/**
 * Id.
 */
id: string, 
/**
 * A name that is safe to show and to save under.
 */
name: string, 
/**
 * Media type.
 */
type: string, 
/**
 * Bytes.
 */
size: number, 
/**
 * Shown inside the body.
 */
inline: boolean, 
/**
 * Opening it could run a program.
 */
executable: boolean, 
/**
 * It is on this computer.
 */
local: boolean, 
/**
 * Where it lies, an `https` address for a browser, when it can be had only there.
 */
link: string | null, };

export type ItemView = { 
/**
 * Id.
 */
id: string, 
/**
 * Its thread.
 */
thread: string, 
/**
 * Family.
 */
kind: Kind, 
/**
 * Author.
 */
from: Party | null, 
/**
 * Recipients.
 */
to: Array<Party>, 
/**
 * Copies.
 */
cc: Array<Party>, 
/**
 * When.
 */
at: string, 
/**
 * Subject or title.
 */
subject: string, 
/**
 * Plain text, whole.
 */
text: string, 
/**
 * The same text in blocks: own, quoted, signature.
 */
blocks: Array<TextBlock>, 
/**
 * There is an HTML form: ask `item.html`.
 */
has_html: boolean, 
/**
 * Files.
 */
attachments: Array<AttachmentView>, 
/**
 * Flags.
 */
flags: Flags, 
/**
 * Message-ID, without angle brackets.
 */
message_id: string | null, 
/**
 * I wrote it.
 */
from_me: boolean, 
/**
 * Reactions.
 */
reactions: Array<Reaction>, 
/**
 * The item it answers, where it is in the same thread.
 */
reply_to: string | null, 
/**
 * It was changed after it was sent.
 */
edited: boolean, 
/**
 * Its author took it back.
 */
retracted: boolean, 
/**
 * Nobody wrote it: its text is a sentence of Inlet's about what happened.
 */
event: boolean, 
/**
 * How far it has come, if it is mine and its platform says; of a mail at everybody it was sent to.
 */
receipt: Receipt, 
/**
 * What became of a mail of mine at each of its recipients, as far as that was reported.
 */
delivery: Array<DeliveryStatus>, 
/**
 * The outbox entry it can be written anew from, where it did not arrive everywhere: `outbox.again`.
 */
again: string | null, 
/**
 * Its sender asks to be told that it was read, and may be: `receipt.send`.
 */
read_request: ReadRequestView | null, 
/**
 * A sentence when something of it could not be understood.
 */
note: string | null, 
/**
 * What can be said about the sender.
 */
sender: SenderVerdict | null, 
/**
 * It came through a mailing list.
 */
list: string | null, 
/**
 * How one gets off that list.
 */
unsubscribe: Unsubscribe | null, 
/**
 * What only a page of notes has.
 */
page: NoteMeta | null, 
/**
 * Size in bytes.
 */
size: number, 
/**
 * The outbox entry that has not finished yet, when this is mine and on its way.
 */
op: OpView | null, 
/**
 * The meeting it is about.
 */
invitation: InvitationView | null, 
/**
 * Its platform was not asked yet whether it is about a meeting; `item.complete` does.
 */
unasked: boolean, };

export type Rsvp = "accept" | "tentative" | "decline";

export type InvitationKind = "request" | "cancelled" | "reply" | "notice";

export type Invited = { 
/**
 * Who.
 */
party: Party, 
/**
 * Their answer, as far as the mail knew it.
 */
answer: Rsvp | null, };

export type UnifiedMeeting = { 
/**
 * Its name among calendars (RFC 5545 §3.8.4.7).
 */
uid: string, 
/**
 * What it is called.
 */
summary: string, 
/**
 * When it begins; of whole days the midnight in UTC of the first.
 */
starts: string, 
/**
 * When it ends; of whole days the midnight in UTC of the last.
 */
ends: string | null, 
/**
 * It lasts whole days.
 */
all_day: boolean, 
/**
 * It is one day of a series.
 */
repeats: boolean, 
/**
 * Where.
 */
place: string | null, 
/**
 * Who invites.
 */
organizer: Party | null, 
/**
 * Who is invited.
 */
people: Array<Invited>, 
/**
 * Its organizer called it off.
 */
cancelled: boolean, 
/**
 * How I answered.
 */
answer: Rsvp | null, };

export type MeetingView = { 
/**
 * What it is.
 */
meeting: UnifiedMeeting, 
/**
 * The conversation that tells of it.
 */
thread: string, 
/**
 * The mail to answer.
 */
item: string, 
/**
 * Its source.
 */
source: string, 
/**
 * The platform.
 */
source_type: SourceType, 
/**
 * It can be answered here.
 */
can_answer: boolean, };

export type Proposed = "reply" | "archive" | "snooze" | "done" | "star" | "read" | "mute" | "delete";

export type ProposeParams = { 
/**
 * For this conversation.
 */
thread: string, 
/**
 * What.
 */
do: Proposed, 
/**
 * The answer's text.
 */
text: string, 
/**
 * End of the snooze.
 */
until: string | null, 
/**
 * What the program calls itself.
 */
who: string, 
/**
 * Its reason, for the person.
 */
why: string, };

export type ProposalState = "waiting" | "approved" | "rejected" | "gone";

export type Proposal = { 
/**
 * Its id.
 */
id: string, 
/**
 * When it was made.
 */
at: string, 
/**
 * The conversation's id,
 */
thread: string, 
/**
 * and the conversation, while it is here.
 */
conversation: ThreadRow | null, 
/**
 * What.
 */
do: Proposed, 
/**
 * The text of an answer; after the decision the one that was sent.
 */
text: string, 
/**
 * End of a snooze; after the decision the one that counts.
 */
until: string | null, 
/**
 * What the program calls itself.
 */
who: string, 
/**
 * Its reason.
 */
why: string, 
/**
 * Where it stands.
 */
state: ProposalState, 
/**
 * When that was decided,
 */
decided_at: string | null, 
/**
 * and by whom: the address of the account it is about.
 */
decided_by: string | null, 
/**
 * The person changed it before approving.
 */
edited: boolean, 
/**
 * The outbox entry of an answer.
 */
op: string | null, };

export type ProposalsParams = { 
/**
 * Those that were decided as well.
 */
all: boolean, 
/**
 * Those of one program.
 */
who: string | null, };

export type ProposalParams = { 
/**
 * Its id.
 */
id: string, };

export type DecideParams = { 
/**
 * Which proposal.
 */
id: string, 
/**
 * Do it; else it is rejected.
 */
approve: boolean, 
/**
 * With this text in place of the proposed one.
 */
text: string | null, 
/**
 * Until then in place of what was proposed.
 */
until: string | null, };

export type Decided = { 
/**
 * The proposal as it stands now.
 */
proposal: Proposal, 
/**
 * What was done, to be undone,
 */
acted: Acted | null, 
/**
 * or what is being sent, to be cancelled.
 */
op: OpView | null, };

export type MeetingsParams = { 
/**
 * Not over by then; now when left out.
 */
from: string | null, 
/**
 * Begun by then; the end of that day, or four hours later, when left out.
 */
until: string | null, };

export type InvitationView = { 
/**
 * What the mail is for, by what has become of the meeting since.
 */
kind: InvitationKind, 
/**
 * A newer invitation to it has come.
 */
outdated: boolean, 
/**
 * What the meeting is called.
 */
summary: string, 
/**
 * When it begins; of whole days the midnight in UTC of the first.
 */
starts: string | null, 
/**
 * When it ends; of whole days the midnight in UTC of the last.
 */
ends: string | null, 
/**
 * It lasts whole days.
 */
all_day: boolean, 
/**
 * The time zone it was made in, such as `Europe/Berlin`, where that is known.
 */
zone: string | null, 
/**
 * When it begins in the sender's words, where their time zone is not known.
 */
written: string | null, 
/**
 * Where.
 */
place: string | null, 
/**
 * Who invites.
 */
organizer: Party | null, 
/**
 * Who is invited; of an answer who gives it.
 */
people: Array<Invited>, 
/**
 * It is a series.
 */
repeats: boolean, 
/**
 * How I answered; of an answer the one that is given.
 */
answer: Rsvp | null, 
/**
 * It is an answer that proposes another time: the one told here.
 */
proposes: boolean, 
/**
 * It can be answered here.
 */
can_answer: boolean, 
/**
 * It says that a meeting is off or has changed, and does not come from its organizer: that changes nothing.
 */
disputed: boolean, };

export type UnsubscribeWay = "one_click" | "mail" | "link";

export type Unsubscribe = { 
/**
 * The best way it offers.
 */
way: UnsubscribeWay, 
/**
 * The server or address that is told.
 */
whom: string, 
/**
 * When I asked it already.
 */
asked_at: string | null, 
/**
 * The mail that asks has yet to go out.
 */
pending: boolean, };

export type Unsubscribed = { 
/**
 * The way that was taken.
 */
way: UnsubscribeWay, 
/**
 * The server or address that was told.
 */
whom: string, 
/**
 * The page to open and finish on, where there is no other way.
 */
url: string | null, 
/**
 * The mail on its way; it can be taken back like any other.
 */
op: string | null, };

export type ThreadView = { 
/**
 * The row.
 */
thread: ThreadRow, 
/**
 * Items, oldest first; drafts only where there is nothing else.
 */
items: Array<ItemView>, 
/**
 * Older items were left out: ask again with `before` set to the first one's id.
 */
more: boolean, 
/**
 * The platform has more of its past: ask `thread.older` where no item here is left out.
 */
older: boolean, 
/**
 * The chat's or folder's names it is in.
 */
scopes: Array<ScopeView>, 
/**
 * Drafts that other programs have begun in it; of a thread that is nothing but drafts, all of them.
 */
drafts: Array<DraftRow>, 
/**
 * Where the platform limits for how long one may write freely.
 */
reply_window: ReplyWindow | null, };

export type ThreadParams = { 
/**
 * Thread.
 */
id: string, 
/**
 * Most items, the newest ones; 100 when left out.
 */
limit: number | null, 
/**
 * Only items before this one.
 */
before: string | null, };

export type ItemParams = { 
/**
 * Item.
 */
id: string, };

export type Theme = "light" | "dark";

export type Contrast = "normal" | "high";

export type FrameWords = { 
/**
 * On what unfolds a quotation.
 */
quoted: string, 
/**
 * In the place of a picture without a description that is not shown.
 */
picture: string, 
/**
 * Below a mail that is too large to be shown whole.
 */
cut: string, };

export type HtmlParams = { 
/**
 * Item.
 */
id: string, 
/**
 * The person asked for the remote images of this one.
 */
remote_images: boolean, 
/**
 * Colours.
 */
theme: Theme, 
/**
 * Contrast.
 */
contrast?: Contrast, 
/**
 * Words in the language of whoever looks; English where they are left out.
 */
words: FrameWords, };

export type HtmlView = { 
/**
 * The whole document, for `srcdoc`.
 */
document: string, 
/**
 * Remote images that were not loaded.
 */
blocked_images: number, 
/**
 * Trackers that were recognised, and are never loaded.
 */
trackers: number, 
/**
 * The address whose images can be loaded without asking from now on. Nothing when they already
 * are, when the sender could not be confirmed, and for what is mine.
 */
images_sender: string | null, };

export type RawParams = { 
/**
 * Item.
 */
id: string, 
/**
 * Most bytes to return; all when left out.
 */
most: number | null, };

export type RawView = { 
/**
 * The raw message, invalid UTF-8 replaced; the beginning where no more was asked for.
 */
raw: string, 
/**
 * Bytes of the whole message.
 */
size: number, 
/**
 * `raw` is all of it.
 */
whole: boolean, };

export type LinkParams = { 
/**
 * Where it goes.
 */
href: string, 
/**
 * What it says.
 */
text: string, };

export type ScopeView = { 
/**
 * Id.
 */
id: string, 
/**
 * Its source.
 */
source: string, 
/**
 * Name.
 */
name: string, 
/**
 * Role.
 */
role: ScopeRole, 
/**
 * It is switched off; what it has brought was kept, to be read and found.
 */
kept: boolean, };

export type ScopesParams = { 
/**
 * Only this source.
 */
source: string | null, };

export type AttachmentParams = { 
/**
 * Attachment.
 */
id: string, 
/**
 * Folder to save into; the downloads folder when left out.
 */
folder: string | null, };

export type OpenParams = { 
/**
 * Attachment.
 */
id: string, 
/**
 * The person was told that it could run a program, and wants it.
 */
sure: boolean, };

export type SaveParams = { 
/**
 * Item.
 */
item: string, 
/**
 * Folder to save into; the downloads folder when left out.
 */
folder: string | null, };

export type SavedAll = { 
/**
 * The folder they are in.
 */
path: string, 
/**
 * How many.
 */
files: number, 
/**
 * What could not be fetched: each file's name and a sentence.
 */
left_out: Array<string>, };

export type AttachmentData = { 
/**
 * Safe name.
 */
name: string, 
/**
 * Media type.
 */
type: string, 
/**
 * Bytes, base64.
 */
base64: string, };

export type Saved = { 
/**
 * Path.
 */
path: string, };

export type SearchSort = "newest" | "relevance";

export type SearchParams = { 
/**
 * The query, in the search language.
 */
query: string, 
/**
 * Most hits, at most 200; 50 when left out.
 */
limit: number | null, 
/**
 * The `next` of the page before.
 */
after: string | null, 
/**
 * Order.
 */
sort: SearchSort, 
/**
 * The last word may not be finished.
 */
typing: boolean, 
/**
 * A search cancels the one before it in the same lane.
 */
lane: string | null, 
/**
 * So many hits, from the first on, come with their lines of text; all when left out. The others
 * can be asked for when they come into sight: `search.snippets`.
 */
snippets: number | null, };

export type SnippetParams = { 
/**
 * The query that found them: what was searched instead, where a typo was forgiven.
 */
query: string, 
/**
 * The last word may not be finished.
 */
typing: boolean, 
/**
 * The items; at most 200 are answered.
 */
items: Array<string>, };

export type Snippet = { 
/**
 * The item.
 */
item: string, 
/**
 * Text around the hits.
 */
snippet: Array<Span>, };

export type SearchHit = { 
/**
 * Item.
 */
item: string, 
/**
 * Its thread.
 */
thread: string, 
/**
 * Its source.
 */
source: string, 
/**
 * Platform.
 */
source_type: SourceType, 
/**
 * Family.
 */
kind: Kind, 
/**
 * Author.
 */
from: Party | null, 
/**
 * Subject, chat name or title.
 */
subject: string, 
/**
 * Text around the hits; empty where it was not asked for.
 */
snippet: Array<Span>, 
/**
 * When.
 */
at: string, 
/**
 * Not read yet.
 */
unread: boolean, 
/**
 * It has a file.
 */
has_attachment: boolean, };

export type Coverage = { 
/**
 * Source.
 */
source: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Platform.
 */
source_type: SourceType, 
/**
 * Everything newer than this can be found; nothing when not synced yet.
 */
from: string | null, 
/**
 * Everything there is can be found.
 */
complete: boolean, };

export type SearchView = { 
/**
 * Hits there are.
 */
total: number, 
/**
 * `total` is exact, not a lower bound.
 */
exact: boolean, 
/**
 * Time taken, in microseconds.
 */
took_us: number, 
/**
 * What could be searched.
 */
coverage: Array<Coverage>, 
/**
 * Hits.
 */
hits: Array<SearchHit>, 
/**
 * Pass as `after`.
 */
next: string | null, 
/**
 * What of the query was taken as plain text, and why.
 */
hints: Array<string>, 
/**
 * The word that was searched instead, when a typo was forgiven.
 */
corrected: string | null, };

export type Verb = "read" | "unread" | "star" | "unstar" | "archive" | "inbox" | "delete" | "move" | "label" | "unlabel" | "snooze" | "remind" | "unremind" | "mute" | "unmute" | "tick" | "untick" | "accept" | "tentative" | "decline" | "react" | "unreact" | "settle" | "dismiss";

export type ActParams = { 
/**
 * What.
 */
verb: Verb, 
/**
 * To these threads,
 */
threads: Array<string>, 
/**
 * and to these items,
 */
items: Array<string>, 
/**
 * and to every thread of a list, however long,
 */
list: ListParams | null, 
/**
 * and to every thread that a search finds.
 */
query: string | null, 
/**
 * Destination of a move, or the label.
 */
to: string | null, 
/**
 * The same by its name, with `/` between its levels; it is made where it is missing.
 */
name: string | null, 
/**
 * The reaction.
 */
emoji: string | null, 
/**
 * End of a snooze, or the moment of a reminder.
 */
until: string | null, 
/**
 * The to-do of a page, by its id there.
 */
todo: string | null, 
/**
 * How long an answer to an invitation is held back, in seconds; as the setting says when left out.
 */
undo_seconds: number | null, };

export type Acted = { 
/**
 * What happened, for the toast.
 */
message: string, 
/**
 * Pass to `undo`; nothing when it cannot be undone.
 */
undo: number | null, 
/**
 * How many threads it was done to.
 */
count: number, 
/**
 * Threads that changed; of very many the first thousand.
 */
threads: Array<string>, };

export type UndoParams = { 
/**
 * As [`Acted::undo`] named it; the last action when left out.
 */
undo: number | null, };

export type ComposeMode = "new" | "reply" | "reply_all" | "forward";

export type ComposeAttachment = { 
/**
 * Name.
 */
name: string, 
/**
 * Media type.
 */
type: string, 
/**
 * Bytes, base64; nothing where the file is held.
 */
base64: string, 
/**
 * For a picture inside the HTML: the name it has there after `cid:`.
 */
content_id?: string, 
/**
 * Instead of the bytes: the file of a message that goes along, as `attachment.along` names it.
 */
held?: HeldFile, };

export type HeldFile = { 
/**
 * File.
 */
id: string, 
/**
 * Bytes.
 */
size: number, };

export type Aside = { 
/**
 * Text.
 */
text: string, 
/**
 * Files.
 */
attachments: Array<ComposeAttachment>, };

export type Signature = { 
/**
 * Text.
 */
text: string, 
/**
 * The same as HTML, when it was written so.
 */
html: string | null, };

export type Compose = { 
/**
 * The saved draft, once there is one.
 */
id: string | null, 
/**
 * Relation to `item`.
 */
mode: ComposeMode, 
/**
 * The source it goes out through.
 */
source: string | null, 
/**
 * The thread it belongs to.
 */
thread: string | null, 
/**
 * The item it answers or forwards.
 */
item: string | null, 
/**
 * The section a new page of notes goes into.
 */
section: string | null, 
/**
 * Recipients.
 */
to: Array<Party>, 
/**
 * Copies.
 */
cc: Array<Party>, 
/**
 * Blind copies.
 */
bcc: Array<Party>, 
/**
 * Subject.
 */
subject: string, 
/**
 * Text.
 */
text: string, 
/**
 * HTML, when it was written so.
 */
html: string | null, 
/**
 * The answered text goes along below.
 */
quote: boolean, 
/**
 * Files.
 */
attachments: Array<ComposeAttachment>, 
/**
 * The approved message it is, where the platform takes no other; `text` is what it says.
 */
template?: TemplateUse | null, 
/**
 * What was written before a template took its place: it comes back when the template goes.
 */
aside?: Aside | null, 
/**
 * Answers it offers, where the source takes some.
 */
choices?: Choices | null, 
/**
 * Goes below what was written, and above what is quoted.
 */
signature?: Signature | null, 
/**
 * Whoever gets it is asked to tell that they have read it, where the source can.
 */
receipt?: boolean, 
/**
 * What was asked about it before sending and answered with yes: it is not asked again.
 */
answered?: Array<string>, 
/**
 * Last change; set by the engine.
 */
saved_at: string | null, 
/**
 * The draft of another program this goes on with, until it is saved here.
 */
server?: string | null, 
/**
 * What that draft said when it was opened, in its source's own form; goes along unchanged.
 */
server_version?: string | null, 
/**
 * Another program has changed or removed this draft on the server meanwhile; set by the engine.
 */
elsewhere?: boolean, };

export type DraftRow = { 
/**
 * Pass to `draft.open`.
 */
item: string, 
/**
 * The source it lies in.
 */
source: string, 
/**
 * Its thread.
 */
thread: string, 
/**
 * Everybody it would go to.
 */
to: Array<Party>, 
/**
 * Subject.
 */
subject: string, 
/**
 * The beginning of its text.
 */
snippet: string, 
/**
 * When it was written.
 */
at: string, 
/**
 * It has a file.
 */
has_attachment: boolean, };

export type DraftStanding = { 
/**
 * Another program has changed or removed it on the server.
 */
elsewhere: boolean, 
/**
 * What that program has put there, where it is to be found. Pass to `draft.open`.
 */
newer: string | null, };

export type PrepareParams = { 
/**
 * How.
 */
mode: ComposeMode, 
/**
 * In or from this thread.
 */
thread: string | null, 
/**
 * To this item; the newest that fits when left out.
 */
item: string | null, };

export type SendParams = { 
/**
 * The message.
 */
message: Compose, 
/**
 * Seconds during which it can still be cancelled; the setting when left out.
 */
undo_seconds: number | null, 
/**
 * Not before this.
 */
at: string | null, 
/**
 * Bring the conversation back then if nobody has answered.
 */
remind_at: string | null, };

export type DraftParams = { 
/**
 * Draft.
 */
id: string, };

export type OpState = "queued" | "sending" | "unknown" | "done" | "parked" | "cancelled";

export type OpKind = "send" | "flags" | "move" | "label" | "expunge" | "draft" | "tick" | "rsvp" | "react";

export type OpView = { 
/**
 * Id.
 */
id: string, 
/**
 * Source it goes through.
 */
source: string, 
/**
 * Thread it belongs to.
 */
thread: string | null, 
/**
 * What it does.
 */
kind: OpKind, 
/**
 * Where it stands.
 */
state: OpState, 
/**
 * Why it waits, in one sentence.
 */
reason: string | null, 
/**
 * Attempts made.
 */
attempts: number, 
/**
 * Not before this.
 */
not_before: string, 
/**
 * Message-ID or client key.
 */
key: string, 
/**
 * What it is about: recipients and subject, in words.
 */
title: string, 
/**
 * When it was queued.
 */
created_at: string, 
/**
 * What became of it at whom it was sent to, as far as that was reported.
 */
delivery: Array<DeliveryStatus>, };

export type Delivery = { 
/**
 * When.
 */
at: string, 
/**
 * Outcome: `done`, or the code of the error.
 */
outcome: string, 
/**
 * What the server or the error said.
 */
detail: string | null, };

export type DeliveryStatus = { 
/**
 * Whom it was sent to.
 */
recipient: Party, 
/**
 * What became of it.
 */
reported: Reported, 
/**
 * When that was reported.
 */
at: string, 
/**
 * Why, and what to do, in one sentence.
 */
reason: string | null, 
/**
 * What the server said, in its own words.
 */
said: string | null, };

export type ReadRequestView = { 
/**
 * Who is told.
 */
to: Party, 
/**
 * That is somebody else than whom the mail came from, by its header or its envelope.
 */
elsewhere: boolean, };

export type OpDetail = { 
/**
 * The operation.
 */
op: OpView, 
/**
 * Its attempts, oldest first.
 */
deliveries: Array<Delivery>, };

export type OpParams = { 
/**
 * Operation.
 */
id: string, };

export type OutboxParams = { 
/**
 * The finished ones of the last 30 days as well.
 */
all: boolean, };

export type AccountParams = { 
/**
 * Account.
 */
id: string, };

export type SwitchOffParams = { 
/**
 * Account.
 */
id: string, 
/**
 * Which of its sources.
 */
source: SourceType, 
/**
 * Keep what it has brought, to be read and found; else that goes from this computer.
 */
keep: boolean, 
/**
 * Of Teams, only the channels; the chats stay on. Where they are off already, what was kept of them goes.
 */
channels: boolean, };

export type AttendParams = { 
/**
 * A thread that was opened; the window when left out.
 */
thread: string | null, 
/**
 * The list of drafts, where those of other programs are shown as well.
 */
drafts: boolean, };

export type SyncParams = { 
/**
 * Account; all when left out.
 */
account: string | null, };

export type ImapParams = { 
/**
 * Its settings.
 */
config: ImapConfig, 
/**
 * The password or access token. Left out on `accounts.update`, the stored one stays.
 */
password: string | null, 
/**
 * What to call it; the address when left out.
 */
name: string | null, 
/**
 * The account to change, for `accounts.update`.
 */
id: string | null, };

export type SlackParams = { 
/**
 * The person's token (xoxp-…). Left out with `id`, the stored one stays.
 */
token: string | null, 
/**
 * The app's token for sockets (xapp-…). Without it news is asked for.
 */
app_token: string | null, 
/**
 * Root of the Web API, where it is not that of slack.com.
 */
api_root: string | null, 
/**
 * What to call it; the name of the workspace when left out.
 */
name: string | null, 
/**
 * The account that gets other tokens.
 */
id: string | null, };

export type HookParams = { 
/**
 * Its settings. One that is connected already is given these.
 */
config: HookConfig, 
/**
 * The secret of the webhook, the same here and there.
 */
secret: string, 
/**
 * What to call it; who I am there when left out.
 */
name: string | null, };

export type ChannelParams = { 
/**
 * Its settings.
 */
config: ChannelConfig, 
/**
 * What it takes to send: the address of a webhook of Slack, the token of a bot, the key of the signature, a
 * password. Left out with `id`, the stored one stays.
 */
secret: string | null, 
/**
 * What to call it; what it is when left out.
 */
name: string | null, 
/**
 * The channel that gets these settings.
 */
id: string | null, };

export type TellParams = { 
/**
 * The channel.
 */
id: string, 
/**
 * Names it: the same key is told once. A new one when left out.
 */
key: string | null, 
/**
 * What it is about.
 */
title: string, 
/**
 * What is told.
 */
text: string, 
/**
 * Where it leads.
 */
link: string | null, };

export type MintedSecret = { 
/**
 * `whsec_` and 32 bytes in base64.
 */
secret: string, };

export type ChannelLogParams = { 
/**
 * The channel.
 */
id: string, 
/**
 * Entries at most, 20 if nothing is said.
 */
limit: number | null, };

export type DeliveryState = "queued" | "sent" | "delivered" | "read" | "gathered" | "failed" | "cancelled";

export type ChannelEntry = { 
/**
 * The operation.
 */
op: string, 
/**
 * The id it has outside, masked.
 */
key: string, 
/**
 * What it is about.
 */
title: string, 
/**
 * When it was queued.
 */
at: string, 
/**
 * How far it has come.
 */
state: DeliveryState, 
/**
 * Why it waits or failed, in one sentence.
 */
reason: string | null, 
/**
 * When it is tried again, while it waits.
 */
next_try: string | null, 
/**
 * What happened to it, oldest first.
 */
deliveries: Array<Delivery>, };

export type SuggestParams = { 
/**
 * Mail address.
 */
address: string, };

export type Suggested = { 
/**
 * Settings to start from.
 */
config: ImapConfig, 
/**
 * The provider, when it is a known one.
 */
provider: string | null, 
/**
 * What the person needs to know or fetch first, such as an app password.
 */
advice: string | null, 
/**
 * Where to read about it.
 */
help_url: string | null, };

export type PeopleParams = { 
/**
 * The beginning of a name or address.
 */
prefix: string, 
/**
 * The source they should be reachable through.
 */
source: string | null, };

export type PersonParams = { 
/**
 * The source they are met in; nothing where only an address book knows them.
 */
source: string | null, 
/**
 * Their handle there.
 */
handle: string, 
/**
 * Their name there, to find others of the same name by.
 */
name: string | null, };

export type Likeness = "handle" | "joined" | "name" | "company" | "signs" | "signature" | "phone" | "card";

export type PersonIdentity = { 
/**
 * Source.
 */
source: string, 
/**
 * Platform.
 */
source_type: SourceType, 
/**
 * Name and handle.
 */
party: Party, 
/**
 * How it belongs.
 */
likeness: Likeness, };

export type SharedFile = { 
/**
 * The item that brought it.
 */
item: string, 
/**
 * Its thread.
 */
thread: string, 
/**
 * When.
 */
at: string, 
/**
 * I sent it.
 */
from_me: boolean, 
/**
 * The file.
 */
file: AttachmentView, };

export type PersonView = { 
/**
 * Name and handle.
 */
party: Party, 
/**
 * Their handles, those that only may be theirs last.
 */
identities: Array<PersonIdentity>, 
/**
 * First contact.
 */
first: string | null, 
/**
 * Last contact.
 */
last: string | null, 
/**
 * Messages they wrote.
 */
received: number, 
/**
 * Messages I wrote to them.
 */
sent: number, 
/**
 * How soon they answer me.
 */
answers: Habit | null, 
/**
 * How soon I answer them.
 */
answered: Habit | null, 
/**
 * The newest conversations with them.
 */
threads: Array<ThreadRow>, 
/**
 * The newest files sent by either side.
 */
files: Array<SharedFile>, 
/**
 * The newest notes that mention the name.
 */
notes: Array<SearchHit>, 
/**
 * What is open between us: what they or I asked or promised, what weighs most first.
 */
open: Array<OpenView>, 
/**
 * Meetings of the next weeks with them.
 */
meetings: Array<MeetingView>, 
/**
 * They matter to me.
 */
vip: boolean, 
/**
 * Handles that an address book has beside these, and no source has met.
 */
beside: Array<string>, 
/**
 * Every handle of theirs, met or not, the one that was asked for first.
 */
handles: Array<string>, 
/**
 * One of them is known: to a source, to an address book, or by a message of theirs.
 */
known: boolean, };

export type KnownParams = { 
/**
 * Addresses.
 */
handles: Array<string>, };

export type KnownPerson = { 
/**
 * The address, as it was asked for.
 */
handle: string, 
/**
 * I have written to it, or it is mine.
 */
written: boolean, 
/**
 * Somebody at the same domain has written to me or was written to.
 */
domain: boolean, };

export type Elsewhere = { 
/**
 * The chat that goes on there; nothing where a new mail is written.
 */
thread: string | null, 
/**
 * The source.
 */
source: string, 
/**
 * The platform.
 */
source_type: SourceType, 
/**
 * The person as they are known there.
 */
person: Party, 
/**
 * The address is the very same, or was said to be the same person's; else only the name is the same.
 */
same: boolean, };

export type ImportParams = { 
/**
 * mbox files, .eml files, Maildirs, exports of WhatsApp, or folders of those.
 */
paths: Array<string>, 
/**
 * Name of the account they become; "Imported" when left out.
 */
into: string | null, 
/**
 * The name I have in exports of chats, where it cannot be found out.
 */
me: string | null, 
/**
 * How exports of chats write dates, where it cannot be found out.
 */
dates: DateOrder | null, 
/**
 * The time zone of the phone exports come from (IANA), where it is not that of this computer.
 */
zone: string | null, };

export type ExportParams = { 
/**
 * Folder to write into; made when it is missing.
 */
dir: string, 
/**
 * Form.
 */
format: ExportFormat, 
/**
 * Only what this query finds.
 */
query: string | null, };

export type ExportFormat = "mbox" | "eml" | "json";

export type Exported = { 
/**
 * Items.
 */
items: number, 
/**
 * Files.
 */
files: number, 
/**
 * Items that have no form in this format, such as chats in mbox.
 */
left_out: number, };

export type KeptKind = "signature" | "template" | "search" | "split" | "images";

export type Kept = { 
/**
 * Id; a new one is made when left out.
 */
id: string | null, 
/**
 * What it is for; never changes.
 */
kind: KeptKind, 
/**
 * What the person calls it.
 */
name: string, 
/**
 * Place within its kind, from 0; what stands there and below moves down. The last when left
 * out of something new, the old one when left out of a change.
 */
position: number | null, 
/**
 * What is kept, as its kind says.
 */
data: Record<string, unknown>, };

export type KeptParams = { 
/**
 * Only this kind; everything when left out.
 */
kind: KeptKind | null, };

export type KeptIdParams = { 
/**
 * Which.
 */
id: string, };

export type Setting = { 
/**
 * Name, such as `send.undo_seconds`.
 */
key: string, 
/**
 * Value.
 */
value: string, 
/**
 * Where it comes from: `default`, `file`, `environment` or `flag`.
 */
origin: string, 
/**
 * What it does.
 */
about: string, 
/**
 * Where the window shows it.
 */
group: SettingGroup, 
/**
 * The value it has when nobody set one.
 */
default: string, 
/**
 * What it can be.
 */
kind: SettingKind, };

export type SettingGroup = "accounts" | "composing" | "actions" | "notifications" | "privacy" | "appearance" | "keyboard" | "data";

export type SettingKind = { "type": "toggle" } | { "type": "choice", 
/**
 * The words.
 */
choices: Array<string>, } | { "type": "number", 
/**
 * The least allowed.
 */
least: number, 
/**
 * The greatest allowed.
 */
most: number, } | { "type": "channel" } | { "type": "text", 
/**
 * Bytes at most.
 */
most: number, };

export type SettingParams = { 
/**
 * Name.
 */
key: string, 
/**
 * Value; nothing goes back to the default.
 */
value: string | null, };

export type Nothing = Record<symbol, never>;

export type PeopleListParams = { 
/**
 * Words that names or handles begin with; everybody when empty.
 */
query: string, 
/**
 * How many at most; 200 when left out.
 */
limit: number | null, 
/**
 * How many to skip.
 */
skip: number, };

export type PersonRow = { 
/**
 * The name and handle that was used most.
 */
party: Party, 
/**
 * A source this handle is met in; nothing where only an address book knows them.
 */
source: string | null, 
/**
 * Platforms they are met on.
 */
platforms: Array<SourceType>, 
/**
 * How many handles belong to them.
 */
handles: number, 
/**
 * Last contact.
 */
last: string | null, 
/**
 * They matter to me.
 */
vip: boolean, };

export type PeoplePage = { 
/**
 * The page.
 */
people: Array<PersonRow>, 
/**
 * How many there are in all.
 */
total: number, };

export type PairParams = { 
/**
 * One.
 */
one: string, 
/**
 * The other.
 */
other: string, };

export type SplitParams = { 
/**
 * A handle.
 */
handle: string, 
/**
 * Others of the same person that go with it; together they are one person.
 */
with?: Array<string>, };

export type Joined = { 
/**
 * The handles of each person, the one that was named first.
 */
groups: Array<Array<string>>, 
/**
 * They had been kept apart.
 */
apart: boolean, };

export type VipParams = { 
/**
 * One of their handles.
 */
handle: string, 
/**
 * They do.
 */
vip: boolean, };

export type ContactFiles = { 
/**
 * Files of vCards.
 */
paths: Array<string>, };

export type SkippedCard = { 
/**
 * Its file.
 */
file: string, 
/**
 * Why, in a sentence that names the card.
 */
why: string, };

export type ContactsRead = { 
/**
 * New cards.
 */
added: number, 
/**
 * Cards that say something else than before.
 */
changed: number, 
/**
 * Cards that were known as they are.
 */
known: number, 
/**
 * Cards that could not be read,
 */
left_out: number, 
/**
 * and the first of them.
 */
skipped: Array<SkippedCard>, };

export type ContactsForgotten = { 
/**
 * Cards.
 */
cards: number, };

export type Habit = { 
/**
 * Half of the answers came within this many minutes.
 */
minutes: number, 
/**
 * Answers that were counted.
 */
answers: number, };

export type CheckView = { 
/**
 * Every step went well.
 */
ok: boolean, 
/**
 * Who the server says I am.
 */
identity: string | null, 
/**
 * Each step in order.
 */
steps: Array<CheckStep>, };

export type Provider = "google" | "microsoft" | "slack";

export type ProviderParams = { 
/**
 * Which.
 */
provider: Provider, 
/**
 * The address that will sign in, where it is known.
 */
address: string | null, 
/**
 * Microsoft: a login host, with or without a tenant; its cloud decides about the rest.
 */
authority: string | null, 
/**
 * Microsoft: who may sign in; the setting when left out, or what the authority names.
 */
tenant: string | null, };

export type Authority = { 
/**
 * The login host, such as `https://login.microsoftonline.com`.
 */
host: string, 
/**
 * `common`, `organizations`, `consumers`, or one organisation's domain or id.
 */
tenant: string, };

export type ProviderView = { 
/**
 * Settings of the account.
 */
config: AccountConfig, 
/**
 * Where it says how to register Inlet, for whom no client id is set.
 */
guide: string, 
/**
 * Microsoft: the login host and who may sign in there.
 */
authority: Authority | null, 
/**
 * What this Inlet can read of such an account.
 */
sources: Array<SourceType>, };

export type AdministratorParams = { 
/**
 * The settings, as a sign-in takes them.
 */
config: AccountConfig, };

export type AdministratorView = { 
/**
 * The page.
 */
url: string, };

export type SignInParams = { 
/**
 * The account to sign in to again; a new one when left out.
 */
id: string | null, 
/**
 * Its settings; those it has when left out. A source that is switched on here is consented to with it.
 */
config: AccountConfig | null, 
/**
 * What to call it; the address when left out.
 */
name: string | null, 
/**
 * What some providers give a desktop app beside its client id; the stored one when left out.
 */
client_secret: string | null, 
/**
 * By a code typed on any device, instead of by this computer's browser.
 */
device: boolean, };

export type SignInView = { 
/**
 * Names it. There is one at a time: a new one takes the place of the last.
 */
ticket: number, 
/**
 * What to show to the person.
 */
prompt: Prompt, };

export type WaitParams = { 
/**
 * Which.
 */
ticket: number, 
/**
 * Connect although something in the test failed.
 */
anyway: boolean, };

export type TicketParams = { 
/**
 * Which.
 */
ticket: number, };

export type SignedIn = { 
/**
 * The account; nothing when it was not connected because the test failed. Waiting again tests again,
 * without another sign-in.
 */
account: AccountView | null, 
/**
 * The test of its connections.
 */
check: CheckView, };

export type NoticeDecision = "told" | "silent" | "kept";

export type NoticeReason = "direct" | "group" | "list" | "busy" | "imported" | "first_sync" | "old" | "read" | "muted" | "elsewhere" | "source_off" | "open" | "off" | "paused" | "quiet" | "direct_off" | "group_off" | "list_off" | "rule" | "rule_off";

export type DigestCard = { 
/**
 * Whom it is about.
 */
who: Party | null, 
/**
 * The sentence that says so.
 */
sentence: string, };

export type Digest = { 
/**
 * Who waits for an answer of mine,
 */
reply: number, 
/**
 * what I promised and what is open in notes,
 */
todo: number, 
/**
 * and what I have waited for long enough.
 */
waiting: number, 
/**
 * Meetings that are still to come.
 */
meetings: number, 
/**
 * The first cards; empty when only the source may be shown.
 */
cards: Array<DigestCard>, };

export type Notice = { 
/**
 * Names it as long as it stands.
 */
id: string, 
/**
 * Grows with each change; another number means that it is to be shown anew.
 */
version: number, 
/**
 * The conversation; nothing for a summary of several.
 */
thread: string | null, 
/**
 * Where it came from; nothing for a summary.
 */
source: string | null, 
/**
 * Platform; nothing for a summary.
 */
source_type: SourceType | null, 
/**
 * Who wrote; nothing when only the source may be shown.
 */
from: Party | null, 
/**
 * Subject, or the name of the chat; empty when it has none or only the source may be shown.
 */
title: string, 
/**
 * The beginning of a chat message; empty for mail.
 */
text: string, 
/**
 * New items.
 */
items: number, 
/**
 * Conversations: more than one in a summary.
 */
conversations: number, 
/**
 * Without a sound.
 */
silent: boolean, 
/**
 * It is the digest of the day, and this is what it says.
 */
digest: Digest | null, };

export type NoticeBoard = { 
/**
 * What stands, oldest first; what no longer stands is withdrawn.
 */
notices: Array<Notice>, 
/**
 * Nothing is told until then.
 */
paused_until: string | null, };

export type NoticeLogParams = { 
/**
 * Entries at most, 100 if nothing is said.
 */
limit: number | null, };

export type NoticeEntry = { 
/**
 * Number of the entry.
 */
id: number, 
/**
 * When it was decided.
 */
at: string, 
/**
 * Where the item came from.
 */
source: string, 
/**
 * Its conversation, while there is one.
 */
thread: string | null, 
/**
 * The newest item it is about.
 */
item: string, 
/**
 * Who wrote.
 */
from: Party | null, 
/**
 * The conversation's title.
 */
title: string, 
/**
 * What was done.
 */
decision: NoticeDecision, 
/**
 * Why.
 */
reason: NoticeReason, 
/**
 * How many items the entry is about.
 */
items: number, };

export type PauseParams = { 
/**
 * Minutes from now; 0 ends a pause.
 */
minutes: number, };

export type WatchParams = { 
/**
 * The conversation; nothing when none is, or nobody looks.
 */
thread: string | null, };

export type SourceNotifyParams = { 
/**
 * Which.
 */
source: string, 
/**
 * Whether.
 */
notify: boolean, };

export type State = "reply" | "todo" | "waiting" | "fyi" | "done";

export type Rule = "asked" | "perhaps-asked" | "they-spoke-last" | "to-me" | "in-copy" | "big-group" | "usually-answer" | "never-answer" | "overdue" | "due-in-a-day" | "due-in-three-days" | "later-than-usual" | "promise" | "open-todo" | "no-answer" | "days-open" | "vip" | "window-closes" | "thanks-only" | "list-or-machine" | "muted" | "taught-person" | "taught-words";

export type Signal = { 
/**
 * The rule.
 */
name: Rule, 
/**
 * What it adds; a cap shows what it took away.
 */
points: number, };

export type Which = "today" | "soon" | "waiting" | "all";

export type ActionsParams = { 
/**
 * Which.
 */
which: Which, 
/**
 * At the most.
 */
limit: number | null, };

export type ActionList = { 
/**
 * Those that weigh most first.
 */
actions: Array<ActionView>, 
/**
 * Conversations that have not been thought about yet.
 */
behind: number, };

export type ActionView = { 
/**
 * The conversation or page.
 */
thread: ThreadRow, 
/**
 * What it asks of me: `reply`, `todo` or `waiting`.
 */
state: State, 
/**
 * 60 and more is for today, 35 and more for soon.
 */
score: number, 
/**
 * What the score is made of.
 */
signals: Array<Signal>, 
/**
 * The item that holds the sentence,
 */
item: string, 
/**
 * at which byte of its text,
 */
start: number, 
/**
 * and the sentence.
 */
sentence: string, 
/**
 * What saw it: patterns by name, or the model.
 */
seen_by: Array<string>, 
/**
 * The other side: who asked, or who is waited for.
 */
person: Party | null, 
/**
 * When it is due, where it says so.
 */
due: DueView | null, 
/**
 * Since when it stands open.
 */
since: string, 
/**
 * What else is open in it, the newest first; on a page what is due next.
 */
beside: Array<OpenView>, 
/**
 * From then on, waiting is worth a word.
 */
nudge_at: string | null, 
/**
 * Hidden by me until then.
 */
hidden_until: string | null, 
/**
 * The to-do of a page, by the platform's name: to be ticked.
 */
todo: string | null, 
/**
 * How often I answered them,
 */
answered: number, 
/**
 * of how often they wrote.
 */
received: number, 
/**
 * How long they usually take to answer, in minutes.
 */
their_minutes: number | null, 
/**
 * Until when the platform takes an answer in one's own words, where it minds.
 */
window_closes: string | null, 
/**
 * It asks to meet and names no time: `actions.offer` drafts an answer that offers some.
 */
meet: boolean, 
/**
 * Of its language only question marks are read.
 */
questions_only: boolean, };

export type OpenView = { 
/**
 * The conversation or page,
 */
thread: string, 
/**
 * and where it lives.
 */
source_type: SourceType, 
/**
 * `reply` for what is asked of me, `todo` for what I promised or noted, `waiting` for what I wait for.
 */
state: State, 
/**
 * The item that holds the sentence,
 */
item: string, 
/**
 * at which byte of its text,
 */
start: number, 
/**
 * and the sentence.
 */
sentence: string, 
/**
 * The other side.
 */
person: Party | null, 
/**
 * When it is due, where it says so.
 */
due: DueView | null, 
/**
 * Since when it stands open.
 */
since: string, 
/**
 * The to-do of a page, by the platform's name.
 */
todo: string | null, };

export type DueView = { 
/**
 * By then at the latest, as its sender meant it; of several readings the first.
 */
at: string, 
/**
 * The day as its sender named it (`2026-03-06`), which may be another one where the reader is.
 */
day: string, 
/**
 * A time of day was said; without one it is the end of the day.
 */
timed: boolean, 
/**
 * It can be read in several ways, and moves nothing.
 */
ambiguous: boolean, };

export type RuleView = { 
/**
 * Its name.
 */
name: Rule, 
/**
 * What it adds.
 */
points: number, 
/**
 * What it adds where nobody said otherwise.
 */
default: number, };

export type NudgeParams = { 
/**
 * The conversation.
 */
thread: string, };

export type OfferParams = { 
/**
 * The conversation.
 */
thread: string, 
/**
 * Two letters: the language where that of the conversation is not known; English when left out.
 */
language: string | null, };

export type LessonKind = "dismissed" | "answered" | "snoozed" | "done";

export type Lesson = { 
/**
 * Its number.
 */
id: number, 
/**
 * By what.
 */
kind: LessonKind, 
/**
 * When.
 */
at: string, 
/**
 * Whom it is about.
 */
person: Party, 
/**
 * The words that had looked like an ask, by the name of their pattern; empty where it was not words.
 */
pattern: string, 
/**
 * The conversation it was said of, where it is still here,
 */
thread: string | null, 
/**
 * and what that is called.
 */
title: string, };

export type LessonParams = { 
/**
 * Its number.
 */
id: number, };

export type UserRule = { 
/**
 * Names it for good: letters, digits and hyphens. Made of the name where it is left out.
 */
id: string, 
/**
 * What the person calls it.
 */
name: string, 
/**
 * Rules with a smaller number come first; of equal ones the one whose id comes first.
 */
priority: number, 
/**
 * It is on.
 */
enabled: boolean, 
/**
 * Where it holds, no later rule is looked at.
 */
stop?: boolean, 
/**
 * What has to be so; all of it. Nothing said holds always.
 */
when: RuleWhen, 
/**
 * What happens then.
 */
then: RuleThen, 
/**
 * How often it may send or tell.
 */
limit?: RuleLimit, };

export type RuleWhen = { 
/**
 * Where it came from: a platform (`gmail`), a source or account by its name, or a source's id.
 */
source?: Array<string>, 
/**
 * Mail, chat or note.
 */
kind?: Array<Kind>, 
/**
 * Who wrote: an address or a name; whatever handles belong to that person.
 */
person?: Array<string>, 
/**
 * Whom it was written to, copies included: an address or a name.
 */
to?: Array<string>, 
/**
 * The domain of the author's address, those below it included.
 */
domain?: Array<string>, 
/**
 * The mailing list it came through (List-Id); true for any, false for none.
 */
list?: Array<string>, 
/**
 * The subject, or the name of the chat or page, contains it.
 */
subject?: Array<string>, 
/**
 * Subject or text contain it.
 */
text?: Array<string>, 
/**
 * It has a file: true, false, a name (`*.pdf`) or a type (`image/*`).
 */
attachment?: Array<string>, 
/**
 * The language it is written in, quotes aside.
 */
language?: Array<RuleLanguage>, 
/**
 * It calls me, by name or with an "@".
 */
mentioned?: Array<boolean>, 
/**
 * How near it is due.
 */
urgency?: Array<Urgency>, 
/**
 * The score of its suggestion, 0 where there is none.
 */
score?: Array<Range>, 
/**
 * What its conversation asks of me.
 */
state?: Array<State>, 
/**
 * How sure that is, from 0 to 1.
 */
confidence?: Array<Range>, 
/**
 * Anything else that is known of it, by name: see docs/rules.md; `header:NAME` is a header of a mail.
 */
meta?: { [key in string]: Array<string> }, };

export type RuleThen = { 
/**
 * Labels to put on, where the platform has labels.
 */
label?: Array<string>, 
/**
 * Where to put it: a folder by its name, or `inbox` or `trash`.
 */
place?: string, 
/**
 * Out of the inbox.
 */
archive?: boolean, 
/**
 * Out of sight until then.
 */
snooze?: Later, 
/**
 * A star.
 */
star?: boolean, 
/**
 * Marked read.
 */
read?: boolean, 
/**
 * The conversation stays out of the inbox from now on.
 */
mute?: boolean, 
/**
 * How it is told.
 */
notify?: RuleNotify, 
/**
 * Addresses and channels it is sent on to.
 */
forward?: Array<Recipient>, 
/**
 * What goes to channels is gathered, and told once a day in one message.
 */
digest?: boolean, 
/**
 * The template it is answered with, by its name.
 */
reply?: string, };

export type RuleLimit = { 
/**
 * So many times,
 */
most: number, 
/**
 * in so many minutes,
 */
minutes: number, 
/**
 * for each of these.
 */
per: LimitPer, };

export type LimitPer = "person" | "thread" | "rule";

export type RuleNotify = "critical" | "normal" | "silent" | "off";

export type Recipient = string;

export type Words = string;

export type Later = string;

export type Range = string;

export type Urgency = "overdue" | "today" | "soon" | "later" | "none";

export type RuleLanguage = "en" | "de" | "fr" | "es" | "pt" | "it" | "nl" | "other" | "none";

export type RuleCondition = "source" | "kind" | "person" | "to" | "domain" | "list" | "subject" | "text" | "attachment" | "language" | "mentioned" | "urgency" | "score" | "state" | "confidence" | "meta";

export type RuleEffect = { "effect": "label", 
/**
 * Its name.
 */
name: string, } | { "effect": "place", 
/**
 * A folder's name, `inbox` or `trash`.
 */
name: string, } | { "effect": "archive" } | { "effect": "snooze", 
/**
 * Until then, in words.
 */
until: string, } | { "effect": "star" } | { "effect": "read" } | { "effect": "mute" } | { "effect": "notify", 
/**
 * How loud.
 */
how: RuleNotify, } | { "effect": "forward", 
/**
 * To these.
 */
to: Array<Recipient>, } | { "effect": "channel", 
/**
 * Its name or its id.
 */
name: string, } | { "effect": "reply", 
/**
 * With the template of this name.
 */
template: string, };

export type RuleOutcome = "would" | "done" | "already" | "refused";

export type RuleRefusal = "automatic" | "list" | "passed" | "own" | "author" | "no_reply" | "not_to_me" | "group" | "old" | "note" | "again" | "lately" | "limit" | "twice" | "channel" | "template" | "time" | "past" | "platform";

export type RuleStep = { 
/**
 * What became of it.
 */
outcome: RuleOutcome, 
/**
 * Why not, where it was refused.
 */
refusal?: RuleRefusal, 
/**
 * The same in a sentence, or in the platform's words.
 */
detail?: string, 
/**
 * It waits until then: for the end of the quiet hours, or to be told together with others.
 */
waits_until?: string, } & ({ "effect": "label", 
/**
 * Its name.
 */
name: string, } | { "effect": "place", 
/**
 * A folder's name, `inbox` or `trash`.
 */
name: string, } | { "effect": "archive" } | { "effect": "snooze", 
/**
 * Until then, in words.
 */
until: string, } | { "effect": "star" } | { "effect": "read" } | { "effect": "mute" } | { "effect": "notify", 
/**
 * How loud.
 */
how: RuleNotify, } | { "effect": "forward", 
/**
 * To these.
 */
to: Array<Recipient>, } | { "effect": "channel", 
/**
 * Its name or its id.
 */
name: string, } | { "effect": "reply", 
/**
 * With the template of this name.
 */
template: string, });

export type RuleEntry = { 
/**
 * The rule.
 */
rule: UserRule, 
/**
 * The same as a file.
 */
toml: string, 
/**
 * For how many of the items in the log it held.
 */
held: number, 
/**
 * When it last did.
 */
last_held: string | null, };

export type PutRuleParams = { 
/**
 * The rule; one without an id is new.
 */
rule: UserRule, };

export type RuleFileParams = { 
/**
 * What it says.
 */
toml: string, };

export type RuleFormParams = { 
/**
 * As a file,
 */
toml?: string | null, 
/**
 * or as it is kept.
 */
rule?: UserRule | null, };

export type RuleForm = { 
/**
 * As it is kept.
 */
rule: UserRule, 
/**
 * As a file.
 */
toml: string, };

export type RuleIdParams = { 
/**
 * Its id.
 */
id: string, };

export type SwitchRuleParams = { 
/**
 * Its id.
 */
id: string, 
/**
 * On.
 */
enabled: boolean, };

export type OrderRulesParams = { 
/**
 * Ids, the first that is looked at first. Those left out come behind, as they stand.
 */
ids: Array<string>, };

export type TestRuleParams = { 
/**
 * As a file,
 */
toml?: string | null, 
/**
 * or one as it is kept,
 */
rule?: UserRule | null, 
/**
 * on so many of the newest items of others; 500 if nothing is said.
 */
last?: number | null, 
/**
 * As a run over them would do it: what is past is put in order, and nothing is sent or told.
 */
past?: boolean, };

export type RuleTest = { 
/**
 * Items looked at.
 */
looked_at: number, 
/**
 * Those for which a rule holds.
 */
held: number, 
/**
 * Those that would not be what they are.
 */
changes: number, 
/**
 * Those for which a rule holds, newest first.
 */
items: Array<RuleHit>, 
/**
 * How often each condition was the first that failed.
 */
missed: Array<[RuleCondition, number]>, };

export type RuleHit = { 
/**
 * The item.
 */
item: string, 
/**
 * Its conversation.
 */
thread: string, 
/**
 * Where it came from.
 */
source: string, 
/**
 * Who wrote.
 */
from: Party | null, 
/**
 * Its subject, or the name of the chat or page.
 */
title: string, 
/**
 * When.
 */
at: string, 
/**
 * The rules that hold, and what they would do.
 */
rules: Array<RuleVerdict>, };

export type RunRuleParams = { 
/**
 * Its id.
 */
id: string, 
/**
 * Over so many of the newest items of others.
 */
last: number, };

export type RuleRun = { 
/**
 * Items looked at.
 */
looked_at: number, 
/**
 * Those for which it held.
 */
held: number, 
/**
 * Those that were changed.
 */
changed: number, 
/**
 * Pass to `undo`, again and again as long as it says so; nothing where nothing was changed, or more than is
 * remembered.
 */
undo: number | null, };

export type RuleLogParams = { 
/**
 * Only what became of this rule.
 */
rule?: string | null, 
/**
 * Only where it held, or one did.
 */
held: boolean, 
/**
 * Entries at most, 100 if nothing is said.
 */
limit?: number | null, };

export type RuleLogEntry = { 
/**
 * The entry's id.
 */
id: string, 
/**
 * When they were run.
 */
at: string, 
/**
 * Where the item came from.
 */
source: string, 
/**
 * Its conversation, while there is one.
 */
thread: string | null, 
/**
 * The item.
 */
item: string, 
/**
 * Who wrote.
 */
from: Party | null, 
/**
 * The conversation's title.
 */
title: string, 
/**
 * Rule by rule, in the order they were looked at.
 */
rules: Array<RuleVerdict>, };

export type RuleVerdict = { 
/**
 * The rule's id.
 */
rule: string, 
/**
 * Its name, where it held.
 */
name?: string, 
/**
 * It held.
 */
held: boolean, 
/**
 * By these conditions; by none where it always does.
 */
conditions?: Array<RuleCondition>, 
/**
 * The first condition that failed.
 */
missed?: RuleCondition, 
/**
 * The earlier rule that kept it away.
 */
kept_by?: string, 
/**
 * What it did.
 */
steps?: Array<RuleStep>, 
/**
 * Pass to `undo`; nothing when it has done nothing that could be undone.
 */
undo?: number, 
/**
 * It was undone.
 */
undone?: boolean, };

export type OpenFileParams = { 
/**
 * An .eml file, an mbox file, or a folder of mail.
 */
path: string, 
/**
 * Name of the account it becomes a part of; "Opened files" when left out.
 */
into: string | null, };

export type OpenedFile = { 
/**
 * The account that holds it.
 */
account: AccountView, 
/**
 * The conversation of a single mail; nothing for a mailbox, or when no mail is in it.
 */
thread: string | null, };

export type DemoParams = { 
/**
 * Same seed, same world; 7 when left out.
 */
seed: number | null, 
/**
 * The instant everything is dated by; now when left out.
 */
now: string | null, 
/**
 * The world this many times over, about 1,500 items each; once when left out.
 */
copies: number | null, };

export type UnlockParams = { 
/**
 * Passphrase; the first one given becomes the one.
 */
passphrase: string, };

export type LockView = { 
/**
 * Nothing is shown until the passphrase is given.
 */
locked: boolean, 
/**
 * There is a passphrase; without one nothing can be locked.
 */
set: boolean, 
/**
 * Wrong tries since the last right one.
 */
wrong: number, 
/**
 * No try counts before.
 */
not_before: string | null, };

export type LockParams = { 
/**
 * Passphrase.
 */
passphrase: string, };

export type LockSetParams = { 
/**
 * The one there is, where there is one.
 */
old: string | null, 
/**
 * The new one; nothing takes the lock away.
 */
new: string | null, };

export type Diagnostics = { 
/**
 * Version of Inlet.
 */
version: string, 
/**
 * Operating system and processor, such as `linux x86_64`.
 */
system: string, 
/**
 * Bytes of the data directory.
 */
bytes: StoredBytes, 
/**
 * Sources in the order they were added.
 */
sources: Array<SourceFacts>, 
/**
 * Items kept, all sources together.
 */
items: number, 
/**
 * The newest change.
 */
rev: number, 
/**
 * How many changes the search index is behind.
 */
index_behind: number, 
/**
 * Operations in the outbox by state.
 */
outbox: { [key in string]: number }, };

export type StoredBytes = { 
/**
 * The database with everything but the texts.
 */
database: number, 
/**
 * The texts.
 */
bodies: number, 
/**
 * The search index.
 */
index: number, 
/**
 * Attachments that are here.
 */
attachments: number, 
/**
 * Logs and all the rest.
 */
other: number, };

export type DataUsage = { 
/**
 * The data directory by its parts.
 */
stored: StoredBytes, 
/**
 * Files of messages that are here (`data.keep_files`).
 */
files: Usage, 
/**
 * Logs (`data.keep_logs`).
 */
logs: Usage, };

export type BackupParams = { 
/**
 * A file that is not there yet, such as `/media/disk/inlet.zip`.
 */
file: string, };

export type BackedUp = { 
/**
 * The file.
 */
path: string, 
/**
 * Its bytes.
 */
bytes: number, 
/**
 * Files of messages in it.
 */
files: number, 
/**
 * Files that messages name and that were not here, or not as they came.
 */
left_out: number, };

export type CheckDataParams = { 
/**
 * Mend what can be mended without losing anything.
 */
repair: boolean, };

export type Usage = { 
/**
 * Files, or entries.
 */
count: number, 
/**
 * Bytes.
 */
bytes: number, 
/**
 * Bytes of it that stay whatever is chosen: they may be had from nowhere else.
 */
stays: number, 
/**
 * Each choice that frees something now or later, the longest first.
 */
frees: Array<Freed>, };

export type Freed = { 
/**
 * As the setting has it.
 */
choice: string, 
/**
 * Files, or entries.
 */
count: number, 
/**
 * Bytes.
 */
bytes: number, };

export type SourceFacts = { 
/**
 * Its id, masked where it is long.
 */
id: string, 
/**
 * Platform.
 */
type: SourceType, 
/**
 * State.
 */
state: SourceState, 
/**
 * Items kept.
 */
items: number, 
/**
 * The first sync is done.
 */
complete: boolean, 
/**
 * When the platform last answered.
 */
last_heard: string | null, };

export type FeltAction = "focus" | "open" | "search" | "archive" | "start";

export type Felt = { 
/**
 * Which.
 */
action: FeltAction, 
/**
 * How often it was measured.
 */
count: number, 
/**
 * Milliseconds that half of them stayed under.
 */
p50: number, 
/**
 * Milliseconds that nineteen of twenty stayed under.
 */
p95: number, 
/**
 * Milliseconds it should take at most.
 */
target: number, };

export type BundleParams = { 
/**
 * Folder to write into; the downloads folder when left out.
 */
folder: string | null, 
/**
 * What the window has measured.
 */
felt: Array<Felt>, };

export type ErrorCode = "invalid" | "not_found" | "auth_needed" | "tenant" | "registration" | "administrator" | "refused" | "cancelled" | "locked" | "app_locked" | "offline" | "failed";

export type ApiError = { 
/**
 * What to branch on.
 */
code: ErrorCode, 
/**
 * One sentence.
 */
message: string, 
/**
 * The source it is about.
 */
source?: string, };

export type Event = { "event": "changed", 
/**
 * The newest change.
 */
rev: number, 
/**
 * Which threads.
 */
threads: Array<string>, } | { "event": "source", 
/**
 * Which; nothing when several.
 */
source: string | null, } | { "event": "outbox" } | { "event": "kept" } | { "event": "suggestions" } | { "event": "rules" } | { "event": "notices" } | { "event": "indexed", 
/**
 * The newest change that can be found.
 */
rev: number, } | { "event": "progress" } | { "event": "settings" } | { "event": "lock" } | { "event": "fetching", 
/**
 * Which.
 */
attachment: string, 
/**
 * Bytes that are here.
 */
done: number, } | { "event": "resync" };

export interface Commands {
  /** The state of everything: accounts, sources with health, counts. */
  "status": { params: Nothing; result: Status };
  /** A page of a list of threads. */
  "threads.list": { params: ListParams; result: ThreadPage };
  /** A thread with its newest items. */
  "thread.get": { params: ThreadParams; result: ThreadView };
  /** Asks the platform for more of a thread's past, and gives what came before an item. */
  "thread.older": { params: ThreadParams; result: ThreadView };
  /** One item. */
  "item.get": { params: ItemParams; result: ItemView };
  /** One item, after what was not fetched of it so far has been: somebody looks at it. */
  "item.complete": { params: ItemParams; result: ItemView };
  /** An item's HTML as a document for the sandboxed frame. */
  "item.html": { params: HtmlParams; result: HtmlView };
  /** An item as it was received. */
  "item.raw": { params: RawParams; result: RawView };
  /** Saves a mail as an .eml file. */
  "item.save": { params: SaveParams; result: Saved };
  /** What is known about a link before it is followed. */
  "link.inspect": { params: LinkParams; result: LinkVerdict };
  /** Folders, chats and sections. */
  "scopes.list": { params: ScopesParams; result: Array<ScopeView> };
  /** The bytes of an attachment, fetched when they are not here yet. */
  "attachment.data": { params: AttachmentParams; result: AttachmentData };
  /** An attachment as it goes along with another message, fetched when it is not here yet: its name, without its bytes. */
  "attachment.along": { params: AttachmentParams; result: ComposeAttachment };
  /** Saves an attachment as a file. */
  "attachment.save": { params: AttachmentParams; result: Saved };
  /** Saves all files of an item into a folder of their own. */
  "attachment.save_all": { params: SaveParams; result: SavedAll };
  /** A copy of an attachment for another program to open. One that could run a program is refused */
  /** until the person is sure. */
  "attachment.copy": { params: OpenParams; result: Saved };
  /** Searches everything. */
  "search": { params: SearchParams; result: SearchView };
  /** The lines of text for hits that a search left without. */
  "search.snippets": { params: SnippetParams; result: Array<Snippet> };
  /** Does something to threads or items. */
  "act": { params: ActParams; result: Acted };
  /** Gets off the list a mail came through: by one request, by a mail, else by the page it names. */
  "unsubscribe": { params: ItemParams; result: Unsubscribed };
  /** Takes an action back. */
  "undo": { params: UndoParams; result: Acted };
  /** An empty answer, forward or new message with recipients and subject filled in; the saved */
  /** draft of that conversation when there is one. */
  "compose.prepare": { params: PrepareParams; result: Compose };
  /** The messages a platform has approved beforehand, for when it takes no other. */
  "compose.templates": { params: TemplatesParams; result: Array<Template> };
  /** Saves what is being written. */
  "draft.save": { params: Compose; result: Compose };
  /** Drafts, newest first. */
  "draft.list": { params: Nothing; result: Array<Compose> };
  /** Drafts that other programs have begun, newest first. */
  "draft.elsewhere": { params: Nothing; result: Array<DraftRow> };
  /** A draft that lies on a server, to go on with. */
  "draft.open": { params: ItemParams; result: Compose };
  /** Whether another program has changed or removed a draft. */
  "draft.standing": { params: DraftParams; result: DraftStanding };
  /** Throws a draft away. */
  "draft.discard": { params: DraftParams; result: Nothing };
  /** Queues a message to be sent. */
  "send": { params: SendParams; result: OpView };
  /** Somebody writes an answer: tells the platform, where it passes that on and the person lets it. */
  "thread.typing": { params: TypingParams; result: Nothing };
  /** What is on its way. */
  "outbox.list": { params: OutboxParams; result: Array<OpView> };
  /** One operation with its delivery log. */
  "outbox.get": { params: OpParams; result: OpDetail };
  /** Cancels an operation that was not sent yet; what was written becomes a draft again. */
  "outbox.cancel": { params: OpParams; result: OpView };
  /** Tries a parked operation again. */
  "outbox.retry": { params: OpParams; result: OpView };
  /** Tells who wrote a mail that it was read, where they ask for it and that is allowed. */
  "receipt.send": { params: ItemParams; result: OpView };
  /** Cancels a message and gives it back for editing. */
  "outbox.edit": { params: OpParams; result: Compose };
  /** A message that did not arrive everywhere, to be written anew to those it did not reach. */
  "outbox.again": { params: OpParams; result: Compose };
  /** Accounts with their sources. */
  "accounts.list": { params: Nothing; result: Array<AccountView> };
  /** Guesses the settings for a mail address. */
  "accounts.suggest": { params: SuggestParams; result: Suggested };
  /** Tests the settings of a mailbox before it is connected. */
  "accounts.test_imap": { params: ImapParams; result: CheckView };
  /** Connects a mailbox. */
  "accounts.add_imap": { params: ImapParams; result: AccountView };
  /** Changes the settings or the password of a mailbox. */
  "accounts.update": { params: ImapParams; result: AccountView };
  /** Tests the tokens of a workspace of Slack before it is connected. */
  "accounts.test_slack": { params: SlackParams; result: CheckView };
  /** Connects a workspace of Slack, or gives one other tokens. */
  "accounts.add_slack": { params: SlackParams; result: AccountView };
  /** Tests a number of a WhatsApp Business account before it is connected. */
  "accounts.test_whatsapp": { params: WhatsAppParams; result: CheckView };
  /** Connects a number of a WhatsApp Business account, or gives a connected one new settings. */
  "accounts.add_whatsapp": { params: WhatsAppParams; result: AccountView };
  /** Tests what GitHub or Jira shall tell before it is connected. */
  "accounts.test_hook": { params: HookParams; result: CheckView };
  /** Connects what GitHub or Jira tells by a webhook, or gives a connected one new settings. */
  "accounts.add_hook": { params: HookParams; result: AccountView };
  /** Tests a channel that only sends before it is connected: a few words are sent. */
  "accounts.test_channel": { params: ChannelParams; result: CheckView };
  /** Connects a channel that only sends, or gives a connected one new settings. */
  "accounts.add_channel": { params: ChannelParams; result: AccountView };
  /** A new secret to sign a webhook with, which its receiver is given too. */
  "channels.secret": { params: Nothing; result: MintedSecret };
  /** What a channel was told, and what became of it, newest first. */
  "channels.log": { params: ChannelLogParams; result: Array<ChannelEntry> };
  /** Tells something through a channel: once for a key. */
  "channels.tell": { params: TellParams; result: OpView };
  /** What a relay has to know to receive the events of an account for this computer. */
  "accounts.relay": { params: AccountParams; result: RelayView };
  /** Reads the events of an account from a relay, or no longer. */
  "accounts.set_relay": { params: RelayParams; result: AccountView };
  /** The settings to sign in to a known provider with. */
  "accounts.provider": { params: ProviderParams; result: ProviderView };
  /** Begins a sign-in at a provider's own page, for a new account or one that is there. */
  "signin.begin": { params: SignInParams; result: SignInView };
  /** Waits for the person, tests the connections, then connects. */
  "signin.wait": { params: WaitParams; result: SignedIn };
  /** Gives a sign-in up; nothing is left of it. */
  "signin.cancel": { params: TicketParams; result: Nothing };
  /** Where an administrator consents to what an account needs, for the whole organisation. */
  "signin.administrator": { params: AdministratorParams; result: AdministratorView };
  /** Switches a source of an account off; one is switched on by a sign-in with it in the settings. */
  "accounts.switch_off": { params: SwitchOffParams; result: AccountView };
  /** Tests the connection of an account; through a channel that only sends, a few words are sent. */
  "accounts.check": { params: AccountParams; result: CheckView };
  /** Stops fetching until resumed. */
  "accounts.pause": { params: AccountParams; result: AccountView };
  /** Fetches again. */
  "accounts.resume": { params: AccountParams; result: AccountView };
  /** Somebody has seen what may have been missed: it is said no more. */
  "accounts.seen_missed": { params: AccountParams; result: AccountView };
  /** Somebody has seen what of an account could not be read: it is told no more. */
  "accounts.seen_unreadable": { params: AccountParams; result: AccountView };
  /** Somebody has seen what the platform says of an account: it is told no more. */
  "accounts.seen_warnings": { params: AccountParams; result: AccountView };
  /** Removes an account and everything of it from this computer. */
  "accounts.remove": { params: AccountParams; result: Nothing };
  /** Asks every source, or those of one account, for news now. */
  "sync.now": { params: SyncParams; result: Nothing };
  /** Somebody looks at the window, or opens a thread: sources that are asked only then are asked. */
  "sync.attend": { params: AttendParams; result: Nothing };
  /** What goes on in the background: first syncs, imports, exports, the index. */
  "work.list": { params: Nothing; result: Array<WorkView> };
  /** Holds work in the background. */
  "work.pause": { params: WorkParams; result: Array<WorkView> };
  /** Lets held work go on. */
  "work.resume": { params: WorkParams; result: Array<WorkView> };
  /** Ends work in the background; what it has done stays. */
  "work.cancel": { params: WorkParams; result: Array<WorkView> };
  /** Fills an empty data directory with the demo world. */
  "demo.fill": { params: DemoParams; result: Status };
  /** Removes the demo world. */
  "demo.remove": { params: Nothing; result: Status };
  /** People from history whose name or address begins so. */
  "people.suggest": { params: PeopleParams; result: Array<Party> };
  /** Everybody, those with most contact first. */
  "people.list": { params: PeopleListParams; result: PeoplePage };
  /** Two handles are one person's. */
  "people.join": { params: PairParams; result: Joined };
  /** Takes joining back: everybody is who they were before. */
  "people.part": { params: Joined; result: Nothing };
  /** A handle is a person of its own again, alone or with others that were named. */
  "people.split": { params: SplitParams; result: Nothing };
  /** Two handles that look like one person's are not. */
  "people.apart": { params: PairParams; result: Nothing };
  /** Takes back that two handles are not one person's. */
  "people.unapart": { params: PairParams; result: Nothing };
  /** Says that somebody matters, or does not any more. */
  "people.vip": { params: VipParams; result: Nothing };
  /** Reads address books from files of vCards. */
  "contacts.import": { params: ContactFiles; result: ContactsRead };
  /** Forgets what was read from address books. */
  "contacts.forget": { params: Nothing; result: ContactsForgotten };
  /** What this computer knows about somebody. */
  "person.get": { params: PersonParams; result: PersonView };
  /** Which of these addresses I have written to, and whose domain is known. */
  "people.known": { params: KnownParams; result: Array<KnownPerson> };
  /** Chats with the only other person of a conversation on channels that can send: the newest of each. */
  "people.elsewhere": { params: ThreadParams; result: Array<Elsewhere> };
  /** Reads mail from files. */
  "import": { params: ImportParams; result: AccountView };
  /** Writes everything, or what a query finds, into files. */
  "export": { params: ExportParams; result: Exported };
  /** Signatures, templates, saved searches and splits in their order, all or of one kind. */
  "kept.list": { params: KeptParams; result: Array<Kept> };
  /** Keeps something new, or changes it or its place. */
  "kept.put": { params: Kept; result: Kept };
  /** Forgets something kept. */
  "kept.remove": { params: KeptIdParams; result: Nothing };
  /** Every setting with its origin. */
  "config.list": { params: Nothing; result: Array<Setting> };
  /** Changes a setting; without a value it goes back to its default. */
  "config.set": { params: SettingParams; result: Array<Setting> };
  /** Builds the search index anew, in the background where there is one; the old one is used meanwhile. */
  "index.rebuild": { params: Nothing; result: Nothing };
  /** What is kept on this computer takes so much, and what keeping it shorter would free. */
  "data.usage": { params: Nothing; result: DataUsage };
  /** Writes everything but passwords and tokens into one file, from which it can be restored. */
  "data.backup": { params: BackupParams; result: BackedUp };
  /** Checks databases, files and search index against each other, and mends what can be mended. */
  "data.check": { params: CheckDataParams; result: CheckView };
  /** Versions, sizes and counts, without anything that names a person. */
  "diagnostics.get": { params: Nothing; result: Diagnostics };
  /** Writes a diagnostic bundle into a file: masked, without addresses, subjects or bodies. */
  "diagnostics.save": { params: BundleParams; result: Saved };
  /** What to do next, with reasons. */
  "actions.list": { params: ActionsParams; result: ActionList };
  /** A draft that reminds of what I wait for, in the language of the conversation; without words where those are */
  /** not known, and as it was left where one was begun. */
  "actions.nudge": { params: NudgeParams; result: Compose };
  /** An answer to who asks to meet, with times I am free at; drafted in the conversation's language, not sent. */
  "actions.offer": { params: OfferParams; result: Compose };
  /** Thinks everything anew; the same comes out. */
  "actions.rebuild": { params: Nothing; result: Nothing };
  /** The rules with their points. */
  "actions.rules": { params: Nothing; result: Array<RuleView> };
  /** What was taught by what I did with suggestions, newest first. */
  "actions.lessons": { params: Nothing; result: Array<Lesson> };
  /** Takes a lesson back. */
  "actions.forget": { params: LessonParams; result: Nothing };
  /** Proposes to do something; nothing is done until the person says so. */
  "proposals.make": { params: ProposeParams; result: Proposal };
  /** What other programs propose. */
  "proposals.list": { params: ProposalsParams; result: Array<Proposal> };
  /** One proposal, and what was decided. */
  "proposals.get": { params: ProposalParams; result: Proposal };
  /** The person's decision; what is approved is done as if they had done it. */
  "proposals.decide": { params: DecideParams; result: Decided };
  /** Meetings that stand, of what is left of today when nothing is said. */
  "meetings.list": { params: MeetingsParams; result: Array<MeetingView> };
  /** Rules of mine, in the order they are looked at. */
  "rules.list": { params: Nothing; result: Array<RuleEntry> };
  /** Keeps a rule, new or changed; it looks at what comes from now on. */
  "rules.put": { params: PutRuleParams; result: UserRule };
  /** Keeps the rules of a file, each in place of the one with its id. */
  "rules.add": { params: RuleFileParams; result: Array<UserRule> };
  /** A rule as a file and as it is kept, from either. */
  "rules.form": { params: RuleFormParams; result: RuleForm };
  /** Writes every rule into a file among the downloads. */
  "rules.save": { params: Nothing; result: Saved };
  /** Every rule, as one file. */
  "rules.export": { params: Nothing; result: RuleFileParams };
  /** Forgets a rule. */
  "rules.remove": { params: RuleIdParams; result: Nothing };
  /** Switches a rule on or off. */
  "rules.switch": { params: SwitchRuleParams; result: UserRule };
  /** Puts rules into an order. */
  "rules.order": { params: OrderRulesParams; result: Array<RuleEntry> };
  /** What rules would do about the newest items; nothing is done. */
  "rules.test": { params: TestRuleParams; result: RuleTest };
  /** Runs a rule over what came before it; nothing is sent or told. */
  "rules.run": { params: RunRuleParams; result: RuleRun };
  /** What rules made of what came in, and why. */
  "rules.log": { params: RuleLogParams; result: Array<RuleLogEntry> };
  /** What is to be told now. */
  "notices.standing": { params: Nothing; result: NoticeBoard };
  /** What was told, what was not, and why. */
  "notices.list": { params: NoticeLogParams; result: Array<NoticeEntry> };
  /** Tells nothing for some minutes. */
  "notices.pause": { params: PauseParams; result: NoticeBoard };
  /** Says which conversation somebody looks at. */
  "notices.watch": { params: WatchParams; result: Nothing };
  /** Says whether a source may tell of what is new. */
  "sources.notify": { params: SourceNotifyParams; result: Nothing };
  /** Opens a mail that lies in a file. */
  "files.open": { params: OpenFileParams; result: OpenedFile };
  /** How the lock of the window stands. */
  "lock.get": { params: Nothing; result: LockView };
  /** Locks the window. */
  "lock.now": { params: Nothing; result: LockView };
  /** Opens the window with its passphrase; it stays locked after a wrong one. */
  "lock.unlock": { params: LockParams; result: LockView };
  /** Somebody does something in the window: it is not idle. */
  "lock.touch": { params: Nothing; result: Nothing };
  /** Gives the lock of the window a passphrase, another one, or none. */
  "lock.set": { params: LockSetParams; result: LockView };
  /** Forgets the passphrase of the lock and opens the window; no window can ask for it. */
  "lock.forget": { params: Nothing; result: LockView };
  /** Opens the secret store with its passphrase, where the system has no keyring. */
  "secrets.unlock": { params: UnlockParams; result: Nothing };
}
