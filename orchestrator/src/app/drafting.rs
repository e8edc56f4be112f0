//! Drafts: saved here, followed on their servers, and gone on with where another program began them.

use std::time::Duration;

use inlet_model::{DraftId, ItemId, Kind};

use super::App;
use crate::{
    api::{
        ApiError, ErrorCode,
        types::{
            AttachmentParams, Compose, ComposeAttachment, ComposeMode, DraftParams, DraftRow, DraftStanding,
            ItemParams, Nothing,
        },
    },
    compose, html,
    outbox::drafts,
    store::{
        Result as StoreResult, WriteTx, attachment, draft, draft_copy,
        item::{self, ItemRow},
        source,
    },
    sync, text,
};

/// A draft is saved on its server when nothing was written in it for so long.
const REST: Duration = Duration::from_secs(5);

impl App {
    /// `draft.save`.
    pub(crate) async fn save_draft(&self, compose: Compose) -> Result<Compose, ApiError> {
        let now = self.clock.now();
        let (source, follows, due) = (compose.source, self.follows_drafts(), sync::after(&self.clock, REST));
        let saved = self
            .store
            .write(move |tx| {
                let id = draft::save(tx, &compose, now)?;
                if let Some(item) = compose.server {
                    draft_copy::adopt(tx, id, item, compose.server_version.as_deref())?;
                }
                if follows {
                    follow(tx, id, &compose, due, now)?;
                }
                let elsewhere = draft::is_elsewhere(tx.main, id)?;
                Ok(Compose {
                    id: Some(id),
                    saved_at: Some(now),
                    server: None,
                    server_version: None,
                    elsewhere,
                    ..compose
                })
            })
            .await?;
        self.wake_outbox(source);
        Ok(saved)
    }

    fn follows_drafts(&self) -> bool {
        self.config.lock().is_on("compose.sync_drafts")
    }

    /// What was queued is due at a time of its own.
    pub(super) fn wake_outbox(&self, source: Option<inlet_model::SourceId>) {
        for (id, live) in self.registry.of(None) {
            if source.is_none_or(|source| source == id) {
                live.outbox.notify_one();
            }
        }
    }

    /// `draft.list`.
    pub(crate) async fn list_drafts(&self, _: Nothing) -> Result<Vec<Compose>, ApiError> {
        Ok(self.store.read(|reader| draft::all(&reader.main)).await?)
    }

    /// `draft.elsewhere`.
    pub(crate) async fn list_drafts_elsewhere(&self, _: Nothing) -> Result<Vec<DraftRow>, ApiError> {
        Ok(self.store.read(|reader| draft_copy::elsewhere(&reader.main)).await?)
    }

    /// `draft.standing`.
    pub(crate) async fn draft_standing(&self, params: DraftParams) -> Result<DraftStanding, ApiError> {
        Ok(self
            .store
            .read(move |reader| {
                let conn = &reader.main;
                let none = DraftStanding { elsewhere: false, newer: None };
                let Some(message) = draft::even_gone(conn, params.id)?.filter(|message| message.elsewhere) else {
                    return Ok(none);
                };
                let base = text::base_subject(&message.subject).text;
                let same = |other: &DraftRow| {
                    Some(other.source) == message.source
                        && (Some(other.thread) == message.thread || text::base_subject(&other.subject).text == base)
                };
                let newer = draft_copy::elsewhere(conn)?.into_iter().find(same).map(|other| other.item);
                Ok(DraftStanding { elsewhere: true, newer })
            })
            .await?)
    }

    /// `draft.discard`.
    pub(crate) async fn discard_draft(&self, params: DraftParams) -> Result<Nothing, ApiError> {
        let (id, now, due) = (params.id, self.clock.now(), sync::after(&self.clock, REST));
        self.store
            .write(move |tx| {
                let title = draft::get(tx.main, id)?.map(|message| compose::title(&message, "")).unwrap_or_default();
                draft::discard(tx, id)?;
                drafts::follow(tx, id, None, &title, due, now)
            })
            .await?;
        self.wake_outbox(None);
        Ok(Nothing {})
    }

    /// `draft.open`.
    pub(crate) async fn open_draft(&self, params: ItemParams) -> Result<Compose, ApiError> {
        let id = params.id;
        let ours = self
            .store
            .read(move |reader| match draft_copy::draft_of(&reader.main, id)? {
                Some(draft) => draft::get(&reader.main, draft),
                None => Ok(None),
            })
            .await?;
        if let Some(draft) = ours {
            return Ok(draft);
        }
        let (mut row, mut body) = self.item_with_body(id).await?;
        if row.extra.mail.unasked {
            match self.complete_item(ItemParams { id }).await {
                Ok(_) => (row, body) = self.item_with_body(id).await?,
                // It was sent or thrown away by another program.
                Err(error) if error.code == ErrorCode::NotFound => return Err(error),
                // It is opened as it is here, and what is written from here on stands beside it.
                Err(error) => tracing::warn!(code = ?error.code, "what a draft says now could not be asked for"),
            }
        }
        if row.kind != Kind::Mail || !row.flags.draft {
            return Err(ApiError::invalid("This is not a draft; answer or forward it instead."));
        }
        let attachments = self.files_of_draft(id).await?;
        let (text, answered) = self
            .store
            .read({
                let row = row.clone();
                move |reader| {
                    Ok((crate::store::body::text(&reader.bodies, row.body)?, answered_by(&reader.main, &row)?))
                }
            })
            .await?;
        let has = |id: &str| attachments.iter().any(|file| file.content_id.as_deref() == Some(id));
        let html =
            body.html().map(|html| html::sendable(&html, &has)).filter(|clean| !clean.cut).map(|clean| clean.html);
        Ok(Compose {
            mode: if answered.is_some() { ComposeMode::Reply } else { ComposeMode::New },
            source: Some(row.source),
            thread: answered.is_some().then_some(row.thread),
            item: answered,
            to: row.people.to,
            cc: row.people.cc,
            bcc: row.people.bcc,
            subject: row.title,
            text: text.trim_end().to_owned(),
            html,
            attachments,
            saved_at: Some(row.at),
            server: Some(id),
            server_version: row.extra.mail.version,
            ..Compose::default()
        })
    }

    /// The files of a draft, as they go along with the message.
    async fn files_of_draft(&self, id: ItemId) -> Result<Vec<ComposeAttachment>, ApiError> {
        let parts = self.store.read(move |reader| attachment::of_item(&reader.main, id)).await?;
        let mut files = Vec::with_capacity(parts.len());
        for part in parts {
            let data = self.attachment_data(AttachmentParams { id: part.id, folder: None }).await?;
            files.push(ComposeAttachment {
                name: data.name,
                mime: data.mime,
                base64: data.base64,
                content_id: part.info.content_id.filter(|_| part.info.inline),
                held: None,
            });
        }
        Ok(files)
    }
}

/// Queues a saved draft for the server of its account, where that keeps drafts.
fn follow(
    tx: &WriteTx<'_>,
    id: DraftId,
    compose: &Compose,
    due: inlet_model::Timestamp,
    now: inlet_model::Timestamp,
) -> StoreResult<()> {
    let wanted = match compose.source {
        Some(source) if source::capabilities(tx.main, source)?.drafts => Some(source),
        _ => None,
    };
    drafts::follow(tx, id, wanted, &compose::title(compose, ""), due, now)
}

/// The item a draft answers, where it is here.
fn answered_by(conn: &rusqlite::Connection, row: &ItemRow) -> StoreResult<Option<ItemId>> {
    match row.references.last() {
        Some(parent) => item::by_message_id(conn, row.source, row.thread, parent),
        None => Ok(None),
    }
}
