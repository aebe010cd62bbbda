//! The function `relay` as a process of its own.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    shared::http::serve(relay::FUNCTION, relay::routes()).await
}
