//! Signing in with a provider's own page (OAuth 2.0, RFC 6749; for native apps RFC 8252).
//!
//! A person consents once in the system's browser; what is kept of it is a refresh token, in the
//! secret store. [`Tokens`] turns it into the access tokens that requests carry.

mod tokens;

pub(crate) use tokens::Tokens;
