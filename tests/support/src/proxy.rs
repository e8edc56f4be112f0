//! A proxy that misbehaves: slow, silent, cutting connections, all on request.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use inlet_model::Endpoint;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::{mpsc, watch},
    task::JoinHandle,
    time::Instant,
};

use crate::rng::Rng;

/// What the proxy does to connections. Bytes are counted from server to client.
#[derive(Clone, Copy, Debug, Default)]
pub struct Faults {
    /// Every chunk, each way, comes this much later.
    pub latency: Duration,
    /// Connections are closed as soon as they are made.
    pub refuse: bool,
    /// A connection is cut after this many bytes.
    pub cut_after: Option<u64>,
    /// A connection falls silent after this many bytes: open, but nothing more comes.
    pub hang_after: Option<u64>,
    /// Each connection is cut after a random number of bytes below the second figure, by this seed.
    pub cut_at_random: Option<(u64, u64)>,
}

struct Shared {
    target: SocketAddr,
    faults: Mutex<Faults>,
    connections: AtomicUsize,
    bytes: AtomicU64,
    open: AtomicUsize,
    cut: watch::Sender<u64>,
}

/// A running proxy; it ends when dropped, and its connections with it.
pub struct ChaosProxy {
    /// Where it listens, on 127.0.0.1.
    pub port: u16,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

impl ChaosProxy {
    /// Starts a proxy in front of a port of this machine.
    ///
    /// # Panics
    /// When no port is free.
    pub async fn start(target: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let shared = Arc::new(Shared {
            target: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), target),
            faults: Mutex::default(),
            connections: AtomicUsize::new(0),
            bytes: AtomicU64::new(0),
            open: AtomicUsize::new(0),
            cut: watch::Sender::new(0),
        });
        let task = tokio::spawn(listen(listener, Arc::clone(&shared)));
        Self { port, shared, task }
    }

    /// Where it listens.
    pub fn endpoint(&self) -> Endpoint {
        Endpoint { host: "localhost".into(), port: self.port }
    }

    /// Replaces the faults, for open connections too.
    pub fn set(&self, faults: Faults) {
        *self.shared.faults.lock().unwrap() = faults;
    }

    /// Cuts every open connection now.
    pub fn cut_all(&self) {
        self.shared.cut.send_modify(|count| *count += 1);
    }

    /// Connections made so far.
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// Connections open now.
    pub fn open(&self) -> usize {
        self.shared.open.load(Ordering::SeqCst)
    }

    /// Bytes passed from server to client so far.
    pub fn bytes(&self) -> u64 {
        self.shared.bytes.load(Ordering::SeqCst)
    }
}

impl Drop for ChaosProxy {
    fn drop(&mut self) {
        self.task.abort();
        self.cut_all();
    }
}

async fn listen(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((client, _)) = listener.accept().await {
        let number = shared.connections.fetch_add(1, Ordering::SeqCst) as u64;
        tokio::spawn(carry(client, Arc::clone(&shared), number));
    }
}

async fn carry(client: TcpStream, shared: Arc<Shared>, number: u64) {
    let faults = *shared.faults.lock().unwrap();
    if faults.refuse {
        return;
    }
    let Ok(server) = TcpStream::connect(shared.target).await else {
        return;
    };
    let _ = (client.set_nodelay(true), server.set_nodelay(true));
    shared.open.fetch_add(1, Ordering::SeqCst);
    let mut cut = shared.cut.subscribe();
    let random = faults.cut_at_random.map(|(seed, below)| Rng::new(seed.wrapping_add(number)).bits() % below.max(1));
    let (mut client_in, mut client_out) = client.into_split();
    let (mut server_in, mut server_out) = server.into_split();

    let up = async {
        pump(&mut client_in, &mut server_out, &shared, |_, n| (n, End::No)).await;
        // The client said all it had to say; the server may still answer.
        let _ = server_out.shutdown().await;
        std::future::pending::<()>().await;
    };
    let down = pump(&mut server_in, &mut client_out, &shared, |passed, n| {
        let faults = *shared.faults.lock().unwrap();
        let end = [faults.cut_after, faults.hang_after, random].into_iter().flatten().min();
        let allowed = end.map_or(n, |end| end.saturating_sub(passed).min(n));
        shared.bytes.fetch_add(allowed, Ordering::SeqCst);
        let end = match end {
            Some(end) if passed + allowed < end => End::No,
            None => End::No,
            Some(end) if faults.hang_after == Some(end) => End::Hang,
            Some(_) => End::Cut,
        };
        (allowed, end)
    });
    tokio::select! {
        () = up => {}
        () = down => {}
        _ = cut.changed() => {}
    }
    shared.open.fetch_sub(1, Ordering::SeqCst);
}

/// Carries bytes one way. Reading goes on while earlier chunks wait out their latency, so that a
/// slow line is still a wide one. `allow` is told how much has passed and what has come; it says how
/// much of it may pass and whether that was the end.
async fn pump(
    from: &mut OwnedReadHalf,
    to: &mut OwnedWriteHalf,
    shared: &Shared,
    allow: impl Fn(u64, u64) -> (u64, End),
) {
    let (queue, mut due) = mpsc::channel::<(Instant, Vec<u8>)>(1024);
    let read = async move {
        loop {
            let mut chunk = vec![0; 16 * 1024];
            match from.read(&mut chunk).await {
                Ok(n) if n > 0 => chunk.truncate(n),
                _ => return,
            }
            let latency = shared.faults.lock().unwrap().latency;
            if queue.send((Instant::now() + latency, chunk)).await.is_err() {
                return;
            }
        }
    };
    let write = async {
        let mut passed = 0;
        while let Some((at, chunk)) = due.recv().await {
            tokio::time::sleep_until(at).await;
            let (allowed, end) = allow(passed, chunk.len() as u64);
            passed += allowed;
            if to.write_all(&chunk[..allowed as usize]).await.is_err() {
                return;
            }
            match end {
                End::No => {}
                End::Cut => return,
                End::Hang => std::future::pending().await,
            }
        }
    };
    let mut write = std::pin::pin!(write);
    tokio::select! {
        () = read => write.await,
        () = &mut write => {}
    }
}

/// Whether a connection goes on.
enum End {
    No,
    Cut,
    Hang,
}
