//! What the browser's tests cannot see: the real web view draws pictures and PDFs, hands files to
//! other programs, and prints.

use std::{fs, os::unix::fs::PermissionsExt, time::Duration};

use super::{SENT, desktop::until, native::demo, on_a_desktop, open};
use crate::page::Page;

/// Searches, opens the mail of that subject, and presses its file.
async fn press_file(page: &Page, search: &str, subject: &str, file: &str) {
    page.fill("search-box", search).await;
    page.open_row(subject).await;
    page.showing("attachment", file).await.click().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display, a keyring and WebKitWebDriver: cargo xtask test"]
async fn files_are_drawn_in_the_window_and_handed_to_other_programs() {
    on_a_desktop(async |desktop| {
        // What the system would open a file with writes down what it was given.
        let opened = desktop.folder("opened");
        let opener = desktop.programs().join("xdg-open");
        fs::write(&opener, format!("#!/bin/sh\nprintf '%s' \"$1\" > {0}.part && mv {0}.part {0}\n", opened.display()))
            .unwrap();
        fs::set_permissions(&opener, fs::Permissions::from_mode(0o700)).unwrap();
        let data = demo(desktop, "");
        let page = open(desktop, "files", &["--demo", "--data-dir", &data]).await;
        page.find("row").await;

        press_file(&page, "filename:png", "Solar lids", ".png").await;
        page.find("preview-image").await;
        let picture = "document.querySelector('[data-testid=\"preview-image\"]')";
        page.holds("the picture", &format!("return {picture}?.naturalWidth > 0")).await;
        page.click("preview-close").await;

        press_file(&page, "filename:pdf", "Kitchen: the quote", ".pdf").await;
        let dark = "const page = document.querySelector('[data-testid=\"pdf-page\"][data-drawn]'); if (!page) return false; \
            const { data } = page.getContext('2d').getImageData(0, 0, page.width, page.height); \
            let dark = 0; for (let i = 0; i < data.length; i += 4) if (data[i] < 100) dark += 1; return dark > 200;";
        page.holds("the first page of the PDF", dark).await;

        page.click("preview-open").await;
        until("another program is given the file", || opened.exists()).await;
        let copy = fs::read_to_string(&opened).unwrap();
        assert!(copy.ends_with(".pdf"), "{copy}");
        assert!(fs::read(&copy).unwrap().starts_with(b"%PDF-"), "{copy}");
        page.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a display, a keyring and WebKitWebDriver: cargo xtask test"]
async fn a_conversation_is_printed_by_the_systems_dialog() {
    on_a_desktop(async |desktop| {
        let data = demo(desktop, "");
        // A web view that is driven prints nothing: this one is worked by mouse and keyboard alone.
        let mut app = desktop.run(&["--demo", "--data-dir", &data]);
        desktop.window("^Inlet$").await;
        let printing = async {
            while !desktop.shows("^Print$") {
                desktop.xdotool(&["mousemove", "500", "260", "click", "1"]);
                tokio::time::sleep(Duration::from_secs(2)).await;
                desktop.xdotool(&["key", "ctrl+p"]);
                tokio::time::sleep(Duration::from_secs(2)).await;
            }
        };
        let done = tokio::time::timeout(2 * SENT, printing).await;
        app.kill().unwrap();
        app.wait().unwrap();
        done.expect("the dialog comes up");
    })
    .await;
}
