//! The function `manage-sale` as a process of its own.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    shared::http::serve(manage_sale::FUNCTION, manage_sale::routes()).await
}
