//! Attachments with real bytes: small, valid, and made from their names.
//!
//! A picture is a PNG with stored (uncompressed) deflate blocks, so that no encoder is needed; a PDF
//! is one page of Helvetica. Both open in any viewer.

use super::rng::{Rng, hash};

/// The bytes of a file and its media type. `text` is what is in it, for all but pictures.
pub(super) fn make(name: &str, text: &str) -> (Vec<u8>, &'static str) {
    match name.rsplit('.').next().unwrap_or_default() {
        "png" => (png(name), "image/png"),
        "pdf" => (pdf(text), "application/pdf"),
        "csv" => (text.replace('\n', "\r\n").into_bytes(), "text/csv"),
        "ics" => (text.replace('\n', "\r\n").into_bytes(), "text/calendar"),
        _ => (text.as_bytes().to_vec(), "text/plain"),
    }
}

const WIDTH: u32 = 160;
const HEIGHT: u32 = 100;

/// A picture (PNG, RFC 2083): tiles in the colours that the name hashes to.
fn png(name: &str) -> Vec<u8> {
    let mut rng = Rng::named(7, name);
    let mut colour = || [90, 120, 140].map(|base| u8::try_from(base + rng.below(100)).unwrap_or(128));
    let (one, two, grout) = (colour(), colour(), [236, 232, 224]);
    let side = 12 + u32::try_from(hash(name) % 14).unwrap_or(0);
    let mut pixels = Vec::with_capacity((HEIGHT * (WIDTH * 3 + 1)) as usize);
    for y in 0..HEIGHT {
        pixels.push(0);
        for x in 0..WIDTH {
            let offset = if (y / side) % 2 == 0 { 0 } else { side / 2 };
            let place = x + offset;
            let base = if y % side == 0 || place % side == 0 {
                grout
            } else if (place / side + y / side) % 3 == 0 {
                two
            } else {
                one
            };
            let light = u8::try_from((x + y) / 8).unwrap_or(0);
            pixels.extend(base.map(|value| value.saturating_add(light)));
        }
    }
    let mut zlib = vec![0x78, 0x01];
    let mut blocks = pixels.chunks(0xffff).peekable();
    while let Some(block) = blocks.next() {
        let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
        zlib.push(u8::from(blocks.peek().is_none()));
        zlib.extend(length.to_le_bytes());
        zlib.extend((!length).to_le_bytes());
        zlib.extend(block);
    }
    zlib.extend(adler32(&pixels).to_be_bytes());

    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = Vec::new();
    header.extend(WIDTH.to_be_bytes());
    header.extend(HEIGHT.to_be_bytes());
    header.extend([8, 2, 0, 0, 0]);
    for (kind, data) in [(b"IHDR", header), (b"IDAT", zlib), (b"IEND", Vec::new())] {
        out.extend(u32::try_from(data.len()).unwrap_or(0).to_be_bytes());
        let mut body = kind.to_vec();
        body.extend(data);
        out.extend(&body);
        out.extend(crc32(&body).to_be_bytes());
    }
    out
}

fn adler32(bytes: &[u8]) -> u32 {
    let (a, b) = bytes.iter().fold((1_u32, 0_u32), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65_521;
        (a, (b + a) % 65_521)
    });
    (b << 16) | a
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 })
    })
}

/// One page (PDF 1.4), the first line as its heading.
fn pdf(text: &str) -> Vec<u8> {
    let mut content = b"BT /F1 18 Tf 56 780 Td 22 TL\n".to_vec();
    for (index, line) in text.lines().enumerate() {
        if index == 1 {
            content.extend(b"/F1 11 Tf 16 TL\n");
        }
        content.push(b'(');
        for ch in line.chars() {
            match ch {
                '(' | ')' | '\\' => content.extend([b'\\', ch as u8]),
                '€' => content.push(0x80),
                '–' => content.push(0x96),
                // The first 256 code points are WinAnsi's, but for its 32 in the middle.
                _ => content.push(u8::try_from(u32::from(ch)).unwrap_or(b'?')),
            }
        }
        content.extend(b") Tj T*\n");
    }
    content.extend(b"ET");

    let mut objects = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_vec(),
    ];
    let mut stream = format!("<< /Length {} >>\nstream\n", content.len()).into_bytes();
    stream.extend(content);
    stream.extend(b"\nendstream");
    objects.push(stream);
    objects.push(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_vec());

    let mut out = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut table = b"0000000000 65535 f \n".to_vec();
    for (index, object) in objects.iter().enumerate() {
        table.extend(format!("{:010} 00000 n \n", out.len()).bytes());
        out.extend(format!("{} 0 obj\n", index + 1).bytes());
        out.extend(object);
        out.extend(b"\nendobj\n");
    }
    let start = out.len();
    let count = objects.len() + 1;
    out.extend(format!("xref\n0 {count}\n").bytes());
    out.extend(table);
    out.extend(format!("trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n").bytes());
    out
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_the_published_ones() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(adler32(b"Wikipedia"), 0x11e6_0398);
    }

    #[test]
    fn a_picture_has_the_chunks_it_announces() {
        let (bytes, mime) = make("tiles.png", "");
        assert_eq!(mime, "image/png");
        let mut rest = &bytes[8..];
        let mut kinds = Vec::new();
        while !rest.is_empty() {
            let length = u32::from_be_bytes(rest[..4].try_into().unwrap()) as usize;
            let body = &rest[4..8 + length];
            assert_eq!(crc32(body).to_be_bytes(), rest[8 + length..12 + length]);
            kinds.push(String::from_utf8(body[..4].to_vec()).unwrap());
            rest = &rest[12 + length..];
        }
        assert_eq!(kinds, ["IHDR", "IDAT", "IEND"]);
        assert_ne!(make("other.png", "").0, bytes);
    }

    #[test]
    fn the_cross_references_of_a_page_point_at_its_objects() {
        let (bytes, _) = make("a.pdf", "Quote (draft)\nTiles\\grout – 1 200 €\nÅäö 漢");
        let table = bytes.windows(5).position(|window| window == b"xref\n").unwrap();
        let text = String::from_utf8_lossy(&bytes[table..]).into_owned();
        for (index, line) in text.lines().skip(3).take(5).enumerate() {
            let offset: usize = line.get(..10).unwrap().parse().unwrap();
            let head = format!("{} 0 obj", index + 1);
            assert!(bytes[offset..].starts_with(head.as_bytes()), "{head}");
        }
        let start: usize = text.lines().rev().nth(1).unwrap().parse().unwrap();
        assert_eq!(start, table);
    }
}
