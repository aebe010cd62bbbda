//! An oversell that is planted, to see that it is seen: a seat is sold in a performance of its own, and then given to another
//! booking in the books, which no request could do.

use crate::{
    DrillResult,
    audit::Auditor,
    buyer::SteadyBuyer,
    house::Organizer,
    scene::Scene,
    stack::{SEATS, Stack},
};
use domain::PerformanceId;
use serde_json::{Value, json};
use std::sync::Arc;
use uuid::Uuid;

const RATE_PER_MIN: u32 = 6_000;

/// Sells a seat and gives it away, before `relay` hears of the sale.
pub(crate) async fn sell_twice(stack: &mut Stack, scene: &Arc<Scene>) -> DrillResult<()> {
    let mut organizer = Organizer::log_in(scene.base(), scene.http()).await?;
    let performance = organizer.put_on_sale("The planted oversell", RATE_PER_MIN).await?;
    let own = Arc::new(Scene::new(scene.base().to_owned(), performance.clone(), performance.clone())?);
    let mut buyer = SteadyBuyer::sign_up(&own).await?;
    buyer.go_in(&performance).await?;
    stack.function("relay")?.kill();
    let booking = buyer.book().await?;
    if !buyer.pay(&booking, "ok").await? {
        return Err("the planted booking was not paid".into());
    }
    give_away(&stack.engine.url(), &booking, scene.uuid()).await?;
    stack.function("relay")?.start().await?;

    let auditor = Auditor {
        books: &stack.books,
        provider: stack.provider.url(),
        performances: vec![PerformanceId(performance.parse()?)],
    };
    if auditor.seats_amiss(&own.diary).await?.is_empty() {
        return Err("the audit does not see an oversell that was planted".into());
    }
    Ok(())
}

/// Changes the owner of a booking's seat in the books.
async fn give_away(engine: &str, booking: &str, other: Uuid) -> DrillResult<()> {
    let found = ask(
        engine,
        "Scan",
        &json!({
            "TableName": SEATS,
            "FilterExpression": "booking_id = :booking",
            "ExpressionAttributeValues": { ":booking": { "S": booking } },
        }),
    )
    .await?;
    let seat = found.pointer("/Items/0").ok_or("the planted booking has no seat")?;
    ask(
        engine,
        "UpdateItem",
        &json!({
            "TableName": SEATS,
            "Key": { "pk": seat.get("pk"), "sk": seat.get("sk") },
            "UpdateExpression": "SET booking_id = :other",
            "ExpressionAttributeValues": { ":other": { "S": other.to_string() } },
        }),
    )
    .await
    .map(drop)
}

/// The engine checks no signature.
async fn ask(engine: &str, operation: &str, wanted: &Value) -> DrillResult<Value> {
    let request = reqwest::Client::new().post(engine).body(wanted.to_string());
    let request = request.header("content-type", "application/x-amz-json-1.0");
    let request = request.header("x-amz-target", format!("DynamoDB_20120810.{operation}"));
    let credentials = "AWS4-HMAC-SHA256 Credential=local/20300101/ap-northeast-2/dynamodb/aws4_request, \
                       SignedHeaders=host, Signature=0";
    let answer =
        request.header("authorization", credentials).header("x-amz-date", "20300101T000000Z").send().await?;
    let status = answer.status();
    let body = answer.text().await?;
    if status.is_success() {
        Ok(serde_json::from_str(&body)?)
    } else {
        Err(format!("{operation}: {body}").into())
    }
}
