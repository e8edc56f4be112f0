//! What goes wrong while reading.

use std::time::Duration;

use inlet_model::SourceError;
use inlet_testkit::graph::{Fault, Resource, Said};

use super::{Held, TOKEN, Tenant, ben, scope};

#[tokio::test]
async fn throttling_keeps_what_was_said_and_doubles_what_was_not() {
    let Some(tenant) = Tenant::start("teams_throttled") else { return };
    let chat = tenant.chat(3);
    let source = tenant.source();
    let scope = scope(&source, &chat).await;
    let mut held = Held::default();
    for (fault, seconds) in
        [(Fault::throttled().retry_after(7), 7..=7), (Fault::throttled().retry_after_date(120), 115..=120)]
    {
        tenant.fake.fail(fault.on(Resource::Teams));
        let Err(SourceError::Throttled { retry_after }) = held.drain(&source, &scope).await else { panic!("too fast") };
        assert!(seconds.contains(&retry_after.as_secs()), "{retry_after:?}");
    }
    held.drain(&source, &scope).await.unwrap();
    assert_eq!(held.messages.len(), 3);
    let mut waits = Vec::new();
    tenant.fake.fail(Fault::throttled().on(Resource::Teams).always());
    for _ in 0..1000 {
        let Err(SourceError::Throttled { retry_after }) = held.drain(&source, &scope).await else { panic!("too fast") };
        waits.push(retry_after);
    }
    assert!(waits[0] >= Duration::from_secs(5) && waits[4] > waits[0], "{:?}", &waits[..5]);
    assert!(waits.iter().all(|wait| *wait <= Duration::from_secs(600)));
    tenant.fake.heal();
    tenant.fake.teams().say(&chat, Said::text("after all").from(&ben()));
    held.drain(&source, &scope).await.unwrap();
    assert_eq!(held.came, 1);
}

#[tokio::test]
async fn torn_and_failing_answers_lose_nothing() {
    let Some(tenant) = Tenant::start("teams_torn") else { return };
    let chat = tenant.chat(120);
    let source = tenant.source();
    for fault in
        [Fault::torn(), Fault::lost(), Fault::dropped(), Fault::unavailable(), Fault::error(500, "generalException")]
    {
        tenant.fake.fail(fault.on(Resource::Teams));
        let error = source.scopes().await.unwrap_err();
        assert!(matches!(error, SourceError::Transient(_) | SourceError::Offline(_)), "{error:?}");
    }
    let scope = scope(&source, &chat).await;
    let mut held = Held::all(&source, &scope).await;
    for number in 0..130 {
        tenant.fake.teams().say(&chat, Said::text(&format!("new {number}")).from(&ben()));
    }
    // In the middle of the news, at each page.
    for after in [0, 1, 1] {
        tenant.fake.fail(Fault::torn().path("/messages").after(after));
        assert!(held.drain(&source, &scope).await.is_err());
    }
    held.drain(&source, &scope).await.unwrap();
    assert_eq!(held.messages.len(), 180);
}

#[tokio::test]
async fn a_sign_in_that_ends_in_the_middle_is_said_and_goes_on_later() {
    let Some(tenant) = Tenant::start("teams_revoked") else { return };
    let chat = tenant.chat(60);
    let source = tenant.source();
    let scope = scope(&source, &chat).await;
    let mut held = Held::all(&source, &scope).await;
    tenant.fake.revoke(TOKEN);
    tenant.issuer.give(None);
    assert!(matches!(held.drain(&source, &scope).await, Err(SourceError::AuthNeeded(_))));
    assert!(matches!(source.scopes().await, Err(SourceError::AuthNeeded(_))));
    tenant.fake.accept("other", super::SCOPES);
    tenant.issuer.give(Some("other"));
    tenant.fake.teams().say(&chat, Said::text("back").from(&ben()));
    held.drain(&source, &scope).await.unwrap();
    assert_eq!(held.came, 1);
}

#[tokio::test]
async fn a_chat_that_is_gone_says_so_and_a_missing_consent_names_it() {
    let Some(tenant) = Tenant::start("teams_gone") else { return };
    let chat = tenant.chat(3);
    let source = tenant.source();
    let place = scope(&source, &chat).await;
    let mut held = Held::all(&source, &place).await;
    tenant.fake.teams().remove_chat(&chat);
    let Err(SourceError::Permanent(text)) = held.drain(&source, &place).await else { panic!("it is gone") };
    assert!(text.contains("no longer"), "{text}");
    assert!(tenant.source().scopes().await.unwrap().is_empty(), "and no longer listed");

    tenant.fake.accept(TOKEN, &["User.Read"]);
    let report = tenant.source().check().await.unwrap();
    assert_eq!(report.identity, Some(tenant.fake.me().address));
    let last = report.steps.last().unwrap();
    assert!(!last.ok && last.fix.as_ref().unwrap().contains("Chat.ReadWrite"), "{last:?}");
    tenant.fake.take_complaints();
}
