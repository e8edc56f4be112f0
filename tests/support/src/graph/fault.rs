//! What goes wrong, on request.
//!
//! A fault says what happens, to which requests, and how often; [`super::FakeGraph::fail`] queues
//! it, and the first that fits a request is used up by it. Requests are checked all the same.

use std::time::Duration;

use tokio::sync::watch;

use super::record::Resource;

/// Something that goes wrong.
#[derive(Clone, Debug)]
pub struct Fault {
    pub(crate) kind: Kind,
    resource: Option<Resource>,
    method: Option<&'static str>,
    part: Option<String>,
    skip: usize,
    times: usize,
}

#[derive(Clone, Debug)]
pub(crate) enum Kind {
    /// An error instead of the effect.
    Refuse { status: u16, code: Option<String>, retry: Retry },
    /// 403 with a claims challenge.
    Claims,
    /// The connection ends before anything is done.
    Dropped,
    /// It is done, and nobody is told.
    Lost,
    /// It is done, and the body ends in the middle.
    Torn,
    /// The body comes in pieces with a pause before each.
    Slow(Duration),
    /// The body waits for the gate.
    Held(Gate),
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Retry {
    None,
    Seconds(u64),
    Date(u64),
}

impl Fault {
    fn new(kind: Kind) -> Self {
        Self { kind, resource: None, method: None, part: None, skip: 0, times: 1 }
    }

    /// 429 with the code of the resource, without `Retry-After` unless one is added.
    pub fn throttled() -> Self {
        Self::new(Kind::Refuse { status: 429, code: None, retry: Retry::None })
    }

    /// An error with this status and code, without effect.
    pub fn error(status: u16, code: &str) -> Self {
        Self::new(Kind::Refuse { status, code: Some(code.to_owned()), retry: Retry::None })
    }

    /// 503 without effect.
    pub fn unavailable() -> Self {
        Self::error(503, "ServiceUnavailable")
    }

    /// 401, as for a token that was revoked.
    pub fn unauthorized() -> Self {
        Self::error(401, "InvalidAuthenticationToken")
    }

    /// 403 `insufficient_claims` with a challenge in `WWW-Authenticate`.
    pub fn claims() -> Self {
        Self::new(Kind::Claims)
    }

    /// The connection ends before anything is done.
    pub fn dropped() -> Self {
        Self::new(Kind::Dropped)
    }

    /// The request is done, the connection ends without an answer.
    pub fn lost() -> Self {
        Self::new(Kind::Lost)
    }

    /// The request is done, the connection ends in the middle of the answer's body.
    pub fn torn() -> Self {
        Self::new(Kind::Torn)
    }

    /// The answer's body comes in ten pieces, each this much later.
    pub fn slow(pause: Duration) -> Self {
        Self::new(Kind::Slow(pause))
    }

    /// The answer's head comes, its body waits until the gate is opened.
    pub fn held(gate: &Gate) -> Self {
        Self::new(Kind::Held(gate.clone()))
    }

    /// With `Retry-After` in seconds; of errors only.
    #[must_use]
    pub fn retry_after(self, seconds: u64) -> Self {
        self.retry(Retry::Seconds(seconds))
    }

    /// With `Retry-After` as an HTTP date this many seconds from now; of errors only.
    #[must_use]
    pub fn retry_after_date(self, seconds: u64) -> Self {
        self.retry(Retry::Date(seconds))
    }

    fn retry(mut self, with: Retry) -> Self {
        let Kind::Refuse { retry, .. } = &mut self.kind else { panic!("only an error has Retry-After") };
        *retry = with;
        self
    }

    /// Only for this part of Graph.
    #[must_use]
    pub fn on(mut self, resource: Resource) -> Self {
        self.resource = Some(resource);
        self
    }

    /// Only for this method.
    #[must_use]
    pub fn method(mut self, method: &'static str) -> Self {
        self.method = Some(method);
        self
    }

    /// Only for requests whose path or query contains this.
    #[must_use]
    pub fn path(mut self, part: &str) -> Self {
        self.part = Some(part.to_owned());
        self
    }

    /// The first so many that would fit are spared.
    #[must_use]
    pub fn after(mut self, spared: usize) -> Self {
        self.skip = spared;
        self
    }

    /// How often; once unless said.
    #[must_use]
    pub fn times(mut self, times: usize) -> Self {
        self.times = times;
        self
    }

    /// Every time, until [`super::FakeGraph::heal`].
    #[must_use]
    pub fn always(self) -> Self {
        self.times(usize::MAX)
    }

    fn fits(&self, resource: Resource, method: &str, target: &str) -> bool {
        self.resource.is_none_or(|wanted| wanted == resource)
            && self.method.is_none_or(|wanted| wanted == method)
            && self.part.as_ref().is_none_or(|part| target.contains(part.as_str()))
    }
}

/// The faults that wait.
#[derive(Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    pub(crate) fn add(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    pub(crate) fn waiting(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// What happens to this request.
    pub(crate) fn take(&mut self, resource: Resource, method: &str, target: &str) -> Option<Kind> {
        let place = self.0.iter_mut().position(|fault| {
            if !fault.fits(resource, method, target) {
                return false;
            }
            if fault.skip > 0 {
                fault.skip -= 1;
                return false;
            }
            true
        })?;
        let fault = self.0.get_mut(place)?;
        let kind = fault.kind.clone();
        fault.times = fault.times.saturating_sub(1);
        if fault.times == 0 {
            self.0.remove(place);
        }
        Some(kind)
    }
}

/// Answers wait for it; copies are the same gate.
#[derive(Clone, Debug)]
pub struct Gate(watch::Sender<bool>);

impl Default for Gate {
    fn default() -> Self {
        Self(watch::channel(false).0)
    }
}

impl Gate {
    /// Lets everything through from now on.
    pub fn open(&self) {
        self.0.send_replace(true);
    }

    pub(crate) async fn opened(&self) {
        // The sender is here, so that the channel cannot be closed.
        let _ = self.0.subscribe().wait_for(|open| *open).await;
    }
}
