# Sessions, outcomes for a minute, the line. What is lost with it is asked for again: see docs/reliability.md.

resource "aws_elasticache_subnet_group" "main" {
  name       = local.name
  subnet_ids = [for subnet in aws_subnet.private : subnet.id]
}

# A session or a place in line that is thrown out is lost: rather refuse what is new.
resource "aws_elasticache_parameter_group" "main" {
  name   = local.name
  family = "valkey8"

  parameter {
    name  = "maxmemory-policy"
    value = "noeviction"
  }
}

locals {
  # For runbooks; no service has it.
  redis_admin = { admin = "~* &* +@all" }
}

resource "aws_elasticache_user" "service" {
  for_each      = merge(var.redis_access, local.redis_admin)
  user_id       = "${local.name}-${each.key}"
  user_name     = each.key
  engine        = "valkey"
  access_string = "on ${each.value}"

  authentication_mode {
    type      = "password"
    passwords = [var.redis_passwords[each.key]]
  }
}

resource "aws_elasticache_user_group" "main" {
  user_group_id = local.name
  engine        = "valkey"
  user_ids      = [for user in aws_elasticache_user.service : user.user_id]
}

resource "aws_elasticache_replication_group" "main" {
  replication_group_id       = local.name
  description                = "Anteroom, ${var.environment}"
  engine                     = "valkey"
  engine_version             = "8.0"
  node_type                  = var.redis_class
  parameter_group_name       = aws_elasticache_parameter_group.main.name
  num_cache_clusters         = 2
  multi_az_enabled           = true
  automatic_failover_enabled = true
  transit_encryption_enabled = true
  transit_encryption_mode    = "required"
  at_rest_encryption_enabled = true
  kms_key_id                 = aws_kms_key.storage.arn
  user_group_ids             = [aws_elasticache_user_group.main.id]
  subnet_group_name          = aws_elasticache_subnet_group.main.name
  security_group_ids         = [aws_security_group.redis.id]
}
