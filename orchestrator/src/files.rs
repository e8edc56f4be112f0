//! Attachments: names a stranger chose, bytes a stranger sent.
//!
//! Bytes are kept under their own hash, so a name never becomes a path inside the store and the
//! same file sent twice is kept once. A name is only used when the person saves a file, and then
//! it is ours: one component, visible to its end, never over another file. Nothing is unpacked.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Seek, Write},
    path::{Path, PathBuf},
};

use async_trait::async_trait;
use inlet_model::{PartSink, SourceError};
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;
use unicode_normalization::UnicodeNormalization;

/// Longest file name, in bytes of UTF-8: below what every file system takes, with room for " (2)".
pub const MAX_NAME: usize = 200;
/// Largest single attachment that is kept, in bytes.
pub const MAX_SIZE: u64 = 2 * 1024 * 1024 * 1024;

/// Endings that run something when opened, on any of the three systems.
const EXECUTABLE: &[&str] = &[
    "0xe",
    "73k",
    "89k",
    "a6p",
    "ac",
    "acc",
    "ace",
    "acr",
    "action",
    "actm",
    "ade",
    "adp",
    "ahk",
    "air",
    "apk",
    "app",
    "appimage",
    "application",
    "appref-ms",
    "appx",
    "appxbundle",
    "arscript",
    "as",
    "asb",
    "asd",
    "asp",
    "aspx",
    "awk",
    "azw2",
    "bas",
    "bash",
    "bat",
    "beam",
    "bin",
    "btm",
    "cab",
    "cer",
    "cgi",
    "chm",
    "class",
    "cmd",
    "cnt",
    "com",
    "command",
    "cpl",
    "crt",
    "csh",
    "csr",
    "deb",
    "der",
    "desktop",
    "diagcab",
    "dll",
    "dmg",
    "dotm",
    "docm",
    "ds_store",
    "elf",
    "ex",
    "ex_",
    "exe",
    "fxp",
    "gadget",
    "grp",
    "hlp",
    "hpj",
    "hta",
    "htc",
    "htm",
    "html",
    "img",
    "inetloc",
    "fileloc",
    "webloc",
    "inf",
    "ins",
    "ipa",
    "iqy",
    "iso",
    "isp",
    "its",
    "jar",
    "jnlp",
    "js",
    "jse",
    "ksh",
    "lib",
    "library-ms",
    "lnk",
    "mad",
    "maf",
    "mag",
    "mam",
    "maq",
    "mar",
    "mas",
    "mat",
    "mau",
    "mav",
    "maw",
    "mcf",
    "mda",
    "mdb",
    "mde",
    "mdt",
    "mdw",
    "mdz",
    "mht",
    "mhtml",
    "mobileconfig",
    "mpkg",
    "msc",
    "msh",
    "msh1",
    "msh2",
    "mshxml",
    "msi",
    "msix",
    "msixbundle",
    "msp",
    "mst",
    "msu",
    "ocx",
    "one",
    "ops",
    "osd",
    "out",
    "oxt",
    "pcd",
    "pif",
    "pkg",
    "pl",
    "plg",
    "ppam",
    "pptm",
    "potm",
    "ppsm",
    "prf",
    "prg",
    "printerexport",
    "ps1",
    "ps1xml",
    "ps2",
    "psc1",
    "psc2",
    "psd1",
    "psdm1",
    "psm1",
    "pst",
    "py",
    "pyc",
    "pyo",
    "pyw",
    "pyz",
    "pyzw",
    "rb",
    "rdp",
    "reg",
    "rpm",
    "run",
    "scf",
    "scpt",
    "scptd",
    "scr",
    "sct",
    "search-ms",
    "searchconnector-ms",
    "service",
    "settingcontent-ms",
    "sh",
    "shb",
    "shs",
    "slk",
    "so",
    "svg",
    "sys",
    "sylk",
    "terminal",
    "theme",
    "themepack",
    "timer",
    "tmp",
    "tool",
    "udl",
    "url",
    "vb",
    "vbe",
    "vbp",
    "vbs",
    "vhd",
    "vhdx",
    "vmdk",
    "vsmacros",
    "vsw",
    "vxd",
    "webpnp",
    "website",
    "workflow",
    "ws",
    "wsc",
    "wsf",
    "wsh",
    "xbap",
    "xht",
    "xhtml",
    "xlam",
    "xll",
    "xlsm",
    "xltm",
    "xnk",
    "zsh",
    "wasm",
    "flatpak",
    "flatpakref",
    "snap",
];

/// Media types that run something.
const EXECUTABLE_TYPES: &[&str] = &[
    "application/x-msdownload",
    "application/x-msdos-program",
    "application/x-msi",
    "application/x-sh",
    "application/x-shellscript",
    "application/x-executable",
    "application/x-elf",
    "application/x-mach-binary",
    "application/vnd.microsoft.portable-executable",
    "application/java-archive",
    "application/javascript",
    "text/javascript",
    "application/x-javascript",
    "application/hta",
    "application/x-desktop",
    "application/x-apple-diskimage",
    "application/x-ms-shortcut",
    "application/vnd.android.package-archive",
    "application/x-python-code",
    "text/x-python",
    "text/x-sh",
    "text/vbscript",
    "application/x-bat",
    "application/x-dosexec",
    "text/html",
    "application/xhtml+xml",
    "image/svg+xml",
];

/// Names Windows keeps for devices, whatever ending follows.
const RESERVED: &[&str] = &["con", "prn", "aux", "nul", "conin$", "conout$", "clock$"];

/// A name to save a file under: the last component of what the sender wrote, as one visible line.
///
/// No separators, control or direction characters, no leading dot or dash, no device name of
/// Windows, no space or dot at the end, at most [`MAX_NAME`] bytes with the true ending kept.
/// Never empty.
pub fn safe_name(raw: &str) -> String {
    // Compatibility forms first: a full-width slash or dot is a slash or dot to some systems.
    let folded: String = raw.nfkc().take(4_096).collect();
    let last =
        folded.rsplit(['/', '\\', '\u{2044}', '\u{2215}', '\u{29f8}']).map(str::trim).find(|part| !part.is_empty());
    let mut name = String::new();
    let mut marks = 0;
    for c in last.unwrap_or_default().chars() {
        if is_invisible(c) {
            continue;
        }
        marks = if unicode_normalization::char::is_combining_mark(c) { marks + 1 } else { 0 };
        match c {
            _ if marks > 4 => {}
            '<' | '>' | ':' | '"' | '|' | '?' | '*' | '%' | '$' | '`' | '\u{fffd}' => name.push('_'),
            c if c.is_whitespace() => {
                if !name.ends_with(' ') {
                    name.push(' ');
                }
            }
            c => name.push(c),
        }
    }
    let name = name.trim_end_matches(['.', ' ']).trim_start();
    let name = match name.chars().next() {
        None => return "attachment".into(),
        Some('.' | '-' | '~') => format!("_{}", name.trim_start_matches(['.', '-', '~', ' '])),
        Some(_) => name.to_owned(),
    };
    let name = if is_reserved(&name) { format!("_{name}") } else { name };
    shortened(&name, MAX_NAME)
}

/// Control, format and direction characters, and spaces without width.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_lowercase();
    let numbered = stem.strip_prefix("com").or_else(|| stem.strip_prefix("lpt")).is_some_and(|rest| {
        let mut chars = rest.chars();
        matches!((chars.next(), chars.next()), (Some('0'..='9' | '¹' | '²' | '³'), None))
    });
    numbered || RESERVED.contains(&stem.as_str())
}

/// Stem and ending, the dot with the ending; an ending is at most 20 bytes.
fn split_ending(name: &str) -> (&str, &str) {
    let at = name.rfind('.').filter(|at| *at > 0 && name.len() - at <= 20).unwrap_or(name.len());
    name.split_at_checked(at).unwrap_or((name, ""))
}

fn shortened(name: &str, most: usize) -> String {
    if name.len() <= most {
        return name.to_owned();
    }
    let (stem, ending) = split_ending(name);
    let mut kept = String::new();
    for c in stem.chars() {
        if kept.len() + c.len_utf8() + ending.len() > most {
            break;
        }
        kept.push(c);
    }
    format!("{}{ending}", kept.trim_end())
}

/// Opening the file would run it, or show it as a page of its own: the person is asked first.
/// `name` is the name as sent or as saved.
pub fn is_executable(name: &str, mime: &str) -> bool {
    let name = safe_name(name).to_lowercase();
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending.trim());
    let mime = mime.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    EXECUTABLE.contains(&ending) || EXECUTABLE_TYPES.contains(&mime.as_str())
}

/// The kept attachments: one folder, each file under the SHA-256 of its bytes.
#[derive(Clone, Debug)]
pub struct Attachments {
    dir: PathBuf,
}

/// An attachment being written. It becomes a file of the store with [`Writing::finish`] and leaves
/// nothing behind when dropped.
#[derive(Debug)]
pub struct Writing {
    dir: PathBuf,
    file: NamedTempFile,
    hash: Sha256,
    size: u64,
    limit: u64,
}

/// An attachment in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// SHA-256 of the bytes, 64 lower-case hexadecimal digits.
    pub hash: String,
    /// Size in bytes.
    pub size: u64,
}

impl Attachments {
    /// The store in `dir`, which is made when it does not exist.
    ///
    /// # Errors
    /// What the file system says.
    pub fn open(dir: impl Into<PathBuf>) -> io::Result<Self> {
        let dir = dir.into();
        fs::create_dir_all(&dir)?;
        Ok(Self { dir })
    }

    /// Begins an attachment of at most `limit` bytes ([`MAX_SIZE`] is never exceeded).
    ///
    /// # Errors
    /// What the file system says.
    pub fn write(&self, limit: u64) -> io::Result<Writing> {
        let file = tempfile::Builder::new().prefix(".part-").tempfile_in(&self.dir)?;
        Ok(Writing { dir: self.dir.clone(), file, hash: Sha256::new(), size: 0, limit: limit.min(MAX_SIZE) })
    }

    /// Where the bytes of this hash are kept, when they are.
    pub fn path(&self, hash: &str) -> Option<PathBuf> {
        place(&self.dir, hash).filter(|path| path.is_file())
    }

    /// The bytes of this hash, at most `limit` of them; `None` when they are not kept or are more.
    ///
    /// # Errors
    /// What the file system says.
    pub fn read(&self, hash: &str, limit: u64) -> io::Result<Option<Vec<u8>>> {
        let Some(path) = self.path(hash) else { return Ok(None) };
        let mut bytes = Vec::new();
        File::open(path)?.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
        Ok((bytes.len() as u64 <= limit).then_some(bytes))
    }

    /// The hashes of everything that is kept.
    ///
    /// # Errors
    /// What the file system says.
    pub fn hashes(&self) -> io::Result<Vec<String>> {
        let mut hashes = Vec::new();
        for folder in fs::read_dir(&self.dir)? {
            let folder = folder?;
            if let (true, Some(start)) = (folder.file_type()?.is_dir(), folder.file_name().to_str()) {
                for file in fs::read_dir(folder.path())? {
                    hashes.extend(file?.file_name().to_str().map(|rest| format!("{start}{rest}")));
                }
            }
        }
        hashes.retain(|hash| place(&self.dir, hash).is_some());
        Ok(hashes)
    }

    /// Forgets the bytes of this hash; no error when they are not kept.
    ///
    /// # Errors
    /// What the file system says.
    pub fn remove(&self, hash: &str) -> io::Result<()> {
        match place(&self.dir, hash).map(fs::remove_file) {
            Some(Err(error)) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Saves a copy into `folder` under [`safe_name`] of `name`, with " (2)" and so on when that is
    /// taken; an existing file is never touched. The copy bears the system's mark of a file from
    /// elsewhere, where the system has one. Returns the path of the copy.
    ///
    /// # Errors
    /// [`io::ErrorKind::NotFound`] when the bytes are not kept; what the file system says.
    pub fn save_as(&self, hash: &str, folder: &Path, name: &str) -> io::Result<PathBuf> {
        let source = self
            .path(hash)
            .ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "the attachment was not downloaded yet"))?;
        let mut source = File::open(source)?;
        save_new(folder, &safe_name(name), |file| source.rewind().and_then(|()| io::copy(&mut source, file)).map(drop))
    }

    /// A copy in `folder` under [`safe_name`] of `name`, made when it is not there yet. The folder is
    /// made too, and belongs to these bytes alone.
    ///
    /// # Errors
    /// As [`Self::save_as`].
    pub fn copy_once(&self, hash: &str, folder: &Path, name: &str) -> io::Result<PathBuf> {
        let path = folder.join(safe_name(name));
        if path.is_file() {
            return Ok(path);
        }
        fs::create_dir_all(folder)?;
        self.save_as(hash, folder, name)
    }
}

/// Saves bytes as a new file, by the rules of [`Attachments::save_as`].
///
/// # Errors
/// What the file system says.
pub fn save_bytes(bytes: &[u8], folder: &Path, name: &str) -> io::Result<PathBuf> {
    save_new(folder, &safe_name(name), |file| file.write_all(bytes))
}

/// A name that ends so whatever it is cut to: [`safe_name`] keeps an ending of a few letters.
pub fn with_ending(name: &str, ending: &str) -> String {
    // What looks like an ending of the title is none.
    let plain: String = name.chars().take(120).map(|c| if matches!(c, '/' | '\\') { '-' } else { c }).collect();
    format!("{}{ending}", plain.trim_end_matches(ending))
}

/// Makes a folder of its own in `folder`, called as like `title` as a folder may be.
///
/// # Errors
/// What the file system says.
pub fn new_folder(folder: &Path, title: &str) -> io::Result<PathBuf> {
    let title: String = title.chars().take(80).map(|c| if matches!(c, '/' | '\\' | '.') { ' ' } else { c }).collect();
    let title = if title.trim().is_empty() { "Files" } else { title.trim() };
    let name = safe_name(title);
    for number in 1..NAMES {
        let path = folder.join(if number == 1 { name.clone() } else { format!("{name} ({number})") });
        match fs::create_dir(&path) {
            Ok(()) => return Ok(path),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(too_many())
}

/// Numbers that are tried behind a name that is taken.
const NAMES: u32 = 10_000;

fn too_many() -> io::Error {
    io::Error::new(io::ErrorKind::AlreadyExists, "there are too many of this name in the folder")
}

/// Writes a file whose name is not taken yet, and marks it as one from elsewhere.
fn save_new(folder: &Path, name: &str, mut fill: impl FnMut(&mut File) -> io::Result<()>) -> io::Result<PathBuf> {
    let (stem, ending) = split_ending(name);
    for number in 1..NAMES {
        let candidate = if number == 1 { name.to_owned() } else { format!("{stem} ({number}){ending}") };
        let path = folder.join(candidate);
        // create_new is O_EXCL: neither a file nor a link that lies there is followed.
        let mut file = match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
            Err(error) => return Err(error),
        };
        if let Err(error) = fill(&mut file).and_then(|()| mark(&path)) {
            drop(file);
            fs::remove_file(&path)?;
            return Err(error);
        }
        return Ok(path);
    }
    Err(too_many())
}

impl Writing {
    fn push(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.size += bytes.len() as u64;
        if self.size > self.limit {
            return Err(io::Error::new(
                io::ErrorKind::FileTooLarge,
                "the attachment is larger than announced and was not kept",
            ));
        }
        self.hash.update(bytes);
        self.file.write_all(bytes)
    }

    /// Puts the file into its place.
    ///
    /// # Errors
    /// What the file system says; then nothing is kept.
    pub fn finish(self) -> io::Result<Kept> {
        let hash: String = self.hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        let path = place(&self.dir, &hash).ok_or_else(|| io::Error::other("a hash is always a place"))?;
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        match self.file.persist_noclobber(&path) {
            Ok(_) => {}
            // The same bytes are there already.
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error.error),
        }
        Ok(Kept { hash, size: self.size })
    }
}

#[async_trait]
impl PartSink for Writing {
    async fn write(&mut self, bytes: &[u8]) -> inlet_model::Result<()> {
        self.push(bytes).map_err(|error| SourceError::Permanent(format!("the attachment cannot be kept: {error}")))
    }
}

/// Two digits of the hash are a folder of their own; anything that is no hash has no place.
fn place(dir: &Path, hash: &str) -> Option<PathBuf> {
    let plain = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f'));
    let (folder, rest) = hash.split_at_checked(2).filter(|_| plain)?;
    Some(dir.join(folder).join(rest))
}

/// The mark of a file from elsewhere: on Windows the zone stream (zone 3, the internet).
#[cfg(windows)]
fn mark(path: &Path) -> io::Result<()> {
    let mut stream = path.as_os_str().to_owned();
    stream.push(":Zone.Identifier");
    match fs::write(stream, "[ZoneTransfer]\r\nZoneId=3\r\n") {
        // FAT has no streams; a copy there cannot be marked.
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::InvalidFilename | io::ErrorKind::Unsupported
            ) =>
        {
            Ok(())
        }
        other => other,
    }
}

/// Linux knows no such mark; new files are not executable there.
#[cfg(not(windows))]
fn mark(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn honest_names_stay() {
        for name in ["report.pdf", "Grüße (final).docx", "北京.png", "דוח.pdf", "a b-c_d.tar.gz", "no ending"] {
            assert_eq!(safe_name(name), name);
        }
    }

    #[test]
    fn names_lose_what_deceives() {
        for (raw, safe) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\Windows\\x.dll", "x.dll"),
            ("", "attachment"),
            ("..", "attachment"),
            ("/", "attachment"),
            ("CON", "_CON"),
            ("com1.txt", "_com1.txt"),
            ("COM¹.txt", "_COM1.txt"),
            (".bashrc", "_bashrc"),
            ("-rf", "_rf"),
            ("x.txt.", "x.txt"),
            ("x.txt::$DATA", "x.txt___DATA"),
            ("invoice\u{202e}fdp.exe", "invoicefdp.exe"),
            ("x.pdf                         .exe", "x.pdf .exe"),
            ("ｘ．ｅｘｅ", "x.exe"),
            ("x\n.exe", "x.exe"),
        ] {
            assert_eq!(safe_name(raw), safe, "{raw:?}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_ending() {
        let name = safe_name(&format!("{}.exe", "界".repeat(300)));
        assert!(name.len() <= MAX_NAME && name.ends_with("界.exe"), "{name}");
    }

    #[test]
    fn what_runs_is_known() {
        for name in
            ["x.exe", "x.PDF.Exe", "x.exe. ", "x.js", "a.lnk", "a.html", "x.pdf   .scr", "ｘ．ｅｘｅ", "x\u{200b}.exe"]
        {
            assert!(is_executable(name, "application/octet-stream"), "{name}");
        }
        assert!(is_executable("photo.png", "application/x-msdownload; name=x"));
        for name in ["x.pdf", "x.png", "exe", "notes.txt", "archive.zip"] {
            assert!(!is_executable(name, "application/pdf"), "{name}");
        }
    }

    #[test]
    fn the_known_attacks() {
        let Ok(shared) = std::env::var("INLET_SHARED") else {
            println!("skipped: the_known_attacks: INLET_SHARED is not set");
            return;
        };
        let text = fs::read_to_string(format!("{shared}/attacks/filenames.json")).unwrap();
        let rows: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
        let store = tempfile::tempdir().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let attachments = Attachments::open(store.path()).unwrap();
        let mut writing = attachments.write(10).unwrap();
        writing.push(b"x").unwrap();
        let hash = writing.finish().unwrap().hash;
        let mut executables = 0;
        for row in &rows {
            let raw = row["raw"].as_str().unwrap();
            let name = safe_name(raw);
            assert!(!name.is_empty() && name.len() <= MAX_NAME, "{raw:?}");
            assert!(!name.contains(['/', '\\', ':', '\0']) && !name.chars().any(is_invisible), "{raw:?} → {name:?}");
            assert!(!name.starts_with(['.', '-', '~']) && !name.ends_with(['.', ' ']), "{raw:?} → {name:?}");
            assert!(!is_reserved(&name), "{raw:?} → {name:?}");
            let path = attachments.save_as(&hash, folder.path(), raw).unwrap();
            assert_eq!(path.parent(), Some(folder.path()), "{raw:?}");
            executables += usize::from(is_executable(raw, ""));
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), rows.len());
        assert!(executables >= 20, "{executables}");
    }

    #[tokio::test]
    async fn bytes_are_kept_once_under_their_hash() {
        let dir = tempfile::tempdir().unwrap();
        let attachments = Attachments::open(dir.path().join("new")).unwrap();
        let mut kept = Vec::new();
        for _ in 0..2 {
            let mut writing = attachments.write(MAX_SIZE).unwrap();
            PartSink::write(&mut writing, b"hello ").await.unwrap();
            PartSink::write(&mut writing, b"world").await.unwrap();
            kept.push(writing.finish().unwrap());
        }
        assert_eq!(kept[0], kept[1]);
        assert_eq!(kept[0].hash, "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9");
        assert_eq!(kept[0].size, 11);
        assert_eq!(attachments.read(&kept[0].hash, 11).unwrap().as_deref(), Some(&b"hello world"[..]));
        assert_eq!(attachments.read(&kept[0].hash, 10).unwrap(), None);
        attachments.remove(&kept[0].hash).unwrap();
        attachments.remove(&kept[0].hash).unwrap();
        assert_eq!(attachments.path(&kept[0].hash), None);
        assert_eq!(attachments.path("../../../../etc/passwd"), None);
    }

    #[tokio::test]
    async fn too_much_is_refused_and_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let attachments = Attachments::open(dir.path()).unwrap();
        let mut writing = attachments.write(3).unwrap();
        PartSink::write(&mut writing, b"abc").await.unwrap();
        assert!(matches!(PartSink::write(&mut writing, b"d").await, Err(SourceError::Permanent(_))));
        drop(writing);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }

    #[test]
    fn saving_never_overwrites() {
        let dir = tempfile::tempdir().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let attachments = Attachments::open(dir.path()).unwrap();
        let mut writing = attachments.write(10).unwrap();
        writing.push(b"new").unwrap();
        let hash = writing.finish().unwrap().hash;
        fs::write(folder.path().join("a.txt"), "old").unwrap();
        let path = attachments.save_as(&hash, folder.path(), "x/a.txt").unwrap();
        assert_eq!(path, folder.path().join("a (2).txt"));
        assert_eq!(fs::read_to_string(folder.path().join("a.txt")).unwrap(), "old");
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(attachments.save_as("nothing", folder.path(), "a").unwrap_err().kind(), io::ErrorKind::NotFound);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_lies_there_is_not_followed() {
        let dir = tempfile::tempdir().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let attachments = Attachments::open(dir.path()).unwrap();
        let hash = attachments.write(10).unwrap().finish().unwrap().hash;
        let target = dir.path().join("target");
        std::os::unix::fs::symlink(&target, folder.path().join("a.txt")).unwrap();
        assert_eq!(attachments.save_as(&hash, folder.path(), "a.txt").unwrap(), folder.path().join("a (2).txt"));
        assert!(!target.exists());
    }
}
