locals {
  worker_alarms = var.idp_worker_alarms_enabled ? {
    queue-time = { metric = "QueueDelay", statistic = "Maximum", above = 10000, minutes = 1, about = "A job waited more than 10 seconds for a worker.", runbook = "stuck-job.md" }
    perform    = { metric = "Perform", statistic = "Maximum", above = 50000, minutes = 1, about = "A job ran for more than 50 seconds, near its deadline.", runbook = "vendor-down.md" }
    failures   = { metric = "Failures", statistic = "Sum", above = var.worker_failures_per_five_minutes, minutes = 5, about = "Jobs fail.", runbook = "vendor-down.md" }
    errors     = { metric = "Errors", statistic = "Sum", above = 0, minutes = 5, about = "A worker met an error that wants a human.", runbook = "processes.md" }
  } : {}
}

resource "aws_cloudwatch_metric_alarm" "worker" {
  for_each            = local.worker_alarms
  alarm_name          = "${local.name}-worker-${each.key}"
  alarm_description   = "${each.value.about} See docs/runbooks/${each.value.runbook}."
  namespace           = local.name
  metric_name         = each.value.metric
  statistic           = each.value.statistic
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.above
  period              = each.value.minutes * 60
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_topic_arns
  ok_actions          = var.alarm_topic_arns
}

# No news is bad news here.
resource "aws_cloudwatch_metric_alarm" "worker_alive" {
  count               = var.idp_worker_alarms_enabled ? 1 : 0
  alarm_name          = "${local.name}-worker-alive"
  alarm_description   = "Fewer workers run than must. See docs/runbooks/workers-off.md."
  namespace           = "ECS/ContainerInsights"
  metric_name         = "RunningTaskCount"
  statistic           = "Minimum"
  comparison_operator = "LessThanThreshold"
  threshold           = var.asg_worker_min
  period              = 60
  evaluation_periods  = 3
  treat_missing_data  = "breaching"
  alarm_actions       = var.alarm_topic_arns
  ok_actions          = var.alarm_topic_arns

  dimensions = {
    ClusterName = aws_ecs_cluster.main.name
    ServiceName = aws_ecs_service.worker.name
  }
}
