//! The demo: two accounts, five houses and six shows, added through the ports. Every step first checks whether it was already done, so
//! the next start completes one that was cut off, and changes nothing if it was not.

pub mod houses;
mod shows;

pub use shows::{CLUB_GRADE, CLUB_NIGHT, STADIUM_NIGHT};

use domain::{
    UserId,
    house::{House, HouseDrawing, HouseVersion},
    layout::Layout,
    performance::Performance,
    show::Show,
    user::{Email, Password, Role, User},
};
use houses::NamedPlan;
use shared::{
    app::App,
    http::etag::version_of,
    ports::{AddPerformanceError, CreateUserError, ReplaceError},
};
use shows::{DemoSeating, DemoShow};
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
        let house = seed_house(app, organizer, &demo).await?;
        seed_performance(app, organizer, &demo, house).await?;
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

/// Adds the house that a show is played in to the organizer's library. Returns its first version, which a performance of the
/// demo uses, whatever the organizer draws later.
async fn seed_house(app: &App, organizer: UserId, demo: &DemoShow) -> Result<Option<House>, DemoError> {
    let DemoSeating::House(NamedPlan { name, plan, .. }) = &demo.seating else { return Ok(None) };
    let (house_id, layout_id) = demo.house_ids();
    if let Some(house) = app.houses.house_version(HouseVersion { house_id, version: 1 }).await? {
        return Ok(Some(house));
    }
    let layout = Layout::draw(plan.clone())?;
    let digest = version_of(&(name, layout.plan()));
    let drawing = HouseDrawing { name: (*name).to_owned(), layout, digest };
    let house = House::first(house_id, organizer, layout_id, &drawing, app.clock.now());
    app.houses.create_house(&house, drawing.layout.plan()).await?;
    Ok(Some(house))
}

/// Adds a show's performance and publishes it. One that an earlier version of the demo added keeps its plan.
async fn seed_performance(
    app: &App,
    organizer: UserId,
    demo: &DemoShow,
    house: Option<House>,
) -> Result<(), DemoError> {
    let mut performance = match app.programme.performance(demo.performance_id()).await? {
        Some(performance) => performance,
        None => match add_performance(app, organizer, demo, house).await? {
            Some(performance) => performance,
            None => return Ok(()),
        },
    };
    if performance.published_at.is_some() {
        return Ok(());
    }
    performance.published_at = Some(app.clock.now());
    match app.programme.publish(&performance).await {
        // The organizer has withdrawn it and changed the show's prices, and may publish it again.
        Ok(_) | Err(ReplaceError::Changed) => Ok(()),
        Err(ReplaceError::Store(error)) => Err(error.into()),
    }
}

/// Returns nothing if the show no longer has the demo's prices: then its organizer decides what is played.
async fn add_performance(
    app: &App,
    organizer: UserId,
    demo: &DemoShow,
    house: Option<House>,
) -> Result<Option<Performance>, DemoError> {
    let now = app.clock.now();
    let details = demo.details();
    let layout = match (&demo.seating, &house) {
        (DemoSeating::Plan(plan), _) => Some(plan.clone()),
        (DemoSeating::House(_), Some(house)) => app.programme.layout(house.layout_id).await?,
        (DemoSeating::House(_), None) => None,
    };
    let layout = Layout::parse(layout.ok_or("a house has no plan")?)?;
    let performance = Performance {
        performance_id: demo.performance_id(),
        show_id: demo.show_id(),
        organizer_id: organizer,
        starts_at: demo.starts_at(now)?,
        layout_id: house.as_ref().map_or(demo.layout_id(), |house| house.layout_id),
        house: house.as_ref().map(House::named),
        seat_count: layout.seat_count(),
        for_sale_count: layout.for_sale_count(),
        sale: demo.sale(now)?,
        price_range: details.price_range_in(&layout),
        grades: details.grades,
        currency: details.currency,
        max_seats_per_user: details.max_seats_per_user,
        published_at: None,
    };
    let added = match house {
        Some(_) => app.programme.add_performance_in_house(&performance, None).await,
        None => app.programme.add_performance(&performance, layout.plan(), None).await,
    };
    match added {
        Ok(()) => Ok(Some(performance)),
        Err(AddPerformanceError::Changed) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
