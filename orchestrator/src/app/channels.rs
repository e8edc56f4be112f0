//! Channels that only send: connecting and testing one, telling something through it, and what became of that.
//!
//! A test really sends something, because a platform that would take a message cannot be told from one that
//! would not in any other way; what was tested stands in the log of the channel with the rest.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::STANDARD};
use inlet_model::{
    Account, AccountConfig, AccountId, Applied, Automatic, ChannelConfig, CheckReport, CheckStep, DynSource, Intent,
    OpKey, Outgoing, Receipt, SecretName, Secrets as _, SmtpConfig, SourceError, SourceId, Via,
};
use secrecy::SecretString;

use super::{App, accounts::merge, reporting::told};
use crate::{
    api::{
        ApiError, ErrorCode,
        types::{
            AccountView, ChannelEntry, ChannelLogParams, ChannelParams, CheckView, DeliveryState, MintedSecret,
            Nothing, OpDetail, OpState, OpView, SourceState, TellParams,
        },
    },
    logs,
    outbox::{
        attempt::unwell,
        enqueue::mint,
        telling::{self, Planned, Telling},
    },
    registry::Live,
    reports::Told,
    secrets::Passing,
    store::{self, StoreError, outbox, source::Health},
};

/// Entries of a log that are given at once, at the most.
const MOST: u32 = 200;

/// What a test came to.
struct Tried {
    report: CheckReport,
    /// What was sent, and how that ended; nothing when it did not come so far.
    sent: Option<(Planned, Result<Applied, SourceError>)>,
}

impl App {
    /// Tells something through a channel: once for a key, however often it is asked for. `None`: it is about
    /// something that a channel was told already.
    ///
    /// # Errors
    /// `not_found` when there is no such channel, `refused` when the account is something else or takes no such
    /// message.
    pub(crate) async fn forward(
        &self,
        channel: AccountId,
        key: &str,
        what: Telling,
    ) -> Result<Option<inlet_model::OpId>, ApiError> {
        let (live, planned) = self.plan_telling(channel, key, what)?;
        let now = self.clock.now();
        let id = self.store.write_durable(move |tx| telling::queue(tx, &planned, now)).await?;
        live.outbox.notify_one();
        Ok(id)
    }

    /// The operation something told becomes, for who queues it in a transaction of its own
    /// ([`telling::queue`]) and wakes the channel afterwards.
    ///
    /// # Errors
    /// As [`Self::forward`].
    pub(crate) fn plan_telling(
        &self,
        channel: AccountId,
        key: &str,
        what: Telling,
    ) -> Result<(Live, Planned), ApiError> {
        let (source, live) = self.channel(channel)?;
        let planned = plan(&*live.source, source, telling::outer_key(source, key), what, self.clock.now())?;
        Ok((live, planned))
    }

    /// Tells together what was to wait for each other, as soon as its time has come.
    pub(super) async fn tell_gathered(&self) -> Result<(), ApiError> {
        let now = self.clock.now();
        let mut due = self.store.read(move |reader| outbox::together(&reader.main, now)).await?.into_iter().peekable();
        while let Some(first) = due.next() {
            let source = first.source;
            let mut ops = vec![first];
            while let Some(next) = due.next_if(|next| next.source == source) {
                ops.push(next);
            }
            // A channel that rests goes on with it afterwards.
            let Some(live) = self.registry.get(source) else { continue };
            let ids: Vec<_> = ops.iter().map(|op| op.id).collect();
            let one = match ops.as_slice() {
                [first, _, ..] => {
                    Some(plan(&*live.source, source, telling::outer_key(source, &first.key), all(&ops), now)?)
                }
                _ => None,
            };
            self.store.write_durable(move |tx| telling::gather(tx, &ids, one.as_ref(), now)).await?;
            live.outbox.notify_one();
        }
        Ok(())
    }

    fn channel(&self, id: AccountId) -> Result<(SourceId, Live), ApiError> {
        let found = self.registry.of(Some(id)).into_iter().next();
        let (source, live) = found.ok_or_else(|| ApiError::not_found(format!("The channel {id}")))?;
        if !live.source.capabilities().send_only {
            return Err(not_a_channel());
        }
        Ok((source, live))
    }

    /// `channels.tell`.
    pub(crate) async fn tell(&self, params: TellParams) -> Result<OpView, ApiError> {
        let key = params.key.unwrap_or_else(mint);
        let what = Telling { title: params.title, text: params.text, link: params.link, ..Telling::default() };
        let id = self.forward(params.id, &key, what).await?;
        let id = id.ok_or_else(|| ApiError::new(ErrorCode::Refused, "This was told through a channel already."))?;
        let view = self.store.read(move |reader| outbox::view(&reader.main, id)).await?;
        view.ok_or_else(|| ApiError::not_found(format!("The outbox entry {id}")))
    }

    /// `channels.log`.
    pub(crate) async fn channel_log(&self, params: ChannelLogParams) -> Result<Vec<ChannelEntry>, ApiError> {
        let AccountConfig::Channel(config) = self.row(params.id).await?.account.config else {
            return Err(not_a_channel());
        };
        let (account, limit) = (params.id, params.limit.unwrap_or(20).clamp(1, MOST));
        let entries = self.store.read(move |reader| {
            let details = outbox::newest_of_account(&reader.main, account, limit)?;
            let entries = details.into_iter().map(|detail| {
                let reported = told(&reader.main, &detail.op, &config.via)?;
                Ok(entry(detail, &config.via, reported))
            });
            entries.collect()
        });
        Ok(entries.await?)
    }

    /// `channels.secret`.
    pub(crate) async fn mint_secret(&self, _: Nothing) -> Result<MintedSecret, ApiError> {
        let mut key = [0_u8; 32];
        getrandom::fill(&mut key)
            .map_err(|_| ApiError::new(ErrorCode::Failed, "This computer gives no random numbers; try again."))?;
        Ok(MintedSecret { secret: format!("whsec_{}", STANDARD.encode(key)) })
    }

    /// `accounts.test_channel`.
    pub(crate) async fn test_channel(&self, params: ChannelParams) -> Result<CheckView, ApiError> {
        let (config, secrets) = self.typed(&params).await?;
        let account = Account { id: AccountId(0), name: String::new(), config: AccountConfig::Channel(config) };
        let opened = (self.open)(&account, Arc::new(Passing::new(secrets)), self.queue(&account))?;
        let mut reports = Vec::new();
        for source in opened {
            reports.push(self.try_channel(&*source.into_dyn(), SourceId(0)).await?.report);
        }
        Ok(merge(reports))
    }

    /// `accounts.add_channel`.
    pub(crate) async fn add_channel(&self, params: ChannelParams) -> Result<AccountView, ApiError> {
        let (config, secrets) = self.typed(&params).await?;
        let name = params.name.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
        let Some(id) = params.id else {
            let name = name.unwrap_or_else(|| usual_name(&config.via));
            let id = self.insert(name, AccountConfig::Channel(config), secrets).await?;
            return self.reopen(id).await;
        };
        let known = self.row(id).await?.account;
        for (name, secret) in secrets {
            self.secrets.keep(id, name, secret).await?;
        }
        self.change_account(id, name.unwrap_or(known.name), AccountConfig::Channel(config)).await
    }

    /// `accounts.check` of a channel.
    pub(super) async fn check_channel(&self, source: SourceId, live: &Live) -> Result<CheckReport, ApiError> {
        let tried = self.try_channel(&*live.source, source).await?;
        let now = self.clock.now();
        let health = health(&tried);
        let Tried { report, sent } = tried;
        let well = health.state == SourceState::Live;
        self.store.write(move |tx| store::source::set_health(tx, source, &health, well.then_some(now))).await?;
        if let Some((planned, outcome)) = sent {
            self.store
                .write_durable(move |tx| {
                    let id = telling::insert(tx, &planned, now)?;
                    let (to, reason, word, detail) = match outcome {
                        Ok(applied) => (OpState::Done, None, "done", applied.detail),
                        Err(error) => {
                            (OpState::Cancelled, Some(error.to_string()), error.code(), Some(error.to_string()))
                        }
                    };
                    outbox::transition(tx, id, &[OpState::Queued], to, reason.as_deref(), now)?;
                    outbox::log(tx, id, now, word, detail.as_deref())?;
                    Ok::<_, StoreError>(())
                })
                .await?;
            // What waited for this to work goes now.
            live.outbox.notify_one();
        }
        Ok(report)
    }

    /// Looks at everything short of sending, then sends a few words.
    async fn try_channel(&self, source: &dyn DynSource, id: SourceId) -> Result<Tried, ApiError> {
        let mut report = source.check().await?;
        if !report.ok() {
            return Ok(Tried { report, sent: None });
        }
        let what = Telling {
            title: "Test from Inlet".to_owned(),
            text: "If you can read this, Inlet can write here.".to_owned(),
            ..Telling::default()
        };
        let planned = plan(source, id, telling::outer_key(id, &mint()), what, self.clock.now())?;
        let key = OpKey(planned.key.clone());
        let outcome = match source.prepare(&key, &planned.op).await {
            Ok(_) => source.apply(&key, &planned.op).await,
            Err(error) => Err(error),
        };
        let name = "Send a test message";
        report.steps.push(match &outcome {
            Ok(applied) => CheckStep::passed(name, applied.detail.clone().unwrap_or_default()),
            Err(error) => CheckStep::failed(name, error.to_string(), fix(error)),
        });
        Ok(Tried { report, sent: Some((planned, outcome)) })
    }

    /// The settings of a channel, and what it takes to send; a secret that was not given anew stays.
    async fn typed(
        &self,
        params: &ChannelParams,
    ) -> Result<(ChannelConfig, Vec<(SecretName, SecretString)>), ApiError> {
        // The secret of another account is nothing for the address that is typed here.
        if let Some(id) = params.id
            && !matches!(self.row(id).await?.account.config, AccountConfig::Channel(_))
        {
            return Err(not_a_channel());
        }
        let given = params.secret.as_deref().map(str::trim).filter(|secret| !secret.is_empty());
        let secret = match (given, params.id) {
            (Some(given), _) => Some(SecretString::from(given)),
            (None, Some(id)) => self.secrets.get(id, SecretName::Password)?,
            (None, None) => None,
        };
        let secret = secret.ok_or_else(|| {
            ApiError::invalid(match &params.config.via {
                Via::SlackWebhook => {
                    "Give the address of the webhook: it begins with https://hooks.slack.com/services/."
                }
                Via::Telegram { .. } => "Give the token of the bot, which @BotFather tells.",
                Via::Webhook { .. } => "Give a secret to sign with: whsec_ and 24 to 64 bytes in base64.",
                Via::Smtp(_) => "Give the password for the server.",
            })
        })?;
        Ok((tidy(params.config.clone())?, vec![(SecretName::Password, secret)]))
    }
}

/// How a channel is after a test: what the test says stands until something is sent.
fn health(tried: &Tried) -> Health {
    let state = match &tried.sent {
        Some((_, Ok(_))) => return Health { state: SourceState::Live, ..Health::default() },
        Some((_, Err(error))) => unwell(error).unwrap_or(SourceState::Failing),
        None => SourceState::Failing,
    };
    let message = tried.report.steps.iter().find(|step| !step.ok).map(|step| step.detail.clone());
    Health { state, message, failures: 1, ..Health::default() }
}

/// What was to wait for each other, in one message.
fn all(ops: &[OpView]) -> Telling {
    Telling {
        title: format!("{} messages", ops.len()),
        text: ops.iter().map(|op| format!("• {}", op.title)).collect::<Vec<_>>().join("\n"),
        ..Telling::default()
    }
}

fn not_a_channel() -> ApiError {
    ApiError::new(ErrorCode::Refused, "This account is not a channel that only sends.")
}

fn plan(
    source: &dyn DynSource,
    id: SourceId,
    key: String,
    what: Telling,
    now: inlet_model::Timestamp,
) -> Result<Planned, ApiError> {
    let outgoing = Outgoing {
        subject: what.title.clone(),
        text: what.text,
        link: what.link.filter(|link| !link.trim().is_empty()),
        automatic: Some(Automatic { reply: false, passed: what.passed }),
        date: now,
        ..Outgoing::default()
    };
    let op = source.plan(&OpKey(key.clone()), &Intent::Send(Box::new(outgoing)))?;
    let op = op.ok_or_else(|| ApiError::new(ErrorCode::Refused, "This channel takes no messages."))?;
    Ok(Planned { source: id, key, title: what.title, op, about: what.about, when: what.when })
}

/// Settings as they are kept.
///
/// # Errors
/// One sentence about what is wrong with them.
fn tidy(config: ChannelConfig) -> Result<ChannelConfig, ApiError> {
    let needed = |text: &str, sentence: &str| match text.trim() {
        "" => Err(ApiError::invalid(sentence)),
        text => Ok(text.to_owned()),
    };
    let address = |text: &str| {
        let text = text.trim();
        if text.contains('@') {
            Ok(text.to_owned())
        } else {
            Err(ApiError::invalid("Give whole mail addresses, such as name@example.org."))
        }
    };
    let via = match config.via {
        Via::SlackWebhook => Via::SlackWebhook,
        Via::Telegram { chat, api_root } => Via::Telegram {
            chat: needed(&chat, "Give the id of the chat, or @name of a public channel.")?,
            api_root: needed(&api_root, "Give the root of the Bot API, such as https://api.telegram.org.")?,
        },
        Via::Webhook { url } => {
            Via::Webhook { url: needed(&url, "Give the address to write to: it begins with https://.")? }
        }
        Via::Smtp(smtp) => Via::Smtp(SmtpConfig {
            from: address(&smtp.from)?,
            to: address(&smtp.to)?,
            user: smtp.user.map(|user| user.trim().to_owned()).filter(|user| !user.is_empty()),
            ..smtp
        }),
    };
    if config.per_minute.is_some_and(|most| !(1..=600).contains(&most)) {
        return Err(ApiError::invalid("A channel is given between 1 and 600 messages a minute; say another number."));
    }
    Ok(ChannelConfig { via, ..config })
}

fn usual_name(via: &Via) -> String {
    match via {
        Via::SlackWebhook => "Slack webhook".to_owned(),
        Via::Telegram { chat, .. } => format!("Telegram {chat}"),
        Via::Webhook { url } => {
            let host = url.split("://").nth(1).and_then(|rest| rest.split(['/', '?', '#']).next());
            host.filter(|host| !host.is_empty()).unwrap_or("Webhook").to_owned()
        }
        Via::Smtp(smtp) => smtp.to.clone(),
    }
}

fn fix(error: &SourceError) -> &'static str {
    match error {
        SourceError::AuthNeeded(_) => "Correct what it takes to send, and test again.",
        SourceError::Offline(_) => "Check the network connection.",
        SourceError::Throttled { .. } => "Wait a minute; the platform asks for patience.",
        SourceError::Unknown(_) => "Look there whether it has arrived.",
        SourceError::Transient(_) | SourceError::CursorExpired => "Try again in a few minutes.",
        SourceError::Permanent(_) => "Correct the settings, and test again.",
    }
}

fn entry(detail: OpDetail, via: &Via, told: Told) -> ChannelEntry {
    let op = detail.op;
    let reported = told.statuses.into_iter().next().filter(|_| op.state == OpState::Done && op.reason.is_none());
    let state = match op.state {
        OpState::Done if told.receipt == Receipt::Failed && reported.is_some() => DeliveryState::Failed,
        OpState::Done if told.receipt == Receipt::Read && reported.is_some() => DeliveryState::Read,
        OpState::Done if told.receipt == Receipt::Delivered && reported.is_some() => DeliveryState::Delivered,
        // Done and not sent by itself.
        OpState::Done if op.reason.is_some() => DeliveryState::Gathered,
        OpState::Done if via.confirms() => DeliveryState::Delivered,
        OpState::Done => DeliveryState::Sent,
        OpState::Queued | OpState::Sending | OpState::Unknown => DeliveryState::Queued,
        // A test that failed is over: nobody has to decide about it.
        OpState::Cancelled if op.reason.is_none() => DeliveryState::Cancelled,
        OpState::Parked | OpState::Cancelled => DeliveryState::Failed,
    };
    ChannelEntry {
        op: op.id,
        key: logs::mask(&op.key),
        title: op.title,
        at: op.created_at,
        next_try: (op.state == OpState::Queued && op.attempts > 0).then_some(op.not_before),
        state,
        reason: op.reason.or_else(|| reported.and_then(|status| status.reason)),
        deliveries: detail.deliveries,
    }
}
