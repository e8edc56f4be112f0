//! Ports for servers that are told where to listen.

use std::{
    hash::{BuildHasher, Hasher, RandomState},
    net::{Ipv4Addr, SocketAddr, TcpListener},
};

/// A port of loopback nobody listens at. It lies below those a system gives away by itself (RFC 6335 §6 and, on Linux,
/// from 32768 on): one that was given away and let go again is somebody else's before it is used, now and then.
#[must_use]
pub fn free_port() -> u16 {
    free_address().port()
}

/// An address of loopback nobody listens at, as [`free_port`] finds one.
///
/// # Panics
/// When there is none.
#[must_use]
pub fn free_address() -> SocketAddr {
    const LOWEST: u64 = 10_000;
    const BEYOND: u64 = 32_768;
    let free = (0..1000).find_map(|_| {
        let port = u16::try_from(LOWEST + RandomState::new().build_hasher().finish() % (BEYOND - LOWEST)).ok()?;
        TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok()?.local_addr().ok()
    });
    free.expect("a free port")
}
