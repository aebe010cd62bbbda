//! Passwords at rest: argon2id hashes in PHC form, slow on purpose, on threads and in memory of their own.

mod line;

use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::phc::{Output, PasswordHash},
};
use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use domain::user::Password;
use line::{HashTurn, Line, LinePlace};
use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

/// How many passwords a process hashes at once; each takes a core.
pub const AT_ONCE: usize = 2;
/// The most memory for hashing, bytes: a process allocates it when it is first needed, and keeps it.
pub const MEMORY_MAX_BYTES: usize = AT_ONCE * BLOCKS * Block::SIZE;
/// How many requests of a process may wait for a hash.
pub const WAITING_MAX: usize = 256;

/// How long a request may wait for its turn: with hashing and the stores it stays within the deadline of its function.
const WAIT_MAX: Duration = Duration::from_secs(4);

/// Why a password was not hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotHashed {
    /// The turn would have come too late.
    #[error("too many passwords wait to be hashed")]
    Busy {
        /// When the requests that wait now will have been served.
        retry_after_ms: u64,
    },
    /// The hashing panicked.
    #[error("the hashing panicked")]
    Panicked,
}

/// Hashes and verifies passwords without holding up other requests of the process.
#[derive(Debug, Clone)]
pub struct Passwords {
    line: Arc<Line>,
    memory: Arc<HashMemory>,
}

/// A place in the line for hashing. Take one before asking the stores: a request that cannot be served then costs them
/// nothing.
#[derive(Debug)]
pub struct InLine {
    standing: LinePlace,
    memory: Arc<HashMemory>,
}

/// The turn to hash. It ends once it is dropped and its last hash is done.
#[derive(Debug)]
pub struct Hasher {
    turn: Arc<HashTurn>,
    memory: Arc<HashMemory>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self { line: Line::new(AT_ONCE, WAIT_MAX, WAITING_MAX), memory: Arc::default() }
    }
}

impl Passwords {
    /// Take a place at the end of the line.
    ///
    /// # Errors
    /// `Busy`, where the turn would come too late.
    pub fn line_up(&self) -> Result<InLine, NotHashed> {
        Ok(InLine { standing: self.line.join()?, memory: Arc::clone(&self.memory) })
    }

    /// The PHC string of a password, salted with the first half of a fresh secret.
    pub async fn hash(&self, password: Password, secret: [u8; 32]) -> Result<String, NotHashed> {
        self.line_up()?.turn().await?.hash(password, secret).await
    }
}

impl InLine {
    /// Waits for the turn. If the future is dropped it leaves the line, and nothing is hashed.
    ///
    /// # Errors
    /// `Busy`, where the line has become slower.
    pub async fn turn(self) -> Result<Hasher, NotHashed> {
        Ok(Hasher { turn: Arc::new(self.standing.turn().await?), memory: self.memory })
    }
}

impl Hasher {
    /// The PHC string of a password, salted with the first half of a fresh secret.
    pub async fn hash(&self, password: Password, secret: [u8; 32]) -> Result<String, NotHashed> {
        let mut salt = [0; 16];
        salt.copy_from_slice(secret.split_at(16).0);
        self.work(move |blocks| hash_in(blocks, &password, salt)).await
    }

    /// Whether a password is the one that was hashed. Without a hash the work is the same.
    pub async fn verify(&self, password: Password, phc: Option<String>) -> Result<bool, NotHashed> {
        self.work(move |blocks| verify_in(blocks, &password, phc.as_deref().unwrap_or(NOBODY))).await
    }

    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut [Block]) -> T + Send + 'static,
    ) -> Result<T, NotHashed> {
        let (turn, memory) = (Arc::clone(&self.turn), Arc::clone(&self.memory));
        // What is logged there has the request's ids, too.
        let span = tracing::Span::current();
        let done = tokio::task::spawn_blocking(move || {
            let mut blocks = memory.take();
            let done = span.in_scope(|| work(&mut blocks));
            memory.give_back(blocks);
            turn.done();
            done
        });
        done.await.map_err(|_panic| NotHashed::Panicked)
    }
}

/// The memory that passwords are hashed in, kept for the next hash. It cannot be left to the allocator: glibc does not
/// find a freed block of 19 MiB again that has to begin at a multiple of 64 bytes, and a process grew with each
/// password.
#[derive(Default)]
struct HashMemory(Mutex<Vec<Vec<Block>>>);

impl HashMemory {
    /// Free memory, or new. There is never more than was in use at once, which the turns limit.
    fn take(&self) -> Vec<Block> {
        let free = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
        free.unwrap_or_else(new_blocks)
    }

    fn give_back(&self, blocks: Vec<Block>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(blocks);
    }
}

/// Shows nothing of what was hashed in it.
impl fmt::Debug for HashMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Memory(…)")
    }
}

/// The hash of no password: verifying against it costs the same work as against a real one and always fails, so that
/// the time of an answer does not tell whether an account exists.
pub const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// How many blocks a hash takes; each is one KiB.
const BLOCKS: usize = MEMORY_KIB as usize;

/// The PHC string of a password (OWASP's argon2id parameters: 19 MiB, two passes, one lane), in memory of its own.
#[must_use]
pub fn hash(password: &Password, salt: [u8; 16]) -> String {
    hash_in(&mut new_blocks(), password, salt)
}

fn new_blocks() -> Vec<Block> {
    vec![Block::new(); BLOCKS]
}

#[expect(
    clippy::expect_used,
    reason = "only parameters out of bounds fail, and they are constants; a test says so"
)]
fn hash_in(blocks: &mut [Block], password: &Password, salt: [u8; 16]) -> String {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).expect("constants within bounds");
    let mut hashed = [0; Params::DEFAULT_OUTPUT_LEN];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into_with_memory(password.as_bytes(), &salt, &mut hashed, blocks)
        .expect("a password and a salt of bounded length");
    let (salt, hashed) = (STANDARD_NO_PAD.encode(salt), STANDARD_NO_PAD.encode(hashed));
    format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}${salt}${hashed}")
}

/// The cost is what the hash says, up to ours. A text that is no hash, or one that costs more, matches nothing.
fn verify_in(blocks: &mut [Block], password: &Password, phc: &str) -> bool {
    matches(blocks, password, phc).unwrap_or(false)
}

fn matches(blocks: &mut [Block], password: &Password, phc: &str) -> Option<bool> {
    let stored = PasswordHash::new(phc).ok()?;
    let (salt, expected) = (stored.salt?, stored.hash?);
    let params = Params::try_from(&stored).ok()?;
    let work = u64::from(params.m_cost()) * u64::from(params.t_cost());
    if params.m_cost() > MEMORY_KIB || work > u64::from(MEMORY_KIB * PASSES) {
        tracing::error!(event = "password.too_costly", %params, "a password's hash costs more than a process spends on one");
        return None;
    }
    let algorithm = Algorithm::try_from(stored.algorithm.as_str()).ok()?;
    let version = stored.version.map(Version::try_from).transpose().ok()?.unwrap_or_default();
    let mut hashed = [0; Output::MAX_LENGTH];
    let hashed = hashed.get_mut(..expected.len())?;
    let argon2 = Argon2::new(algorithm, version, params);
    argon2.hash_password_into_with_memory(password.as_bytes(), &salt, hashed, blocks).ok()?;
    // `Output` compares in constant time.
    Some(Output::new(hashed).ok()? == expected)
}

#[cfg(test)]
mod tests {
    use super::*;
    use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};

    fn password(raw: &str) -> Password {
        Password::parse(raw).expect("long enough")
    }

    fn verify(password: &Password, phc: &str) -> bool {
        verify_in(&mut new_blocks(), password, phc)
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
    fn the_hash_of_no_password_costs_the_same_and_never_matches() {
        let real = hash(&password("correct horse"), [0; 16]);
        let cost = |phc: &str| PasswordHash::new(phc).expect("a hash").params.to_string();
        assert_eq!(cost(NOBODY), cost(&real));
        assert_eq!(NOBODY.len(), real.len());
        assert!(!verify(&password("correct horse"), NOBODY));
    }

    #[test]
    fn the_library_and_this_module_accept_each_others_hashes() {
        let password = password("correct horse");
        assert!(Argon2::default().verify_password(password.as_bytes(), &*hash(&password, [7; 16])).is_ok());
        for (memory_kib, passes, lanes) in [(7_168, 5, 1), (12_288, 3, 1), (9_216, 4, 1), (64, 1, 4)] {
            let params = Params::new(memory_kib, passes, lanes, Some(24)).expect("within bounds");
            let theirs = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
            let theirs =
                theirs.hash_password_with_salt(password.as_bytes(), &[7; 16]).expect("a hash").to_string();
            assert!(verify(&password, &theirs), "{theirs}");
            assert!(!verify(&Password::attempt("correct house").expect("short"), &theirs));
        }
    }

    #[test]
    fn a_hash_that_costs_more_than_ours_is_not_computed() {
        let real = hash(&password("correct horse"), [7; 16]);
        for (ours, dearer) in [("m=19456", "m=4194304"), ("t=2", "t=3"), ("t=2", "t=4294967295")] {
            assert!(!verify(&password("correct horse"), &real.replace(ours, dearer)), "{dearer}");
        }
    }

    #[tokio::test]
    async fn hashing_again_needs_no_more_memory() {
        let passwords = Passwords::default();
        for _ in 0..3 {
            let hashed = (0..4).map(|_| passwords.hash(password("correct horse"), [7; 32]));
            for hash in futures_util::future::join_all(hashed).await {
                assert!(hash.is_ok());
            }
            let made = passwords.memory.0.lock().expect("not poisoned").len();
            assert!((1..=AT_ONCE).contains(&made), "{made} times 19 MiB");
        }
    }
}
