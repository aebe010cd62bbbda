# One host: an HTTP API whose routes are the project's route table. Functions that only the timer calls have no route.
locals {
  public = var.run_on_lambda ? toset(local.routes[*].function) : toset([])

  # Route key (`ANY` and a path) → function
  route_keys = merge([for route in local.routes : { for key in route.route_keys : key => route.function }]...)
}

resource "aws_apigatewayv2_api" "yemae" {
  count = var.run_on_lambda ? 1 : 0

  name          = "${var.prefix}api"
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_integration" "function" {
  for_each = local.public

  api_id                 = aws_apigatewayv2_api.yemae[0].id
  integration_type       = "AWS_PROXY"
  integration_uri        = aws_lambda_function.function[each.key].invoke_arn
  payload_format_version = "2.0"
}

resource "aws_apigatewayv2_route" "function" {
  for_each = { for key, function in local.route_keys : key => function if var.run_on_lambda }

  api_id    = aws_apigatewayv2_api.yemae[0].id
  route_key = each.key
  target    = "integrations/${aws_apigatewayv2_integration.function[each.value].id}"
}

resource "aws_lambda_permission" "api" {
  for_each = local.public

  statement_id  = "api"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.function[each.key].function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.yemae[0].execution_arn}/*/*"
}

resource "aws_cloudwatch_log_group" "api" {
  count = var.run_on_lambda ? 1 : 0

  name              = "/aws/apigateway/${var.prefix}api"
  retention_in_days = var.log_days
}

# The stage `$default` adds nothing to the path.
resource "aws_apigatewayv2_stage" "yemae" {
  count = var.run_on_lambda ? 1 : 0

  api_id      = aws_apigatewayv2_api.yemae[0].id
  name        = "$default"
  auto_deploy = true

  default_route_settings {
    throttling_rate_limit  = var.requests_per_s_max
    throttling_burst_limit = var.requests_per_s_max
  }

  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.api[0].arn
    format = jsonencode({
      request_id = "$context.requestId"
      route      = "$context.routeKey"
      status     = "$context.status"
      ms         = "$context.responseLatency"
      error      = "$context.integrationErrorMessage"
    })
  }
}
