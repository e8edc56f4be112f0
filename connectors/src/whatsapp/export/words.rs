//! What stands in a message in place of what cannot be text: files, what was deleted, what was edited.
//!
//! Phones write these in their language. Where the form alone tells what is meant (a name of a file that lies
//! beside the text, a phrase in angle brackets behind a mark) no words are needed; the lists are for the rest.

use super::head::{bare, is_mark};

/// What a message says, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    /// The words, with what stands for a file that did not come along.
    pub(super) text: String,
    /// The words as the same message has them in an export with its files and in one without.
    pub(super) same: String,
    /// Names of files that came along.
    pub(super) files: Vec<String>,
    /// A file was left out.
    pub(super) omitted: bool,
    pub(super) edited: bool,
    /// Taken back; true inside when its author is whoever made the export.
    pub(super) deleted: Option<bool>,
}

/// Taken back by somebody, and by whoever made the export.
const DELETED: &[(&str, bool)] = &[
    ("this message was deleted", false),
    ("you deleted this message", true),
    ("diese nachricht wurde gelöscht", false),
    ("du hast diese nachricht gelöscht", true),
    ("se eliminó este mensaje", false),
    ("este mensaje fue eliminado", false),
    ("eliminaste este mensaje", true),
    ("ce message a été supprimé", false),
    ("vous avez supprimé ce message", true),
    ("questo messaggio è stato eliminato", false),
    ("hai eliminato questo messaggio", true),
    ("mensagem apagada", false),
    ("essa mensagem foi apagada", false),
    ("esta mensagem foi apagada", false),
    ("esta mensagem foi eliminada", false),
    ("você apagou esta mensagem", true),
    ("apagou esta mensagem", true),
    ("dit bericht is verwijderd", false),
    ("u hebt dit bericht verwijderd", true),
    ("je hebt dit bericht verwijderd", true),
    ("данное сообщение удалено", false),
    ("сообщение удалено", false),
    ("вы удалили данное сообщение", true),
    ("вы удалили это сообщение", true),
    ("bu mesaj silindi", false),
    ("bu mesajı sildiniz", true),
    ("ta wiadomość została usunięta", false),
    ("usunięto tę wiadomość", false),
    ("det här meddelandet togs bort", false),
    ("du tog bort det här meddelandet", true),
    ("denne meddelelse blev slettet", false),
    ("du slettede denne besked", true),
    ("tämä viesti poistettiin", false),
    ("poistit tämän viestin", true),
    ("تم حذف هذه الرسالة", false),
    ("لقد حذفت هذه الرسالة", true),
    ("यह मैसेज हटा दिया गया", false),
    ("このメッセージは削除されました", false),
    ("このメッセージを削除しました", true),
    ("삭제된 메시지입니다", false),
    ("이 메시지를 삭제했습니다", true),
    ("此消息已删除", false),
    ("你已删除此消息", true),
    ("您已删除此消息", true),
    ("此訊息已刪除", false),
    ("你已刪除此訊息", true),
    ("您已刪除此訊息", true),
];

/// Parts of the words that say a file was left out.
const OMITTED: &[&str] = &[
    "omitted",
    "weggelassen",
    "ausgeschlossen",
    "omitid",
    "oculta",
    "no incluid",
    "omis",
    "absent",
    "omess",
    "weggelaten",
    "не добавлен",
    "отсутств",
    "пропущен",
    "без медиафайлов",
    "dahil edilmedi",
    "pomini",
    "utelämn",
    "udelad",
    "utelatt",
    "jätetty",
    "تم استبعاد",
    "محذوف",
    "छोड़",
    "なし",
    "含まれていません",
    "省略",
    "생략",
    "제외",
    "忽略",
    "略過",
];

/// Parts of the words that say a message was edited.
const EDITED: &[&str] = &[
    "edited",
    "bearbeitet",
    "editó",
    "editad",
    "modifié",
    "modificato",
    "bewerkt",
    "изменен",
    "düzenlendi",
    "edytowan",
    "redigerat",
    "redigeret",
    "redigert",
    "muokat",
    "تعديل",
    "संपादित",
    "編集",
    "수정",
    "编辑",
    "編輯",
];

/// Reads a message; `there`: a file of this name came along.
pub(super) fn said(text: &str, there: impl Fn(&str) -> bool) -> Said {
    let mut said = Said::default();
    let whole = bare(text).trim_end_matches(['.', '。']).to_lowercase();
    if let Some((_, mine)) = DELETED.iter().find(|(words, _)| whole == *words) {
        said.deleted = Some(*mine);
        said.same = "\u{1}deleted".to_owned();
        return said;
    }
    let (text, edited) = without_edited(text);
    said.edited = edited;
    let (mut shown, mut rest) = (Vec::new(), Vec::new());
    for (number, line) in text.lines().enumerate() {
        if let Some((before, name)) = attached(line, number == 0, &there) {
            said.files.push(name.to_owned());
            let before = bare(before);
            if !before.is_empty() {
                shown.push(before);
                rest.push(before);
            }
        } else if omitted(line, number == 0) {
            said.omitted = true;
            shown.push(bare(line));
        } else {
            shown.push(line);
            rest.push(line);
        }
    }
    said.text = plain(&shown.join("\n"));
    said.same = plain(&rest.join("\n"));
    if said.omitted || !said.files.is_empty() {
        // An export without files names a document in the next line, one with them does not.
        if is_name(&said.same) {
            said.same.clear();
        }
        said.same.insert_str(0, "\u{1}file ");
    }
    said
}

/// Without marks of direction at the ends of its lines, which phones put around names and numbers.
fn plain(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(|line| line.trim_matches(is_mark).trim_end()).collect();
    lines.join("\n").trim().to_owned()
}

fn without_edited(text: &str) -> (&str, bool) {
    const LONGEST: usize = 60;
    let end = text.trim_end_matches(|c: char| is_mark(c) || c.is_whitespace());
    let Some(phrase) = end.strip_suffix('>').and_then(|end| end.rsplit_once('<')) else { return (text, false) };
    let (before, phrase) = phrase;
    let words = phrase.to_lowercase();
    let edited = phrase.chars().count() < LONGEST
        && !before.trim().is_empty()
        && !phrase.contains(['\n', ':'])
        && EDITED.iter().any(|part| words.contains(part));
    if edited { (before, true) } else { (text, false) }
}

/// What stands before a file in a line, and its name: `IMG-….jpg (file attached)`, or `<attached: ….jpg>`.
fn attached<'a>(line: &'a str, first: bool, there: &impl Fn(&str) -> bool) -> Option<(&'a str, &'a str)> {
    let end = line.trim_end_matches(|c: char| is_mark(c) || c.is_whitespace());
    if let Some((before, phrase)) = end.strip_suffix('>').and_then(|end| end.rsplit_once('<')) {
        let (words, name) = phrase.split_once([':', '：'])?;
        let name = bare(name);
        let marked = before.ends_with(is_mark);
        let known = words.chars().count() < 30 && !words.contains(['/', '@']) && is_name(name);
        return (known && (marked || there(name))).then_some((before, name));
    }
    let (name, phrase) = end.strip_suffix(')').filter(|_| first)?.rsplit_once('(')?;
    let marked = name.starts_with(is_mark);
    let name = bare(name);
    let known = phrase.chars().count() < 40 && is_name(name);
    (known && (marked || is_of_a_phone(name) || there(name))).then_some(("", name))
}

/// A name that can be one of a file in an export: one step, with an ending.
pub(super) fn is_name(name: &str) -> bool {
    const LONGEST: usize = 255;
    let ending = name.rsplit_once('.').map(|(stem, ending)| (stem.trim(), ending));
    name.len() <= LONGEST
        && !name.contains(['/', '\\', '\n', '\0', ':'])
        && ending.is_some_and(|(stem, ending)| {
            !stem.is_empty()
                && (1..=5).contains(&ending.len())
                && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}

/// A name Android gives: `IMG-20231231-WA0001.jpg`.
fn is_of_a_phone(name: &str) -> bool {
    let mut parts = name.split('-');
    let kind = parts.next().is_some_and(|kind| matches!(kind, "IMG" | "VID" | "AUD" | "PTT" | "DOC" | "STK"));
    let day = parts.next().is_some_and(|day| day.len() == 8 && day.bytes().all(|byte| byte.is_ascii_digit()));
    kind && day && parts.next().is_some_and(|number| number.starts_with("WA"))
}

/// The line stands for a file that was left out: `<Media omitted>`, or `‎image omitted` behind a mark.
fn omitted(line: &str, first: bool) -> bool {
    const LONGEST: usize = 60;
    let words = bare(line);
    if words.chars().count() > LONGEST || words.is_empty() {
        return false;
    }
    let lower = words.to_lowercase();
    let known = OMITTED.iter().any(|part| lower.contains(part));
    let bracketed = words.starts_with('<') && words.ends_with('>') && first;
    // In angle brackets, alone, and no tag: phones of a language that is not in the list.
    let phrase = bracketed && words.contains(|c: char| c == ' ' || !c.is_ascii()) && !words.contains(['/', '=', ':']);
    let marked = line.contains('\u{200e}') && known;
    bracketed && known || phrase || marked
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Said {
        said(text, |name| name == "offer.pdf")
    }

    #[test]
    fn files_are_known_by_their_form() {
        for (text, file, same) in [
            ("\u{200e}IMG-20231231-WA0001.jpg (file attached)\nlook", "IMG-20231231-WA0001.jpg", "\u{1}file look"),
            ("IMG-20231231-WA0001.jpg (Datei angehängt)", "IMG-20231231-WA0001.jpg", "\u{1}file "),
            ("offer.pdf (archivo adjunto)", "offer.pdf", "\u{1}file "),
            (
                "\u{200e}<attached: 00000012-PHOTO-2023-12-31-21-45-10.jpg>",
                "00000012-PHOTO-2023-12-31-21-45-10.jpg",
                "\u{1}file ",
            ),
            ("here \u{200e}<Anhang: 00000013-offer.pdf>", "00000013-offer.pdf", "\u{1}file here"),
            ("\u{200e}<pièce jointe : 00000014-AUDIO.opus>", "00000014-AUDIO.opus", "\u{1}file "),
        ] {
            let said = of(text);
            assert_eq!((said.files, said.same.as_str()), (vec![file.to_owned()], same), "{text}");
        }
        for text in [
            "see (file attached)",
            "mail.txt is not here",
            "<a: b.jpg>",
            "../../etc/passwd.txt (file attached)",
            "\u{200e}<attached: ../x.jpg>",
        ] {
            assert_eq!(of(text).files, Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn what_was_left_out_is_known_in_many_languages() {
        for text in [
            "<Media omitted>",
            "<Medien ausgeschlossen>",
            "<Multimedia omitido>",
            "<Médias omis>",
            "<Mídia oculta>",
            "<Media omessi>",
            "<Media weggelaten>",
            "<Без медиафайлов>",
            "<Medya dahil edilmedi>",
            "<미디어 파일을 제외한 내용>",
            "<メディアなし>",
            "<省略媒体文件>",
            "<تم استبعاد الوسائط>",
            "<Something in Klingon>",
            "\u{200e}image omitted",
            "\u{200e}Bild weggelassen",
            "\u{200e}imagen omitida",
            "\u{200e}image absente",
            "\u{200e}afbeelding weggelaten",
        ] {
            assert!(of(text).omitted, "{text}");
            assert_eq!(of(text).same, "\u{1}file ", "{text}");
        }
        let document = of("<Medien ausgeschlossen>\n4Bit Negierer.mod");
        assert_eq!((document.same.as_str(), document.text.lines().count()), ("\u{1}file ", 2));
        for text in ["<3", "<html>", "<b>bold</b>", "image omitted", "I omitted it"] {
            assert!(!of(text).omitted, "{text}");
        }
    }

    #[test]
    fn what_was_taken_back_or_edited_says_so() {
        assert_eq!(of("\u{200e}You deleted this message.").deleted, Some(true));
        assert_eq!(of("Diese Nachricht wurde gelöscht.").deleted, Some(false));
        assert_eq!(of("This message was deleted, he said").deleted, None);
        for text in [
            "done \u{200e}<This message was edited>",
            "done <Diese Nachricht wurde bearbeitet.>",
            "done <Se editó este mensaje.>",
        ] {
            let said = of(text);
            assert_eq!((said.text.as_str(), said.edited, said.omitted), ("done", true, false), "{text}");
        }
        assert!(!of("a <b> c").edited);
    }
}
