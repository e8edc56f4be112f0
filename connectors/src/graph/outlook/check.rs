//! Testing an account: who signed in, can the mailbox be read, how much is in it.

use inlet_model::{CheckReport, CheckStep, SourceError};

use super::Outlook;

fn step(name: &str, outcome: Result<String, SourceError>) -> CheckStep {
    match outcome {
        Ok(detail) => CheckStep::passed(name, detail),
        Err(error) => {
            let detail = match &error {
                SourceError::AuthNeeded(_) => "not signed in",
                SourceError::Throttled { .. } => "Microsoft asked to wait",
                SourceError::Offline(_) => "no network",
                SourceError::Transient(_) => "no success for now",
                SourceError::CursorExpired | SourceError::Unknown(_) | SourceError::Permanent(_) => "refused",
            };
            CheckStep::failed(name, detail, error.to_string())
        }
    }
}

impl Outlook {
    /// The report; it ends with the first step that failed.
    pub(super) async fn do_check(&self) -> CheckReport {
        let mut report = CheckReport::default();
        let me = match self.me().await {
            Ok(me) => me.addresses().into_iter().next(),
            Err(error) => {
                report.steps.push(step("Sign in to Microsoft", Err(error)));
                return report;
            }
        };
        report.steps.push(step("Sign in to Microsoft", Ok("accepted".to_owned())));
        report.identity = me.or_else(|| self.address.clone());
        let inbox = self.counts("inbox").await.map(|(total, unread)| {
            format!("{} message(s), {} unread", total.unwrap_or_default(), unread.unwrap_or_default())
        });
        report.steps.push(step("Read the inbox", inbox));
        if report.ok() {
            let folders = self.list().await.map(|scopes| format!("{} folder(s) and label(s)", scopes.len()));
            report.steps.push(step("Read the folders", folders));
        }
        report
    }
}
