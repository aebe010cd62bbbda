//! The function `seat-stream` as a process of its own.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    shared::http::serve(seat_stream::FUNCTION, seat_stream::routes()).await
}
