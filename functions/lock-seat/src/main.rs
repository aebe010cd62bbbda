//! The function `lock-seat` as a process of its own.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    shared::http::serve(lock_seat::FUNCTION, lock_seat::routes()).await
}
