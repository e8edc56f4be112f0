//! The engine on a large account at Microsoft: connected, synced into the store and indexed, while the
//! memory of its process is looked at.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use inlet_model::{AccountConfig, MicrosoftConfig, SignIn};
use inlet_orchestrator::api::types::{SignInView, SourceState, Status};
use inlet_testkit::SignedIn;
use serde_json::json;

use crate::engine::{ask, options, start_with};
use crate::graph::Told;
use crate::measure::memory;

/// Between two looks.
const LOOK: Duration = Duration::from_millis(250);
/// Longer than this without a single new item, and something is broken.
const PATIENCE: Duration = Duration::from_secs(120);

/// Connects an account, and returns when so many items are kept and can be found.
///
/// # Errors
/// When the engine refuses, or does not come to an end.
pub(crate) async fn keep(data: &Path, config: MicrosoftConfig, tenth: usize, items: usize) -> Result<Told> {
    let mut options = options(data, true);
    options.sign_in = Some(Arc::new(|_| Box::pin(async { Ok(Box::new(SignedIn) as Box<dyn SignIn>) })));
    let app = start_with(options).await?;
    let begun: SignInView = ask(&app, "signin.begin", json!({ "config": AccountConfig::Microsoft(config) })).await?;
    let _: serde_json::Value = ask(&app, "signin.wait", json!({ "ticket": begun.ticket })).await?;

    let (mut told, mut moved) = (Told::default(), Instant::now());
    loop {
        let status: Status = ask(&app, "status", json!({})).await?;
        let source = status.accounts.first().and_then(|account| account.sources.first()).context("one source")?;
        let kept = usize::try_from(source.items)?;
        if told.early == 0.0 && kept >= tenth {
            told.early = memory("self")?.anonymous;
        }
        if kept != told.items {
            (told.items, moved) = (kept, Instant::now());
        }
        // What follows is not the sync's: segments of the index are merged, and what was fetched is thought about.
        if told.late == 0.0 && kept >= items {
            told.late = memory("self")?.anonymous;
        }
        if kept >= items && source.state == SourceState::Live && status.index_behind == 0 {
            break;
        }
        if moved.elapsed() > PATIENCE {
            bail!(
                "{kept} of {items} items are kept and {} wait for the index: {:?}",
                status.index_behind,
                source.state
            );
        }
        tokio::time::sleep(LOOK).await;
    }
    app.shutdown().await;
    Ok(told)
}
