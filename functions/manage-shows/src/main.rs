//! The function `manage-shows` as a process of its own.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    shared::http::serve(manage_shows::FUNCTION, manage_shows::routes()).await
}
