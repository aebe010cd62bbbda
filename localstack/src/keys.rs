//! The key pair of a checkout, made once so that log-ins and queue tickets outlive a run.

use crate::{RunError, data::Data};
use aws_lc_rs::{
    encoding::{AsDer, PublicKeyX509Der},
    signature::{Ed25519KeyPair, KeyPair as _},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use std::{
    fs::{self, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
};

/// Both halves in PEM, as the settings expect them.
pub(crate) struct Keys {
    pub(crate) private_pem: String,
    pub(crate) public_pem: String,
}

impl Keys {
    /// The pair kept in the data, or a new one. Only the private half is kept, since the public one follows from it.
    pub(crate) fn kept(data: &Data) -> Result<Self, RunError> {
        let file = data.path("signing-key.pem");
        let private_pem = match fs::read_to_string(&file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => make(&file)?,
            read => read?,
        };
        let unreadable =
            || format!("{} is not an Ed25519 key: remove it to have a new one made", file.display());
        let public_pem = public_half(&private_pem).ok_or_else(unreadable)?;
        Ok(Self { private_pem, public_pem })
    }
}

fn make(file: &Path) -> Result<String, RunError> {
    let pair = Ed25519KeyPair::generate().map_err(|_| "this machine provides no randomness")?;
    let der = pair.to_pkcs8v1().map_err(|_| "the key cannot be written")?;
    let pem = pem("PRIVATE KEY", der.as_ref());
    let mut kept = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?;
    kept.write_all(pem.as_bytes())?;
    Ok(pem)
}

fn public_half(private_pem: &str) -> Option<String> {
    let body: String = private_pem.lines().filter(|line| !line.starts_with("-----")).collect();
    let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(&STANDARD.decode(body).ok()?).ok()?;
    let der: PublicKeyX509Der<'_> = pair.public_key().as_der().ok()?;
    Some(pem("PUBLIC KEY", der.as_ref()))
}

/// Each half of an Ed25519 key fits on the single line that PEM allows.
fn pem(label: &str, der: &[u8]) -> String {
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(der))
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::{config::Config, services::tokens::Tokens};
    use std::os::unix::fs::PermissionsExt as _;
    use tempfile::TempDir;

    #[test]
    fn the_pair_is_made_once_for_its_owner_only_and_the_functions_can_read_it() {
        let folder = TempDir::new().expect("a folder");
        let data = Data::take(folder.path()).expect("free");
        let first = Keys::kept(&data).expect("made");
        let again = Keys::kept(&data).expect("read");
        assert_eq!(first.private_pem, again.private_pem);
        assert_eq!(first.public_pem, again.public_pem);

        let mode = fs::metadata(data.path("signing-key.pem")).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);

        let config = Config::from_lookup(&|name| match name {
            "YEMAE_JWT_PRIVATE_KEY" => Some(first.private_pem.clone()),
            "YEMAE_JWT_PUBLIC_KEYS" => Some(first.public_pem.clone()),
            _ => None,
        });
        Tokens::from_config(&config.expect("settings")).expect("keys");
    }
}
