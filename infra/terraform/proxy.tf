# The one way out. The worker finds it as proxy.<name>.internal, port 3128. It lets through listed hosts by name, and public
# addresses as numbers on listed ports: where partners are told and files are moved, the worker has looked the name up and checked it.

resource "aws_service_discovery_private_dns_namespace" "main" {
  name = "${local.name}.internal"
  vpc  = aws_vpc.main.id
}

resource "aws_service_discovery_service" "proxy" {
  name = "proxy"

  dns_config {
    namespace_id = aws_service_discovery_private_dns_namespace.main.id

    dns_records {
      type = "A"
      ttl  = 10
    }
  }
}

resource "aws_ecs_task_definition" "proxy" {
  family                   = "${local.name}-proxy"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 512
  memory                   = 1024
  execution_role_arn       = aws_iam_role.start.arn

  container_definitions = jsonencode([{
    name         = "proxy"
    image        = var.images.proxy
    essential    = true
    portMappings = [{ containerPort = 3128 }]
    environment = [
      { name = "ALLOWED_HOSTS", value = join(" ", var.outbound_hosts) },
      { name = "ALLOWED_ADDRESS_PORTS", value = join(" ", var.outbound_address_ports) },
    ]
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.service["proxy"].name
        awslogs-region        = var.region
        awslogs-stream-prefix = "proxy"
      }
    }
  }])
}

resource "aws_ecs_service" "proxy" {
  name            = "proxy"
  cluster         = aws_ecs_cluster.main.id
  task_definition = aws_ecs_task_definition.proxy.arn
  launch_type     = "FARGATE"
  desired_count   = length(var.availability_zones)

  network_configuration {
    subnets         = [for subnet in aws_subnet.proxy : subnet.id]
    security_groups = [aws_security_group.proxy.id]
  }

  service_registries {
    registry_arn = aws_service_discovery_service.proxy.arn
  }

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }
}
