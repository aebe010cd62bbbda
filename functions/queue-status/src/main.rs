//! The function `queue-status` as a process of its own.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    shared::http::serve(queue_status::FUNCTION, queue_status::routes()).await
}
