//! Signed tokens: access tokens, queue tickets, admissions and challenges.
//!
//! All are JSON Web Tokens signed with Ed25519 and told apart by their audience. A verified token is remembered
//! until it expires, because verifying one costs more than the rest of a request.

use crate::config::{Config, ConfigError};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{PerformanceId, UserId, queue::Standing, user::Role};
use jiff::Timestamp;
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode,
    jwk::{AlgorithmParameters, Jwk},
};
use quick_cache::sync::Cache;
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest as _, Sha256};
use std::{any::type_name, sync::OnceLock};

/// How long an access token is valid, in seconds.
pub const ACCESS_TTL_S: i64 = 900;
/// How long a queue ticket is valid, in seconds: longer than any sale has a queue.
const QUEUE_TICKET_TTL_S: i64 = 7 * 86_400;
/// How far the clocks of two instances may differ, seconds.
const CLOCKS_DIFFER_S: f64 = 30.0;
/// How many verified tokens of each kind a process remembers.
pub const REMEMBERED_MAX: usize = 20_000;
/// The longest token that is parsed, in bytes.
const TOKEN_LEN_MAX: usize = 2_048;

/// The claims of an access token, which says which account asks: the `Authorization: Bearer` token.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Access {
    /// The account.
    pub sub: UserId,
    /// What it may do.
    pub role: Role,
    /// When it was made, seconds since 1970.
    pub iat: i64,
    /// Until when it is good, seconds since 1970.
    pub exp: i64,
}

/// The claims of a queue ticket, which says which number or entry of the draw an account has: the `Queue-Ticket` token.
/// Staff have neither.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct QueueTicket {
    /// The account.
    pub sub: UserId,
    pub performance: PerformanceId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<u64>,
    /// Until when it is good, seconds since 1970.
    pub exp: i64,
}

impl QueueTicket {
    /// A ticket for a number or an entry; for staff neither.
    #[must_use]
    pub fn new(user: UserId, performance: PerformanceId, standing: Option<Standing>, now: Timestamp) -> Self {
        let (number, entry) = number_and_entry(standing);
        Self { sub: user, performance, number, entry, exp: now.as_second() + QUEUE_TICKET_TTL_S }
    }

    /// The number or entry that the ticket names.
    #[must_use]
    pub fn standing(&self) -> Option<Standing> {
        self.number.map(Standing::Number).or_else(|| self.entry.map(Standing::Entry))
    }
}

/// The claims of an admission, which says that an account was let in: the `Admission-Token`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Admission {
    /// The account.
    pub sub: UserId,
    pub performance: PerformanceId,
    /// When the session ends, in milliseconds since 1970; no renewal goes beyond it.
    pub ends_at_ms: u64,
    /// Until when it is good, milliseconds since 1970.
    pub expires_at_ms: u64,
    /// The same in whole seconds, rounded up.
    pub exp: i64,
    /// The number that it was claimed with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u64>,
    /// The entry of the draw that it was claimed with. Staff have neither number nor entry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<u64>,
}

/// A standing as a token has it: the number and the entry, one of them, or neither for staff.
#[must_use]
pub fn number_and_entry(standing: Option<Standing>) -> (Option<u64>, Option<u64>) {
    match standing {
        Some(Standing::Number(number)) => (Some(number), None),
        Some(Standing::Entry(entry)) => (None, Some(entry)),
        None => (None, None),
    }
}

impl Admission {
    /// What it was claimed with.
    #[must_use]
    pub fn standing(&self) -> Option<Standing> {
        self.number.map(Standing::Number).or_else(|| self.entry.map(Standing::Entry))
    }
}

/// What each kind of token has to say of itself.
pub trait Claims: Serialize + DeserializeOwned + Clone + Send + Sync + 'static {
    /// The audience, which keeps one kind from passing as another.
    const AUDIENCE: &'static str;
    /// Whether it is still good.
    fn is_good(&self, now: Timestamp) -> bool;
}

impl Claims for Access {
    const AUDIENCE: &'static str = "yemae:access";
    fn is_good(&self, now: Timestamp) -> bool {
        now.as_second() < self.exp
    }
}

impl Claims for QueueTicket {
    const AUDIENCE: &'static str = "yemae:queue";
    fn is_good(&self, now: Timestamp) -> bool {
        now.as_second() < self.exp
    }
}

impl Claims for Admission {
    const AUDIENCE: &'static str = "yemae:admission";
    fn is_good(&self, now: Timestamp) -> bool {
        u64::try_from(now.as_millisecond()).is_ok_and(|now_ms| now_ms < self.expires_at_ms)
    }
}

/// The keys of a process, and the tokens that it has verified.
pub struct Tokens {
    signing: Option<Signing>,
    verifying: Vec<(String, DecodingKey)>,
    jwks: String,
    access: Cache<Box<str>, Access>,
    queue: Cache<Box<str>, QueueTicket>,
    admission: Cache<Box<str>, Admission>,
}

struct Signing {
    key: EncodingKey,
    kid: OnceLock<Option<String>>,
}

#[derive(Serialize)]
struct Envelope<'a, T> {
    aud: &'static str,
    iss: &'static str,
    #[serde(flatten)]
    claims: &'a T,
}

const ISSUER: &str = "yemae";

impl Tokens {
    /// Read the keys, without computing anything with them.
    ///
    /// # Errors
    /// A key that is set is not an Ed25519 key in PEM.
    pub fn from_config(config: &Config) -> Result<Self, ConfigError> {
        let signing =
            config.jwt_private_key.as_ref().map(|pem| signing_key(pem.expose_secret())).transpose()?;
        let verifying = config.jwt_public_keys.as_deref().map(public_keys).transpose()?.unwrap_or_default();
        let keys: Vec<_> = verifying.iter().map(|(kid, x, _)| public_jwk(kid, x)).collect();
        Ok(Self {
            signing,
            jwks: format!("{{\"keys\":[{}]}}", keys.join(",")),
            verifying: verifying.into_iter().map(|(kid, _, key)| (kid, key)).collect(),
            access: Cache::new(REMEMBERED_MAX),
            queue: Cache::new(REMEMBERED_MAX),
            admission: Cache::new(REMEMBERED_MAX),
        })
    }

    /// A signed token; `None` if this process has no private key.
    #[must_use]
    pub fn sign<T: Claims>(&self, claims: &T) -> Option<String> {
        let signing = self.signing.as_ref()?;
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid.clone_from(signing.kid.get_or_init(|| kid_of(&signing.key)));
        let envelope = Envelope { aud: T::AUDIENCE, iss: ISSUER, claims };
        encode(&header, &envelope, &signing.key).ok()
    }

    /// The access token's claims, if it is valid.
    #[must_use]
    pub fn access(&self, token: &str, now: Timestamp) -> Option<Access> {
        self.verify(&self.access, token, now)
    }

    /// The queue ticket's claims, if it is valid.
    #[must_use]
    pub fn queue_ticket(&self, token: &str, now: Timestamp) -> Option<QueueTicket> {
        self.verify(&self.queue, token, now)
    }

    /// The admission's claims, if it is valid.
    #[must_use]
    pub fn admission(&self, token: &str, now: Timestamp) -> Option<Admission> {
        self.verify(&self.admission, token, now)
    }

    /// The claims of an admission that we signed, even if it has expired: a renewal tells the two apart.
    #[must_use]
    pub fn signed_admission(&self, token: &str, now: Timestamp) -> Option<Admission> {
        self.admission.get(token).or_else(|| self.decode(token, now))
    }

    /// The claims of a valid token that is shown only once, so that it is not worth remembering.
    #[must_use]
    pub fn once<T: Claims>(&self, token: &str, now: Timestamp) -> Option<T> {
        self.decode(token, now).filter(|claims: &T| claims.is_good(now))
    }

    /// The public keys as a JSON Web Key Set.
    #[must_use]
    pub fn jwks(&self) -> &str {
        &self.jwks
    }

    fn verify<T: Claims>(&self, remembered: &Cache<Box<str>, T>, token: &str, now: Timestamp) -> Option<T> {
        if let Some(claims) = remembered.get(token) {
            return claims.is_good(now).then_some(claims);
        }
        let claims: T = self.decode(token, now)?;
        claims.is_good(now).then(|| {
            remembered.insert(token.into(), claims.clone());
            claims
        })
    }

    fn decode<T: Claims>(&self, token: &str, now: Timestamp) -> Option<T> {
        if token.len() > TOKEN_LEN_MAX {
            return None;
        }
        let header = decode_header(token).ok()?;
        if header.crit.is_some() {
            return None; // `crit` names extensions that must be understood, and we know none (RFC 7515, 4.1.11).
        }
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.validate_exp = false; // `is_good` asks our own clock, also on every later use.
        validation.set_required_spec_claims(&["aud", "iss"]);
        validation.set_audience(&[T::AUDIENCE]);
        validation.set_issuer(&[ISSUER]);
        let known = |kid: &str| header.kid.as_deref().is_none_or(|named| named == kid);
        let keys = self.verifying.iter().filter(|(kid, _)| known(kid));
        // The validation reads audience and issuer. To read them here as well made every program 12 kB larger.
        let verified = keys.map(|(_, key)| decode::<T>(token, key, &validation)).find_map(Result::ok)?;
        Times::of(token)?.have_come(now).then_some(verified.claims)
    }
}

/// The times from which a token of any kind is good: seconds since 1970, perhaps with a fraction (RFC 7519, 2).
#[derive(Deserialize)]
struct Times {
    iat: Option<f64>,
    nbf: Option<f64>,
}

impl Times {
    fn of(token: &str) -> Option<Self> {
        let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
        serde_json::from_slice(&claims).ok()
    }

    fn have_come(&self, now: Timestamp) -> bool {
        let latest_s = now.as_duration().as_secs_f64() + CLOCKS_DIFFER_S;
        [self.iat, self.nbf].into_iter().flatten().all(|from_s| from_s <= latest_s)
    }
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct(type_name::<Self>()).field("keys", &self.verifying.len()).finish_non_exhaustive()
    }
}

fn signing_key(pem: &str) -> Result<Signing, ConfigError> {
    match EncodingKey::from_ed_pem(pem.as_bytes()) {
        Ok(key) => Ok(Signing { key, kid: OnceLock::new() }),
        Err(_) => {
            Err(ConfigError::new("YEMAE_JWT_PRIVATE_KEY", "must be an Ed25519 private key in PKCS#8 PEM"))
        }
    }
}

/// Each PEM block as its key id, the raw key in base64url, and the key.
fn public_keys(pems: &str) -> Result<Vec<(String, String, DecodingKey)>, ConfigError> {
    const END: &str = "-----END PUBLIC KEY-----";
    let malformed =
        || ConfigError::new("YEMAE_JWT_PUBLIC_KEYS", "must be Ed25519 public keys in PEM, one after another");
    let mut keys = Vec::new();
    for block in pems.split_inclusive(END).map(str::trim).filter(|block| !block.is_empty()) {
        let key = DecodingKey::from_ed_pem(block.as_bytes()).map_err(|_| malformed())?;
        let x = URL_SAFE_NO_PAD.encode(key.try_get_as_bytes().map_err(|_| malformed())?);
        keys.push((kid(&x), x, key));
    }
    if keys.is_empty() { Err(malformed()) } else { Ok(keys) }
}

fn kid_of(key: &EncodingKey) -> Option<String> {
    match Jwk::from_encoding_key(key, Algorithm::EdDSA).ok()?.algorithm {
        AlgorithmParameters::OctetKeyPair(pair) => Some(kid(&pair.x)),
        _ => None,
    }
}

/// The key's thumbprint (RFC 7638, 3.1; RFC 8037, 2).
fn kid(x: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#)))
}

fn public_jwk(kid: &str, x: &str) -> String {
    format!(r#"{{"kty":"OKP","crv":"Ed25519","alg":"EdDSA","use":"sig","kid":"{kid}","x":"{x}"}}"#)
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::PRIVATE_KEY;
    use uuid::Uuid;

    fn keys() -> (String, String) {
        let key = EncodingKey::from_ed_pem(PRIVATE_KEY.as_bytes()).expect("a key");
        let AlgorithmParameters::OctetKeyPair(pair) =
            Jwk::from_encoding_key(&key, Algorithm::EdDSA).expect("a jwk").algorithm
        else {
            panic!("not an octet key pair")
        };
        let mut der = vec![0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
        der.extend(URL_SAFE_NO_PAD.decode(&pair.x).expect("base64url"));
        let body = base64::engine::general_purpose::STANDARD.encode(der);
        (pair.x, format!("-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n"))
    }

    fn tokens() -> Tokens {
        let (_, public) = keys();
        let config = Config::from_lookup(&|name| match name {
            "YEMAE_JWT_PRIVATE_KEY" => Some(PRIVATE_KEY.into()),
            "YEMAE_JWT_PUBLIC_KEYS" => Some(public.clone()),
            _ => None,
        });
        Tokens::from_config(&config.expect("valid")).expect("keys")
    }

    fn at(s: i64) -> Timestamp {
        Timestamp::from_second(s).expect("in range")
    }

    #[test]
    fn a_token_is_good_until_it_expires_also_when_it_is_remembered() {
        let tokens = tokens();
        let access = Access { sub: UserId(Uuid::max()), role: Role::Buyer, iat: 0, exp: 100 };
        let token = tokens.sign(&access).expect("a private key");
        assert_eq!(tokens.access(&token, at(99)).map(|access| access.sub), Some(access.sub));
        assert!(tokens.access(&token, at(99)).is_some());
        assert!(tokens.access(&token, at(100)).is_none());
    }

    #[test]
    fn one_kind_of_token_never_passes_as_another() {
        let tokens = tokens();
        let ticket = QueueTicket {
            sub: UserId(Uuid::max()),
            performance: PerformanceId(Uuid::max()),
            number: Some(1),
            entry: None,
            exp: 100,
        };
        let token = tokens.sign(&ticket).expect("a private key");
        assert!(tokens.queue_ticket(&token, at(0)).is_some());
        assert!(tokens.access(&token, at(0)).is_none() && tokens.admission(&token, at(0)).is_none());
    }

    #[test]
    fn a_token_that_was_tampered_with_is_refused() {
        let tokens = tokens();
        let access = Access { sub: UserId(Uuid::max()), role: Role::Buyer, iat: 0, exp: 100 };
        let token = tokens.sign(&access).expect("a private key");
        let parts: Vec<_> = token.split('.').collect();
        let forged = URL_SAFE_NO_PAD.encode(
            String::from_utf8(URL_SAFE_NO_PAD.decode(parts[1]).expect("base64url"))
                .expect("text")
                .replace("buyer", "admin"),
        );
        assert!(tokens.access(&format!("{}.{forged}.{}", parts[0], parts[2]), at(0)).is_none());
        let unsigned = URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#);
        assert!(tokens.access(&format!("{unsigned}.{}.", parts[1]), at(0)).is_none());
        assert!(tokens.access("", at(0)).is_none() && tokens.access("a.b.c", at(0)).is_none());
    }

    /// Any header and claims, signed with our key.
    fn signed(header: &serde_json::Value, claims: &serde_json::Value) -> String {
        let encoded = |part: &serde_json::Value| URL_SAFE_NO_PAD.encode(part.to_string());
        let message = format!("{}.{}", encoded(header), encoded(claims));
        let key = EncodingKey::from_ed_pem(PRIVATE_KEY.as_bytes()).expect("a key");
        let signature =
            jsonwebtoken::crypto::sign(message.as_bytes(), &key, Algorithm::EdDSA).expect("a signature");
        format!("{message}.{signature}")
    }

    #[test]
    fn a_token_of_any_kind_is_good_from_its_time_on() {
        let (tokens, id) = (tokens(), Uuid::max());
        let header = serde_json::json!({"alg": "EdDSA"});
        let good = |audience: &str, from: &str, from_s: i64| {
            let mut claims = serde_json::json!({
                "aud": audience, "iss": "yemae", "sub": id, "role": "buyer", "performance": id, "number": 1,
                "iat": 0, "exp": 9_000, "ends_at_ms": 9_000_000, "expires_at_ms": 9_000_000,
            });
            claims[from] = from_s.into();
            let token = signed(&header, &claims);
            let now = at(1_000);
            [
                tokens.access(&token, now).is_some(),
                tokens.queue_ticket(&token, now).is_some(),
                tokens.admission(&token, now).is_some(),
                tokens.signed_admission(&token, now).is_some(),
                tokens.once::<Access>(&token, now).is_some(),
            ]
        };
        for (audience, accepted) in [
            ("yemae:access", [true, false, false, false, true]),
            ("yemae:queue", [false, true, false, false, false]),
            ("yemae:admission", [false, false, true, true, false]),
        ] {
            for from in ["iat", "nbf"] {
                assert_eq!(good(audience, from, 1_030), accepted, "{audience}, {from}: another clock's now");
                assert_eq!(good(audience, from, 1_031), [false; 5], "{audience}, {from}: later");
            }
        }
    }

    #[test]
    fn an_extension_that_must_be_understood_is_not() {
        let claims = serde_json::json!({
            "aud": "yemae:access", "iss": "yemae", "sub": Uuid::max(), "role": "buyer", "iat": 0, "exp": 100,
        });
        let access = |header: serde_json::Value| tokens().access(&signed(&header, &claims), at(0)).is_some();
        assert!(access(serde_json::json!({"alg": "EdDSA"})));
        assert!(!access(serde_json::json!({"alg": "EdDSA", "crit": ["exp"]})));
        assert!(!access(serde_json::json!({"alg": "EdDSA", "crit": ["b64"], "b64": false})));
        assert!(!access(serde_json::json!({"alg": "EdDSA", "crit": []})));
    }

    #[test]
    fn the_key_set_carries_the_public_half_only() {
        let (x, _) = keys();
        let jwks: serde_json::Value = serde_json::from_str(tokens().jwks()).expect("JSON");
        assert_eq!(jwks["keys"][0]["x"], x.as_str());
        assert!(jwks["keys"][0].get("d").is_none());
    }
}
