//! The function `{{name}}` as a process of its own.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    shared::http::serve({{module}}::FUNCTION, {{module}}::routes()).await
}
