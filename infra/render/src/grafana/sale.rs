//! A sale, for its organizer: in plain words, and one performance at a time.
//!
//! Several processes see the same room and the same seats, some of them later than others: the highest is shown, which is the
//! newest where a figure only grows.

use super::{Dashboard, Panel, Variable, View};

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
    let number = |title, description, unit, query| Panel {
        title,
        description,
        unit,
        view: View::Number,
        queries: query,
    };
    vec![
        number(
            "Waiting",
            "Buyers who have a number and were not called yet.",
            "short",
            &[(
                r#"clamp_min(max(yemae_queue_issued{yemae_performance_id="$performance"}) - max(yemae_queue_serving{yemae_performance_id="$performance"}), 0)"#,
                "waiting",
            )],
        ),
        number(
            "Inside",
            "Buyers who choose seats or pay.",
            "short",
            &[(r#"max(yemae_queue_active{yemae_performance_id="$performance"})"#, "inside")],
        ),
        number(
            "Time to get in",
            "For the last in line, at the pace of the last five minutes.",
            "s",
            &[(
                r#"clamp_min(max(yemae_queue_issued{yemae_performance_id="$performance"}) - max(yemae_queue_serving{yemae_performance_id="$performance"}), 0) / clamp_min(max(deriv(yemae_queue_serving{yemae_performance_id="$performance"}[5m])), 1 / 600)"#,
                "time to get in",
            )],
        ),
        number(
            "Sold",
            "Paid seats.",
            "short",
            &[(r#"max(yemae_seats{yemae_performance_id="$performance",yemae_seat_state="sold"})"#, "sold")],
        ),
        number(
            "Sold of all",
            "Paid seats, of those that are for sale.",
            "percentunit",
            &[(
                r#"max(yemae_seats{yemae_performance_id="$performance",yemae_seat_state="sold"}) / sum(max by (yemae_seat_state) (yemae_seats{yemae_performance_id="$performance"}))"#,
                "sold",
            )],
        ),
        number(
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
        Panel {
            title: "Waiting and inside",
            description: "\"Called\" are buyers whose turn it is and who have not come yet. No more may be inside than \"at most\".",
            unit: "short",
            view: View::Lines,
            queries: &[
                (
                    r#"clamp_min(max(yemae_queue_issued{yemae_performance_id="$performance"}) - max(yemae_queue_serving{yemae_performance_id="$performance"}), 0)"#,
                    "waiting",
                ),
                (r#"max(yemae_queue_called{yemae_performance_id="$performance"})"#, "called"),
                (r#"max(yemae_queue_active{yemae_performance_id="$performance"})"#, "inside"),
                (r#"max(yemae_queue_cap{yemae_performance_id="$performance"})"#, "at most inside"),
            ],
        },
        Panel {
            title: "Seats",
            description: "Held: a buyer is choosing. Reserved: a buyer is paying. Sold: paid.",
            unit: "short",
            view: View::Stack,
            queries: &[(
                r#"max by (yemae_seat_state) (yemae_seats{yemae_performance_id="$performance"})"#,
                "{{yemae_seat_state}}",
            )],
        },
        Panel {
            title: "Sold and called per minute",
            description: "Seats that were paid and buyers who were called, each minute.",
            unit: "short",
            view: View::Lines,
            queries: &[
                (
                    r#"clamp_min(60 * max(deriv(yemae_seats{yemae_performance_id="$performance",yemae_seat_state="sold"}[5m])), 0)"#,
                    "sold",
                ),
                (
                    r#"clamp_min(60 * max(deriv(yemae_queue_serving{yemae_performance_id="$performance"}[5m])), 0)"#,
                    "called",
                ),
            ],
        },
        Panel {
            title: "Who comes when called",
            description: "The share of the called who come in time. The room calls more where fewer come.",
            unit: "percentunit",
            view: View::Lines,
            queries: &[(r#"max(yemae_queue_claim_rate_ratio{yemae_performance_id="$performance"})"#, "come")],
        },
        Panel {
            title: "Missed their turn",
            description: "Buyers who did not come when called, and will be called again.",
            unit: "short",
            view: View::Lines,
            queries: &[(r#"max(yemae_queue_lapsed{yemae_performance_id="$performance"})"#, "missed")],
        },
    ]
}

/// What is counted for all sales together: a series for each performance would be too many. "Each minute" is the mean of five.
fn together() -> Vec<Panel> {
    vec![
        Panel {
            title: "Choosing (all sales)",
            description: "Attempts to hold seats, each minute. Refused ones mostly met another buyer's seat.",
            unit: "short",
            view: View::Stack,
            queries: &[(
                concat!("sum by (yemae_outcome) (", counted!("yemae_holds_total"), ") / 5"),
                "{{yemae_outcome}}",
            )],
        },
        Panel {
            title: "Booking (all sales)",
            description: "Attempts to book what was held, each minute.",
            unit: "short",
            view: View::Stack,
            queries: &[(
                concat!("sum by (yemae_outcome) (", counted!("yemae_reservations_total"), ") / 5"),
                "{{yemae_outcome}}",
            )],
        },
        Panel {
            title: "Bookings (all sales)",
            description: "Bookings that were paid, ran out or were cancelled, each minute.",
            unit: "short",
            view: View::Stack,
            queries: &[(
                concat!("sum by (yemae_booking_state) (", counted!("yemae_bookings_total"), ") / 5"),
                "{{yemae_booking_state}}",
            )],
        },
        Panel {
            title: "Paying (all sales)",
            description: "Payments, each minute. Unknown: the provider has not answered.",
            unit: "short",
            view: View::Stack,
            queries: &[(
                concat!("sum by (yemae_outcome) (", counted!("yemae_payments_total"), ") / 5"),
                "{{yemae_outcome}}",
            )],
        },
        Panel {
            title: "Let go (all sales)",
            description: "Seats whose buyers neither booked nor gave them back in time, each minute.",
            unit: "short",
            view: View::Lines,
            queries: &[(
                concat!("sum(", counted!("yemae_holds_expired_total"), ") / 5 or vector(0)"),
                "seats",
            )],
        },
        Panel {
            title: "Sold twice (all sales)",
            description: "In the last six hours. Must stay 0.",
            unit: "short",
            view: View::Lines,
            queries: &[("yemae:oversells:increase6h or vector(0)", "seats")],
        },
    ]
}
