# One node with another in the second zone that takes over: not a cluster, because one performance lives in one hash slot,
# and so one big sale is on one node whatever their number. Many big sales at once: give it shards and make the scheme
# `rediss+cluster`.
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

  # A lock that is thrown out to make room would be a seat that is shown to be free: refuse to write instead.
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

  # Nothing in it is worth keeping beyond its loss.
  snapshot_retention_limit = 0
}
