"""Deploys every function as a Lambda behind an API Gateway, into the LocalStack at AWS_ENDPOINT_URL.

`deploy.py [folder of the static programs]`; without one, that of `make images`. It says where they answer; a second run
renews them. For AWS itself there is infra/terraform.

The stores, as the Lambdas' containers see them, are AWS_ENDPOINT_URL_DYNAMODB, YEMAE_REDIS_URL and YEMAE_PAYMENT_URL:
without these, the ones of compose.yaml.
"""

import io
import json
import os
import platform
import re
import string
import subprocess
import sys
import zipfile
from pathlib import Path

# The AWS command line, which localstack/install.sh pins, includes botocore, so it can be imported after this.
import awscli  # isort: skip
import botocore.exceptions
import botocore.session

HERE = Path(__file__).parent
WORK = HERE.parents[1] / "target/lambda-local"
ENDPOINT = os.environ.get("AWS_ENDPOINT_URL", "http://127.0.0.1:4566")
REGION = os.environ.get("AWS_REGION", "ap-northeast-2")
# The API's name and the prefix of the Lambdas' names, as in api.json.
NAME = "yemae"
STAGE = "local"
# Both ask for a role; neither uses it.
ROLE = "arn:aws:iam::{account}:role/yemae"


def main(programs):
    session = botocore.session.get_session()
    # Never the caller's own credentials: they are for AWS.
    session.set_credentials("test", "test")
    sts, functions, gateways = (
        session.create_client(service, region_name=REGION, endpoint_url=ENDPOINT)
        for service in ("sts", "lambda", "apigateway")
    )
    account = sts.get_caller_identity()["Account"]
    text = string.Template((HERE / "api.json").read_text(encoding="utf-8"))
    described = json.loads(text.substitute(region=REGION, account=account))

    settings = {"Variables": variables()}
    for name in names():
        deploy(functions, f"{NAME}-{name}", programs / name, settings, ROLE.format(account=account))
        print(f"{NAME}-{name} is deployed", flush=True)
    api = open_gateway(gateways, described)
    print(f"Yemae answers at {ENDPOINT}/_aws/execute-api/{api}/{STAGE}")


def names():
    """Every function. What may not be reached from outside has no path: a schedule would invoke it, and the outbox's stream
    `relay`."""
    return sorted(json.loads((HERE.parents[1] / "infra/terraform/functions.json").read_text(encoding="utf-8")))


def variables():
    """What every function is told."""
    private, public = keys()
    stores = {
        "AWS_ENDPOINT_URL_DYNAMODB": "http://localstack:4566",
        "YEMAE_REDIS_URL": "redis://valkey:6379",
        "YEMAE_PAYMENT_URL": "http://payments:8081",
    }
    return {
        **{name: os.environ.get(name, default) for name, default in stores.items()},
        # A REST API's stage is part of its address, not of the path that a function sees.
        "AWS_LAMBDA_HTTP_IGNORE_STAGE_IN_PATH": "true",
        "YEMAE_JWT_PRIVATE_KEY": private,
        "YEMAE_JWT_PUBLIC_KEYS": public,
    }


def keys():
    """One pair for this checkout, so that a second run ends no log-in session."""
    WORK.mkdir(parents=True, exist_ok=True)
    file = WORK / "private.pem"
    if not file.exists():
        subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", file], check=True)
    public = subprocess.run(["openssl", "pkey", "-pubout", "-in", file], check=True, capture_output=True, text=True)
    return file.read_text(encoding="ascii"), public.stdout


def deploy(functions, name, program, settings, role):
    code = {"FunctionName": name, "ZipFile": packed(program), "Architectures": [architecture()]}
    try:
        functions.update_function_code(**code)
    except functions.exceptions.ResourceNotFoundException:
        create(functions, settings, role, **code)
        functions.get_waiter("function_active_v2").wait(FunctionName=name)
        return
    functions.get_waiter("function_updated_v2").wait(FunctionName=name)
    functions.update_function_configuration(FunctionName=name, Environment=settings)
    functions.get_waiter("function_updated_v2").wait(FunctionName=name)


def create(functions, settings, role, ZipFile, **named):
    functions.create_function(
        **named,
        Code={"ZipFile": ZipFile},
        Runtime="provided.al2023",
        Handler="bootstrap",
        Role=role,
        Environment=settings,
        # The gateway waits no longer; a password's hash takes 19 MiB.
        Timeout=29,
        MemorySize=256,
    )


def packed(program):
    """The program as Lambda wants it: an executable file `bootstrap` in a zip."""
    entry = zipfile.ZipInfo("bootstrap")
    entry.external_attr = 0o755 << 16
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(entry, program.read_bytes(), zipfile.ZIP_DEFLATED, compresslevel=1)
    return file.getvalue()


def architecture():
    return {"aarch64": "arm64"}.get(platform.machine(), platform.machine())


def open_gateway(gateways, described):
    """The API of that description, in the place of an older one. Resource by resource, since of LocalStack and
    MiniStack only the first reads a description by itself."""
    for old in gateways.get_rest_apis(limit=500)["items"]:
        if old["name"] == NAME:
            gateways.delete_rest_api(restApiId=old["id"])
    # A fixed id, as LocalStack and MiniStack name it, keeps the address. Any answer may be binary: the front end is compressed.
    tags = {"_custom_id_": NAME, "ms-custom-id": NAME}
    api = gateways.create_rest_api(name=NAME, tags=tags, binaryMediaTypes=["*/*"])["id"]

    root = gateways.get_resources(restApiId=api)["items"][0]["id"]
    resources = {"": root, "/": root}
    for path, item in described["paths"].items():
        integration = item["x-amazon-apigateway-any-method"]["x-amazon-apigateway-integration"]
        method = {"restApiId": api, "resourceId": resource(gateways, api, resources, path), "httpMethod": "ANY"}
        gateways.put_method(**method, authorizationType="NONE")
        gateways.put_integration(
            **method,
            type=integration["type"].upper(),
            integrationHttpMethod=integration["httpMethod"],
            uri=integration["uri"],
        )
    gateways.create_deployment(restApiId=api, stageName=STAGE)
    return api


def resource(gateways, api, resources, path):
    """The resource of a path; what is missing on the way to it is made."""
    if path not in resources:
        above, _, part = path.rpartition("/")
        parent = resource(gateways, api, resources, above)
        resources[path] = gateways.create_resource(restApiId=api, parentId=parent, pathPart=part)["id"]
    return resources[path]


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE.parents[1] / "target/images/out"
    if not (folder / "sweep").exists():
        sys.exit(f"{folder} has no static programs: run `infra/images/binaries.sh {folder}`")
    try:
        main(folder)
    except botocore.exceptions.EndpointConnectionError:
        sys.exit(f"Nothing answers at {ENDPOINT}: start LocalStack as localstack/README.md says")
