# The key that seals. Its policy is the whole of who may use it: no role has a permission of its own for it, and
# administrators manage it without being able to open anything.

data "aws_iam_policy_document" "sealing" {
  statement {
    sid = "Administer"
    actions = [
      "kms:CreateAlias", "kms:Describe*", "kms:Enable*", "kms:List*", "kms:Put*", "kms:Update*", "kms:Revoke*",
      "kms:Disable*", "kms:Get*", "kms:Delete*", "kms:TagResource", "kms:UntagResource",
      "kms:ScheduleKeyDeletion", "kms:CancelKeyDeletion",
    ]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:${local.partition}:iam::${local.account_id}:root"]
    }
  }

  dynamic "statement" {
    for_each = var.kms_grants

    content {
      actions   = [for operation in statement.value.operations : "kms:${operation}"]
      resources = ["*"]

      principals {
        type        = "AWS"
        identifiers = [aws_iam_role.task[statement.value.principal].arn]
      }

      condition {
        test     = "StringEquals"
        variable = "kms:EncryptionContext:environment"
        values   = [var.environment]
      }

      dynamic "condition" {
        for_each = statement.value.context

        content {
          test     = "StringEquals"
          variable = "kms:EncryptionContext:${condition.key}"
          values   = condition.value
        }
      }
    }
  }
}

resource "aws_kms_key" "sealing" {
  description             = "Anteroom, ${var.environment}: data keys of sealed messages"
  enable_key_rotation     = true
  deletion_window_in_days = 30
  policy                  = data.aws_iam_policy_document.sealing.json
}

# What AWS itself encrypts at rest: disks, settings, logs of nobody's.
resource "aws_kms_key" "storage" {
  description             = "Anteroom, ${var.environment}: data at rest"
  enable_key_rotation     = true
  deletion_window_in_days = 30
}
