//! The function `show-detail` as a process of its own.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    shared::http::serve(show_detail::FUNCTION, show_detail::routes()).await
}
