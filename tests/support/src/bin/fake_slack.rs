//! The fake Slack as a program (`inlet_testkit::program`); `inlet_testkit::slack::admin` lists its commands.
//! Its clock begins at the machine's: a window shows how long ago things were.

use std::process::ExitCode;

use async_trait::async_trait;
use inlet_testkit::{
    program::{self, Steered},
    slack::{FakeSlack, admin},
};
use serde_json::{Value, json};

struct Slack(FakeSlack);

#[async_trait]
impl Steered for Slack {
    fn told(&self) -> Value {
        json!({ "url": self.0.api_root() })
    }

    async fn act(&self, command: &[u8]) -> Result<Value, String> {
        admin::run(&self.0, command)
    }

    fn complaints(&self) -> Vec<String> {
        self.0.take_complaints()
    }
}

#[expect(clippy::disallowed_methods, reason = "the clock of the fake is set by the machine's")]
fn tell_the_time(fake: &FakeSlack) {
    fake.set_clock(jiff::Timestamp::now().as_second() - 600);
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let Some(fake) = FakeSlack::start("inlet-fake-slack") else { return ExitCode::from(2) };
    tell_the_time(&fake);
    program::run(Slack(fake)).await
}
