//! Killed between a relay and a desktop, both of them.

use std::{
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use inlet_testkit::{Nats, Rng, ports::free_port, whatsapp};
use serde_json::Value;

use crate::{
    PASSPHRASE, ends,
    events::{Posting, all_are_here_once, connect, inlet, succeeds},
    sound,
};

/// Kills of the relay, and as many of the desktop.
const KILLS: usize = 25;

fn relay(file: &Path, nats: &Nats, port: u16) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_inlet"));
    command.args(["relay", "--listen", &format!("127.0.0.1:{port}"), "--nats", &nats.url(), "--file"]).arg(file);
    command.env("INLET_WHATSAPP_106540352242922", whatsapp::APP_SECRET).env_remove("INLET_PASSPHRASE");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn kill(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

/// The relay acknowledges what JetStream has, and the desktop what its store has: whichever is killed when, each
/// event is a message in the end, and none is two.
#[tokio::test(flavor = "multi_thread")]
async fn killed_between_relay_and_desktop_none_is_lost_and_none_is_twice() {
    let Some(fake) = whatsapp::FakeWhatsApp::start("killed between relay and desktop") else { return };
    let Some(nats) = Nats::start("killed between relay and desktop", None) else { return };
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("relay.toml"));
    let (door, port) = (free_port(), free_port());
    connect(&data, &fake, door);
    // The relay's file is what the desktop says of itself; the desktop is told where NATS is.
    let told = succeeds(inlet(&data, &["accounts", "relay", "a1"]), "");
    let told: Value = serde_json::from_str(&told).unwrap();
    std::fs::write(&file, told["piece"].as_str().unwrap()).unwrap();
    let mut first = relay(&file, &nats, port).spawn().unwrap();
    let params = format!("{{\"id\":\"a1\",\"nats\":\"{}\"}}", nats.url());
    succeeds(inlet(&data, &["rpc", "accounts.set_relay", &params]), "");

    let posting = Posting::start(port);
    assert!(ends(&mut first, Duration::from_millis(300)).await.is_none(), "the relay ended by itself");
    kill(first);
    let mut random = Rng::new(13);
    let (mut before, mut at_work) = (0, 0);
    for round in 0..2 * KILLS {
        let mut at_relay = relay(&file, &nats, port).spawn().unwrap();
        let mut at_desktop = inlet(&data, &["sync"]).env("INLET_PASSPHRASE", PASSPHRASE).spawn().unwrap();
        let moment = Duration::from_millis(250) + Duration::from_millis(600).mul_f64(random.unit());
        // One of them goes first; the other is in the middle of it.
        let (one, other) =
            if round % 2 == 0 { (&mut at_relay, &mut at_desktop) } else { (&mut at_desktop, &mut at_relay) };
        assert!(ends(one, moment).await.is_none(), "the program ended by itself");
        one.kill().unwrap();
        assert!(ends(other, Duration::from_millis(40)).await.is_none(), "the program ended by itself");
        kill(at_relay);
        kill(at_desktop);
        let now = posting.posted();
        at_work += usize::from(now > before);
        before = now;
        sound(&data);
    }
    let last = relay(&file, &nats, port).spawn().unwrap();
    let posted = posting.end().await;
    succeeds(inlet(&data, &["sync", "--once"]), "");
    kill(last);
    sound(&data);
    all_are_here_once(&data, posted);
    println!("{posted} events, {at_work} of {} kills while they came in", 2 * KILLS);
    assert!(at_work >= KILLS, "only {at_work} of {} kills found events coming in", 2 * KILLS);
}
