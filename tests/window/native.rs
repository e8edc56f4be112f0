//! The window on its desktop: links, files, notifications, the tray, and its place.

use std::fs;

use fantoccini::key::Key;

use crate::{
    SENT,
    desktop::{Desktop, until},
    on_a_desktop, open,
    page::Page,
    panel::Panel,
};

/// The demo world in a folder of its own, where a message goes out at once.
pub(crate) fn demo(desktop: &Desktop, settings: &str) -> String {
    let data = desktop.folder("world");
    fs::create_dir(&data).unwrap();
    fs::write(data.join("config.toml"), format!("[send]\nundo_seconds = 0\n{settings}")).unwrap();
    data.to_str().unwrap().to_owned()
}

async fn composes(page: &Page, to: &str, subject: &str) {
    page.showing("composer", to).await;
    let field = "document.querySelector('[data-testid=\"compose-subject\"]')";
    page.holds("the subject of the link", &format!("return {field}?.value === '{subject}'")).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display, a keyring and WebKitWebDriver: cargo xtask test"]
async fn a_mail_link_opens_the_composer_filled_in() {
    on_a_desktop(async |desktop| {
        let data = demo(desktop, "");
        let link = "mailto:nell@example.org?cc=bo@example.org&bcc=spy@example.org&attach=/etc/passwd\
            &subject=High%20tide&body=At%20the%20pier%3F";
        let page = open(desktop, "mailto", &["--demo", "--data-dir", &data, link]).await;
        composes(&page, "nell@example.org", "High tide").await;
        let body = "document.querySelector('[data-testid=\"compose-body\"]')";
        page.holds(
            "the text of the link",
            &format!("return ({body}.value ?? {body}.textContent).startsWith('At the pier?')"),
        )
        .await;
        let text = page.script("return document.querySelector('[data-testid=\"composer\"]').textContent").await;
        let text = text.as_str().unwrap();
        assert!(text.contains("bo@example.org") && !text.contains("spy@") && !text.contains("passwd"), "{text}");
        page.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display, a keyring and WebKitWebDriver: cargo xtask test"]
async fn a_second_start_hands_over_to_the_first() {
    on_a_desktop(async |desktop| {
        // Where a start without arguments finds it.
        let data = desktop.folder("data").join("inlet");
        desktop.inlet(&["--data-dir", data.to_str().unwrap(), "demo"]);
        let page = open(desktop, "second", &[]).await;
        page.find("row").await;
        desktop.start_again(&["mailto:nell@example.org?subject=Again"]);
        composes(&page, "nell@example.org", "Again").await;
        page.click("compose-close").await;

        desktop.start_again(&["inlet:search?q=launch%20plan"]);
        page.showing("row", "the launch plan, as decided today").await;

        let file = desktop.folder("Wind & tide.eml");
        let mail = "From: Bela <bela@inlet.test>\r\nTo: anna@inlet.test\r\nSubject: Out of a file\r\n\
            Date: Mon, 2 Mar 2026 08:00:00 +0000\r\nMessage-ID: <wind@inlet.test>\r\n\r\nForce six by noon.\r\n";
        fs::write(&file, mail).unwrap();
        desktop.start_again(&[file.to_str().unwrap()]);
        page.showing("reader", "Force six by noon.").await;
        page.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display, a keyring and WebKitWebDriver: cargo xtask test"]
async fn a_locked_window_is_refused_by_the_engine_itself() {
    on_a_desktop(async |desktop| {
        let data = demo(desktop, "[privacy]\nlock = \"start\"\n");
        desktop.inlet(&["--data-dir", &data, "rpc", "lock.set", r#"{"new":"correct horse"}"#]);
        let page = open(desktop, "lock", &["--demo", "--data-dir", &data]).await;
        page.find("lock-passphrase").await;
        // As a page would that does not care.
        page.script(
            "window.said = null; window.__TAURI_INTERNALS__.invoke('rpc', { method: 'threads.list', params: {} })\
             .then(() => { window.said = 'answered'; }, (error) => { window.said = error.code; });",
        )
        .await;
        page.holds("the engine's refusal", "return window.said === 'app_locked'").await;
        assert!(page.all("row").await.is_empty());
        page.fill("lock-passphrase", "correct horse").await;
        page.press("lock-passphrase", &[Key::Enter]).await;
        page.find("row").await;
        page.close().await;
    })
    .await;
}

/// Answers the conversation that is open and goes elsewhere; the demo's people answer back.
async fn ask(page: &Page, text: &str) {
    page.click("reply-box").await;
    page.fill("reply-box", text).await;
    // By keys: what was said about the last message may lie over the button.
    page.press("reply-box", &[Key::Control, Key::Enter]).await;
    page.click("nav-outbox").await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display, a keyring and WebKitWebDriver: cargo xtask test"]
async fn a_notification_is_shown_clicked_and_taken_back() {
    on_a_desktop(async |desktop| {
        let panel = Panel::start(desktop.bus()).await;
        let data = demo(desktop, "");
        let page = open(desktop, "notification", &["--demo", "--data-dir", &data]).await;
        page.click("nav-inbox").await;
        page.find("row").await;
        page.fill("search-box", "launch plan").await;
        page.open_row("the launch plan, as decided today").await;
        page.showing("reader", "Pilots in Kiel and Brest").await;

        ask(&page, "Who brings the <keys>?").await;
        let (first, shown) = panel.notification("the launch plan").await;
        assert!(!shown.title.is_empty(), "{shown:?}");
        let buttons: Vec<&str> = shown.actions.iter().step_by(2).map(String::as_str).collect();
        assert_eq!(buttons, ["default", "reply", "archive", "snooze"]);
        panel.press(first, "default").await;
        page.showing("reader", "Who brings the <keys>?").await;
        // It is read now, so there is nothing to tell any more.
        panel.withdrawn(first).await;

        ask(&page, "And the lamp?").await;
        let (second, _) = panel.notification("the launch plan").await;
        panel.press(second, "reply").await;
        page.showing("reader", "And the lamp?").await;
        page.holds("the reply box has the keyboard", "return document.activeElement?.dataset.testid === 'reply-box'")
            .await;
        panel.withdrawn(second).await;

        ask(&page, "Is it lit?").await;
        let (third, _) = panel.notification("the launch plan").await;
        panel.press(third, "snooze").await;
        panel.withdrawn(third).await;
        page.click("nav-snoozed").await;
        page.showing("row", "the launch plan, as decided today").await;
        page.click("toast-undo").await;
        page.click("nav-inbox").await;
        page.open_row("the launch plan, as decided today").await;
        page.showing("reader", "Is it lit?").await;

        ask(&page, "I found both.").await;
        let (fourth, _) = panel.notification("the launch plan").await;
        panel.press(fourth, "archive").await;
        page.showing("toast", "Undo").await;
        panel.withdrawn(fourth).await;
        page.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display, a keyring and WebKitWebDriver: cargo xtask test"]
async fn the_tray_writes_pauses_and_quits() {
    on_a_desktop(async |desktop| {
        let panel = Panel::start(desktop.bus()).await;
        let data = demo(desktop, "");
        let page = open(desktop, "tray", &["--demo", "--data-dir", &data]).await;
        page.find("row").await;
        // Beside the icon stands how many conversations are unread, as in the window. The count comes after the rows.
        let count = "[data-testid=\"nav-inbox\"] .count";
        page.css(count).await;
        let unread = page.script(&format!("return document.querySelector('{count}').textContent")).await;
        panel.labelled(unread.as_str().unwrap()).await;
        let menu = panel.menu().await;
        menu.choose(&format!("{} unread", unread.as_str().unwrap())).await;
        menu.choose("New message").await;
        page.find("composer").await;
        page.click("compose-close").await;
        menu.choose("Pause notifications").await;
        menu.choose("Resume notifications").await;
        menu.choose("Quit").await;
        // The engine has let go of its folder, and in good order.
        let lock = fs::File::open(desktop.folder("world").join("inlet.lock")).unwrap();
        let gone = async {
            while lock.try_lock().is_err() {
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(SENT, gone).await.expect("the app ends");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display, a keyring and WebKitWebDriver: cargo xtask test"]
async fn the_window_keeps_its_place() {
    on_a_desktop(async |desktop| {
        let data = demo(desktop, "");
        let args = ["--demo", "--data-dir", &data];
        let page = open(desktop, "place", &args).await;
        page.find("row").await;
        page.holds("the first size", "return innerWidth === 1280 && innerHeight === 800").await;
        desktop.resize_window(1010, 710);
        page.holds("the size of a person's choice", "return innerWidth === 1010 && innerHeight === 710").await;
        let file = desktop.folder("world").join("window.json");
        let written = async {
            while !fs::read_to_string(&file).is_ok_and(|kept| kept.contains("1010")) {
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(SENT, written).await.expect("its place is written down");
        page.close().await;

        let page = open(desktop, "place", &args).await;
        page.find("row").await;
        page.holds("as large as it was", "return innerWidth === 1010 && innerHeight === 710").await;
        page.close().await;

        // A screen that is gone takes no window along.
        fs::write(&file, r#"{"x":5000,"y":-900,"width":4000,"height":3000,"maximised":false}"#).unwrap();
        let page = open(desktop, "place", &args).await;
        page.find("row").await;
        page.holds("on the screen there is", "return innerWidth <= 1400 && innerHeight <= 900").await;
        page.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display, a keyring and WebKitWebDriver: cargo xtask test"]
async fn a_closed_window_stays_in_the_tray_and_comes_back() {
    on_a_desktop(async |desktop| {
        let panel = Panel::start(desktop.bus()).await;
        let data = demo(desktop, "[window]\nclose_to_tray = true\n");
        let args = ["--demo", "--data-dir", &data];
        let page = open(desktop, "close", &args).await;
        page.find("row").await;
        let menu = panel.menu().await;
        desktop.close_window(desktop.window("^Inlet$").await);
        until("the window is gone", || !desktop.shows("^Inlet$")).await;
        // It goes on behind: the page is there, and its tray brings the window back.
        page.find("row").await;
        menu.choose("Open Inlet").await;
        desktop.window("^Inlet$").await;
        page.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display, a keyring and WebKitWebDriver: cargo xtask test"]
async fn it_starts_with_the_session_when_asked() {
    on_a_desktop(async |desktop| {
        let data = demo(desktop, "");
        let page = open(desktop, "autostart", &["--demo", "--data-dir", &data]).await;
        page.find("row").await;
        // The library that makes the entry knows the usual place alone.
        let started = desktop.folder(".config").join("autostart");
        let entries = || fs::read_dir(&started).map_or(0, Iterator::count);
        assert_eq!(entries(), 0);
        page.set("window.autostart", "true").await;
        until("the entry is there", || entries() == 1).await;
        let entry = fs::read_dir(&started).unwrap().next().unwrap().unwrap().path();
        // It is there before its words are.
        until("the entry says how", || {
            fs::read_to_string(&entry).is_ok_and(|entry| entry.contains("--hidden") && entry.contains(&data))
        })
        .await;
        page.set("window.autostart", "false").await;
        until("the entry is gone", || entries() == 0).await;
        page.close().await;
    })
    .await;
}
