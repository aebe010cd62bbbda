output "url" {
  description = "Where the API answers."
  value       = one(aws_apigatewayv2_api.yemae[*].api_endpoint)
}

output "tables" {
  description = "The tables."
  value       = { for name, table in aws_dynamodb_table.yemae : name => table.arn }
}

output "policies" {
  description = "The policy of each function: on EKS, for the role of its service account."
  value       = { for function, policy in aws_iam_policy.books : function => policy.arn }
}

output "redis_url" {
  description = "YEMAE_REDIS_URL, with its password."
  value       = local.redis_url
  sensitive   = true
}

output "network" {
  description = "The network and the functions' security group, for whatever else must reach the stores."
  value = {
    vpc             = aws_vpc.yemae.id
    subnets         = aws_subnet.inside[*].id
    security_groups = [aws_security_group.functions.id]
  }
}
