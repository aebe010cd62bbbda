//! The demo: two accounts and four shows, added through the ports. Every step first checks whether it was already done, so
//! the next start completes one that was cut off, and changes nothing if it was not.

mod shows;

pub use shows::{CLUB_GRADE, CLUB_NIGHT, STADIUM_NIGHT};

use domain::{
    UserId,
    layout::Layout,
    performance::Performance,
    show::Show,
    user::{Email, Password, Role, User},
};
use shared::{app::App, ports::CreateUserError};
use shows::DemoShow;
use std::{collections::BTreeMap, error::Error};
use uuid::Uuid;

/// Why the demo is not complete.
pub type DemoError = Box<dyn Error + Send + Sync>;

/// The account that owns the demo's shows.
pub const ORGANIZER: &str = "organizer@yemae.test";
/// The account that buys seats.
pub const BUYER: &str = "buyer@yemae.test";
/// The password of both.
pub const PASSWORD: &str = "yemae-demo-1234";

const ORGANIZER_ID: UserId = UserId(Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0001));
const BUYER_ID: UserId = UserId(Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0002));

/// Adds the missing parts of the demo.
///
/// # Errors
/// A store fails. What was added stays, and the next call continues from there.
pub async fn seed(app: &App) -> Result<(), DemoError> {
    let organizer = account(app, ORGANIZER_ID, ORGANIZER, "예매 기획", Role::Organizer).await?;
    account(app, BUYER_ID, BUYER, "예매 관객", Role::Buyer).await?;
    for demo in shows::all() {
        seed_show(app, organizer, &demo).await?;
        seed_performance(app, organizer, demo).await?;
    }
    Ok(())
}

/// Returns the id of the account with this address, creating it if necessary.
async fn account(app: &App, id: UserId, email: &str, name: &str, role: Role) -> Result<UserId, DemoError> {
    let email = Email::parse(email)?;
    if let Some((user, _)) = app.users.credentials(&email).await? {
        return Ok(user.user_id);
    }
    let user = User { user_id: id, email, name: name.to_owned(), role };
    let hash = app.passwords.hash(Password::parse(PASSWORD)?, app.ids.secret()).await?;
    match app.users.create(&user, &hash).await {
        // Another process seeds the same store at the same time.
        Ok(()) | Err(CreateUserError::EmailTaken) => Ok(id),
        Err(CreateUserError::Store(error)) => Err(error.into()),
    }
}

async fn seed_show(app: &App, organizer: UserId, demo: &DemoShow) -> Result<(), DemoError> {
    if app.programme.show(demo.show_id()).await?.is_some() {
        return Ok(());
    }
    let details = demo.details().check().map_err(|wrong| format!("a demo show is wrong: {wrong:?}"))?;
    let show = Show {
        show_id: demo.show_id(),
        organizer_id: organizer,
        details,
        performances: BTreeMap::new(),
        created_at: app.clock.now(),
        version: 0,
    };
    Ok(app.programme.create_show(&show).await?)
}

async fn seed_performance(app: &App, organizer: UserId, demo: DemoShow) -> Result<(), DemoError> {
    let mut performance = match app.programme.performance(demo.performance_id()).await? {
        Some(performance) => performance,
        None => add_performance(app, organizer, demo).await?,
    };
    if performance.published_at.is_none() {
        performance.published_at = Some(app.clock.now());
        app.programme.publish(&performance).await?;
    }
    Ok(())
}

async fn add_performance(app: &App, organizer: UserId, demo: DemoShow) -> Result<Performance, DemoError> {
    let now = app.clock.now();
    let details = demo.details();
    let (performance_id, show_id, layout_id) = (demo.performance_id(), demo.show_id(), demo.layout_id());
    let (starts_at, sale) = (demo.starts_at(now)?, demo.sale(now)?);
    let layout = Layout::parse(demo.layout)?;
    let performance = Performance {
        performance_id,
        show_id,
        organizer_id: organizer,
        starts_at,
        layout_id,
        house: None,
        seat_count: layout.seat_count(),
        for_sale_count: layout.for_sale_count(),
        sale,
        price_range: details.price_range_in(&layout),
        grades: details.grades,
        currency: details.currency,
        max_seats_per_user: details.max_seats_per_user,
        published_at: None,
    };
    app.programme.add_performance(&performance, layout.plan(), None).await?;
    Ok(performance)
}
