//! One address, through a submission server: what every mailbox does, without the mailbox.
//!
//! The mail is made from what was queued, and is the same at every attempt. It says that a machine wrote it
//! (RFC 3834), so that nobody's out-of-office answers it.

use inlet_model::{Auth, Automatic, CheckReport, ImapConfig, OpKey, Outgoing, Party, Result, SmtpConfig};
use secrecy::SecretString;

use super::{Message, lines};
use crate::imap::{compose, submit};

pub(super) async fn check(config: &SmtpConfig, secret: &SecretString) -> CheckReport {
    CheckReport { steps: submit::check(&server(config), secret).await, ..CheckReport::default() }
}

pub(super) async fn send(
    config: &SmtpConfig,
    secret: &SecretString,
    key: &OpKey,
    message: &Message<'_>,
) -> Result<String> {
    let outgoing = Outgoing {
        to: vec![Party { name: None, handle: config.to.clone() }],
        subject: message.told.title.clone(),
        text: lines(message),
        date: message.told.at,
        automatic: Some(Automatic { reply: false, passed: message.told.passed.clone() }),
        ..Outgoing::default()
    };
    let (_, domain) = config.from.rsplit_once('@').unwrap_or_default();
    let id = OpKey(format!("{}@{domain}", key.0));
    let server = server(config);
    let submission = compose::compose(&server, &id, &outgoing)?;
    submit::submit(&server, secret, &submission).await
}

/// The server as a mailbox names it.
fn server(config: &SmtpConfig) -> ImapConfig {
    ImapConfig {
        address: config.from.clone(),
        display_name: Some("Inlet".to_owned()),
        user: config.user.clone(),
        imap: config.server.clone(),
        smtp: Some(config.server.clone()),
        tls: config.tls,
        auth: Auth::Password,
        oauth: None,
        ca: config.ca.clone(),
    }
}
