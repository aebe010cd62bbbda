//! `yemae account`: creates an account of any role.

use clap::{Args, ValueEnum};
use domain::{
    Invalid, UserId,
    user::{self, Email, Password, Role, User},
};
use shared::{
    adapters::system::RandomIds,
    ports::{CreateUserError, Ids, Users},
    services::passwords,
};
use std::{env, error::Error, io};

/// The account to create.
#[derive(Args)]
pub(crate) struct AccountArgs {
    /// What the account may do.
    #[arg(long)]
    role: RoleName,
    /// Its e-mail address.
    #[arg(long, value_parser = Email::parse)]
    email: Email,
    /// Its owner's name.
    #[arg(long, value_parser = user::name)]
    name: String,
}

#[derive(Clone, Copy, ValueEnum)]
enum RoleName {
    Buyer,
    Organizer,
    Admin,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Buyer => Self::Buyer,
            RoleName::Organizer => Self::Organizer,
            RoleName::Admin => Self::Admin,
        }
    }
}

/// Creates the account, or confirms that it exists with the same role. An existing password stays.
pub(crate) async fn create(store: &dyn Users, wanted: &AccountArgs) -> Result<(), Box<dyn Error>> {
    if let Some((known, _)) = store.credentials(&wanted.email).await? {
        return accept(&known, wanted);
    }
    let ids = RandomIds::default();
    let [salt @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] = ids.secret();
    let password_hash = passwords::hash(&read_password()?, salt);
    let user = User {
        user_id: UserId(ids.uuid()),
        email: wanted.email.clone(),
        name: wanted.name.clone(),
        role: wanted.role.into(),
    };
    match store.create(&user, &password_hash).await {
        Ok(()) => println!("{} created", user.email),
        Err(CreateUserError::EmailTaken) => {
            return Err("another request took the address just now: try again".into());
        }
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

fn accept(known: &User, wanted: &AccountArgs) -> Result<(), Box<dyn Error>> {
    if known.role != wanted.role.into() {
        return Err(format!("{} exists with another role", known.email).into());
    }
    println!("{} exists", known.email);
    Ok(())
}

fn read_password() -> Result<Password, Box<dyn Error>> {
    let typed = env::var("YEMAE_PASSWORD").or_else(|_| {
        eprintln!("YEMAE_PASSWORD is not set: the password is the next line.");
        io::stdin().lines().next().unwrap_or_else(|| Ok(String::new()))
    })?;
    Password::parse(&typed).map_err(|Invalid(reason)| format!("the password {reason}").into())
}
