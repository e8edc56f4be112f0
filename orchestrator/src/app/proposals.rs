//! What other programs propose to do, and the person's word on it.
//!
//! A proposal is a row and nothing else until it is approved; then it is what a click would have been, with its undo. It
//! is held small, so that no program can bury the person: so many at a time of one, and of all of them together.

use inlet_model::Timestamp;

use super::App;
use crate::{
    api::{
        ApiError, ErrorCode,
        types::{
            ActParams, ComposeMode, DecideParams, Decided, Proposal, ProposalParams, ProposalState, ProposalsParams,
            ProposeParams, Proposed, SendParams,
        },
    },
    outbox::enqueue::ActError,
    store::{
        StoreError,
        proposal::{self, Decision},
        source, thread,
    },
};

/// Proposals of one program that wait at most,
const EACH: u32 = 20;
/// and of all of them together: programs may call themselves anything.
const ALL: u32 = 100;
/// Longest name of a program, longest reason and longest answer, in characters.
const NAME: usize = 60;
const REASON: usize = 300;
const TEXT: usize = 20_000;

impl App {
    /// `proposals.make`.
    pub(crate) async fn propose(&self, mut params: ProposeParams) -> Result<Proposal, ApiError> {
        params.who = one_line(&params.who);
        params.why = one_line(&params.why);
        params.text = params.text.trim_end().to_owned();
        let now = self.clock.now();
        check(&params, now)?;
        let reply = params.what == Proposed::Reply;
        let delete = params.what == Proposed::Delete;
        let outcome = self
            .store
            .write(move |tx| {
                let Some(row) = thread::get(tx.main, params.thread)? else {
                    return Ok(Err(ApiError::not_found(format!("The conversation {}", params.thread))));
                };
                let able = source::capabilities(tx.main, row.source)?;
                if (reply && !able.send) || (delete && !able.move_items) {
                    return Ok(Err(refused("This conversation's account cannot do that; propose something else.")));
                }
                if let Some(id) = proposal::same(tx.main, &params)? {
                    return Ok(Ok(id));
                }
                let (own, all) = proposal::waiting(tx.main, &params.who)?;
                if own >= EACH || all >= ALL {
                    let whose = if own >= EACH { "of this program " } else { "" };
                    let sentence = format!(
                        "{} proposals {whose}wait for a decision already; nothing more is taken until some are decided.",
                        if own >= EACH { own } else { all },
                    );
                    return Ok(Err(refused(&sentence)));
                }
                proposal::insert(tx, &params, now).map(Ok)
            })
            .await?;
        self.get_proposal(ProposalParams { id: outcome? }).await
    }

    /// `proposals.get`.
    pub(crate) async fn get_proposal(&self, params: ProposalParams) -> Result<Proposal, ApiError> {
        let found = self.store.read(move |reader| proposal::get(&reader.main, params.id)).await?;
        found.ok_or_else(|| ApiError::not_found(format!("The proposal {}", params.id)))
    }

    /// `proposals.list`.
    pub(crate) async fn list_proposals(&self, params: ProposalsParams) -> Result<Vec<Proposal>, ApiError> {
        let who = params.who.map(|who| one_line(&who));
        Ok(self.store.read(move |reader| proposal::list(&reader.main, params.all, who.as_deref())).await?)
    }

    /// `proposals.decide`.
    pub(crate) async fn decide_proposal(&self, params: DecideParams) -> Result<Decided, ApiError> {
        let found = self.get_proposal(ProposalParams { id: params.id }).await?;
        match found.state {
            ProposalState::Waiting => {}
            ProposalState::Gone => return Err(ApiError::not_found("The conversation of this proposal")),
            ProposalState::Approved | ProposalState::Rejected => {
                return Err(refused("This proposal was decided already."));
            }
        }
        let row = found.conversation.as_ref().map(|row| row.source);
        let identity = match row {
            Some(id) => self.store.read(move |reader| source::identity(&reader.main, id)).await?,
            None => None,
        };
        let text = params.text.map_or(found.text.clone(), |text| text.trim_end().to_owned());
        let until = params.until.or(found.until);
        let decision = Decision {
            id: found.id,
            approved: params.approve,
            by: identity.unwrap_or_else(|| "me".to_owned()),
            edited: params.approve && (text != found.text || until != found.until),
            text: if params.approve { text } else { found.text.clone() },
            until: if params.approve { until } else { found.until },
        };
        let (mut acted, mut op) = (None, None);
        match (params.approve, found.what.verb()) {
            (false, _) => {
                let now = self.clock.now();
                self.store
                    .write(move |tx| proposal::decide(tx, &decision, None, now))
                    .await
                    .map_err(decided_already)?;
            }
            (true, Some(verb)) => {
                let (threads, until) = (vec![found.thread], decision.until);
                let what = ActParams { threads, until, ..ActParams::of(verb) };
                let now = self.clock.now();
                acted = Some(
                    self.act_and(what, move |tx| {
                        proposal::decide(tx, &decision, None, now).map_err(|error| match error {
                            StoreError::Refused => ActError::Refused(decided_already(error)),
                            other => ActError::Store(other),
                        })
                    })
                    .await?,
                );
            }
            (true, None) => {
                let mut message = self.answer(ComposeMode::Reply, found.thread, None).await?;
                message.text = decision.text.clone();
                let send = SendParams { message, at: None, undo_seconds: None, remind_at: None };
                let now = self.clock.now();
                let sent = self.send_and(send, move |tx, op| proposal::decide(tx, &decision, Some(op), now)).await;
                op = Some(match sent {
                    Ok(sent) => sent,
                    // Somebody else was faster: what is wrong is not the answer.
                    Err(error) => {
                        let now = self.get_proposal(ProposalParams { id: found.id }).await?;
                        let waits = now.state == ProposalState::Waiting;
                        return Err(if waits { error } else { refused("This proposal was decided already.") });
                    }
                });
            }
        }
        Ok(Decided { proposal: self.get_proposal(ProposalParams { id: found.id }).await?, acted, op })
    }
}

fn check(params: &ProposeParams, now: Timestamp) -> Result<(), ApiError> {
    let longer = |text: &str, most: usize| text.chars().count() > most;
    if params.who.is_empty() || longer(&params.who, NAME) {
        return Err(ApiError::invalid(format!("Say who proposes it, in {NAME} characters at most.")));
    }
    if params.why.is_empty() || longer(&params.why, REASON) {
        return Err(ApiError::invalid(format!("Say why, in {REASON} characters at most.")));
    }
    let reply = params.what == Proposed::Reply;
    if reply && params.text.trim().is_empty() {
        return Err(ApiError::invalid("Give the text of the answer."));
    }
    if !reply && !params.text.is_empty() {
        return Err(ApiError::invalid("Only an answer has a text."));
    }
    if longer(&params.text, TEXT) {
        return Err(ApiError::invalid(format!("An answer has {TEXT} characters at most.")));
    }
    match (params.what, params.until) {
        (Proposed::Snooze, None) => Err(ApiError::invalid("Say until when to snooze.")),
        (Proposed::Snooze, Some(until)) if until <= now => Err(ApiError::invalid("Name a time that is still to come.")),
        (Proposed::Snooze, _) | (_, None) => Ok(()),
        _ => Err(ApiError::invalid("Only a snooze has an end.")),
    }
}

/// Words of a stranger, in one line.
fn one_line(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn refused(sentence: &str) -> ApiError {
    ApiError::new(ErrorCode::Refused, sentence)
}

fn decided_already(error: StoreError) -> ApiError {
    match error {
        StoreError::Refused => refused("This proposal was decided already."),
        other => other.into(),
    }
}
