//! Settings: flags over environment over `config.toml` in the data directory over defaults.
//!
//! Every setting is declared once in [`SETTINGS`]; the window and `inlet config` show it with where
//! its value comes from.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use crate::api::{ApiError, types::Setting};

/// A setting: key, default, what it does.
struct Declared {
    key: &'static str,
    default: &'static str,
    about: &'static str,
    check: fn(&str) -> bool,
}

fn seconds(value: &str) -> bool {
    value.parse::<u32>().is_ok_and(|seconds| seconds <= 3600)
}

fn undo(value: &str) -> bool {
    value.parse::<u32>().is_ok_and(|seconds| seconds <= 30)
}

fn theme(value: &str) -> bool {
    matches!(value, "system" | "light" | "dark")
}

fn density(value: &str) -> bool {
    matches!(value, "comfortable" | "cosy" | "compact")
}

const SETTINGS: &[Declared] = &[
    Declared {
        key: "send.undo_seconds",
        default: "10",
        about: "Seconds during which a message can still be taken back after Send (0 to 30).",
        check: undo,
    },
    Declared {
        key: "sync.poll_seconds",
        default: "300",
        about: "How often folders without live news are asked (0 to 3600 seconds).",
        check: seconds,
    },
    Declared { key: "appearance.theme", default: "system", about: "system, light or dark.", check: theme },
    Declared {
        key: "appearance.density",
        default: "cosy",
        about: "comfortable, cosy or compact rows.",
        check: density,
    },
];

/// Where flags and the environment come from; a test hands in its own.
pub type Overrides = BTreeMap<String, String>;

/// The settings of one data directory.
#[derive(Debug)]
pub struct Config {
    path: PathBuf,
    file: toml::Table,
    flags: Overrides,
    environment: Overrides,
}

impl Config {
    /// Reads the settings of a data directory.
    ///
    /// # Errors
    /// One sentence when `config.toml` cannot be read.
    pub fn load(data_dir: &Path, flags: Overrides, environment: Overrides) -> Result<Self, ApiError> {
        let path = data_dir.join("config.toml");
        let file = match std::fs::read_to_string(&path) {
            Ok(text) => text
                .parse()
                .map_err(|error| ApiError::invalid(format!("{} is not valid TOML: {error}.", path.display())))?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => toml::Table::new(),
            Err(error) => return Err(ApiError::invalid(format!("{} cannot be read: {error}.", path.display()))),
        };
        Ok(Self { path, file, flags, environment })
    }

    /// The `INLET_*` variables of this process that name a setting: `INLET_SEND_UNDO_SECONDS`.
    #[must_use]
    pub fn environment() -> Overrides {
        SETTINGS
            .iter()
            .filter_map(|setting| {
                let name = format!("INLET_{}", setting.key.replace('.', "_").to_uppercase());
                Some((setting.key.to_owned(), std::env::var(name).ok()?))
            })
            .collect()
    }

    /// Every setting with its value and origin.
    #[must_use]
    pub fn all(&self) -> Vec<Setting> {
        SETTINGS
            .iter()
            .map(|setting| {
                let (value, origin) = self.lookup(setting);
                Setting { key: setting.key.into(), value, origin: origin.into(), about: setting.about.into() }
            })
            .collect()
    }

    fn lookup(&self, setting: &Declared) -> (String, &'static str) {
        let candidates = [
            (self.flags.get(setting.key).cloned(), "flag"),
            (self.environment.get(setting.key).cloned(), "environment"),
            (self.in_file(setting.key), "file"),
        ];
        for (value, origin) in candidates {
            // A value that makes no sense counts as not given: a typo must not stop the start.
            if let Some(value) = value.filter(|value| (setting.check)(value)) {
                return (value, origin);
            }
        }
        (setting.default.to_owned(), "default")
    }

    fn in_file(&self, key: &str) -> Option<String> {
        let (table, name) = key.split_once('.')?;
        match self.file.get(table)?.get(name)? {
            toml::Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        }
    }

    /// A setting that is a number.
    pub(crate) fn number(&self, key: &str) -> u64 {
        SETTINGS
            .iter()
            .find(|setting| setting.key == key)
            .and_then(|setting| self.lookup(setting).0.parse().ok())
            .unwrap_or_default()
    }

    /// Writes a setting into `config.toml`; nothing takes it out again.
    ///
    /// # Errors
    /// One sentence for an unknown key, a value that does not fit, or a file that cannot be written.
    pub fn set(&mut self, key: &str, value: Option<&str>) -> Result<(), ApiError> {
        let setting = SETTINGS
            .iter()
            .find(|setting| setting.key == key)
            .ok_or_else(|| ApiError::not_found(format!("The setting \"{key}\"")))?;
        let (table, name) = key.split_once('.').unwrap_or((key, ""));
        let section = self
            .file
            .entry(table)
            .or_insert_with(|| toml::Value::Table(toml::Table::new()))
            .as_table_mut()
            .ok_or_else(|| ApiError::invalid(format!("In config.toml \"{table}\" is not a section.")))?;
        match value {
            Some(value) if (setting.check)(value) => {
                let value = value.parse::<i64>().map_or_else(|_| value.into(), toml::Value::Integer);
                section.insert(name.to_owned(), value);
            }
            Some(value) => {
                return Err(ApiError::invalid(format!("\"{value}\" does not fit {key}: {}", setting.about)));
            }
            None => {
                section.remove(name);
            }
        }
        std::fs::write(&self.path, self.file.to_string())
            .map_err(|error| ApiError::invalid(format!("{} cannot be written: {error}.", self.path.display())))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn value(config: &Config, key: &str) -> (String, String) {
        let setting = config.all().into_iter().find(|setting| setting.key == key).unwrap();
        (setting.value, setting.origin)
    }

    #[test]
    fn flags_win_over_environment_over_file_over_defaults() {
        let dir = tempfile::tempdir().unwrap();
        let key = "send.undo_seconds";
        let one = |v: &str| Overrides::from([(key.to_owned(), v.to_owned())]);
        let mut config = Config::load(dir.path(), Overrides::new(), Overrides::new()).unwrap();
        assert_eq!(value(&config, key), ("10".into(), "default".into()));
        config.set(key, Some("5")).unwrap();
        assert!(config.set(key, Some("99")).is_err());
        assert!(config.set("no.such", Some("1")).is_err());
        let config = Config::load(dir.path(), Overrides::new(), Overrides::new()).unwrap();
        assert_eq!(value(&config, key), ("5".into(), "file".into()));
        let config = Config::load(dir.path(), Overrides::new(), one("7")).unwrap();
        assert_eq!(value(&config, key), ("7".into(), "environment".into()));
        let config = Config::load(dir.path(), one("8"), one("7")).unwrap();
        assert_eq!(value(&config, key), ("8".into(), "flag".into()));
        let config = Config::load(dir.path(), one("nonsense"), Overrides::new()).unwrap();
        assert_eq!(value(&config, key), ("5".into(), "file".into()));
    }
}
