//! Passwords at rest: argon2id hashes in PHC form, slow on purpose, on threads of their own.

use crate::http::{Code, Problem};
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use domain::user::Password;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// How many passwords a process hashes at once; more wait for their turn, within the deadline of their request. Each
/// takes a core and 19 MiB.
const AT_ONCE: usize = 2;

/// Hashes and verifies without holding up other requests of the process.
#[derive(Debug, Clone)]
pub struct Passwords(Arc<Semaphore>);

impl Default for Passwords {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

impl Passwords {
    /// The PHC string of a password, salted with the first half of a fresh secret.
    pub async fn hash(&self, password: Password, secret: [u8; 32]) -> Result<String, Problem> {
        let mut salt = [0; 16];
        salt.copy_from_slice(secret.split_at(16).0);
        self.work(move || hash(&password, salt)).await
    }

    /// Whether a password is the one that was hashed. Where nothing was hashed the work is the same.
    pub async fn verify(&self, password: Password, phc: Option<String>) -> Result<bool, Problem> {
        self.work(move || verify(&password, phc.as_deref().unwrap_or(NOBODY))).await
    }

    async fn work<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
        let turn = Arc::clone(&self.0).acquire_owned().await.map_err(|_| Code::Internal)?;
        let done = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work()
        });
        done.await.map_err(|_panic| Code::Internal.into())
    }
}

/// The hash of no password: verifying against it costs the same work as against a real one and always fails, so that
/// the time of an answer does not tell whether an account exists.
pub const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// The PHC string of a password (OWASP's argon2id parameters: 19 MiB, two passes, one lane).
///
/// # Panics
/// Never: the parameters are constants within argon2's bounds, and a salt of 16 bytes is one that PHC recommends.
#[must_use]
#[expect(
    clippy::expect_used,
    reason = "only parameters out of bounds fail, and they are constants; a test says so"
)]
pub fn hash(password: &Password, salt: [u8; 16]) -> String {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).expect("constants within bounds");
    let hashed: PasswordHash = Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_with_salt(password.as_bytes(), &salt)
        .expect("a password and a salt of bounded length");
    hashed.to_string()
}

/// Whether a password is the one that was hashed. The cost is what the hash says; a text that is no hash is nobody's.
#[must_use]
pub fn verify(password: &Password, phc: &str) -> bool {
    Argon2::default().verify_password(password.as_bytes(), phc).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn password(raw: &str) -> Password {
        Password::parse(raw).expect("long enough")
    }

    #[test]
    fn only_the_same_password_is_verified() {
        let phc = hash(&password("correct horse"), [7; 16]);
        assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{phc}");
        assert!(verify(&password("correct horse"), &phc));
        assert!(!verify(&password("correct house"), &phc));
        assert!(!verify(&password("correct horse"), "not a hash"));
    }

    #[test]
    fn salt_makes_equal_passwords_differ() {
        let password = password("correct horse");
        assert_ne!(hash(&password, [1; 16]), hash(&password, [2; 16]));
    }

    #[test]
    fn nobody_costs_the_same_and_never_matches() {
        let real = hash(&password("correct horse"), [0; 16]);
        let cost = |phc: &str| PasswordHash::new(phc).expect("a hash").params.to_string();
        assert_eq!(cost(NOBODY), cost(&real));
        assert_eq!(NOBODY.len(), real.len());
        assert!(!verify(&password("correct horse"), NOBODY));
    }
}
