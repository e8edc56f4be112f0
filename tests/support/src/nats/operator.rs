//! Logins by credentials files: an operator, an account with JetStream, and a user of it.
//!
//! A claim is a JWT signed by the key of who is above (<https://docs.nats.io/running-a-nats-service/configuration/securing_nats/auth_intro/jwt>).

use std::fmt::Write as _;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use nkeys::KeyPair;
use serde_json::{Value, json};

/// What an operator of NATS hands out.
pub struct Operator {
    /// The part of the server's configuration that trusts it.
    pub configuration: String,
    /// The credentials file of a user.
    pub credentials: String,
}

impl Operator {
    /// A new one.
    ///
    /// # Panics
    /// Never: its keys are made here.
    pub fn appoint() -> Self {
        let (operator, account, system, user) =
            (KeyPair::new_operator(), KeyPair::new_account(), KeyPair::new_account(), KeyPair::new_user());
        let limits = |storage: i64| {
            json!({ "type": "account", "limits": {
                "subs": -1, "data": -1, "payload": -1, "imports": -1, "exports": -1, "wildcards": true, "conn": -1,
                "leaf": -1, "streams": -1, "consumer": -1, "mem_storage": storage, "disk_storage": storage,
            } })
        };
        let mut configuration = format!(
            "operator: \"{}\"\nsystem_account: {}\nresolver: MEMORY\nresolver_preload {{\n",
            claim(&operator, &operator, json!({ "type": "operator" })),
            system.public_key()
        );
        for (account, storage) in [(&account, -1), (&system, 0)] {
            let claim = claim(&operator, account, limits(storage));
            let _ = writeln!(configuration, "  {}: \"{claim}\"", account.public_key());
        }
        configuration.push_str("}\n");
        let may = json!({ "type": "user", "pub": {}, "sub": {}, "subs": -1, "data": -1, "payload": -1 });
        let credentials = format!(
            "-----BEGIN NATS USER JWT-----\n{}\n------END NATS USER JWT------\n\n\
             -----BEGIN USER NKEY SEED-----\n{}\n------END USER NKEY SEED------\n",
            claim(&account, &user, may),
            user.seed().expect("a key that was made here")
        );
        Self { configuration, credentials }
    }
}

/// What one says of another.
fn claim(by: &KeyPair, of: &KeyPair, mut says: Value) -> String {
    says["version"] = json!(2);
    let name = of.public_key();
    let claims =
        json!({ "jti": name, "iat": 1_750_000_000, "iss": by.public_key(), "sub": name, "name": name, "nats": says });
    let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let text = [part(json!({ "typ": "JWT", "alg": "ed25519-nkey" })), part(claims)].join(".");
    let signature = by.sign(text.as_bytes()).expect("a key that signs");
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// A user by a bare key: its public half for the server's configuration, and its seed.
///
/// # Panics
/// Never: the key is made here.
pub fn nkey() -> (String, String) {
    let user = KeyPair::new_user();
    (user.public_key(), user.seed().expect("a key that was made here"))
}
