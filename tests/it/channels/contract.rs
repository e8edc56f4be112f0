//! The contract of channels, kept by each way: three by fakes that refuse what no vendor describes, mail by a real server.

use std::sync::OnceLock;

use async_trait::async_trait;
use inlet_orchestrator::logs;
use inlet_testkit::{
    ChannelFixture, ChannelMishap, SmtpOptions, SmtpServer,
    channels::SLACK_PATH,
    contract::channel::Wanted,
    smtp::{AfterDot, SmtpFaults},
};
use tempfile::TempDir;

use super::*;

/// A password that stands in no sentence.
const PASSWORD: &str = "pw-7q2xkv";
/// What no platform of these knows.
const STRANGE: &str = "whsec_d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3";

enum Way {
    Slack,
    Telegram,
    Webhook,
    Smtp(SmtpServer),
}

struct Channel {
    world: World,
    way: Way,
}

/// One log of the process, as there is one subscriber.
fn logged() -> &'static TempDir {
    static LOGS: OnceLock<TempDir> = OnceLock::new();
    LOGS.get_or_init(|| tempfile::tempdir().unwrap())
}

impl Channel {
    async fn new(way: Way) -> Self {
        logs::init(logged().path(), 2);
        Self { world: World::new().await, way }
    }

    async fn smtp() -> Option<Self> {
        if !SmtpServer::available() {
            return None;
        }
        let accounts = vec![("anna@inlet.test".to_owned(), PASSWORD.to_owned())];
        let server = SmtpServer::start(SmtpOptions { accounts, ..SmtpOptions::default() }).await;
        Some(Self::new(Way::Smtp(server)).await)
    }

    /// The way as a fake writes it down.
    fn name(&self) -> &'static str {
        match self.way {
            Way::Slack => "slack",
            Way::Telegram => "telegram",
            Way::Webhook => "webhook",
            Way::Smtp(_) => "smtp",
        }
    }
}

#[async_trait(?Send)]
impl ChannelFixture for Channel {
    async fn ask(&self, command: &str, params: Value) -> Result<Value, Value> {
        let refused = |error| serde_json::to_value(&error).unwrap();
        self.world.engine.ask(command, params).await.map_err(refused)
    }

    async fn until(&self, command: &str, params: Value, wanted: &Wanted<'_>) -> Value {
        let answer = async || {
            let found = self.world.engine.ask(command, params.clone()).await.unwrap();
            wanted(&found).then_some(found)
        };
        self.world.engine.until(command, answer).await
    }

    fn settings(&self) -> Value {
        match &self.way {
            Way::Slack => self.world.slack(),
            Way::Telegram => self.world.telegram(),
            Way::Webhook => self.world.webhook(),
            Way::Smtp(server) => {
                let via = json!({
                    "kind": "smtp", "from": "anna@inlet.test", "to": "watch@inlet.test", "tls": "loopback-plain",
                    "server": server.plain_endpoint(),
                });
                json!({ "config": { "via": via }, "secret": PASSWORD })
            }
        }
    }

    fn wrong(&self) -> Value {
        let mut settings = self.settings();
        settings["secret"] = match self.way {
            Way::Slack => self.world.fake.slack().replace("XXXX", "YYYY").into(),
            Way::Telegram => format!("999:{STRANGE}").into(),
            Way::Webhook | Way::Smtp(_) => STRANGE.into(),
        };
        settings
    }

    fn other(&self) -> Value {
        match self.way {
            Way::Webhook => self.world.slack(),
            _ => self.world.webhook(),
        }
    }

    fn secrets(&self) -> Vec<String> {
        let secret = match self.way {
            Way::Slack => SLACK_PATH,
            Way::Telegram => BOT_TOKEN,
            Way::Webhook => SIGNING,
            Way::Smtp(_) => PASSWORD,
        };
        let of_slack = SLACK_PATH.rsplit('/').next().unwrap();
        [secret, of_slack, of_slack.replace('X', "Y").as_str(), STRANGE].map(str::to_owned).to_vec()
    }

    fn knows_repetitions(&self) -> bool {
        matches!(self.way, Way::Webhook)
    }

    async fn taken(&self, least: usize) -> usize {
        match &self.way {
            Way::Smtp(server) => server.wait_for(least).await.len(),
            _ => self.world.fake.taken().iter().filter(|(way, ..)| *way == self.name()).count(),
        }
    }

    async fn mishap(&self, mishap: ChannelMishap) {
        if let Way::Smtp(server) = &self.way {
            let data = |code| SmtpFaults { data: Some(code), ..SmtpFaults::default() };
            let after = |dot| SmtpFaults { after_dot: Some(dot), ..SmtpFaults::default() };
            return server
                .faults(match mishap {
                    ChannelMishap::Busy => data(452),
                    ChannelMishap::Refused => data(554),
                    ChannelMishap::Lost => after(AfterDot::Keep),
                    ChannelMishap::Hung => after(AfterDot::Hang),
                })
                .await;
        }
        let telegram = |code: u16| format!("{{\"ok\":false,\"error_code\":{code},\"description\":\"x\"}}");
        self.world.fake.mishap(match (mishap, &self.way) {
            (ChannelMishap::Busy, Way::Slack) => Mishap::Answers(500, None, "rollup_error".to_owned()),
            (ChannelMishap::Busy, _) => Mishap::Answers(500, None, telegram(500)),
            (ChannelMishap::Refused, Way::Slack) => Mishap::Answers(400, None, "invalid_payload".to_owned()),
            (ChannelMishap::Refused, _) => Mishap::Answers(400, None, telegram(400)),
            (ChannelMishap::Lost, _) => Mishap::Lost,
            (ChannelMishap::Hung, _) => Mishap::Hung,
        });
    }

    async fn hangs(&self) {
        match &self.way {
            Way::Smtp(server) => drop(server.wait_for(1).await),
            _ => self.world.fake.hangs().await,
        }
    }

    async fn mend(&self) {
        self.world.fake.mend();
        if let Way::Smtp(server) = &self.way {
            server.faults(SmtpFaults::default()).await;
        }
    }

    fn logs(&self) -> String {
        logs::close();
        let files = std::fs::read_dir(logged().path().join("logs")).unwrap();
        files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect()
    }
}

inlet_testkit::channel_contract!(slack, Some(Channel::new(Way::Slack).await));
inlet_testkit::channel_contract!(telegram, Some(Channel::new(Way::Telegram).await));
inlet_testkit::channel_contract!(webhook, Some(Channel::new(Way::Webhook).await));
inlet_testkit::channel_contract!(smtp, Channel::smtp().await);
