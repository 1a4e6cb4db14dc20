# `terraform test`, with an AWS that is only pretended.

mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
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
  redis_passwords    = { web = "0123456789abcdef", worker = "0123456789abcdef", ops = "0123456789abcdef" }
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
