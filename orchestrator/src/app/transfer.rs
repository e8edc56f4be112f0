//! In from files and out into files: nobody is locked in.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use inlet_model::{Account, AccountConfig, AccountId, ItemId, Kind, account::FilesConfig};
use tokio::sync::broadcast::error::RecvError;

use super::App;
use crate::{
    api::{
        ApiError, ErrorCode,
        types::{
            AccountView, ExportFormat, ExportParams, Exported, ImportParams, ItemParams, Nothing, OpenFileParams,
            OpenedFile, WorkKind,
        },
    },
    clock::Clock,
    files::safe_name,
    secrets::Passing,
    store::{item, scope},
};

impl App {
    /// `import`: an account of files, read like any other source.
    pub(crate) async fn import(&self, params: ImportParams) -> Result<AccountView, ApiError> {
        let paths = params
            .paths
            .iter()
            .map(|path| {
                std::fs::canonicalize(path)
                    .map_err(|error| ApiError::invalid(format!("{path} cannot be read: {error}.")))
            })
            .collect::<Result<Vec<PathBuf>, _>>()?;
        if paths.is_empty() {
            return Err(ApiError::invalid("Name the files or folders to import."));
        }
        let name = params.into.unwrap_or_else(|| "Imported".into());
        let known = self
            .list_accounts(Nothing {})
            .await?
            .into_iter()
            .find(|view| view.name == name && matches!(view.config, AccountConfig::Files(_)));
        let (id, mut config) = match known {
            Some(AccountView { id, config: AccountConfig::Files(config), .. }) => (Some(id), config),
            _ => (None, FilesConfig::default()),
        };
        for path in paths {
            if !config.paths.contains(&path) {
                config.paths.push(path);
            }
        }
        let filled =
            |value: Option<String>| value.map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
        let chats = &mut config.chats;
        chats.me = filled(params.me).or(chats.me.take());
        chats.dates = params.dates.or(chats.dates);
        // What was read as the time of one place does not move when this computer does.
        let here = || Clock::zone().iana_name().map(str::to_owned);
        chats.zone = filled(params.zone).or(chats.zone.take()).or_else(here);
        if let Some(zone) = &chats.zone
            && jiff::tz::TimeZone::get(zone).is_err()
        {
            return Err(ApiError::invalid(format!("There is no time zone {zone}; give one such as Europe/Berlin.")));
        }
        config.holds = Some(self.held_by(&config)?);
        let config = AccountConfig::Files(config);
        match id {
            Some(id) => self.change_account(id, name, config).await,
            None => self.add_account(name, config, None).await,
        }
    }

    /// What is in files, which are looked through for it: once, and not whenever Inlet starts.
    fn held_by(&self, config: &FilesConfig) -> Result<Vec<Kind>, ApiError> {
        let config = AccountConfig::Files(FilesConfig { holds: None, ..config.clone() });
        let account = Account { id: AccountId(0), name: String::new(), config };
        let sources = (self.open)(&account, Arc::new(Passing::default()), self.queue(&account))?;
        Ok(sources.into_iter().map(|source| source.into_dyn().source_type().kind()).collect())
    }

    /// `files.open`: a mail somebody opened from the desktop.
    pub(crate) async fn open_file(&self, params: OpenFileParams) -> Result<OpenedFile, ApiError> {
        /// A mail lies on this computer: it is here in a moment, or never.
        const SOON: Duration = Duration::from_secs(10);
        let mut events = self.events();
        let path = std::fs::canonicalize(&params.path)
            .map_err(|error| ApiError::invalid(format!("{} cannot be read: {error}.", params.path)))?;
        let into = Some(params.into.unwrap_or_else(|| "Opened files".into()));
        let account = self.import(ImportParams { paths: vec![params.path], into, ..ImportParams::default() }).await?;
        let one_mail = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("eml"));
        if !one_mail || !self.background {
            return Ok(OpenedFile { account, thread: None });
        }
        let (id, remote) = (account.id, path.to_string_lossy().into_owned());
        let arrives = async {
            loop {
                let remote = remote.clone();
                let found = self.store.read(move |reader| scope::newest_thread(&reader.main, id, &remote)).await?;
                if found.is_some() {
                    return Ok::<_, ApiError>(found);
                }
                if let Err(RecvError::Closed) = events.recv().await {
                    return Ok(None);
                }
            }
        };
        let thread = tokio::time::timeout(SOON, arrives).await.unwrap_or(Ok(None))?;
        Ok(OpenedFile { account: self.account_view(id).await?, thread })
    }

    /// `export`.
    pub(crate) async fn export(&self, params: ExportParams) -> Result<Exported, ApiError> {
        let dir = PathBuf::from(&params.dir);
        std::fs::create_dir_all(&dir).map_err(|error| cannot_write(&dir, &error))?;
        let ids = match &params.query {
            Some(query) => self.items_found_by(query).await?,
            None => self.store.read(|reader| item::all_ids(&reader.main)).await?,
        };
        let mut out = Exported { items: 0, files: 0, left_out: 0 };
        let mut mboxes = Mboxes::default();
        let mut work = self.works.begin(WorkKind::Export, &dir.display().to_string(), Some(ids.len() as u64));
        for (done, id) in (0..).zip(ids) {
            work.step(done).await?;
            match params.format {
                ExportFormat::Json => {
                    let view = self.get_item(ItemParams { id }).await?;
                    let json = serde_json::to_vec_pretty(&view)
                        .map_err(|error| ApiError::new(ErrorCode::Failed, error.to_string()))?;
                    write_new(&dir.join(format!("{id}.json")), &json)?;
                    out.files += 1;
                }
                ExportFormat::Eml | ExportFormat::Mbox => {
                    let Some(mail) = self.mail_to_export(id).await? else {
                        out.left_out += 1;
                        continue;
                    };
                    if params.format == ExportFormat::Eml {
                        let name = format!("{id} {}.eml", safe_name(&mail.title));
                        write_new(&dir.join(safe_name(&name)), &mail.raw)?;
                        out.files += 1;
                    } else {
                        out.files += u64::from(mboxes.append(&dir, &mail)?);
                    }
                }
            }
            out.items += 1;
        }
        mboxes.finish()?;
        Ok(out)
    }

    async fn mail_to_export(&self, id: ItemId) -> Result<Option<Mail>, ApiError> {
        let found = self
            .store
            .read(move |reader| {
                let Some(row) = item::get(&reader.main, id)?.filter(|row| row.kind == Kind::Mail) else {
                    return Ok(None);
                };
                let folder = scope::of_item(&reader.main, id)?.unwrap_or_else(|| "Mail".into());
                Ok(Some((row, folder)))
            })
            .await?;
        let Some((row, folder)) = found else { return Ok(None) };
        // A mail that neither this computer nor its server has whole is told in the count.
        let Ok(raw) = self.raw_of(id).await else { return Ok(None) };
        let from = row.from.map_or_else(|| "MAILER-DAEMON".into(), |from| from.handle.replace(char::is_whitespace, ""));
        Ok(Some(Mail { raw, title: row.title, folder, from, at: row.at }))
    }
}

struct Mail {
    raw: Vec<u8>,
    title: String,
    folder: String,
    from: String,
    at: inlet_model::Timestamp,
}

/// One mbox file per folder (RFC 4155, with the mboxrd quoting that can be undone).
#[derive(Default)]
struct Mboxes {
    open: std::collections::HashMap<String, BufWriter<File>>,
}

impl Mboxes {
    /// Appends a mail; true when its folder's file is new.
    fn append(&mut self, dir: &Path, mail: &Mail) -> Result<bool, ApiError> {
        let path = dir.join(safe_name(&format!("{}.mbox", mail.folder.replace(['/', '\\'], "-"))));
        let key = path.display().to_string();
        let new = !self.open.contains_key(&key);
        if new {
            let file = File::create_new(&path).map_err(|error| cannot_write(&path, &error))?;
            self.open.insert(key.clone(), BufWriter::new(file));
        }
        let Some(out) = self.open.get_mut(&key) else { return Ok(new) };
        let written = (|| {
            writeln!(out, "From {} {}", mail.from, mail.at.strftime("%a %b %e %H:%M:%S %Y"))?;
            for line in mail.raw.split(|byte| *byte == b'\n') {
                let line = line.strip_suffix(b"\r").unwrap_or(line);
                let stripped = line.iter().skip_while(|byte| **byte == b'>').copied().collect::<Vec<_>>();
                if stripped.starts_with(b"From ") {
                    out.write_all(b">")?;
                }
                out.write_all(line)?;
                out.write_all(b"\n")?;
            }
            out.write_all(b"\n")
        })();
        written.map_err(|error| cannot_write(&path, &error))?;
        Ok(new)
    }

    fn finish(self) -> Result<(), ApiError> {
        for (path, mut out) in self.open {
            out.flush().map_err(|error| cannot_write(Path::new(&path), &error))?;
        }
        Ok(())
    }
}

fn write_new(path: &Path, bytes: &[u8]) -> Result<(), ApiError> {
    File::create_new(path).and_then(|mut file| file.write_all(bytes)).map_err(|error| cannot_write(path, &error))
}

fn cannot_write(path: &Path, error: &std::io::Error) -> ApiError {
    ApiError::new(ErrorCode::Failed, format!("{} cannot be written: {error}.", path.display()))
}
