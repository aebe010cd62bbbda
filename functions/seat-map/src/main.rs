//! The function `seat-map` as a process of its own.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    shared::http::serve(seat_map::FUNCTION, seat_map::routes()).await
}
