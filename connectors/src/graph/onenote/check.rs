//! Testing the connection: who signed in, can the notebooks be read, how much may still be asked.

use inlet_model::{CheckReport, CheckStep, Result, SourceError};
use serde::Deserialize;

use super::{OneNote, budget::Purpose};
use crate::graph::client::Collection;

impl OneNote {
    /// The report; it ends with the first step that failed.
    pub(super) async fn report(&self) -> CheckReport {
        let mut report = CheckReport::default();
        match self.identity().await {
            Ok(identity) => {
                report.identity = identity;
                report.steps.push(CheckStep::passed("Sign in to Microsoft", "accepted"));
            }
            Err(error) => {
                report.steps.push(failed("Sign in to Microsoft", &error));
                return report;
            }
        }
        match self.notebooks().await {
            Ok(books) => {
                report.steps.push(CheckStep::passed("Read the notebooks", format!("{books} notebook(s)")));
                let (left, most) = self.budget.left_this_hour();
                report.steps.push(CheckStep::passed("Requests left this hour", format!("{left} of {most}")));
            }
            Err(error) => report.steps.push(failed("Read the notebooks", &error)),
        }
        report
    }

    async fn identity(&self) -> Result<Option<String>> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Me {
            mail: Option<String>,
            user_principal_name: Option<String>,
        }
        let call = self.graph.get(&["me"]).query(&[("$select", "mail,userPrincipalName")]);
        let me: Me = call.send().await?.json().await?;
        Ok(me.mail.or(me.user_principal_name))
    }

    async fn notebooks(&self) -> Result<usize> {
        #[derive(Deserialize)]
        struct Notebook {}
        self.budget.take(Purpose::Person)?;
        let call = self.graph.get(&["me", "onenote", "notebooks"]).query(&[("$top", "100"), ("$select", "id")]);
        let page: Collection<Notebook> = call.send().await?.json().await?;
        Ok(page.value.len())
    }
}

fn failed(name: &str, error: &SourceError) -> CheckStep {
    let fix = match error {
        SourceError::AuthNeeded(_) => "Sign in again.",
        SourceError::Offline(_) => "Check the network connection.",
        SourceError::Throttled { .. } => "Wait: Microsoft allows few requests to OneNote in an hour.",
        SourceError::Permanent(_) => {
            "Open OneNote in the browser once with this account, and see that this app may use Notes.ReadWrite."
        }
        _ => "Try again in a few minutes.",
    };
    CheckStep::failed(name, error.to_string(), fix)
}
