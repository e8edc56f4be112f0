//! Pages of the demo notebooks.

use inlet_model::{AttachmentInfo, NoteMeta, RemoteId, UnifiedNote};
use jiff::SignedDuration;

use super::{
    markup,
    phrase::Kept,
    sheet::Sheet,
    shelf::Held,
    stage::{Said, Stage},
};

/// The platform's name of a section.
pub(super) fn section_id(key: &str) -> String {
    format!("0-{:016X}!1-section", super::rng::hash(key))
}

/// All pages.
pub(super) fn build(stage: &Stage, sheets: &[(&str, Sheet)]) -> Vec<Held<UnifiedNote>> {
    let mut pages = Vec::new();
    let mut said = Said::default();
    for (sheet, content) in sheets {
        for (index, spec) in content.note.iter().enumerate() {
            for round in 0..spec.times.unwrap_or(1) {
                let mut rng = stage.rng(&format!("{sheet}/note/{index}/{round}"));
                for _ in 0..20 {
                    let at = spec
                        .at
                        .as_deref()
                        .and_then(|at| stage.calendar.at(at))
                        .unwrap_or_else(|| stage.calendar.some_time(&mut rng, true));
                    let mut kept = Kept::new();
                    let body = stage.say(&spec.body, at, &mut rng, &mut kept);
                    if !said.all_new(std::iter::once(body.as_str())) {
                        continue;
                    }
                    let id = format!("0-{:016x}!{}-page", rng.next(), section_id(&spec.section));
                    let attachments = spec
                        .files
                        .iter()
                        .zip(1..)
                        .map(|(name, part)| {
                            let (bytes, mime) = stage.file(name, at, &mut rng);
                            AttachmentInfo {
                                part: part.to_string(),
                                name: name.clone(),
                                mime: mime.to_owned(),
                                size: bytes.len() as u64,
                                content_id: None,
                                inline: false,
                                link: None,
                                data: Some(bytes),
                            }
                        })
                        .collect();
                    let page = UnifiedNote {
                        remote_id: RemoteId(id.clone()),
                        title: stage.say(&spec.title, at, &mut rng, &mut kept),
                        author: Some(stage.party(spec.author.as_deref().unwrap_or("me"), "onenote")),
                        created_at: at - SignedDuration::from_hours(i64::try_from(rng.below(200)).unwrap_or(0)),
                        modified_at: at,
                        text: markup::text(&body),
                        html: Some(markup::html(&body)),
                        attachments,
                        meta: NoteMeta { todos: markup::todos(&body, 0), ..NoteMeta::default() },
                    };
                    pages.push(Held { id, home: section_id(&spec.section), at, item: page, born: 0 });
                    break;
                }
            }
        }
    }
    pages
}
