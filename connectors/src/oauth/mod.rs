//! Signing in with a provider's own page (OAuth 2.0, RFC 6749; for native apps RFC 8252).
//!
//! A person consents once in the system's browser; what is kept of it is a refresh token, in the
//! secret store. [`Tokens`] turns it into the access tokens that requests carry.
//!
//! | room | what |
//! |---|---|
//! | [`plan`] | what an account asks for, of whom, as which app |
//! | [`code`] | authorization code with PKCE, by the browser of this computer |
//! | [`loopback`] | the listener the browser comes back to |
//! | [`device`] | a code typed on any device |
//! | [`tokens`] | access tokens, refreshed one at a time |
//! | [`identity`] | who signed in |
//! | [`wire`], [`slackish`] | how requests travel, and how Slack's answers become those of the protocol |
//! | [`refusal`] | what a provider's "no" means, as one sentence |
//!
//! There is no password in any of it, and no browser of our own: a page that asks for a password
//! inside an app could be anybody's.

mod code;
mod device;
mod identity;
mod loopback;
mod plan;
mod refusal;
mod slackish;
mod tokens;
mod wire;

use inlet_model::{Refusal, SignIn, SignInRequest};

pub(crate) use self::tokens::Tokens;

/// Begins a sign-in at the provider of an account.
///
/// # Errors
/// With [`inlet_model::SourceError::Permanent`] for an account without a provider, or whose addresses are
/// neither HTTPS nor on this machine; else what the network says.
pub async fn sign_in(request: SignInRequest) -> Result<Box<dyn SignIn>, Refusal> {
    let plan = plan::Plan::new(&request)?;
    if request.device { device::begin(plan).await } else { code::begin(plan).await }
}

#[cfg(test)]
mod tests;
