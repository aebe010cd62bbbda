# The functions as Lambdas, the timer of `sweep` and `relay`, and what wakes `relay`.
#
# A function reads its settings only from its environment. So secrets are in its configuration, encrypted with a key of their
# own, and in Terraform's state. Only functions that sign have the private key.
locals {
  lambdas = var.run_on_lambda ? local.functions : {}
  timed   = [for name, function in local.functions : name if function.timed]
}

resource "aws_kms_key" "settings" {
  count = var.run_on_lambda ? 1 : 0

  description         = "Encrypts the settings of Yemae's functions."
  enable_key_rotation = true
}

data "aws_ssm_parameter" "private_key" {
  count = var.run_on_lambda ? 1 : 0
  name  = var.private_key_parameter
}

data "aws_ssm_parameter" "public_keys" {
  count = var.run_on_lambda ? 1 : 0
  name  = var.public_keys_parameter
}

resource "aws_cloudwatch_log_group" "function" {
  for_each = local.lambdas

  name              = "/aws/lambda/${var.prefix}${each.key}"
  retention_in_days = var.log_days
}

resource "aws_lambda_function" "function" {
  for_each = local.lambdas

  function_name = "${var.prefix}${each.key}"
  role          = aws_iam_role.function[each.key].arn

  runtime          = "provided.al2023"
  handler          = "bootstrap"
  architectures    = [var.architecture]
  filename         = "${var.packages}/${each.key}.zip"
  source_code_hash = filebase64sha256("${var.packages}/${each.key}.zip")

  memory_size                    = each.value.memory_mb
  timeout                        = each.value.timeout_s
  reserved_concurrent_executions = each.value.at_once_max

  kms_key_arn = aws_kms_key.settings[0].arn

  # Lambda sets AWS_REGION. API Gateway's event names the client, so no hop is trusted.
  environment {
    variables = merge(
      {
        YEMAE_TABLE_PREFIX = var.prefix
        YEMAE_REDIS_URL    = local.redis_url
      },
      each.value.pays ? { YEMAE_PAYMENT_URL = var.payment_url } : {},
      each.value.signs ? { YEMAE_JWT_PRIVATE_KEY = data.aws_ssm_parameter.private_key[0].value } : {},
      each.value.verifies ? { YEMAE_JWT_PUBLIC_KEYS = data.aws_ssm_parameter.public_keys[0].value } : {},
    )
  }

  vpc_config {
    subnet_ids         = each.value.pays ? aws_subnet.outgoing[*].id : aws_subnet.inside[*].id
    security_group_ids = concat([aws_security_group.functions.id], each.value.pays ? [aws_security_group.payers.id] : [])
  }

  depends_on = [
    aws_iam_role_policy.own,
    aws_iam_role_policy_attachment.books,
    aws_iam_role_policy_attachment.network,
  ]
}

# Every minute, as often as EventBridge can. Expired seats are sold again without it, and the stream below wakes `relay`.
resource "aws_scheduler_schedule" "timer" {
  for_each = var.run_on_lambda ? toset(local.timed) : []

  name                = "${var.prefix}${each.key}"
  schedule_expression = "rate(1 minute)"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = aws_lambda_function.function[each.key].arn
    role_arn = aws_iam_role.timer[0].arn
    # The functions expect API Gateway's event for `POST /`.
    input = file("${path.module}/timer-event.json")

    # The next minute tries again.
    retry_policy {
      maximum_retry_attempts = 0
    }
  }
}

moved {
  from = aws_scheduler_schedule.sweep[0]
  to   = aws_scheduler_schedule.timer["sweep"]
}

# A committed event wakes `relay` within a second, even if the process that committed it died.
resource "aws_lambda_event_source_mapping" "relay" {
  count = var.run_on_lambda ? 1 : 0

  event_source_arn  = aws_dynamodb_table.yemae["outbox"].stream_arn
  function_name     = aws_lambda_function.function["relay"].arn
  starting_position = "LATEST"

  # `relay` reads the outbox itself, so it need not get each event.
  batch_size                         = 1000
  maximum_batching_window_in_seconds = 1
  maximum_retry_attempts             = 2

  filter_criteria {
    filter {
      pattern = jsonencode({ eventName = ["INSERT"] })
    }
  }

  depends_on = [aws_iam_role_policy.stream]
}
