# A primary, and a replica in the second zone that takes over. Not a cluster: a performance lives in one hash slot, so one big
# sale is on one node anyway. For many big sales at once, add shards and make the scheme `rediss+cluster`.
data "aws_ssm_parameter" "redis_password" {
  name = var.redis_password_parameter
}

locals {
  redis_url = "rediss://:${urlencode(data.aws_ssm_parameter.redis_password.value)}@${aws_elasticache_replication_group.valkey.primary_endpoint_address}:6379"
}

resource "aws_elasticache_subnet_group" "valkey" {
  name       = "${var.prefix}valkey"
  subnet_ids = aws_subnet.inside[*].id
}

resource "aws_elasticache_parameter_group" "valkey" {
  name   = "${var.prefix}valkey8"
  family = "valkey8"

  # An evicted lock would be a seat shown as free: refuse writes instead.
  parameter {
    name  = "maxmemory-policy"
    value = "noeviction"
  }
}

resource "aws_elasticache_replication_group" "valkey" {
  replication_group_id = "${var.prefix}valkey"
  description          = "Seat locks, waiting rooms and rate limits. What it loses is rebuilt from the tables."

  engine               = "valkey"
  engine_version       = "8.0"
  node_type            = var.valkey_node_type
  parameter_group_name = aws_elasticache_parameter_group.valkey.name
  port                 = 6379

  num_cache_clusters         = 2
  automatic_failover_enabled = true
  multi_az_enabled           = true

  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
  auth_token                 = data.aws_ssm_parameter.redis_password.value

  subnet_group_name  = aws_elasticache_subnet_group.valkey.name
  security_group_ids = [aws_security_group.valkey.id]

  # No snapshots: what is lost is rebuilt from the tables.
  snapshot_retention_limit = 0
}
