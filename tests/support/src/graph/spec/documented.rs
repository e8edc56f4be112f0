//! The operations of the files, read one by one as they are needed: most are not.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, value::RawValue};

/// Operations by method and template, in OpenAPI's words.
#[derive(Default)]
pub(crate) struct Documented {
    unread: BTreeMap<(String, String), Box<RawValue>>,
    read: BTreeMap<(String, String), Value>,
}

#[derive(Deserialize)]
struct File {
    paths: BTreeMap<String, BTreeMap<String, Box<RawValue>>>,
}

impl Documented {
    /// Adds the operations of a file.
    ///
    /// # Panics
    /// When it is not one of OpenAPI; so with all that cannot be read.
    pub(crate) fn add(&mut self, file: &[u8]) {
        let file: File = serde_json::from_slice(file).expect("an OpenAPI file");
        for (template, item) in file.paths {
            for (method, operation) in item {
                if matches!(method.as_str(), "get" | "post" | "patch" | "put" | "delete") {
                    self.unread.insert((method.to_uppercase(), template.clone()), operation);
                }
            }
        }
    }

    /// An operation, to read or to amend.
    pub(crate) fn get(&mut self, method: &str, template: &str) -> &mut Value {
        let key = key(method, template);
        if let Some(raw) = self.unread.remove(&key) {
            let value = serde_json::from_str(raw.get()).expect("an operation of OpenAPI");
            self.read.insert(key.clone(), value);
        }
        self.read.get_mut(&key).unwrap_or_else(|| panic!("nobody documents {method} {template}"))
    }

    /// Adds an operation that no file has.
    pub(crate) fn insert(&mut self, method: &str, template: &str, operation: Value) {
        let key = key(method, template);
        assert!(!self.unread.contains_key(&key), "{method} {template} is in the files");
        self.read.insert(key, operation);
    }

    /// Takes an operation out.
    pub(crate) fn take(&mut self, method: &str, template: &str) -> Value {
        let operation = self.get(method, template).take();
        self.read.remove(&key(method, template));
        operation
    }

    /// Methods and templates of all that were not taken.
    pub(crate) fn rest(self) -> impl Iterator<Item = (String, String)> {
        self.unread.into_keys().chain(self.read.into_keys())
    }
}

fn key(method: &str, template: &str) -> (String, String) {
    (method.to_owned(), template.to_owned())
}
