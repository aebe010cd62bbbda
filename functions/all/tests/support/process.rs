//! A function as a process of its own, killed when its test ends.

use all::FUNCTIONS;
use std::{
    ffi::OsStr,
    fs::{self, File},
    io::Read as _,
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};
use testkit::{program, until_it_listens};

const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(20);

pub struct Process {
    pub name: &'static str,
    pub address: SocketAddr,
    child: Child,
}

impl Process {
    /// Starts a function on a free port, with these settings and nothing from the environment.
    pub fn start(name: &'static str, settings: &[(&str, &str)]) -> Self {
        Self::start_with(name, settings, Stdio::null())
    }

    /// The same, from when it listens on.
    pub async fn start_listening(name: &'static str, settings: &[(&str, &str)]) -> Self {
        let process = Self::start(name, settings);
        until_it_listens(name, process.address).await;
        process
    }

    /// Starts a function, with its log kept for [`Process::log`].
    pub fn start_logging(name: &'static str, settings: &[(&str, &str)]) -> Self {
        Self::start_with(name, settings, Stdio::piped())
    }

    /// Starts a function with everything that it writes appended to a file, for logs that are too long for a pipe.
    pub fn start_writing(name: &'static str, settings: &[(&str, &str)], file: &Path) -> Self {
        let open = || File::options().create(true).append(true).open(file).unwrap();
        Self::start_to(name, settings, open().into(), open().into())
    }

    /// Starts a function with the settings that Lambda gives it, on the runtime API at this address.
    pub fn start_on_lambda(name: &'static str, runtime_api: &str, settings: &[(&str, &str)]) -> Self {
        let lambda = [
            ("AWS_LAMBDA_RUNTIME_API", runtime_api),
            ("AWS_LAMBDA_FUNCTION_NAME", name),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128"),
            ("AWS_LAMBDA_FUNCTION_VERSION", "1"),
            ("AWS_LAMBDA_LOG_STREAM_NAME", "test"),
            ("AWS_LAMBDA_LOG_GROUP_NAME", "test"),
        ];
        Self::start(name, &[&lambda, settings].concat())
    }

    fn start_with(name: &'static str, settings: &[(&str, &str)], log: Stdio) -> Self {
        Self::start_to(name, settings, log, Stdio::inherit())
    }

    fn start_to(name: &'static str, settings: &[(&str, &str)], log: Stdio, errors: Stdio) -> Self {
        let port = stores::free_port().unwrap();
        let mut command = command(name, settings);
        command.env("PORT", port.to_string()).stdin(Stdio::null()).stdout(log).stderr(errors);
        let child = command.spawn().unwrap_or_else(|error| panic!("{name} does not start: {error}"));
        Self { name, address: (Ipv4Addr::LOCALHOST, port).into(), child }
    }

    /// Runs a function that is expected to stop by itself.
    pub fn run(name: &'static str, settings: &[(&str, impl AsRef<OsStr> + Copy)]) -> Output {
        let mut command = command(name, settings);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let deadline = Instant::now() + Duration::from_secs(10);
        while child.try_wait().unwrap().is_none() {
            if Instant::now() > deadline {
                child.kill().unwrap();
            }
            std::thread::sleep(LOOK_AGAIN_AFTER);
        }
        child.wait_with_output().unwrap()
    }

    /// Everything that it logged until its end.
    pub fn log(mut self) -> String {
        let mut log = String::new();
        self.child.stdout.take().unwrap().read_to_string(&mut log).unwrap();
        log
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The most memory that it ever had resident, in bytes.
    pub fn memory_peak(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        peak.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
    }

    /// The CPU time of all its threads so far, in user and kernel mode.
    pub fn cpu_time(&self) -> Duration {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap();
        // After the name, which may contain spaces, `utime` and `stime` are the 14th and 15th fields, in ticks of 10 ms.
        let (_, fields) = stat.rsplit_once(") ").unwrap();
        let ticks: u64 = fields.split(' ').skip(11).take(2).map(|ticks| ticks.parse::<u64>().unwrap()).sum();
        Duration::from_millis(ticks * 10)
    }

    /// The names of its threads.
    pub fn threads(&self) -> Vec<String> {
        let tasks = fs::read_dir(format!("/proc/{}/task", self.child.id())).unwrap();
        tasks.map(|task| fs::read_to_string(task.unwrap().path().join("comm")).unwrap()).collect()
    }

    /// Asks it to stop.
    pub fn terminate(&self) {
        self.signal("-TERM");
    }

    /// Sends it a signal, as `kill` names it.
    pub fn signal(&self, signal: &str) {
        let status = Command::new("kill").args([signal, &self.child.id().to_string()]).status();
        assert!(status.unwrap().success(), "{} was already gone", self.name);
    }

    /// Its exit code, if it exits before the deadline.
    pub fn exit_code(&mut self, deadline: Instant) -> Option<i32> {
        while Instant::now() < deadline {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            std::thread::sleep(LOOK_AGAIN_AFTER);
        }
        None
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Both fail only for a process that has already ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(name: &'static str, settings: &[(&str, impl AsRef<OsStr> + Copy)]) -> Command {
    assert!(FUNCTIONS.iter().any(|registered| registered.function.name == name), "no function {name}");
    let mut command = Command::new(program(name));
    command.env_clear().envs(settings.iter().copied());
    command
}
