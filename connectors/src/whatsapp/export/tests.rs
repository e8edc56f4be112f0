//! Exports as phones write them, as they are damaged, and as somebody with bad intent makes them.

use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
};

use inlet_model::{
    Cursor, DynSource, Page, PartRef, Record, RemoteId, Scope, SourceError,
    account::{ChatExports, DateOrder, FilesConfig},
};
use tempfile::TempDir;
use zip::{ZipWriter, write::SimpleFileOptions};

use super::*;

/// The time zone of the tests: half an hour off, so that an hour that is a zone shows.
const ZONE: &str = "Asia/Kolkata";

fn told(me: Option<&str>, dates: Option<DateOrder>) -> ChatExports {
    ChatExports { me: me.map(str::to_owned), dates, zone: Some(ZONE.to_owned()) }
}

fn source(paths: &[&Path], chats: ChatExports) -> std::sync::Arc<dyn DynSource> {
    let config = FilesConfig { paths: paths.iter().map(|path| path.to_path_buf()).collect(), chats, holds: None };
    open(&config).unwrap().into_dyn()
}

/// What a store would hold.
#[derive(Default)]
struct Held {
    records: Vec<Record>,
    poison: Vec<(RemoteId, String)>,
    cursor: Option<Cursor>,
    /// Messages that came, with those that were known.
    came: usize,
}

impl Held {
    fn take(&mut self, page: Page<Record>) -> bool {
        self.came += page.upserts.len();
        for record in page.upserts {
            match self.records.iter_mut().find(|known| known.stable_id == record.stable_id) {
                Some(known) => *known = record,
                None => self.records.push(record),
            }
        }
        if let Some(present) = page.present {
            self.records.retain(|record| present.contains(record.remote_id.as_ref().unwrap()));
        }
        self.poison.extend(page.poison);
        self.cursor = Some(page.next);
        page.more
    }

    async fn drain(&mut self, source: &dyn DynSource) {
        let scope: Scope = source.scopes().await.unwrap().remove(0);
        loop {
            let page = match source.pull(&scope, self.cursor.as_ref()).await {
                Err(SourceError::CursorExpired) => source.pull(&scope, None).await.unwrap(),
                page => page.unwrap(),
            };
            if !self.take(page) {
                break;
            }
        }
        self.records.sort_by_key(|record| record.at);
    }

    async fn of(paths: &[&Path], chats: ChatExports) -> Self {
        let mut held = Self::default();
        held.drain(&*source(paths, chats)).await;
        held
    }

    /// Without what Inlet says itself.
    fn said(&self) -> Vec<&Record> {
        self.records.iter().filter(|record| !record.stable_id.starts_with("note/")).collect()
    }

    /// Time of the phone, who (me: `>`), and what.
    fn lines(&self) -> Vec<String> {
        let zone = jiff::tz::TimeZone::get(ZONE).unwrap();
        self.said()
            .iter()
            .map(|record| {
                let at = record.at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string();
                let who = record.from.as_ref().unwrap().label();
                format!("{at} {}{who}: {}", if record.from_me { ">" } else { "" }, record.text)
            })
            .collect()
    }

    fn note(&self) -> &str {
        &self.records.iter().find(|record| record.stable_id.starts_with("note/")).unwrap().text
    }
}

fn write(folder: &TempDir, name: &str, text: &str) -> PathBuf {
    let path = folder.path().join(name);
    fs::write(&path, text).unwrap();
    path
}

fn pack(folder: &TempDir, name: &str, entries: &[(&str, &[u8])]) -> PathBuf {
    let path = folder.path().join(name);
    let mut zip = ZipWriter::new(File::create(&path).unwrap());
    for (name, bytes) in entries {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap();
    path
}

/// The same talk as phones of nine languages and both systems write it: a question, an answer in two lines, a
/// file, one left out, one taken back by me, one edited, and what WhatsApp says.
struct Phone {
    language: &'static str,
    /// The name of the archive or the text.
    file: &'static str,
    text: &'static str,
}

const PHONES: &[Phone] = &[
    Phone {
        language: "English (United States), Android",
        file: "WhatsApp Chat with Ana.txt",
        text: "12/31/23, 9:45\u{202f}PM - Messages and calls are end-to-end encrypted.\n12/31/23, 9:45\u{202f}PM - Ana: Coming?\n12/31/23, 9:46\u{202f}PM - Ben: Yes\nat ten\n12/31/23, 9:47\u{202f}PM - Ana: \u{200e}IMG-20231231-WA0001.jpg (file attached)\n12/31/23, 9:48\u{202f}PM - Ana: <Media omitted>\n12/31/23, 9:49\u{202f}PM - Ben: You deleted this message\n1/1/24, 12:05\u{202f}AM - Ana: Happy new year <This message was edited>\n",
    },
    Phone {
        language: "English (United States), iOS",
        file: "WhatsApp Chat - Ana.zip",
        text: "\u{200e}[12/31/23, 9:45:01\u{202f}PM] Ana: \u{200e}Messages and calls are end-to-end encrypted.\r\n[12/31/23, 9:45:10\u{202f}PM] Ana: Coming?\r\n[12/31/23, 9:46:00\u{202f}PM] Ben: Yes\r\nat ten\r\n\u{200e}[12/31/23, 9:47:00\u{202f}PM] Ana: \u{200e}<attached: IMG-20231231-WA0001.jpg>\r\n\u{200e}[12/31/23, 9:48:00\u{202f}PM] Ana: \u{200e}image omitted\r\n[12/31/23, 9:49:00\u{202f}PM] Ben: \u{200e}You deleted this message.\r\n[1/1/24, 12:05:00\u{202f}AM] Ana: Happy new year \u{200e}<This message was edited>\r\n",
    },
    Phone {
        language: "German, Android",
        file: "WhatsApp-Chat mit Ana.txt",
        text: "31.12.23, 21:45 - Nachrichten und Anrufe sind Ende-zu-Ende-verschlüsselt.\n31.12.23, 21:45 - Ana: Coming?\n31.12.23, 21:46 - Ben: Yes\nat ten\n31.12.23, 21:47 - Ana: IMG-20231231-WA0001.jpg (Datei angehängt)\n31.12.23, 21:48 - Ana: <Medien ausgeschlossen>\n31.12.23, 21:49 - Ben: Du hast diese Nachricht gelöscht.\n01.01.24, 00:05 - Ana: Happy new year <Diese Nachricht wurde bearbeitet.>\n",
    },
    Phone {
        language: "German, iOS",
        file: "WhatsApp Chat - Ana.zip",
        text: "[31.12.23, 21:45:01] Ana: \u{200e}Nachrichten und Anrufe sind Ende-zu-Ende-verschlüsselt.\n[31.12.23, 21:45:10] Ana: Coming?\n[31.12.23, 21:46:00] Ben: Yes\nat ten\n[31.12.23, 21:47:00] Ana: \u{200e}<Anhang: IMG-20231231-WA0001.jpg>\n[31.12.23, 21:48:00] Ana: \u{200e}Bild weggelassen\n[31.12.23, 21:49:00] Ben: \u{200e}Du hast diese Nachricht gelöscht.\n[01.01.24, 00:05:00] Ana: Happy new year \u{200e}<Diese Nachricht wurde bearbeitet.>\n",
    },
    Phone {
        language: "Spanish, Android",
        file: "Chat de WhatsApp con Ana.txt",
        text: "31/12/23, 9:45 p.\u{a0}m. - Los mensajes y las llamadas están cifrados de extremo a extremo.\n31/12/23, 9:45 p.\u{a0}m. - Ana: Coming?\n31/12/23, 9:46 p.\u{a0}m. - Ben: Yes\nat ten\n31/12/23, 9:47 p.\u{a0}m. - Ana: IMG-20231231-WA0001.jpg (archivo adjunto)\n31/12/23, 9:48 p.\u{a0}m. - Ana: <Multimedia omitido>\n31/12/23, 9:49 p.\u{a0}m. - Ben: Eliminaste este mensaje.\n1/1/24, 12:05 a.\u{a0}m. - Ana: Happy new year <Se editó este mensaje.>\n",
    },
    Phone {
        language: "Spanish, iOS",
        file: "WhatsApp Chat - Ana.zip",
        text: "[31/12/23, 21:45:01] Ana: \u{200e}Los mensajes y las llamadas están cifrados.\n[31/12/23, 21:45:10] Ana: Coming?\n[31/12/23, 21:46:00] Ben: Yes\nat ten\n[31/12/23, 21:47:00] Ana: \u{200e}<adjunto: IMG-20231231-WA0001.jpg>\n[31/12/23, 21:48:00] Ana: \u{200e}imagen omitida\n[31/12/23, 21:49:00] Ben: \u{200e}Eliminaste este mensaje.\n[1/1/24, 0:05:00] Ana: Happy new year \u{200e}<Se editó este mensaje>\n",
    },
    Phone {
        language: "French, Android",
        file: "Discussion WhatsApp avec Ana.txt",
        text: "31/12/2023, 21:45 - Les messages et les appels sont chiffrés de bout en bout.\n31/12/2023, 21:45 - Ana: Coming?\n31/12/2023, 21:46 - Ben: Yes\nat ten\n31/12/2023, 21:47 - Ana: IMG-20231231-WA0001.jpg (fichier joint)\n31/12/2023, 21:48 - Ana: <Médias omis>\n31/12/2023, 21:49 - Ben: Vous avez supprimé ce message\n01/01/2024, 00:05 - Ana: Happy new year <Ce message a été modifié>\n",
    },
    Phone {
        language: "French, iOS",
        file: "WhatsApp Chat - Ana.zip",
        text: "[31/12/2023 21:45:01] Ana: \u{200e}Les messages et les appels sont chiffrés.\n[31/12/2023 21:45:10] Ana: Coming?\n[31/12/2023 21:46:00] Ben: Yes\nat ten\n[31/12/2023 21:47:00] Ana: \u{200e}<pièce jointe : IMG-20231231-WA0001.jpg>\n[31/12/2023 21:48:00] Ana: \u{200e}image absente\n[31/12/2023 21:49:00] Ben: \u{200e}Vous avez supprimé ce message.\n[01/01/2024 00:05:00] Ana: Happy new year \u{200e}<Ce message a été modifié>\n",
    },
    Phone {
        language: "Portuguese (Brazil), Android",
        file: "Conversa do WhatsApp com Ana.txt",
        text: "31/12/2023 21:45 - As mensagens e as ligações são protegidas.\n31/12/2023 21:45 - Ana: Coming?\n31/12/2023 21:46 - Ben: Yes\nat ten\n31/12/2023 21:47 - Ana: IMG-20231231-WA0001.jpg (arquivo anexado)\n31/12/2023 21:48 - Ana: <Mídia oculta>\n31/12/2023 21:49 - Ben: Você apagou esta mensagem\n01/01/2024 00:05 - Ana: Happy new year <Mensagem editada>\n",
    },
    Phone {
        language: "Italian, iOS",
        file: "WhatsApp Chat - Ana.zip",
        text: "[31/12/23, 21:45:01] Ana: \u{200e}I messaggi e le chiamate sono crittografati.\n[31/12/23, 21:45:10] Ana: Coming?\n[31/12/23, 21:46:00] Ben: Yes\nat ten\n[31/12/23, 21:47:00] Ana: \u{200e}<allegato: IMG-20231231-WA0001.jpg>\n[31/12/23, 21:48:00] Ana: \u{200e}immagine omessa\n[31/12/23, 21:49:00] Ben: \u{200e}Hai eliminato questo messaggio.\n[01/01/24, 00:05:00] Ana: Happy new year \u{200e}<Questo messaggio è stato modificato>\n",
    },
    Phone {
        language: "Dutch, Android",
        file: "WhatsApp-chat met Ana.txt",
        text: "31-12-2023 21:45 - Berichten en oproepen worden end-to-end versleuteld.\n31-12-2023 21:45 - Ana: Coming?\n31-12-2023 21:46 - Ben: Yes\nat ten\n31-12-2023 21:47 - Ana: IMG-20231231-WA0001.jpg (bestand bijgevoegd)\n31-12-2023 21:48 - Ana: <Media weggelaten>\n31-12-2023 21:49 - Ben: U hebt dit bericht verwijderd\n01-01-2024 00:05 - Ana: Happy new year <Dit bericht is bewerkt>\n",
    },
    Phone {
        language: "Russian, Android",
        file: "Чат WhatsApp с контактом Ana.txt",
        text: "31.12.2023, 21:45 - Сообщения и звонки защищены сквозным шифрованием.\n31.12.2023, 21:45 - Ana: Coming?\n31.12.2023, 21:46 - Ben: Yes\nat ten\n31.12.2023, 21:47 - Ana: IMG-20231231-WA0001.jpg (файл добавлен)\n31.12.2023, 21:48 - Ana: <Без медиафайлов>\n31.12.2023, 21:49 - Ben: Вы удалили данное сообщение\n01.01.2024, 00:05 - Ana: Happy new year <Сообщение изменено>\n",
    },
    Phone {
        language: "Korean, Android",
        file: "chat.txt",
        text: "2023. 12. 31. 오후 9:45, 메시지와 통화는 종단간 암호화됩니다\n2023. 12. 31. 오후 9:45, Ana : Coming?\n2023. 12. 31. 오후 9:46, Ben : Yes\nat ten\n2023. 12. 31. 오후 9:47, Ana : IMG-20231231-WA0001.jpg (파일 첨부됨)\n2023. 12. 31. 오후 9:48, Ana : <미디어 파일을 제외한 내용>\n2023. 12. 31. 오후 9:49, Ben : 이 메시지를 삭제했습니다\n2024. 1. 1. 오전 12:05, Ana : Happy new year <메시지가 수정되었습니다>\n",
    },
    Phone {
        language: "Chinese, iOS",
        file: "WhatsApp Chat - Ana.zip",
        text: "[2023/12/31 下午9:45:01] Ana: \u{200e}消息和通话已进行端到端加密。\n[2023/12/31 下午9:45:10] Ana: Coming?\n[2023/12/31 下午9:46:00] Ben: Yes\nat ten\n[2023/12/31 下午9:47:00] Ana: \u{200e}<附件：IMG-20231231-WA0001.jpg>\n[2023/12/31 下午9:48:00] Ana: \u{200e}图像已忽略\n[2023/12/31 下午9:49:00] Ben: \u{200e}您已删除此消息。\n[2024/1/1 上午12:05:00] Ana: Happy new year \u{200e}<此消息已编辑>\n",
    },
    Phone {
        language: "Arabic, Android",
        file: "محادثة واتساب مع Ana.txt",
        text: "\u{200f}٣١\u{200f}/١٢\u{200f}/٢٠٢٣، ٩:٤٥ م - الرسائل والمكالمات مشفرة تمامًا بين الطرفين.\n\u{200f}٣١\u{200f}/١٢\u{200f}/٢٠٢٣، ٩:٤٥ م - Ana: Coming?\n\u{200f}٣١\u{200f}/١٢\u{200f}/٢٠٢٣، ٩:٤٦ م - Ben: Yes\nat ten\n\u{200f}٣١\u{200f}/١٢\u{200f}/٢٠٢٣، ٩:٤٧ م - Ana: IMG-20231231-WA0001.jpg (الملف مرفق)\n\u{200f}٣١\u{200f}/١٢\u{200f}/٢٠٢٣، ٩:٤٨ م - Ana: <تم استبعاد الوسائط>\n\u{200f}٣١\u{200f}/١٢\u{200f}/٢٠٢٣، ٩:٤٩ م - Ben: لقد حذفت هذه الرسالة\n\u{200f}١\u{200f}/١\u{200f}/٢٠٢٤، ١٢:٠٥ ص - Ana: Happy new year <تم تعديل هذه الرسالة>\n",
    },
];

impl Phone {
    fn bring(&self, folder: &TempDir) -> PathBuf {
        if self.file.ends_with(".zip") {
            let files: &[(&str, &[u8])] = &[("_chat.txt", self.text.as_bytes()), ("IMG-20231231-WA0001.jpg", b"jpeg")];
            return pack(folder, self.file, files);
        }
        write(folder, "IMG-20231231-WA0001.jpg", "jpeg");
        write(folder, self.file, self.text)
    }
}

#[tokio::test]
async fn phones_of_many_languages_tell_the_same_talk() {
    for phone in PHONES {
        let folder = tempfile::tempdir().unwrap();
        let path = phone.bring(&folder);
        let held = Held::of(&[&path], told(None, None)).await;
        let lines = held.lines();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let language = phone.language;
        assert_eq!(lines.len(), 7, "{language}: {lines:#?}");
        assert_eq!(lines[1], "2023-12-31 21:45 Ana: Coming?", "{language}");
        assert_eq!(lines[2], "2023-12-31 21:46 >Ben: Yes\nat ten", "{language}");
        assert_eq!(lines[3], "2023-12-31 21:47 Ana: ", "{language}");
        assert_eq!(lines[6], "2024-01-01 00:05 Ana: Happy new year", "{language}");
        let said = held.said();
        assert_eq!(said[3].attachments[0].mime, "image/jpeg", "{language}");
        assert!(said[4].attachments.is_empty() && !said[4].text.is_empty(), "{language}");
        assert!(said[5].retracted && said[5].from_me && said[5].text.is_empty(), "{language}");
        assert!(said[6].edited_at.is_some(), "{language}");
        assert!(said.iter().all(|record| record.title.is_empty() && record.flags.read), "{language}");
        assert!(held.poison.is_empty(), "{language}: {:?}", held.poison);
        let note = held.note();
        assert!(note.contains("You are Ben, who took back messages") && note.contains(ZONE), "{language}: {note}");

        let again = source(&[&path], told(None, None));
        let part = PartRef {
            scope: "exports".into(),
            remote_id: said[3].remote_id.clone().unwrap(),
            part: said[3].attachments[0].part.clone(),
        };
        let mut bytes = Vec::new();
        again.fetch(&part, &mut bytes).await.unwrap();
        assert_eq!(bytes, b"jpeg", "{language}");
        let check = again.check().await.unwrap();
        assert!(
            check.ok() && check.steps[0].detail.contains("7 messages of 2 people, 1 files, 1 files left out"),
            "{:?}",
            check.steps
        );
    }
}

#[tokio::test]
async fn a_later_export_adds_only_what_is_new() {
    let folder = tempfile::tempdir().unwrap();
    let mut text = String::new();
    for n in 0..1200 {
        text.push_str(&format!(
            "31.12.23, {:02}:{:02} - {}: ok\n",
            n / 60,
            n % 60 / 5,
            if n % 3 == 0 { "Ana" } else { "Ben" }
        ));
    }
    let first = write(&folder, "WhatsApp-Chat mit Ana.txt", &text);
    let mut held = Held::of(&[&first], told(None, None)).await;
    assert_eq!(held.said().len(), 1200, "what is said twice in a minute is there twice");

    // The same once more, under the name that a second download gets: nothing is read again.
    let came = held.came;
    let second = write(&folder, "WhatsApp-Chat mit Ana (1).txt", &text);
    held.drain(&*source(&[&first, &second], told(None, None))).await;
    assert_eq!((held.said().len(), held.came), (1200, came));

    // A longer one, which lacks the beginning: phones cut it.
    let longer: String = text.lines().skip(300).map(|line| format!("{line}\n")).collect();
    let third = write(
        &folder,
        "WhatsApp-Chat mit Ana (2).txt",
        &format!("{longer}01.01.24, 10:00 - Ana: new\n01.01.24, 10:00 - Ana: new\n"),
    );
    held.drain(&*source(&[&first, &second, &third], told(None, None))).await;
    assert_eq!(held.said().len(), 1202);
    assert!(held.said().iter().all(|record| record.thread_key.as_deref() == Some("chat/ana")));

    // What was put away takes nothing with it.
    for path in [&first, &second, &third] {
        fs::remove_file(path).unwrap();
    }
    held.drain(&*source(&[&first, &second, &third], told(None, None))).await;
    assert_eq!(held.said().len(), 1202);
}

#[tokio::test]
async fn an_export_with_its_files_and_one_without_are_the_same_messages() {
    let folder = tempfile::tempdir().unwrap();
    let rich = "31.12.23, 21:45 - Ana: IMG-20231231-WA0001.jpg (Datei angehängt)\nlook\n31.12.23, 21:46 - Ben: nice\n";
    let poor = "31.12.23, 21:45 - Ana: <Medien ausgeschlossen>\nlook\n31.12.23, 21:46 - Ben: nice\n31.12.23, 21:47 - Ana: :)\n";
    let first = pack(
        &folder,
        "WhatsApp-Chat mit Ana.zip",
        &[("WhatsApp-Chat mit Ana.txt", rich.as_bytes()), ("IMG-20231231-WA0001.jpg", b"jpeg")],
    );
    let mut held = Held::of(&[&first], told(None, None)).await;
    let second = write(&folder, "WhatsApp-Chat mit Ana.txt", poor);
    held.drain(&*source(&[&first, &second], told(None, None))).await;
    let said = held.said();
    assert_eq!(said.len(), 3);
    assert_eq!((said[0].text.as_str(), said[0].attachments.len()), ("look", 1), "the file stays");
}

#[tokio::test]
async fn groups_have_names_and_people() {
    let folder = tempfile::tempdir().unwrap();
    let path = pack(&folder, "WhatsApp Chat - Book club.zip", &[("_chat.txt", "[03.02.24, 10:00:00] Book club: \u{200e}Messages are encrypted.\n[03.02.24, 10:00:05] Book club: \u{200e}Ana created this group\n[03.02.24, 10:01:00] Ana: hi\n[03.02.24, 10:02:00] +49 170 1234567: hello\n[03.02.24, 10:03:00] ~\u{a0}Cleo: hey\n[03.02.24, 10:04:00] Ben: hi all\n".as_bytes())]);
    let held = Held::of(&[&path], told(Some("ben"), None)).await;
    let said = held.said();
    assert!(said.iter().all(|record| record.title == "Book club"));
    let people: Vec<&str> = said[0].to.iter().map(|party| party.handle.as_str()).collect();
    assert_eq!(people, ["+491701234567", "Ana", "Cleo"]);
    let lines = held.lines();
    assert_eq!(lines[0], "2024-02-03 10:00 WhatsApp: \u{200e}Messages are encrypted.".replace('\u{200e}', ""));
    assert_eq!(lines[5], "2024-02-03 10:04 >Ben: hi all");
    assert!(held.note().contains("You are Ben, as you said"));

    // Nobody says who I am: nobody is taken for me, and that is said.
    let held = Held::of(&[&path], told(None, None)).await;
    assert!(held.said().iter().all(|record| !record.from_me));
    assert!(held.note().contains("Nobody in it is taken to be you"));

    // Another export does.
    let pair =
        write(&folder, "WhatsApp Chat with Ana.txt", "03.02.24, 11:00 - Ana: just us\n03.02.24, 11:01 - Ben: yes\n");
    let held = Held::of(&[&path, &pair], told(None, None)).await;
    assert_eq!(held.said().iter().filter(|record| record.from_me).count(), 2);
    assert!(held.records.iter().any(|record| record.text.contains("You are Ben, the only one beside Ana")));
    assert!(held.records.iter().any(|record| record.text.contains("You are Ben, as in other exports")));
}

#[tokio::test]
async fn a_doubt_about_dates_is_said_and_settled() {
    let folder = tempfile::tempdir().unwrap();
    let path = write(&folder, "WhatsApp Chat with Ana.txt", "03/02/24, 10:00 - Ana: hi\n03/02/24, 10:01 - Ben: hi\n");
    let mut held = Held::of(&[&path], told(None, None)).await;
    assert!(held.lines()[0].starts_with("2024-02-03") && held.note().contains("the day was taken"));

    // The person says it: what was read otherwise goes.
    held.drain(&*source(&[&path], told(None, Some(DateOrder::Mdy)))).await;
    assert_eq!(held.lines(), ["2024-03-02 10:00 Ana: hi", "2024-03-02 10:01 >Ben: hi"]);
    assert!(!held.note().contains("was taken"));

    // A longer export, or another chat of that phone, settles it too.
    let mut held = Held::of(&[&path], told(None, None)).await;
    let other =
        write(&folder, "WhatsApp Chat with Cleo.txt", "03/25/24, 10:00 - Cleo: hi\n03/26/24, 10:01 - Ben: hi\n");
    held.drain(&*source(&[&path, &other], told(None, None))).await;
    assert_eq!(held.lines().len(), 4);
    assert!(held.lines()[0].starts_with("2024-03-02"), "{:?}", held.lines());
}

#[tokio::test]
async fn one_bad_file_never_stops_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let good = write(
        &folder,
        "WhatsApp Chat with Ana.txt",
        "noise\n31.12.23, 21:45 - Ana: hi\n31.12.23, 21:46 - Ben: \u{fffd}ok\n99.99.23, 21:46 - Ana: no such day\n",
    );
    let mut bytes = fs::read(&good).unwrap();
    bytes.extend(b"31.12.23, 21:47 - Ana: \xff\xfe broken\n");
    fs::write(&good, bytes).unwrap();
    let text = "[31.12.23, 21:45:00] Cleo: hi\n".repeat(4000);
    let damaged = pack(&folder, "WhatsApp Chat - Cleo.zip", &[("_chat.txt", text.as_bytes())]);
    let mut bytes = fs::read(&damaged).unwrap();
    let middle = bytes.len() / 3;
    for byte in &mut bytes[middle..middle + 40] {
        *byte ^= 0x5a;
    }
    fs::write(&damaged, bytes).unwrap();
    let held = Held::of(&[folder.path()], told(None, None)).await;
    assert_eq!(held.said().len(), 4, "{:?}", held.lines());
    assert!(held.said()[3].text.contains("broken"));
    let check = source(&[folder.path()], told(None, None)).check().await.unwrap();
    assert!(check.steps.iter().any(|step| step.ok) && check.steps.len() == 1 + held.poison.len(), "{:?}", check.steps);
}

#[tokio::test]
async fn archives_with_bad_intent_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    // A text that unpacks to a thousand times its size.
    let mut bomb = b"[31.12.23, 21:45:00] Ana: hi\n".to_vec();
    bomb.resize(64 << 20, b'a');
    let bomb = pack(&folder, "WhatsApp Chat - Bomb.zip", &[("_chat.txt", &bomb)]);
    let held = Held::of(&[&bomb], told(None, None)).await;
    assert!(held.records.is_empty() && held.poison[0].1.contains("far more than an export holds"), "{:?}", held.poison);

    // Names that lead out of it are no files of it; the words stay.
    let text = "[31.12.23, 21:45:00] Ana: \u{200e}<attached: ../../secret.txt>\n[31.12.23, 21:46:00] Ben: \u{200e}<attached: evil.jpg>\n";
    let path = pack(
        &folder,
        "WhatsApp Chat - Ana.zip",
        &[("_chat.txt", text.as_bytes()), ("../../secret.txt", b"x"), ("../evil.jpg", b"x")],
    );
    let held = Held::of(&[&path], told(None, None)).await;
    let said = held.said();
    assert!(said.len() == 2 && said.iter().all(|record| record.attachments.is_empty()));
    assert_eq!(said[0].text, "<attached: ../../secret.txt>");
    let outside = write(&folder, "secret.txt", "x");
    for name in ["../secret.txt", "/etc/passwd", "..\\secret.txt", "secret"] {
        let part = PartRef {
            scope: "exports".into(),
            remote_id: RemoteId("x".into()),
            part: serde_json::to_string(&(&path, name)).unwrap(),
        };
        assert!(source(&[&path], told(None, None)).fetch(&part, &mut Vec::new()).await.is_err(), "{name}");
    }
    // A path that was not brought in is not looked at.
    let part = PartRef {
        scope: "exports".into(),
        remote_id: RemoteId("x".into()),
        part: serde_json::to_string(&(&outside, "secret.txt")).unwrap(),
    };
    assert!(source(&[&path], told(None, None)).fetch(&part, &mut Vec::new()).await.is_err());
}

#[tokio::test]
async fn mail_and_chats_of_one_folder_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let chat = folder.path().join("WhatsApp Chat - Ana");
    fs::create_dir(&chat).unwrap();
    fs::write(chat.join("_chat.txt"), "[31.12.23, 21:45:00] Ana: \u{200e}<attached: 00000001-PHOTO.jpg>\n").unwrap();
    fs::write(chat.join("00000001-PHOTO.jpg"), "jpeg").unwrap();
    let open = |paths: &[PathBuf]| {
        let config = FilesConfig { paths: paths.to_vec(), chats: told(None, None), holds: None };
        crate::files::open(&config)
            .unwrap()
            .into_iter()
            .map(|source| source.into_dyn().source_type().as_str())
            .collect::<Vec<_>>()
    };
    assert_eq!(open(&[folder.path().to_path_buf()]), ["whatsapp"], "a photo with a number for a name is no mail");
    fs::write(folder.path().join("offer.eml"), "Subject: one\n\nx").unwrap();
    assert_eq!(open(&[folder.path().to_path_buf()]), ["files", "whatsapp"]);
    assert_eq!(open(&[folder.path().join("offer.eml")]), ["files"]);
    assert_eq!(open(&[chat.join("_chat.txt")]), ["whatsapp"]);
    assert_eq!(
        open(&[PathBuf::from("/nowhere/WhatsApp Chat with Ana.zip")]),
        ["whatsapp"],
        "what was put away is kept"
    );
    let held = Held::of(&[folder.path()], told(None, None)).await;
    assert_eq!((held.said()[0].thread_key.as_deref(), held.said()[0].attachments.len()), (Some("chat/ana"), 1));
}

#[tokio::test]
async fn a_chat_that_is_broken_off_goes_on_in_another_run() {
    let folder = tempfile::tempdir().unwrap();
    let text: String = (0..1300).map(|n| format!("31.12.23, {:02}:{:02} - Ana: {n}\n", n / 60, n % 60)).collect();
    let path = write(&folder, "WhatsApp Chat with Ana.txt", &text);
    let mut held = Held::default();
    loop {
        let source = source(&[&path], told(None, None));
        let scope = source.scopes().await.unwrap().remove(0);
        let page = source.pull(&scope, held.cursor.as_ref()).await.unwrap();
        assert!(page.upserts.len() <= 501 && page.progress.unwrap().total >= Some(1300));
        if !held.take(page) {
            break;
        }
    }
    assert_eq!((held.said().len(), held.came), (1300, 1301));
}
