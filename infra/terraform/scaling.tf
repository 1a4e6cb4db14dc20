# Workers by how long jobs wait for one; web processes by their load.

resource "aws_appautoscaling_target" "worker" {
  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/${aws_ecs_cluster.main.name}/${aws_ecs_service.worker.name}"
  min_capacity       = var.asg_worker_min
  max_capacity       = var.asg_worker_max
}

resource "aws_appautoscaling_policy" "worker" {
  name               = "queue-latency"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.worker.service_namespace
  scalable_dimension = aws_appautoscaling_target.worker.scalable_dimension
  resource_id        = aws_appautoscaling_target.worker.resource_id

  target_tracking_scaling_policy_configuration {
    target_value       = 2000
    scale_out_cooldown = 30
    scale_in_cooldown  = 300

    customized_metric_specification {
      namespace   = local.name
      metric_name = aws_cloudwatch_log_metric_filter.worker["QueueDelay"].metric_transformation[0].name
      statistic   = "Average"
      unit        = "Milliseconds"
    }
  }
}

resource "aws_appautoscaling_target" "web" {
  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/${aws_ecs_cluster.main.name}/${aws_ecs_service.web.name}"
  min_capacity       = var.web_min
  max_capacity       = var.web_max
}

resource "aws_appautoscaling_policy" "web" {
  name               = "load"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.web.service_namespace
  scalable_dimension = aws_appautoscaling_target.web.scalable_dimension
  resource_id        = aws_appautoscaling_target.web.resource_id

  target_tracking_scaling_policy_configuration {
    target_value = 60

    predefined_metric_specification {
      predefined_metric_type = "ECSServiceAverageCPUUtilization"
    }
  }
}
