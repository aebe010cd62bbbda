//! The proof of work before joining, if the organizer wants one.

use domain::{
    UserId,
    challenge::{Nonce, Solution},
    performance::Performance,
};
use serde::Deserialize;
use shared::{
    app::FromApp,
    http::{Code, Problem, auth::MaybeTicketed, problem::ChallengeView},
    ports::Clock,
    services::challenges::{CHALLENGE_ALGORITHM, Challenges},
};
use std::sync::Arc;
use utoipa::ToSchema;

/// The solution of a challenge.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = Solution)]
pub(crate) struct SolutionForm {
    /// The `token` of the challenge.
    challenge: String,
    /// Makes the SHA-256 of token, colon and nonce begin with as many zero bits as the challenge asks for.
    #[schema(value_type = String, max_length = 64)]
    nonce: Nonce,
}

/// Asks for proofs of work where a sale requires them.
#[derive(Clone, FromApp)]
pub(crate) struct Gate {
    challenges: Challenges,
    clock: Arc<dyn Clock>,
}

impl Gate {
    /// Lets a caller pass who brings a solution or needs none: staff, holders of a ticket, and everyone if the sale asks for
    /// no proof of work.
    pub(crate) fn check(
        &self,
        user: UserId,
        performance: &Performance,
        ticket: &MaybeTicketed,
        solution: Option<SolutionForm>,
    ) -> Result<(), Problem> {
        let (id, bits, now) =
            (performance.performance_id, performance.sale.door.challenge_bits, self.clock.now());
        if bits == 0 || ticket.is_for(user, id) || performance.sale.lets_bypass(user) {
            return Ok(());
        }
        let solution = solution.map(|SolutionForm { challenge, nonce }| Solution { challenge, nonce });
        if solution.is_some_and(|solution| self.challenges.accepts(&solution, user, id, bits, now)) {
            return Ok(());
        }
        let token = self.challenges.give(user, id, bits, now).ok_or(Code::Internal)?;
        let challenge = ChallengeView { token, algorithm: CHALLENGE_ALGORITHM, bits };
        Err(Problem::new(Code::ChallengeRequired).challenge(challenge))
    }
}
