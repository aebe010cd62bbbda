#!/bin/sh
# Makes the tables of infra/tables.json that are missing. LocalStack runs it each time it becomes ready, and so does
# MiniStack; doing it again changes nothing.
set -eu

definitions=${YEMAE_TABLES:-/etc/yemae/tables.json}
prefix=${YEMAE_TABLE_PREFIX:-yemae-}
# LocalStack's own command knows where it listens; `aws` is told by AWS_ENDPOINT_URL.
aws=$(command -v awslocal || command -v aws)

main() {
    lines=$(lines)
    while read -r name create; do
        # The demo makes tables too: who comes second finds them made.
        exists "$name" || dynamodb create-table --cli-input-json "$create" || exists "$name"
        "$aws" dynamodb wait table-exists --table-name "$name"
        echo "$name is there"
    done <<EOF
$(echo "$lines" | cut -f 1,2)
EOF
    while read -r name expiry; do
        expires "$name" || dynamodb update-time-to-live --table-name "$name" --time-to-live-specification "$expiry"
    done <<EOF
$(echo "$lines" | cut -f 1,3 | grep '{')
EOF
}

# A line for each table: its name, what creates it, and how its items run out or `null`.
lines() {
    python3 - "$definitions" "$prefix" <<'EOF'
import json, sys

for table in json.load(open(sys.argv[1])):
    table["create"]["TableName"] = name = sys.argv[2] + table["create"]["TableName"]
    print(name, json.dumps(table["create"]), json.dumps(table.get("time_to_live")), sep="\t")
EOF
}

exists() {
    dynamodb describe-table --table-name "$1" 2> /dev/null
}

expires() {
    "$aws" dynamodb describe-time-to-live --table-name "$1" --output text |
        grep -q 'ENABL'
}

dynamodb() {
    "$aws" dynamodb "$@" > /dev/null
}

main
