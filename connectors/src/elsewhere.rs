//! Files that were shared and not sent: a platform tells what they are called and where they lie, and hands out none
//! of their bytes. OneDrive and SharePoint behind Teams and Google Drive behind Slack are accounts of their own, with a
//! consent of their own that nobody is asked for; the person has one in the browser already. So such a file is an
//! attachment, to be seen and found like any other, that is opened there.

use inlet_model::AttachmentInfo;
use percent_encoding::percent_decode_str;
use url::Url;

/// Longest address of a file, in bytes: no longer one is followed either.
const MAX_LINK: usize = 8_000;

/// The attachment of a file that lies at an address. Nothing for an address that is none of the web, that is not
/// encrypted, or that is too long to be followed.
pub(crate) fn linked(part: &str, name: Option<&str>, address: &str) -> Option<AttachmentInfo> {
    let url = Url::parse(address).ok().filter(|url| url.scheme() == "https" && url.as_str().len() <= MAX_LINK)?;
    let given = |name: &str| Some(name.trim().to_owned()).filter(|name| !name.is_empty());
    let name =
        name.and_then(given).or_else(|| given(&last_segment(&url))).or_else(|| url.host_str().map(str::to_owned));
    let name = name?;
    Some(AttachmentInfo {
        part: part.to_owned(),
        mime: media_type(&name).to_owned(),
        name,
        link: Some(url.into()),
        ..AttachmentInfo::default()
    })
}

/// What the path of an address ends with, decoded: mostly the name of a file.
fn last_segment(url: &Url) -> String {
    let last = url.path_segments().into_iter().flatten().rfind(|segment| !segment.is_empty()).unwrap_or_default();
    percent_decode_str(last).decode_utf8_lossy().into_owned()
}

/// What the ending of a name says of a file.
pub(crate) fn media_type(name: &str) -> &'static str {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    match ending.as_str() {
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "mp4" | "m4v" => "video/mp4",
        "mov" => "video/quicktime",
        "3gp" => "video/3gpp",
        "opus" | "ogg" | "oga" => "audio/ogg",
        "m4a" => "audio/mp4",
        "mp3" => "audio/mpeg",
        "aac" => "audio/aac",
        "pdf" => "application/pdf",
        "vcf" => "text/vcard",
        "txt" => "text/plain",
        "csv" => "text/csv",
        "zip" => "application/zip",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "pptx" => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "doc" => "application/msword",
        "xls" => "application/vnd.ms-excel",
        "ppt" => "application/vnd.ms-powerpoint",
        "odt" => "application/vnd.oasis.opendocument.text",
        "ods" => "application/vnd.oasis.opendocument.spreadsheet",
        "odp" => "application/vnd.oasis.opendocument.presentation",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_linked_by_an_encrypted_address_of_the_web_alone() {
        let file =
            linked("f", Some("Budget.xlsx"), "HTTPS://Contoso.example/Shared Documents/Büro/b.xlsx?d=1#p").unwrap();
        let link = "https://contoso.example/Shared%20Documents/B%C3%BCro/b.xlsx?d=1#p";
        assert_eq!((file.name.as_str(), file.link.as_deref(), file.size), ("Budget.xlsx", Some(link), 0));
        assert!(file.mime.ends_with("spreadsheetml.sheet"), "{}", file.mime);
        for address in [
            "",
            "b.xlsx",
            "//contoso.example/b.xlsx",
            "http://contoso.example/b.xlsx",
            "javascript:alert(1)//https://contoso.example",
            "data:text/html,<script>1</script>",
            "file:///etc/passwd",
            "mailto:ana@contoso.example",
            "https://",
            "https:///",
        ] {
            assert_eq!(linked("f", Some("Budget.xlsx"), address), None, "{address}");
        }
        let long = |length: usize| format!("https://x.example/{}", "a".repeat(length - "https://x.example/".len()));
        assert!(linked("f", Some("a"), &long(8_000)).is_some() && linked("f", Some("a"), &long(8_001)).is_none());
    }

    #[test]
    fn a_file_without_a_name_is_called_as_its_address_says() {
        let named = |name: Option<&str>, address: &str| linked("", name, address).unwrap().name;
        assert_eq!(named(None, "https://x.example/a/Sales%20plan+1%26%2.pptx/?web=1"), "Sales plan+1&%2.pptx");
        assert_eq!(named(Some(" \n"), "https://x.example/a.pdf"), "a.pdf");
        assert_eq!(named(Some(""), "https://x.example/"), "x.example");
        assert_eq!(named(Some(" a b "), "https://x.example/"), "a b");
    }
}
