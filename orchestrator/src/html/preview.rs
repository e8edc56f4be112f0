//! A file as the reader would show it.

use std::collections::HashMap;

use base64::{Engine, engine::general_purpose::STANDARD};

use super::{Contrast, FrameWords, RenderOptions, Rendered, Theme, document, render};
use crate::mime;

/// A mail or page from a file.
pub struct Preview {
    html: String,
    raw: Option<Vec<u8>>,
}

impl Preview {
    /// From the bytes of an .eml file, or of an .html file. A mail without HTML shows its text.
    #[must_use]
    pub fn of(bytes: &[u8], is_html: bool) -> Self {
        if is_html {
            return Self { html: String::from_utf8_lossy(bytes).into_owned(), raw: None };
        }
        let html = mime::html(bytes).unwrap_or_else(|| {
            let text = mime::text(bytes);
            format!("<pre>{}</pre>", text.replace('&', "&amp;").replace('<', "&lt;"))
        });
        Self { html, raw: Some(bytes.to_vec()) }
    }

    /// Remote images it would load if somebody asked for them.
    #[must_use]
    pub fn remote_images(&self) -> Vec<String> {
        self.render(HashMap::new()).remote_images
    }

    /// The document for the frame; `images` are remote ones that were asked for, as `data:` URIs.
    #[must_use]
    pub fn document(&self, images: HashMap<String, String>) -> String {
        document(&self.render(images), Theme::Light, Contrast::Normal, &FrameWords::default())
    }

    fn render(&self, images: HashMap<String, String>) -> Rendered {
        let inline = |content_id: &str| {
            let part = mime::cid(self.raw.as_deref()?, content_id)?;
            let raster = matches!(part.mime.as_str(), "image/png" | "image/jpeg" | "image/gif" | "image/webp");
            raster.then(|| format!("data:{};base64,{}", part.mime, STANDARD.encode(&part.bytes)))
        };
        render(&self.html, &RenderOptions { inline: &inline, images, ..RenderOptions::default() })
    }
}
