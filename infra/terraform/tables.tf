# The tables of ../tables.json, which `make tables` writes from the code.
resource "aws_dynamodb_table" "yemae" {
  for_each = local.tables

  name         = "${var.prefix}${each.key}"
  billing_mode = each.value.billing_mode
  hash_key     = each.value.key.hash
  range_key    = each.value.key.range

  dynamic "attribute" {
    for_each = each.value.attributes
    content {
      name = attribute.key
      type = attribute.value
    }
  }

  dynamic "global_secondary_index" {
    for_each = each.value.indexes
    content {
      name            = global_secondary_index.key
      hash_key        = global_secondary_index.value.hash
      range_key       = global_secondary_index.value.range
      projection_type = global_secondary_index.value.projection
    }
  }

  dynamic "ttl" {
    for_each = each.value.ttl_attribute == null ? [] : [each.value.ttl_attribute]
    content {
      attribute_name = ttl.value
      enabled        = true
    }
  }

  # Wakes `relay` (functions.tf).
  stream_enabled   = each.key == "outbox"
  stream_view_type = each.key == "outbox" ? "KEYS_ONLY" : null

  deletion_protection_enabled = true

  point_in_time_recovery {
    enabled = true
  }

  server_side_encryption {
    enabled = true
  }
}
