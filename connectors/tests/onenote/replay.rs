//! The documented requests about notebooks: what we ask for the same act is what Microsoft documents. (That every
//! documented answer is read whole is tested beside the reader.)

use inlet_model::OpKey;
use inlet_testkit::graph::{Shown, agrees, examples};
use serde_json::Value;

use super::{Place, planned, writing::append};

/// Documented requests that are never sent: notebooks, sections and pages are made, copied and thrown away in OneNote.
const NEVER: &[&str] = &[
    "notebook-copynotebook",
    "notebook-getnotebookfromweburl",
    "notebook-post-sectiongroups",
    "notebook-post-sections",
    "onenote-post-notebooks",
    "page-copytosection",
    "page-delete",
    "section-copytonotebook",
    "section-copytosectiongroup",
    "sectiongroup-post-sectiongroups",
    "sectiongroup-post-sections",
];

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_is_what_is_documented() {
    let name = "what_is_asked_of_onenote_is_what_is_documented";
    let (Some((place, section)), Some(examples)) = (Place::with_pages(name, 1), examples(name)) else { return };
    let source = place.source();
    let page = place.fake.notes().pages(&section)[0].clone();
    let key = OpKey("k".into());
    source.apply(&key, &planned(&source, &key, append(&page, "Peas in the <second> bed"))).await.unwrap();
    let seen = place.fake.seen();

    let mut compared = 0;
    for example in examples {
        for shown in &example.shown {
            let Shown::Request { method, target, body, .. } = shown else { continue };
            if !target.to_lowercase().starts_with("/me/onenote") {
                continue;
            }
            if example.name != "page-update" {
                assert!(NEVER.contains(&example.name.as_str()), "{} is nobody's", example.name);
                continue;
            }
            // It is written with the other quotes, which JSON does not have; its first change inserts a picture.
            let body = body.replace('"', "\\\"").replace('\'', "\"");
            let mut changes: Vec<Value> = serde_json::from_str(&body).unwrap();
            let appended = serde_json::to_string(&[changes.remove(1)]).unwrap();
            let verdicts: Vec<_> = seen.iter().map(|ours| agrees(method, target, &appended, &[], ours)).collect();
            assert!(verdicts.iter().any(Result::is_ok), "{method} {target}: {verdicts:?}");
            let wrong = appended.replace("\"target\"", "\"goal\"");
            assert!(seen.iter().all(|ours| agrees(method, target, &wrong, &[], ours).is_err()), "{wrong}");
            compared += 1;
        }
    }
    assert_eq!(compared, 1);
}
