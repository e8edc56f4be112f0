//! The fake Graph as a program (`inlet_testkit::program`); `inlet_testkit::graph::admin` lists its commands.
//! Its clock is the machine's: a window shows how long ago things were.

use std::process::ExitCode;

use async_trait::async_trait;
use inlet_testkit::{
    graph::{FakeGraph, admin},
    program::{self, Steered},
};
use serde_json::{Value, json};

struct Graph(FakeGraph);

#[async_trait]
impl Steered for Graph {
    fn told(&self) -> Value {
        json!({ "url": self.0.api_root(), "uploads": self.0.upload_origin() })
    }

    async fn act(&self, command: &[u8]) -> Result<Value, String> {
        admin::run(&self.0, command)
    }

    #[expect(clippy::disallowed_methods, reason = "the clock of the fake is set by the machine's")]
    fn tick(&self) {
        self.0.clock().set(jiff::Timestamp::now());
    }

    fn complaints(&self) -> Vec<String> {
        self.0.take_complaints()
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let Some(fake) = FakeGraph::start("inlet-fake-graph").map(Graph) else { return ExitCode::from(2) };
    fake.tick();
    program::run(fake).await
}
