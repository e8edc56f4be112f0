//! Lists, threads, items, attachments: everything that only looks.

use std::collections::HashMap;

use base64::{Engine, engine::general_purpose::STANDARD};
use inlet_model::{Cursor, ItemId, Kind, Receipt, RecordPage, SourceId};

use super::{App, blocking, meetings::said, reporting::asked};
use crate::{
    api::{
        ApiError,
        types::{
            AttachmentView, HtmlParams, HtmlView, InvitationView, ItemParams, ItemView, KeptKind, LinkParams,
            LinkVerdict, ScopeView, ScopesParams, ThreadParams, ThreadView, Unsubscribe, UnsubscribeWay,
        },
    },
    compose::is_address,
    files,
    html::{self, RenderOptions},
    invitation,
    sender::{self, SenderBadge, SenderVerdict},
    store::{
        Reader, Result as StoreResult,
        attachment::{self, AttachmentRow},
        body, draft_copy,
        ingest::{self, PackedPage},
        item::{self, ItemRow},
        kept, meeting, outbox, placement, report, scope, source, thread, unsubscribed,
    },
    unsubscribe::{self, Way},
};

/// Items of a thread that are sent along when nobody says how many.
const ITEMS: u32 = 100;
/// The largest image shown inside a mail.
const LARGEST_IMAGE: u64 = 8 << 20;

impl App {
    /// `thread.get`.
    pub(crate) async fn get_thread(&self, params: ThreadParams) -> Result<ThreadView, ApiError> {
        self.store
            .read(move |reader| {
                let hosts = source::provider_hosts(&reader.main)?;
                let Some(row) = thread::get(&reader.main, params.id)? else { return Ok(None) };
                let before = match params.before {
                    Some(id) => item::get(&reader.main, id)?.map(|row| (row.at, row.id)),
                    None => None,
                };
                let limit = params.limit.unwrap_or(ITEMS).clamp(1, 500);
                let drafts = draft_copy::of_thread(&reader.main, params.id)?;
                let mut rows = item::of_thread(&reader.main, params.id, before, limit + 1)?;
                let more = rows.len() > limit as usize;
                rows.truncate(limit as usize);
                rows.reverse();
                let mut known: HashMap<String, ItemId> = rows
                    .iter()
                    .flat_map(|row| {
                        row.message_id.iter().chain(std::iter::once(&row.stable_id)).map(|id| (id.clone(), row.id))
                    })
                    .collect();
                // A chat message may answer one that is further up than this page.
                for chat in rows.iter().filter(|row| row.kind == Kind::Chat) {
                    let Some(answered) = chat.references.last().filter(|id| !known.contains_key(*id)) else { continue };
                    let found = item::by_stable_id(&reader.main, chat.source, answered)?;
                    if let Some(found) = found.filter(|found| !found.deleted && found.thread == params.id) {
                        known.insert(answered.clone(), found.id);
                    }
                }
                let items =
                    rows.into_iter().map(|row| view(reader, row, &known, &hosts)).collect::<StoreResult<Vec<_>>>()?;
                let scopes = scope::of_thread(&reader.main, params.id)?;
                let older = Self::has_older(reader, row.source, params.id)?;
                let reply_window = item::reply_window(&reader.main, row.source, params.id)?;
                Ok(Some(ThreadView { thread: row, items, more, older, scopes, drafts, reply_window }))
            })
            .await?
            .ok_or_else(|| ApiError::not_found(format!("The conversation {}", params.id)))
    }

    /// `item.get`.
    pub(crate) async fn get_item(&self, params: ItemParams) -> Result<ItemView, ApiError> {
        self.store
            .read(move |reader| {
                let hosts = source::provider_hosts(&reader.main)?;
                item::get(&reader.main, params.id)?.map(|row| view(reader, row, &HashMap::new(), &hosts)).transpose()
            })
            .await?
            .ok_or_else(|| ApiError::not_found(format!("The item {}", params.id)))
    }

    /// `item.complete`.
    pub(crate) async fn complete_item(&self, params: ItemParams) -> Result<ItemView, ApiError> {
        /// It may change while it is fetched, and somebody waits.
        const TIMES: u32 = 3;
        for _ in 0..TIMES {
            let (row, _) = self.item_with_body(params.id).await?;
            if !(row.extra.note.pending || row.extra.mail.unasked) || self.fetch_rest(&row).await? {
                break;
            }
        }
        self.get_item(params).await
    }

    /// Fetches what of an item was left out so far: somebody looks at it. False when a sync has brought something newer
    /// than what was asked for meanwhile, and that stands.
    pub(super) async fn fetch_rest(&self, row: &ItemRow) -> Result<bool, ApiError> {
        let id = row.id;
        let (scope, remote_id) = self
            .store
            .read(move |reader| placement::any_remote(&reader.main, id))
            .await?
            .ok_or_else(|| ApiError::not_found(format!("The item {id}")))?;
        let at = self.clock.now();
        let found = self.live(row.source)?.source.complete(&scope, &remote_id).await?;
        let mut page = RecordPage::empty(Cursor::default());
        match found {
            Some(record) => page.upserts.push(record),
            None => page.removed.push(remote_id),
        }
        let packed = blocking(move || PackedPage::pack(page)).await??;
        let (source, known) = (row.source, row.text_rev);
        let written = self.store.write(move |tx| {
            let same = item::get(tx.main, id)?.is_some_and(|now| now.text_rev == known);
            if let Some(scope) = scope::by_remote(tx.main, source, &scope)?.filter(|_| same) {
                ingest::items(tx, source, scope, &packed, at)?;
            }
            Ok(same)
        });
        Ok(written.await?)
    }

    /// `item.html`.
    pub(crate) async fn item_html(&self, params: HtmlParams) -> Result<HtmlView, ApiError> {
        let (row, body) = self.item_with_body(params.id).await?;
        let source =
            body.html().ok_or_else(|| ApiError::not_found(format!("An HTML form of the item {}", params.id)))?;
        let inline = self.inline_images(&row, &body).await?;
        let ticks: Vec<bool> = row.extra.note.todos.iter().map(|todo| todo.done).collect();
        let (sender, agreed) = self.images_sender(row).await?;
        let wanted = (params.remote_images || agreed) && !self.never_remote();
        let words = params.words;
        let (first, source, inline) = render(source, inline, HashMap::new(), ticks.clone(), words.clone()).await?;
        let rendered = if wanted && !first.remote_images.is_empty() {
            let images = self.fetch_images(&first.remote_images).await;
            render(source, inline, images, ticks, words.clone()).await?.0
        } else {
            first
        };
        Ok(HtmlView {
            document: html::document(&rendered, params.theme, params.contrast, &words),
            blocked_images: u32::try_from(rendered.remote_images.len()).unwrap_or(u32::MAX),
            trackers: u32::try_from(rendered.trackers.len()).unwrap_or(u32::MAX),
            images_sender: sender.filter(|_| !agreed),
        })
    }

    /// The address a consent to remote images is kept by, and whether it is given. A mail that may
    /// not be from its sender has none: the consent was not meant for whoever wrote it.
    async fn images_sender(&self, row: ItemRow) -> Result<(Option<String>, bool), ApiError> {
        let found = self.store.read(move |reader| {
            let hosts = source::provider_hosts(&reader.main)?;
            let confirmed = verdict_of(&row, &hosts).is_some_and(|verdict| verdict.badge != SenderBadge::Failed);
            let address = row.from.filter(|_| confirmed).map(|from| from.handle.to_lowercase());
            let address = address.filter(|address| is_address(address));
            let agreed = match &address {
                Some(address) => kept::named(&reader.main, KeptKind::Images, address)?.is_some(),
                None => false,
            };
            Ok((address, agreed))
        });
        Ok(found.await?)
    }

    async fn fetch_images(&self, urls: &[String]) -> HashMap<String, String> {
        use futures::StreamExt;
        const AT_ONCE: usize = 6;
        let Some(fetch) = &self.fetch_image else { return HashMap::new() };
        futures::stream::iter(urls.iter().cloned())
            .map(|url| async move {
                let image = fetch(url.clone()).await.ok()?;
                Some((url, image))
            })
            .buffer_unordered(AT_ONCE)
            .filter_map(|found| async { found })
            .collect()
            .await
    }

    /// The images a mail carries for its own body, by Content-ID.
    pub(super) async fn inline_images(
        &self,
        row: &ItemRow,
        body: &body::Body,
    ) -> Result<HashMap<String, String>, ApiError> {
        let id = row.id;
        let parts = self.store.read(move |reader| attachment::of_item(&reader.main, id)).await?;
        let mut images = HashMap::new();
        for part in parts {
            let Some(content_id) = part.info.content_id.clone() else { continue };
            let raster = matches!(part.info.mime.as_str(), "image/png" | "image/jpeg" | "image/gif" | "image/webp");
            if !raster || part.info.size > LARGEST_IMAGE {
                continue;
            }
            let bytes = match body.raw.as_deref().and_then(|raw| crate::mime::cid(raw, &content_id)) {
                Some(part) => Some(part.bytes),
                None => self.local_bytes(&part).await,
            };
            if let Some(bytes) = bytes {
                images.insert(content_id, format!("data:{};base64,{}", part.info.mime, STANDARD.encode(bytes)));
            }
        }
        Ok(images)
    }

    /// `link.inspect`.
    pub(crate) async fn inspect_link(&self, params: LinkParams) -> Result<LinkVerdict, ApiError> {
        Ok(html::inspect(&params.href, &params.text))
    }

    /// `scopes.list`.
    pub(crate) async fn list_scopes(&self, params: ScopesParams) -> Result<Vec<ScopeView>, ApiError> {
        Ok(self.store.read(move |reader| scope::views(&reader.main, params.source)).await?)
    }

    pub(super) async fn item_with_body(&self, id: ItemId) -> Result<(ItemRow, body::Body), ApiError> {
        self.store
            .read(move |reader| {
                let Some(row) = item::get(&reader.main, id)? else { return Ok(None) };
                let body = body::get(&reader.bodies, row.body)?;
                Ok(Some((row, body)))
            })
            .await?
            .ok_or_else(|| ApiError::not_found(format!("The item {id}")))
    }
}

async fn render(
    source: String,
    inline: HashMap<String, String>,
    images: HashMap<String, String>,
    ticks: Vec<bool>,
    words: html::FrameWords,
) -> Result<(html::Rendered, String, HashMap<String, String>), ApiError> {
    blocking(move || {
        let rendered = {
            let find = |content_id: &str| inline.get(content_id).cloned();
            html::render(&source, &RenderOptions { inline: &find, images, ticks, fold: true, words })
        };
        (rendered, source, inline)
    })
    .await
}

fn view(
    reader: &Reader,
    row: ItemRow,
    known: &HashMap<String, ItemId>,
    hosts: &HashMap<SourceId, Vec<String>>,
) -> StoreResult<ItemView> {
    let text = body::text(&reader.bodies, row.body)?;
    let attachments = attachment::of_item(&reader.main, row.id)?;
    let op = match row.op {
        Some(op) => outbox::view(&reader.main, inlet_model::OpId(op))?,
        None => None,
    };
    let mail = &row.extra.mail;
    let verdict = verdict_of(&row, hosts);
    let leaving = unsubscribe_of(reader, &row)?;
    let invitation = invitation_of(reader, &row, hosts)?;
    let told = report::of_item(&reader.main, &row)?;
    let again = match (told.receipt, &row.message_id) {
        (Receipt::Failed, Some(key)) => outbox::sent_with_key(&reader.main, row.source, key)?,
        _ => None,
    };
    Ok(ItemView {
        id: row.id,
        thread: row.thread,
        kind: row.kind,
        at: row.at,
        blocks: html::plain(&text),
        text,
        has_html: row.has_html,
        attachments: attachments.into_iter().map(attachment_view).collect(),
        flags: row.flags,
        from_me: row.from_me,
        reply_to: row.references.iter().rev().find_map(|id| known.get(id).copied()).filter(|id| *id != row.id),
        edited: row.edited,
        retracted: row.retracted,
        event: row.extra.event,
        receipt: row.receipt.max(told.receipt),
        delivery: told.statuses,
        again,
        read_request: asked(&reader.main, &row, hosts)?,
        note: mail.note.clone(),
        list: mail.list_id.clone(),
        unsubscribe: leaving,
        page: (row.kind == Kind::Note).then_some(row.extra.note),
        size: row.size,
        sender: verdict,
        op,
        invitation,
        unasked: row.extra.mail.unasked,
        from: row.from,
        to: row.people.to,
        cc: row.people.cc,
        subject: row.title,
        message_id: row.message_id,
        reactions: row.extra.reactions,
    })
}

/// Whether a mail of somebody else comes from whom it says.
fn verdict_of(row: &ItemRow, hosts: &HashMap<SourceId, Vec<String>>) -> Option<SenderVerdict> {
    let mail = &row.extra.mail;
    row.from.as_ref().filter(|_| row.kind == Kind::Mail && !row.from_me).map(|from| {
        let trusted = hosts.get(&row.source).map(Vec::as_slice).unwrap_or_default();
        sender::verdict(from, &mail.reply_to, mail.authentication_results.as_deref(), trusted)
    })
}

/// A mail may change what its sender has told before: nobody found out that somebody else wrote it.
pub(super) fn is_believed(row: &ItemRow, hosts: &HashMap<SourceId, Vec<String>>) -> bool {
    verdict_of(row, hosts).is_none_or(|verdict| verdict.badge != SenderBadge::Failed)
}

/// The meeting a mail is about, with what other mails say of it.
fn invitation_of(
    reader: &Reader,
    row: &ItemRow,
    hosts: &HashMap<SourceId, Vec<String>>,
) -> StoreResult<Option<InvitationView>> {
    let Some(about) = invitation::read(&row.extra.mail) else { return Ok(None) };
    let mut rows = match about.uid() {
        Some(uid) => meeting::mails(&reader.main, row.source, uid)?,
        None => Vec::new(),
    };
    // Of very many this one may be left out, and a draft or what was deleted is.
    if !rows.iter().any(|other| other.id == row.id) {
        rows.push(row.clone());
        rows.sort_by_key(|other| (other.at, other.id));
    }
    let me = source::identity(&reader.main, row.source)?;
    let able = source::capabilities(&reader.main, row.source)?.rsvp;
    let all = said(rows, hosts);
    let at = all.iter().position(|said| said.row.id == row.id);
    Ok(at.and_then(|at| invitation::view(&all, at, invitation::Mine { me: me.as_deref(), able })))
}

/// The best way off the list a mail came through.
fn unsubscribe_of(reader: &Reader, row: &ItemRow) -> StoreResult<Option<Unsubscribe>> {
    let mail = &row.extra.mail;
    let Some(header) = mail.list_unsubscribe.as_deref().filter(|_| !row.from_me) else { return Ok(None) };
    let Some(best) = unsubscribe::ways(header, mail.one_click_unsubscribe).into_iter().next() else { return Ok(None) };
    let asked = unsubscribed::asked(&reader.main, row.source, &unsubscribed::list_of(row))?;
    let way = match best {
        Way::OneClick(_) => UnsubscribeWay::OneClick,
        Way::Mail { .. } => UnsubscribeWay::Mail,
        Way::Link(_) => UnsubscribeWay::Link,
    };
    let (asked_at, pending) = asked.map_or((None, false), |(at, pending)| (Some(at), pending));
    Ok(Some(Unsubscribe { way, whom: best.whom(), asked_at, pending }))
}

pub(super) fn attachment_view(row: AttachmentRow) -> AttachmentView {
    AttachmentView {
        id: row.id,
        name: files::safe_name(&row.info.name),
        executable: files::is_executable(&row.info.name, &row.info.mime),
        mime: row.info.mime,
        size: row.info.size,
        inline: row.info.inline,
        local: row.hash.is_some(),
        link: row.info.link,
    }
}
