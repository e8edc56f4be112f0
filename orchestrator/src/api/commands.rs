//! The list of commands: what the window, the command line and scripts can ask.
//!
//! Declared once. The dispatcher below, the `rpc` of the command line and the TypeScript types all
//! come from this list, so none of them can drift.

use std::pin::Pin;

use inlet_model::{Party, Template};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{error::ApiError, types::*};
use crate::app::App;

/// A command that was begun.
type Running<'a> = Pin<Box<dyn Future<Output = Result<Value, ApiError>> + Send + 'a>>;

macro_rules! commands {
    ($($(#[doc = $doc:literal])+ $name:literal => $method:ident($params:ty) -> $result:ty;)*) => {
        /// Runs a command by name.
        ///
        /// # Errors
        /// [`ApiError`] with `not_found` for an unknown command, `invalid` for parameters that do
        /// not fit, else what the command says.
        pub(crate) async fn dispatch(app: &App, name: &str, params: Value) -> Result<Value, ApiError> {
            // A caller that has nothing to say may say nothing.
            let params = if params.is_null() { Value::Object(serde_json::Map::new()) } else { params };
            match name {
                $($name => {
                    // In a function of its own: an unoptimised build gives every arm's future a place on this
                    // one's stack, and all of them together are more than a thread has.
                    fn run<'a>(app: &'a App, name: &'a str, params: Value) -> Running<'a> {
                        Box::pin(async move {
                            let params: $params = serde_json::from_value(params)
                                .map_err(|error| ApiError::invalid(format!("{name}: {error}.")))?;
                            let result: $result = app.$method(params).await?;
                            serde_json::to_value(result)
                                .map_err(|error| ApiError::new(super::error::ErrorCode::Failed, error.to_string()))
                        })
                    }
                    run(app, name, params).await
                })*
                _ => Err(ApiError::not_found(format!("The command \"{name}\""))),
            }
        }

        /// What of the parameters a command does not know, as paths into them.
        pub(crate) fn unknown(name: &str, params: &Value) -> Vec<String> {
            match name {
                $($name => ignored::<$params>(params),)*
                _ => Vec::new(),
            }
        }

        /// Every command: name and what it does.
        pub const COMMANDS: &[(&str, &str)] = &[$(($name, concat!($($doc),+))),*];

        /// The TypeScript of the list: one entry per command with its parameters and result.
        #[cfg(test)]
        pub(super) fn typescript(config: &ts_rs::Config) -> String {
            let mut out = String::from("export interface Commands {\n");
            $(
                $(out.push_str(concat!("  /**", $doc, " */\n"));)+
                out.push_str(&format!(
                    "  {:?}: {{ params: {}; result: {} }};\n",
                    $name,
                    <$params as ts_rs::TS>::name(config),
                    <$result as ts_rs::TS>::name(config),
                ));
            )*
            out.push_str("}\n");
            out
        }
    };
}

fn ignored<T: DeserializeOwned>(params: &Value) -> Vec<String> {
    let mut paths = Vec::new();
    // What does not fit is said when the command runs.
    let _ = serde_ignored::deserialize::<_, _, T>(params, |path| paths.push(path.to_string()));
    paths
}

commands! {
    /// The state of everything: accounts, sources with health, counts.
    "status" => status(Nothing) -> Status;
    /// A page of a list of threads.
    "threads.list" => list_threads(ListParams) -> ThreadPage;
    /// A thread with its newest items.
    "thread.get" => get_thread(ThreadParams) -> ThreadView;
    /// Asks the platform for more of a thread's past, and gives what came before an item.
    "thread.older" => older_thread(ThreadParams) -> ThreadView;
    /// One item.
    "item.get" => get_item(ItemParams) -> ItemView;
    /// One item, after what was not fetched of it so far has been: somebody looks at it.
    "item.complete" => complete_item(ItemParams) -> ItemView;
    /// An item's HTML as a document for the sandboxed frame.
    "item.html" => item_html(HtmlParams) -> HtmlView;
    /// An item as it was received.
    "item.raw" => item_raw(RawParams) -> RawView;
    /// Saves a mail as an .eml file.
    "item.save" => save_item(SaveParams) -> Saved;
    /// What is known about a link before it is followed.
    "link.inspect" => inspect_link(LinkParams) -> LinkVerdict;
    /// Folders, chats and sections.
    "scopes.list" => list_scopes(ScopesParams) -> Vec<ScopeView>;
    /// The bytes of an attachment, fetched when they are not here yet.
    "attachment.data" => attachment_data(AttachmentParams) -> AttachmentData;
    /// An attachment as it goes along with another message, fetched when it is not here yet: its name, without its bytes.
    "attachment.along" => attachment_along(AttachmentParams) -> ComposeAttachment;
    /// Saves an attachment as a file.
    "attachment.save" => save_attachment(AttachmentParams) -> Saved;
    /// Saves all files of an item into a folder of their own.
    "attachment.save_all" => save_all_attachments(SaveParams) -> SavedAll;
    /// A copy of an attachment for another program to open. One that could run a program is refused
    /// until the person is sure.
    "attachment.copy" => copy_attachment(OpenParams) -> Saved;
    /// Searches everything.
    "search" => search(SearchParams) -> SearchView;
    /// The lines of text for hits that a search left without.
    "search.snippets" => search_snippets(SnippetParams) -> Vec<Snippet>;
    /// Does something to threads or items.
    "act" => act(ActParams) -> Acted;
    /// Gets off the list a mail came through: by one request, by a mail, else by the page it names.
    "unsubscribe" => unsubscribe(ItemParams) -> Unsubscribed;
    /// Takes an action back.
    "undo" => undo(UndoParams) -> Acted;
    /// An empty answer, forward or new message with recipients and subject filled in; the saved
    /// draft of that conversation when there is one.
    "compose.prepare" => prepare(PrepareParams) -> Compose;
    /// The messages a platform has approved beforehand, for when it takes no other.
    "compose.templates" => list_templates(TemplatesParams) -> Vec<Template>;
    /// Saves what is being written.
    "draft.save" => save_draft(Compose) -> Compose;
    /// Drafts, newest first.
    "draft.list" => list_drafts(Nothing) -> Vec<Compose>;
    /// Drafts that other programs have begun, newest first.
    "draft.elsewhere" => list_drafts_elsewhere(Nothing) -> Vec<DraftRow>;
    /// A draft that lies on a server, to go on with.
    "draft.open" => open_draft(ItemParams) -> Compose;
    /// Whether another program has changed or removed a draft.
    "draft.standing" => draft_standing(DraftParams) -> DraftStanding;
    /// Throws a draft away.
    "draft.discard" => discard_draft(DraftParams) -> Nothing;
    /// Queues a message to be sent.
    "send" => send(SendParams) -> OpView;
    /// Somebody writes an answer: tells the platform, where it passes that on and the person lets it.
    "thread.typing" => typing(TypingParams) -> Nothing;
    /// What is on its way.
    "outbox.list" => list_outbox(OutboxParams) -> Vec<OpView>;
    /// One operation with its delivery log.
    "outbox.get" => get_op(OpParams) -> OpDetail;
    /// Cancels an operation that was not sent yet; what was written becomes a draft again.
    "outbox.cancel" => cancel_op(OpParams) -> OpView;
    /// Tries a parked operation again.
    "outbox.retry" => retry_op(OpParams) -> OpView;
    /// Tells who wrote a mail that it was read, where they ask for it and that is allowed.
    "receipt.send" => tell_read(ItemParams) -> OpView;
    /// Cancels a message and gives it back for editing.
    "outbox.edit" => edit_op(OpParams) -> Compose;
    /// A message that did not arrive everywhere, to be written anew to those it did not reach.
    "outbox.again" => write_again(OpParams) -> Compose;
    /// Accounts with their sources.
    "accounts.list" => list_accounts(Nothing) -> Vec<AccountView>;
    /// Guesses the settings for a mail address.
    "accounts.suggest" => suggest_account(SuggestParams) -> Suggested;
    /// Tests the settings of a mailbox before it is connected.
    "accounts.test_imap" => test_imap(ImapParams) -> CheckView;
    /// Connects a mailbox.
    "accounts.add_imap" => add_imap(ImapParams) -> AccountView;
    /// Changes the settings or the password of a mailbox.
    "accounts.update" => update_imap(ImapParams) -> AccountView;
    /// Tests the tokens of a workspace of Slack before it is connected.
    "accounts.test_slack" => test_slack(SlackParams) -> CheckView;
    /// Connects a workspace of Slack, or gives one other tokens.
    "accounts.add_slack" => add_slack(SlackParams) -> AccountView;
    /// Tests a number of a WhatsApp Business account before it is connected.
    "accounts.test_whatsapp" => test_whatsapp(WhatsAppParams) -> CheckView;
    /// Connects a number of a WhatsApp Business account, or gives a connected one new settings.
    "accounts.add_whatsapp" => add_whatsapp(WhatsAppParams) -> AccountView;
    /// Tests what GitHub or Jira shall tell before it is connected.
    "accounts.test_hook" => test_hook(HookParams) -> CheckView;
    /// Connects what GitHub or Jira tells by a webhook, or gives a connected one new settings.
    "accounts.add_hook" => add_hook(HookParams) -> AccountView;
    /// Tests a channel that only sends before it is connected: a few words are sent.
    "accounts.test_channel" => test_channel(ChannelParams) -> CheckView;
    /// Connects a channel that only sends, or gives a connected one new settings.
    "accounts.add_channel" => add_channel(ChannelParams) -> AccountView;
    /// A new secret to sign a webhook with, which its receiver is given too.
    "channels.secret" => mint_secret(Nothing) -> MintedSecret;
    /// What a channel was told, and what became of it, newest first.
    "channels.log" => channel_log(ChannelLogParams) -> Vec<ChannelEntry>;
    /// Tells something through a channel: once for a key.
    "channels.tell" => tell(TellParams) -> OpView;
    /// What a relay has to know to receive the events of an account for this computer.
    "accounts.relay" => relay(AccountParams) -> RelayView;
    /// Reads the events of an account from a relay, or no longer.
    "accounts.set_relay" => set_relay(RelayParams) -> AccountView;
    /// The settings to sign in to a known provider with.
    "accounts.provider" => provider(ProviderParams) -> ProviderView;
    /// Begins a sign-in at a provider's own page, for a new account or one that is there.
    "signin.begin" => begin_sign_in(SignInParams) -> SignInView;
    /// Waits for the person, tests the connections, then connects.
    "signin.wait" => wait_for_sign_in(WaitParams) -> SignedIn;
    /// Gives a sign-in up; nothing is left of it.
    "signin.cancel" => cancel_sign_in(TicketParams) -> Nothing;
    /// Where an administrator consents to what an account needs, for the whole organisation.
    "signin.administrator" => administrator_page(AdministratorParams) -> AdministratorView;
    /// Switches a source of an account off; one is switched on by a sign-in with it in the settings.
    "accounts.switch_off" => switch_source_off(SwitchOffParams) -> AccountView;
    /// Tests the connection of an account; through a channel that only sends, a few words are sent.
    "accounts.check" => check_account(AccountParams) -> CheckView;
    /// Stops fetching until resumed.
    "accounts.pause" => pause_account(AccountParams) -> AccountView;
    /// Fetches again.
    "accounts.resume" => resume_account(AccountParams) -> AccountView;
    /// Somebody has seen what may have been missed: it is said no more.
    "accounts.seen_missed" => seen_missed(AccountParams) -> AccountView;
    /// Somebody has seen what of an account could not be read: it is told no more.
    "accounts.seen_unreadable" => seen_unreadable(AccountParams) -> AccountView;
    /// Somebody has seen what the platform says of an account: it is told no more.
    "accounts.seen_warnings" => seen_warnings(AccountParams) -> AccountView;
    /// Removes an account and everything of it from this computer.
    "accounts.remove" => remove_account(AccountParams) -> Nothing;
    /// Asks every source, or those of one account, for news now.
    "sync.now" => sync_now(SyncParams) -> Nothing;
    /// Somebody looks at the window, or opens a thread: sources that are asked only then are asked.
    "sync.attend" => attend(AttendParams) -> Nothing;
    /// What goes on in the background: first syncs, imports, exports, the index.
    "work.list" => list_work(Nothing) -> Vec<WorkView>;
    /// Holds work in the background.
    "work.pause" => pause_work(WorkParams) -> Vec<WorkView>;
    /// Lets held work go on.
    "work.resume" => resume_work(WorkParams) -> Vec<WorkView>;
    /// Ends work in the background; what it has done stays.
    "work.cancel" => cancel_work(WorkParams) -> Vec<WorkView>;
    /// Fills an empty data directory with the demo world.
    "demo.fill" => fill_demo(DemoParams) -> Status;
    /// Removes the demo world.
    "demo.remove" => remove_demo(Nothing) -> Status;
    /// People from history whose name or address begins so.
    "people.suggest" => suggest_people(PeopleParams) -> Vec<Party>;
    /// Everybody, those with most contact first.
    "people.list" => list_people(PeopleListParams) -> PeoplePage;
    /// Two handles are one person's.
    "people.join" => join_people(PairParams) -> Joined;
    /// Takes joining back: everybody is who they were before.
    "people.part" => part_people(Joined) -> Nothing;
    /// A handle is a person of its own again, alone or with others that were named.
    "people.split" => split_person(SplitParams) -> Nothing;
    /// Two handles that look like one person's are not.
    "people.apart" => keep_people_apart(PairParams) -> Nothing;
    /// Takes back that two handles are not one person's.
    "people.unapart" => offer_people_again(PairParams) -> Nothing;
    /// Says that somebody matters, or does not any more.
    "people.vip" => set_vip(VipParams) -> Nothing;
    /// Reads address books from files of vCards.
    "contacts.import" => import_contacts(ContactFiles) -> ContactsRead;
    /// Forgets what was read from address books.
    "contacts.forget" => forget_contacts(Nothing) -> ContactsForgotten;
    /// What this computer knows about somebody.
    "person.get" => get_person(PersonParams) -> PersonView;
    /// Which of these addresses I have written to, and whose domain is known.
    "people.known" => known_people(KnownParams) -> Vec<KnownPerson>;
    /// Chats with the only other person of a conversation on channels that can send: the newest of each.
    "people.elsewhere" => people_elsewhere(ThreadParams) -> Vec<Elsewhere>;
    /// Reads mail from files.
    "import" => import(ImportParams) -> AccountView;
    /// Writes everything, or what a query finds, into files.
    "export" => export(ExportParams) -> Exported;
    /// Signatures, templates, saved searches and splits in their order, all or of one kind.
    "kept.list" => list_kept(KeptParams) -> Vec<Kept>;
    /// Keeps something new, or changes it or its place.
    "kept.put" => put_kept(Kept) -> Kept;
    /// Forgets something kept.
    "kept.remove" => remove_kept(KeptIdParams) -> Nothing;
    /// Every setting with its origin.
    "config.list" => list_config(Nothing) -> Vec<Setting>;
    /// Changes a setting; without a value it goes back to its default.
    "config.set" => set_config(SettingParams) -> Vec<Setting>;
    /// Builds the search index anew, in the background where there is one; the old one is used meanwhile.
    "index.rebuild" => rebuild_index(Nothing) -> Nothing;
    /// What is kept on this computer takes so much, and what keeping it shorter would free.
    "data.usage" => data_usage(Nothing) -> DataUsage;
    /// Writes everything but passwords and tokens into one file, from which it can be restored.
    "data.backup" => back_up(BackupParams) -> BackedUp;
    /// Checks databases, files and search index against each other, and mends what can be mended.
    "data.check" => check_data(CheckDataParams) -> CheckView;
    /// Versions, sizes and counts, without anything that names a person.
    "diagnostics.get" => diagnose(Nothing) -> Diagnostics;
    /// Writes a diagnostic bundle into a file: masked, without addresses, subjects or bodies.
    "diagnostics.save" => save_diagnostics(BundleParams) -> Saved;
    /// What to do next, with reasons.
    "actions.list" => list_actions(ActionsParams) -> ActionList;
    /// A draft that reminds of what I wait for, in the language of the conversation; without words where those are
    /// not known, and as it was left where one was begun.
    "actions.nudge" => nudge(NudgeParams) -> Compose;
    /// An answer to who asks to meet, with times I am free at; drafted in the conversation's language, not sent.
    "actions.offer" => offer_times(OfferParams) -> Compose;
    /// Thinks everything anew; the same comes out.
    "actions.rebuild" => rebuild_actions(Nothing) -> Nothing;
    /// The rules with their points.
    "actions.rules" => list_rules(Nothing) -> Vec<RuleView>;
    /// What was taught by what I did with suggestions, newest first.
    "actions.lessons" => list_lessons(Nothing) -> Vec<Lesson>;
    /// Takes a lesson back.
    "actions.forget" => forget_lesson(LessonParams) -> Nothing;
    /// Proposes to do something; nothing is done until the person says so.
    "proposals.make" => propose(ProposeParams) -> Proposal;
    /// What other programs propose.
    "proposals.list" => list_proposals(ProposalsParams) -> Vec<Proposal>;
    /// One proposal, and what was decided.
    "proposals.get" => get_proposal(ProposalParams) -> Proposal;
    /// The person's decision; what is approved is done as if they had done it.
    "proposals.decide" => decide_proposal(DecideParams) -> Decided;
    /// Meetings that stand, of what is left of today when nothing is said.
    "meetings.list" => list_meetings(MeetingsParams) -> Vec<MeetingView>;
    /// Rules of mine, in the order they are looked at.
    "rules.list" => list_user_rules(Nothing) -> Vec<RuleEntry>;
    /// Keeps a rule, new or changed; it looks at what comes from now on.
    "rules.put" => put_user_rule(PutRuleParams) -> UserRule;
    /// Keeps the rules of a file, each in place of the one with its id.
    "rules.add" => add_user_rules(RuleFileParams) -> Vec<UserRule>;
    /// A rule as a file and as it is kept, from either.
    "rules.form" => form_user_rule(RuleFormParams) -> RuleForm;
    /// Writes every rule into a file among the downloads.
    "rules.save" => save_user_rules(Nothing) -> Saved;
    /// Every rule, as one file.
    "rules.export" => export_user_rules(Nothing) -> RuleFileParams;
    /// Forgets a rule.
    "rules.remove" => remove_user_rule(RuleIdParams) -> Nothing;
    /// Switches a rule on or off.
    "rules.switch" => switch_user_rule(SwitchRuleParams) -> UserRule;
    /// Puts rules into an order.
    "rules.order" => order_user_rules(OrderRulesParams) -> Vec<RuleEntry>;
    /// What rules would do about the newest items; nothing is done.
    "rules.test" => test_user_rules(TestRuleParams) -> RuleTest;
    /// Runs a rule over what came before it; nothing is sent or told.
    "rules.run" => run_user_rule(RunRuleParams) -> RuleRun;
    /// What rules made of what came in, and why.
    "rules.log" => log_of_rules(RuleLogParams) -> Vec<RuleLogEntry>;
    /// What is to be told now.
    "notices.standing" => standing_notices(Nothing) -> NoticeBoard;
    /// What was told, what was not, and why.
    "notices.list" => list_notices(NoticeLogParams) -> Vec<NoticeEntry>;
    /// Tells nothing for some minutes.
    "notices.pause" => pause_notices(PauseParams) -> NoticeBoard;
    /// Says which conversation somebody looks at.
    "notices.watch" => watch_thread(WatchParams) -> Nothing;
    /// Says whether a source may tell of what is new.
    "sources.notify" => set_source_notify(SourceNotifyParams) -> Nothing;
    /// Opens a mail that lies in a file.
    "files.open" => open_file(OpenFileParams) -> OpenedFile;
    /// How the lock of the window stands.
    "lock.get" => lock_state(Nothing) -> LockView;
    /// Locks the window.
    "lock.now" => lock_now(Nothing) -> LockView;
    /// Opens the window with its passphrase; it stays locked after a wrong one.
    "lock.unlock" => unlock_window(LockParams) -> LockView;
    /// Somebody does something in the window: it is not idle.
    "lock.touch" => touch_lock(Nothing) -> Nothing;
    /// Gives the lock of the window a passphrase, another one, or none.
    "lock.set" => set_lock(LockSetParams) -> LockView;
    /// Forgets the passphrase of the lock and opens the window; no window can ask for it.
    "lock.forget" => forget_lock(Nothing) -> LockView;
    /// Opens the secret store with its passphrase, where the system has no keyring.
    "secrets.unlock" => unlock_secrets(UnlockParams) -> Nothing;
}
