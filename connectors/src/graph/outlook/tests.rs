use std::sync::Arc;

use inlet_model::{AccountId, ScopeRole};
use inlet_testkit::{
    SignedIn, TokenIssuer,
    graph::{FakeGraph, Letter},
};

use super::*;
use crate::oauth::Tokens;

#[tokio::test(flavor = "multi_thread")]
async fn waiting_ends_when_the_counters_of_the_inbox_change() {
    let Some(fake) = FakeGraph::start("waiting_ends_when_the_counters_of_the_inbox_change") else { return };
    fake.accept("token", &["User.Read", "Mail.ReadWrite", "MailboxSettings.ReadWrite"]);
    let issuer = TokenIssuer::start("token");
    let tokens = Tokens::new(AccountId(1), issuer.config(), Vec::new(), Arc::new(SignedIn)).unwrap();
    let graph = Graph::new(fake.api_root(), Arc::new(tokens)).unwrap();
    let source = Arc::new(Outlook { poll: Duration::from_millis(5), ..Outlook::new(graph, None) });
    let scopes = source.scopes().await.unwrap();
    let inbox = scopes.into_iter().find(|scope| scope.role == ScopeRole::Inbox).unwrap();
    assert!(inbox.live);

    // What comes between the round and the waiting is not missed.
    fake.mail().add(Letter::new("One").from("Ann", "ann@fabrikam.example"));
    source.wait(&inbox).await.unwrap();

    source.scopes().await.unwrap();
    let (waiting, scope) = (Arc::clone(&source), inbox.clone());
    let wait = tokio::spawn(async move { waiting.wait(&scope).await });
    fake.mail().add(Letter::new("Two").from("Ann", "ann@fabrikam.example"));
    wait.await.unwrap().unwrap();
}
