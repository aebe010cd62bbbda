//! The function `list-shows` as a process of its own.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    shared::http::serve(list_shows::FUNCTION, list_shows::routes()).await
}
