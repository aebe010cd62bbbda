//! `#[derive(FromApp)]`: a handler's state made of parts of the `App`.

use proc_macro::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Error, parse_macro_input};

/// Makes a struct a `State` of handlers: each field is the part of the `App` that has its type.
///
/// A type that the `App` does not have is a compile error. Two fields of the same type are the same part.
#[proc_macro_derive(FromApp)]
pub fn from_app(input: TokenStream) -> TokenStream {
    let DeriveInput { ident, data, .. } = parse_macro_input!(input as DeriveInput);
    let Data::Struct(state) = data else {
        return Error::new_spanned(ident, "only a struct can be made of parts of the App")
            .to_compile_error()
            .into();
    };
    let (members, types) = (state.fields.members(), state.fields.iter().map(|field| &field.ty));
    quote! {
        #[automatically_derived]
        impl ::axum::extract::FromRef<::shared::app::App> for #ident {
            fn from_ref(app: &::shared::app::App) -> Self {
                Self { #(#members: <#types as ::axum::extract::FromRef<::shared::app::App>>::from_ref(app)),* }
            }
        }
    }
    .into()
}
