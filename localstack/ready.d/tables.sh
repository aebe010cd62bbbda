#!/bin/sh
# Makes the tables of infra/tables.json that are missing. LocalStack and MiniStack run it whenever they become ready; a repeat changes
# nothing.
set -eu

definitions=${YEMAE_TABLES:-/etc/yemae/tables.json}
prefix=${YEMAE_TABLE_PREFIX:-yemae-}
# LocalStack's own command knows where it listens; `aws` is told by AWS_ENDPOINT_URL.
aws=$(command -v awslocal || command -v aws)

main() {
    lines=$(lines)
    known=" $("$aws" dynamodb list-tables --query TableNames --output text | tr '\t\n' '  ') "
    while IFS='	' read -r name create expiry; do
        case $known in *" $name "*) continue ;; esac
        # The demo makes tables, too: the second of the two finds them made.
        dynamodb create-table --cli-input-json "$create" || dynamodb describe-table --table-name "$name"
        dynamodb wait table-exists --table-name "$name"
        [ "$expiry" = null ] ||
            dynamodb update-time-to-live --table-name "$name" --time-to-live-specification "$expiry" ||
            echo "$name keeps what ran out: that counts as absent all the same" >&2
        echo "$name is made"
    done <<EOF
$lines
EOF
}

# A line for each table: its name, its definition, and its time-to-live or `null`.
lines() {
    python3 - "$definitions" "$prefix" <<'EOF'
import json, sys

for table in json.load(open(sys.argv[1])):
    table["create"]["TableName"] = name = sys.argv[2] + table["create"]["TableName"]
    print(name, json.dumps(table["create"]), json.dumps(table.get("time_to_live")), sep="\t")
EOF
}

dynamodb() {
    "$aws" dynamodb "$@" > /dev/null
}

main
