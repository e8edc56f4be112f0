//! Testing an account, step by step, so that the first thing that is wrong is the one that is named.

use inlet_model::{CheckReport, CheckStep, SourceError, Tls};

use super::{
    ImapSource,
    dial::{dial, look_up},
    folders::Folders,
    session::Session,
    submit,
};

fn failed(name: String, error: &SourceError) -> CheckStep {
    let detail = match error {
        SourceError::AuthNeeded(_) => "not signed in",
        SourceError::Throttled { .. } => "the server asked to wait",
        SourceError::Offline(_) => "no network",
        SourceError::Transient(_) => "no success for now",
        SourceError::CursorExpired | SourceError::Unknown(_) | SourceError::Permanent(_) => "refused",
    };
    CheckStep::failed(name, detail, error.to_string())
}

impl ImapSource {
    /// The report on reading, then on sending.
    pub(super) async fn do_check(&self) -> CheckReport {
        let mut report = CheckReport::default();
        if !self.check_reading(&mut report.steps).await {
            return report;
        }
        report.identity = Some(self.config.login().to_owned());
        if let (Some(_), Ok(secret)) = (&self.config.smtp, self.secret().await) {
            report.steps.extend(submit::check(&self.config, &secret).await);
        }
        report
    }

    async fn check_reading(&self, steps: &mut Vec<CheckStep>) -> bool {
        let endpoint = &self.config.imap;
        let (host, port) = (&endpoint.host, endpoint.port);

        let name = format!("Look up {host}");
        match look_up(host, port).await {
            Ok(addresses) => steps.push(CheckStep::passed(name, format!("{} address(es)", addresses.len()))),
            Err(error) => {
                steps.push(failed(name, &error));
                return false;
            }
        }
        let name = format!("Connect to {host}:{port}");
        match dial(host, port).await {
            Ok(_) => steps.push(CheckStep::passed(name, "the server answers")),
            Err(error) => {
                steps.push(failed(name, &error));
                return false;
            }
        }
        let (name, detail) = match self.config.tls {
            Tls::Implicit => ("Secure the connection (TLS)", "TLS, certificate accepted"),
            Tls::Starttls => ("Secure the connection (STARTTLS)", "STARTTLS, certificate accepted"),
            Tls::LoopbackPlain => ("Secure the connection", "not encrypted: the server is on this computer"),
        };
        let session = match Session::connect(&self.config, &self.tls).await {
            Ok(session) => session,
            Err(error) => {
                steps.push(failed(name.to_owned(), &error));
                return false;
            }
        };
        steps.push(CheckStep::passed(name.to_owned(), detail));

        let name = "Sign in to read".to_owned();
        let mut session = match self.sign_in(session).await {
            Ok(session) => session,
            Err(error) => {
                steps.push(failed(name, &error));
                return false;
            }
        };
        steps.push(CheckStep::passed(name, "accepted"));

        let name = "Read the folders".to_owned();
        match Folders::read(&mut session).await {
            Ok(folders) => steps.push(CheckStep::passed(name, format!("{} folder(s)", folders.all.len()))),
            Err(error) => {
                steps.push(failed(name, &error));
                return false;
            }
        }
        let live = if session.can("IDLE") {
            "new mail is announced at once (IDLE)"
        } else {
            "the server does not announce new mail: Inlet asks once a minute"
        };
        steps.push(CheckStep::passed("Watch for new mail".to_owned(), live));
        session.close().await;
        true
    }
}
