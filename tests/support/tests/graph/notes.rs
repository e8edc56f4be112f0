//! OneNote: notebooks, sections, pages.

use std::time::Duration;

use inlet_testkit::graph::Resource;
use serde_json::json;

use super::wire::Wire;

#[tokio::test]
async fn notebooks_hold_groups_and_sections() {
    let Some(wire) = Wire::start("notebooks_hold_groups_and_sections") else { return };
    let notes = wire.fake.notes();
    let book = notes.notebook("Work");
    let group = notes.group(&book, "Projects");
    let section = notes.section(&group, "Launch");
    notes.section(&book, "Notes");
    let got = wire.get("/me/onenote/notebooks?$expand=sections,sectionGroups($expand=sections)").await;
    assert_eq!(got.json["value"][0]["sections"][0]["displayName"], "Notes");
    assert_eq!(got.json["value"][0]["sectionGroups"][0]["sections"][0]["id"], section);
    assert_eq!(wire.get(&format!("/me/onenote/notebooks/{book}/sections")).await.each("displayName"), ["Notes"]);
    let all = wire.get("/me/onenote/sections?$expand=parentNotebook&$orderby=displayName").await;
    assert_eq!(all.each("displayName"), ["Launch", "Notes"]);
    assert_eq!(all.json["value"][0]["parentNotebook"]["displayName"], "Work");
    let made = wire.post(&format!("/me/onenote/notebooks/{book}/sections"), &json!({ "displayName": "New" })).await;
    assert_eq!((made.status, made.json["displayName"].as_str()), (201, Some("New")));
    let gone = wire.get("/me/onenote/sections/1-nothing").await;
    assert_eq!((gone.status, gone.code()), (404, "20102"));
}

#[tokio::test]
async fn pages_come_by_the_time_they_changed() {
    let Some(wire) = Wire::start("pages_come_by_the_time_they_changed") else { return };
    let notes = wire.fake.notes();
    let section = notes.section(&notes.notebook("Work"), "Notes");
    let [a, b, c] = ["A", "B", "C"].map(|title| notes.page(&section, title, "<p>Text</p>"));
    let path = format!("/me/onenote/sections/{section}/pages");
    let newest = format!("{path}?$top=2&$orderby=lastModifiedDateTime desc&$select=id,title,lastModifiedDateTime");
    let (items, _, pages) = wire.follow(&newest, &[]).await;
    assert_eq!((items.len(), pages, &items[0]["id"]), (3, 2, &json!(c)));
    notes.edit(&a, "<p>Changed</p>");
    notes.delete_page(&b);
    let got = wire.get(&newest).await;
    assert_eq!(got.each("title"), ["A", "C"]);
    let watermark = got.json["value"][1]["lastModifiedDateTime"].as_str().unwrap();
    let got = wire.get(&format!("{path}?$filter=lastModifiedDateTime gt {watermark}")).await;
    assert_eq!(got.each("title"), ["A"]);
    let other = notes.section(&notes.notebook("Home"), "Notes");
    let moved = notes.move_page(&a, &other);
    assert_ne!(moved, a);
    assert_eq!(wire.get(&format!("/me/onenote/pages/{a}")).await.code(), "20102");
    let levels = wire.get(&format!("{path}?pagelevel=true")).await;
    assert_eq!(levels.json["value"][0]["level"], 0);
    assert_eq!(wire.send("DELETE", &format!("/me/onenote/pages/{c}"), &[], "").await.unwrap().status, 204);
    assert!(wire.get(&path).await.each("id").is_empty());
}

#[tokio::test]
async fn a_page_is_made_read_and_changed() {
    let Some(wire) = Wire::start("a_page_is_made_read_and_changed") else { return };
    let notes = wire.fake.notes();
    let section = notes.section(&notes.notebook("Work"), "Notes");
    let path = format!("/me/onenote/sections/{section}/pages");
    let html = "<html><head><title>To do</title></head><body><p data-tag=\"to-do\">Milk</p>\
        <ul data-id=\"list\"><li>One</li></ul><img src=\"name:pic\" alt=\"A picture\" /></body></html>";
    let multipart = format!(
        "--b\r\nContent-Disposition: form-data; name=\"Presentation\"\r\nContent-Type: text/html\r\n\r\n{html}\r\n\
         --b\r\nContent-Disposition: form-data; name=\"pic\"\r\nContent-Type: image/png\r\n\r\nPNG\r\n--b--\r\n"
    );
    let got =
        wire.send("POST", &path, &[("content-type", "multipart/form-data; boundary=b")], multipart).await.unwrap();
    assert_eq!((got.status, got.json["title"].as_str()), (201, Some("To do")));
    let page = got.json["id"].as_str().unwrap().to_owned();
    let content = format!("/me/onenote/pages/{page}/content");
    let plain = wire.get(&content).await;
    let text = String::from_utf8(plain.bytes.to_vec()).unwrap();
    assert!(text.contains("<p data-tag=\"to-do\">Milk</p>") && text.contains("data-id=\"list\""), "{text}");
    let picture = text.split("<img src=\"").nth(1).unwrap().split('"').next().unwrap();
    let shown = wire.get(picture).await;
    assert_eq!((shown.header("content-type"), &shown.bytes[..]), (Some("image/png"), &b"PNG"[..]));

    let with_ids = wire.get(&format!("{content}?includeIDs=true")).await;
    let text = String::from_utf8(with_ids.bytes.to_vec()).unwrap();
    let id = text.split("<p id=\"").nth(1).unwrap().split('"').next().unwrap();
    assert!(id.starts_with("p:{"), "{id}");
    let tick = json!([{ "target": id, "action": "replace", "content": "<p data-tag=\"to-do:completed\">Milk</p>" },
        { "target": "#list", "action": "append", "content": "<li>Two</li>" },
        { "target": "body", "action": "append", "content": "<p>At the end</p>" }]);
    assert_eq!(wire.patch(&content, &tick).await.status, 204);
    let now = notes.html(&page);
    assert!(now.contains("to-do:completed") && now.contains("<li>One</li><li>Two</li>") && now.contains("At the end"));
    // Ids are new after a change, and what is replaced needs one.
    let stale = wire.patch(&content, &json!([{ "target": id, "action": "replace", "content": "<p>x</p>" }])).await;
    let data_id =
        wire.patch(&content, &json!([{ "target": "#list", "action": "replace", "content": "<p>x</p>" }])).await;
    assert_eq!((stale.status, data_id.status), (400, 400));
    let complaints = wire.fake.take_complaints();
    assert!(complaints[0].contains("not found") && complaints[1].contains("generated id"), "{complaints:?}");
    for (wrong, reason) in [
        (json!([{ "target": "body", "action": "add", "content": "<p>x</p>" }]), "action"),
        (json!([{ "action": "append", "content": "<p>x</p>" }]), "target"),
        (json!([{ "target": "body", "action": "append", "contents": "<p>x</p>" }]), "contents"),
        (json!([{ "target": "body", "action": "append", "content": "<p>x" }]), "not closed"),
        (json!({ "target": "body", "action": "append", "content": "<p>x</p>" }), "array"),
    ] {
        assert_eq!(wire.patch(&content, &wrong).await.status, 400);
        let complaints = wire.fake.take_complaints().join("\n");
        assert!(complaints.contains(reason), "{complaints}");
    }
    let renamed = json!([{ "target": "title", "action": "replace", "content": "Done" }]);
    assert_eq!(wire.patch(&content, &renamed).await.status, 204);
    assert_eq!(notes.title(&page), "Done");
    let got =
        wire.send("POST", &path, &[("content-type", "text/html")], "<html><body><p>Open</body></html>").await.unwrap();
    assert_eq!(got.status, 400);
    assert_eq!(wire.fake.take_complaints().len(), 1);
}

#[tokio::test]
async fn the_budget_is_per_minute_and_per_hour_and_never_says_when() {
    let Some(wire) = Wire::start("the_budget_is_per_minute_and_per_hour_and_never_says_when") else { return };
    let ask = async || wire.get("/me/onenote/notebooks").await;
    for _ in 0..120 {
        assert_eq!(ask().await.status, 200);
    }
    let got = ask().await;
    assert_eq!((got.status, got.code(), got.header("retry-after")), (429, "20166", None));
    let mut taken = 120;
    loop {
        wire.fake.clock().advance(Duration::from_secs(61));
        let before = taken;
        for _ in 0..120 {
            if ask().await.status == 429 {
                break;
            }
            taken += 1;
        }
        if taken == before || taken >= 400 {
            break;
        }
    }
    assert!((396..=400).contains(&taken), "{taken} in an hour, those that were refused counted too");
    assert_eq!(ask().await.status, 429);
    wire.fake.clock().advance(Duration::from_secs(3600));
    assert_eq!(ask().await.status, 200);
    assert!(wire.fake.requests(Resource::OneNote) > 400);
}
