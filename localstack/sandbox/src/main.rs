//! The payment provider's stand-in as a process of its own: on `$HOST:$PORT` (127.0.0.1:8081) until SIGTERM or Ctrl-C.

use std::{
    env,
    net::{IpAddr, Ipv4Addr},
    process::ExitCode,
};

use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};

const PORT_DEFAULT: u16 = 8081;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(line) => {
            eprintln!("sandbox-payments: {line}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), String> {
    let port = match env::var("PORT") {
        Ok(text) => text.parse().map_err(|_| format!("PORT must be a number up to 65535, not \"{text}\""))?,
        Err(_) => PORT_DEFAULT,
    };
    let host = match env::var("HOST") {
        Ok(text) => text.parse().map_err(|_| format!("HOST must be an IP address, not \"{text}\""))?,
        Err(_) => IpAddr::from(Ipv4Addr::LOCALHOST),
    };
    let listener = TcpListener::bind((host, port)).await;
    let listener =
        listener.map_err(|error| format!("cannot listen on port {port}: {error}: set PORT to another"))?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    let mut terminate = signal(SignalKind::terminate()).map_err(|error| error.to_string())?;
    println!("sandbox payments on http://{address}");
    tokio::select! {
        never = sandbox::serve(listener, sandbox::SandboxSettings::default()) => match never {},
        _ = terminate.recv() => Ok(()),
        interrupted = tokio::signal::ctrl_c() => interrupted.map_err(|error| error.to_string()),
    }
}
