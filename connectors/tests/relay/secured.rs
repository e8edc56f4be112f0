//! NATS with TLS, with logins of every kind, and with permissions: what is right is taken, and what is wrong is said
//! in one sentence that says what to do.

use async_nats::{ConnectOptions, Event, ServerError};
use inlet_model::{Result, SourceError};
use inlet_testkit::{
    certs::CertKind,
    nats::operator::{Operator, nkey},
};
use tokio::sync::mpsc;

use super::*;

/// The relay's file for one desktop, with a login and an authority where there are some.
fn file(folder: &Path, desktop: &Desktop, login: Option<&str>, nats: &Nats) -> String {
    let kept = |name: &str, text: &str| {
        let path = folder.join(name);
        std::fs::write(&path, text).unwrap();
        format!("\"file:{}\"", path.display())
    };
    let login = login.map(|login| format!("nats_login = {}\n", kept("login", login))).unwrap_or_default();
    let ca = nats.ca().map(|ca| format!("nats_ca = \"{}\"\n", ca.display())).unwrap_or_default();
    let secret = kept("secret", SECRET);
    format!(
        "{login}{ca}[[hook]]\nplatform = \"whatsapp\"\npath = \"{PATH}\"\nsecret = {secret}\ndesktops = [\"{}\"]\n",
        desktop.key.to_public()
    )
}

/// Why a relay does not start.
async fn not_started(nats: &Nats, file: &str) -> SourceError {
    run(nats, file).await.err().expect("a relay that does not start")
}

fn says<T>(outcome: Result<T>, sentence: &str) {
    let error = outcome.err().expect("an error").to_string();
    assert!(error.contains(sentence), "{sentence}: {error}");
    assert!(!error.contains("canary"), "{error}");
}

/// A relay and a desktop behind it, each with a login: three events go through, and another login is refused.
async fn goes_through(nats: &Nats, relays: Option<&str>, desktops: Option<&str>, wrong: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let desktop = Desktop::new();
    let relay = run(nats, &file(folder.path(), &desktop, relays, nats)).await.unwrap();
    for number in 0..3 {
        assert_eq!(relay.deliver(&event(1, number)).await, 200);
    }
    all_read(&desktop.opened(number(nats), SECRET, desktops)).await;
    assert_eq!(desktop.numbers(), [0, 1, 2]);
    for wrong in wrong {
        let refused = not_started(nats, &file(folder.path(), &desktop, Some(wrong), nats)).await;
        assert!(matches!(refused, SourceError::AuthNeeded(_)), "{refused:?}");
        let refused = desktop.opened(number(nats), SECRET, Some(wrong)).scopes().await.unwrap_err();
        assert!(matches!(refused, SourceError::AuthNeeded(_)), "{refused:?}");
        says::<()>(Err(refused), "give");
    }
    relay.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn logins_of_every_kind_are_taken_over_tls_and_wrong_ones_refused() {
    let server =
        |what: &str, more: &str| Nats::configured(what, Some(CertKind::Good), |room| room.usual() + &room.tls() + more);
    let Some(nats) = server("a password", "authorization { user: inlet, password: \"s3cret:canary\" }\n") else {
        return;
    };
    goes_through(&nats, Some("inlet:s3cret:canary"), Some("inlet:s3cret:canary\n"), &["inlet:canary", "canary"]).await;
    let nats = server("a token", "authorization { token: \"t0ken-canary\" }\n").unwrap();
    goes_through(&nats, Some("t0ken-canary"), Some("t0ken-canary"), &["canary"]).await;
    let ((public, seed), (_, other)) = (nkey(), nkey());
    let nats = server("a key", &format!("authorization {{ users: [ {{ nkey: {public} }} ] }}\n")).unwrap();
    goes_through(&nats, Some(seed.as_str()), Some(seed.as_str()), &[other.as_str()]).await;
    let (operator, another) = (Operator::appoint(), Operator::appoint());
    let nats = server("credentials", &operator.configuration).unwrap();
    // A field of a form leaves out the ends of lines.
    let line = operator.credentials.replace('\n', "");
    let (half, _) = operator.credentials.split_once("-----BEGIN USER").unwrap();
    let right = operator.credentials.as_str();
    goes_through(&nats, Some(right), Some(&line), &[another.credentials.as_str(), half]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_is_not_to_be_trusted_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let desktop = Desktop::new();
    for (kind, sentence) in [
        (CertKind::UnknownAuthority, "not trusted: give the authority that signed it"),
        (CertKind::SelfSigned, "not trusted"),
        (CertKind::WrongHost, "for another name"),
        (CertKind::Expired, "not valid today"),
        (CertKind::NotYetValid, "not valid today"),
    ] {
        let server = Nats::configured("a certificate", Some(kind), |room| room.usual() + &room.tls());
        let Some(nats) = server else { return };
        says::<()>(Err(not_started(&nats, &file(folder.path(), &desktop, None, &nats)).await), sentence);
        says(desktop.opened(number(&nats), SECRET, None).scopes().await, sentence);
    }
    // A good one of an authority that nobody has named, or by a file that is none.
    let nats = Nats::configured("an authority", Some(CertKind::Good), |room| room.usual() + &room.tls()).unwrap();
    for (ca, sentence) in [(None, "not trusted"), (Some(folder.path().join("none.pem")), "none.pem cannot be read")] {
        let AccountConfig::WhatsApp(mut config) = number(&nats) else { unreachable!() };
        config.relay = Some(RelayConfig { nats: nats.url(), ca });
        says(desktop.opened(AccountConfig::WhatsApp(config), SECRET, None).scopes().await, sentence);
    }
    // One that has no TLS at all is not talked to in the clear.
    let plain = Nats::start("no TLS", None).unwrap();
    let AccountConfig::WhatsApp(mut config) = number(&plain) else { unreachable!() };
    config.relay = Some(RelayConfig { nats: plain.url().replace("nats:", "tls:"), ca: nats.ca() });
    says(desktop.opened(AccountConfig::WhatsApp(config), SECRET, None).scopes().await, "has no TLS at this address");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_login_may_not_do_is_said_and_not_waited_for() {
    let users = "authorization { users: [\n\
        { user: all, password: a }\n\
        { user: deaf, password: a, permissions: { publish: \">\", subscribe: { deny: \">\" } } }\n\
        { user: mute, password: a, permissions: { publish: { deny: \">\" }, subscribe: \">\" } }\n\
        { user: half, password: a, permissions: { publish: \"$JS.API.>\", subscribe: \">\" } }\n] }\n";
    let Some(nats) = Nats::configured("permissions", None, |room| room.usual() + users) else { return };
    let folder = tempfile::tempdir().unwrap();
    let desktop = Desktop::new();
    let relay = async |user: &str| run(&nats, &file(folder.path(), &desktop, Some(&format!("{user}:a")), &nats)).await;
    let sentence = "give it the permissions that docs/relay.md lists";
    for user in ["deaf", "mute"] {
        says(relay(user).await, sentence);
    }
    let running = relay("all").await.unwrap();
    assert_eq!(running.deliver(&event(1, 1)).await, 200);
    for user in ["deaf", "mute"] {
        says(desktop.opened(number(&nats), SECRET, Some(&format!("{user}:a"))).scopes().await, sentence);
    }
    // One that may make streams and not write into them keeps nothing: the platform has to send it again.
    let half = relay("half").await.unwrap();
    assert_eq!(half.deliver(&event(1, 2)).await, 503);
    let metrics = half.get("/metrics").await.body;
    assert!(metrics.contains(r#"inlet_relay_requests_total{platform="whatsapp",outcome="unkept"} 1"#), "{metrics}");
    assert_eq!(running.deliver(&event(1, 2)).await, 200);
    all_read(&desktop.opened(number(&nats), SECRET, Some("all:a"))).await;
    assert_eq!(desktop.numbers(), [1, 2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_configuration_in_the_documentation_is_enough_and_no_more() {
    let docs = include_str!("../../../docs/relay.md");
    let (_, block) = docs.split_once("# /etc/nats/nats-server.conf\n").expect("the configuration");
    let (block, _) = block.split_once("```").unwrap();
    let nats = Nats::configured("the documentation", Some(CertKind::Good), |room| {
        let place = |path: &Path| path.display().to_string();
        block
            .replace("0.0.0.0:4222", &format!("127.0.0.1:{}", room.port))
            .replace("/var/lib/nats", &place(&room.store))
            .replace("/etc/nats/cert.pem", &place(&room.cert))
            .replace("/etc/nats/key.pem", &place(&room.key))
            .replace('…', "canary")
    });
    let Some(nats) = nats else { return };
    goes_through(&nats, Some("relay:canary"), Some("anna:canary"), &["anna:wrong", "ben:canary"]).await;

    // A computer can neither write into a stream nor throw it away.
    let (say, mut denied) = mpsc::channel(8);
    let options = ConnectOptions::with_user_and_password("anna".into(), "canary".into())
        .add_root_certificates(nats.ca().unwrap())
        .event_callback(move |event| {
            let say = say.clone();
            async move {
                if let Event::ServerError(ServerError::Other(text)) = event {
                    say.send(text).await.unwrap();
                }
            }
        });
    let client = options.connect(nats.url()).await.unwrap();
    for subject in [
        "inlet.whatsapp.106540352242922",
        "$JS.API.STREAM.DELETE.inlet_whatsapp_106540352242922",
        "$JS.API.STREAM.PURGE.inlet_whatsapp_106540352242922",
        "$JS.API.STREAM.MSG.DELETE.inlet_whatsapp_106540352242922",
    ] {
        client.publish(subject, "{}".into()).await.unwrap();
        client.flush().await.unwrap();
        let told = tokio::time::timeout(LIMIT, denied.recv()).await.unwrap().unwrap();
        assert!(told.contains("Permissions Violation") && told.contains(subject), "{told}");
    }
}
