# Each service's standard output: a JSON line for each event.

resource "aws_cloudwatch_log_group" "service" {
  for_each          = toset(["web", "worker", "operations", "proxy"])
  name              = "/${local.name}/${each.key}"
  retention_in_days = var.log_retention_days
}

locals {
  # For these nobody sits and waits: what partners and agencies are told may begin late, and a large file takes its time.
  ended          = "($.msg = \"job.done\" || $.msg = \"job.failed\")"
  nobody_waits   = ["risc-delivery", "webhook-delivery", "document-transfer"]
  somebody_waits = "{ ${join(" && ", concat([local.ended], [for job in local.nobody_waits : "$.job != \"${job}\""]))} }"

  # Metric: the event it is made of, and the field that is its value.
  worker_metrics = {
    QueueDelay = { pattern = local.somebody_waits, value = "$.queueDelayMs", unit = "Milliseconds" }
    Perform    = { pattern = local.somebody_waits, value = "$.durationMs", unit = "Milliseconds" }
    Failures   = { pattern = "{ $.msg = \"job.failed\" }", value = "1", unit = "Count" }
    Errors     = { pattern = "{ $.level = \"error\" }", value = "1", unit = "Count" }
  }
}

resource "aws_cloudwatch_log_metric_filter" "worker" {
  for_each       = local.worker_metrics
  name           = each.key
  log_group_name = aws_cloudwatch_log_group.service["worker"].name
  pattern        = each.value.pattern

  metric_transformation {
    namespace = local.name
    name      = each.key
    value     = each.value.value
    unit      = each.value.unit
  }
}
