//! Accounts: one item finds them by address and reserves the address for them, another finds them by id.

use super::{
    DynamoStore, item,
    keys::Key,
    write::{ABSENT, Write},
};
use crate::ports::{CreateUserError, StoreError, Users};
use async_trait::async_trait;
use domain::{
    UserId,
    user::{Email, User},
};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct Account {
    #[serde(flatten)]
    user: User,
    password_hash: String,
}

#[derive(Clone, Copy, PartialEq)]
enum AccountWrite {
    Address,
    Id,
}

#[async_trait]
impl Users for DynamoStore {
    async fn create(&self, user: &User, password_hash: &str) -> Result<(), CreateUserError> {
        let account = Account { user: user.clone(), password_hash: password_hash.to_owned() };
        let by_email = Write::put(Key::email(&user.email), item::from_struct(&account)?).only_if(ABSENT);
        let by_id = Write::put(Key::user(user.user_id), item::from_struct(user)?).only_if(ABSENT);
        let Err(error) =
            self.write_all(vec![(AccountWrite::Address, by_email), (AccountWrite::Id, by_id)]).await
        else {
            return Ok(());
        };
        let refused = error.refused()?;
        if refused.iter().any(|(part, _)| *part == AccountWrite::Address) {
            return Err(CreateUserError::EmailTaken);
        }
        Err(StoreError::unavailable(super::STORE, "the user's id is taken").into())
    }

    async fn credentials(&self, email: &Email) -> Result<Option<(User, String)>, StoreError> {
        let account = self.get(Key::email(email)).await?.map(item::to_struct::<Account>).transpose()?;
        Ok(account.map(|account| (account.user, account.password_hash)))
    }

    async fn find(&self, user: UserId) -> Result<Option<User>, StoreError> {
        self.get(Key::user(user)).await?.map(item::to_struct).transpose()
    }
}
