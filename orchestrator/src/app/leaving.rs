//! Getting off a mailing list, by the best way the mail offers.

use inlet_model::{AccountConfig, Party};

use super::App;
use crate::{
    api::{
        ApiError, ErrorCode,
        types::{Compose, ItemParams, SendParams, UnsubscribeWay, Unsubscribed},
    },
    store::{
        account,
        item::{self, ItemRow},
        source, unsubscribed,
    },
    unsubscribe::{self, Way},
};

impl App {
    /// `unsubscribe`.
    pub(crate) async fn unsubscribe(&self, params: ItemParams) -> Result<Unsubscribed, ApiError> {
        let id = params.id;
        let found = self
            .store
            .read(move |reader| {
                let Some(row) = item::get(&reader.main, id)? else { return Ok(None) };
                let sources = source::all(&reader.main)?;
                let account = sources.into_iter().find(|source| source.id == row.source).map(|source| source.account);
                let account = account.map(|id| account::get(&reader.main, id)).transpose()?.flatten();
                let demo = account.is_some_and(|row| matches!(row.account.config, AccountConfig::Demo(_)));
                Ok(Some((row, demo)))
            })
            .await?;
        let (row, demo) = found.ok_or_else(|| ApiError::not_found(format!("The item {id}")))?;
        let mail = &row.extra.mail;
        let ways = unsubscribe::ways(mail.list_unsubscribe.as_deref().unwrap_or_default(), mail.one_click_unsubscribe);
        let mut refusal =
            ApiError::new(ErrorCode::Refused, "This mail names no way off its list; mark it as junk instead.");
        for way in ways {
            match self.take(&row, &way, demo).await {
                Ok(taken) => return Ok(taken),
                // No network is no word of the list: it is not a reason to try another way.
                Err(error) if error.code == ErrorCode::Offline => return Err(error),
                Err(error) => refusal = error,
            }
        }
        // The page that a list offers to programs is one for people as well.
        let header = row.extra.mail.list_unsubscribe.as_deref().unwrap_or_default();
        match unsubscribe::ways(header, false).into_iter().find(|way| matches!(way, Way::Link(_))) {
            Some(way) => self.take(&row, &way, demo).await,
            None => Err(refusal),
        }
    }

    async fn take(&self, row: &ItemRow, way: &Way, demo: bool) -> Result<Unsubscribed, ApiError> {
        let taken = |way_taken, url: Option<String>, op| Unsubscribed { way: way_taken, whom: way.whom(), url, op };
        match way {
            // Nothing leaves the demo world.
            Way::OneClick(_) if demo => {
                self.remember(row).await?;
                Ok(taken(UnsubscribeWay::OneClick, None, None))
            }
            Way::OneClick(url) => {
                let post = self.post_unsubscribe.clone().ok_or_else(|| {
                    ApiError::new(ErrorCode::Refused, "This host makes no requests to the web; open the list's page.")
                })?;
                post(url.to_string()).await?;
                self.remember(row).await?;
                Ok(taken(UnsubscribeWay::OneClick, None, None))
            }
            Way::Mail { to, subject, text } => {
                let message = Compose {
                    source: Some(row.source),
                    to: vec![Party { name: None, handle: to.clone() }],
                    subject: subject.clone(),
                    text: text.clone(),
                    ..Compose::default()
                };
                let (source, thread, list, now) =
                    (row.source, row.thread, unsubscribed::list_of(row), self.clock.now());
                let params = SendParams { message, undo_seconds: None, at: None, remind_at: None };
                // Asked as long as the mail that asks stands, and no longer.
                let op = self
                    .send_and(params, move |tx, op| {
                        unsubscribed::remember(tx, source, &list, Some(op), now)?;
                        tx.touch(thread);
                        Ok(())
                    })
                    .await?;
                Ok(taken(UnsubscribeWay::Mail, None, Some(op.id)))
            }
            // What becomes of it there is not known here.
            Way::Link(url) => Ok(taken(UnsubscribeWay::Link, Some(url.to_string()), None)),
        }
    }

    /// The list has said that it heard it.
    async fn remember(&self, row: &ItemRow) -> Result<(), ApiError> {
        let (source, thread, list, now) = (row.source, row.thread, unsubscribed::list_of(row), self.clock.now());
        self.store
            .write(move |tx| {
                unsubscribed::remember(tx, source, &list, None, now)?;
                tx.touch(thread);
                Ok(())
            })
            .await?;
        Ok(())
    }
}
