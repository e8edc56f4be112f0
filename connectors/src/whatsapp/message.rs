//! What a message says, as text and files.

use inlet_model::AttachmentInfo;
use serde_json::Value;

use super::{
    errors::undelivered,
    wire::{Card, Location, Media, Message, Order, Referral},
};

/// What stands in place of something that is only on the phone.
const ELSEWHERE: &str = "look at it on your phone";

/// The text of a message, or the caption of a file, and what led to it.
pub(super) fn text(message: &Message) -> String {
    let lines = [said(message), product(message), referral(&message.referral)];
    lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n\n")
}

fn product(message: &Message) -> String {
    match message.context.referred_product.product_retailer_id.as_str() {
        "" => String::new(),
        product => format!("↪ About the product {product}"),
    }
}

fn referral(from: &Referral) -> String {
    let lines: Vec<&str> = [&from.headline, &from.body, &from.source_url]
        .into_iter()
        .map(|line| line.trim())
        .filter(|line| !line.is_empty())
        .collect();
    if lines.is_empty() { String::new() } else { format!("↪ From an advertisement or post: {}", lines.join("\n")) }
}

fn said(message: &Message) -> String {
    match message.r#type.as_str() {
        "text" => message.text.body.clone(),
        "location" => location(&message.location),
        "contacts" => message.contacts.iter().map(card).collect::<Vec<_>>().join("\n"),
        "button" => message.button.text.clone(),
        "interactive" => chosen(message),
        "order" => order(&message.order),
        "system" => message.system.body.clone(),
        "request_welcome" => "Opened this chat for the first time".to_owned(),
        "unsupported" | "unknown" | "errors" => unsupported(message),
        _ => match message.media() {
            Some(media) => media.caption.clone(),
            None if !message.text.body.is_empty() => message.text.body.clone(),
            None => format!("A message of a kind that Inlet cannot show ({}): {ELSEWHERE}.", message.r#type),
        },
    }
}

fn unsupported(message: &Message) -> String {
    match message.errors.first().map(|problem| problem.code) {
        None | Some(131_051) => format!("WhatsApp passes messages of this kind on to nobody else: {ELSEWHERE}."),
        Some(_) => format!("{} ({ELSEWHERE})", undelivered(&message.errors)),
    }
}

/// What somebody chose of what I offered.
fn chosen(message: &Message) -> String {
    let interactive = &message.interactive;
    let choice = interactive.button_reply.as_ref().or(interactive.list_reply.as_ref());
    match (choice, &interactive.nfm_reply) {
        (Some(choice), _) if !choice.description.is_empty() => format!("{}\n{}", choice.title, choice.description),
        (Some(choice), _) => choice.title.clone(),
        (None, Some(form)) if !form.body.is_empty() => form.body.clone(),
        (None, Some(_)) => format!("Filled in a form: {ELSEWHERE}."),
        (None, None) => format!("An answer of a kind that Inlet cannot show: {ELSEWHERE}."),
    }
}

fn location(place: &Location) -> String {
    let number = |value: &Value| value.as_f64().or_else(|| value.as_str()?.parse().ok());
    let mut lines: Vec<String> =
        [&place.name, &place.address].into_iter().filter(|line| !line.is_empty()).cloned().collect();
    if let (Some(latitude), Some(longitude)) = (number(&place.latitude), number(&place.longitude)) {
        lines.push(format!(
            "https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}#map=17/{latitude}/{longitude}"
        ));
    }
    format!("📍 {}", lines.join("\n"))
}

fn card(card: &Card) -> String {
    let name = Some(&card.name.formatted_name);
    let rest = card.phones.iter().map(|phone| &phone.phone).chain(card.emails.iter().map(|email| &email.email));
    let words: Vec<&str> = name
        .into_iter()
        .chain([&card.org.company])
        .chain(rest)
        .map(|word| word.trim())
        .filter(|word| !word.is_empty())
        .collect();
    format!("👤 {}", words.join(", "))
}

fn order(order: &Order) -> String {
    let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let items = order.product_items.iter().map(|item| {
        format!(
            "{} × {} ({} {})",
            plain(&item.quantity),
            item.product_retailer_id,
            plain(&item.item_price),
            item.currency
        )
    });
    let words = Some(order.text.clone()).filter(|text| !text.is_empty());
    format!("🛒 {}", words.into_iter().chain(items).collect::<Vec<_>>().join("\n"))
}

/// The file of a message. Its size is not told before it is fetched.
pub(super) fn attachments(message: &Message) -> Vec<AttachmentInfo> {
    let Some(media) = message.media().filter(|media| !media.id.is_empty()) else { return Vec::new() };
    let mime = media.mime_type.split(';').next().unwrap_or_default().trim().to_lowercase();
    vec![AttachmentInfo {
        part: media.id.clone(),
        name: name(media, &message.r#type, &mime),
        mime,
        ..AttachmentInfo::default()
    }]
}

fn name(media: &Media, kind: &str, mime: &str) -> String {
    if !media.filename.is_empty() {
        return media.filename.clone();
    }
    let end = match mime {
        "image/jpeg" => "jpg",
        "audio/mpeg" => "mp3",
        "audio/mp4" => "m4a",
        "text/plain" => "txt",
        other => other.rsplit('/').next().unwrap_or("bin"),
    };
    let word = match kind {
        "image" => "Photo",
        "video" => "Video",
        "sticker" => "Sticker",
        "audio" | "voice" => "Sound",
        _ => "File",
    };
    format!("{word}.{end}")
}
