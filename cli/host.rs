//! Opens the engine with the connectors it cannot know.

use std::{path::PathBuf, sync::Arc};

use inlet_orchestrator::{App, AppOptions, data_dir_origin, logs};
use secrecy::SecretString;

use crate::{
    args::{Args, Command},
    run::Failure,
};

/// The folder everything is kept in when nobody names one.
pub(crate) fn default_data_dir() -> PathBuf {
    dirs::data_dir().unwrap_or_else(|| PathBuf::from(".")).join("inlet")
}

/// The folder everything is kept in.
pub(crate) fn data_dir(args: &Args) -> PathBuf {
    args.data_dir.clone().unwrap_or_else(default_data_dir)
}

/// Starts the engine; with `background` it syncs and sends until it is shut down.
pub(crate) async fn start(args: &Args, background: bool) -> Result<Arc<App>, Failure> {
    let data_dir = data_dir(args);
    logs::init(&data_dir, args.verbose);
    let mut options = AppOptions::new(data_dir, Arc::new(inlet_connectors::open));
    options.data_dir_origin = data_dir_origin(args.data_dir.as_deref());
    options.fetch_image =
        Some(Arc::new(|url| Box::pin(async move { inlet_connectors::images::fetch_image(&url).await })));
    options.post_unsubscribe =
        Some(Arc::new(|url| Box::pin(async move { inlet_connectors::unsubscribe::one_click(&url).await })));
    options.sign_in = Some(Arc::new(|request| Box::pin(inlet_connectors::sign_in(request))));
    options.background = background;
    if let Command::Sync { once: false, account } = &args.command {
        options.only = *account;
    }
    options.use_keyring = std::env::var_os("INLET_PASSPHRASE").is_none();
    options.passphrase = std::env::var("INLET_PASSPHRASE").ok().map(SecretString::from);
    App::start(options).await.map_err(Failure::from)
}
