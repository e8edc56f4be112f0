//! Fetches a picture a mail refers to, after the person asked for it.
//!
//! The address was chosen by a stranger, and is judged again at each redirect (`outward.rs`). The bytes
//! may be made to break a decoder: they are decoded within bounds, in Rust, and encoded anew. What the
//! window gets was written by us.

use std::io::Cursor;

use base64::{Engine, engine::general_purpose::STANDARD};
use futures::StreamExt;
use image::{DynamicImage, ImageFormat, ImageReader, Limits, codecs::jpeg::JpegEncoder};
use inlet_model::{Result, SourceError};
use reqwest::header::{ACCEPT, LOCATION};
use url::Url;

use crate::{http, outward::Outward};

/// Bytes of one picture.
const MAX_BYTES: usize = 10 * 1024 * 1024;
/// Pixels on one side.
const MAX_SIDE: u32 = 8_192;
/// Memory a decoder may take.
const MAX_MEMORY: u64 = 160 * 1024 * 1024;
/// Redirects followed.
const MAX_REDIRECTS: usize = 5;
/// The sentence for an address that is not fetched from.
const REFUSAL: &str = "Pictures are only fetched from public web addresses.";
/// Above this many pixels a picture without transparency is encoded as JPEG.
const LARGE: u64 = 256 * 256;

/// Fetches pictures from public addresses.
pub struct ImageFetcher {
    outward: Outward,
}

impl ImageFetcher {
    /// A fetcher that refuses every address of this machine and of private networks.
    ///
    /// # Errors
    /// [`SourceError::Permanent`] when this build has no usable TLS.
    pub fn new() -> Result<Self> {
        Ok(Self { outward: Outward::new(REFUSAL)? })
    }

    /// A fetcher for tests, which may also talk to a server on this machine.
    ///
    /// # Errors
    /// As [`Self::new`].
    #[doc(hidden)]
    pub fn allow_loopback() -> Result<Self> {
        Ok(Self { outward: Outward::new(REFUSAL)?.allow_loopback() })
    }

    /// Fetches one picture (PNG, JPEG, GIF or WebP; the first frame of a moving one) and returns it
    /// as a `data:` URI of a PNG or JPEG.
    ///
    /// # Errors
    /// [`SourceError::Permanent`] for an address that is not fetched and for what is no picture
    /// within bounds; [`SourceError::Offline`] and [`SourceError::Transient`] as the network has it.
    pub async fn fetch(&self, url: &str) -> Result<String> {
        let refused = || self.outward.refused();
        let mut url = Url::parse(url).map_err(|_| refused())?;
        for _ in 0..=MAX_REDIRECTS {
            let client = self.outward.client(&url).await?;
            let response = client
                .get(url.clone())
                .header(ACCEPT, "image/png,image/jpeg,image/gif,image/webp")
                .send()
                .await
                .map_err(|error| http::failure(&error))?;
            let status = response.status();
            if status.is_redirection() {
                let target = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
                url = target.and_then(|target| url.join(target).ok()).ok_or_else(refused)?;
                continue;
            }
            if status.is_server_error() || status.as_u16() == 429 {
                return Err(SourceError::Transient("The picture's server is busy; try again later.".to_owned()));
            }
            if !status.is_success() {
                return Err(SourceError::Permanent("The picture is no longer there.".to_owned()));
            }
            let bytes = body(response).await?;
            return tokio::task::spawn_blocking(move || encode(&bytes))
                .await
                .map_err(|_| SourceError::Permanent("The picture cannot be read.".to_owned()))?;
        }
        Err(SourceError::Permanent("The picture's address leads in circles.".to_owned()))
    }
}

/// As [`ImageFetcher::fetch`], with a fetcher of its own.
///
/// # Errors
/// As [`ImageFetcher::fetch`].
pub async fn fetch_image(url: &str) -> Result<String> {
    ImageFetcher::new()?.fetch(url).await
}

async fn body(response: reqwest::Response) -> Result<Vec<u8>> {
    let too_large = || SourceError::Permanent("The picture is larger than 10 MB and is not shown.".to_owned());
    if response.content_length().is_some_and(|length| length > MAX_BYTES as u64) {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    let mut stream = response.bytes_stream();
    while let Some(chunk) = stream.next().await {
        bytes.extend_from_slice(&chunk.map_err(|error| http::failure(&error))?);
        if bytes.len() > MAX_BYTES {
            return Err(too_large());
        }
    }
    Ok(bytes)
}

/// Decodes a raster image within bounds and encodes it anew. The format is told by the bytes, never
/// by what the server called them.
fn encode(bytes: &[u8]) -> Result<String> {
    let unreadable = || SourceError::Permanent("This is not a picture that can be shown.".to_owned());
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| unreadable())?;
    let known = [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::Gif, ImageFormat::WebP];
    reader.format().filter(|format| known.contains(format)).ok_or_else(unreadable)?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_MEMORY);
    reader.limits(limits);
    let image = reader.decode().map_err(|_| unreadable())?;
    let pixels = u64::from(image.width()) * u64::from(image.height());
    let mut out = Vec::new();
    let kind = if !image.color().has_alpha() && pixels > LARGE {
        JpegEncoder::new_with_quality(&mut out, 85)
            .encode_image(&DynamicImage::ImageRgb8(image.into_rgb8()))
            .map_err(|_| unreadable())?;
        "jpeg"
    } else {
        DynamicImage::ImageRgba8(image.into_rgba8())
            .write_to(&mut Cursor::new(&mut out), ImageFormat::Png)
            .map_err(|_| unreadable())?;
        "png"
    };
    Ok(format!("data:image/{kind};base64,{}", STANDARD.encode(out)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]
mod tests {
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpListener,
    };

    use super::*;

    fn refused() -> SourceError {
        SourceError::Permanent(REFUSAL.to_owned())
    }

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut out = Vec::new();
        DynamicImage::new_rgb8(width, height).write_to(&mut Cursor::new(&mut out), ImageFormat::Png).unwrap();
        out
    }

    /// Answers each connection with the next of these, and returns what was asked.
    async fn server(answers: Vec<Vec<u8>>) -> (u16, tokio::task::JoinHandle<Vec<String>>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let task = tokio::spawn(async move {
            let mut asked = Vec::new();
            for answer in answers {
                let (mut socket, _) = listener.accept().await.unwrap();
                let mut request = vec![0; 4_096];
                let length = socket.read(&mut request).await.unwrap();
                asked.push(String::from_utf8_lossy(&request[..length]).into_owned());
                // A client that has seen enough hangs up in the middle.
                let _ = socket.write_all(&answer).await;
            }
            asked
        });
        (port, task)
    }

    fn answer(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
        let head = format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n", body.len());
        [head.as_bytes(), body].concat()
    }

    #[tokio::test]
    async fn a_picture_comes_back_written_anew_and_tells_nothing_about_us() {
        let (port, task) = server(vec![
            answer("302 Found", "Location: /b?x=1\r\nSet-Cookie: a=b\r\n", b""),
            answer("200 OK", "Content-Type: text/html\r\n", &png(3, 2)),
        ])
        .await;
        let uri = ImageFetcher::allow_loopback().unwrap().fetch(&format!("http://127.0.0.1:{port}/a")).await.unwrap();
        let bytes = STANDARD.decode(uri.strip_prefix("data:image/png;base64,").unwrap()).unwrap();
        let image = image::load_from_memory(&bytes).unwrap();
        assert_eq!((image.width(), image.height()), (3, 2));
        let asked = task.await.unwrap();
        assert!(asked[1].starts_with("GET /b?x=1 "), "{}", asked[1]);
        for request in &asked {
            let request = request.to_ascii_lowercase();
            assert!(
                !request.contains("cookie:") && !request.contains("referer:") && !request.contains("inlet"),
                "{request}"
            );
        }
    }

    #[tokio::test]
    async fn private_addresses_are_refused_before_anything_is_sent() {
        let fetcher = ImageFetcher::new().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        for url in [
            format!("http://127.0.0.1:{port}/"),
            format!("http://localhost:{port}/"),
            format!("http://[::ffff:127.0.0.1]:{port}/"),
            "http://2130706433/".into(),
            "http://10.0.0.1/x.png".into(),
            "http://169.254.169.254/latest/meta-data".into(),
            "http://100.64.1.1/".into(),
            "http://[fd00::1]/".into(),
            "https://user:pass@8.8.8.8/".into(),
            "ftp://8.8.8.8/x.png".into(),
            "file:///etc/passwd".into(),
            "data:image/png;base64,AAAA".into(),
            "nonsense".into(),
        ] {
            assert_eq!(fetcher.fetch(&url).await, Err(refused()), "{url}");
        }
        let nobody = tokio::time::timeout(std::time::Duration::from_millis(1), listener.accept()).await;
        assert!(nobody.is_err());
    }

    #[tokio::test]
    async fn a_redirect_into_the_network_is_refused() {
        for target in ["http://10.0.0.1/", "http://169.254.169.254/", "file:///etc/passwd", "http://[::]/"] {
            let (port, task) = server(vec![answer("301 Moved", &format!("Location: {target}\r\n"), b"")]).await;
            let fetcher = ImageFetcher::allow_loopback().unwrap();
            assert_eq!(fetcher.fetch(&format!("http://127.0.0.1:{port}/")).await, Err(refused()), "{target}");
            task.await.unwrap();
        }
    }

    #[tokio::test]
    async fn circles_end() {
        let (port, task) = server(vec![answer("302 Found", "Location: /\r\n", b""); MAX_REDIRECTS + 1]).await;
        let fetcher = ImageFetcher::allow_loopback().unwrap();
        let result = fetcher.fetch(&format!("http://127.0.0.1:{port}/")).await;
        assert!(matches!(result, Err(SourceError::Permanent(text)) if text.contains("circles")));
        assert_eq!(task.await.unwrap().len(), MAX_REDIRECTS + 1);
    }

    #[tokio::test]
    async fn too_many_bytes_are_refused_whether_announced_or_not() {
        let body = vec![0; MAX_BYTES + 1];
        let silent = [b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".as_slice(), &body].concat();
        for answer in [answer("200 OK", "", &body), silent] {
            let (port, task) = server(vec![answer]).await;
            let result = ImageFetcher::allow_loopback().unwrap().fetch(&format!("http://127.0.0.1:{port}/")).await;
            assert!(matches!(&result, Err(SourceError::Permanent(text)) if text.contains("10 MB")), "{result:?}");
            task.await.unwrap();
        }
    }

    #[test]
    fn only_raster_images_within_bounds() {
        for bytes in [
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".as_slice(),
            b"<html></html>",
            b"",
            b"\x89PNG\r\n\x1a\nbroken",
            b"BM\x00\x00",
            &png(1, 1)[..40],
            &png(MAX_SIDE + 1, 1),
        ] {
            assert!(encode(bytes).is_err());
        }
        assert!(encode(&png(2, 2)).unwrap().starts_with("data:image/png;base64,"));
        assert!(encode(&png(400, 300)).unwrap().starts_with("data:image/jpeg;base64,"));
    }

    #[test]
    fn an_image_that_claims_to_be_huge_costs_nothing() {
        let mut bytes = png(1, 1);
        bytes[16..24].copy_from_slice(&[0, 1, 0, 0, 0, 1, 0, 0]);
        assert!(encode(&bytes).is_err());
    }
}
