//! A child process that cannot outlive its owner: killed on drop, or by the kernel if the owner was killed.

use std::{
    fs, io,
    net::{Ipv4Addr, TcpListener},
    ops::Range,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{self, Child, Command, Stdio},
    sync::{
        LazyLock,
        atomic::{AtomicU32, Ordering},
        mpsc,
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{Instant, sleep, timeout},
};

use crate::StartError;

/// Long enough to cost nothing, short enough to go unnoticed in a start.
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(5);

/// An `ask` that takes longer has failed.
const ASK_WITHIN: Duration = Duration::from_secs(5);

/// No answer to `ask` is longer than this.
const ANSWER_MAX_BYTES: u64 = 64 * 1024;

/// A running child process. Dropping it kills it.
pub struct TiedProcess {
    store: &'static str,
    child: Child,
    log: PathBuf,
}

impl TiedProcess {
    /// Starts `command`, with its output in `log`.
    ///
    /// It gets a process group of its own, so that a terminal's Ctrl-C reaches this process only, which stops its
    /// stores once the requests under way no longer need them.
    pub fn start(store: &'static str, mut command: Command, log: PathBuf) -> Result<Self, StartError> {
        let output = fs::File::create(&log).and_then(|file| Ok((file.try_clone()?, file)));
        let (stdout, stderr) = output.map_err(StartError::data(store, &log))?;
        command.stdin(Stdio::null()).stdout(stdout).stderr(stderr).process_group(0);
        let child = spawn_from_keeper(command).map_err(StartError::refused(store, "a process"))?;
        Ok(Self { store, child, log })
    }

    /// Waits until the answer to `request` on `port` is the wanted one. Fails if the process ends first, or the time.
    pub(crate) async fn answers(
        &mut self,
        port: u16,
        request: &str,
        within: Duration,
        wanted: impl Fn(&str) -> bool,
    ) -> Result<(), StartError> {
        let deadline = Instant::now() + within;
        loop {
            let heard = wanted(&ask(port, request).await);
            // In this order, so that another process that took the port first is not mistaken for ours.
            if self.has_ended() {
                return Err(StartError::Ended { store: self.store, last_words: self.last_words() });
            }
            if heard {
                return Ok(());
            }
            if Instant::now() > deadline {
                return Err(StartError::Silent { store: self.store, within });
            }
            sleep(LOOK_AGAIN_AFTER).await;
        }
    }

    /// Whether it ends by itself within that time.
    pub(crate) async fn ends(&mut self, within: Duration) -> bool {
        let deadline = Instant::now() + within;
        while !self.has_ended() {
            if Instant::now() > deadline {
                return false;
            }
            sleep(LOOK_AGAIN_AFTER).await;
        }
        true
    }

    /// Kills it and waits for its end. A repeat changes nothing.
    pub fn kill(&mut self) {
        // Both fail only if the process has ended already, which is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Its process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether it has ended by itself.
    pub fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    /// The last line of its log.
    #[must_use]
    pub fn last_words(&self) -> String {
        let log = fs::read(&self.log).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        log.lines().map(str::trim).rfind(|line| !line.is_empty()).unwrap_or("nothing").to_owned()
    }
}

impl Drop for TiedProcess {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A command for `program` that the kernel kills with this process, where util-linux can arrange that.
#[must_use]
pub fn tied(program: &Path) -> Command {
    static SETPRIV: LazyLock<bool> = LazyLock::new(|| {
        let mut probe = Command::new("setpriv");
        probe.args(["--pdeathsig", "KILL", "true"]).stdout(Stdio::null()).stderr(Stdio::null());
        probe.status().is_ok_and(|status| status.success())
    });
    if !*SETPRIV {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL"]).arg(program);
    command
}

/// The file that a shell would run as `name`.
#[must_use]
pub fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// Sends a process of this user a signal: `STOP`, `CONT`, `TERM` …
pub fn signal(id: u32, signal: &str) -> io::Result<()> {
    let sent = Command::new("kill").args([&format!("-{signal}"), &id.to_string()]).status()?;
    if sent.success() { Ok(()) } else { Err(io::Error::other(format!("process {id} takes no {signal}"))) }
}

/// Ports to listen on: below those that Linux gives to outgoing connections, which could take a port between the look
/// and its use.
const PORTS: Range<u32> = 10_000..32_000;

/// A port that was free a moment ago, and that this process was not given before.
pub fn free_port() -> io::Result<u16> {
    static GIVEN: AtomicU32 = AtomicU32::new(0);
    let count = PORTS.end - PORTS.start;
    // Each process begins elsewhere.
    let first = process::id().wrapping_mul(61) % count;
    for _ in 0..count {
        let place = first.wrapping_add(GIVEN.fetch_add(1, Ordering::Relaxed)) % count;
        let port = u16::try_from(PORTS.start + place).map_err(io::Error::other)?;
        if TcpListener::bind((Ipv4Addr::UNSPECIFIED, port)).is_ok() {
            return Ok(port);
        }
    }
    Err(io::ErrorKind::AddrInUse.into())
}

/// Sends `request` to the port and reads until the other side hangs up. An empty answer means that there was none.
pub(crate) async fn ask(port: u16, request: &str) -> String {
    let conversation = async {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await?;
        stream.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        stream.take(ANSWER_MAX_BYTES).read_to_end(&mut answer).await?;
        io::Result::Ok(String::from_utf8_lossy(&answer).into_owned())
    };
    timeout(ASK_WITHIN, conversation).await.ok().and_then(Result::ok).unwrap_or_default()
}

/// Starts `command` from a thread that lives as long as this process.
///
/// The kernel's "kill it when its parent dies" means the parent *thread*. The thread of one test, or a worker of one
/// runtime, may end long before the other tests that share the store.
fn spawn_from_keeper(command: Command) -> io::Result<Child> {
    type Errand = (Command, mpsc::Sender<io::Result<Child>>);
    static KEEPER: LazyLock<mpsc::Sender<Errand>> = LazyLock::new(|| {
        let (sender, errands) = mpsc::channel::<Errand>();
        let keep = move || {
            for (mut command, reply) in errands {
                // The caller may be gone: then the child has no owner and must not stay.
                if let Err(mpsc::SendError(Ok(mut orphan))) = reply.send(command.spawn()) {
                    let _ = orphan.kill();
                    let _ = orphan.wait();
                }
            }
        };
        // Without the thread the channel is closed, and each send says so.
        let _ = std::thread::Builder::new().name("store-keeper".to_owned()).spawn(keep);
        sender
    });
    let gone = || io::Error::other("the thread that starts stores could not be started");
    let (reply, child) = mpsc::channel();
    KEEPER.send((command, reply)).map_err(|_| gone())?;
    child.recv().map_err(|_| gone())?
}
