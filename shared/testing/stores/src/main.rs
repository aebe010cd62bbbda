//! `yemae-dynamodb [file]`: the embedded DynamoDB engine as a process of its own. It listens on `$HOST:$PORT`
//! (127.0.0.1:8000) until SIGTERM or Ctrl-C, and keeps its data in the file, or else in memory.

use std::{
    env,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
    process::ExitCode,
    str::FromStr,
};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};

const PORT_DEFAULT: u16 = 8000;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("yemae-dynamodb: {why}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn std::error::Error>> {
    let host = setting("HOST", IpAddr::from(Ipv4Addr::LOCALHOST))?;
    let address = SocketAddr::new(host, setting("PORT", PORT_DEFAULT)?);
    let file = env::args_os().nth(1).map(PathBuf::from);
    let listener =
        TcpListener::bind(address).await.map_err(|error| format!("cannot listen on {address}: {error}"))?;
    let mut terminate = signal(SignalKind::terminate())?;
    println!("DynamoDB on http://{address}");
    tokio::select! {
        served = stores::serve(listener, file.as_deref()) => Ok(served?),
        _ = terminate.recv() => Ok(()),
        interrupted = tokio::signal::ctrl_c() => Ok(interrupted?),
    }
}

fn setting<T: FromStr>(variable: &str, default: T) -> Result<T, String> {
    match env::var(variable) {
        Ok(text) => text.parse().map_err(|_| format!("{variable} cannot be \"{text}\"")),
        Err(_) => Ok(default),
    }
}
