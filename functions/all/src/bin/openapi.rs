//! Prints the `OpenAPI` document.

fn main() {
    print!("{}", all::openapi::text());
}
