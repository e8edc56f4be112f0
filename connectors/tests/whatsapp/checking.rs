//! Testing the connection: each step, each with what to do about it.

use inlet_model::{CheckStep, EventQueue};
use inlet_testkit::whatsapp::{APP_SECRET, NUMBER_ID};

use super::World;

fn outline(steps: &[CheckStep]) -> Vec<(&str, bool)> {
    steps.iter().map(|step| (step.name.as_str(), step.ok)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_is_set_up_passes_every_step() {
    let Some(world) = World::start("a_number_passes") else { return };
    let report = world.source().check().await.unwrap();
    assert_eq!(
        outline(&report.steps),
        [
            ("Sign in to WhatsApp", true),
            ("Find the business account", true),
            ("Listen for events", true),
            ("Subscribe to events", true),
            ("Receive a signed event", true),
        ],
        "{:?}",
        report.steps
    );
    assert_eq!(report.identity.as_deref(), Some("+1 555-078-3881"));
    // The event of the test is none for anybody.
    let page = world.pulled().await;
    assert!(page.upserts.is_empty() && page.poison.is_empty());
    assert_eq!(world.fake.complaints(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tunnel_is_told_to_meta_and_tried() {
    let Some(world) = World::start("a_tunnel") else { return };
    // The address of the tunnel is where somebody else listens: nothing arrives.
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let source = world.listening("127.0.0.1:0", Some(format!("http://{nobody}/")));
    let report = source.check().await.unwrap();
    let last = report.steps.last().unwrap();
    assert_eq!((last.name.as_str(), last.ok), ("Receive a signed event", false));
    assert!(last.fix.is_some());
    let told = world.fake.subscribed().pop().unwrap();
    assert_eq!(told["override_callback_uri"], format!("http://{nobody}/whatsapp/{NUMBER_ID}"));
    assert!(told["verify_token"].as_str().unwrap().len() >= 32);

    // Whoever answers there has to have kept it: an answer alone proves nothing.
    let elsewhere = inlet_connectors::inbound::listen(
        "127.0.0.1:0".parse().unwrap(),
        inlet_connectors::inbound::Hook {
            path: format!("/whatsapp/{NUMBER_ID}"),
            header: "x-hub-signature-256",
            secret: APP_SECRET.into(),
            verify_token: None,
            said_at: |_| None,
            sink: std::sync::Arc::new(inlet_testkit::MemoryQueue::default()),
        },
    )
    .await
    .unwrap();
    let source = world.listening("127.0.0.1:0", Some(format!("http://{}", elsewhere.address())));
    assert!(!source.check().await.unwrap().ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn another_account_and_another_app_secret_are_told_apart() {
    let Some(world) = World::start("another_account") else { return };
    let config = inlet_model::WhatsAppConfig { business_account_id: "1".into(), ..world.fake.config("127.0.0.1:0") };
    let report = world.configured(config).check().await.unwrap();
    assert_eq!(outline(&report.steps), [("Sign in to WhatsApp", true), ("Find the business account", false)]);
    assert!(report.steps[1].fix.as_ref().unwrap().contains("whatsapp_business_management"));

    // Whoever listens there has another secret.
    let door = inlet_connectors::inbound::listen(
        "127.0.0.1:0".parse().unwrap(),
        inlet_connectors::inbound::Hook {
            path: format!("/whatsapp/{NUMBER_ID}"),
            header: "x-hub-signature-256",
            secret: "another".into(),
            verify_token: None,
            said_at: |_| None,
            sink: std::sync::Arc::new(inlet_testkit::MemoryQueue::default()),
        },
    )
    .await
    .unwrap();
    let report = world.listening("127.0.0.1:0", Some(format!("http://{}", door.address()))).check().await.unwrap();
    let last = report.steps.last().unwrap();
    assert_eq!((last.name.as_str(), last.ok), ("Receive a signed event", false));
    assert!(last.detail.contains("another secret") && last.fix.is_some(), "{last:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_said_with_what_to_do() {
    let Some(world) = World::start("what_is_wrong") else { return };
    world.fake.unsubscribe();
    let report = world.source().check().await.unwrap();
    let last = report.steps.last().unwrap();
    assert_eq!((last.name.as_str(), last.ok), ("Subscribe to events", false));
    let report = world.listening("0.0.0.0:8775", None).check().await.unwrap();
    assert_eq!(report.steps.last().map(|step| (step.name.as_str(), step.ok)), Some(("Listen for events", false)));
    world.fake.revoke();
    let report = world.source().check().await.unwrap();
    assert_eq!(outline(&report.steps), [("Sign in to WhatsApp", false)]);
    assert!(report.steps[0].fix.is_some());
    assert!(world.queue.read(0, 9).await.unwrap().is_empty());
}
