//! Mailboxes: their names, their roles and the order in which they are worth pulling.

use base64::{
    Engine as _,
    alphabet::IMAP_MUTF7,
    engine::{GeneralPurpose, general_purpose::NO_PAD},
};
use inlet_model::{Result, Scope, ScopeRole};

use super::{answer::Listed, session::Session};

/// One mailbox of the account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Folder {
    /// Its name as the server writes it.
    pub(super) remote: String,
    /// Its name as people read it.
    pub(super) name: String,
    /// Its role.
    pub(super) role: ScopeRole,
    /// Its attributes, such as `\Flagged`.
    pub(super) attributes: Vec<String>,
}

/// The mailboxes of an account, in the order they should be pulled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Folders {
    pub(super) all: Vec<Folder>,
    /// The account is Gmail: mailboxes are labels of one big mailbox.
    pub(super) gmail: bool,
    /// What the names of new mailboxes begin with: `INBOX.` where the server keeps all of a person's
    /// mailboxes below the inbox, else nothing.
    pub(super) prefix: String,
    /// What stands between the levels of a name.
    pub(super) delimiter: Option<String>,
}

impl Folders {
    /// Asks the server.
    pub(super) async fn read(session: &mut Session) -> Result<Self> {
        let gmail = session.is_gmail();
        let special = session.can("SPECIAL-USE");
        // Gmail gives special uses unasked.
        let command = if special && session.can("LIST-EXTENDED") {
            "LIST \"\" \"*\" RETURN (SPECIAL-USE)"
        } else {
            "LIST \"\" \"*\""
        };
        let mut reply = session.run(command).await?.ok("list its folders")?;
        // An odd name costs itself; but where the inbox is missing, which everybody has (RFC 9051 §5.1), anything may be.
        if !reply.listed.iter().any(|one| one.name.eq_ignore_ascii_case("INBOX")) {
            reply = reply.whole()?;
        }
        Ok(Self::from_listed(reply.listed, gmail))
    }

    fn from_listed(listed: Vec<Listed>, gmail: bool) -> Self {
        let mut all: Vec<Folder> = Vec::with_capacity(listed.len());
        let level = listed.iter().find_map(|one| one.delimiter.clone()).filter(|delimiter| !delimiter.is_empty());
        let inbox = listed.iter().find(|one| one.name.eq_ignore_ascii_case("INBOX"));
        let below_inbox = inbox.and_then(|one| Some(format!("{}{}", one.name, one.delimiter.as_deref()?)));
        for Listed { attributes, delimiter, name: remote } in listed {
            let closed = |a: &String| a.eq_ignore_ascii_case("\\Noselect") || a.eq_ignore_ascii_case("\\NonExistent");
            if attributes.iter().any(closed) || all.iter().any(|folder| folder.remote == remote) {
                continue;
            }
            let inbox = remote.eq_ignore_ascii_case("INBOX");
            let role = if inbox { ScopeRole::Inbox } else { announced_role(&attributes).unwrap_or_default() };
            let name = if inbox { "Inbox".to_owned() } else { readable(&remote, delimiter.as_deref()) };
            all.push(Folder { remote, name, role, attributes });
        }
        guess_roles(&mut all);
        let prefix = prefix(&all, below_inbox);
        if !prefix.is_empty() {
            // What all of them begin with tells nobody anything.
            for folder in &mut all {
                folder.name = folder.name.strip_prefix("Inbox/").unwrap_or(&folder.name).to_owned();
            }
        }
        all.sort_by_key(|folder| match folder.role {
            ScopeRole::Inbox => 0,
            ScopeRole::All => 1,
            ScopeRole::Sent => 2,
            ScopeRole::Drafts => 3,
            ScopeRole::Archive => 4,
            ScopeRole::Junk => 6,
            ScopeRole::Trash => 7,
            _ => 5,
        });
        Self { all, gmail, prefix, delimiter: level }
    }

    /// The first mailbox of a role.
    pub(super) fn of_role(&self, role: ScopeRole) -> Option<&Folder> {
        self.all.iter().find(|folder| folder.role == role)
    }

    /// How the server writes a mailbox, or will once it is made. What names none yet is a person's
    /// word: with `/` between its levels and in no encoding.
    pub(super) fn written(&self, name: &str) -> String {
        let known = |folder: &&Folder| folder.remote == name;
        let read = |folder: &&Folder| folder.name == name;
        if let Some(folder) = self.all.iter().find(known).or_else(|| self.all.iter().find(read)) {
            return folder.remote.clone();
        }
        // The name of a mailbox that has gone meanwhile is one as the server writes it.
        let encoded = name.is_ascii() && decode_utf7(name).is_some();
        let levels = match &self.delimiter {
            Some(delimiter) => name.replace('/', delimiter),
            None => name.to_owned(),
        };
        let written = if encoded { levels } else { encode_utf7(&levels) };
        if written.starts_with(&self.prefix) { written } else { format!("{}{written}", self.prefix) }
    }

    /// As the engine wants them.
    pub(super) fn scopes(&self) -> Vec<Scope> {
        let whole = self.gmail.then(|| self.of_role(ScopeRole::All)).flatten().is_some();
        self.all
            .iter()
            .map(|folder| {
                // A view of mail that other mailboxes hold brings nothing new.
                let view =
                    folder.role == ScopeRole::All || ["\\Flagged", "\\Important"].iter().any(|mark| folder.has(mark));
                let pulled = if whole {
                    matches!(folder.role, ScopeRole::All | ScopeRole::Trash | ScopeRole::Junk)
                } else {
                    !view
                };
                let entrance = if whole { ScopeRole::All } else { ScopeRole::Inbox };
                Scope {
                    remote: folder.remote.clone(),
                    name: folder.name.clone(),
                    role: folder.role,
                    pulled,
                    live: folder.role == entrance,
                }
            })
            .collect()
    }
}

impl Folder {
    /// It has this attribute.
    pub(super) fn has(&self, attribute: &str) -> bool {
        self.attributes.iter().any(|own| own.eq_ignore_ascii_case(attribute))
    }
}

/// The role the server gives (RFC 6154).
fn announced_role(attributes: &[String]) -> Option<ScopeRole> {
    attributes.iter().find_map(|attribute| {
        Some(match attribute.to_ascii_lowercase().as_str() {
            "\\all" | "\\allmail" => ScopeRole::All,
            "\\archive" => ScopeRole::Archive,
            "\\drafts" => ScopeRole::Drafts,
            "\\junk" | "\\spam" => ScopeRole::Junk,
            "\\sent" => ScopeRole::Sent,
            "\\trash" => ScopeRole::Trash,
            _ => return None,
        })
    })
}

/// Names under which servers without SPECIAL-USE keep the usual folders, best first.
const WELL_KNOWN: [(ScopeRole, &[&str]); 5] = [
    (
        ScopeRole::Sent,
        &[
            "sent",
            "sent items",
            "sent messages",
            "sent mail",
            "gesendet",
            "gesendete elemente",
            "gesendete objekte",
            "envoyés",
            "messages envoyés",
            "éléments envoyés",
            "enviados",
            "elementos enviados",
            "posta inviata",
            "inviati",
            "verzonden",
            "verzonden items",
            "skickat",
            "sendt",
            "lähetetyt",
            "wysłane",
            "отправленные",
            "odeslané",
            "gönderilmiş",
            "已发送",
            "送信済み",
            "보낸 편지함",
        ],
    ),
    (
        ScopeRole::Drafts,
        &[
            "drafts",
            "draft",
            "entwürfe",
            "brouillons",
            "borradores",
            "bozze",
            "rascunhos",
            "concepten",
            "utkast",
            "kladder",
            "luonnokset",
            "szkice",
            "wersje robocze",
            "черновики",
            "koncepty",
            "taslaklar",
            "草稿",
            "下書き",
            "임시 보관함",
        ],
    ),
    (
        ScopeRole::Archive,
        &[
            "archive",
            "archives",
            "archiv",
            "archivo",
            "archivio",
            "arquivo",
            "archief",
            "arkiv",
            "arkisto",
            "archiwum",
            "архив",
            "arşiv",
            "归档",
            "アーカイブ",
            "보관함",
        ],
    ),
    (
        ScopeRole::Junk,
        &[
            "junk",
            "spam",
            "junk e-mail",
            "junk email",
            "bulk mail",
            "spamverdacht",
            "unerwünscht",
            "courrier indésirable",
            "indésirables",
            "correo no deseado",
            "posta indesiderata",
            "lixo eletrônico",
            "ongewenste e-mail",
            "skräppost",
            "roskaposti",
            "wiadomości-śmieci",
            "спам",
            "垃圾邮件",
            "迷惑メール",
            "스팸 편지함",
        ],
    ),
    (
        ScopeRole::Trash,
        &[
            "trash",
            "deleted items",
            "deleted messages",
            "deleted",
            "bin",
            "papierkorb",
            "gelöschte elemente",
            "gelöscht",
            "corbeille",
            "éléments supprimés",
            "papelera",
            "elementos eliminados",
            "cestino",
            "lixeira",
            "itens excluídos",
            "prullenbak",
            "verwijderde items",
            "papperskorg",
            "papirkurv",
            "roskakori",
            "kosz",
            "корзина",
            "koš",
            "çöp",
            "已删除",
            "ゴミ箱",
            "휴지통",
        ],
    ),
];

/// Gives the roles nobody announced to the folders whose names suggest them, one each.
fn guess_roles(all: &mut [Folder]) {
    for (role, names) in WELL_KNOWN {
        if all.iter().any(|folder| folder.role == role) {
            continue;
        }
        let best = all
            .iter_mut()
            .filter(|folder| folder.role == ScopeRole::Other)
            .filter_map(|folder| {
                // "INBOX.Sent" is shown as "Sent" under the inbox; a folder of a project is no special place.
                let name = folder.name.strip_prefix("Inbox/").unwrap_or(&folder.name).to_lowercase();
                let rank = names.iter().position(|known| *known == name)?;
                Some((rank, folder))
            })
            .min_by_key(|(rank, _)| *rank);
        if let Some((_, folder)) = best {
            folder.role = role;
        }
    }
}

/// The personal namespace as the names of the mailboxes show it (RFC 2342 would tell; servers that
/// keep everything below the inbox are old, and so is their NAMESPACE).
fn prefix(all: &[Folder], below_inbox: Option<String>) -> String {
    let others = || all.iter().filter(|folder| folder.role != ScopeRole::Inbox);
    let all_below =
        |below: &String| others().next().is_some() && others().all(|folder| folder.remote.starts_with(below.as_str()));
    below_inbox.filter(all_below).unwrap_or_default()
}

/// The name for people: decoded, levels separated by `/`.
fn readable(remote: &str, delimiter: Option<&str>) -> String {
    let decode = |level: &str| decode_utf7(level).unwrap_or_else(|| level.to_owned());
    match delimiter.filter(|delimiter| !delimiter.is_empty()) {
        Some(delimiter) => {
            let mut levels: Vec<String> = remote.split(delimiter).map(decode).collect();
            if let Some(first) = levels.first_mut().filter(|first| first.eq_ignore_ascii_case("INBOX")) {
                *first = "Inbox".to_owned();
            }
            levels.join("/")
        }
        None => decode(remote),
    }
}

fn engine() -> GeneralPurpose {
    GeneralPurpose::new(&IMAP_MUTF7, NO_PAD)
}

/// Modified UTF-7 (RFC 3501 §5.1.3) to text; `None` when it is not that.
pub(super) fn decode_utf7(encoded: &str) -> Option<String> {
    let mut text = String::with_capacity(encoded.len());
    let mut rest = encoded;
    while let Some((plain, shifted)) = rest.split_once('&') {
        text.push_str(plain);
        let (base64, after) = shifted.split_once('-')?;
        if base64.is_empty() {
            text.push('&');
        } else {
            let bytes = engine().decode(base64).ok()?;
            let units = bytes.chunks_exact(2).filter_map(|pair| pair.try_into().ok().map(u16::from_be_bytes));
            for unit in char::decode_utf16(units) {
                text.push(unit.ok()?);
            }
        }
        rest = after;
    }
    text.push_str(rest);
    Some(text)
}

/// Text to modified UTF-7.
pub(super) fn encode_utf7(text: &str) -> String {
    fn flush(pending: &mut Vec<u8>, encoded: &mut String) {
        if !pending.is_empty() {
            encoded.push('&');
            encoded.push_str(&engine().encode(std::mem::take(pending)));
            encoded.push('-');
        }
    }

    let (mut encoded, mut pending) = (String::with_capacity(text.len()), Vec::new());
    for c in text.chars() {
        if (' '..='~').contains(&c) {
            flush(&mut pending, &mut encoded);
            encoded.push(c);
            if c == '&' {
                encoded.push('-');
            }
        } else {
            pending.extend(c.encode_utf16(&mut [0; 2]).iter().flat_map(|unit| unit.to_be_bytes()));
        }
    }
    flush(&mut pending, &mut encoded);
    encoded
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)]
#[path = "folders_tests.rs"]
mod tests;
