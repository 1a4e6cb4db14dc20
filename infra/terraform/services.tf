# The web and the worker: each its own image, task, service and size, so that each is shipped and scaled by itself.

resource "aws_ecs_cluster" "main" {
  name = local.name

  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

locals {
  settings_files = { web = "idp-web.yml", worker = "worker.yml", ops = "ops.yml" }

  # What every container of ours has: nothing to write to, no right beyond its user's, and its settings by address.
  container = {
    for service, file in local.settings_files : service => {
      essential              = true
      readonlyRootFilesystem = true
      linuxParameters        = { capabilities = { drop = ["ALL"] }, initProcessEnabled = true }
      environment = [
        { name = "ANTEROOM_SETTINGS", value = "s3://${aws_s3_bucket.settings[service].id}/${file}" },
        { name = "ANTEROOM_ENVIRONMENT", value = var.environment },
        { name = "AWS_REGION", value = var.region },
      ]
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          awslogs-group         = aws_cloudwatch_log_group.service[service == "ops" ? "operations" : service].name
          awslogs-region        = var.region
          awslogs-stream-prefix = service
        }
      }
    }
  }
}

resource "aws_ecs_task_definition" "web" {
  family                   = "${local.name}-web"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 1024
  memory                   = 2048
  task_role_arn            = aws_iam_role.task["web"].arn
  execution_role_arn       = aws_iam_role.start.arn

  container_definitions = jsonencode([merge(local.container.web, {
    name         = "idp-web"
    image        = var.images.idp_web
    portMappings = [{ containerPort = 3000 }, { containerPort = 3001 }]
    stopTimeout  = 30
    healthCheck  = { command = ["CMD", "/usr/local/bin/node", "health.mjs"], interval = 10, timeout = 5, retries = 3, startPeriod = 30 }
  })])
}

resource "aws_ecs_task_definition" "worker" {
  family                   = "${local.name}-worker"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 2048
  memory                   = 4096
  task_role_arn            = aws_iam_role.task["worker"].arn
  execution_role_arn       = aws_iam_role.start.arn

  container_definitions = jsonencode([merge(local.container.worker, {
    name         = "worker"
    image        = var.images.worker
    portMappings = [{ containerPort = 3011 }]
    # Longer than shutdown_grace_ms and what follows it: running jobs finish.
    stopTimeout = 60
    healthCheck = { command = ["CMD", "/usr/local/bin/node", "health.mjs"], interval = 10, timeout = 5, retries = 3, startPeriod = 30 }
  })])
}

# Run once before each deployment: aws ecs run-task with the command ["migrate.js"]. Operators' commands run in it too.
resource "aws_ecs_task_definition" "operations" {
  family                   = "${local.name}-operations"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 512
  memory                   = 1024
  task_role_arn            = aws_iam_role.task["ops"].arn
  execution_role_arn       = aws_iam_role.start.arn

  container_definitions = jsonencode([merge(local.container.ops, {
    name  = "operations"
    image = var.images.operations
  })])
}

resource "aws_ecs_service" "web" {
  name            = "web"
  cluster         = aws_ecs_cluster.main.id
  task_definition = aws_ecs_task_definition.web.arn
  launch_type     = "FARGATE"
  desired_count   = var.web_min

  network_configuration {
    subnets         = [for subnet in aws_subnet.private : subnet.id]
    security_groups = [aws_security_group.web.id]
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.web.arn
    container_name   = "idp-web"
    container_port   = 3000
  }

  # ECS takes no target group that no load balancer leads to.
  depends_on = [aws_lb_listener.https, aws_iam_role_policy.task]

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  lifecycle {
    ignore_changes = [desired_count]
  }
}

resource "aws_ecs_service" "worker" {
  name            = "worker"
  cluster         = aws_ecs_cluster.main.id
  task_definition = aws_ecs_task_definition.worker.arn
  launch_type     = "FARGATE"
  desired_count   = var.asg_worker_desired

  network_configuration {
    subnets         = [for subnet in aws_subnet.private : subnet.id]
    security_groups = [aws_security_group.worker.id]
  }

  depends_on = [aws_iam_role_policy.task]

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  lifecycle {
    ignore_changes = [desired_count]
  }
}
