//! The organizer's controls: what they ask for, and how it is done when several ask at the same time.

use domain::{
    PerformanceId, UserId,
    performance::Performance,
    sale::{BYPASS_MAX, SaleControl, Staff},
    steering::{ReleaseAt, Steering},
    user::Email,
};
use serde::Deserialize;
use shared::{
    app::FromApp,
    http::{
        Code, Problem,
        auth::Manager,
        etag::{IfMatch, version_of},
        problem::FieldError,
        wire::words::SaleControlWords,
    },
    ports::{Clock, Programme, ReplaceError, StoreError, Users},
    services::catalog::Catalog,
};
use std::sync::Arc;
use utoipa::ToSchema;

/// How often to retry a change that another request overtook.
const TRIES: usize = 5;

/// The settings to change. Absent ones stay.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = Steering)]
pub(crate) struct SteeringForm {
    /// How many may be inside at once.
    #[schema(minimum = 1, maximum = 100_000)]
    cap: Option<u32>,
    /// How many are called per minute.
    #[schema(minimum = 1, maximum = 1_000_000)]
    rate_per_min: Option<u32>,
    /// `open`: follow the times. `paused`: call no new buyers, but no buyer loses anything. `closed`: the sale is over.
    #[schema(value_type = Option<SaleControlWords>)]
    state: Option<SaleControl>,
    /// Staff who skip the queue, each named by the e-mail address or the id of their account. This is the whole list and
    /// replaces the previous one. An id does not reveal the address of its account.
    #[schema(max_items = 100)]
    bypass: Option<Vec<String>>,
    /// How many leading zero bits a proof of work must have before a client may join; 0 asks for none.
    #[schema(minimum = 0, maximum = 24)]
    challenge_bits: Option<u8>,
    /// From when wheelchair places and those of companions are sold like all others; before the sale closes. null: never.
    #[serde(default, deserialize_with = "ReleaseAt::said")]
    #[schema(value_type = Option<Timestamp>)]
    accessible_release_at: Option<ReleaseAt>,
}

#[derive(Clone, FromApp)]
pub(crate) struct Hand {
    programme: Arc<dyn Programme>,
    users: Arc<dyn Users>,
    catalog: Arc<Catalog>,
    clock: Arc<dyn Clock>,
}

impl Hand {
    pub(crate) async fn own_performance(
        &self,
        manager: Manager,
        performance: PerformanceId,
    ) -> Result<Performance, Problem> {
        let performance = self.programme.performance(performance).await?.ok_or(Code::NotFound)?;
        manager.check_owns(performance.organizer_id)?;
        Ok(performance)
    }

    /// Finds the accounts that the form names.
    pub(crate) async fn read(
        &self,
        performance: &Performance,
        form: SteeringForm,
    ) -> Result<Steering, Problem> {
        let SteeringForm { cap, rate_per_min, state, bypass, challenge_bits, accessible_release_at } = form;
        let bypass = match bypass {
            Some(names) => Some(self.staff(&performance.sale.door.bypass, &names).await?),
            None => None,
        };
        Ok(Steering { cap, rate_per_min, state, bypass, challenge_bits, accessible_release_at })
    }

    async fn staff(&self, listed: &[Staff], names: &[String]) -> Result<Vec<Staff>, Problem> {
        // Checked before any account is looked up, since it also bounds that work.
        if names.len() > BYPASS_MAX {
            return Err(Problem::field("bypass", format!("must be at most {BYPASS_MAX} people")));
        }
        let (mut staff, mut unknown) = (Vec::new(), Vec::new());
        for (position, name) in names.iter().enumerate() {
            match self.account(listed, name).await? {
                Some(account) => staff.push(account),
                None => unknown.push(FieldError {
                    field: format!("bypass[{position}]"),
                    message: "must be the e-mail address or the id of an account".into(),
                }),
            }
        }
        if unknown.is_empty() { Ok(staff) } else { Err(Problem::fields(unknown)) }
    }

    /// An organizer who names an id learns only that it has an account. An account already listed stays as it is.
    async fn account(&self, listed: &[Staff], name: &str) -> Result<Option<Staff>, StoreError> {
        if let Ok(user_id) = name.trim().parse::<UserId>() {
            if let Some(known) = listed.iter().find(|staff| staff.user_id == user_id) {
                return Ok(Some(known.clone()));
            }
            return Ok(self.users.find(user_id).await?.map(|_| Staff { user_id, email: None }));
        }
        let Ok(email) = Email::parse(name) else { return Ok(None) };
        let account = self.users.credentials(&email).await?;
        Ok(account.map(|(user, _password_hash)| Staff { user_id: user.user_id, email: Some(email) }))
    }

    /// Changes the sale as it is now, or only the version that the request names, if it names one. A request that was
    /// overtaken reads the sale again, so that no change is lost.
    pub(crate) async fn steer(
        &self,
        manager: Manager,
        mut performance: Performance,
        steering: &Steering,
        if_match: &IfMatch,
    ) -> Result<Performance, Problem> {
        for _ in 0..TRIES {
            let sale = steering.apply(&performance.sale);
            let sale = sale.map_err(|(field, why)| Problem::field(field, why.to_string()))?;
            // A repeat of a change whose answer was lost names the version before that change.
            if sale == performance.sale {
                return Ok(performance);
            }
            if_match.check(&version_of(&performance.sale))?;
            let now = self.clock.now();
            match self.programme.set_sale(&performance, &sale, manager.user(), now).await {
                Ok(()) => {
                    self.catalog.forget(performance.performance_id);
                    return Ok(Performance { sale, ..performance });
                }
                Err(ReplaceError::Changed) => {
                    performance = self.own_performance(manager, performance.performance_id).await?;
                }
                Err(ReplaceError::Store(error)) => return Err(error.into()),
            }
        }
        Err(Problem::new(Code::Busy).detail("Other requests are changing this sale at the same time"))
    }
}
