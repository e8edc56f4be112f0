//! Writing: answers prepared, drafts kept, messages queued, the outbox looked after.

use std::time::Duration;

use inlet_model::{
    AttachmentId, Automatic, Intent, ItemId, Kind, OpId, OpKey, Outgoing, ScopeId, ScopeRole, SourceId, ThreadId,
    Timestamp,
};

use super::{App, blocking, reporting::report_on};
use crate::{
    api::{
        ApiError, ErrorCode,
        types::{
            Compose, ComposeMode, LessonKind, OpDetail, OpKind, OpParams, OpState, OpView, OutboxParams, PrepareParams,
            SendParams, Signature, SourceView,
        },
    },
    clock::DAY,
    compose::{self, Destination, Quoted},
    outbox::{drafts, enqueue},
    store::{
        Result as StoreResult, StoreError, WriteTx, action, attachment, body, draft, draft_copy, ingest,
        item::{self, ItemRow},
        kept, lesson, moved,
        outbox::{self, NewOp},
        placement, scope, source, thread, told_read, unsubscribed,
    },
    sync,
};

/// What is said of a conversation in what was switched off and kept.
const KEPT: &str = "What this belongs to is switched off, and only what was kept of it is here: switch it on again on \
                    the account's card to write there.";
/// Seconds a message can be held back for undo at the most.
const LONGEST_UNDO: u32 = 30;

impl App {
    /// `compose.prepare`.
    pub(crate) async fn prepare(&self, params: PrepareParams) -> Result<Compose, ApiError> {
        let Some(thread) = params.thread else {
            let able: Vec<SourceView> =
                self.sources().await?.into_iter().filter(|source| source.capabilities.send).collect();
            // By mail; without a mailbox to whoever has a number.
            let mail = able.iter().find(|source| source.kind == Kind::Mail);
            let source = mail.or_else(|| able.iter().find(|source| source.capabilities.by_number));
            let source = source.map(|source| source.id);
            return Ok(Compose { source, signature: self.signature(source).await?, ..Compose::default() });
        };
        let draft = self.store.read(move |reader| draft::of_thread(&reader.main, thread)).await?;
        if let Some(draft) = draft.filter(|draft| params.mode == ComposeMode::Reply || draft.mode == params.mode) {
            return Ok(draft);
        }
        self.answer(params.mode, thread, params.item).await
    }

    /// An empty answer or forward, whatever was begun in that conversation.
    pub(super) async fn answer(
        &self,
        mode: ComposeMode,
        thread: ThreadId,
        item: Option<ItemId>,
    ) -> Result<Compose, ApiError> {
        let item = self.answered_item(thread, item).await?;
        let source = self.source(item.source).await?;
        let (to, cc) = compose::recipients(&item, mode, source.identity.as_deref());
        Ok(Compose {
            mode,
            source: Some(item.source),
            thread: Some(thread).filter(|_| mode != ComposeMode::Forward),
            item: Some(item.id),
            to,
            cc,
            subject: if item.kind == Kind::Mail { compose::subject(&item.title, mode) } else { String::new() },
            quote: item.kind == Kind::Mail,
            signature: self.signature(Some(item.source).filter(|_| item.kind == Kind::Mail)).await?,
            ..Compose::default()
        })
    }

    /// The item an answer belongs to: the one named, else the newest that somebody else wrote.
    async fn answered_item(&self, thread: ThreadId, item: Option<ItemId>) -> Result<ItemRow, ApiError> {
        self.store
            .read(move |reader| {
                if let Some(id) = item {
                    return item::get(&reader.main, id);
                }
                let newest = item::of_thread(&reader.main, thread, None, 50)?;
                let sent: Vec<ItemRow> = newest.into_iter().filter(|row| !row.flags.draft).collect();
                let theirs = sent.iter().position(|row| !row.from_me).unwrap_or(0);
                Ok(sent.into_iter().nth(theirs))
            })
            .await?
            .ok_or_else(|| ApiError::not_found(format!("The conversation {thread}")))
    }

    pub(super) async fn signature(&self, source: Option<SourceId>) -> Result<Option<Signature>, ApiError> {
        let Some(source) = source else { return Ok(None) };
        Ok(self.store.read(move |reader| kept::signature(&reader.main, source)).await?)
    }

    /// What an answer quotes: the text, and its HTML with pictures where the answer has HTML as well.
    async fn quoted(&self, row: ItemRow, message: &Compose) -> Result<Quoted, ApiError> {
        let (row, body) = self.item_with_body(row.id).await?;
        let (id, words) = (row.id, row.body);
        let (text, files) = self
            .store
            .read(move |reader| Ok((body::text(&reader.bodies, words)?, attachment::of_item(&reader.main, id)?)))
            .await?;
        let quotes = message.quote || message.mode == ComposeMode::Forward;
        let html = match body.html().filter(|_| quotes && message.html.is_some()) {
            Some(html) => {
                let images = self.inline_images(&row, &body).await?;
                Some(blocking(move || compose::quotable(&html, &images)).await?)
            }
            None => None,
        };
        Ok(Quoted { row, text, html }.naming(&files))
    }

    pub(super) async fn sources(&self) -> Result<Vec<SourceView>, ApiError> {
        Ok(self.store.read(|reader| source::all(&reader.main)).await?)
    }

    async fn source(&self, id: SourceId) -> Result<SourceView, ApiError> {
        self.sources()
            .await?
            .into_iter()
            .find(|source| source.id == id)
            .ok_or_else(|| ApiError::not_found(format!("The source {id}")))
    }

    /// `send`.
    pub(crate) async fn send(&self, params: SendParams) -> Result<OpView, ApiError> {
        self.send_and(params, |_, _| Ok(())).await
    }

    /// Queues a message, and does something else in the same transaction: both or neither.
    pub(super) async fn send_and(
        &self,
        params: SendParams,
        also: impl FnOnce(&WriteTx<'_>, OpId) -> StoreResult<()> + Send + 'static,
    ) -> Result<OpView, ApiError> {
        let ready = self.ready_to_send(params, None).await?;
        let (source, now) = (ready.source.id, self.clock.now());
        let view = self
            .store
            .write_durable(move |tx| {
                let id = ready.queue(tx, now)?;
                also(tx, id)?;
                outbox::view(tx.main, id)?.ok_or_else(|| StoreError::Value("the queued message".into()))
            })
            .await?;
        if let Some(live) = self.registry.get(source) {
            live.outbox.notify_one();
        }
        Ok(view)
    }

    /// A message checked, composed and planned; nothing is written down yet. `automatic` is said of what no person
    /// has written.
    pub(super) async fn ready_to_send(
        &self,
        params: SendParams,
        automatic: Option<Automatic>,
    ) -> Result<ReadyToSend, ApiError> {
        let now = self.clock.now();
        let mut message = params.message;
        let answered = match (message.item, message.thread) {
            (Some(item), thread) => Some(self.answered_item(thread.unwrap_or(ThreadId(0)), Some(item)).await?),
            (None, Some(thread)) => Some(self.answered_item(thread, None).await?),
            (None, None) => None,
        };
        let source = message.source.or(answered.as_ref().map(|row| row.source));
        let source = source.ok_or_else(|| ApiError::invalid("Choose the account it is sent from."))?;
        let source = self.source(source).await?;
        let live = self.registry.get(source.id).filter(|_| source.capabilities.send && !source.capabilities.send_only);
        let live = live.ok_or_else(|| {
            ApiError::new(ErrorCode::Refused, format!("{} cannot send; choose another account.", source.name))
        })?;
        if message.choices.is_some() && !source.capabilities.choices {
            let sentence = format!("{} takes no choices: write them into the text.", source.name);
            return Err(ApiError::new(ErrorCode::Refused, sentence));
        }
        if let Some(thread) = answered.as_ref().map(|row| row.thread)
            && self.store.read(move |reader| scope::is_kept(&reader.main, thread)).await?
        {
            return Err(ApiError::new(ErrorCode::Refused, KEPT));
        }
        let place = self.destination(&message, answered.as_ref(), &source).await?;
        let section = message.section.filter(|_| place.section.is_some());
        if let (None, Some(conversation)) =
            (message.thread.or(answered.as_ref().map(|row| row.thread)), &place.conversation)
        {
            // Written to by number: as the platform names them, and where there is a conversation, in it.
            let (id, key) = (source.id, conversation.clone());
            message.thread = self.store.read(move |reader| thread::by_key(&reader.main, id, &key)).await?;
            if let Some(party) = message.to.first_mut() {
                party.handle = format!("+{conversation}");
            }
        }
        let quoted = match answered.clone() {
            Some(row) => Some(self.quoted(row, &message).await?),
            None => None,
        };
        let held = self.held_files(&message).await?;
        let held = |id: AttachmentId, most: u64| held.get(&id).map_or(Ok(None), |hash| self.held_bytes(hash, most));
        let outgoing = compose::outgoing(&message, &source, &held, quoted, place, now)?;
        let outgoing = Outgoing { automatic, ..outgoing };
        let key = enqueue::message_id(source.identity.as_deref().filter(|_| source.kind == Kind::Mail));
        let planned = live.source.plan(&OpKey(key.clone()), &Intent::Send(Box::new(outgoing.clone())))?;
        let op =
            planned.ok_or_else(|| ApiError::new(ErrorCode::Refused, format!("{} cannot send this.", source.name)))?;

        let not_before = params.at.unwrap_or_else(|| self.held_back(params.undo_seconds));
        if params.remind_at.is_some_and(|at| at <= not_before) {
            return Err(ApiError::invalid("A reminder has to come after the message; choose a later time."));
        }
        if let Some(template) = &message.template {
            if template.values.iter().any(|filled| filled.value.trim().is_empty()) {
                return Err(ApiError::invalid("Fill in every blank of the template first."));
            }
        } else {
            let thread = message.thread.or(answered.as_ref().map(|row| row.thread));
            self.within_window(source.id, thread, not_before).await?;
        }
        Ok(ReadyToSend {
            message,
            outgoing,
            source,
            answered,
            section,
            key,
            op,
            not_before,
            remind_at: params.remind_at,
        })
    }

    /// Until when what somebody else will read is held back, so that it can be taken back.
    pub(super) fn held_back(&self, seconds: Option<u32>) -> Timestamp {
        let seconds = seconds
            .unwrap_or_else(|| u32::try_from(self.config.lock().number("send.undo_seconds")).unwrap_or(LONGEST_UNDO));
        sync::after(&self.clock, Duration::from_secs(seconds.min(LONGEST_UNDO).into()))
    }

    /// Where a message goes that is no mail: the conversation it belongs to, else the section named.
    async fn destination(
        &self,
        message: &Compose,
        answered: Option<&ItemRow>,
        source: &SourceView,
    ) -> Result<Destination, ApiError> {
        if source.kind == Kind::Mail {
            return Ok(Destination::default());
        }
        if let Some(id) = message.thread.or(answered.map(|row| row.thread)) {
            let conversation = self.store.read(move |reader| thread::key(&reader.main, id)).await?;
            return Ok(Destination { conversation, section: None });
        }
        if source.capabilities.by_number {
            let alone = match message.to.as_slice() {
                [party] if message.cc.is_empty() && message.bcc.is_empty() => compose::number(&party.handle),
                _ => None,
            };
            let number = alone.ok_or_else(|| {
                ApiError::invalid("Give the one number it goes to, with its country in front: +49 170 1234567.")
            })?;
            let id = source.id;
            let number = self.store.read(move |reader| moved::reached(&reader.main, id, &number)).await?;
            return Ok(Destination { conversation: Some(number), section: None });
        }
        let Some(id) = message.section.filter(|_| source.kind == Kind::Note) else { return Ok(Destination::default()) };
        let found = self.store.read(move |reader| scope::get(&reader.main, id)).await?;
        let section = found.filter(|(owner, _)| *owner == source.id).map(|(_, row)| row.scope.remote);
        let section = section.ok_or_else(|| ApiError::invalid("This section is gone; choose another one."))?;
        Ok(Destination { conversation: None, section: Some(section) })
    }

    /// `outbox.list`.
    pub(crate) async fn list_outbox(&self, params: OutboxParams) -> Result<Vec<OpView>, ApiError> {
        let since = params.all.then(|| sync::before(self.clock.now(), DAY.saturating_mul(30)));
        let listed = self.store.read(move |reader| {
            let mut ops = outbox::list(&reader.main, since)?;
            ops.iter_mut().try_for_each(|op| report_on(&reader.main, op))?;
            Ok(ops)
        });
        Ok(listed.await?)
    }

    /// `outbox.get`.
    pub(crate) async fn get_op(&self, params: OpParams) -> Result<OpDetail, ApiError> {
        self.store
            .read(move |reader| {
                let Some(mut op) = outbox::view(&reader.main, params.id)? else { return Ok(None) };
                report_on(&reader.main, &mut op)?;
                Ok(Some(OpDetail { op, deliveries: outbox::deliveries(&reader.main, params.id)? }))
            })
            .await?
            .ok_or_else(|| no_op(params.id))
    }

    /// `outbox.cancel`.
    pub(crate) async fn cancel_op(&self, params: OpParams) -> Result<OpView, ApiError> {
        let (view, _) = self.cancel(params.id).await?;
        Ok(view)
    }

    /// `outbox.edit`.
    pub(crate) async fn edit_op(&self, params: OpParams) -> Result<Compose, ApiError> {
        let id = params.id;
        let written = self.store.read(move |reader| outbox::get(&reader.main, id)).await?;
        let draft = match written.ok_or_else(|| no_op(id))?.compose {
            Some(_) => self.cancel(id).await?.1,
            None => None,
        };
        draft.ok_or_else(|| ApiError::new(ErrorCode::Refused, "Only a message can be edited."))
    }

    async fn cancel(&self, id: OpId) -> Result<(OpView, Option<Compose>), ApiError> {
        let now = self.clock.now();
        let outcome = self
            .store
            .write_durable(move |tx| {
                let Some(mut row) = outbox::get(tx.main, id)? else { return Ok(None) };
                let waits = matches!(row.view.state, OpState::Queued | OpState::Parked);
                let message = row.view.kind == OpKind::Send;
                if let Some(action) = action::of_op(tx.main, id)?.filter(|_| waits && !message) {
                    // A change of flags or place goes back to what it was before.
                    enqueue::undo(tx, Some(action), now)?;
                    return Ok(outbox::view(tx.main, id)?.map(|view| (view, None, true)));
                }
                let cancelled =
                    outbox::transition(tx, id, &[OpState::Queued, OpState::Parked], OpState::Cancelled, None, now)?;
                if !cancelled {
                    return Ok(Some((row.view, None, false)));
                }
                placement::restore(tx, id.0)?;
                lesson::forget_op(tx, id)?;
                unsubscribed::forget(tx, id)?;
                told_read::forget_op(tx, id)?;
                for item in outbox::items(tx.main, id)? {
                    match row.view.kind {
                        OpKind::Send => item::soft_delete(tx, item)?,
                        OpKind::Expunge => item::revive(tx, item)?,
                        OpKind::Flags
                        | OpKind::Move
                        | OpKind::Label
                        | OpKind::Draft
                        | OpKind::Tick
                        | OpKind::Rsvp
                        | OpKind::React => {}
                    }
                }
                if let (OpKind::Draft, Some(draft)) = (row.view.kind, row.draft)
                    && !draft::exists(tx.main, draft)?
                {
                    // What stays on the server is to be seen again.
                    draft_copy::forget(tx, draft, row.view.source)?;
                }
                let draft = match row.compose.take() {
                    Some(mut compose) => {
                        // The draft it was, so that what its server has of it belongs to it again.
                        compose.id = match row.draft {
                            Some(id) if !draft::exists(tx.main, id)? => Some(id),
                            _ => None,
                        };
                        compose.id = Some(draft::save(tx, &compose, now)?);
                        compose.saved_at = Some(now);
                        Some(compose)
                    }
                    None => None,
                };
                let here = draft.as_ref().and_then(|draft| draft.id);
                drafts::left_behind(tx, &row, row.view.reason.is_some(), here, now)?;
                Ok(outbox::view(tx.main, id)?.map(|view| (view, draft, true)))
            })
            .await?;
        match outcome {
            None => Err(no_op(id)),
            Some((view, draft, true)) => {
                self.wake_outbox(Some(view.source));
                Ok((view, draft))
            }
            Some((view, _, false)) => Err(ApiError::new(
                ErrorCode::Refused,
                match view.state {
                    OpState::Sending | OpState::Unknown => {
                        "This is being sent at this moment and can no longer be taken back."
                    }
                    OpState::Cancelled => "This was taken back already.",
                    _ => "This has been sent and can no longer be taken back.",
                },
            )),
        }
    }

    /// `outbox.retry`.
    pub(crate) async fn retry_op(&self, params: OpParams) -> Result<OpView, ApiError> {
        let (id, now) = (params.id, self.clock.now());
        let view = self
            .store
            .write(move |tx| {
                let waiting = [OpState::Parked, OpState::Queued];
                if outbox::transition(tx, id, &waiting, OpState::Queued, None, now)? {
                    outbox::postpone(tx, id, now)?;
                    // Whoever asks for it does not wait for others.
                    outbox::set_together(tx, id, false)?;
                }
                outbox::view(tx.main, id)
            })
            .await?
            .ok_or_else(|| no_op(id))?;
        if let Some(live) = self.registry.get(view.source) {
            live.outbox.notify_one();
        }
        Ok(view)
    }
}

/// A message that only has to be written down to be on its way.
pub(super) struct ReadyToSend {
    message: Compose,
    outgoing: Outgoing,
    pub(super) source: SourceView,
    answered: Option<ItemRow>,
    section: Option<ScopeId>,
    key: String,
    op: String,
    not_before: Timestamp,
    remind_at: Option<Timestamp>,
}

impl ReadyToSend {
    /// Queues it and puts it into its conversation, in the caller's transaction.
    pub(super) fn queue(self, tx: &WriteTx<'_>, now: Timestamp) -> Result<OpId, StoreError> {
        let Self { mut message, outgoing, source, answered, section, key, op, not_before, remind_at } = self;
        if let Some(item) = message.server.take() {
            // What another program began is ours before it goes.
            let id = draft::save(tx, &message, now)?;
            draft_copy::adopt(tx, id, item, message.server_version.take().as_deref())?;
            message.id = Some(id);
        }
        // From another account it is a conversation of its own there.
        let same = answered.as_ref().is_none_or(|row| row.source == source.id);
        let into = message.thread.filter(|_| same && message.mode != ComposeMode::Forward);
        let thread_title = match into {
            Some(thread) => thread::get(tx.main, thread)?.map(|row| row.title).unwrap_or_default(),
            None => String::new(),
        };
        let titled = source.kind == Kind::Mail || section.is_some();
        let title = if titled { outgoing.subject.clone() } else { thread_title.clone() };
        let mut record = compose::echo(&outgoing, &source, &key, answered.as_ref().filter(|_| into.is_some()), &title);
        if into.is_none() && source.capabilities.by_number {
            record.thread_key = outgoing.conversation.clone();
        }
        let new = NewOp {
            source: source.id,
            thread: into,
            kind: OpKind::Send,
            key: &key,
            title: &compose::title(&message, &thread_title),
            not_before,
            created_at: now,
            op: Some(&op),
            change: None,
            compose: Some(&message),
            remind_at,
            draft: message.id,
        };
        let id = outbox::insert(tx, &new, &[])?;
        // What a rule answers says nothing of the person.
        if let Some(thread) = into.filter(|_| outgoing.automatic.is_none()) {
            lesson::learn(tx, thread, LessonKind::Answered, Some(id), now)?;
        }
        let sent = match section {
            Some(section) => Some(section),
            None => scope::by_role(tx.main, source.id, ScopeRole::Sent)?.map(|row| row.id),
        };
        let (item, thread) = ingest::echo(tx, source.id, into, &record, id.0, sent)?;
        outbox::add_item(tx, id, item)?;
        outbox::set_thread(tx, id, thread)?;
        if let Some(draft) = message.id {
            // Its server keeps it until it is out.
            draft::discard(tx, draft)?;
            outbox::forget_draft(tx, draft)?;
        }
        Ok(id)
    }
}

pub(super) fn no_op(id: OpId) -> ApiError {
    ApiError::not_found(format!("The outbox entry {id}"))
}
