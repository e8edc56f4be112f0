//! The relay: running one, and reading an account's events from one.

use std::{net::SocketAddr, path::Path, sync::Arc};

use inlet_connectors::relay::{File, Options, Relay};
use inlet_orchestrator::{
    App, Clock,
    api::{
        ApiError, ErrorCode,
        types::{AccountView, CheckView, RelayView},
    },
    logs,
};
use serde_json::json;

use crate::{
    accounts::{exit_of, steps},
    args::{Args, Relayed},
    host,
    print::Out,
    run::{Exit, Failure, ask},
    serve::stopped,
    writing::stdin,
};

/// `inlet relay`: until it is told to stop. It has no data directory, only a file that says what to do.
pub(crate) async fn run(args: &Args, listen: SocketAddr, nats: &str, file: Option<&Path>) -> Result<Exit, Failure> {
    logs::to_stderr(args.verbose);
    let path = match (file, &args.data_dir) {
        (Some(file), _) => file.to_owned(),
        (None, Some(folder)) => folder.join("relay.toml"),
        (None, None) => host::default_data_dir().join("relay.toml"),
    };
    let text = std::fs::read_to_string(&path)
        .map_err(|error| ApiError::invalid(format!("The relay's file {} cannot be read ({error}).", path.display())))?;
    let file: File = toml::from_str(&text).map_err(|error| {
        let line =
            error.span().map_or(1, |span| 1 + text.bytes().take(span.start).filter(|byte| *byte == b'\n').count());
        ApiError::invalid(format!("The relay's file {}, line {line}: {}.", path.display(), error.message()))
    })?;
    let clock = Clock::system();
    let options = Options { listen, nats: nats.to_owned(), file, now: Arc::new(move || clock.now()) };
    let failed = |error: inlet_model::SourceError| ApiError::new(ErrorCode::Failed, error.to_string());
    let relay = Relay::start(options).await.map_err(failed)?;
    let out = Out { json: args.json };
    // Whoever reads where it listens may end it at once.
    let stopped = stopped();
    out.value(&json!({ "address": relay.address() }), || format!("The relay listens at {}.", relay.address()));
    relay.run(stopped).await.map_err(failed)?;
    Ok(Exit::Done)
}

/// `inlet accounts relay`.
pub(crate) async fn account(app: &App, out: Out, relayed: &Relayed) -> Result<Exit, Failure> {
    let id = relayed.id;
    if relayed.nats.is_none() && !relayed.off {
        if relayed.public_url.is_some() {
            return Err(ApiError::invalid("Say --nats URL as well, or --off to read no relay any more.").into());
        }
        let view: RelayView = ask(app, "accounts.relay", json!({ "id": id })).await?;
        out.value(&view, || view.piece.trim_end().to_owned());
        return Ok(Exit::Done);
    }
    let login = relayed.login_stdin.then(stdin).transpose()?;
    let ca = relayed.ca.as_deref().map(std::path::absolute).transpose()?;
    let params = json!({
        "id": id, "nats": relayed.nats, "ca": ca, "login": login, "public_url": relayed.public_url,
        "leave": relayed.leave,
    });
    let view: AccountView = ask(app, "accounts.set_relay", params).await?;
    let check: CheckView = ask(app, "accounts.check", json!({ "id": id })).await?;
    let said = if relayed.off { "reads no relay any more" } else { "reads from the relay" };
    out.value(&view, || format!("{}{} {said}.", steps(&check), view.name));
    Ok(if check.ok { Exit::Done } else { exit_of(&check) })
}
