//! TLS as every connection of Inlet uses it: the system's certificates, one more on request.

use std::{path::Path, sync::Arc};

use inlet_model::{Result, SourceError};
use rustls::{ClientConfig, RootCertStore, crypto::ring};
use rustls_pki_types::{CertificateDer, pem::PemObject as _};

/// The client's side of TLS. `ca` is a PEM file of certificates to trust beside the system's.
///
/// The provider is named, not taken from the process: a library must not depend on who installed
/// one first.
///
/// # Errors
/// [`SourceError::Permanent`] when `ca` cannot be read.
pub(crate) fn client_config(ca: Option<&Path>) -> Result<Arc<ClientConfig>> {
    let mut roots = RootCertStore::empty();
    // A system with one broken certificate among its hundreds still has the others.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(path) = ca {
        let unreadable = || {
            SourceError::Permanent(format!(
                "The certificate file {} cannot be read: give the path of a PEM file.",
                path.display()
            ))
        };
        let mut found = 0;
        for certificate in CertificateDer::pem_file_iter(path).map_err(|_| unreadable())? {
            roots.add(certificate.map_err(|_| unreadable())?).map_err(|_| unreadable())?;
            found += 1;
        }
        if found == 0 {
            return Err(unreadable());
        }
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|_| SourceError::Permanent("This build of Inlet has no usable TLS version.".to_owned()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

/// What TLS had against a connection, where that is why it failed.
pub(crate) fn problem<'a>(error: &'a (dyn std::error::Error + 'static)) -> Option<&'a rustls::Error> {
    let mut cause = Some(error);
    while let Some(this) = cause {
        // An error of input and output shows what is inside it, and is not its source.
        let inner = this.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        let found = this.downcast_ref().or_else(|| inner.and_then(|inner| inner.downcast_ref()));
        if found.is_some() {
            return found;
        }
        cause = this.source();
    }
    None
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_or_empty_certificate_file_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let missing = folder.path().join("none.pem");
        assert!(
            matches!(client_config(Some(&missing)), Err(SourceError::Permanent(text)) if text.contains("none.pem"))
        );
        let empty = folder.path().join("empty.pem");
        std::fs::write(&empty, "no certificate here").unwrap();
        assert!(matches!(client_config(Some(&empty)), Err(SourceError::Permanent(_))));
        assert!(client_config(None).is_ok());
    }
}
