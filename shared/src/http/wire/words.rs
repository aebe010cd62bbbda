//! Schemas of the states for the `OpenAPI` document, of which the domain's own enums know nothing.

use serde::Serialize;
use std::borrow::Cow;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, schema::Type},
};

macro_rules! words {
    ($($doc:literal $words:ident = $name:literal: $states:path { $($state:ident),+ })+) => {$(
        #[doc = $doc]
        #[derive(Debug)]
        pub struct $words;

        impl PartialSchema for $words {
            fn schema() -> RefOr<Schema> {
                use $states as States;
                // Does not compile if a state is missing.
                const fn known(state: States) -> States {
                    match state { $(States::$state)|+ => state }
                }
                one_of($doc, &[$(known(States::$state)),+])
            }
        }

        impl ToSchema for $words {
            fn name() -> Cow<'static, str> {
                $name.into()
            }
        }
    )+};
}

words! {
    "What a person may do." RoleWords = "Role": domain::user::Role { Buyer, Organizer, Admin }
    "Whether there is a queue." SaleModeWords = "SaleMode": domain::sale::SaleMode { Open, Queue }
    "What the organizer ordered of a sale." SaleControlWords = "SaleControl": domain::sale::SaleControl { Open, Paused, Closed }
    "Where a sale stands." SaleStateWords = "SaleState": domain::sale::SaleState { Scheduled, Prequeue, Open, Paused, Closed, SoldOut }
    "Where a person stands in a queue." PlaceStateWords = "PlaceState":
        domain::queue::PlaceState { Prequeue, Waiting, Called, Admitted, Lapsed, Left }
    "Where a booking stands." BookingStateWords = "BookingState":
        domain::booking::BookingState { Reserved, Confirmed, Cancelled, Expired }
    "What kind of place was held or booked." BookedKindWords = "BookedKind":
        domain::booking::BookedKind { Seat, Standing, Wheelchair, Companion, RestrictedView }
    "Whether the buyers of a section sit or stand." SectionKindWords = "SectionKind": domain::layout::SectionKind { Seats, Standing }
    "What kind of place it is, if it is not like all others." PlaceKindWords = "PlaceKind":
        domain::layout::PlaceKind { Wheelchair, Companion, RestrictedView, House }
    "What is drawn." ShapeKindWords = "ShapeKind": domain::layout::ShapeKind { Stage, Field, Wall, Door, Text }
}

fn one_of(description: &str, states: &[impl Serialize]) -> RefOr<Schema> {
    let words = states.iter().map(|state| serde_json::to_value(state).unwrap_or_default());
    let schema = ObjectBuilder::new().schema_type(Type::String).description(Some(description));
    schema.enum_values(Some(words)).into()
}
