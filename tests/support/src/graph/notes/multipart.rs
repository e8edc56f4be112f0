//! Bodies of several parts (RFC 7578), as a page with its pictures is sent.

use bytes::Bytes;

/// A part.
pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) media: String,
    pub(crate) bytes: Bytes,
}

/// The parts of a body, or what is wrong with it.
pub(crate) fn parts(content_type: &str, body: &Bytes) -> Result<Vec<Part>, String> {
    let boundary = parameter(content_type, "boundary").ok_or("Content-Type has no boundary")?;
    let delimiter = format!("--{boundary}");
    let mut places = Vec::new();
    let mut from = 0;
    while let Some(place) = find(body, delimiter.as_bytes(), from) {
        places.push(place);
        from = place + delimiter.len();
    }
    let last = *places.last().ok_or("the boundary does not occur")?;
    if body.get(last + delimiter.len()..last + delimiter.len() + 2) != Some(b"--") {
        return Err("the last boundary does not end".to_owned());
    }
    places.windows(2).map(|pair| part(&body.slice(pair[0] + delimiter.len()..pair[1]))).collect()
}

fn part(bytes: &Bytes) -> Result<Part, String> {
    let end = find(bytes, b"\r\n\r\n", 0).ok_or("a part has no head")?;
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let field = |wanted: &str| {
        head.lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| name.trim().eq_ignore_ascii_case(wanted))
            .map(|(_, value)| value.trim().to_owned())
    };
    let disposition = field("content-disposition").ok_or("a part has no Content-Disposition")?;
    let body = bytes.slice(end + 4..);
    let body = if body.ends_with(b"\r\n") { body.slice(..body.len() - 2) } else { body };
    Ok(Part {
        name: parameter(&disposition, "name").ok_or("a part has no name")?,
        media: field("content-type").unwrap_or_else(|| "text/plain".to_owned()),
        bytes: body,
    })
}

fn parameter(header: &str, wanted: &str) -> Option<String> {
    header
        .split(';')
        .skip(1)
        .filter_map(|part| part.split_once('='))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case(wanted))
        .map(|(_, value)| value.trim().trim_matches('"').to_owned())
}

fn find(bytes: &[u8], wanted: &[u8], from: usize) -> Option<usize> {
    bytes.get(from..)?.windows(wanted.len()).position(|window| window == wanted).map(|place| place + from)
}
