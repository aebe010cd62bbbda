# A network of two zones. Only functions that call the payment provider have a way out; the others reach Valkey and, through
# a free gateway endpoint, DynamoDB.
data "aws_availability_zones" "available" {
  state = "available"

  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }
}

locals {
  zones = slice(data.aws_availability_zones.available.names, 0, 2)
}

resource "aws_vpc" "yemae" {
  cidr_block           = var.cidr
  enable_dns_hostnames = true
  enable_dns_support   = true
}

resource "aws_subnet" "inside" {
  count = length(local.zones)

  vpc_id            = aws_vpc.yemae.id
  availability_zone = local.zones[count.index]
  cidr_block        = cidrsubnet(var.cidr, 4, count.index)
}

resource "aws_subnet" "outgoing" {
  count = length(local.zones)

  vpc_id            = aws_vpc.yemae.id
  availability_zone = local.zones[count.index]
  cidr_block        = cidrsubnet(var.cidr, 4, 4 + count.index)
}

resource "aws_subnet" "public" {
  vpc_id            = aws_vpc.yemae.id
  availability_zone = local.zones[0]
  cidr_block        = cidrsubnet(var.cidr, 4, 8)
}

resource "aws_internet_gateway" "yemae" {
  vpc_id = aws_vpc.yemae.id
}

resource "aws_eip" "out" {
  domain     = "vpc"
  depends_on = [aws_internet_gateway.yemae]
}

# Only one, because each costs by the hour. While its zone is away no payment is possible; the sweep later finishes those that
# had begun.
resource "aws_nat_gateway" "out" {
  allocation_id = aws_eip.out.id
  subnet_id     = aws_subnet.public.id
}

resource "aws_route_table" "inside" {
  vpc_id = aws_vpc.yemae.id
}

resource "aws_route_table" "outgoing" {
  vpc_id = aws_vpc.yemae.id
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.yemae.id
}

resource "aws_route" "outgoing" {
  route_table_id         = aws_route_table.outgoing.id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.out.id
}

resource "aws_route" "public" {
  route_table_id         = aws_route_table.public.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.yemae.id
}

resource "aws_route_table_association" "inside" {
  count = length(local.zones)

  subnet_id      = aws_subnet.inside[count.index].id
  route_table_id = aws_route_table.inside.id
}

resource "aws_route_table_association" "outgoing" {
  count = length(local.zones)

  subnet_id      = aws_subnet.outgoing[count.index].id
  route_table_id = aws_route_table.outgoing.id
}

resource "aws_route_table_association" "public" {
  subnet_id      = aws_subnet.public.id
  route_table_id = aws_route_table.public.id
}

resource "aws_vpc_endpoint" "dynamodb" {
  vpc_id            = aws_vpc.yemae.id
  service_name      = "com.amazonaws.${var.region}.dynamodb"
  vpc_endpoint_type = "Gateway"
  route_table_ids   = [aws_route_table.inside.id, aws_route_table.outgoing.id]
}

resource "aws_security_group" "functions" {
  name_prefix = "${var.prefix}functions-"
  description = "The functions reach the two stores."
  vpc_id      = aws_vpc.yemae.id
}

resource "aws_vpc_security_group_egress_rule" "to_valkey" {
  security_group_id            = aws_security_group.functions.id
  description                  = "Valkey"
  referenced_security_group_id = aws_security_group.valkey.id
  ip_protocol                  = "tcp"
  from_port                    = 6379
  to_port                      = 6379
}

resource "aws_vpc_security_group_egress_rule" "to_dynamodb" {
  security_group_id = aws_security_group.functions.id
  description       = "DynamoDB, through the gateway endpoint"
  prefix_list_id    = aws_vpc_endpoint.dynamodb.prefix_list_id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_security_group" "payers" {
  name_prefix = "${var.prefix}payers-"
  description = "Functions that talk to the payment provider reach it too."
  vpc_id      = aws_vpc.yemae.id
}

resource "aws_vpc_security_group_egress_rule" "to_provider" {
  security_group_id = aws_security_group.payers.id
  description       = "The payment provider, whose addresses change"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_security_group" "valkey" {
  name_prefix = "${var.prefix}valkey-"
  description = "Valkey is reached by the functions alone."
  vpc_id      = aws_vpc.yemae.id
}

resource "aws_vpc_security_group_ingress_rule" "from_functions" {
  security_group_id            = aws_security_group.valkey.id
  description                  = "The functions"
  referenced_security_group_id = aws_security_group.functions.id
  ip_protocol                  = "tcp"
  from_port                    = 6379
  to_port                      = 6379
}
