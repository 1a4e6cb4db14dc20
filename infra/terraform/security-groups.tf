# Who may reach whom. A security group without a rule lets nothing out: a rule here is the only way there is.

resource "aws_security_group" "load_balancer" {
  name_prefix = "${local.name}-load-balancer-"
  vpc_id      = aws_vpc.main.id
}

resource "aws_security_group" "web" {
  name_prefix = "${local.name}-web-"
  vpc_id      = aws_vpc.main.id
}

resource "aws_security_group" "worker" {
  name_prefix = "${local.name}-worker-"
  vpc_id      = aws_vpc.main.id
}

resource "aws_security_group" "operations" {
  name_prefix = "${local.name}-operations-"
  vpc_id      = aws_vpc.main.id
}

resource "aws_security_group" "proxy" {
  name_prefix = "${local.name}-proxy-"
  vpc_id      = aws_vpc.main.id
}

resource "aws_security_group" "database" {
  name_prefix = "${local.name}-database-"
  vpc_id      = aws_vpc.main.id
}

resource "aws_security_group" "redis" {
  name_prefix = "${local.name}-redis-"
  vpc_id      = aws_vpc.main.id
}

resource "aws_security_group" "endpoints" {
  name_prefix = "${local.name}-endpoints-"
  vpc_id      = aws_vpc.main.id
}

locals {
  groups = {
    load_balancer = aws_security_group.load_balancer.id
    web           = aws_security_group.web.id
    worker        = aws_security_group.worker.id
    operations    = aws_security_group.operations.id
    proxy         = aws_security_group.proxy.id
    database      = aws_security_group.database.id
    redis         = aws_security_group.redis.id
    endpoints     = aws_security_group.endpoints.id
  }

  # From, to, port. The proxy is reached by the worker alone.
  ways = {
    "load balancer to web"        = { from = "load_balancer", to = "web", port = 3000 }
    "load balancer to web health" = { from = "load_balancer", to = "web", port = 3001 }
    "web to database"             = { from = "web", to = "database", port = 5432 }
    "web to redis"                = { from = "web", to = "redis", port = 6379 }
    "web to endpoints"            = { from = "web", to = "endpoints", port = 443 }
    "worker to database"          = { from = "worker", to = "database", port = 5432 }
    "worker to redis"             = { from = "worker", to = "redis", port = 6379 }
    "worker to endpoints"         = { from = "worker", to = "endpoints", port = 443 }
    "worker to proxy"             = { from = "worker", to = "proxy", port = 3128 }
    "operations to database"      = { from = "operations", to = "database", port = 5432 }
    "operations to redis"         = { from = "operations", to = "redis", port = 6379 }
    "operations to endpoints"     = { from = "operations", to = "endpoints", port = 443 }
    "proxy to endpoints"          = { from = "proxy", to = "endpoints", port = 443 }
  }
}

resource "aws_vpc_security_group_egress_rule" "way" {
  for_each                     = local.ways
  description                  = each.key
  security_group_id            = local.groups[each.value.from]
  referenced_security_group_id = local.groups[each.value.to]
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
}

resource "aws_vpc_security_group_ingress_rule" "way" {
  for_each                     = local.ways
  description                  = each.key
  security_group_id            = local.groups[each.value.to]
  referenced_security_group_id = local.groups[each.value.from]
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
}

# S3 is reached through its gateway, which has addresses instead of a group.
resource "aws_vpc_security_group_egress_rule" "s3" {
  for_each          = toset(["web", "worker", "operations"])
  description       = "${each.key} to S3"
  security_group_id = local.groups[each.key]
  prefix_list_id    = aws_vpc_endpoint.s3.prefix_list_id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_ingress_rule" "people" {
  description       = "people to load balancer"
  security_group_id = aws_security_group.load_balancer.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

# Health, metrics and the console; and what runbooks ask the database and Redis.
locals {
  operators_ports = { web = 3001, worker = 3011, database = 5432, redis = 6379 }

  operators_ways = {
    for way in setproduct(var.operators_security_group_ids, keys(local.operators_ports)) :
    "${way[0]} to ${way[1]}" => { from = way[0], to = way[1] }
  }
}

resource "aws_vpc_security_group_ingress_rule" "operators" {
  for_each                     = local.operators_ways
  description                  = "operators to ${each.value.to}"
  security_group_id            = local.groups[each.value.to]
  referenced_security_group_id = each.value.from
  ip_protocol                  = "tcp"
  from_port                    = local.operators_ports[each.value.to]
  to_port                      = local.operators_ports[each.value.to]
}

# The only way out of the VPC.
resource "aws_vpc_security_group_egress_rule" "proxy_out" {
  for_each          = toset([for port in setunion([443, 465, 587], var.outbound_address_ports) : tostring(port)])
  description       = "proxy to the outside, ${each.key}"
  security_group_id = aws_security_group.proxy.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = tonumber(each.key)
  to_port           = tonumber(each.key)
}
