//! What a newcomer reads when Yemae runs: where everything is, who can log in, and what to try next.

use demo::{BUYER, CLUB_GRADE, CLUB_NIGHT, ORGANIZER, PASSWORD};
use std::{fmt::Write as _, net::SocketAddr};

/// The whole page. Its commands work when pasted in this order.
pub(crate) fn text(address: SocketAddr, places: &[(&str, String)]) -> String {
    let mut text = format!("\nYemae runs on http://{address}\n\n");
    for (name, place) in places {
        line(&mut text, &format!("{name:<11}{place}"));
    }
    text.push('\n');
    for (email, what) in [(BUYER, "buys"), (ORGANIZER, "manages shows")] {
        line(&mut text, &format!("{email:<22}{PASSWORD:<17}{what}"));
    }
    text.push_str(
        "\nOpen the address in a browser and log in as one of them; /docs/ there is the API. Or by hand:\n",
    );
    text.push_str("what is on, the seat map of the club night, log in, hold two seats\n\n");
    for command in commands(address) {
        line(&mut text, &command);
    }
    text.push_str("\nCtrl-C stops everything and keeps the data; `make clean-data` drops it.\n");
    text
}

fn commands(address: SocketAddr) -> [String; 4] {
    let call = format!("curl -s http://{address}");
    let json = "-H 'Content-Type: application/json' -d";
    let login = format!(r#"{{"email":"{BUYER}","password":"{PASSWORD}"}}"#);
    let token = r#"sed 's/.*"access_token":"\([^"]*\).*/\1/'"#;
    let seats = format!(r#"{{"performance_id":"{CLUB_NIGHT}","best":{{"count":2,"grade":"{CLUB_GRADE}"}}}}"#);
    [
        format!("{call}/v1/shows"),
        format!("{call}/v1/seats/{CLUB_NIGHT}"),
        format!("TOKEN=$({call}/v1/login {json} '{login}' | {token})"),
        format!(r#"{call}/v1/holds -H "Authorization: Bearer $TOKEN" {json} '{seats}'"#),
    ]
}

fn line(text: &mut String, content: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "  {content}");
}
