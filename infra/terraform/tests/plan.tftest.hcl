# `terraform test`, with an AWS that is only pretended.

mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }

  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }

  mock_data "aws_iam_policy_document" {
    defaults = { json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}" }
  }
}

variables {
  environment        = "test"
  availability_zones = ["us-east-1a", "us-east-1b"]
  public_url         = "https://id.example.gov"
  certificate_arn    = "arn:aws:acm:us-east-1:123456789012:certificate/a"
  images             = { idp_web = "web", worker = "worker", operations = "operations", proxy = "proxy" }
  outbound_hosts     = ["resolution.example.com"]
  redis_passwords    = { web = "0123456789abcdef", worker = "0123456789abcdef", ops = "0123456789abcdef", admin = "0123456789abcdef" }
}

run "workers" {
  command = plan

  assert {
    condition     = aws_appautoscaling_target.worker.min_capacity == 2 && aws_appautoscaling_target.worker.max_capacity == 8
    error_message = "Workers are 2 to 8."
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.worker) == 4 && length(aws_cloudwatch_metric_alarm.worker_alive) == 1
    error_message = "The workers' alarms are on."
  }
}

run "data" {
  command = plan

  assert {
    condition     = aws_db_instance.main.multi_az && !aws_db_instance.main.publicly_accessible && aws_db_instance.main.storage_encrypted
    error_message = "Postgres stands in two zones, encrypted, and nobody outside reaches it."
  }

  assert {
    condition     = toset(keys(aws_s3_bucket_policy.tls_only)) == toset(keys(aws_s3_bucket_public_access_block.all)) && length(aws_s3_bucket_policy.tls_only) == 4
    error_message = "Every bucket refuses whoever comes without TLS, and the public."
  }

  assert {
    condition     = toset([for user in aws_elasticache_user.service : user.user_name]) == toset(["web", "worker", "ops", "admin"])
    error_message = "Redis has a user for each of us, and one for runbooks."
  }
}

run "the_way_out" {
  command = plan

  variables {
    outbound_address_ports       = [22, 443]
    operators_security_group_ids = ["sg-vpn"]
  }

  assert {
    condition     = toset(keys(aws_vpc_security_group_egress_rule.proxy_out)) == toset(["22", "443", "465", "587"])
    error_message = "The proxy leaves on the ports that are named."
  }

  assert {
    condition     = length(aws_vpc_security_group_ingress_rule.operators) == 4
    error_message = "Operators reach the internal ports, Postgres and Redis."
  }
}

run "long_names" {
  command = plan

  variables {
    environment = "a-deployment-of-twenty"
  }

  expect_failures = [var.environment]
}

run "passwords" {
  command = plan

  variables {
    redis_passwords = { web = "0123456789abcde@", worker = "0123456789abcdef", ops = "0123456789abcdef", admin = "0123456789abcdef" }
  }

  expect_failures = [var.redis_passwords]
}

run "without_alarms" {
  command = plan

  variables {
    idp_worker_alarms_enabled = false
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.worker) + length(aws_cloudwatch_metric_alarm.worker_alive) == 0
    error_message = "The workers' alarms can be turned off."
  }
}
