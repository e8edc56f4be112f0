//! `inlet actions propose` and `inlet actions proposals`: how another program asks the person for something, and hears
//! what they said.

use std::time::Duration;

use inlet_model::ProposalId;
use inlet_orchestrator::App;
use inlet_orchestrator::api::types::{Proposal, ProposalState};
use serde_json::json;

use crate::args::Propose;
use crate::print::{Out, clean, when};
use crate::run::{Exit, Failure, ask};
use crate::writing;

pub(crate) async fn propose(app: &App, out: Out, proposed: &Propose) -> Result<Exit, Failure> {
    let text = if proposed.text_stdin { writing::stdin()? } else { String::new() };
    let until = proposed.until.as_deref().map(writing::time).transpose()?;
    let params = json!({
        "thread": proposed.thread, "do": proposed.what.word(), "text": text, "until": until,
        "who": proposed.who, "why": proposed.why,
    });
    let proposal: Proposal = ask(app, "proposals.make", params).await?;
    out.value(&proposal, || line(&proposal));
    Ok(Exit::Done)
}

pub(crate) async fn list(app: &App, out: Out, all: bool, who: Option<&str>) -> Result<Exit, Failure> {
    let proposals: Vec<Proposal> = ask(app, "proposals.list", json!({ "all": all, "who": who })).await?;
    out.value(&json!({ "proposals": proposals }), || {
        let lines: String = proposals.iter().map(line).collect();
        if lines.is_empty() { "Nothing is proposed.".to_owned() } else { lines }
    });
    Ok(Exit::Done)
}

/// Waits for a decision. The window decides in another process, whose events do not come here.
pub(crate) async fn wait(app: &App, out: Out, id: ProposalId, timeout: Option<u64>) -> Result<Exit, Failure> {
    const LOOK: Duration = Duration::from_millis(500);
    let look = async || ask::<Proposal>(app, "proposals.get", json!({ "id": id })).await;
    let decided = async {
        loop {
            let proposal = look().await?;
            if proposal.state != ProposalState::Waiting {
                return Ok::<_, Failure>(proposal);
            }
            tokio::time::sleep(LOOK).await;
        }
    };
    let proposal = match timeout {
        None => decided.await?,
        Some(seconds) => match tokio::time::timeout(Duration::from_secs(seconds), decided).await {
            Ok(proposal) => proposal?,
            Err(_) => look().await?,
        },
    };
    out.value(&proposal, || line(&proposal));
    Ok(Exit::Done)
}

fn line(proposal: &Proposal) -> String {
    let state = match (proposal.state, proposal.edited) {
        (ProposalState::Waiting, _) => "waits",
        (ProposalState::Approved, false) => "approved",
        (ProposalState::Approved, true) => "approved with changes",
        (ProposalState::Rejected, _) => "rejected",
        (ProposalState::Gone, _) => "conversation gone",
    };
    let by = proposal.decided_by.as_deref().map(|by| format!(" by {}", clean(by))).unwrap_or_default();
    let at = when(proposal.decided_at.unwrap_or(proposal.at));
    let what = serde_json::to_value(proposal.what).unwrap_or_default();
    let what = what.as_str().unwrap_or_default();
    let (who, why) = (clean(&proposal.who), clean(&proposal.why));
    format!("{:<4}  {at}  {state}{by}  {what} {}  {who}: {why}\n", proposal.id.to_string(), proposal.thread)
}
