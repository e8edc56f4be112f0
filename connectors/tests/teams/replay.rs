//! The documented requests about chats and channels: what we ask for the same act is what Microsoft documents.
//! (That every documented answer is read whole is tested beside the reader.)

use inlet_testkit::graph::{Said, Shown, agrees, examples};

use super::{Held, Tenant, ana, answer, outgoing, scope, send};

/// Acts of ours that are documented, by the file.
const OURS: &[&str] = &[
    "channel-list-messages",
    "channel-post-messagereply",
    "channel-post-messages",
    "chat-post-messages",
    "chatmessage-post",
    "chatmessage-post-replies",
];

/// Documented requests that are never sent.
const NEVER: &[(&str, &str)] = &[("chatmessage-update", "a verdict of a policy, by who watches over the organisation")];

/// What documented messages hold that nobody can write here: names are words, files and cards are refused, and what
/// was written elsewhere and long ago is for a migration.
const UNSAID: &[&str] =
    &["mentions", "attachments", "hostedContents", "subject", "reactions", "createdDateTime", "from"];

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_is_what_is_documented() {
    let name = "what_is_asked_of_teams_is_what_is_documented";
    let (Some(tenant), Some(examples)) = (Tenant::start(name), examples(name)) else { return };
    let teams = tenant.fake.teams();
    let (team, channels) = teams.team("Harbour", &["General"]);
    let root = teams.post(&team, &channels[0], Said::text("Who sails?").from(&ana()));
    let (chat, channel) = (tenant.chat(2), format!("{team}/{}", channels[0]));
    let source = tenant.open(true);
    Held::all(&source, &scope(&source, &channel).await).await;
    send(&source, outgoing(&chat, "Hello World")).await.unwrap();
    send(&source, outgoing(&channel, "Hello World")).await.unwrap();
    send(&source, answer(&channel, &format!("{channel}/{root}"), "Hello World")).await.unwrap();
    let seen = tenant.fake.seen();

    let (mut compared, mut whole) = (Vec::new(), 0);
    for example in examples {
        for shown in &example.shown {
            let Shown::Request { method, target, body, .. } = shown else { continue };
            if !target.starts_with("/chats") && !target.starts_with("/teams") {
                continue;
            }
            if !OURS.contains(&example.name.as_str()) {
                assert!(NEVER.iter().any(|(file, _)| *file == example.name), "{} is nobody's", example.name);
                continue;
            }
            let verdicts: Vec<_> = seen.iter().map(|ours| agrees(method, target, body, UNSAID, ours)).collect();
            let why: Vec<_> =
                verdicts.iter().filter_map(|one| one.as_ref().err()).filter(|why| !why.is_empty()).collect();
            assert!(verdicts.iter().any(Result::is_ok), "{} {method} {target}: {why:?}", example.name);
            whole += usize::from(seen.iter().any(|ours| agrees(method, target, body, &[], ours).is_ok()));
            compared.push(example.name.clone());
        }
    }
    compared.dedup();
    assert_eq!(compared, OURS);
    // Of each way to send one, with nothing left out, and the list.
    assert!(whole >= 6, "{whole}");
}
