//! The log: what happened, in a form that can be sent to a stranger.
//!
//! Two nets, because one forgets. The first is a list: only the fields named in it are written, each
//! in the shape it is meant to have, and every other one as `…`, so that whoever logs something new
//! has to come here first. The second is [`net`], which takes addresses, tokens, quotations and paths
//! out of every text, messages and errors included. Libraries, whose lines nobody here has read, are
//! heard only when they warn.

mod net;

use std::{
    fmt::{self, Write as _},
    io::Write as _,
    path::Path,
    sync::OnceLock,
};

use parking_lot::Mutex;
use serde_json::{Map, Value};
use tracing::{
    Event, Level, Metadata, Subscriber,
    field::{Field, Visit},
    level_filters::LevelFilter,
};
use tracing_appender::{
    non_blocking::{NonBlocking, WorkerGuard},
    rolling::{RollingFileAppender, Rotation},
};
use tracing_subscriber::{
    Layer,
    filter::Targets,
    fmt::MakeWriter,
    layer::{Context, SubscriberExt},
    util::SubscriberInitExt,
};

use crate::{api::commands::COMMANDS, clock::Clock};

/// Days that are kept, one file each.
const FILES: usize = 7;
/// Every crate of ours begins so.
const OURS: &str = "inlet";
/// What stands where something was left out.
const LEFT_OUT: &str = "…";

/// What a field may hold.
#[derive(Clone, Copy)]
enum Shape {
    /// A number or a yes.
    Count,
    /// A number or the name of a row; a long name is masked.
    Id,
    /// One of the program's own words for what went wrong.
    Code,
    /// The name of a command.
    Method,
    /// A sentence, through the net.
    Text,
}

/// The fields that are written.
const FIELDS: &[(&str, Shape)] = &[
    ("account", Shape::Id),
    ("attempts", Shape::Count),
    ("bytes", Shape::Count),
    ("code", Shape::Code),
    ("count", Shape::Count),
    ("error", Shape::Text),
    ("failures", Shape::Count),
    ("fetched", Shape::Count),
    ("flags", Shape::Count),
    ("item", Shape::Id),
    ("method", Shape::Method),
    ("more", Shape::Count),
    ("ms", Shape::Count),
    ("op", Shape::Id),
    ("orphans", Shape::Count),
    ("outcome", Shape::Code),
    ("platform", Shape::Code),
    ("poison", Shape::Count),
    ("reason", Shape::Text),
    ("removed", Shape::Count),
    ("rev", Shape::Count),
    ("scope", Shape::Id),
    ("source", Shape::Id),
    ("status", Shape::Count),
    ("thread", Shape::Id),
    ("unknown", Shape::Count),
];

/// What [`inlet_model::SourceError::code`] and [`crate::api::ErrorCode`] say, and a relay of platforms and requests.
const CODES: &[&str] = &[
    "whatsapp",
    "github",
    "jira",
    "introduced",
    "known",
    "odd",
    "stale",
    "stored",
    "stranger",
    "unkept",
    "unread",
    "unsigned",
    "auth_needed",
    "cursor_expired",
    "offline",
    "permanent",
    "throttled",
    "transient",
    "unknown",
    "AuthNeeded",
    "Cancelled",
    "Failed",
    "Invalid",
    "Locked",
    "NotFound",
    "Offline",
    "Refused",
];

/// Ends the writer's thread when it is dropped, after everything was written.
static WRITER: OnceLock<Mutex<Option<WorkerGuard>>> = OnceLock::new();

/// Starts logging into `logs` of the data directory: what matters; with a verbosity of 1 details as
/// well, and everything on the terminal too; with 2 each step of our own crates. The first call of a
/// process counts. A folder that cannot be written is no reason not to start.
pub fn init(data_dir: &Path, verbosity: u8) {
    let mut first = false;
    let kept = WRITER.get_or_init(|| {
        first = true;
        Mutex::default()
    });
    if !first {
        return;
    }
    let file = file(&data_dir.join("logs")).map(|(writer, guard)| {
        *kept.lock() = Some(guard);
        Lines { writer, form: Form::Json, clock: Clock::system() }.with_filter(heard(verbosity))
    });
    let terminal = (verbosity > 0).then(|| {
        Lines { writer: std::io::stderr, form: Form::Line, clock: Clock::system() }.with_filter(heard(verbosity))
    });
    // A host with a subscriber of its own keeps it.
    let _ = tracing_subscriber::registry().with(file).with(terminal).try_init();
}

/// Logs to standard error alone, a JSON document a line: for a program in a container.
pub fn to_stderr(verbosity: u8) {
    let lines = Lines { writer: std::io::stderr, form: Form::Json, clock: Clock::system() };
    let _ = tracing_subscriber::registry().with(lines.with_filter(heard(verbosity))).try_init();
}

/// Writes what is still in memory. Nothing is kept after it: for the last line of a program.
pub fn close() {
    if let Some(kept) = WRITER.get() {
        drop(kept.lock().take());
    }
}

/// An id as it may be written down: short ones as they are, of long ones only the ends.
pub(crate) fn mask(id: &str) -> String {
    net::mask(id)
}

fn file(folder: &Path) -> Option<(NonBlocking, WorkerGuard)> {
    std::fs::create_dir_all(folder).ok()?;
    let appender = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("inlet")
        .filename_suffix("log")
        .max_log_files(FILES)
        .build(folder)
        .ok()?;
    Some(tracing_appender::non_blocking(appender))
}

fn heard(verbosity: u8) -> Targets {
    let ours = match verbosity {
        0 => Level::INFO,
        1 => Level::DEBUG,
        _ => Level::TRACE,
    };
    Targets::new().with_default(LevelFilter::WARN).with_target(OURS, ours)
}

#[derive(Clone, Copy)]
enum Form {
    /// One JSON document a line.
    Json,
    /// For eyes.
    Line,
}

/// Writes each event as one line, through both nets.
struct Lines<W> {
    writer: W,
    form: Form,
    clock: Clock,
}

impl<S: Subscriber, W: for<'a> MakeWriter<'a> + 'static> Layer<S> for Lines<W> {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let line = self.line(event.metadata(), fields);
        // A full disk is reported by the store, whose lines matter more.
        let _ = self.writer.make_writer().write_all(line.as_bytes());
    }
}

impl<W> Lines<W> {
    fn line(&self, metadata: &Metadata<'_>, fields: Fields) -> String {
        let at = self.clock.now();
        match self.form {
            Form::Json => {
                let mut document = Map::new();
                document.insert("at".into(), at.to_string().into());
                document.insert("level".into(), metadata.level().as_str().into());
                document.insert("target".into(), metadata.target().into());
                document.insert("message".into(), fields.message.into());
                document.extend(fields.rest.into_iter().map(|(name, value)| (name.to_owned(), value)));
                format!("{}\n", Value::Object(document))
            }
            Form::Line => {
                let mut line = format!("{:.0} {:5} {}", at, metadata.level(), fields.message);
                for (name, value) in fields.rest {
                    let _ = match value {
                        Value::String(text) => write!(line, " {name}={text}"),
                        value => write!(line, " {name}={value}"),
                    };
                }
                line.push('\n');
                line
            }
        }
    }
}

/// The fields of one event, already clean.
#[derive(Default)]
struct Fields {
    message: String,
    rest: Vec<(&'static str, Value)>,
}

impl Fields {
    fn shape(field: &Field) -> Option<Shape> {
        FIELDS.iter().find(|(name, _)| *name == field.name()).map(|(_, shape)| *shape)
    }

    fn number(&mut self, field: &Field, value: Value) {
        let value = match Self::shape(field) {
            Some(Shape::Count | Shape::Id) => value,
            _ => LEFT_OUT.into(),
        };
        self.rest.push((field.name(), value));
    }

    fn text(&mut self, field: &Field, text: &str) {
        if field.name() == "message" {
            self.message = net::clean(text);
            return;
        }
        let value = match Self::shape(field) {
            Some(Shape::Id) => net::mask(text),
            Some(Shape::Code) if CODES.contains(&text) => text.to_owned(),
            Some(Shape::Method) if COMMANDS.iter().any(|(name, _)| *name == text) => text.to_owned(),
            Some(Shape::Text) => net::clean(text),
            _ => LEFT_OUT.to_owned(),
        };
        self.rest.push((field.name(), value.into()));
    }
}

impl Visit for Fields {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.number(field, value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.number(field, value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.number(field, value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.number(field, value.into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.text(field, value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.text(field, &format!("{value:?}"));
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]
mod tests {
    use std::{io, sync::Arc};

    use super::*;

    #[derive(Clone, Default)]
    struct Heard(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Heard {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl<'a> MakeWriter<'a> for Heard {
        type Writer = Self;
        fn make_writer(&'a self) -> Self {
            self.clone()
        }
    }

    fn logged(verbosity: u8, form: Form, job: impl FnOnce()) -> String {
        let heard_here = Heard::default();
        let clock = Clock::from_fn(|| "2026-11-21T10:00:00Z".parse().unwrap());
        let layer = Lines { writer: heard_here.clone(), form, clock }.with_filter(heard(verbosity));
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), job);
        let bytes = heard_here.0.lock().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_listed_field_is_written_and_any_other_is_not() {
        let text = logged(0, Form::Json, || {
            let code = "auth_needed";
            tracing::warn!(source = 3_i64, code, failures = 2_u32, subject = "Lunch", "source failed");
        });
        let line: Value = serde_json::from_str(text.trim()).unwrap();
        assert_eq!(line["message"], "source failed");
        assert_eq!(line["level"], "WARN");
        assert_eq!(line["at"], "2026-11-21T10:00:00Z");
        assert_eq!((&line["source"], &line["failures"]), (&3.into(), &2.into()));
        assert_eq!(line["code"], "auth_needed");
        assert_eq!(line["subject"], "…");
    }

    #[test]
    fn a_field_in_the_wrong_shape_is_left_out() {
        let text = logged(0, Form::Line, || {
            tracing::info!(count = "hello there", code = "two words", reason = 7_u8, op = "a1b2c3d4e5f6g7h8j0", "x");
        });
        assert_eq!(text, "2026-11-21T10:00:00Z INFO  x count=… code=… reason=… op=a1b2****j0\n");
    }

    #[test]
    fn libraries_are_heard_only_when_they_warn() {
        let text = logged(2, Form::Line, || {
            tracing::info!(target: "hyper::client", "connecting");
            tracing::trace!(target: "async_imap::client", "LOGIN me secret");
            tracing::warn!(target: "rustls::conn", "certificate of mail.example.org: bob@example.org is not trusted");
            tracing::trace!(target: "inlet_connectors::imap", "step");
        });
        assert!(!text.contains("connecting") && !text.contains("secret") && !text.contains("bob"), "{text}");
        assert!(text.contains("is not trusted") && text.contains("step"), "{text}");
    }

    #[test]
    fn verbosity_opens_our_own_crates_step_by_step() {
        let lines = |verbosity| {
            logged(verbosity, Form::Line, || {
                tracing::info!("a");
                tracing::debug!("b");
                tracing::trace!("c");
            })
            .lines()
            .count()
        };
        assert_eq!((lines(0), lines(1), lines(2), lines(9)), (1, 2, 3, 3));
    }

    #[test]
    fn secrets_never_come_out() {
        let mut random = net::tests::Random(42);
        for round in 0..10_000 {
            let secret = random.secret(round);
            let text = logged(2, Form::Json, || {
                tracing::error!(password = %secret.value, body = ?secret.value, to = secret.value.as_str(), "failed");
                tracing::error!(code = secret.value.as_str(), count = %secret.value, method = ?secret.value, "failed");
                if !secret.prose {
                    tracing::error!(error = %secret.sentence(), reason = secret.sentence(), "failed");
                    tracing::warn!(target: "reqwest::connect", "could not go on: {}", secret.sentence());
                }
                tracing::warn!(target: "tantivy::query", "cannot read \"{}\"", secret.value);
                tracing::warn!("refused: `{}`", secret.value);
            });
            assert!(!text.contains(&secret.value), "{:?} came out in {text}", secret.value);
            let escaped = serde_json::to_string(&secret.value).unwrap();
            assert!(!text.contains(escaped.trim_matches('"')), "{:?} came out in {text}", secret.value);
        }
    }

    #[test]
    fn starting_twice_is_harmless_and_closing_writes_the_file() {
        let folder = tempfile::tempdir().unwrap();
        init(folder.path(), 0);
        init(&folder.path().join("other"), 2);
        tracing::info!(count = 5_u8, "counted");
        close();
        close();
        let mut files = std::fs::read_dir(folder.path().join("logs")).unwrap();
        let text = std::fs::read_to_string(files.next().unwrap().unwrap().path()).unwrap();
        assert!(text.contains("\"message\":\"counted\"") && text.contains("\"count\":5"), "{text}");
        assert!(!folder.path().join("other").exists());
    }
}
