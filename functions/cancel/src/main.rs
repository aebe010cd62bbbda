//! The function `cancel` as a process of its own.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    shared::http::serve(cancel::FUNCTION, cancel::routes()).await
}
