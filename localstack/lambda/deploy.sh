#!/bin/sh
# Deploys every function as a Lambda, behind an API Gateway of its own, into the LocalStack at AWS_ENDPOINT_URL, and says
# where they answer: `deploy.sh <folder of the static binaries>`. A second run renews them. For AWS itself there is
# infra/terraform.
#
# The functions' stores, as their containers see them, are AWS_ENDPOINT_URL_DYNAMODB, YEMAE_REDIS_URL and YEMAE_PAYMENT_URL.
set -eu
cd "$(dirname "$0")/../.."

programs=${1:?which folder has the static binaries?}
: "${AWS_ENDPOINT_URL:=http://127.0.0.1:4566}" "${AWS_REGION:=ap-northeast-2}"
: "${AWS_ACCESS_KEY_ID:=test}" "${AWS_SECRET_ACCESS_KEY:=test}"
: "${AWS_ENDPOINT_URL_DYNAMODB:=http://localstack:4566}"
: "${YEMAE_REDIS_URL:=redis://valkey:6379}" "${YEMAE_PAYMENT_URL:=http://payments:8081}"
export AWS_ENDPOINT_URL AWS_REGION AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY

work=target/lambda-local
python=target/aws/bin/python
role=arn:aws:iam::000000000000:role/yemae
description=localstack/lambda/api.json
stage=local

main() {
    mkdir -p $work
    keys
    settings > $work/settings.json
    account=$(aws sts get-caller-identity --query Account --output text)
    for function in $(functions); do
        deploy "$function"
    done
    api=$(ACCOUNT=$account $python localstack/lambda/gateway.py $description $stage)
    echo "Yemae answers at $AWS_ENDPOINT_URL/_aws/execute-api/$api/$stage/v1/shows"
}

# The functions that the gateway sends to, and `sweep`, which nothing outside may reach: a schedule would invoke it.
functions() {
    sed -n 's/.*:function:\([a-z-]*\)\/.*/\1/p' $description | sort -u
    echo sweep
}

deploy() {
    function=$1
    install -m 755 "$programs/$function" $work/bootstrap
    $python -m zipfile -c $work/function.zip $work/bootstrap
    if lambda get-function 2> /dev/null; then
        lambda update-function-code --zip-file fileb://$work/function.zip
        lambda wait function-updated-v2
        lambda update-function-configuration --environment file://$work/settings.json
        lambda wait function-updated-v2
    else
        lambda create-function --zip-file fileb://$work/function.zip --environment file://$work/settings.json \
            --runtime provided.al2023 --handler bootstrap --role $role --timeout 29 --memory-size 256
        lambda wait function-active-v2
    fi
    echo "$function is deployed"
}

# lambda <what to do> ..., with the function at hand
lambda() {
    if [ "$1" = wait ]; then
        aws lambda wait "$2" --function-name "$function"
    else
        aws lambda "$@" --function-name "$function" > /dev/null
    fi
}

# What every function is told. A REST API's stage is part of the address that people use, and not of the path that the
# function knows.
settings() {
    PRIVATE=$work/private.pem PUBLIC=$work/public.pem DYNAMODB=$AWS_ENDPOINT_URL_DYNAMODB \
        REDIS=$YEMAE_REDIS_URL PAYMENT=$YEMAE_PAYMENT_URL $python << 'EOF'
import json, os

print(json.dumps({"Variables": {
    "AWS_ENDPOINT_URL_DYNAMODB": os.environ["DYNAMODB"],
    "AWS_LAMBDA_HTTP_IGNORE_STAGE_IN_PATH": "true",
    "YEMAE_REDIS_URL": os.environ["REDIS"],
    "YEMAE_PAYMENT_URL": os.environ["PAYMENT"],
    "YEMAE_JWT_PRIVATE_KEY": open(os.environ["PRIVATE"]).read(),
    "YEMAE_JWT_PUBLIC_KEYS": open(os.environ["PUBLIC"]).read(),
}}))
EOF
}

# One pair for this checkout, so that a second run does not log everybody out.
keys() {
    [ -s $work/private.pem ] || (umask 077 && openssl genpkey -algorithm ed25519 -out $work/private.pem)
    openssl pkey -in $work/private.pem -pubout -out $work/public.pem
}

aws() {
    target/aws/bin/aws --region "$AWS_REGION" "$@"
}

main
