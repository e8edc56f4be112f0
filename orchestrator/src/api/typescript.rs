//! The TypeScript of everything that crosses the seam, written into the front end.
//!
//! The file is checked in, so that the front end builds without Rust; this test fails when it is
//! stale, and rewrites it with `UPDATE_GOLDEN=1`.

use inlet_model as model;
use ts_rs::{Config, TS};

use super::{commands, error, types};
use crate::event::Event;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../ui/src/host/gen/api.ts");

macro_rules! declare {
    ($config:expr, $($type:ty),* $(,)?) => { vec![$(<$type as TS>::decl($config)),*] };
}

fn generate() -> String {
    let config = Config::new().with_large_int("number");
    let declarations = declare!(
        &config,
        model::Kind,
        model::Party,
        model::Flags,
        model::Reaction,
        model::Todo,
        model::NoteMeta,
        model::Receipt,
        model::SourceType,
        model::Capabilities,
        model::CheckStep,
        model::ScopeRole,
        model::Progress,
        model::AccountConfig,
        model::ImapConfig,
        model::MicrosoftConfig,
        model::SlackConfig,
        model::OAuthConfig,
        model::Prompt,
        model::account::FilesConfig,
        model::account::DemoConfig,
        model::Endpoint,
        model::Tls,
        model::Auth,
        crate::html::TextKind,
        crate::sender::SenderBadge,
        types::LinkVerdict,
        types::TextBlock,
        types::Span,
        types::SenderVerdict,
        types::Place,
        types::View,
        types::SourceState,
        types::SourceView,
        types::AccountView,
        types::Status,
        types::WorkKind,
        types::WorkView,
        types::WorkParams,
        types::ThreadRow,
        types::Group,
        types::ListParams,
        types::ThreadPage,
        types::AttachmentView,
        types::ItemView,
        model::Rsvp,
        types::InvitationKind,
        types::Invited,
        types::InvitationView,
        types::UnsubscribeWay,
        types::Unsubscribe,
        types::Unsubscribed,
        types::ThreadView,
        types::ThreadParams,
        types::ItemParams,
        types::ThemeWord,
        types::HtmlParams,
        types::HtmlView,
        types::RawParams,
        types::RawView,
        types::LinkParams,
        types::ScopeView,
        types::ScopesParams,
        types::AttachmentParams,
        types::OpenParams,
        types::SaveParams,
        types::SavedAll,
        types::AttachmentData,
        types::Saved,
        types::SearchSort,
        types::SearchParams,
        types::SnippetParams,
        types::Snippet,
        types::SearchHit,
        types::Coverage,
        types::SearchView,
        types::Verb,
        types::ActParams,
        types::Acted,
        types::UndoParams,
        types::ComposeMode,
        types::ComposeAttachment,
        types::Signature,
        types::Compose,
        types::DraftRow,
        types::DraftStanding,
        types::PrepareParams,
        types::SendParams,
        types::DraftParams,
        types::OpState,
        types::OpKind,
        types::OpView,
        types::Delivery,
        types::OpDetail,
        types::OpParams,
        types::OutboxParams,
        types::AccountParams,
        types::SwitchOffParams,
        types::AttendParams,
        types::SyncParams,
        types::ImapParams,
        types::SlackParams,
        types::SuggestParams,
        types::Suggested,
        types::PeopleParams,
        types::PersonParams,
        types::Likeness,
        types::PersonIdentity,
        types::SharedFile,
        types::PersonView,
        types::KnownParams,
        types::KnownPerson,
        types::Elsewhere,
        types::ImportParams,
        types::ExportParams,
        types::ExportFormat,
        types::Exported,
        types::KeptKind,
        types::Kept,
        types::KeptParams,
        types::KeptIdParams,
        types::Setting,
        types::SettingGroup,
        types::SettingKind,
        types::SettingParams,
        types::Nothing,
        types::PeopleListParams,
        types::PersonRow,
        types::PeoplePage,
        types::PairParams,
        types::HandleParams,
        types::Habit,
        types::CheckView,
        types::Provider,
        types::ProviderParams,
        types::Authority,
        types::ProviderView,
        types::AdministratorParams,
        types::AdministratorView,
        types::SignInParams,
        types::SignInView,
        types::WaitParams,
        types::TicketParams,
        types::SignedIn,
        types::NoticeDecision,
        types::NoticeReason,
        types::Notice,
        types::NoticeBoard,
        types::NoticeLogParams,
        types::NoticeEntry,
        types::PauseParams,
        types::WatchParams,
        types::SourceNotifyParams,
        types::OpenFileParams,
        types::OpenedFile,
        types::DemoParams,
        types::UnlockParams,
        types::Diagnostics,
        types::StoredBytes,
        types::SourceFacts,
        types::FeltAction,
        types::Felt,
        types::BundleParams,
        error::ErrorCode,
        error::ApiError,
        Event,
    );
    let mut out = String::from(
        "// Generated from the engine's command list. Do not edit: run the engine's tests with UPDATE_GOLDEN=1.\n\n",
    );
    for declaration in declarations {
        out.push_str("export ");
        out.push_str(&declaration);
        out.push_str("\n\n");
    }
    out.push_str(&commands::typescript(&config));
    out
}

#[test]
#[allow(clippy::unwrap_used)]
fn the_front_end_has_the_newest_types() {
    let fresh = generate();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(FILE, &fresh).unwrap();
    }
    let kept = std::fs::read_to_string(FILE).unwrap_or_default();
    assert!(kept == fresh, "ui/src/host/gen/api.ts is stale; run the tests of inlet-orchestrator with UPDATE_GOLDEN=1");
}
