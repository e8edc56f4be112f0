//! Signing in, certificates, and servers that are not there.

use std::time::Duration;

use inlet_model::{Auth, CheckStep, Endpoint, ImapConfig, ScopeRole, SourceError, Tls};
use inlet_testkit::{CertKind, Dovecot, DovecotOptions};

use super::{LIMIT, USER, rung, scope, source, source_with};

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_works_over_tls_starttls_and_with_a_token() {
    let server = rung(None).await;
    let implicit = server.config(USER);
    let plain = Endpoint { host: "localhost".into(), port: server.port };
    let starttls = ImapConfig { tls: Tls::Starttls, imap: plain, ..implicit.clone() };
    for (config, secret) in [
        (implicit.clone(), "secret"),
        (starttls, "secret"),
        (ImapConfig { auth: Auth::Xoauth2, ..implicit }, "token-of-anna"),
    ] {
        let source = source_with(config, Some(secret));
        assert_eq!(scope(&source, ScopeRole::Inbox).await.remote, "INBOX");
        let report = source.check().await.unwrap();
        assert!(report.ok(), "{report:?}");
        assert_eq!(report.identity.as_deref(), Some(USER));
    }
}

fn first_failure(steps: &[CheckStep]) -> &CheckStep {
    let failed = steps.iter().position(|step| !step.ok).expect("a step that failed");
    assert_eq!(failed + 1, steps.len(), "the report ends with the first failure");
    &steps[failed]
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_credentials_are_named_and_nothing_else_is() {
    let server = rung(None).await;
    let config = server.config(USER);
    let token = ImapConfig { auth: Auth::Xoauth2, ..config.clone() };
    for (config, secret) in [(config.clone(), Some("wrong")), (token, Some("stale")), (config, None)] {
        let source = source_with(config, secret);
        let error = inlet_testkit::timeout(LIMIT, source.scopes()).await.unwrap_err();
        assert!(matches!(error, SourceError::AuthNeeded(_)), "{error:?}");
        assert!(!error.to_string().contains(USER) && !error.to_string().contains("wrong"));
        let report = source.check().await.unwrap();
        assert_eq!(first_failure(&report.steps).name, "Sign in to read");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_certificates_are_refused_with_their_reason() {
    for (kind, word) in
        [(CertKind::Expired, "expired"), (CertKind::WrongHost, "another name"), (CertKind::UnknownAuthority, "--ca")]
    {
        let server = Dovecot::start(DovecotOptions { certificate: kind, ..DovecotOptions::default() }).await;
        let implicit = server.config(USER);
        let plain = Endpoint { host: "localhost".into(), port: server.port };
        let starttls = ImapConfig { tls: Tls::Starttls, imap: plain, ..implicit.clone() };
        for config in [implicit, starttls] {
            let source = source(config);
            let error = source.scopes().await.unwrap_err();
            let SourceError::Permanent(text) = &error else { panic!("{word}: {error:?}") };
            assert!(text.contains(word), "{text}");
            let report = source.check().await.unwrap();
            assert!(first_failure(&report.steps).name.starts_with("Secure the connection"));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_not_there_is_not_there_for_now() {
    let server = rung(None).await;
    let nowhere = Endpoint { host: "127.0.0.1".into(), port: 1 };
    let config = ImapConfig { imap: nowhere, ..server.plain_config(USER) };
    let error = source(config.clone()).scopes().await.unwrap_err();
    assert!(matches!(error, SourceError::Transient(_)), "{error:?}");
    let report = source(config).check().await.unwrap();
    assert_eq!(first_failure(&report.steps).name, "Connect to 127.0.0.1:1");

    let no_name = Endpoint { host: "no-such-host.invalid".into(), port: 993 };
    let config = ImapConfig { imap: no_name, ..server.config(USER) };
    let error = source(config).scopes().await.unwrap_err();
    assert!(matches!(error, SourceError::Transient(_) | SourceError::Offline(_)), "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_connections_stay_on_this_computer() {
    let server = rung(None).await;
    let config = ImapConfig { imap: Endpoint { host: "192.0.2.1".into(), port: 143 }, ..server.plain_config(USER) };
    let scopes = tokio::time::timeout(Duration::from_millis(300), source(config).scopes()).await;
    // Without a route it is refused at once, with one the packets are lost: nothing is ever signed in.
    assert!(!matches!(scopes, Ok(Ok(_))));
}
