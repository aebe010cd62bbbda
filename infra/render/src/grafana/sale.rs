//! A sale, for its organizer: in plain words, and one performance at a time.
//!
//! Several processes see the same room and the same seats, some of them later than others: the highest is shown, which is the
//! newest where a figure only grows.

use super::{Dashboard, Panel, Variable, View};

/// Numbers that were issued and not called yet.
macro_rules! waiting {
    () => {
        r#"clamp_min(max(yemae_queue_issued{yemae_performance_id="$performance"}) - max(yemae_queue_serving{yemae_performance_id="$performance"}), 0)"#
    };
}

pub(super) fn dashboard() -> Dashboard {
    Dashboard {
        name: "sale",
        title: "Yemae: Sale",
        description: "How a sale goes: who waits, who is inside, what is sold.",
        variable: Some(Variable {
            name: "performance",
            title: "Performance",
            values: "label_values(yemae_seats, yemae_performance_id)",
            many: false,
        }),
        panels: [numbers(), curves(), together()].into_iter().flatten().collect(),
    }
}

fn numbers() -> Vec<Panel> {
    vec![
        View::Number.panel(
            "Waiting",
            "Buyers who have a number and were not called yet.",
            "short",
            &[(waiting!(), "waiting")],
        ),
        View::Number.panel(
            "Inside",
            "Buyers who choose seats or pay.",
            "short",
            &[(r#"max(yemae_queue_active{yemae_performance_id="$performance"})"#, "inside")],
        ),
        View::Number.panel(
            "Time to get in",
            "For the last in line, at the pace of the last five minutes.",
            "s",
            &[(
                concat!(
                    waiting!(),
                    r#" / clamp_min(max(deriv(yemae_queue_serving{yemae_performance_id="$performance"}[5m])), 1 / 600)"#,
                ),
                "time to get in",
            )],
        ),
        View::Number.panel(
            "Sold",
            "Paid seats.",
            "short",
            &[(r#"max(yemae_seats{yemae_performance_id="$performance",yemae_seat_state="sold"})"#, "sold")],
        ),
        View::Number.panel(
            "Sold of all",
            "Paid seats, of those that are for sale.",
            "percentunit",
            &[(
                r#"max(yemae_seats{yemae_performance_id="$performance",yemae_seat_state="sold"}) / sum(max by (yemae_seat_state) (yemae_seats{yemae_performance_id="$performance"}))"#,
                "sold",
            )],
        ),
        View::Number.panel(
            "Left",
            "Seats that can be chosen now.",
            "short",
            &[(
                r#"max(yemae_seats{yemae_performance_id="$performance",yemae_seat_state="available"})"#,
                "left",
            )],
        ),
    ]
}

fn curves() -> Vec<Panel> {
    vec![
        View::Lines.panel(
            "Waiting and inside",
            "\"Called\" are buyers whose turn it is and who have not come yet. No more may be inside than \"at most\".",
            "short",
            &[
                (waiting!(), "waiting"),
                (r#"max(yemae_queue_called{yemae_performance_id="$performance"})"#, "called"),
                (r#"max(yemae_queue_active{yemae_performance_id="$performance"})"#, "inside"),
                (r#"max(yemae_queue_cap{yemae_performance_id="$performance"})"#, "at most inside"),
            ],
        ),
        View::Stack.panel(
            "Seats",
            "Held: a buyer is choosing. Reserved: a buyer is paying. Sold: paid.",
            "short",
            &[(
                r#"max by (yemae_seat_state) (yemae_seats{yemae_performance_id="$performance"})"#,
                "{{yemae_seat_state}}",
            )],
        ),
        View::Lines.panel(
            "Sold and called per minute",
            "Seats that were paid and buyers who were called, each minute.",
            "short",
            &[
                (
                    r#"clamp_min(60 * max(deriv(yemae_seats{yemae_performance_id="$performance",yemae_seat_state="sold"}[5m])), 0)"#,
                    "sold",
                ),
                (
                    r#"clamp_min(60 * max(deriv(yemae_queue_serving{yemae_performance_id="$performance"}[5m])), 0)"#,
                    "called",
                ),
            ],
        ),
        View::Lines.panel(
            "Who comes when called",
            "The share of the called who come in time. The room calls more where fewer come.",
            "percentunit",
            &[(r#"max(yemae_queue_claim_rate_ratio{yemae_performance_id="$performance"})"#, "come")],
        ),
        View::Lines.panel(
            "Missed their turn",
            "Buyers who did not come when called, and will be called again.",
            "short",
            &[(r#"max(yemae_queue_lapsed{yemae_performance_id="$performance"})"#, "missed")],
        ),
    ]
}

/// What is counted for all sales together: a series for each performance would be too many. "Each minute" is the mean of five.
fn together() -> Vec<Panel> {
    vec![
        View::Stack.panel(
            "Choosing (all sales)",
            "Attempts to hold seats, each minute. Refused ones mostly met another buyer's seat.",
            "short",
            &[(
                concat!("sum by (yemae_outcome) (", counted!("yemae_holds_total"), ") / 5"),
                "{{yemae_outcome}}",
            )],
        ),
        View::Stack.panel(
            "Booking (all sales)",
            "Attempts to book what was held, each minute.",
            "short",
            &[(
                concat!("sum by (yemae_outcome) (", counted!("yemae_reservations_total"), ") / 5"),
                "{{yemae_outcome}}",
            )],
        ),
        View::Stack.panel(
            "Bookings (all sales)",
            "Bookings that were paid, ran out or were cancelled, each minute.",
            "short",
            &[(
                concat!("sum by (yemae_booking_state) (", counted!("yemae_bookings_total"), ") / 5"),
                "{{yemae_booking_state}}",
            )],
        ),
        View::Stack.panel(
            "Paying (all sales)",
            "Payments, each minute. Unknown: the provider has not answered.",
            "short",
            &[(
                concat!("sum by (yemae_outcome) (", counted!("yemae_payments_total"), ") / 5"),
                "{{yemae_outcome}}",
            )],
        ),
        View::Lines.panel(
            "Let go (all sales)",
            "Seats whose buyers neither booked nor gave them back in time, each minute.",
            "short",
            &[(concat!("sum(", counted!("yemae_holds_expired_total"), ") / 5 or vector(0)"), "seats")],
        ),
        View::Lines.panel(
            "Sold twice (all sales)",
            "In the last six hours. Must stay 0.",
            "short",
            &[("yemae:oversells:increase6h or vector(0)", "seats")],
        ),
    ]
}
