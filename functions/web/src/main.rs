//! The function `web` as a process of its own.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    shared::http::serve_without_stores(web::FUNCTION, web::routes()).await
}
