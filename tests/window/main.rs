//! The real window, driven as a person would: the built app in its web view, with a real mail
//! server behind it. `cargo xtask test` runs these; they need a display server, a keyring and
//! WebKitWebDriver, so a plain `cargo test` leaves them out.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod desktop;
mod files;
mod native;
mod page;
mod panel;

use std::{path::PathBuf, time::Duration};

use desktop::Desktop;
use inlet_testkit::{Dovecot, DovecotOptions, SmtpOptions, SmtpServer};
use page::Page;

/// A test that takes longer hangs.
const LIMIT: Duration = Duration::from_secs(150);
/// The pause in which a send can be taken back, and the way to the server.
const SENT: Duration = Duration::from_secs(40);
const ANNA: &str = "anna@inlet.test";

/// Runs a test on a desktop of its own.
async fn on_a_desktop(test: impl AsyncFnOnce(&Desktop)) {
    let desktop = Desktop::start().await;
    inlet_testkit::timeout(LIMIT, test(&desktop)).await;
}

/// Opens Inlet. When the window is not as it should be, a picture is kept under that name in the
/// build folder.
async fn open(desktop: &Desktop, name: &str, args: &[&str]) -> Page {
    let picture = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.png"));
    Page::new(desktop.open(args).await, picture)
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display, a keyring and WebKitWebDriver: cargo xtask test"]
async fn the_demo_is_searched_read_and_answered() {
    on_a_desktop(async |desktop| {
        let data = desktop.folder("demo");
        let page = open(desktop, "demo", &["--demo", "--data-dir", data.to_str().unwrap()]).await;

        page.click("nav-inbox").await;
        page.find("row").await;
        page.fill("search-box", "launch plan").await;
        page.open_row("the launch plan, as decided today").await;
        page.showing("reader", "Pilots in Kiel and Brest").await;

        page.click("reply-box").await;
        page.fill("reply-box", "Heron at the quay, as agreed.").await;
        page.click("send").await;
        page.showing("toast", "Undo").await;
        page.click("nav-outbox").await;
        page.showing("outbox-row", "the launch plan, as decided today").await;

        page.click("nav-sent").await;
        page.open_row_within("the launch plan, as decided today", SENT).await;
        page.showing_within("reader", "Heron at the quay", SENT).await;
        page.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display, a keyring and WebKitWebDriver: cargo xtask test"]
async fn a_mailbox_is_connected_and_read() {
    on_a_desktop(async |desktop| {
        let dovecot = Dovecot::start(DovecotOptions::default()).await;
        let smtp = SmtpServer::start(SmtpOptions::delivering_to(&dovecot)).await;
        let mail = "From: Bela <bela@inlet.test>\r\nTo: anna@inlet.test\r\nSubject: Tide tables\r\n\
            Date: Mon, 2 Mar 2026 08:00:00 +0000\r\nMessage-ID: <tide@inlet.test>\r\n\r\n\
            High water is at 14:20. Shall we meet at the pier?\r\n";
        dovecot.deliver(ANNA, "INBOX", mail.as_bytes());

        let data = desktop.folder("mail");
        let args = ["--data-dir", data.to_str().unwrap()];
        let page = open(desktop, "mailbox", &args).await;
        page.click("first-run-connect").await;
        page.fill("wizard-address", ANNA).await;
        page.fill("wizard-password", dovecot.password(ANNA)).await;
        page.unfold("wizard-advanced").await;
        let protection = page.find("wizard-tls").await.prop("value").await.unwrap();
        assert_eq!(protection.as_deref(), Some("implicit"));
        page.fill("wizard-imap-host", "localhost").await;
        page.fill("wizard-imap-port", &dovecot.tls_port.to_string()).await;
        page.fill("wizard-smtp-host", "localhost").await;
        page.fill("wizard-smtp-port", &smtp.tls_port.to_string()).await;
        page.fill("wizard-ca", dovecot.ca().to_str().unwrap()).await;
        page.click("wizard-test").await;
        page.showing("wizard", "Everything works").await;
        page.click("wizard-connect").await;

        page.click("nav-inbox").await;
        page.open_row("Tide tables").await;
        page.showing("reader", "High water is at 14:20").await;

        page.click("reply-box").await;
        page.fill("reply-box", "At three, by the heron.").await;
        page.click("send").await;
        page.showing("toast", "Undo").await;
        page.click("nav-sent").await;
        page.showing_within("row", "Tide tables", SENT).await;
        let sent = smtp.wait_for(1).await;
        assert!(sent[0].text().contains("At three, by the heron."), "{}", sent[0].text());
        page.close().await;

        // What was read once is there without the server.
        drop((dovecot, smtp));
        let page = open(desktop, "mailbox", &args).await;
        page.click("nav-inbox").await;
        page.open_row("Tide tables").await;
        page.showing("reader", "High water is at 14:20").await;
        page.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display, a keyring and WebKitWebDriver: cargo xtask test"]
async fn the_page_has_one_door() {
    on_a_desktop(async |desktop| {
        let data = desktop.folder("door");
        let page = open(desktop, "door", &["--demo", "--data-dir", data.to_str().unwrap()]).await;
        page.find("search-box").await;

        // The shell's API is no global, and what is not granted is refused.
        assert_eq!(page.script("return typeof window.__TAURI__").await, "undefined");
        assert!(page.refused("plugin:window|set_title", "{ label: 'main', value: 'x' }").await.contains("not allowed"));
        assert!(page.refused("rpc", "{ method: 'no.such', params: {} }").await.contains("not_found"));
        assert!(
            page.refused("rpc", "{ method: 'host.open', params: { href: 'file:///etc/passwd' } }")
                .await
                .contains("refused")
        );

        // It can be made larger, and as it was.
        let zoom = |key: &str| {
            format!("window.dispatchEvent(new KeyboardEvent('keydown', {{ key: '{key}', ctrlKey: true }}))")
        };
        let before = page.script("return innerWidth").await;
        page.script(&zoom("+")).await;
        page.holds("a larger page", &format!("return innerWidth < {before}")).await;
        page.script(&zoom("0")).await;
        page.holds("the page as it was", &format!("return innerWidth === {before}")).await;

        // The page goes nowhere else, and nothing of it reaches a network.
        let home = page.script("return location.href").await;
        page.script("location.href = 'https://example.org/'").await;
        let loaded = page.settled("fetch('https://example.org/').then(() => 'loaded', () => 'blocked')").await;
        assert_eq!(loaded, "blocked");
        assert_eq!(page.script("return location.href").await, home);
        page.close().await;
    })
    .await;
}
