use std::io::Write;

use super::*;

fn source(paths: &[&Path]) -> Files {
    Files::new(paths.iter().map(|path| path.to_path_buf()).collect())
}

/// Pulls a scope to its end: the mails, what could not be read, and the last cursor.
async fn all(source: &Files, scope: &Scope) -> (Vec<UnifiedEmail>, Vec<(RemoteId, String)>, Cursor) {
    let (mut mails, mut poison, mut cursor) = (Vec::new(), Vec::new(), None);
    loop {
        let page = source.pull(scope, cursor.as_ref()).await.unwrap();
        mails.extend(page.upserts);
        poison.extend(page.poison);
        let progress = page.progress.unwrap();
        assert!(progress.total.unwrap() >= progress.done && progress.complete != page.more);
        if !page.more {
            assert!(page.present.is_none_or(|present| present.len() == mails.len() + poison.len()));
            return (mails, poison, page.next);
        }
        cursor = Some(page.next);
    }
}

async fn only(paths: &[&Path]) -> (Vec<UnifiedEmail>, Vec<(RemoteId, String)>, Cursor) {
    let source = source(paths);
    let scopes = source.scopes().await.unwrap();
    assert_eq!(scopes.len(), 1, "{scopes:?}");
    all(&source, &scopes[0]).await
}

fn subjects(mails: &[UnifiedEmail]) -> Vec<&str> {
    mails.iter().map(|mail| mail.subject.as_str()).collect()
}

#[tokio::test]
async fn an_mbox_is_taken_apart_at_its_separators() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("Inbox");
    let text = "From a@x Mon Jan  1 10:00:00 2001\nSubject: one\nStatus: RO\n\nbody\nFrom the middle 10:00\n\n>From quoted\n>>From twice\n\
        >From\n\nFrom here on it is text\n\nFrom - \nSubject: two\nStatus: O\nX-Status: FA\n\nsecond\n\nFrom b Tue Feb  3 04:05:06 2004\r\nSubject: three\r\n\r\nno date\r\n";
    fs::write(&path, text).unwrap();
    let (mails, poison, _) = only(&[&path]).await;
    assert!(poison.is_empty());
    assert_eq!(subjects(&mails), ["one", "two", "three"]);
    assert_eq!(
        mails[0].text,
        "body\nFrom the middle 10:00\n\nFrom quoted\n>From twice\n>From\n\nFrom here on it is text"
    );
    assert_eq!(
        (mails[0].flags.read, mails[1].flags.read, mails[1].flags.starred, mails[1].flags.answered),
        (true, false, true, true)
    );
    assert_eq!(mails[1].text, "second");
    assert_eq!(mails[2].received_at.unwrap().to_string(), "2004-02-03T04:05:06Z");
    assert!(mails[0].raw.as_ref().unwrap().ends_with(b"text\n"));
}

#[tokio::test]
async fn what_mail_programs_mark_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("All mail.mbox");
    fs::write(
        &path,
        "From -\nSubject: gone\nX-Mozilla-Status: 0009\n\nx\n\nFrom -\nSubject: starred\nX-Mozilla-Status: 0007\n\nx\n\n\
         From -\nSubject: unread\nX-Mozilla-Status: 0000\n\nx\n\nFrom 12@xxx Mon Jan 01 00:00:00 +0000 2020\nSubject: gmail\n\
         X-Gmail-Labels: Inbox,Unread,Starred\n\nx\n",
    )
    .unwrap();
    let (mails, _, _) = only(&[&path]).await;
    let flags: Vec<_> = mails
        .iter()
        .map(|mail| (mail.subject.as_str(), mail.flags.read, mail.flags.starred, mail.flags.answered))
        .collect();
    assert_eq!(flags, [("starred", true, true, true), ("unread", false, false, false), ("gmail", false, true, false)]);
    assert_eq!(mails[2].received_at.unwrap().to_string(), "2020-01-01T00:00:00Z");
}

#[tokio::test]
async fn pages_go_by_bytes_and_what_is_appended_comes_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("big.mbox");
    let mut file = fs::File::create(&path).unwrap();
    let line = "x".repeat(70) + "\n";
    for n in 0..40 {
        write!(file, "From a Mon Jan  1 10:00:00 2001\nSubject: {n}\n\n{}\n", line.repeat(15_000)).unwrap();
    }
    let source = source(&[&path]);
    let scope = source.scopes().await.unwrap().remove(0);
    let first = source.pull(&scope, None).await.unwrap();
    assert!(first.more && first.upserts.len() < 12 && first.present.is_none());
    let (mails, _, end) = all(&source, &scope).await;
    assert_eq!(subjects(&mails), (0..40).map(|n| n.to_string()).collect::<Vec<_>>());

    assert!(source.pull(&scope, Some(&end)).await.unwrap().upserts.is_empty());
    write!(file, "From a Mon Jan  1 10:00:00 2001\nSubject: new\n\nx\n").unwrap();
    let page = source.pull(&scope, Some(&end)).await.unwrap();
    assert_eq!((subjects(&page.upserts), page.more, page.present.unwrap().len()), (vec!["new"], false, 41));

    // Another file in its place, or a shorter one, is read from the start.
    fs::write(&path, "From a Mon Jan  1 10:00:00 2001\nSubject: other\n\nx\n").unwrap();
    assert!(matches!(source.pull(&scope, Some(&end)).await, Err(SourceError::CursorExpired)));
    fs::write(&path, "").unwrap();
    assert!(all(&source, &scope).await.0.is_empty());
}

#[tokio::test]
async fn a_maildir_tells_flags_and_folders() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("mail");
    for place in ["", ".Sent", ".Work.Offers"] {
        for part in ["cur", "new", "tmp"] {
            fs::create_dir_all(root.join(place).join(part)).unwrap();
        }
    }
    fs::write(root.join("cur/2.host:2,FRS"), "Subject: second\n\nx").unwrap();
    fs::write(root.join("new/1.host"), "Subject: first\n\nx").unwrap();
    fs::write(root.join("tmp/3.host"), "Subject: half\n\nx").unwrap();
    fs::write(root.join(".Sent/cur/1.x:2,S"), "From: me@x\nSubject: sent\n\nx").unwrap();
    let source = source(&[&root]);
    let scopes = source.scopes().await.unwrap();
    let names: Vec<_> = scopes.iter().map(|scope| (scope.name.as_str(), scope.role)).collect();
    assert_eq!(names, [("mail", ScopeRole::Other), ("Sent", ScopeRole::Sent), ("Work/Offers", ScopeRole::Other)]);

    let (mails, _, end) = all(&source, &scopes[0]).await;
    assert_eq!(subjects(&mails), ["first", "second"]);
    assert!(
        !mails[0].flags.read && mails[1].flags == Flags { read: true, starred: true, answered: true, draft: false }
    );
    assert!(all(&source, &scopes[1]).await.0[0].from_me);
    assert!(all(&source, &scopes[2]).await.0.is_empty());

    // A message that was read elsewhere has another name and is the same message.
    fs::rename(root.join("new/1.host"), root.join("cur/1.host:2,S")).unwrap();
    assert!(source.pull(&scopes[0], Some(&end)).await.unwrap().upserts.is_empty());
    fs::write(root.join("new/0.host"), "Subject: late\n\nx").unwrap();
    assert!(matches!(source.pull(&scopes[0], Some(&end)).await, Err(SourceError::CursorExpired)));
    assert_eq!(subjects(&all(&source, &scopes[0]).await.0), ["late", "first", "second"]);
}

#[tokio::test]
async fn a_folder_that_changes_while_it_is_read_is_listed_again() {
    let folder = tempfile::tempdir().unwrap();
    for part in ["cur", "new", "tmp"] {
        fs::create_dir(folder.path().join(part)).unwrap();
    }
    let path = |number: usize, flags: &str| folder.path().join("cur").join(format!("{number:04}.x:2,{flags}"));
    let count = 2 * PAGE_ITEMS + 10;
    for number in 0..count {
        fs::write(path(number, ""), format!("Subject: {number}\n\nbody\n")).unwrap();
    }
    let source = source(&[folder.path()]);
    let scope = source.scopes().await.unwrap().remove(0);
    let first = source.pull(&scope, None).await.unwrap();
    assert!(first.more && first.upserts.len() == PAGE_ITEMS && first.present.is_none());

    // Another program marks one as read: its file has another name now.
    fs::rename(path(PAGE_ITEMS + 5, ""), path(PAGE_ITEMS + 5, "S")).unwrap();
    let second = source.pull(&scope, Some(&first.next)).await.unwrap();
    assert!(second.poison.is_empty());
    assert_eq!(second.upserts[5].subject, (PAGE_ITEMS + 5).to_string());
    assert!(second.upserts[5].flags.read && !second.upserts[4].flags.read);
    // The same page again, as after a restart.
    let again = source.pull(&scope, Some(&first.next)).await.unwrap();
    assert_eq!(subjects(&again.upserts), subjects(&second.upserts));
    assert_eq!(again.next.0, second.next.0);

    fs::remove_file(path(count - 1, "")).unwrap();
    let last = source.pull(&scope, Some(&second.next)).await.unwrap();
    assert!(!last.more && last.poison.is_empty() && last.upserts.len() == 9);
    assert_eq!(last.present.unwrap().len(), count - 1);

    fs::remove_file(path(3, "")).unwrap();
    let expired = source.pull(&scope, Some(&first.next)).await;
    assert!(matches!(expired, Err(SourceError::CursorExpired)), "{expired:?}");
}

#[tokio::test]
async fn a_folder_of_many_kinds_is_sorted_out() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("letter.EML"), "Subject: letter\r\n\r\nx").unwrap();
    fs::write(at("0007.abc"), "From a Mon Jan  1 10:00:00 2001\nSubject: numbered\n\nx").unwrap();
    fs::write(at("note.emlx"), "17\nSubject: apple\n\nx<plist/>").unwrap();
    fs::write(at("old.mbox"), "From a Mon Jan  1 10:00:00 2001\nSubject: boxed\n\nx\n").unwrap();
    fs::write(at("picture.png"), b"\x89PNG").unwrap();
    fs::write(at("Inbox.msf"), "// <!-- index -->").unwrap();
    fs::create_dir(at("Inbox.sbd")).unwrap();
    fs::write(at("Inbox.sbd/Offers"), "From - \nSubject: nested\n\nx\n").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(folder.path(), at("loop")).unwrap();
    let source = source(&[folder.path()]);
    let mut found = Vec::new();
    for scope in source.scopes().await.unwrap() {
        for mail in all(&source, &scope).await.0 {
            found.push((scope.name.clone(), mail.subject));
        }
    }
    found.sort();
    let own = folder.path().file_name().unwrap().to_str().unwrap().trim_start_matches('.').replace('.', "/");
    let mut expected: Vec<_> =
        [("old", "boxed"), ("Offers", "nested"), (&own, "letter"), (&own, "numbered"), (&own, "apple")]
            .map(|(name, subject)| (name.to_owned(), subject.to_owned()))
            .to_vec();
    expected.sort();
    assert_eq!(found, expected);
}

#[tokio::test]
async fn one_message_by_its_name_and_its_parts() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("with file.txt");
    let raw = "Subject: s\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\ntext\n--b\nContent-Type: application/zip; name=a.zip\n\nPK\n--b--\n";
    fs::write(&path, raw).unwrap();
    let boxed = folder.path().join("x.mbox");
    fs::write(&boxed, format!("From -\n{raw}\nFrom -\n{raw}")).unwrap();
    for path in [&path, &boxed] {
        let source = source(&[path]);
        let scope = source.scopes().await.unwrap().remove(0);
        let mail = all(&source, &scope).await.0.pop().unwrap();
        let part = |part: &str| PartRef {
            scope: scope.remote.clone(),
            remote_id: mail.remote_id.clone().unwrap(),
            part: part.into(),
        };
        let mut bytes = Vec::new();
        source.fetch(&part(&mail.attachments[0].part), &mut bytes).await.unwrap();
        assert_eq!(bytes, b"PK");
        let mut whole = Vec::new();
        source.fetch(&part(""), &mut whole).await.unwrap();
        assert_eq!(String::from_utf8(whole).unwrap(), raw);
        assert!(matches!(source.fetch(&part("9"), &mut Vec::new()).await, Err(SourceError::Permanent(_))));
        let other = PartRef { remote_id: RemoteId("o7".into()), ..part("1") };
        assert!(matches!(source.fetch(&other, &mut Vec::new()).await, Err(SourceError::Permanent(_))));
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty");
    fs::create_dir(&empty).unwrap();
    let source = source(&[&folder.path().join("none"), &empty]);
    let report = source.check().await.unwrap();
    assert!(report.steps.len() == 2 && report.steps.iter().all(|step| !step.ok && step.fix.is_some()), "{report:?}");
    let scope =
        Scope { remote: "/nowhere".into(), name: "x".into(), role: ScopeRole::Other, pulled: true, live: false };
    assert!(matches!(source.pull(&scope, None).await, Err(SourceError::Permanent(_))));
    assert!(open(&FilesConfig::default()).is_err());
}

#[tokio::test]
async fn lines_without_end_and_files_without_mail_are_survived() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("long.mbox");
    // A line that is cut while it is read, just where its rest looks like a separator or a blank line.
    let mut text = b"From -\nSubject: long\n\n".to_vec();
    text.extend(b"x".repeat(1 << 20));
    text.extend(b"\nFrom - 10:00\n\n");
    text.extend(b"y".repeat(1 << 20));
    text.extend(b"From - 10:00\n\nFrom -\nSubject: next\n\nend");
    fs::write(&path, &text).unwrap();
    let (mails, _, _) = only(&[&path]).await;
    assert_eq!(subjects(&mails), ["long", "next"]);
    assert_eq!(mails[0].size, (text.len() - "From -\n\nFrom -\nSubject: next\n\nend".len()) as u64);
    for content in [b"garbage\n\nmore\n".as_slice(), b"\0\0\0", b"From \n", b"From -\n\n\n\nFrom -\n"] {
        let path = folder.path().join("odd.mbox");
        fs::write(&path, content).unwrap();
        let source = source(&[&path]);
        for scope in source.scopes().await.unwrap() {
            all(&source, &scope).await;
        }
    }
}
