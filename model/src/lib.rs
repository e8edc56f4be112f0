//! The nouns of Inlet and the contract every source keeps.
//!
//! This crate does no I/O and knows no runtime, so that it builds in seconds and
//! every other crate can agree on it. [`source`] holds the contract a connector
//! implements, [`item`] what it yields, [`intent`] what it is asked to do,
//! [`account`] how it is set up, [`signin`] how a person signs in, [`inbound`] how events reach it that nobody asked
//! for, [`prepared`] what a message may offer or be that is more than words, [`error`] how it reports trouble,
//! [`mime`] how the parts of a mail are named and [`report`] what is reported of a mail that was sent.

pub mod account;
pub mod error;
pub mod id;
pub mod inbound;
pub mod intent;
pub mod item;
pub mod meeting;
pub mod mime;
pub mod prepared;
pub mod report;
pub mod signin;
pub mod source;

pub use account::{
    Account, AccountConfig, Auth, ChannelConfig, Endpoint, HookConfig, ImapConfig, MicrosoftConfig, OAuthConfig,
    Pushed, RelayConfig, SecretName, Secrets, Service, SlackConfig, SmtpConfig, Tls, Via, WhatsAppConfig,
};
pub use error::{Result, SourceError};
pub use id::{AccountId, AttachmentId, DraftId, ItemId, KeptId, OpId, ProposalId, ScopeId, SourceId, ThreadId};
pub use inbound::{Arrival, EventQueue, EventSink, Fate, Inbound, InboundEvent, Place};
pub use intent::{
    Applied, Automatic, Displayed, Draft, Intent, MailOp, MessageOp, NoteOp, OpKey, Outgoing, OutgoingAttachment,
    ReplyTo, Rsvp, Submission, Target, Tells, Told,
};
pub use item::{
    AttachmentInfo, Flags, Kind, MailMeta, NoteMeta, Party, Reaction, Receipt, Record, RemoteId, Storable, Todo,
    UnifiedEmail, UnifiedMessage, UnifiedNote,
};
pub use meeting::{Invited, UnifiedMeeting};
pub use prepared::{Blank, Choice, Choices, FileKind, Filled, Template, TemplateUse};
pub use report::{Claim, ReadRequest, Report, Reported};
pub use signin::{Grant, Prompt, Refusal, Remedy, SignIn, SignInRequest};
pub use source::{
    AnySource, Capabilities, Change, CheckReport, CheckStep, Cursor, DynSource, FlagChange, Listing, MailSource,
    MessageSource, Moved, NoteSource, Pace, Page, PartRef, PartSink, Progress, Reactions, RecordPage, Scope, ScopeRole,
    Source, SourceType, Warning,
};

/// The instant type used everywhere: UTC, serialised as RFC 3339.
pub type Timestamp = jiff::Timestamp;
