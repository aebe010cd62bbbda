# The values that the other files use. There is no resource here, so that a test can have Terraform evaluate them.
locals {
  # ../tables.json in the provider's terms.
  tables = {
    for table in jsondecode(file("${path.module}/../tables.json")) : table.create.TableName => {
      billing_mode = table.create.BillingMode
      attributes   = { for attribute in table.create.AttributeDefinitions : attribute.AttributeName => attribute.AttributeType }
      key          = { for part in table.create.KeySchema : lower(part.KeyType) => part.AttributeName }
      indexes = {
        for index in try(table.create.GlobalSecondaryIndexes, []) : index.IndexName => merge(
          { for part in index.KeySchema : lower(part.KeyType) => part.AttributeName },
          { projection = index.Projection.ProjectionType },
        )
      }
      ttl_attribute = try(table.time_to_live.AttributeName, null)
    }
  }

  # Rendered by `make render` from shared/src/routes.rs.
  routes = jsondecode(file("${path.module}/routes.json"))

  # Every function, rendered by `make render` from what it declares (its FUNCTION):
  # signs, verifies  which keys it sees
  # pays             whether it calls the payment provider, and so needs a way out of the network
  # timed            whether it is called every minute, and cannot be called from outside
  # memory_mb        Lambda gives a share of a core with it: a whole one at 1,769
  # timeout_s        a little more than the function's own deadline, so that its own answer comes first
  # at_once_max      its reserved concurrency. All together leave 100 of an account's 1,000; a
  #                  function without a number shares those.
  functions = jsondecode(file("${path.module}/functions.json"))

  # What each function may do to which items of which table, by the beginning of their partition key
  # (shared/src/adapters/dynamodb/keys.rs). A transaction needs the rights of its parts and none of its own.
  rights = {
    # After a loss of Redis: lease the rebuild (beside the queue's marks), and read the seats' owners and the buyers inside.
    rebuild = [
      { table = "main", actions = ["GetItem"], keys = ["PERFORMANCE#*"] },
      { table = "main", actions = ["UpdateItem"], keys = ["QUEUE#*"] },
      { table = "main", actions = ["Query"], keys = ["INSIDE#*"] },
      { table = "seats", actions = ["Query"], keys = ["P#*"] },
    ]
    # What makes a queue survive a loss: leases, the draw with its roster, and the buyers inside.
    queue = [
      { table = "main", actions = ["GetItem"], keys = ["QUEUE#*"] },
      { table = "main", actions = ["PutItem"], keys = ["ROSTER#*"] },
      { table = "main", actions = ["DeleteItem", "PutItem"], keys = ["INSIDE#*"] },
    ]
    # Answers kept for idempotency keys.
    once = [{ table = "main", actions = ["DeleteItem", "PutItem", "UpdateItem"], keys = ["REPLY#*"] }]
    # Events, for `relay` to tell.
    tell = [{ table = "outbox", actions = ["PutItem"], keys = ["OUTBOX#*"] }]
    # A booking, its payments and its ledger.
    bookings = [{ table = "main", actions = ["GetItem", "PutItem", "UpdateItem"], keys = ["BOOKING#*"] }]
    # A booking's seats as they change hands again, and its buyer's limit.
    seats = [{ table = "seats", actions = ["UpdateItem"], keys = ["P#*"] }]
    limit = [{ table = "main", actions = ["UpdateItem"], keys = ["LIMIT#*"] }]
    # `/readyz` asks every table for an item that is never there. API Gateway has no such path, a cluster may.
    ready = [for name in keys(local.tables) : { table = name, actions = ["GetItem"], keys = ["NOTHING"] }]
  }

  # A function that is not named here may ask no item of any table.
  statements = {
    signup       = [{ table = "main", actions = ["PutItem"], keys = ["EMAIL#*", "USER#*"] }]
    login        = [{ table = "main", actions = ["GetItem"], keys = ["EMAIL#*"] }, { table = "main", actions = ["PutItem"], keys = ["SESSION#*"] }]
    session      = [{ table = "main", actions = ["GetItem", "UpdateItem"], keys = ["SESSION#*"] }, { table = "main", actions = ["GetItem"], keys = ["USER#*"] }]
    list-shows   = concat(local.rights.rebuild, [{ table = "main", index = "catalogue", actions = ["Query"], keys = ["SHOWS"] }])
    show-detail  = concat(local.rights.rebuild, [{ table = "main", actions = ["GetItem"], keys = ["SHOW#*"] }])
    seat-map     = concat(local.rights.rebuild, [{ table = "main", actions = ["GetItem"], keys = ["LAYOUT#*"] }])
    seat-stream  = concat(local.rights.rebuild, [{ table = "main", actions = ["GetItem"], keys = ["LAYOUT#*"] }])
    enqueue      = concat(local.rights.rebuild, local.rights.queue)
    queue-status = concat(local.rights.rebuild, local.rights.queue)
    admit        = concat(local.rights.rebuild, local.rights.queue)
    lock-seat = concat(local.rights.rebuild, [
      { table = "main", actions = ["GetItem"], keys = ["LAYOUT#*"] },
      # Refusals of the map are now and then compared with the books.
      { table = "seats", actions = ["GetItem"], keys = ["P#*"] },
    ])
    book = concat(local.rights.rebuild, local.rights.once, local.rights.tell, local.rights.limit, [
      { table = "main", actions = ["GetItem"], keys = ["LAYOUT#*", "SHOW#*"] },
      # Read when an answer is repeated, because the map may have missed the booking.
      { table = "main", actions = ["GetItem", "PutItem"], keys = ["BOOKING#*"] },
      { table = "seats", actions = ["PutItem"], keys = ["P#*"] },
    ])
    pay      = concat(local.rights.rebuild, local.rights.once, local.rights.tell, local.rights.bookings, local.rights.seats)
    cancel   = concat(local.rights.rebuild, local.rights.once, local.rights.tell, local.rights.bookings, local.rights.seats, local.rights.limit)
    bookings = [{ table = "main", actions = ["GetItem"], keys = ["BOOKING#*"] }, { table = "main", index = "user_bookings", actions = ["Query"] }]
    manage-shows = concat(local.rights.tell, [
      { table = "main", actions = ["GetItem", "PutItem", "UpdateItem"], keys = ["PERFORMANCE#*", "SHOW#*"] },
      { table = "main", actions = ["GetItem", "PutItem"], keys = ["LAYOUT#*"] },
      { table = "main", actions = ["PutItem", "Query"], keys = ["HOUSES#*", "ORGANIZER#*"] },
      # A version of a house is written once.
      { table = "main", actions = ["GetItem", "PutItem", "Query"], keys = ["HOUSE#*"] },
      # A performance that was never public may be removed. One whose sale was closed is withdrawn if no seat was touched.
      { table = "main", actions = ["DeleteItem"], keys = ["PERFORMANCE#*"] },
      { table = "main", actions = ["Query"], keys = ["CHANGES#*"] },
      { table = "seats", actions = ["Query"], keys = ["P#*"] },
      # The secret of a draw.
      { table = "main", actions = ["UpdateItem"], keys = ["QUEUE#*"] },
    ])
    manage-sale = concat(local.rights.rebuild, local.rights.queue, local.rights.tell, [
      { table = "main", actions = ["UpdateItem"], keys = ["PERFORMANCE#*", "SHOW#*"] },
      { table = "main", actions = ["PutItem", "Query"], keys = ["CHANGES#*"] },
      { table = "main", actions = ["Query"], keys = ["HISTORY#*"] },
      { table = "main", actions = ["GetItem"], keys = ["EMAIL#*", "USER#*"] },
    ])
    sweep = concat(local.rights.rebuild, local.rights.tell, local.rights.bookings, local.rights.seats, local.rights.limit, [
      { table = "main", index = "due", actions = ["Query"] },
      # The history of the sales that run.
      { table = "main", index = "catalogue", actions = ["Query"], keys = ["SHOWS"] },
      { table = "main", actions = ["PutItem", "Query"], keys = ["HISTORY#*"] },
    ])
    # Events that wait, one lease a shard, the bookings to show on the map, and the seats that no two of them may have.
    relay = concat(local.rights.rebuild, [
      { table = "outbox", actions = ["DeleteItem", "Query"], keys = ["OUTBOX#*"] },
      { table = "main", actions = ["UpdateItem"], keys = ["RELAY#*"] },
      { table = "main", actions = ["GetItem"], keys = ["BOOKING#*"] },
      { table = "seats", actions = ["GetItem"], keys = ["P#*"] },
    ])
  }

  access = { for function in keys(local.functions) : function => concat(local.rights.ready, try(local.statements[function], [])) }
}
