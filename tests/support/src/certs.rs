//! A certificate authority of the test run, and server certificates it signs.

use std::sync::OnceLock;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
};

/// What is wrong with a server's certificate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CertKind {
    /// Nothing: for `localhost` and `127.0.0.1`, signed by the test authority.
    #[default]
    Good,
    /// It ended in 2001.
    Expired,
    /// It begins in 2999.
    NotYetValid,
    /// It is for another host.
    WrongHost,
    /// Another authority signed it.
    UnknownAuthority,
    /// It signed itself.
    SelfSigned,
}

/// A server certificate with its key and the authority that a client should be told to trust.
#[derive(Clone, Debug)]
pub struct Certs {
    /// Certificate of the test authority, PEM. The same for every server of this process.
    pub ca: String,
    /// Certificate of the server, PEM.
    pub cert: String,
    /// Its private key, PEM.
    pub key: String,
}

struct Authority {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        Self { pem, issuer: Issuer::new(params, key) }
    }
}

impl Certs {
    /// A server certificate of this kind.
    pub fn new(kind: CertKind) -> Self {
        static AUTHORITY: OnceLock<Authority> = OnceLock::new();
        let authority = AUTHORITY.get_or_init(|| Authority::new("Inlet test authority"));

        let names: &[&str] = match kind {
            CertKind::WrongHost => &["mail.example.org"],
            _ => &["localhost", "127.0.0.1"],
        };
        let mut params =
            CertificateParams::new(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()).unwrap();
        params.distinguished_name.push(DnType::CommonName, names[0]);
        // Without an explicit CA:FALSE rustls takes the certificate for an authority and refuses it.
        params.is_ca = IsCa::ExplicitNoCa;
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        match kind {
            CertKind::Expired => {
                params.not_before = rcgen::date_time_ymd(2000, 1, 1);
                params.not_after = rcgen::date_time_ymd(2001, 1, 1);
            }
            CertKind::NotYetValid => {
                params.not_before = rcgen::date_time_ymd(2999, 1, 1);
                params.not_after = rcgen::date_time_ymd(3000, 1, 1);
            }
            _ => {}
        }
        let key = KeyPair::generate().unwrap();
        let cert = match kind {
            CertKind::SelfSigned => params.self_signed(&key),
            CertKind::UnknownAuthority => params.signed_by(&key, &Authority::new("Somebody else").issuer),
            _ => params.signed_by(&key, &authority.issuer),
        };
        Self { ca: authority.pem.clone(), cert: cert.unwrap().pem(), key: key.serialize_pem() }
    }
}
