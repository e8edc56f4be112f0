//! Approved messages: listed with their blanks, and written with those filled
//! (<https://developers.facebook.com/docs/whatsapp/business-management-api/message-templates>).

use inlet_model::{Blank, FileKind, OutgoingAttachment, Result, Template, TemplateUse};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{WhatsApp, send::media, wire::Paging};

/// Pages of the list that are read.
const PAGES: usize = 20;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Listed {
    data: Vec<Known>,
    paging: Paging,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Known {
    name: String,
    language: String,
    status: String,
    components: Vec<Component>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Component {
    r#type: String,
    format: String,
    text: String,
    buttons: Vec<Button>,
    example: Value,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Button {
    r#type: String,
    text: String,
    url: String,
}

impl WhatsApp {
    /// Those that are approved and need nothing but words and a file.
    pub(super) async fn approved(&self) -> Result<Vec<Template>> {
        let mut templates = Vec::new();
        let mut after: Option<String> = None;
        for _ in 0..PAGES {
            let mut query = vec![("limit", "100")];
            query.extend(after.as_deref().map(|after| ("after", after)));
            let listed: Listed =
                self.client.get(&[&self.config.business_account_id, "message_templates"], &query).await?;
            templates.extend(listed.data.into_iter().filter_map(template));
            after = listed.paging.next();
            if after.is_none() {
                break;
            }
        }
        Ok(templates)
    }
}

/// A template as it can be filled; `None` for one that wants a place, a code, a catalogue or a form.
fn template(known: Known) -> Option<Template> {
    if known.status != "APPROVED" {
        return None;
    }
    let (mut text, mut blanks, mut file) = (Vec::new(), Vec::new(), None);
    for component in &known.components {
        let part = component.r#type.to_ascii_lowercase();
        match part.as_str() {
            "header" if !matches!(component.format.as_str(), "" | "TEXT") => file = Some(kind(&component.format)?),
            "header" | "body" => {
                text.push(component.text.clone());
                blanks.extend(names(&component.text).enumerate().map(|(place, name)| Blank {
                    example: example(&component.example, &part, place, &name),
                    part: part.clone(),
                    name,
                }));
            }
            "footer" => text.push(component.text.clone()),
            "buttons" => {
                for (place, button) in component.buttons.iter().enumerate() {
                    if !matches!(button.r#type.as_str(), "QUICK_REPLY" | "URL" | "PHONE_NUMBER") {
                        return None;
                    }
                    let address = if button.url.is_empty() { String::new() } else { format!(" {}", button.url) };
                    text.push(format!("[{}]{address}", button.text));
                    let part = format!("button {place}");
                    blanks.extend(names(&button.url).map(|name| Blank { part: part.clone(), name, example: None }));
                }
            }
            _ => return None,
        }
    }
    Some(Template { name: known.name, language: known.language, text: text.join("\n\n"), blanks, file })
}

fn kind(format: &str) -> Option<FileKind> {
    match format {
        "IMAGE" => Some(FileKind::Image),
        "VIDEO" => Some(FileKind::Video),
        "DOCUMENT" => Some(FileKind::Document),
        _ => None,
    }
}

/// The blanks of a text, each once, in the order they stand there.
fn names(text: &str) -> impl Iterator<Item = String> + use<> {
    let mut found: Vec<String> = Vec::new();
    for piece in text.split("{{").skip(1) {
        let Some((name, _)) = piece.split_once("}}") else { continue };
        let name = name.trim().to_owned();
        if !found.contains(&name) {
            found.push(name);
        }
    }
    found.into_iter()
}

fn example(example: &Value, part: &str, place: usize, name: &str) -> Option<String> {
    let named = example.get(format!("{part}_text_named_params")).and_then(Value::as_array);
    let of_name = named.into_iter().flatten().find(|one| one.get("param_name").and_then(Value::as_str) == Some(name));
    let found = match of_name {
        Some(one) => one.get("example"),
        None => {
            let listed = example.get(format!("{part}_text"))?;
            // A header has a list, a body a list of lists.
            listed.get(0).and_then(|first| if first.is_array() { first.get(place) } else { listed.get(place) })
        }
    };
    found?.as_str().map(str::to_owned)
}

/// A filled template as it is sent; `file` is the one above it, and the id it has there.
pub(super) fn written(filled: &TemplateUse, file: Option<(&OutgoingAttachment, &str)>) -> Value {
    let mut components: Vec<Value> = Vec::new();
    if let Some((file, id)) = file {
        let (kind, media) = media(file, id);
        components.push(json!({ "type": "header", "parameters": [{ "type": kind, kind: media }] }));
    }
    let mut parts: Vec<&str> = Vec::new();
    for value in &filled.values {
        if !parts.contains(&value.part.as_str()) {
            parts.push(&value.part);
        }
    }
    for part in parts {
        let parameters: Vec<Value> = filled
            .values
            .iter()
            .filter(|value| value.part == part)
            .map(|value| match value.name.parse::<u32>() {
                Ok(_) => json!({ "type": "text", "text": value.value }),
                Err(_) => json!({ "type": "text", "parameter_name": value.name, "text": value.value }),
            })
            .collect();
        components.push(match part.strip_prefix("button ") {
            Some(place) => json!({ "type": "button", "sub_type": "url", "index": place, "parameters": parameters }),
            None => json!({ "type": part, "parameters": parameters }),
        });
    }
    let mut template = json!({ "name": filled.name, "language": { "code": filled.language } });
    if !components.is_empty()
        && let Some(template) = template.as_object_mut()
    {
        template.insert("components".to_owned(), components.into());
    }
    template
}
