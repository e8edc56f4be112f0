//! Settings: flags over environment over `config.toml` in the data directory over defaults.
//!
//! Every setting is declared once in [`SETTINGS`]; the window and `inlet config` show it with where
//! its value comes from. A window and a terminal may have the same file open: it is read again
//! before it is written, so that neither undoes the other.

mod table;

use std::{
    collections::BTreeMap,
    io::Write,
    path::{Path, PathBuf},
};

use self::table::{Declared, SETTINGS};
use crate::api::{ApiError, types::Setting};

/// Where flags and the environment come from; a test hands in its own.
pub type Overrides = BTreeMap<String, String>;

/// Variables that programs of this kind share, and the settings they are.
const ALIASES: [(&str, &str); 2] =
    [("MS_CLIENT_ID", "oauth.microsoft_client_id"), ("MS_TENANT_ID", "oauth.microsoft_tenant")];

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
        Ok(Self { file: read(&path)?, path, flags, environment })
    }

    /// Reads the file again where somebody else has written it; true when it was. A file that
    /// cannot be understood at this moment changes nothing.
    pub(crate) fn reread(&mut self) -> bool {
        // Its time is no sign: two writes may have the same, and it is a few hundred bytes.
        let Ok(file) = read(&self.path) else { return false };
        let changed = file != self.file;
        self.file = file;
        changed
    }

    /// The `INLET_*` variables of this process that name a setting: `INLET_SEND_UNDO_SECONDS`. Names that
    /// other programs read as well ([`ALIASES`]) count where there is no such variable.
    #[must_use]
    pub fn environment() -> Overrides {
        let alias = |key: &str| ALIASES.iter().find(|(_, of)| *of == key).map(|(name, _)| *name);
        SETTINGS
            .iter()
            .filter_map(|setting| {
                let name = format!("INLET_{}", setting.key.replace('.', "_").to_uppercase());
                let value = std::env::var(name).ok().or_else(|| std::env::var(alias(setting.key)?).ok())?;
                Some((setting.key.to_owned(), value))
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
                Setting {
                    key: setting.key.into(),
                    value,
                    origin: origin.into(),
                    about: setting.about.into(),
                    group: setting.group,
                    default: setting.default.into(),
                    kind: setting.kind.shown(),
                }
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
            if let Some(value) = value.filter(|value| setting.kind.allows(value)) {
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
        self.word(key).parse().unwrap_or_default()
    }

    /// A setting that is a word.
    pub(crate) fn word(&self, key: &str) -> String {
        SETTINGS.iter().find(|setting| setting.key == key).map(|setting| self.lookup(setting).0).unwrap_or_default()
    }

    /// A setting that is on or off.
    pub(crate) fn is_on(&self, key: &str) -> bool {
        self.word(key) == "true"
    }

    /// Writes a setting into `config.toml`; no value takes it out again.
    ///
    /// # Errors
    /// One sentence for an unknown key, a value that does not fit, or a file that cannot be written.
    pub fn set(&mut self, key: &str, value: Option<&str>) -> Result<(), ApiError> {
        let setting = SETTINGS
            .iter()
            .find(|setting| setting.key == key)
            .ok_or_else(|| ApiError::not_found(format!("The setting \"{key}\"")))?;
        if let Some(value) = value.filter(|value| !setting.kind.allows(value)) {
            return Err(ApiError::invalid(format!("\"{value}\" does not fit {key}: {}", setting.about)));
        }
        self.file = read(&self.path)?;
        let (table, name) = key.split_once('.').unwrap_or((key, ""));
        let mut file = self.file.clone();
        let section = file
            .entry(table)
            .or_insert_with(|| toml::Value::Table(toml::Table::new()))
            .as_table_mut()
            .ok_or_else(|| ApiError::invalid(format!("In config.toml \"{table}\" is not a section.")))?;
        match value {
            Some(value) => drop(section.insert(name.to_owned(), setting.kind.toml(value))),
            None => drop(section.remove(name)),
        }
        if section.is_empty() {
            file.remove(table);
        }
        self.write(&file)
            .map_err(|error| ApiError::invalid(format!("{} cannot be written: {error}.", self.path.display())))?;
        self.file = file;
        Ok(())
    }

    /// Replaces the file in one step: whoever reads it, or is killed, finds the old or the new one.
    fn write(&self, file: &toml::Table) -> std::io::Result<()> {
        let new = self.path.with_extension("toml.new");
        let mut out = std::fs::File::create(&new)?;
        out.write_all(file.to_string().as_bytes())?;
        out.sync_all()?;
        std::fs::rename(new, &self.path)
    }
}

fn read(path: &Path) -> Result<toml::Table, ApiError> {
    match std::fs::read_to_string(path) {
        Ok(text) => {
            text.parse().map_err(|error| ApiError::invalid(format!("{} is not valid TOML: {error}.", path.display())))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(toml::Table::new()),
        Err(error) => Err(ApiError::invalid(format!("{} cannot be read: {error}.", path.display()))),
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

    #[test]
    fn every_default_is_allowed_and_kept_as_what_it_is() {
        let dir = tempfile::tempdir().unwrap();
        let mut config = Config::load(dir.path(), Overrides::new(), Overrides::new()).unwrap();
        for setting in config.all() {
            config.set(&setting.key, Some(&setting.default)).unwrap();
            assert_eq!(value(&config, &setting.key), (setting.default.clone(), "file".into()));
        }
        let text = std::fs::read_to_string(dir.path().join("config.toml")).unwrap();
        assert!(text.contains("enter_sends = true") && text.contains("undo_seconds = 10"), "{text}");
        for setting in config.all() {
            config.set(&setting.key, None).unwrap();
        }
        assert_eq!(std::fs::read_to_string(dir.path().join("config.toml")).unwrap(), "");
        assert!(config.all().iter().all(|setting| setting.origin == "default" && setting.value == setting.default));
    }

    #[test]
    fn nonsense_is_refused_with_what_would_fit() {
        let dir = tempfile::tempdir().unwrap();
        let mut config = Config::load(dir.path(), Overrides::new(), Overrides::new()).unwrap();
        for (key, bad) in [
            ("compose.enter_sends", "yes"),
            ("appearance.layout", ""),
            ("sync.poll_seconds", "-1"),
            ("keyboard.bindings", "{\"archive\": \"e\"}"),
            ("keyboard.bindings", &"x".repeat(1 << 20)),
        ] {
            assert!(config.set(key, Some(bad)).is_err(), "{key} = {bad:.40}");
        }
        assert!(!dir.path().join("config.toml").exists());
        config.set("keyboard.bindings", Some("{\"archive\": [\"g y\"], \"delete\": []}")).unwrap();
    }

    #[test]
    fn two_programs_with_one_file_do_not_undo_each_other() {
        let dir = tempfile::tempdir().unwrap();
        let open = || Config::load(dir.path(), Overrides::new(), Overrides::new()).unwrap();
        let (mut window, mut terminal) = (open(), open());
        assert!(!window.reread());
        terminal.set("appearance.theme", Some("dark")).unwrap();
        window.set("appearance.density", Some("compact")).unwrap();
        assert_eq!(value(&open(), "appearance.theme"), ("dark".into(), "file".into()));
        assert_eq!(value(&window, "appearance.theme"), ("dark".into(), "file".into()));
        assert!(terminal.reread());
        assert_eq!(value(&terminal, "appearance.density"), ("compact".into(), "file".into()));
        // Half a file, as an editor may leave it for a moment, takes nothing away.
        std::fs::write(dir.path().join("config.toml"), "[appearance").unwrap();
        assert!(!terminal.reread());
        assert!(terminal.set("appearance.theme", Some("light")).is_err());
        assert_eq!(value(&terminal, "appearance.theme"), ("dark".into(), "file".into()));
    }
}
