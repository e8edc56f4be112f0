//! Receipts, both ways. What became of what was sent, as it was reported: at an entry of the outbox, in the log of a
//! channel, and how a message that came back is written anew. And telling who asks for it that I read their mail, which
//! only a person does, by hand and once (RFC 8098 §2.1).

use std::collections::HashMap;

use inlet_model::{Displayed, Intent, OpKey, Outgoing, Party, ReplyTo, Reported, SourceId, Target, Via};
use rusqlite::Connection;

use super::{App, reading::is_believed, writing::no_op};
use crate::{
    api::{
        ApiError, ErrorCode,
        types::{Compose, ItemParams, OpKind, OpParams, OpState, OpView, ReadRequestView},
    },
    outbox::enqueue,
    reports::Told,
    store::{
        Result as StoreResult,
        item::{self, ItemRow},
        outbox::{self, NewOp},
        placement, report, source, told_read,
    },
};

impl App {
    /// `outbox.again`.
    pub(crate) async fn write_again(&self, params: OpParams) -> Result<Compose, ApiError> {
        let id = params.id;
        let found = self.store.read(move |reader| {
            let Some(row) = outbox::get(&reader.main, id)? else { return Ok(None) };
            let told = report::of_op(&reader.main, row.view.source, &row.view.key)?;
            Ok(Some((row, told)))
        });
        let (row, told) = found.await?.ok_or_else(|| no_op(id))?;
        let refused = || ApiError::new(ErrorCode::Refused, "Only a message that went out can be sent again.");
        let mut message = row.compose.filter(|_| row.view.state == OpState::Done).ok_or_else(refused)?;
        let failed: Vec<Party> = told
            .statuses
            .into_iter()
            .filter(|status| status.reported == Reported::Failed)
            .map(|status| status.recipient)
            .collect();
        for people in [&mut message.to, &mut message.cc, &mut message.bcc] {
            people.retain(|party| failed.is_empty() || failed.contains(party));
        }
        Ok(Compose { id: None, server: None, saved_at: None, answered: Vec::new(), ..message })
    }

    /// `receipt.send`: says by hand what RFC 8098 calls displayed; nothing ever says it by itself.
    pub(crate) async fn tell_read(&self, params: ItemParams) -> Result<OpView, ApiError> {
        if self.config.lock().word("privacy.receipts") != "ask" {
            return Err(ApiError::new(
                ErrorCode::Refused,
                "Nobody is told what you read; to be asked about it, change that under Privacy in the settings.",
            ));
        }
        let id = params.id;
        let found = self.store.read(move |reader| {
            let Some(row) = item::get(&reader.main, id)? else { return Ok(None) };
            let asked = asked(&reader.main, &row, &source::provider_hosts(&reader.main)?)?;
            let me = source::identity(&reader.main, row.source)?;
            Ok(Some((asked, me, placement::any_remote(&reader.main, id)?, row)))
        });
        let (asked, me, place, row) = found.await?.ok_or_else(|| ApiError::not_found(format!("The item {id}")))?;
        let told = || ApiError::new(ErrorCode::Refused, "This mail asks for no receipt, or was given one already.");
        let to = asked.ok_or_else(told)?.to;
        let now = self.clock.now();
        let outgoing = Outgoing {
            from: me.clone().map(|handle| Party { name: None, handle }),
            to: vec![to.clone()],
            subject: format!("Read: {}", row.title),
            text: format!(
                "Your mail of {} with the subject \"{}\" was shown on the screen of whom it was sent to.\nThat does not say \
                 that it was understood, or that anything follows from it.\n",
                row.at.strftime("%-d %b %Y, %H:%M UTC"),
                row.title
            ),
            reply_to: Some(ReplyTo {
                message_id: row.message_id.clone(),
                references: row.references.clone(),
                ..ReplyTo::default()
            }),
            displayed: Some(Displayed {
                message_id: row.message_id.clone(),
                target: place.map(|(scope, remote_id)| Target {
                    scope,
                    remote_id,
                    message_id: row.message_id.clone(),
                    version: None,
                }),
            }),
            date: now,
            ..Outgoing::default()
        };
        let live = self.live(row.source)?;
        let key = enqueue::message_id(me.as_deref());
        let op = live.source.plan(&OpKey(key.clone()), &Intent::Send(Box::new(outgoing)))?.ok_or_else(told)?;
        let (title, not_before) = (format!("Read receipt to {}", to.label()), self.held_back(None));
        let queued = self.store.write_durable(move |tx| {
            let new = NewOp {
                source: row.source,
                thread: None,
                kind: OpKind::Send,
                key: &key,
                title: &title,
                not_before,
                created_at: now,
                op: Some(&op),
                change: None,
                compose: None,
                remind_at: None,
                draft: None,
            };
            if told_read::is_told(tx.main, row.id)? {
                return Ok(None);
            }
            let id = outbox::insert(tx, &new, &[])?;
            told_read::remember(tx, &row, id)?;
            outbox::view(tx.main, id)
        });
        let view = queued.await?.ok_or_else(told)?;
        live.outbox.notify_one();
        Ok(view)
    }
}

/// Whether somebody may be told that I read their mail, and who: never of what a list or a machine sent, of what lies
/// among the unwanted, of what its sender may not have sent, and never twice.
pub(super) fn asked(
    conn: &Connection,
    row: &ItemRow,
    hosts: &HashMap<SourceId, Vec<String>>,
) -> StoreResult<Option<ReadRequestView>> {
    let mail = &row.extra.mail;
    let Some(request) = &mail.read_request else { return Ok(None) };
    let listed = mail.list_id.is_some() || mail.list_unsubscribe.is_some();
    let no_person = listed || mail.automatic || mail.report.is_some();
    if row.from_me || row.flags.draft || no_person || !is_believed(row, hosts) {
        return Ok(None);
    }
    if told_read::is_told(conn, row.id)? || told_read::is_rubbish(conn, row.thread)? {
        return Ok(None);
    }
    let same = |address: &str| address.eq_ignore_ascii_case(&request.to.handle);
    let from = row.from.as_ref().is_some_and(|from| same(&from.handle));
    let returned = request.return_path.as_deref().is_none_or(same);
    Ok(Some(ReadRequestView { to: request.to.clone(), elsewhere: !(from && returned) }))
}

/// Adds what became of what was sent.
pub(super) fn report_on(conn: &Connection, op: &mut OpView) -> StoreResult<()> {
    if op.kind == OpKind::Send && op.state == OpState::Done {
        op.delivery = report::of_op(conn, op.source, &op.key)?.statuses;
    }
    Ok(())
}

/// What was reported of a mail a channel has sent, where a mailbox here is the one it was sent from.
pub(super) fn told(conn: &Connection, op: &OpView, via: &Via) -> StoreResult<Told> {
    let Via::Smtp(smtp) = via else { return Ok(Told::default()) };
    let (_, domain) = smtp.from.rsplit_once('@').unwrap_or_default();
    let to = Party { name: None, handle: smtp.to.clone() };
    report::of_channel(conn, &smtp.from, &format!("{}@{domain}", op.key), &to)
}
