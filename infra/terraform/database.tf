resource "aws_db_subnet_group" "main" {
  name       = local.name
  subnet_ids = [for subnet in aws_subnet.private : subnet.id]
}

resource "aws_db_parameter_group" "main" {
  name_prefix = "${local.name}-"
  family      = "postgres18"

  # Whoever comes without TLS is turned away.
  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }
}

# RDS would make it by itself, and keep it for ever.
resource "aws_cloudwatch_log_group" "database" {
  name              = "/aws/rds/instance/${local.name}/postgresql"
  retention_in_days = var.log_retention_days
}

# The administrator makes the roles once (docs/deployment.md); their passwords stand in the settings files alone.
resource "aws_db_instance" "main" {
  identifier                      = local.name
  engine                          = "postgres"
  engine_version                  = "18"
  instance_class                  = var.database_class
  allocated_storage               = 100
  max_allocated_storage           = 1000
  storage_type                    = "gp3"
  storage_encrypted               = true
  kms_key_id                      = aws_kms_key.storage.arn
  multi_az                        = true
  db_name                         = "anteroom"
  username                        = "administrator"
  manage_master_user_password     = true
  parameter_group_name            = aws_db_parameter_group.main.name
  db_subnet_group_name            = aws_db_subnet_group.main.name
  vpc_security_group_ids          = [aws_security_group.database.id]
  publicly_accessible             = false
  backup_retention_period         = 14
  copy_tags_to_snapshot           = true
  deletion_protection             = true
  auto_minor_version_upgrade      = true
  enabled_cloudwatch_logs_exports = ["postgresql"]
  final_snapshot_identifier       = "${local.name}-final"

  depends_on = [aws_cloudwatch_log_group.database]
}
